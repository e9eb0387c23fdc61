"""A new batch: fund, programme, sum, day; the count and the total are shown before anything is made."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from telegram import Update

from carefund_bot.access import Permission
from carefund_bot.domain.days import read_day
from carefund_bot.domain.money import Money, NotMoney, parse_money
from carefund_bot.domain.payouts import PURPOSES, BatchPlan, Count
from carefund_bot.errors import NotAllowed, Overtaken, StaleButton
from carefund_bot.texts import payouts as texts
from handlers.context import FundContext
from handlers.feature import Feature, button, keyboard

NAME = "newbatch"
_LONGEST_AHEAD = timedelta(days=366)


async def start(update: Update, context: FundContext) -> None:
    """Which fund; not asked of somebody who has one. A batch is a whole fund's business, not an area's."""
    del update
    funds = context.fund.payout_runs.funds_of(context.actor, Permission.PREPARE_PAYOUT)
    if not funds:
        raise NotAllowed
    draft = context.new_draft()
    if len(funds) == 1:
        await _ask_programme(context, draft | {"fund": funds[0]})
    else:
        await _ask_fund(context, draft)


async def _ask_fund(context: FundContext, draft: dict[str, Any]) -> None:
    funds = context.fund.payout_runs.funds_of(context.actor, Permission.PREPARE_PAYOUT)
    await context.keep(NAME, "fund", draft)
    await context.reply(
        texts.fund_question(context.words),
        keyboard(
            *([button(texts.fund_name(context.words, fund), NAME, "fund", fund, draft["request_id"])] for fund in funds)
        ),
    )


async def choose_fund(update: Update, context: FundContext) -> None:
    del update
    draft, fund = context.draft(NAME), context.pressed.argument
    if fund not in context.fund.payout_runs.funds_of(context.actor, Permission.PREPARE_PAYOUT):
        raise NotAllowed
    await _ask_programme(context, draft | {"fund": fund})


async def _ask_programme(context: FundContext, draft: dict[str, Any]) -> None:
    await context.keep(NAME, "programme", draft)
    await context.reply(
        texts.programme_question(context.words, draft["fund"]),
        keyboard(
            [
                button(
                    texts.programme_name(context.words, programme), NAME, "programme", programme, draft["request_id"]
                )
                for programme in PURPOSES
            ]
        ),
    )


async def choose_programme(update: Update, context: FundContext) -> None:
    del update
    draft, programme = context.draft(NAME), context.pressed.argument
    if programme not in PURPOSES or "fund" not in draft:
        raise StaleButton
    await context.keep(NAME, "amount", draft | {"programme": programme})
    await context.reply(texts.amount_question(context.words))


async def hear_amount(update: Update, context: FundContext) -> None:
    del update
    draft = context.draft(NAME)
    try:
        amount = parse_money(context.said)
    except NotMoney:
        await context.reply(texts.amount_unclear(context.words))
        return
    await context.keep(NAME, "day", draft | {"amount_fen": amount.fen})
    await context.reply(texts.day_question(context.words))


async def hear_day(update: Update, context: FundContext) -> None:
    del update
    draft, today = context.draft(NAME), context.fund.ground.today()
    day = read_day(context.said, today)
    if day is None or not today <= day <= today + _LONGEST_AHEAD:
        await context.reply(texts.day_unclear(context.words, today))
        return
    await _show_plan(context, draft | {"expected_on": day.isoformat()})


async def _show_plan(context: FundContext, draft: dict[str, Any]) -> None:
    """The button's id belongs to these numbers: the plan of an older roll cannot be made any more."""
    draft |= context.new_draft()
    plan = _plan(draft)
    count = await context.fund.payout_runs.count(context.actor, plan)
    if not count.payees:
        await context.end_act()
        await context.reply(texts.nobody_to_pay(context.words, plan, count))
        return
    await context.keep(NAME, "confirm", draft | {"payees": count.payees, "roll": count.roll})
    await context.reply(
        texts.plan(context.words, plan, count),
        keyboard(
            [button(texts.make_label(context.words), NAME, "make", "", draft["request_id"], style="success")],
            [button(texts.back_label(context.words), "cancel", "act")],
        ),
    )


async def make(update: Update, context: FundContext) -> None:
    """Make the batch; the same tap again shows the one that was made."""
    del update
    runs = context.fund.payout_runs
    card = await runs.done_by(context.actor, context.pressed.request_id)
    if card is None:
        draft = context.draft(NAME, "confirm")
        try:
            card = await runs.prepare(context.actor, draft["request_id"], _plan(draft), _counted(draft))
        except Overtaken:
            await context.reply(texts.roll_moved(context.words))
            await _show_plan(context, draft)
            return
        await context.end_act()
    await context.reply(texts.moved(context.words, card))


def _plan(draft: dict[str, Any]) -> BatchPlan:
    day = date.fromisoformat(draft["expected_on"])
    return BatchPlan(draft["fund"], draft["programme"], Money(draft["amount_fen"]), day)


def _counted(draft: dict[str, Any]) -> Count:
    """What was shown before the confirm."""
    return Count(draft["payees"], Money(draft["amount_fen"]) * draft["payees"], 0, draft["roll"])


FEATURE = Feature(
    name=NAME,
    opens=start,
    phrases=("新建批次", "new batch"),
    permission=Permission.PREPARE_PAYOUT,
    steps={"amount": hear_amount, "day": hear_day},
    asks={"fund": _ask_fund, "programme": _ask_programme, "confirm": _show_plan},
    buttons={"new": start, "fund": choose_fund, "programme": choose_programme, "make": make},
)

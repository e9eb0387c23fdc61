"""One payee's line, found by number: returned, corrected, sent again, arrived."""

from __future__ import annotations

from typing import Any

from telegram import InlineKeyboardMarkup, Update

from carefund_bot.access import Permission
from carefund_bot.domain.payouts import LineCard, LineState, ReturnReason
from carefund_bot.domain.people import clean_cell
from carefund_bot.errors import Overtaken, StaleButton
from carefund_bot.texts import payouts as texts
from handlers.context import FundContext
from handlers.feature import Feature, button, keyboard

NAME = "payline"


async def ask_number(update: Update, context: FundContext) -> None:
    del update
    await context.keep(NAME, "number", context.new_draft())
    await context.reply(texts.number_question(context.words))


async def hear_number(update: Update, context: FundContext) -> None:
    del update
    draft = context.draft(NAME)
    card = await context.fund.payout_lines.find(context.actor, clean_cell(context.said).upper())
    if card is None:
        await context.reply(texts.no_such_line(context.words))
        return
    await _show_moves(context, draft, card)


async def _ask_move(context: FundContext, draft: dict[str, Any]) -> None:
    await _show_moves(context, draft, await context.fund.payout_lines.look(context.actor, draft["line_id"]))


async def _show_moves(context: FundContext, draft: dict[str, Any], card: LineCard) -> None:
    await context.keep(NAME, "move", draft | {"line_id": card.id})
    await context.reply(texts.line(context.words, card), _moves(context, card, draft["request_id"]), protect=True)


async def choose_move(update: Update, context: FundContext) -> None:
    """A return needs a reason first."""
    del update
    draft, to = context.draft(NAME), context.pressed.argument
    if to not in list(LineState) or "line_id" not in draft:
        raise StaleButton
    if to != LineState.RETURNED:
        await _ask_confirm(context, draft | {"to": to})
    else:
        await _ask_reason(context, draft | {"to": to})


async def _ask_reason(context: FundContext, draft: dict[str, Any]) -> None:
    await context.keep(NAME, "reason", draft)
    await context.reply(
        texts.reason_question(context.words),
        keyboard(
            *(
                [button(texts.reason_label(context.words, reason), NAME, "reason", reason, draft["request_id"])]
                for reason in ReturnReason
            )
        ),
    )


async def choose_reason(update: Update, context: FundContext) -> None:
    del update
    draft = context.draft(NAME, "reason")
    await _ask_confirm(context, draft | {"reason": ReturnReason.read(context.pressed.argument)})


async def _ask_confirm(context: FundContext, draft: dict[str, Any]) -> None:
    """The button's id belongs to this question: an older one cannot confirm another move."""
    draft |= context.new_draft()
    to, reason = _asked(draft)
    try:
        card = await context.fund.payout_lines.consider(context.actor, draft["line_id"], to)
    except Overtaken:
        await context.end_act()
        await _say_overtaken(context, draft["line_id"])
        return
    await context.keep(NAME, "confirm", draft)
    await context.reply(
        texts.line_question(context.words, card, to, reason),
        keyboard(
            [button(texts.confirm_label(context.words), NAME, "do", "", draft["request_id"], style="success")],
            [button(texts.back_label(context.words), "cancel", "act")],
        ),
    )


async def do(update: Update, context: FundContext) -> None:
    """Write it down; the same tap again shows what it did."""
    del update
    lines = context.fund.payout_lines
    card = await lines.done_by(context.actor, context.pressed.request_id)
    if card is None:
        draft = context.draft(NAME, "confirm")
        to, reason = _asked(draft)
        try:
            card = await lines.record(context.actor, draft["request_id"], draft["line_id"], to, reason)
        except Overtaken:
            await _say_overtaken(context, draft["line_id"])
            return
        finally:
            await context.end_act()
    await context.reply(texts.line_moved(context.words, card))


def _asked(draft: dict[str, Any]) -> tuple[LineState, ReturnReason | None]:
    return LineState(draft["to"]), ReturnReason(draft["reason"]) if "reason" in draft else None


async def _say_overtaken(context: FundContext, line_id: int) -> None:
    card = await context.fund.payout_lines.look(context.actor, line_id)
    await context.reply(texts.line_overtaken(context.words, card))


def _moves(context: FundContext, card: LineCard, request_id: str) -> InlineKeyboardMarkup:
    return keyboard(
        *([button(texts.line_move_label(context.words, to), NAME, "to", to, request_id)] for to in card.moves)
    )


FEATURE = Feature(
    name=NAME,
    opens=ask_number,
    phrases=("退回", "退票", "补发", "returned payment"),
    permission=Permission.SEE_PAYOUTS,
    steps={"number": hear_number},
    asks={"move": _ask_move, "reason": _ask_reason, "confirm": _ask_confirm},
    buttons={"new": ask_number, "to": choose_move, "reason": choose_reason, "do": do},
)

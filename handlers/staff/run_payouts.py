"""/batches: the batches of one's funds, and the next step of each."""

from __future__ import annotations

from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update

from carefund_bot.access import Permission
from carefund_bot.domain.payouts import BatchCard, BatchState
from carefund_bot.errors import NotAllowed, Overtaken
from carefund_bot.texts import payouts as texts
from handlers.context import FundContext
from handlers.feature import Feature, button, keyboard
from handlers.staff import prepare_payout, record_line

NAME = "batches"


async def show(update: Update, context: FundContext) -> None:
    del update
    await _leave_question(context)
    words, cards = context.words, await context.fund.payout_runs.newest(context.actor)
    await context.reply(
        texts.batches(words, cards),
        keyboard(
            *([button(texts.batch_label(words, card), NAME, "look", str(card.id))] for card in cards),
            [button(texts.new_label(words), prepare_payout.NAME, "new")] if _may_prepare(context) else [],
        ),
    )


async def look(update: Update, context: FundContext) -> None:
    del update
    await _leave_question(context)
    batch_id, _ = _pressed(context)
    card = await context.fund.payout_runs.look(context.actor, batch_id)
    await context.reply(texts.batch(context.words, card), buttons_of(context, card))


async def ask(update: Update, context: FundContext) -> None:
    """Show the totals once more before a step is taken."""
    del update
    batch_id, to = _pressed(context)
    await _ask_to_confirm(context, context.new_draft() | {"batch_id": batch_id, "to": to})


async def _ask_to_confirm(context: FundContext, draft: dict[str, Any]) -> None:
    batch_id, to = draft["batch_id"], BatchState(draft["to"])
    try:
        card = await context.fund.payout_runs.consider(context.actor, batch_id, to)
    except Overtaken:
        await _leave_question(context)
        await _say_overtaken(context, batch_id)
        return
    await context.keep(NAME, "confirm", draft)
    argument, request_id = f"{batch_id}-{to}", draft["request_id"]
    await context.reply(
        texts.move_question(context.words, card, to),
        keyboard(
            [button(texts.confirm_label(context.words), NAME, "do", argument, request_id, style="success")],
            [button(texts.back_label(context.words), NAME, "look", str(batch_id))],
        ),
    )


async def do(update: Update, context: FundContext) -> None:
    """Take the step; the same tap again shows what it did."""
    del update
    batch_id, to = _pressed(context)
    runs, request_id = context.fund.payout_runs, context.pressed.request_id
    card = await runs.done_by(context.actor, request_id)
    if card is None:
        context.draft(NAME)
        try:
            card = await runs.move(context.actor, request_id, batch_id, to)
        except Overtaken:
            await _say_overtaken(context, batch_id)
            return
        finally:
            await context.end_act()
    await context.reply(texts.moved(context.words, card), buttons_of(context, card))


def buttons_of(context: FundContext, card: BatchCard) -> InlineKeyboardMarkup:
    words = context.words
    return keyboard(
        *([_move_button(context, card, to)] for to in card.moves),
        [button(texts.line_label(words), record_line.NAME, "new")]
        if card.state in (BatchState.INSTRUCTED, BatchState.PAID)
        else [],
        [button(texts.to_list_label(words), NAME, "list")],
    )


def _move_button(context: FundContext, card: BatchCard, to: BatchState) -> InlineKeyboardButton:
    style = "danger" if to is BatchState.VOIDED else None
    return button(texts.move_label(context.words, to), NAME, "ask", f"{card.id}-{to}", style=style)


async def _leave_question(context: FundContext) -> None:
    """Whoever looks at batches again has answered no question about one."""
    if context.conversation is not None and context.conversation.act == NAME:
        await context.end_act()


async def _say_overtaken(context: FundContext, batch_id: int) -> None:
    card = await context.fund.payout_runs.look(context.actor, batch_id)
    await context.reply(texts.overtaken(context.words, card), buttons_of(context, card))


def _may_prepare(context: FundContext) -> bool:
    may = Permission.PREPARE_PAYOUT
    return context.actor.may(may) and bool(context.fund.payout_runs.funds_of(context.actor, may))


def _pressed(context: FundContext) -> tuple[int, BatchState]:
    """The batch and the state that a button names."""
    batch_id, _, state = context.pressed.argument.partition("-")
    if not batch_id.isdecimal() or state not in ("", *BatchState):
        raise NotAllowed
    return int(batch_id), BatchState(state or BatchState.PLANNED)


FEATURE = Feature(
    name=NAME,
    command="batches",
    summary=texts.summary,
    opens=show,
    label=texts.label,
    phrases=("批次", "发放", "batches"),
    permission=Permission.SEE_PAYOUTS,
    asks={"confirm": _ask_to_confirm},
    buttons={"list": show, "look": look, "ask": ask, "do": do},
)

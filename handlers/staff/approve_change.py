"""变更复核: the second person looks at a change that a colleague has registered."""

from __future__ import annotations

from telegram import Update

from carefund_bot.access import Permission
from carefund_bot.texts import changes as texts
from handlers.context import FundContext
from handlers.feature import Feature, button, keyboard
from handlers.staff.answer_cases import pressed_case

NAME = "changes"


async def show(update: Update, context: FundContext) -> None:
    del update
    waiting = await context.fund.changing.undecided(context.actor)
    if not waiting:
        await context.reply(texts.nothing_to_check(context.words))
        return
    rows = ([button(texts.row_label(context.words, change), NAME, "look", str(change.id))] for change in waiting)
    await context.reply(texts.to_check(context.words), keyboard(*rows))


async def look(update: Update, context: FundContext) -> None:
    del update
    words, change = context.words, await context.fund.changing.look(context.actor, pressed_case(context))
    await context.reply(
        texts.card(words, change),
        keyboard(
            [button(texts.approve_label(words), NAME, "approve", str(change.id), style="success")],
            [button(texts.refuse_label(words), NAME, "refuse", str(change.id))],
        ),
    )


async def approve(update: Update, context: FundContext) -> None:
    del update
    await _decide(context, approve=True)


async def refuse(update: Update, context: FundContext) -> None:
    del update
    await _decide(context, approve=False)


async def _decide(context: FundContext, *, approve: bool) -> None:
    request_id = context.new_draft()["request_id"]
    change = await context.fund.changing.decide(context.actor, request_id, pressed_case(context), approve=approve)
    await context.reply(texts.card(context.words, change))


FEATURE = Feature(
    name=NAME,
    command="changes",
    summary=texts.list_summary,
    label=texts.list_label,
    opens=show,
    permission=Permission.APPROVE_CHANGES,
    buttons={"look": look, "approve": approve, "refuse": refuse},
)

"""/uncertain: single messages of which nobody knows whether they arrived, for an administrator's decision."""

from __future__ import annotations

from telegram import Update

from carefund_bot.access import Permission
from carefund_bot.errors import NotAllowed
from carefund_bot.texts import notice_runs as texts
from handlers.context import FundContext
from handlers.feature import Feature, button, keyboard

NAME = "doubts"


async def show(update: Update, context: FundContext) -> None:
    del update
    words, found = context.words, await context.fund.notice_runs.doubts(context.actor)
    restored = await context.fund.notice_runs.restored(context.actor)
    request_id = context.new_draft()["request_id"]
    rows = (
        [
            button(texts.doubt_again(words, each.id), NAME, "again", str(each.id), request_id),
            button(texts.doubt_leave(words, each.id), NAME, "leave", str(each.id), request_id),
        ]
        for each in found
    )
    together = [
        button(texts.restored_again(words), NAME, "all-again", "", request_id),
        button(texts.restored_leave(words), NAME, "all-leave", "", request_id),
    ]
    await context.reply(
        texts.doubts(words, found, restored),
        keyboard(*rows, together if restored else []) if found or restored else None,
    )


async def send_again(update: Update, context: FundContext) -> None:
    await _decide(update, context, again=True)


async def leave(update: Update, context: FundContext) -> None:
    await _decide(update, context, again=False)


async def _decide(update: Update, context: FundContext, *, again: bool) -> None:
    """Then the rest of the list."""
    number = context.pressed.argument
    if not number.isdecimal():
        raise NotAllowed
    request_id = f"{context.pressed.request_id}:{number}"
    if not await context.fund.notice_runs.decide(context.actor, request_id, int(number), again=again):
        await context.reply(texts.decided_before(context.words), fresh=True)
    await show(update, context)


async def send_all_again(update: Update, context: FundContext) -> None:
    await _decide_together(update, context, again=True)


async def leave_all(update: Update, context: FundContext) -> None:
    await _decide_together(update, context, again=False)


async def _decide_together(update: Update, context: FundContext, *, again: bool) -> None:
    """All that waited in a restored copy."""
    request_id = context.pressed.request_id
    if not await context.fund.notice_runs.decide_restored(context.actor, request_id, again=again):
        await context.reply(texts.decided_before(context.words), fresh=True)
    await show(update, context)


FEATURE = Feature(
    name=NAME,
    command="uncertain",
    summary=texts.doubts_summary,
    opens=show,
    phrases=("不知道收到没有", "uncertain"),
    permission=Permission.MANAGE_STAFF,
    buttons={"again": send_again, "leave": leave, "all-again": send_all_again, "all-leave": leave_all},
)

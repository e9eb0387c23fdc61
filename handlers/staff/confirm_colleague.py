"""/newcomers: a second person says whose a colleague's new chat is; then the colleague begins."""

from __future__ import annotations

from telegram import Update

from carefund_bot.access import Permission
from carefund_bot.texts import newcomers as texts
from handlers.context import FundContext
from handlers.feature import Feature, button, keyboard

NAME = "newcomers"


async def show(update: Update, context: FundContext) -> None:
    del update
    words, waiting = context.words, await context.fund.newcomers.waiting(context.actor)
    if not waiting:
        await context.reply(texts.nobody_waits(words))
        return
    rows = ([button(texts.row_label(words, each), NAME, "look", str(each.code_id))] for each in waiting)
    await context.reply(texts.waiting(words), keyboard(*rows))


async def look(update: Update, context: FundContext) -> None:
    del update
    words, newcomer = context.words, await context.fund.newcomers.look(context.actor, context.pressed.number)
    await context.reply(
        texts.card(words, newcomer),
        keyboard(
            [button(texts.confirm_label(words), NAME, "confirm", str(newcomer.code_id), style="success")],
            [button(texts.refuse_label(words), NAME, "refuse", str(newcomer.code_id), style="danger")],
        ),
    )


async def confirm(update: Update, context: FundContext) -> None:
    """The code's own number is the one-use id: there is one word on it, ever."""
    del update
    newcomer = await context.fund.newcomers.decide(context.actor, context.pressed.number, is_theirs=True)
    await context.reply(texts.confirmed(context.words, newcomer))


async def refuse(update: Update, context: FundContext) -> None:
    del update
    newcomer = await context.fund.newcomers.decide(context.actor, context.pressed.number, is_theirs=False)
    await context.reply(texts.refused(context.words, newcomer))


FEATURE = Feature(
    name=NAME,
    command="newcomers",
    summary=texts.summary,
    opens=show,
    phrases=("新同事", "确认同事"),
    permission=Permission.CONFIRM_STAFF,
    buttons={"look": look, "confirm": confirm, "refuse": refuse},
)

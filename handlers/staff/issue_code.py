"""A clerk hands a one-time code to the person at the counter."""

from __future__ import annotations

from telegram import CopyTextButton, InlineKeyboardButton, Update

from carefund_bot.access import Permission
from carefund_bot.domain.people import clean_cell
from carefund_bot.errors import NotAllowed
from carefund_bot.texts import codes as texts
from handlers.context import FundContext
from handlers.feature import Feature, button, keyboard

NAME = "code"


async def ask_number(update: Update, context: FundContext) -> None:
    del update
    await context.keep(NAME, "number", context.new_draft())
    await context.reply(texts.ask_number(context.words))


async def read_number(update: Update, context: FundContext) -> None:
    """Issue the code; a number that is nobody's, or another office's, may be typed again."""
    del update
    words, draft = context.words, context.draft(NAME)
    try:
        issued = await context.fund.codes.issue_one(context.actor, clean_cell(context.said), draft["request_id"])
    except NotAllowed:
        await context.reply(texts.not_found(words))
        return
    await context.end_act()
    link = issued.start_link(context.bot.username)
    await context.reply(
        texts.issued(words, issued),
        keyboard(
            [_copy(texts.copy_code(words), issued.printed), _copy(texts.copy_link(words), link)],
            [button(texts.another(words), NAME, "another")],
        ),
    )


def _copy(label: str, text: str) -> InlineKeyboardButton:
    return InlineKeyboardButton(str(label), copy_text=CopyTextButton(text))


async def issue_another(update: Update, context: FundContext) -> None:
    """The code stays on screen; the question comes below it."""
    del update
    await context.keep(NAME, "number", context.new_draft())
    await context.reply(texts.ask_number(context.words), fresh=True)


FEATURE = Feature(
    name=NAME,
    command="code",
    summary=texts.summary,
    label=texts.label,
    opens=ask_number,
    permission=Permission.ISSUE_CODES,
    steps={"number": read_number},
    buttons={"another": issue_another},
)

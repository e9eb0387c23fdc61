"""/start, with or without a one-time code; a code typed as plain text is the same."""

from __future__ import annotations

from typing import Any

from telegram import InlineKeyboardButton, Update

from carefund_bot.errors import StaleButton
from carefund_bot.services.linking import Linked, normal_code
from carefund_bot.texts import everyone as texts
from carefund_bot.texts import newcomers
from handlers.context import FundContext
from handlers.everyone import read_notices
from handlers.everyone.home import welcome_stranger
from handlers.feature import Feature, button, keyboard

NAME = "link"


async def start(update: Update, context: FundContext) -> None:
    """Show what this person came for; with a code, show the consent first."""
    _, *code = context.said.split(maxsplit=1)
    if code:
        await look_at_code(update, context, code[0])
        return
    await context.end_all()
    await open_home(update, context)


async def open_home(update: Update, context: FundContext) -> None:
    """A household its payout, a member and the staff their keys, a stranger the door; a new colleague waits."""
    if context.actor.is_stranger:
        await welcome_stranger(update, context)
        return
    if context.actor.is_newcomer:
        await context.reply(newcomers.must_wait(context.words, context.office_phone), context.keys(), fresh=True)
    else:
        await context.reply(texts.home(context.words), context.keys(), fresh=True)
    await context.show_first_answer(update)


def looks_like_code(text: str) -> bool:
    return normal_code(text) is not None


async def read_code(update: Update, context: FundContext) -> None:
    """A code typed without /start."""
    await look_at_code(update, context, context.said)


async def look_at_code(update: Update, context: FundContext, code: str) -> None:
    del update
    await _ask_consent(context, context.new_draft() | {"code": code})


async def _ask_consent(context: FundContext, draft: dict[str, Any]) -> None:
    subject = await context.fund.linking.look_at(context.actor, draft["code"])
    await context.keep(NAME, "consent", draft)
    await context.reply(
        texts.consent(context.words, subject),
        keyboard(
            [_agree_button(context, draft)],
            [button(texts.decline(context.words), NAME, "decline", request_id=draft["request_id"])],
        ),
    )


def _agree_button(context: FundContext, draft: dict[str, Any]) -> InlineKeyboardButton:
    """It carries the code: a second tap, when the draft is gone, can tell what the first one bound."""
    code = normal_code(draft["code"]) or ""
    return button(texts.agree(context.words), NAME, "agree", code, draft["request_id"], style="success")


async def agree(update: Update, context: FundContext) -> None:
    """Once: a second tap finds this chat bound by the very code and hears the same."""
    try:
        draft = context.draft(NAME)
    except StaleButton:
        before = await context.fund.linking.bound_by(context.actor, context.pressed.argument)
        if before is None:
            raise
        await _say_linked(context, before)
        return
    linked = await context.fund.linking.accept(context.actor, draft["code"])
    await context.end_act()
    await context.meet_again()
    await context.show_menu()
    await _say_linked(context, linked)
    await open_home(update, context)
    await read_notices.offer(context)


async def _say_linked(context: FundContext, linked: Linked) -> None:
    """In the place of the consent, so that its buttons are gone."""
    waits = linked.subject == "staff" and context.actor.is_newcomer
    await context.reply(newcomers.linked(context.words) if waits else texts.linked(context.words, linked.subject))


async def begin(update: Update, context: FundContext) -> None:
    """A colleague's chat was opened: the menu of their work, and its keys."""
    await context.show_menu()
    await open_home(update, context)


async def decline(update: Update, context: FundContext) -> None:
    del update
    context.draft(NAME)
    await context.end_act()
    await context.reply(texts.declined(context.words, context.office_phone))


FEATURE = Feature(
    name=NAME,
    command="start",
    summary=texts.start_summary,
    opens=start,
    asks={"consent": _ask_consent},
    buttons={"agree": agree, "decline": decline, "begin": begin},
)

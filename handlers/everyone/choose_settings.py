"""/settings and /language: the language, and letting go of the binding."""

from __future__ import annotations

from typing import Any

from telegram import InlineKeyboardButton, ReplyKeyboardRemove, Update

from carefund_bot.errors import StaleButton
from carefund_bot.texts import everyone as texts
from carefund_bot.texts import topics
from carefund_bot.texts.words import LANGUAGES
from handlers.context import FundContext
from handlers.feature import Feature, button, keyboard

NAME = "settings"
_LANGUAGE_NAMES = {"zh_CN": "中文", "en": "English"}


async def show(update: Update, context: FundContext) -> None:
    del update
    words, is_linked = context.words, not context.actor.is_stranger
    await context.reply(
        texts.settings(words, is_linked=is_linked),
        keyboard(
            _language_row(),
            [button(topics.label(words), "topics", "show")] if is_linked else [],
            [button(texts.unlink_label(words), NAME, "unlink")] if is_linked else [],
        ),
    )


async def ask_language(update: Update, context: FundContext) -> None:
    del update
    await context.reply(texts.language_question(context.words), keyboard(_language_row()))


async def choose_language(update: Update, context: FundContext) -> None:
    del update
    language = context.pressed.argument
    if language not in LANGUAGES:
        return
    await context.fund.accounts.choose_language(context.user_id, language)
    await _speak_from_now_on(context)


async def _speak_from_now_on(context: FundContext) -> None:
    await context.meet_again()
    await context.show_menu()
    await context.reply(texts.language_chosen(context.words), context.keys())


async def offer_language(context: FundContext) -> None:
    """Below an answer that was given in the language of the question."""
    words, request_id = context.words, context.new_draft()["request_id"]
    if await context.fund.accounts.offer_language(context.user_id, request_id):
        await context.reply(
            texts.language_offer(words),
            keyboard([button(texts.language_for_good(words), NAME, "always", words.language, request_id)]),
            fresh=True,
        )


async def take_language_offer(update: Update, context: FundContext) -> None:
    """A second tap finds the language chosen and hears the same."""
    del update
    language, request_id = context.pressed.argument, context.pressed.request_id
    if language not in LANGUAGES:
        raise StaleButton
    taken = await context.fund.accounts.take_language_offer(context.user_id, request_id, language)
    if not taken and context.speaker.language != language:
        raise StaleButton
    await _speak_from_now_on(context)


async def ask_before_unlinking(update: Update, context: FundContext) -> None:
    del update
    await _ask_to_unlink(context, context.new_draft())


async def _ask_to_unlink(context: FundContext, draft: dict[str, Any]) -> None:
    words = context.words
    await context.keep(NAME, "unlink", draft)
    await context.reply(
        texts.unlink_question(words),
        keyboard(
            [button(texts.keep_as_is(words), NAME, "keep", request_id=draft["request_id"])],
            [button(texts.unlink_yes(words), NAME, "go", request_id=draft["request_id"], style="danger")],
        ),
    )


async def unlink(update: Update, context: FundContext) -> None:
    """A second tap finds nothing bound and hears the same."""
    del update
    words = context.words
    if not context.actor.is_stranger:
        context.draft(NAME)
        await context.fund.linking.let_go(context.actor)
    await context.take_menu_away()
    await context.reply(texts.unlinked(words), ReplyKeyboardRemove())


async def keep(update: Update, context: FundContext) -> None:
    del update
    context.draft(NAME)
    await context.end_act()
    await context.reply(texts.kept(context.words))


def _language_row() -> list[InlineKeyboardButton]:
    return [button(_LANGUAGE_NAMES[language], NAME, "language", language) for language in LANGUAGES]


FEATURE = Feature(
    name=NAME,
    command="settings",
    summary=texts.settings_summary,
    opens=show,
    phrases=("设置", "解除绑定", "settings"),
    asks={"unlink": _ask_to_unlink},
    buttons={
        "language": choose_language,
        "always": take_language_offer,
        "unlink": ask_before_unlinking,
        "go": unlink,
        "keep": keep,
    },
)

LANGUAGE = Feature(
    name="language",
    command="language",
    summary=texts.language_summary,
    opens=ask_language,
    phrases=("语言", "中文", "English", "language"),
)

"""Command menus, the keys under the text box, and what the bot says of itself before /start."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any

from telegram import (
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    KeyboardButton,
    ReplyKeyboardMarkup,
)
from telegram.error import BadRequest
from telegram.ext import ExtBot

from carefund_bot.access import Actor
from carefund_bot.settings import Settings
from carefund_bot.texts import everyone as texts
from carefund_bot.texts.words import DEFAULT_LANGUAGE, LANGUAGES, Words, words_in
from handlers.feature import Feature

_KEYS_PER_ROW = 2
_TELEGRAM_LANGUAGE = {"zh_CN": "zh", "en": "en"}
"""Telegram knows one list for all Chinese; the list without a language is Chinese too."""


def open_to(features: Iterable[Feature], actor: Actor) -> list[Feature]:
    return [feature for feature in features if feature.permission is None or actor.may(feature.permission)]


def keys(features: Iterable[Feature], words: Words) -> ReplyKeyboardMarkup | None:
    """Two large keys a row, of the features that have a label."""
    labels = [KeyboardButton(str(feature.label(words))) for feature in features if feature.label is not None]
    if not labels:
        return None
    rows = [labels[start : start + _KEYS_PER_ROW] for start in range(0, len(labels), _KEYS_PER_ROW)]
    return ReplyKeyboardMarkup(rows, resize_keyboard=True, is_persistent=True)


async def show_for_chat(bot: ExtBot[Any], chat_id: int, features: Sequence[Feature]) -> None:
    """The menu of one person's roles; in both languages, as Telegram picks by the app's language."""
    for language_code, commands in _menus(features):
        await bot.set_my_commands(commands, scope=BotCommandScopeChat(chat_id), language_code=language_code)


async def take_from_chat(bot: ExtBot[Any], chat_id: int) -> None:
    for language_code in (None, *_TELEGRAM_LANGUAGE.values()):
        with suppress(BadRequest):  # a chat that is gone has no menu either
            await bot.delete_my_commands(BotCommandScopeChat(chat_id), language_code=language_code)


async def introduce(bot: ExtBot[Any], features: Sequence[Feature], settings: Settings) -> None:
    """Tell Telegram the strangers' menu and the texts shown before /start."""
    for language_code, commands in _menus(open_to(features, Actor())):
        await bot.set_my_commands(commands, scope=BotCommandScopeAllPrivateChats(), language_code=language_code)
    for language in LANGUAGES:
        words = words_in(language)
        name = settings.name_zh if words.is_chinese else settings.name_en
        code = None if language == DEFAULT_LANGUAGE else _TELEGRAM_LANGUAGE[language]
        await bot.set_my_description(str(texts.bot_description(words, name)), language_code=code)
        await bot.set_my_short_description(str(texts.bot_short_description(words, name)), language_code=code)


def _menus(features: Sequence[Feature]) -> list[tuple[str | None, list[BotCommand]]]:
    def commands(language: str) -> list[BotCommand]:
        return [
            BotCommand(feature.command, str(feature.summary(words_in(language))))
            for feature in features
            if feature.command and feature.summary
        ]

    return [(None, commands(DEFAULT_LANGUAGE)), *((code, commands(name)) for name, code in _TELEGRAM_LANGUAGE.items())]

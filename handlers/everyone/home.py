"""The first screen of somebody we do not know."""

from __future__ import annotations

from telegram import Update

from carefund_bot.texts import everyone as texts
from handlers.context import FundContext


async def welcome_stranger(update: Update, context: FundContext) -> None:
    """A kind door: what this is, what a code is, whom to call."""
    del update
    settings = context.fund.settings
    name = settings.name_zh if context.words.is_chinese else settings.name_en
    await context.reply(texts.welcome_stranger(context.words, name, context.office_phone))

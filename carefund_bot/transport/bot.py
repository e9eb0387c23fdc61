"""The Bot API client of the fund."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup
from telegram import InlineKeyboardMarkup, ReplyKeyboardMarkup, ReplyKeyboardRemove
from telegram.ext import ExtBot

from carefund_bot.transport.first_poll import ANSWER_WITHIN_S, question

Keyboard = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | None


class FundBot(ExtBot[str]):
    """PTB's bot, which can also fetch updates as Telegram wrote them, and send without reading what is only an echo."""

    async def fetch_updates(self, offset: int) -> list[dict[str, Any]]:
        """Long-poll; updates from `offset` on, which confirms all before it."""
        batch: list[dict[str, Any]] = await self._post("getUpdates", question(offset), read_timeout=ANSWER_WITHIN_S)
        return batch

    async def say(self, chat_id: int, text: Markup, keyboard: Keyboard = None, *, protect: bool = False) -> int:
        """Send a reply; its message id. Making objects of the echoed rest would be a tenth of the work of an update."""
        sent = await self._post(
            "sendMessage",
            {
                "chat_id": chat_id,
                "text": str(text),
                "parse_mode": "HTML",
                "link_preview_options": {"is_disabled": True},
                "protect_content": protect or None,
                "reply_markup": keyboard,
            },
        )
        message_id: int = sent["message_id"]
        return message_id

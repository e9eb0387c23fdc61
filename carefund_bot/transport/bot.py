"""The Bot API client of the fund."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from markupsafe import Markup
from telegram import InlineKeyboardMarkup, ReplyKeyboardMarkup, ReplyKeyboardRemove
from telegram.ext import ExtBot

Keyboard = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | None
MayLeave = Callable[[], Awaitable[bool]]
"""What a notice brings as `rate_limit_args`; whatever brings nothing is a reply.

It is asked in the moment the notice has its place, right before the bytes leave; if it says no, they do not.
"""


class FundBot(ExtBot[MayLeave]):
    """PTB's bot, which can also fetch updates as Telegram wrote them, and send without reading what is only an echo."""

    async def fetch_updates(
        self, offset: int, allowed_updates: Sequence[str], *, wait_s: int, answer_within_s: int
    ) -> list[dict[str, Any]]:
        """Long-poll for `wait_s` seconds; updates from `offset` on, which confirms all before it."""
        batch: list[dict[str, Any]] = await self._post(
            "getUpdates",
            {"offset": offset, "limit": 100, "timeout": wait_s, "allowed_updates": list(allowed_updates)},
            read_timeout=answer_within_s,
        )
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

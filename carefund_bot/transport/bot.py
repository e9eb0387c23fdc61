"""The Bot API client of the fund."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, cast

from markupsafe import Markup
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, ReplyKeyboardMarkup, ReplyKeyboardRemove
from telegram.ext import ExtBot
from telegram.request import RequestData

from carefund_bot.transport.first_poll import ANSWER_WITHIN_S, question
from carefund_bot.transport.request import PlainFields

Keyboard = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | None
MayLeave = Callable[[], Awaitable[bool]]
"""What a notice brings as `rate_limit_args`; whatever brings nothing is a reply.

It is asked in the moment the notice has its place, right before the bytes leave; if it says no, they do not.
"""


class FundBot(ExtBot[MayLeave]):
    """PTB's bot, which can also fetch updates as Telegram wrote them, and say something without reading its echo."""

    async def fetch_updates(self, offset: int) -> list[dict[str, Any]]:
        """Long-poll; updates from `offset` on, which confirms all before it."""
        batch: list[dict[str, Any]] = await self._post("getUpdates", question(offset), read_timeout=ANSWER_WITHIN_S)
        return batch

    async def say(
        self,
        chat_id: int,
        text: Markup,
        keyboard: Keyboard = None,
        *,
        protect: bool = False,
        paid: bool = False,
        may_leave: MayLeave | None = None,
    ) -> int:
        """Send a reply, or a notice that asks whether it `may_leave`; the message id.

        The library's own way looks into each field and makes objects of the echo: a fifth of an update's work, a
        quarter of a notice's.
        """
        fields: dict[str, Any] = {
            "chat_id": chat_id,
            "text": str(text),
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
        }
        if protect:
            fields["protect_content"] = True
        if paid:
            fields["allow_paid_broadcast"] = True
        if keyboard is not None:
            fields["reply_markup"] = _written(keyboard)
        message_id: int = (await self._ask("sendMessage", fields, may_leave))["message_id"]
        return message_id

    async def _ask(self, method: str, fields: dict[str, Any], may_leave: MayLeave | None) -> Any:
        call = partial(self.request.post, f"{self.base_url}/{method}", cast("RequestData", PlainFields(fields)))
        if self.rate_limiter is None:
            return await call()
        return await self.rate_limiter.process_request(call, (), {}, method, fields, may_leave)


def _written(keyboard: InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove) -> dict[str, Any]:
    if not isinstance(keyboard, InlineKeyboardMarkup):
        return keyboard.to_dict()
    return {"inline_keyboard": [[_written_button(button) for button in row] for row in keyboard.inline_keyboard]}


def _written_button(button: InlineKeyboardButton) -> dict[str, Any]:
    """As the library writes it, which looks for each of the dozen things a button could do."""
    if not isinstance(button.callback_data, str):
        return button.to_dict()
    fields = {"text": button.text, "callback_data": button.callback_data, "style": button.style}
    return {name: value for name, value in fields.items() if value is not None}

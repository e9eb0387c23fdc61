"""Cards that tell an editor how far a notice has got: each edits itself until all is sent."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from telegram import InlineKeyboardMarkup
from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden, RetryAfter, TelegramError
from telegram.ext import ExtBot

from carefund_bot.access import Actor
from carefund_bot.services.notices import Notices, Progress
from carefund_bot.texts import notices as texts
from carefund_bot.texts.words import Words
from carefund_bot.transport.polling import seconds_of
from handlers.feature import button, keyboard

EDIT_EVERY_S: Final = 3.0
CARD: Final = ("notice", "card")
"""Feature and verb of the button that shows a notice's card."""


class NoticeCards:
    """The cards that are still moving. After a restart a card stands still until its button is pressed."""

    def __init__(self, bot: ExtBot[Any], notices: Notices) -> None:
        self._bot = bot
        self._notices = notices
        self._moving: dict[tuple[int, int], asyncio.Task[None]] = {}

    def follow(self, actor: Actor, words: Words, progress: Progress, chat_id: int, message_id: int) -> None:
        """Keep a card up to date while its notice goes out."""
        card = chat_id, message_id
        if progress.waiting and card not in self._moving:
            self._moving[card] = asyncio.create_task(self._follow(actor, words, progress, card))
            self._moving[card].add_done_callback(lambda _: self._moving.pop(card, None))

    async def close(self) -> None:
        """Let all cards stand as they are."""
        moving = list(self._moving.values())
        for task in moving:
            task.cancel()
        await asyncio.gather(*moving, return_exceptions=True)

    async def _follow(self, actor: Actor, words: Words, shown: Progress, card: tuple[int, int]) -> None:
        while shown.waiting:
            await asyncio.sleep(EDIT_EVERY_S)
            now = await self._notices.progress(actor, shown.notice.id)
            if now.copies == shown.copies:
                continue
            try:
                await self._show(words, now, card)
            except RetryAfter as flood:
                await asyncio.sleep(seconds_of(flood))
            except (BadRequest, Forbidden):
                return  # the card was deleted, or its reader has gone
            except TelegramError:
                continue
            else:
                shown = now

    async def _show(self, words: Words, progress: Progress, card: tuple[int, int]) -> None:
        chat_id, message_id = card
        text = texts.progress(words, progress.notice.audience, progress.branch, progress.copies)
        await self._bot.edit_message_text(
            str(text), chat_id, message_id, parse_mode=ParseMode.HTML, reply_markup=card_keyboard(words, progress)
        )


def card_keyboard(words: Words, progress: Progress) -> InlineKeyboardMarkup | None:
    """A card that still moves can be asked to."""
    if not progress.waiting:
        return None
    return keyboard([button(texts.refresh_label(words), *CARD, str(progress.notice.id))])

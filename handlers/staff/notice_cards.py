"""Cards that tell an editor how far a notice has got: each edits itself until the notice is at rest.

Which messages are cards stands in the database, so a card goes on after a restart.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden, RetryAfter, TelegramError
from telegram.ext import ExtBot

from carefund_bot.services.notice_clock import NoticeClock
from carefund_bot.services.notice_steps import Progress
from carefund_bot.store.notice_runs import Card
from carefund_bot.texts import notice_runs as texts
from carefund_bot.texts.words import words_in
from carefund_bot.transport.malfunctions import place_of
from carefund_bot.transport.outcomes import seconds_of
from handlers.staff.notice_keys import card_keyboard

log = logging.getLogger(__name__)

EDIT_EVERY_S: Final = 3.0


class NoticeCards:
    """Run it as a task; cancelling it lets all cards be until the next start."""

    def __init__(self, bot: ExtBot[Any], clock: NoticeClock) -> None:
        self._bot = bot
        self._clock = clock
        self._shown: dict[Card, Progress] = {}
        self._in_hand: set[Card] = set()

    async def run(self) -> None:
        """Look at every card again and again; one that Telegram will not let us edit now waits for itself alone."""
        async with asyncio.TaskGroup() as editing:
            while True:
                with _troubles_noted():
                    for card in await self._clock.cards():
                        if card not in self._in_hand:
                            self._in_hand.add(card)
                            editing.create_task(self._see_to(card))
                await asyncio.sleep(EDIT_EVERY_S)

    async def _see_to(self, card: Card) -> None:
        try:
            with _troubles_noted():
                await self._refresh(card)
        finally:
            self._in_hand.discard(card)

    async def _refresh(self, card: Card) -> None:
        seen = await self._clock.look_at_card(card)
        if seen is None:
            await self._let_go(card)
            return
        language, now = seen
        if now == self._shown.get(card):
            return
        words = words_in(language)
        try:
            await self._bot.edit_message_text(
                str(texts.progress(words, now)),
                card.chat_id,
                card.message_id,
                parse_mode=ParseMode.HTML,
                reply_markup=card_keyboard(words, now),
            )
        except RetryAfter as flood:
            await asyncio.sleep(seconds_of(flood))
        except Forbidden:
            await self._let_go(card)
        except BadRequest as error:
            await self._note(card, now, is_over="not modified" not in error.message)
        except TelegramError:
            return
        else:
            await self._note(card, now, is_over=False)

    async def _note(self, card: Card, shown: Progress, *, is_over: bool) -> None:
        """A card is let go once the end is shown, or once it cannot be edited any more."""
        self._shown[card] = shown
        if is_over or shown.is_at_rest:
            await self._let_go(card)

    async def _let_go(self, card: Card) -> None:
        self._shown.pop(card, None)
        await self._clock.drop_card(card)


@contextmanager
def _troubles_noted() -> Iterator[None]:
    """A full disk must not end the looking."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - whatever it is, the next look may go well
        log.error("notice cards: %s", place_of(error))  # noqa: TRY400 - a message may quote people

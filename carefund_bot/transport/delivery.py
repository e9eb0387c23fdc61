"""The worker that words and sends what is queued: few sends at a time, marked before and after each.

Replies do not pass here and do not wait for it.
"""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Any, Final

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, Message
from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden, TelegramError
from telegram.ext import ExtBot

from carefund_bot.domain.notices import AttachmentKind
from carefund_bot.services.bell import Bell
from carefund_bot.services.delivering import Delivering, Outcome, Parcel
from carefund_bot.texts.deliveries import WORDINGS
from carefund_bot.texts.words import words_in
from carefund_bot.transport.malfunctions import place_of
from carefund_bot.transport.outcomes import TryAgain, meaning_of
from carefund_bot.transport.pace import NOTICE

log = logging.getLogger(__name__)

FREE_PER_SECOND: Final = 30
"""What Telegram lets a bot send for nothing; every message of a faster broadcast says that it may be charged."""
AT_ONCE: Final = 5
"""Sends under way: so many rows at most are uncertain after a crash."""
AT_ONCE_SHARE: Final = 8
"""At a faster pace an eighth of a second's sends: Telegram answers in less."""
_LOOK_EVERY_S: Final = 1.0
_LONGEST_PAUSE_S: Final = 60.0


class Delivery:
    """Run it as a task; `stop` lets what is in flight finish and ends it."""

    def __init__(
        self, delivering: Delivering, bell: Bell, bot: ExtBot[str], *, per_second: int = FREE_PER_SECOND
    ) -> None:
        """The bot's `Pace` spaces the sends; `per_second` only tells how many must be under way at once."""
        self._delivering = delivering
        self._bell = bell
        self._bot = bot
        self._at_once = max(AT_ONCE, per_second // AT_ONCE_SHARE)
        self._is_paid_for = per_second > FREE_PER_SECOND
        self._closed_until = 0.0
        self._in_flight = 0
        self._troubles = 0
        self._stopping = False

    async def run(self) -> None:
        """Deliver until stopped. Cancelling it leaves what is in flight as a crash would."""
        self._bell.listen()
        try:
            doubted = await self._delivering.take_up()
            if doubted:
                log.warning("%d messages were on their way when the bot ended: they are uncertain", doubted)
            async with asyncio.TaskGroup() as sends:
                while not self._stopping:
                    await self._begin_sends(sends)
        finally:
            self._bell.leave()

    def stop(self) -> None:
        """Begin nothing more."""
        self._stopping = True
        self._bell.ring()

    async def _begin_sends(self, sends: asyncio.TaskGroup) -> None:
        """Send what is due; if that is nothing, or enough, wait for a change."""
        claimed = await self._claim()
        for parcel in claimed:
            self._in_flight += 1
            sends.create_task(self._deliver(parcel))
        if not claimed or self._in_flight == self._at_once:
            closed_for_s = self._closed_for()
            await self._bell.wait(closed_for_s or _LOOK_EVERY_S, at_rest=not self._in_flight and not closed_for_s)

    async def _claim(self) -> list[Parcel]:
        free = self._at_once - self._in_flight
        if not free or self._closed_for():
            return []
        try:
            return await self._delivering.claim(free)
        except Exception as error:  # noqa: BLE001 - the worker must outlive a full disk
            log.error("outbox: %s", place_of(error))  # noqa: TRY400 - a message may quote people
            self._close_for(_LOOK_EVERY_S)
            return []

    async def _deliver(self, parcel: Parcel) -> None:
        """Send one message and mark it; whatever goes wrong is this row's alone."""
        try:
            if parcel.taking_back is not None:
                await self._take_back(parcel, parcel.taking_back)
                return
            outcome = await self._outcome_of(parcel)
            if outcome is None:
                await self._delivering.put_back(parcel)
            else:
                await self._delivering.settle(parcel, outcome)
        except Exception as error:  # noqa: BLE001 - the row stays on its way, and is uncertain at the next start
            log.error("outbox row %d: %s", parcel.id, place_of(error))  # noqa: TRY400 - a message may quote people
        finally:
            self._in_flight -= 1
            self._bell.ring()

    async def _take_back(self, parcel: Parcel, message_id: int) -> None:
        """Delete a message that was sent. Trying twice does no harm, so all that may pass is tried again."""
        if self._stopping or self._closed_for():
            await self._delivering.put_back(parcel)
            return
        try:
            await self._bot.delete_message(parcel.user_id, message_id, rate_limit_args=NOTICE)
        except (BadRequest, Forbidden) as error:
            await self._delivering.note_taken_back(parcel, gone="not found" in error.message)
        except TelegramError as error:
            meaning = meaning_of(error)
            self._pause(meaning if isinstance(meaning, TryAgain) else TryAgain())
            await self._delivering.put_back(parcel)
        else:
            self._troubles = 0
            await self._delivering.note_taken_back(parcel, gone=True)

    async def _outcome_of(self, parcel: Parcel) -> Outcome | None:
        """How the message ended; `None`: it did not go and waits again."""
        if self._stopping or self._closed_for():
            return None
        try:
            message = await self._send(parcel)
        except Exception as error:  # noqa: BLE001 - sorted by `meaning_of`
            meaning = meaning_of(error)
            if isinstance(meaning, TryAgain):
                self._pause(meaning)
                return None
            if meaning.state != "unreachable":
                log.warning("outbox row %d, %s: %s, %s", parcel.id, parcel.kind, meaning.state, place_of(error))
            return meaning
        self._troubles = 0
        return Outcome("sent", message_id=message.message_id)

    def _pause(self, told: TryAgain) -> None:
        """As long as Telegram says; else twice as long with each trouble in a row (several at once are one)."""
        if told.after_s is not None:
            self._close_for(told.after_s)
        elif not self._closed_for():
            self._close_for(min(2.0**self._troubles, _LONGEST_PAUSE_S))
            self._troubles += 1

    def _close_for(self, seconds: float) -> None:
        """Nothing goes for so long; only ever lengthened."""
        self._closed_until = max(self._closed_until, time.monotonic() + seconds)

    def _closed_for(self) -> float:
        """Seconds left; 0: open."""
        return max(self._closed_until - time.monotonic(), 0.0)

    async def _send(self, parcel: Parcel) -> Message:
        wording, words, facts = WORDINGS[parcel.kind], words_in(parcel.language), self._delivering.facts(parcel)
        keys = [InlineKeyboardButton(str(label), callback_data=data) for label, data in wording.keys(words, facts)]
        text = str(wording.say(words, facts))
        common: dict[str, Any] = {
            "parse_mode": ParseMode.HTML,
            "reply_markup": InlineKeyboardMarkup([keys]) if keys else None,
            "protect_content": wording.protect,
            "allow_paid_broadcast": self._is_paid_for or None,
            "rate_limit_args": NOTICE,
        }
        if parcel.attachment is None:
            no_preview = LinkPreviewOptions(is_disabled=True)
            return await self._bot.send_message(parcel.user_id, text, link_preview_options=no_preview, **common)
        send = self._bot.send_photo if parcel.attachment.kind is AttachmentKind.PHOTO else self._bot.send_document
        return await send(parcel.user_id, parcel.attachment.file_id, caption=text, **common)

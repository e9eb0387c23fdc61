"""The worker that words and sends what is queued: a handful at a time, each marked right before it leaves and after.

Replies do not pass here and do not wait for it.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final, TypeVar

from markupsafe import Markup
from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden, RetryAfter

from carefund_bot.domain.notices import Attachment, AttachmentKind
from carefund_bot.services.bell import Bell
from carefund_bot.services.delivering import Delivering, Outcome, Parcel
from carefund_bot.store.database import cannot_write_now
from carefund_bot.texts.deliveries import WORDINGS
from carefund_bot.texts.words import words_in
from carefund_bot.transport.bot import FundBot, Keyboard, MayLeave
from carefund_bot.transport.malfunctions import place_of
from carefund_bot.transport.outcomes import meaning_of, seconds_of, why_it_stands
from carefund_bot.transport.pace import StaysHere
from carefund_bot.transport.pauses import Pauses

log = logging.getLogger(__name__)

FREE_PER_SECOND: Final = 30
"""What Telegram lets a bot send for nothing; every message of a faster broadcast says that it may be charged."""
_LOOK_EVERY_S: Final = 1.0
_FEW: Final = 32
_WRITES: Final = 5

T = TypeVar("T")
Send = Callable[[MayLeave], Awaitable[int]]
"""Sends one message and tells its id."""


def most_in_hand(per_second: int) -> int:
    """Messages that wait for their place or are under way: a second's, for Telegram may take that long to answer."""
    return max(5, per_second)


class Delivery:
    """Run it as a task; `stop` lets what is under way finish and ends it."""

    def __init__(self, delivering: Delivering, bell: Bell, bot: FundBot, *, per_second: int = FREE_PER_SECOND) -> None:
        """The bot's `Pace` spaces the sends; `per_second` only tells how many must be in hand at once."""
        self._delivering = delivering
        self._bell = bell
        self._bot = bot
        self._most_in_hand = most_in_hand(per_second)
        self._is_paid_for = per_second > FREE_PER_SECOND
        self._in_hand: set[int] = set()  # readers: each gets one message after the other
        self._resting: set[int] = set()  # readers whose message would not go, for a moment
        self._rested: set[int] = set()  # the same, once that is over
        self._looks_for_others = False
        self._pauses = Pauses()
        self._stopping = False

    async def run(self) -> None:
        """Deliver until stopped. Cancelling it leaves what is under way as a crash would."""
        self._bell.listen()
        try:
            doubted = await self._written_down(self._delivering.take_up)
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
        """Take in hand what is due; if that is nothing, or enough, wait for a change."""
        parcels = await self._look()
        for parcel in parcels:
            self._in_hand.add(parcel.user_id)
            sends.create_task(self._deliver(parcel))
        if not parcels:
            pause_s = self._pauses.left_s()
            await self._bell.wait(
                pause_s or _LOOK_EVERY_S, at_rest=not (self._in_hand or self._resting) and not pause_s
            )

    async def _look(self) -> list[Parcel]:
        """A few at a time: to look for each single one is much looking, and to word many at once holds up replies."""
        few = min(self._most_in_hand // 4, _FEW)
        if self._most_in_hand - len(self._in_hand) < few or self._pauses.left_s():
            return []
        try:
            return await self._due(few)
        except Exception as error:  # noqa: BLE001 - the worker must outlive a full disk
            self._wait_out(error)
            return []

    async def _due(self, few: int) -> list[Parcel]:
        """What may go now; every other look is for those not tried in vain, who would stand behind those who were."""
        busy = self._in_hand | self._resting
        self._looks_for_others = not self._looks_for_others
        if self._looks_for_others and self._rested:
            parcels = await self._delivering.look(few, busy | self._rested)
            if parcels:
                return parcels
        parcels = await self._delivering.look(few, busy)
        self._rested -= {parcel.user_id for parcel in parcels}
        if len(parcels) < few:
            self._rested.clear()  # there is nothing else for them
        return parcels

    async def _deliver(self, parcel: Parcel) -> None:
        """Send one message and write down how it ended; whatever goes wrong is this row's alone."""
        hold_s = 0.0
        try:
            if parcel.taking_back is None:
                hold_s = await self._send(parcel)
            else:
                hold_s = await self._take_back(parcel, parcel.taking_back)
        except StaysHere:
            pass  # nothing was marked: it is looked at again, if it is still to go
        finally:
            if hold_s:
                self._resting.add(parcel.user_id)
                asyncio.get_running_loop().call_later(hold_s, self._end_rest, parcel.user_id)
            self._in_hand.discard(parcel.user_id)
            self._bell.ring()

    def _end_rest(self, user_id: int) -> None:
        self._resting.discard(user_id)
        self._rested.add(user_id)
        self._bell.ring()

    async def _send(self, parcel: Parcel) -> float:
        """For how many seconds its reader is not to be written to."""
        try:
            outcome = await self._outcome_of(parcel)
        except RetryAfter as flood:
            return await self._wait_for_silence(parcel, flood)
        if outcome is None:
            return await self._put_back(parcel)
        self._pauses.forget(parcel.id)
        await self._write_of_row(lambda: self._delivering.settle(parcel, outcome))
        return 0.0

    async def _put_back(self, parcel: Parcel) -> float:
        await self._write_of_row(lambda: self._delivering.put_back(parcel))
        return self._pauses.hold_s(parcel.id)

    async def _wait_for_silence(self, parcel: Parcel, flood: RetryAfter) -> float:
        """A 429 is nobody's own trouble: all wait until the time it names."""
        self._pauses.pause(seconds_of(flood))
        await self._write_of_row(lambda: self._delivering.put_back(parcel))
        return 0.0

    async def _take_back(self, parcel: Parcel, message_id: int) -> float:
        """Delete a message that was sent. Trying twice does no harm, so all that may pass is tried again."""
        why_not = None
        try:
            await self._bot.delete_message(parcel.user_id, message_id, rate_limit_args=self._asks_for(parcel))
        except StaysHere:
            raise
        except (BadRequest, Forbidden) as error:
            why_not = why_it_stands(error)
        except RetryAfter as flood:
            return await self._wait_for_silence(parcel, flood)
        except Exception as error:  # noqa: BLE001 - a delete that took no effect, or of which nobody knows
            self._pauses.note_trouble()
            if not self._pauses.is_hopeless(parcel.id):
                return await self._put_back(parcel)
            log.warning("outbox row %d: not taken back, %s", parcel.id, place_of(error))
            why_not = "refused"
        else:
            self._pauses.note_success()
        self._pauses.forget(parcel.id)
        await self._write_of_row(lambda: self._delivering.note_taken_back(parcel, why_not))
        return 0.0

    async def _outcome_of(self, parcel: Parcel) -> Outcome | None:
        """How the message ended; `None`: it did not go and waits again."""
        try:
            send = self._worded(parcel)
        except Exception as error:  # noqa: BLE001 - facts that no sentence can be made of; nobody else's fault
            return self._logged(parcel, Outcome("failed", type(error).__name__), error)
        try:
            message_id = await send(self._asks_for(parcel))
        except (StaysHere, RetryAfter):
            raise
        except Exception as error:  # noqa: BLE001 - sorted by `meaning_of`
            meaning = meaning_of(error)
            if meaning is None or meaning.state == "uncertain":
                self._pauses.note_trouble()
            if meaning is not None:
                return self._logged(parcel, meaning, error)
            if self._pauses.is_hopeless(parcel.id):  # a person decides whether it is tried once more
                return self._logged(parcel, Outcome("uncertain", type(error).__name__), error)
            return None
        self._pauses.note_success()
        return Outcome("sent", message_id=message_id)

    def _asks_for(self, parcel: Parcel) -> MayLeave:
        return partial(self._may_leave, parcel)

    async def _may_leave(self, parcel: Parcel) -> bool:
        """Its place is free: mark it as on its way, unless it was decided otherwise meanwhile."""
        if self._stopping or self._pauses.left_s():
            return False
        try:
            return await self._delivering.mark_leaving(parcel)
        except Exception as error:  # noqa: BLE001 - unmarked it must not go, and may later
            self._wait_out(error)
            return False

    async def _write_of_row(self, write: Callable[[], Awaitable[None]]) -> None:
        """What the database will not take of one row, time and again, leaves that row as it is, and in doubt."""
        await self._written_down(write, tries=_WRITES)

    async def _written_down(self, write: Callable[[], Awaitable[T]], tries: float = math.inf) -> T | None:
        """Write until it is written: a full disk may be emptied, and what is known of a message must not be lost."""
        while True:
            try:
                return await write()
            except Exception as error:  # noqa: BLE001 - as in `_look`
                self._wait_out(error)
                tries -= not cannot_write_now(error)
                if self._stopping or tries <= 0:
                    return None
                await asyncio.sleep(_LOOK_EVERY_S)

    def _wait_out(self, error: Exception) -> None:
        """The database would not: nothing goes for a moment."""
        log.error("outbox: %s", place_of(error))
        self._pauses.pause(_LOOK_EVERY_S)

    @staticmethod
    def _logged(parcel: Parcel, outcome: Outcome, error: Exception) -> Outcome:
        if outcome.state != "unreachable":
            log.warning("outbox row %d, %s: %s, %s", parcel.id, parcel.kind, outcome.state, place_of(error))
        return outcome

    def _worded(self, parcel: Parcel) -> Send:
        wording, words, facts = WORDINGS[parcel.kind], words_in(parcel.language), self._delivering.facts(parcel)
        keys = [InlineKeyboardButton(str(label), callback_data=data) for label, data in wording.keys(words, facts)]
        text, keyboard = wording.say(words, facts), InlineKeyboardMarkup([keys]) if keys else None
        if parcel.attachment is not None:
            return partial(self._send_file, parcel.user_id, parcel.attachment, text, keyboard, protect=wording.protect)
        say, paid = self._bot.say, self._is_paid_for
        return lambda asks: say(parcel.user_id, text, keyboard, protect=wording.protect, paid=paid, may_leave=asks)

    async def _send_file(
        self, user_id: int, file: Attachment, text: Markup, keyboard: Keyboard, asks: MayLeave, *, protect: bool
    ) -> int:
        send = self._bot.send_photo if file.kind is AttachmentKind.PHOTO else self._bot.send_document
        message = await send(
            user_id,
            file.file_id,
            caption=str(text),
            parse_mode=ParseMode.HTML,
            reply_markup=keyboard,
            protect_content=protect,
            allow_paid_broadcast=self._is_paid_for or None,
            rate_limit_args=asks,
        )
        return message.message_id

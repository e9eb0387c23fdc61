"""Durable updates: written down before Telegram hears that we have them, handled once in effect.

`receive` commits a batch and returns what is new; only then may the next offset (or the 200 of a webhook) confirm it.
`handle` runs a handler and commits what it left together with the mark; a slot is held for each try and none between
two. What a crash interrupts is `waiting` at the next start. What is set aside or dismissed is so in one transaction
with the word that tells its person.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from telegram.error import BadRequest, NetworkError, RetryAfter

from carefund_bot.services.ground import Ground
from carefund_bot.services.in_hand import InHand, taken_in_hand
from carefund_bot.services.telling import tell_account
from carefund_bot.store import inbox, people
from carefund_bot.store.database import Work, cannot_write_now
from carefund_bot.texts.words import DEFAULT_LANGUAGE
from carefund_bot.transport.malfunctions import place_of
from carefund_bot.transport.outcomes import seconds_of
from carefund_bot.transport.request import NotSent, ServerTrouble

log = logging.getLogger(__name__)

Json = dict[str, Any]
Handler = Callable[[Json], Awaitable[None]]

SLOTS: Final = 256
"""So many updates are handled at once."""
GROUP_SLOTS: Final = 8
"""So many more that were said in groups: there an answer may have to wait for a minute."""
TRIES: Final = 3
"""How often an update that fails is handled before it is set aside."""
TRIES_OVER_THE_NETWORK: Final = 20
"""The same when Telegram certainly did not do it: about eight minutes. Silence that Telegram asks for is no try."""
SUSPECT: Final = 2
"""How often a process may end with an update first in its queue before it is handled apart from other suspects."""
DEADLY: Final = SUSPECT + 8
"""How often in all, before it is set aside: power cuts may hit the same one a few times by chance."""
REMEMBER_S: Final = 2 * 86_400
"""Telegram keeps an update for a day; its id is remembered for two."""
REMEMBERED_ANYWAY: Final = 1_000
"""So many ids are kept whatever their age: a clock that jumps must not make us forget what is not confirmed yet."""
_PLACE: Final = "inbox"
_FORGET_AT_ONCE: Final = 500
_KIND_WORD_EVERY_S: Final = 60
_FIRST_PAUSE_S: Final = 0.5
_LONGEST_PAUSE_S: Final = 30.0
_DISK_PAUSE_S: Final = 1.0
"""While a full disk takes nothing; that is nobody's fault and counts as no try."""


@dataclass(frozen=True, slots=True)
class Received:
    """One update as Telegram wrote it, and the person, or the group, in whose queue it stands.

    One that an earlier process left is read when its turn comes: its `content` is None.
    """

    update_id: int
    user_id: int | None
    content: Json | None
    is_suspect: bool = False

    @property
    def is_leftover(self) -> bool:
        return self.content is None

    @property
    def is_of_a_group(self) -> bool:
        return self.user_id is not None and self.user_id < 0


@dataclass(frozen=True, slots=True)
class Patience:
    """How often an update is handled that goes wrong in one way, and how many times longer each pause is."""

    tries: int
    growth: int

    def pause_s(self, failures: int) -> float | None:
        """Seconds until the next try after so many failures; `None` if there is none."""
        if failures >= self.tries:
            return None
        return min(_FIRST_PAUSE_S * float(self.growth) ** (failures - 1), _LONGEST_PAUSE_S)


_NOT_DONE: Final = Patience(TRIES_OVER_THE_NETWORK, 3)
_PERHAPS_DONE: Final = Patience(TRIES, 60)
"""Each further try may be a further copy of the answer: few, and not all in one bad moment."""
_OUR_FAULT: Final = Patience(TRIES, 3)


def patience_with(error: Exception) -> Patience:
    """What an error deserves, by what it says of the call that failed."""
    if isinstance(error, NotSent | ServerTrouble):
        return _NOT_DONE
    if isinstance(error, NetworkError) and not isinstance(error, BadRequest):
        return _PERHAPS_DONE
    return _OUR_FAULT


def whose(content: Json) -> int | None:
    """The person an update is from, whatever its kind; said in a group, the group, whose number is negative."""
    for kind, body in content.items():
        if kind != "update_id":
            chat = body.get("chat") or body.get("message", {}).get("chat", {})
            sender: int | None = body.get("from", {}).get("id")
            group: int = chat.get("id", 0)
            return group if group < 0 else sender
    return None


class Inbox:
    """The table of updates, and how one is handled."""

    def __init__(self, ground: Ground, slots: asyncio.Semaphore) -> None:
        self._ground = ground
        self._slots = slots
        self._group_slots = asyncio.Semaphore(GROUP_SLOTS)
        self._one_suspect = asyncio.Lock()

    async def receive(self, contents: Sequence[Json]) -> list[Received]:
        """Write a batch down; the updates not seen before, in order. They are safe once this returns.

        One that cannot be written down is set aside, and the rest go on.
        """
        batch = [self._written(each) for each in contents]

        def write(db: sqlite3.Connection) -> list[Received]:
            now = self._ground.now()
            new = []
            for received, sealed, fault in batch:
                is_new = inbox.add(db, received.update_id, received.user_id, sealed, now)
                if is_new and fault is None:
                    new.append(received)
                elif is_new:
                    self._set_aside(db, received, place_of(fault))
            return new

        return await self._ground.db.write(write) if batch else []

    async def take_up(self) -> list[Received]:
        """At start: what was not handled, in order; what ended the process too often is set aside."""

        def write(db: sqlite3.Connection) -> list[Received]:
            for update_id, user_id in inbox.standing_first(db, DEADLY):
                self._set_aside(db, Received(update_id, user_id, None), "the process ended while handling it")
            inbox.count_start(db, SUSPECT)
            return [
                Received(update_id, user_id, None, is_suspect=starts >= SUSPECT)
                for update_id, user_id, starts in inbox.waiting(db)
            ]

        return await self._ground.db.write(write)

    async def handle(self, received: Received, handler: Handler) -> None:
        """Run the handler until it succeeds; set the update aside once it has failed too often, and go on."""
        failures: Counter[Patience] = Counter()
        failure = await self._try_first(received, handler)
        while failure is not None:
            pause_s = _pause_after(failure, failures)
            if pause_s is None:
                await self._give_up(received, place_of(failure))
                return
            await asyncio.sleep(pause_s)
            failure = await self._try(received, handler)

    async def dismiss(self, flood: Sequence[Received]) -> None:
        """Take updates out of the queue unhandled: more than one person may send at once. They are told so."""
        now = self._ground.now()

        def write(db: sqlite3.Connection) -> None:
            inbox.close(db, [received.update_id for received in flood], "dismissed", now)
            for user_id in {received.user_id for received in flood}:
                reference = f"slow-down:{user_id}:{now // _KIND_WORD_EVERY_S}"
                self._tell(db, reference, user_id, "slow_down")

        await self._write_down(write)

    async def note_good_end(self) -> None:
        """The process ends of its own will: nothing that still waits has to do with that."""
        await self._ground.db.write(inbox.clear_of_suspicion)

    async def forget_old(self) -> None:
        """Forget ids that Telegram cannot send again, a few at a time."""
        before = self._ground.now() - REMEMBER_S
        while await self._ground.db.write(
            lambda db: inbox.forget(db, before, REMEMBERED_ANYWAY, _FORGET_AT_ONCE), bulk=True
        ):
            pass

    def _written(self, content: Json) -> tuple[Received, bytes, Exception | None]:
        """An update and its words sealed; or why they cannot be: half of a character, say, cannot be written."""
        update_id, user_id = content["update_id"], None
        try:
            user_id = whose(content)
            return Received(update_id, user_id, content), self._ground.sealer.seal(_PLACE, content), None
        except Exception as error:  # noqa: BLE001 - whatever it is, the others must come in
            return Received(update_id, user_id, content), b"", error

    async def _read(self, leftover: Received) -> Json:
        sealed = await self._ground.db.read(lambda db: inbox.sealed_of(db, leftover.update_id))
        return self._ground.sealer.open(_PLACE, sealed)

    async def _try_first(self, received: Received, handler: Handler) -> Exception | None:
        """A suspect has no other suspect beside it; if it lets the process live it is none any more."""
        if not received.is_suspect:
            return await self._try(received, handler)
        async with self._one_suspect, self._slots_for(received):
            await self._write_down(lambda db: inbox.count_alone(db, received.update_id))
            failure = await self._try_in_slot(received, handler)
            if failure is not None:
                await self._write_down(lambda db: inbox.clear_of_suspicion(db, received.update_id))
        return failure

    async def _try(self, received: Received, handler: Handler) -> Exception | None:
        async with self._slots_for(received):
            return await self._try_in_slot(received, handler)

    def _slots_for(self, received: Received) -> asyncio.Semaphore:
        return self._group_slots if received.is_of_a_group else self._slots

    async def _try_in_slot(self, received: Received, handler: Handler) -> Exception | None:
        """Handle an update and mark it, or say what went wrong and leave all as it was."""
        with taken_in_hand() as hand:
            try:
                await handler(received.content or await self._read(received))
                if hand.failure is None:
                    await self._finish(received, hand)
            except Exception as error:  # noqa: BLE001 - whatever it is, the next one must have its turn
                return error
        return hand.failure

    async def _finish(self, received: Received, hand: InHand) -> None:
        def write(db: sqlite3.Connection) -> None:
            for work in hand.left:
                work(db)
            inbox.close(db, [received.update_id], "handled", self._ground.now())

        await self._write_down(write)

    async def _give_up(self, received: Received, trace: str) -> None:
        await self._write_down(lambda db: self._set_aside(db, received, trace))

    async def _write_down(self, work: Work[None]) -> None:
        """Write as soon as the disk takes it: what was answered is not answered again because of a full disk."""
        while True:
            try:
                await self._ground.db.write(work)
            except sqlite3.OperationalError as error:
                if not cannot_write_now(error):
                    raise
                log.error("inbox: %s", place_of(error))  # noqa: TRY400 - a message may quote people
                await asyncio.sleep(_DISK_PAUSE_S)
            else:
                return

    def _set_aside(self, db: sqlite3.Connection, received: Received, trace: str) -> None:
        log.error("update %d is set aside: %s", received.update_id, trace)
        inbox.close(db, [received.update_id], "set_aside", self._ground.now(), trace)
        self._tell(db, f"set-aside:{received.update_id}", received.user_id, "could_not_finish")

    def _tell(self, db: sqlite3.Connection, reference: str, user_id: int | None, kind: str) -> None:
        """Somebody whose very first words these were is told too; in a group nobody is met, nor told anything."""
        if user_id is not None and user_id > 0:
            people.add_account(db, user_id, DEFAULT_LANGUAGE, self._ground.now())
            tell_account(self._ground, db, reference, user_id, kind)


def _pause_after(failure: Exception, failures: Counter[Patience]) -> float | None:
    """Seconds until the next try, or `None` if there is none; `failures` counts those that used one up."""
    if isinstance(failure, RetryAfter):
        return seconds_of(failure)
    if cannot_write_now(failure):
        return _DISK_PAUSE_S
    patience = patience_with(failure)
    failures[patience] += 1
    return patience.pause_s(failures[patience])

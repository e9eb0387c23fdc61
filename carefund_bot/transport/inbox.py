"""Durable updates: written down before Telegram hears that we have them, handled once in effect.

`receive` commits a batch and returns what is new; only then may the next offset (or the 200 of a webhook) confirm it.
`handle` runs a handler and commits what it left together with the mark. What a crash interrupts is `waiting` at the
next start.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from telegram.error import BadRequest, NetworkError, RetryAfter

from carefund_bot.services.ground import Ground
from carefund_bot.services.in_hand import InHand, taken_in_hand
from carefund_bot.store import inbox
from carefund_bot.transport.malfunctions import place_of

Json = dict[str, Any]

TRIES: Final = 3
"""How often an update that fails is handled before it is set aside."""
TRIES_OVER_THE_NETWORK: Final = 20
"""The same when it is Telegram that does not answer: about eight minutes."""
DEADLY_STARTS: Final = 3
"""How often a process may end with an update in hand before that update is set aside."""
REMEMBER_S: Final = 2 * 86_400
"""Telegram keeps an update for a day; its id is remembered for two."""
_PLACE: Final = "inbox"
_FORGET_AT_ONCE: Final = 500
_FIRST_PAUSE_S: Final = 0.5
_LONGEST_PAUSE_S: Final = 30.0


@dataclass(frozen=True, slots=True)
class Received:
    """One update as Telegram wrote it, and the person in whose queue it stands."""

    update_id: int
    user_id: int | None
    content: Json


def sender_of(content: Json) -> int | None:
    """The person an update is from, whatever its kind."""
    for kind, body in content.items():
        if kind != "update_id":
            sender: int | None = body.get("from", {}).get("id")
            return sender
    return None


def is_passing(error: Exception) -> bool:
    """Whether an error is the network's or a flood's, which time heals."""
    return isinstance(error, NetworkError | RetryAfter) and not isinstance(error, BadRequest)


class Inbox:
    """The table of updates, and how one is handled."""

    def __init__(self, ground: Ground, tell_failed: Callable[[Received], Awaitable[None]]) -> None:
        self._ground = ground
        self._tell_failed = tell_failed

    async def receive(self, contents: Sequence[Json]) -> list[Received]:
        """Write a batch down; the updates not seen before, in order. They are safe once this returns."""
        ground = self._ground
        batch = [Received(content["update_id"], sender_of(content), content) for content in contents]
        sealed = [ground.sealer.seal(_PLACE, received.content) for received in batch]

        def write(db: sqlite3.Connection) -> list[Received]:
            now = ground.now()
            return [
                received
                for received, words in zip(batch, sealed, strict=True)
                if inbox.add(db, received.update_id, received.user_id, words, now)
            ]

        return await ground.db.write(write) if batch else []

    async def take_up(self) -> list[Received]:
        """At start: what was not handled, in order; what ended the process too often is set aside."""
        ground = self._ground

        def write(db: sqlite3.Connection) -> list[tuple[int, int | None, bytes]]:
            inbox.set_aside_deadly(db, DEADLY_STARTS, ground.now())
            inbox.count_start(db)
            return inbox.waiting(db)

        rows = await ground.db.write(write)
        return [Received(update_id, user_id, ground.sealer.open(_PLACE, sealed)) for update_id, user_id, sealed in rows]

    async def handle(self, received: Received, handler: Callable[[Received], Awaitable[None]]) -> None:
        """Run the handler until it succeeds; set the update aside once it has failed too often, and go on."""
        tries, pause_s = 0, _FIRST_PAUSE_S
        while True:
            with taken_in_hand() as hand:
                await handler(received)
            if hand.failure is None:
                await self._finish(received, hand)
                return
            tries += 1
            if tries >= (TRIES_OVER_THE_NETWORK if is_passing(hand.failure) else TRIES):
                break
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 3, _LONGEST_PAUSE_S)
        await self._close([received], "set_aside", place_of(hand.failure))
        await self._tell_failed(received)

    async def dismiss(self, flood: Sequence[Received]) -> None:
        """Take updates out of the queue unhandled: more than one person may send at once."""
        await self._close(flood, "dismissed", None)

    async def forget_old(self) -> None:
        """Forget ids that Telegram cannot send again, a few at a time."""
        before = self._ground.now() - REMEMBER_S
        while await self._ground.db.write(lambda db: inbox.forget(db, before, _FORGET_AT_ONCE), bulk=True):
            pass

    async def _finish(self, received: Received, hand: InHand) -> None:
        def write(db: sqlite3.Connection) -> None:
            for work in hand.left:
                work(db)
            inbox.close(db, [received.update_id], "handled", self._ground.now())

        await self._ground.db.write(write)

    async def _close(self, group: Sequence[Received], state: str, trace: str | None) -> None:
        ids = [received.update_id for received in group]
        await self._ground.db.write(lambda db: inbox.close(db, ids, state, self._ground.now(), trace))

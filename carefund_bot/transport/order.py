"""One person's updates one after another, people side by side.

Each person with something to do has a queue and one task, and so has each group. Somebody who floods, or whose update
waits to be tried again, holds up only the own next one. What may wait in one queue is capped. What an earlier process
left goes a few people at a time, so that a newcomer does not wait behind all of it. Whoever has something left and
writes now is begun with at once: first what was left, then what is new.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Iterable
from typing import Final

from carefund_bot.transport.inbox import Received
from carefund_bot.transport.malfunctions import place_of

log = logging.getLogger(__name__)

LEFTOVERS_AT_ONCE: Final = 8
"""So many people who only have something left are served side by side."""
WAITING_PER_PERSON: Final = 20
WAITING_PER_GROUP: Final = 2
"""In a group there is one answer to everything, and a group may get but twenty a minute."""
WAITING_IN_ALL: Final = 4_000
"""Beyond this no more is fetched: it is safe with Telegram."""


class PersonalOrder:
    """Hands each update to `handle`, in order within a person."""

    def __init__(self, handle: Callable[[Received], Awaitable[None]]) -> None:
        self._handle = handle
        self._queues: dict[int | None, deque[Received]] = {}
        self._left_by_whom: OrderedDict[int | None, None] = OrderedDict()
        """Those whose queue holds what an earlier process left, and is not begun."""
        self._tasks: set[asyncio.Task[None]] = set()
        self._room = asyncio.Event()
        self._room.set()
        self._fresh = 0
        self.waiting = 0

    def put(self, received: Received) -> None:
        """Queue an update behind its person's others; those are begun now if none was."""
        self._fresh += 1
        if self._fresh >= WAITING_IN_ALL:
            self._room.clear()
        person = received.user_id
        if self._append(received):
            self._begin(self._work_off(person))
        elif person in self._left_by_whom:
            del self._left_by_whom[person]
            self._begin(self._work_off(person))

    def take_up(self, leftovers: Iterable[Received]) -> None:
        """Queue what an earlier process left, each person's in order."""
        for received in leftovers:
            if self._append(received):
                self._left_by_whom[received.user_id] = None
        for _ in range(min(LEFTOVERS_AT_ONCE, len(self._left_by_whom))):
            self._begin(self._work_off_leftovers())

    def is_full(self, user_id: int | None) -> bool:
        """Whether a person or group has sent as much as may wait; what an earlier process left is nobody's flood."""
        if user_id is None:
            return False
        queue, most = self._queues.get(user_id, ()), WAITING_PER_PERSON if user_id > 0 else WAITING_PER_GROUP
        return len(queue) >= most and sum(not received.is_leftover for received in queue) >= most

    async def room(self) -> None:
        """Return when there is room for more."""
        await self._room.wait()

    async def drain(self, timeout_s: float) -> bool:
        """Wait until all is handled, at most so long; what is left is given up here (the inbox keeps it)."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=timeout_s)
        late = list(self._tasks)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        return self.waiting == 0

    def _append(self, received: Received) -> bool:
        """Put an update into its person's queue; true if that queue is new and somebody must work it off."""
        self.waiting += 1
        queue = self._queues.setdefault(received.user_id, deque())
        queue.append(received)
        return len(queue) == 1

    def _begin(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work_off_leftovers(self) -> None:
        while self._left_by_whom:
            person, _ = self._left_by_whom.popitem(last=False)
            await self._work_off(person)

    async def _work_off(self, user_id: int | None) -> None:
        queue = self._queues[user_id]
        while queue:
            await self._handle_one(queue[0])
            self._note_done(queue.popleft())
        del self._queues[user_id]

    async def _handle_one(self, received: Received) -> None:
        try:
            await self._handle(received)
        except Exception as error:  # noqa: BLE001 - it stays in the inbox; the person's next one must have its turn
            log.error("update %d: %s", received.update_id, place_of(error))  # noqa: TRY400 - may quote people

    def _note_done(self, received: Received) -> None:
        self.waiting -= 1
        if not received.is_leftover:
            self._fresh -= 1
        if self._fresh < WAITING_IN_ALL:
            self._room.set()

"""One person's updates one after another, people side by side.

Each person with something to do has a queue and one task; a task takes one of many slots for one update and gives it
back, so that somebody who floods holds a single slot and delays nobody. What a person may have waiting is capped.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final

from carefund_bot.transport.inbox import Received

SLOTS: Final = 256
WAITING_PER_PERSON: Final = 20
WAITING_IN_ALL: Final = 4_000
"""Beyond this no more is fetched: it is safe with Telegram."""


class PersonalOrder:
    """Hands each update to `handle`, in order within a person."""

    def __init__(self, handle: Callable[[Received], Awaitable[None]]) -> None:
        self._handle = handle
        self._queues: dict[int | None, deque[Received]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._slots = asyncio.Semaphore(SLOTS)
        self._room = asyncio.Event()
        self._room.set()
        self.waiting = 0

    def put(self, received: Received) -> None:
        """Queue an update behind its person's others."""
        self.waiting += 1
        if self.waiting >= WAITING_IN_ALL:
            self._room.clear()
        queue = self._queues.get(received.user_id)
        if queue is not None:
            queue.append(received)
            return
        self._queues[received.user_id] = deque([received])
        task = asyncio.create_task(self._work_off(received.user_id))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def is_full(self, user_id: int | None) -> bool:
        """Whether a person has as much waiting as one may."""
        return user_id is not None and len(self._queues.get(user_id, ())) >= WAITING_PER_PERSON

    async def room(self) -> None:
        """Return when there is room for more."""
        await self._room.wait()

    async def drain(self, timeout_s: float) -> bool:
        """Wait until all is handled, at most so long; what is left is given up here (the inbox keeps it)."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=timeout_s)
        left = list(self._tasks)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        return not left

    async def _work_off(self, user_id: int | None) -> None:
        queue = self._queues[user_id]
        while queue:
            async with self._slots:
                await self._handle(queue[0])
            queue.popleft()
            self.waiting -= 1
            if self.waiting < WAITING_IN_ALL:
                self._room.set()
        del self._queues[user_id]

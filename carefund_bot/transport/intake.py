"""From Telegram to the handlers: written down, spinner stopped, put in its person's queue, handled once in effect."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

from telegram.error import TelegramError

from carefund_bot.services.ground import Ground
from carefund_bot.transport.bot import FundBot
from carefund_bot.transport.inbox import SLOTS, Inbox, Json, Received
from carefund_bot.transport.order import PersonalOrder


class Intake:
    """Takes batches from a poll or a webhook. `take` returns once they are safe."""

    def __init__(self, ground: Ground, bot: FundBot, handler: Callable[[Json], Awaitable[None]]) -> None:
        self._bot = bot
        self._handler = handler
        self.inbox = Inbox(ground, asyncio.Semaphore(SLOTS))
        self.order = PersonalOrder(self._handle)
        self._stopping_spinners: set[asyncio.Task[None]] = set()

    async def take_up(self) -> None:
        """Go on with what an earlier process left. Before anything is taken: a person's older updates come first."""
        self.order.take_up(await self.inbox.take_up())

    async def take(self, contents: Sequence[Json]) -> None:
        """Write a batch down and queue what is new in it; waits while too much is queued already."""
        flood: list[Received] = []
        for received in await self.inbox.receive(contents):
            if received.content and "callback_query" in received.content:
                self._stop_spinner(received.content["callback_query"]["id"])
            if self.order.is_full(received.user_id):
                flood.append(received)
            else:
                self.order.put(received)
        if flood:
            await self.inbox.dismiss(flood)
        await self.order.room()

    async def drain(self, timeout_s: float) -> bool:
        """Handle what is queued, at most so long; true if nothing is left over."""
        done = await self.order.drain(timeout_s)
        await self.inbox.note_good_end()
        for task in self._stopping_spinners:
            task.cancel()
        return done

    async def _handle(self, received: Received) -> None:
        await self.inbox.handle(received, self._handler)

    def _stop_spinner(self, query_id: str) -> None:
        task = asyncio.create_task(self._answer(query_id))
        self._stopping_spinners.add(task)
        task.add_done_callback(self._stopping_spinners.discard)

    async def _answer(self, query_id: str) -> None:
        with suppress(TelegramError):  # too old to be answered: what the button asks is done all the same
            await self._bot.answer_callback_query(query_id)

"""From Telegram to the handlers: written down, spinner stopped, put in its person's queue, handled once in effect."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Final

from telegram.error import TelegramError

from carefund_bot.services.ground import Ground
from carefund_bot.store import people
from carefund_bot.texts import everyone as texts
from carefund_bot.texts.words import DEFAULT_LANGUAGE, words_in
from carefund_bot.transport.bot import FundBot
from carefund_bot.transport.inbox import Inbox, Json, Received
from carefund_bot.transport.order import PersonalOrder

_KIND_WORD_EVERY_S: Final = 60


class Intake:
    """Takes batches from a poll or a webhook. `take` returns once they are safe."""

    def __init__(self, ground: Ground, bot: FundBot, handler: Callable[[Json], Awaitable[None]]) -> None:
        self._ground = ground
        self._bot = bot
        self._handler = handler
        self.inbox = Inbox(ground, self._say_sorry)
        self.order = PersonalOrder(self._handle)
        self._sending: set[asyncio.Task[None]] = set()
        self._slowed_down_at: dict[int, int] = {}

    async def take_up(self) -> None:
        """Go on with what an earlier process left."""
        for received in await self.inbox.take_up():
            self.order.put(received)

    async def take(self, contents: Sequence[Json]) -> None:
        """Write a batch down and queue what is new in it; waits while too much is queued already."""
        flood: list[Received] = []
        for received in await self.inbox.receive(contents):
            if "callback_query" in received.content:
                self._send(self._stop_spinner(received.content["callback_query"]["id"]))
            if self.order.is_full(received.user_id):
                flood.append(received)
            else:
                self.order.put(received)
        if flood:
            await self._slow_down(flood)
        await self.order.room()

    async def drain(self, timeout_s: float) -> bool:
        """Handle what is queued, at most so long; true if nothing is left over."""
        done = await self.order.drain(timeout_s)
        if self._sending:
            await asyncio.wait(self._sending, timeout=1)
        return done

    async def _handle(self, received: Received) -> None:
        await self.inbox.handle(received, lambda one: self._handler(one.content))

    async def _slow_down(self, flood: Sequence[Received]) -> None:
        await self.inbox.dismiss(flood)
        now = self._ground.now()
        for user_id in {received.user_id for received in flood if received.user_id is not None}:
            if now - self._slowed_down_at.get(user_id, 0) >= _KIND_WORD_EVERY_S:
                self._slowed_down_at[user_id] = now
                self._send(self._tell(user_id, slow_down=True))

    async def _say_sorry(self, received: Received) -> None:
        if received.user_id is not None:
            self._send(self._tell(received.user_id, slow_down=False))

    async def _stop_spinner(self, query_id: str) -> None:
        with suppress(TelegramError):  # too old to be answered: what the button asks is done all the same
            await self._bot.answer_callback_query(query_id)

    async def _tell(self, user_id: int, *, slow_down: bool) -> None:
        words = words_in(await self._language_of(user_id))
        text = texts.slow_down(words) if slow_down else texts.could_not_finish(words)
        with suppress(TelegramError):
            await self._bot.send_message(user_id, str(text), parse_mode="HTML")

    async def _language_of(self, user_id: int) -> str:
        account = await self._ground.db.read(lambda db: people.find_account(db, user_id))
        return account.language if account else DEFAULT_LANGUAGE

    def _send(self, sending: Awaitable[None]) -> None:
        task = asyncio.ensure_future(sending)
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

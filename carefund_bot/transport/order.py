"""One person's updates one after another, people side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any

from telegram import Update
from telegram.ext import BaseUpdateProcessor


class PersonalOrder(BaseUpdateProcessor):
    """Runs up to `slots` updates at once; those of one person wait for each other in the order they came."""

    def __init__(self, slots: int) -> None:
        super().__init__(slots)
        self._last: dict[int, asyncio.Future[None]] = {}

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        user = update.effective_user if isinstance(update, Update) else None
        if user is None:
            await coroutine
            return
        before, mine = self._last.get(user.id), asyncio.get_running_loop().create_future()
        self._last[user.id] = mine
        try:
            if before is not None:
                await before
            await coroutine
        finally:
            mine.set_result(None)
            if self._last.get(user.id) is mine:
                del self._last[user.id]

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to close."""

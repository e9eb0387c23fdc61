"""Delivery of updates to the bot's webhook: one queue per chat, retries that double, Retry-After obeyed."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress

import aiohttp

from sandbox.errors import Json
from sandbox.updates import Update, UpdateQueue

LONGEST_PAUSE_S = 60.0
LONGEST_OBEYED_PAUSE_S = 3600.0
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name, not a secret

MethodCall = Callable[[str, Json], Awaitable[object]]


class Webhook:
    """Idle until `set` gives it an address; http addresses are taken, as by a real server in --local mode."""

    def __init__(self, updates: UpdateQueue) -> None:
        self.updates = updates
        self.url = ""
        self.secret = ""
        self.max_connections = 40
        self.first_pause_s = 1.0
        self.last_error: Json = {}
        self.call_method: MethodCall | None = None
        self._loop_task: asyncio.Task[None] | None = None
        self._busy: dict[int, asyncio.Task[None]] = {}

    async def set(self, url: str, secret: str, max_connections: int) -> None:
        await self.stop()
        self.url, self.secret, self.max_connections = url, secret, max_connections
        self.last_error = {}
        if url:
            self._loop_task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        tasks = [*self._busy.values(), *([self._loop_task] if self._loop_task else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._busy.clear()
        self._loop_task = None

    def info(self) -> Json:
        info: Json = {
            "url": self.url,
            "has_custom_certificate": False,
            "pending_update_count": len(self.updates.fresh()),
            **self.last_error,
        }
        if self.url:
            info |= {"max_connections": self.max_connections, "ip_address": "127.0.0.1"}
        return info | {"allowed_updates": sorted(self.updates.allowed)} if self.updates.allowed else info

    async def _run(self) -> None:
        timeout = aiohttp.ClientTimeout(total=60)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            while True:
                self.updates.arrived.clear()
                for update in self.updates.fresh():
                    if update.queue_id not in self._busy and len(self._busy) < self.max_connections:
                        self._busy[update.queue_id] = asyncio.create_task(self._deliver(session, update))
                await self.updates.arrived.wait()

    async def _deliver(self, session: aiohttp.ClientSession, update: Update) -> None:
        pause_s = self.first_pause_s
        try:
            while update in self.updates.fresh():
                asked_pause_s = await self._attempt(session, update)
                if asked_pause_s is None:
                    return
                await asyncio.sleep(asked_pause_s or pause_s)
                pause_s = min(pause_s * 2, LONGEST_PAUSE_S)
        finally:
            self._busy.pop(update.queue_id, None)
            self.updates.arrived.set()

    async def _attempt(self, session: aiohttp.ClientSession, update: Update) -> float | None:
        """Post once; None when taken, else the seconds our side asked to wait (0: it did not say)."""
        headers = {SECRET_HEADER: self.secret} if self.secret else {}
        try:
            async with session.post(self.url, json=update.as_json(), headers=headers) as response:
                if response.ok:
                    self.updates.remove(update)
                    await self._obey(await response.text())
                    return None
                self._note(f"Wrong response from the webhook: {response.status} {response.reason}")
                asked = response.headers.get("Retry-After", "")
                return min(float(asked), LONGEST_OBEYED_PAUSE_S) if asked.isdecimal() else 0.0
        except (aiohttp.ClientError, TimeoutError) as error:
            self._note(f"Connection failed: {type(error).__name__}")
            return 0.0

    async def _obey(self, body: str) -> None:
        """A webhook may answer with a method call."""
        with suppress(json.JSONDecodeError):
            answer = json.loads(body)
            if self.call_method and isinstance(answer, dict) and isinstance(answer.get("method"), str):
                await self.call_method(answer.pop("method"), answer)

    def _note(self, words: str) -> None:
        self.last_error = {"last_error_date": int(time.time()), "last_error_message": words}

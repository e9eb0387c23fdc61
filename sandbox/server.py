"""The sandbox as a server: Bot API calls, file downloads and the phone page on one loopback port."""

import asyncio
import re
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from inspect import isawaitable
from pathlib import Path
from typing import Any, Self

from aiohttp import web

import sandbox.methods  # noqa: F401 - fills the table of methods
from sandbox import hands, saving
from sandbox.calls import Arguments, Method, Request, as_fields, find_method, read_request
from sandbox.errors import ApiError, Json
from sandbox.faults import Faults, Limits, SpoiledAnswer, spoil
from sandbox.files import DOWNLOAD_LIMIT_BYTES, UPLOAD_LIMIT_BYTES
from sandbox.people import Group, Person
from sandbox.phone import Phone
from sandbox.telegram import Telegram

QUIET_S = 0.03
QUIET_AS_TOLD_S = 0.005
SAVE_EVERY_S = 3.0
SENDING = re.compile(r"(?:send|copy|forward|edit)(?!ChatAction)\w+")


@dataclass(frozen=True, slots=True)
class Send:
    """A message that was let through: when (time.monotonic), to which chat, by which method."""

    time: float
    chat_id: object
    method: str


class Sandbox:
    """A pretend Telegram with one bot. PTB: base_url=f"{url}/bot", base_file_url=f"{url}/file/bot"."""

    def __init__(
        self,
        token: str = "100200:SANDBOX-TOKEN-NOT-A-SECRET",  # noqa: S107 - opens nothing but this pretend
        *,
        clock: Callable[[], float] = time.time,
        state_file: Path | None = None,
    ) -> None:
        self.token = token
        self.url = ""
        self.telegram = Telegram(token, clock)
        self.faults = Faults()
        self.limits: Limits | None = None
        self.calls: Counter[str] = Counter()
        self.sends: list[Send] = []
        self.busy_checks: list[Callable[[], bool]] = []  # more that `settled` waits for, e.g. the bot's own work
        # What the page suggests above a phone: {"person": name, "title", "text", "start"?, "say"?, "files"?: [path]}
        # and, with `_en` behind the name, the same in English.
        self.page_hint: list[Json] = []
        self._state_file = state_file
        self._running = 0
        self._last_call = 0.0
        self._runner: web.AppRunner | None = None
        self._saver: asyncio.Task[None] | None = None
        self.telegram.webhook.call_method = self._call_from_webhook
        if state_file:
            saving.load(self.telegram, state_file)
        accounts = self.telegram.accounts.values()
        self._people = {account.name: Person(self.telegram, account, self.settled) for account in accounts}

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen; port 0 takes a free one. OSError if the port is taken."""
        app = web.Application(client_max_size=UPLOAD_LIMIT_BYTES + 1024 * 1024)
        app.router.add_route("*", "/bot{token:[^/]+}/{method}", self._answer)
        app.router.add_get("/file/bot{token:[^/]+}/{path:.+}", self._download)
        Phone(self).add_routes(app)
        self._runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.2, access_log=None)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, host, port).start()
        except OSError:
            await self._runner.cleanup()
            raise
        self.url = f"http://{host}:{self._runner.addresses[0][1]}"
        if self._state_file:
            self._saver = asyncio.create_task(self._save_regularly(self._state_file))

    async def stop(self) -> None:
        self.telegram.updates.release_poll()
        await self.telegram.webhook.stop()
        if self._runner:
            await self._runner.cleanup()
        if self._saver:
            self._saver.cancel()
            with suppress(asyncio.CancelledError):
                await self._saver
        if self._state_file:
            saving.save(self.telegram, self._state_file)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    def person(self, name: str, *, language_code: str = "zh-hans", user_id: int | None = None) -> Person:
        """The person of that name, made on first mention."""
        if name not in self._people:
            account = self.telegram.open_account(name, language_code, user_id)
            self._people[name] = Person(self.telegram, account, self.settled)
        return self._people[name]

    def group(self, title: str, *members: Person, bot_is_admin: bool = False) -> Group:
        """A new group chat with the bot in it."""
        chat = self.telegram.open_group(title, [person.id for person in members], bot_is_admin=bot_is_admin)
        if members:
            hands.add_bot(self.telegram, members[0].account, chat)
        return Group(self.telegram, chat, self.settled)

    async def settled(self, timeout: float = 10) -> None:  # noqa: ASYNC109 - part of what callers agreed on
        """Wait until no update is unconfirmed, no call runs, and nothing came for a moment."""
        deadline = time.monotonic() + timeout
        await asyncio.sleep(0)  # whoever asks again and again must let others work
        while not self._is_quiet():
            if time.monotonic() > deadline:
                waiting = len(self.telegram.updates.fresh())
                raise TimeoutError(f"not settled: {waiting} updates unconfirmed, {self._running} calls running")
            await asyncio.sleep(0.004)

    def _is_quiet(self) -> bool:
        if self.telegram.updates.fresh() or self._running or any(is_busy() for is_busy in self.busy_checks):
            return False
        quiet_s = QUIET_AS_TOLD_S if self.busy_checks else QUIET_S  # who says when it is busy need not be guessed at
        return time.monotonic() - max(self._last_call, self.telegram.updates.last_change) > quiet_s

    async def _answer(self, http: web.Request) -> web.StreamResponse:
        try:
            self._check_token(http)
            method = find_method(http.match_info["method"])
            answer = await self._perform(method, await read_request(http), http)
        except SpoiledAnswer as spoiled:
            return spoiled.response
        except ApiError as error:
            return web.json_response(error.as_answer(), status=error.status)
        return web.json_response(answer)

    def _check_token(self, http: web.Request) -> None:
        token = http.match_info["token"]
        if not re.fullmatch(r"\d+:.+", token):
            raise ApiError(404, "Not Found")
        if token != self.token:
            raise ApiError(401, "Unauthorized")

    async def _perform(self, method: Method, request: Request, http: web.Request) -> Json:
        """Count the call and run it, in whatever weather is planned."""
        self.calls[method.name] += 1
        is_poll = method.name == "getUpdates"
        self._running += not is_poll
        try:
            return await self._weather(method, request, http)
        finally:
            self._running -= not is_poll
            if not is_poll:
                self._last_call = time.monotonic()

    async def _weather(self, method: Method, request: Request, http: web.Request) -> Json:
        arguments = method.read(request)
        fault = self.faults.take(method.name, arguments.get("chat_id"))
        if fault and not fault.after:
            await spoil(fault, http, None)
        answer = {"ok": True, "result": await self._run(method, arguments)}
        if fault and fault.after:
            await spoil(fault, http, answer)
        return answer

    async def _run(self, method: Method, arguments: Arguments) -> Any:
        is_send = SENDING.fullmatch(method.name) is not None
        now = time.monotonic()
        if is_send and self.limits:
            self.limits.admit(arguments["chat_id"], now)
        result = method.function(self.telegram, arguments)
        result = await result if isawaitable(result) else result
        if is_send:
            self.sends.append(Send(now, arguments["chat_id"], method.name))
        return result

    async def _call_from_webhook(self, name: str, body: Json) -> None:
        """A method named in the webhook's answer; Telegram tells nobody how it went."""
        with suppress(ApiError):
            method = find_method(name)
            self.calls[method.name] += 1
            await self._run(method, method.read(Request(as_fields(body), {})))

    async def _download(self, http: web.Request) -> web.StreamResponse:
        try:
            self._check_token(http)
        except ApiError as error:
            return web.json_response(error.as_answer(), status=error.status)
        stored = self.telegram.files.find_by_path(http.match_info["path"])
        if stored is None or len(stored.content) > DOWNLOAD_LIMIT_BYTES:
            return web.json_response(ApiError(404, "Not Found").as_answer(), status=404)
        return web.Response(body=stored.content, content_type="application/octet-stream")

    async def _save_regularly(self, state_file: Path) -> None:
        saved = self.telegram.revision
        while True:
            await asyncio.sleep(SAVE_EVERY_S)
            if self.telegram.revision != saved:
                saved = self.telegram.revision
                saving.save(self.telegram, state_file)

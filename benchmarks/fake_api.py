"""A Bot API that only counts: bare asyncio, several thousand calls a second, so that it is never what is measured.

    python -m benchmarks.fake_api PORT

Three paths steer it: /load?JSON starts a new load (see `Load`), /progress and /report tell what came of it. Waits are
measured from the moment an update was handed out to the moment the answer to its chat *arrived* here.
"""

from __future__ import annotations

import asyncio
import json
import math
import random
import re
import sys
import time
from bisect import bisect_right
from collections import deque
from dataclasses import dataclass, field
from typing import Any, Final, cast
from urllib.parse import unquote

BATCH: Final = 100
_CHAT_ID: Final = re.compile(rb'(?:chat_id"?[=:]\s*"?|name="chat_id"[^\d-]+)(-?\d+)')
_LENGTH: Final = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_LONG_POLL_S: Final = re.compile(rb'timeout"?[=:]\s*"?(\d+)')
_METHOD: Final = re.compile(rb"^(?:GET|POST) (?:/bot[^/]+)?/([A-Za-z]+)\??([^ ]*)")
_ME: Final = {"id": 100200, "is_bot": True, "first_name": "Bench", "username": "bench_bot"}


@dataclass(frozen=True, slots=True)
class Load:
    """What people do: `updates` messages saying `text`, from `people` in turn; or, if there is a `button`, presses.

    They come by chance, `per_second` on average from the first send on; if that is 0, as they are answered, with
    `at_once` of them waiting.
    """

    text: str = "/start"
    button: str = ""
    """What the pressed button holds; `{person}` stands for who presses."""
    updates: int = 0
    people: int = 1_000
    at_once: int = 1_000
    first_id: int = 0
    """Number updates from here on; 0: go on from the load before."""
    per_second: float = 0
    latency_s: float = 0
    limit: int = 0
    """Sends in any second; one more is refused, and all for `punish_s` seconds."""
    punish_s: float = 3
    seconds: float = 0
    """Count sends for so long after the first one; 0: until all updates are answered."""


@dataclass(slots=True)
class Report:
    """What has been seen since the load began."""

    first_poll_at: float = 0
    handed_out: int = 0
    answered: int = 0
    first_at: float = 0
    """Monotonic seconds of the first update handed out, or of the first send."""
    last_at: float = 0
    sends: int = 0
    refused: int = 0
    waits: list[float] = field(default_factory=list)


class Telegram:
    """The state of one load. Update ids go on from load to load, as a bot that remembers them expects."""

    def __init__(self, load: Load, first_id: int) -> None:
        self.load = load
        self.report = Report()
        self.next_id = self._first_id = first_id
        self._waiting: dict[int, deque[float]] = {}
        self._window: deque[float] = deque()
        self._refused_until = 0.0
        self._arrivals: list[float] = []
        if load.per_second:
            chance, at = random.Random(7), 0.0  # noqa: S311 - people come as they like, the same each run
            for _ in range(load.updates):
                at += chance.expovariate(load.per_second)
                self._arrivals.append(at)

    def updates(self, now: float) -> list[dict[str, Any]]:
        """The next batch; its people wait from now on."""
        load = self.load
        ids = range(self.next_id, min(self.next_id + BATCH, self._first_id + self._come(now)))
        for update_id in ids:
            self._waiting.setdefault(1 + update_id % load.people, deque()).append(now)
        if ids:
            self.next_id = ids.stop
            self.report.handed_out += len(ids)
            self.report.first_at = self.report.first_at or now
        return [self._update(update_id, 1 + update_id % load.people) for update_id in ids]

    def _update(self, update_id: int, person: int) -> dict[str, Any]:
        if self.load.button:
            return press(update_id, person, self.load.button.format(person=person))
        return update(update_id, person, self.load.text)

    def _come(self, now: float) -> int:
        """How many updates have come by now."""
        if self.load.per_second:
            return bisect_right(self._arrivals, self._elapsed_s(now))
        has_room = self.report.handed_out - self.report.answered <= self.load.at_once - BATCH
        return self.load.updates if has_room else self.report.handed_out

    def may_come(self) -> bool:
        """Whether the latest send may have brought updates on."""
        return self.report.sends <= 1 if self.load.per_second else self._come(0) > self.report.handed_out

    def next_at(self) -> float:
        """When the next update comes; people begin to ask with the first send."""
        place = self.next_id - self._first_id
        if not self.report.first_at or place >= len(self._arrivals):
            return math.inf
        return self.report.first_at + self._arrivals[place]

    def _elapsed_s(self, now: float) -> float:
        return now - self.report.first_at if self.report.first_at else 0.0

    def send(self, chat_id: int) -> int:
        """Count a message; 0 if it is let through, else seconds to wait."""
        now, report, load = time.monotonic(), self.report, self.load
        if load.limit and (left_s := self._refusal(now)):
            report.refused += 1
            return left_s
        report.first_at = report.first_at or now
        if not load.seconds or now - report.first_at <= load.seconds:
            report.sends += 1
            report.last_at = now
        waiting = self._waiting.get(chat_id)
        if waiting:
            report.waits.append(now - waiting.popleft())
            report.answered += 1
        return 0

    def _refusal(self, now: float) -> int:
        while self._window and self._window[0] <= now - 1:
            self._window.popleft()
        if now >= self._refused_until and len(self._window) >= self.load.limit:
            self._refused_until = now + self.load.punish_s
        if now < self._refused_until:
            return int(self._refused_until - now) + 1
        self._window.append(now)
        return 0

    def progress(self) -> dict[str, Any]:
        """The report without the waits: to be asked often it must cost nothing."""
        told = {name: getattr(self.report, name) for name in Report.__slots__ if name != "waits"}
        return told | {"elapsed_s": self._elapsed_s(time.monotonic())}

    def tell(self) -> dict[str, Any]:
        """The report; waits sorted, those still waiting counted as if answered now."""
        now = time.monotonic()
        unanswered = [now - since for waiting in self._waiting.values() for since in waiting]
        waits = sorted([*self.report.waits, *unanswered])
        return self.progress() | {"still_waiting": len(unanswered), "waits": waits}


class Server:
    """The load in hand and the poll that waits, if one does."""

    def __init__(self) -> None:
        self.telegram = Telegram(Load(), 1)
        self._poll: tuple[Connection, float] | None = None
        self._timer: asyncio.TimerHandle | None = None

    def begin(self, load: Load) -> None:
        """Forget the load before; a poll that waits gets what there is now."""
        self.telegram = Telegram(load, load.first_id or self.telegram.next_id)
        self.answer_poll()

    def poll(self, connection: Connection, wait_s: float) -> None:
        """Answer now if there is something, else when there is, or after `wait_s`."""
        now = time.monotonic()
        self.telegram.report.first_poll_at = self.telegram.report.first_poll_at or now
        self._poll = connection, now + wait_s
        self.answer_poll()

    def look(self) -> None:
        """A send may let the next people ask."""
        if self._poll is not None and self.telegram.may_come():
            self.answer_poll()

    def answer_poll(self) -> None:
        """Answer the poll that waits, if there is one, when there is something to say."""
        if self._timer is not None:
            self._timer.cancel()
        if self._poll is None:
            return
        now, (connection, until) = time.monotonic(), self._poll
        batch = self.telegram.updates(now)
        if batch or until <= now:
            self._poll = None
            connection.answer(batch)
        else:
            again_at = min(until, self.telegram.next_at())
            self._timer = asyncio.get_running_loop().call_later(max(again_at - now, 0.001), self.answer_poll)


class Connection(asyncio.Protocol):
    """One kept-alive HTTP/1.1 connection."""

    transport: asyncio.Transport

    def __init__(self, server: Server) -> None:
        self._server = server
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)  # uvloop's is no subclass of it

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            length = _LENGTH.search(self._buffer, 0, end)
            whole = end + 4 + (int(length[1]) if length else 0)
            if len(self._buffer) < whole:
                return
            request, self._buffer = self._buffer[:whole], self._buffer[whole:]
            self._take(request, request[end + 4 :])

    def _take(self, request: bytes, body: bytes) -> None:
        match = _METHOD.match(request)
        assert match is not None
        method, query = match[1].decode(), match[2]
        if method == "load":
            self._server.begin(Load(**json.loads(unquote(query.decode()))))
            self.answer(True)  # noqa: FBT003 - JSON's true
        elif method == "progress":
            self.answer(self._server.telegram.progress())
        elif method == "report":
            self.answer(self._server.telegram.tell())
        elif method == "getUpdates":
            wait_s = _LONG_POLL_S.search(body)
            self._server.poll(self, int(wait_s[1]) if wait_s else 0)
        elif method == "getMe":
            self.answer(_ME)
        elif method.startswith(("send", "edit")):
            self._send(body)
        else:
            self.answer(True)  # noqa: FBT003 - JSON's true

    def _send(self, body: bytes) -> None:
        chat = _CHAT_ID.search(body)
        assert chat is not None
        chat_id, telegram = int(chat[1]), self._server.telegram
        refused_s = telegram.send(chat_id)
        self._server.look()
        latency_s = telegram.load.latency_s
        if latency_s:
            asyncio.get_running_loop().call_later(latency_s, self._answer_send, chat_id, refused_s)
        else:
            self._answer_send(chat_id, refused_s)

    def _answer_send(self, chat_id: int, refused_s: int) -> None:
        if refused_s:
            words = f"Too Many Requests: retry after {refused_s}"
            answer = {"ok": False, "error_code": 429, "description": words, "parameters": {"retry_after": refused_s}}
            self._write(b"429 Too Many Requests", answer)
        else:
            chat = {"id": chat_id, "type": "private", "first_name": "P"}
            self.answer({"message_id": 1, "date": 1_700_000_000, "chat": chat, "from": _ME, "text": "ok"})

    def answer(self, result: object) -> None:
        """200 with a result."""
        self._write(b"200 OK", {"ok": True, "result": result})

    def _write(self, status: bytes, answer: object) -> None:
        if not self.transport.is_closing():
            body = json.dumps(answer).encode()
            head = b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % (status, len(body))
            self.transport.write(head + body)


def update(update_id: int, person: int, text: str) -> dict[str, Any]:
    """Somebody says something."""
    message = _message(update_id, person, text) | {"from": _sender(person)}
    if text.startswith("/"):
        message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}]
    return {"update_id": update_id, "message": message}


def press(update_id: int, person: int, data: str) -> dict[str, Any]:
    """Somebody presses a button under a message of ours."""
    message = _message(update_id, person, "?") | {"from": _ME}
    query = {"id": str(update_id), "chat_instance": "1", "from": _sender(person), "message": message, "data": data}
    return {"update_id": update_id, "callback_query": query}


def _sender(person: int) -> dict[str, Any]:
    return {"id": person, "is_bot": False, "first_name": "P", "language_code": "zh-hans"}


def _message(message_id: int, person: int, text: str) -> dict[str, Any]:
    chat = {"id": person, "type": "private", "first_name": "P"}
    return {"message_id": message_id, "date": 1_700_000_000, "chat": chat, "text": text}


async def serve(port: int) -> None:
    """Serve until killed."""
    server = Server()
    listening = await asyncio.get_running_loop().create_server(lambda: Connection(server), "127.0.0.1", port)
    await listening.serve_forever()


if __name__ == "__main__":
    import uvloop

    uvloop.run(serve(int(sys.argv[1])))

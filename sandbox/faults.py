"""Bad weather on demand: refusals, lost answers, broken connections, and Telegram's limits on sending."""

import asyncio
import json
import math
import random
from collections import defaultdict, deque
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Literal

from aiohttp import web

from sandbox.errors import ApiError, Json, too_many_requests

FaultKind = Literal["status", "hang", "reset", "torn", "slow"]
EVERY_METHOD = "*"  # every method but getUpdates, which must be named


@dataclass(frozen=True, slots=True)
class Fault:
    """One way an answer goes wrong; `after`: the call took effect, only its answer is lost."""

    kind: FaultKind
    status: int = 0
    seconds: float = 0
    after: bool = False


def flood(retry_after_s: int, *, after: bool = False) -> Fault:
    """429 with retry_after."""
    return Fault("status", 429, retry_after_s, after)


def server_error(status: int = 500, *, after: bool = False) -> Fault:
    """500, 502, ..."""
    return Fault("status", status, after=after)


def hang(*, after: bool = False) -> Fault:
    """Never answer."""
    return Fault("hang", after=after)


def reset(*, after: bool = False) -> Fault:
    """Drop the connection."""
    return Fault("reset", after=after)


def torn(*, after: bool = True) -> Fault:
    """Half an answer, which is no JSON."""
    return Fault("torn", after=after)


def slow(seconds: float, *, after: bool = False) -> Fault:
    """Answer rightly, but late."""
    return Fault("slow", seconds=seconds, after=after)


@dataclass(slots=True)
class _Plan:
    method: str
    fault: Fault
    left: int | None
    chat_id: int | None
    chance: float

    def concerns(self, method: str, chat_id: object) -> bool:
        if self.method == EVERY_METHOD:
            return method != "getUpdates" and self.chat_id in (None, chat_id)
        return self.method == method and self.chat_id in (None, chat_id)


class Faults:
    """What shall go wrong next; the first plan that fits a call is used."""

    def __init__(self, seed: int = 0) -> None:
        self._plans: list[_Plan] = []
        self._random = random.Random(seed)

    def next(self, method: str, fault: Fault, *, count: int = 1, chat_id: int | None = None) -> None:
        """Spoil the next `count` calls of a method ("*": of any)."""
        self._plans.append(_Plan(method, fault, count, chat_id, 1.0))

    def every(self, method: str, fault: Fault, *, chance: float = 1.0, chat_id: int | None = None) -> None:
        """Spoil all calls of a method from now on, or the given share of them."""
        self._plans.append(_Plan(method, fault, None, chat_id, chance))

    def clear(self) -> None:
        self._plans.clear()

    def take(self, method: str, chat_id: object) -> Fault | None:
        """The fault that hits this call, used up if it was counted."""
        for plan in self._plans:
            if plan.concerns(method, chat_id) and self._random.random() < plan.chance:
                if plan.left is not None:
                    plan.left -= 1
                    self._plans = [kept for kept in self._plans if kept.left != 0]
                return plan.fault
        return None


async def spoil(fault: Fault, http: web.Request, answer: Json | None) -> None:
    """Let `fault` happen; returns only if the right answer may still go out (a slow one)."""
    if fault.kind == "slow":
        await asyncio.sleep(fault.seconds)
    elif fault.kind == "hang":
        await asyncio.Event().wait()
    elif fault.kind == "reset":
        if http.transport is not None:
            http.transport.abort()
        raise asyncio.CancelledError
    elif fault.kind == "torn":
        whole = json.dumps(answer or {"ok": True, "result": True})
        raise SpoiledAnswer(web.Response(text=whole[: len(whole) // 2], content_type="application/json"))
    elif fault.status == 429:
        raise too_many_requests(int(fault.seconds))
    elif (
        fault.status <= HTTPStatus.INTERNAL_SERVER_ERROR
    ):  # Telegram's own words; above that speaks what stands before it
        raise ApiError(fault.status, HTTPStatus(fault.status).phrase)
    else:
        raise SpoiledAnswer(web.Response(status=fault.status, text="<html>Bad Gateway</html>"))


class SpoiledAnswer(Exception):  # noqa: N818 - it carries an answer, it is no error of ours
    def __init__(self, response: web.Response) -> None:
        super().__init__(response.status)
        self.response = response


@dataclass(slots=True)
class Limits:
    """Telegram's pace as a strict sliding window; None lifts a limit. A refusal holds for `punish_seconds`."""

    per_second: int | None = 30
    per_chat_per_second: int | None = None
    per_group_per_minute: int | None = None
    punish_seconds: float = 3
    _sent: dict[object, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    _refused_until: dict[object, float] = field(default_factory=dict)

    def admit(self, chat_id: object, now: float) -> None:
        """Count a send at `now` (seconds of any steady clock), or refuse it with 429."""
        windows = self._windows(chat_id)
        for key, most, seconds in windows:
            self._refuse_if_over(key, most, seconds, now)
        for key, _, _ in windows:
            self._sent[key].append(now)

    def _windows(self, chat_id: object) -> list[tuple[object, int, float]]:
        is_group = isinstance(chat_id, int) and chat_id < 0
        per_group = self.per_group_per_minute if is_group else None
        windows = (
            ("all", self.per_second, 1.0),
            (("second", chat_id), self.per_chat_per_second, 1.0),
            (("minute", chat_id), per_group, 60.0),
        )
        return [(key, most, seconds) for key, most, seconds in windows if most is not None]

    def _refuse_if_over(self, key: object, most: int, seconds: float, now: float) -> None:
        sent = self._sent[key]
        while sent and sent[0] <= now - seconds:
            sent.popleft()
        if self._refused_until.get(key, 0) <= now and len(sent) >= most:
            self._refused_until[key] = max(now + self.punish_seconds, sent[0] + seconds)
        if (left := self._refused_until.get(key, 0) - now) > 0:
            raise too_many_requests(math.ceil(left))

"""How fast the bot speaks: replies first, notices with what is left, and never more than Telegram's measure.

Telegram's measure is meant for notices, and answering people may go far beyond it. So both share one measure while a
notice is under way; only when people ask for more than all of it do replies go beyond, up to a measure of their own.

A notice leaves the next place to a reply: it goes only if a second one is free too, or about to be. Notices go at even
distances, so places come free at even distances, and the reply that finds none has the next one soon.
"""

from __future__ import annotations

import asyncio
import math
from collections import deque
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto
from typing import Any, Final

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

from carefund_bot.transport.places import Places
from carefund_bot.transport.polling import seconds_of
from carefund_bot.transport.request import NotSent

NOTICE: Final = "notice"
"""`bot.send_message(..., rate_limit_args=NOTICE)`; whatever does not say so is a reply."""

_ABOUT_TO_BE_FREE_S: Final = 0.010
_CATCH_UP_S: Final = 0.010
_REPLY_WAITS_S: Final = 0.100
_NOTICES_LINGER_S: Final = 1.1
_CHAT_S: Final = 1.0
_GROUP_S: Final = 60.0
_GROUP_LIMIT: Final = 20
_CHATS_REMEMBERED: Final = 4_096

Chat = int | str


class Lane(Enum):
    """Who waits for whom."""

    REPLY = auto()
    NOTICE = auto()
    UNCOUNTED = auto()  # calls to no chat, such as answerCallbackQuery


_TRIES: Final = {Lane.REPLY: 5, Lane.NOTICE: 1, Lane.UNCOUNTED: 5}
_PATIENCE_S: Final = {Lane.REPLY: 30.0, Lane.NOTICE: 0.0, Lane.UNCOUNTED: 10.0}
"""How long a silence may be for a call to wait for its end."""


class ChatPace:
    """One chat: when it was written to of late, and until when Telegram wants silence there."""

    def __init__(self, chat: Chat) -> None:
        self.is_group = isinstance(chat, str) or chat < 0
        self.sent: deque[float] = deque(maxlen=_GROUP_LIMIT if self.is_group else 1)
        self.silent_until = 0.0

    def ready_at(self, lane: Lane) -> float:
        """A reply may come at once, a notice a second after anything else; twenty a minute to a group."""
        ready_at = self.silent_until
        if self.sent and lane is Lane.NOTICE:
            ready_at = max(ready_at, self.sent[-1] + _CHAT_S)
        if self.is_group and len(self.sent) == _GROUP_LIMIT:
            ready_at = max(ready_at, self.sent[0] + _GROUP_S)
        return ready_at

    def is_at_rest(self, now: float) -> bool:
        """Whether nothing that is remembered holds anybody back."""
        over_at = self.sent[-1] + (_GROUP_S if self.is_group else _CHAT_S) if self.sent else now
        return max(over_at, self.silent_until) <= now


@dataclass(slots=True, eq=False)
class Waiting:
    """A call before its turn."""

    chat: Chat
    since: float
    turn: asyncio.Future[None]


class Pace(BaseRateLimiter[str]):
    """The bot's rate limiter: calls to chats in any second, replies before notices.

    No notice makes it more than `per_second`. Replies may make it `replies_per_second`: at once if no notice went of
    late, else after a tenth of a second in which no place came free.

    After a 429 there is silence until the time Telegram named, which another 429 can only move on. A refused notice is
    its sender's to queue again. A refused reply is tried again here; if the silence is longer than half a minute it and
    those behind it fail at once. One refused reply silences its chat and the notices, a second chat's all replies.
    """

    def __init__(self, per_second: int, replies_per_second: int = 0) -> None:
        self._limit = per_second
        self._replies_limit = max(per_second, replies_per_second)
        self._places = Places()
        self._queues: dict[Lane, deque[Waiting]] = {Lane.REPLY: deque(), Lane.NOTICE: deque()}
        self._next_notice_at = 0.0
        self._silent_until = dict.fromkeys(Lane, 0.0)
        self._refused_chat: Chat | None = None
        self._chats: dict[Chat, ChatPace] = {}
        self._timer: asyncio.TimerHandle | None = None

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Let nobody go any more; who still waits is cancelled by whoever began it."""
        if self._timer is not None:
            self._timer.cancel()

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,  # noqa: ARG002 - the library's signature
        data: dict[str, Any],
        rate_limit_args: str | None,
    ) -> Any:
        """Make the call when its turn has come; `RetryAfter` if Telegram wants silence for too long."""
        chat = _chat_of(data)
        if chat is None:
            return await self._call_uncounted(lambda: callback(*args, **kwargs))
        lane = Lane.NOTICE if rate_limit_args == NOTICE else Lane.REPLY
        for tries_left in reversed(range(_TRIES[lane])):
            await self._turn(lane, chat)
            try:
                with self._in_flight():
                    return await callback(*args, **kwargs)
            except RetryAfter as refusal:
                self._fall_silent(lane, chat, seconds_of(refusal))
                if not tries_left:
                    raise
        raise AssertionError("the last try returns or raises")

    async def _call_uncounted(self, call: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
        """Calls to no chat have no measure and wait for nobody, unless such a call was itself refused."""
        now, lane = asyncio.get_running_loop().time, Lane.UNCOUNTED
        for tries_left in reversed(range(_TRIES[lane])):
            while (left_s := self._silent_until[lane] - now()) > 0:
                _refuse_if_too_long(lane, left_s)
                await asyncio.sleep(left_s)
            try:
                return await call()
            except RetryAfter as refusal:
                self._silent_until[lane] = max(self._silent_until[lane], now() + seconds_of(refusal))
                if not tries_left:
                    raise
        raise AssertionError("the last try returns or raises")

    async def _turn(self, lane: Lane, chat: Chat) -> None:
        """Wait for a place and hold it."""
        loop = asyncio.get_running_loop()
        _refuse_if_too_long(lane, self._silence_s(lane, chat, loop.time()))
        waiting = Waiting(chat, loop.time(), loop.create_future())
        self._queues[lane].append(waiting)
        self._let_go()
        try:
            await waiting.turn
        except asyncio.CancelledError:
            if not waiting.turn.cancelled() and waiting.turn.exception() is None:  # given a place in this very moment
                self._places.give_back_unused()
                self._let_go()
            raise

    @contextmanager
    def _in_flight(self) -> Iterator[None]:
        now, places = asyncio.get_running_loop().time, self._places
        left_at = now()
        try:
            yield
        except NotSent:
            places.give_back_unused()
            raise
        except BaseException:
            places.cool_down(now())
            raise
        else:
            places.cool_down(now())
            places.note_round_trip(now() - left_at, now())
        finally:
            self._let_go()

    def _let_go(self) -> None:
        """Give places to those whose turn has come, replies first, and come back when the next one's will."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        loop = asyncio.get_running_loop()
        look_again_at = min([self._let_lane_go(lane, loop.time()) for lane in self._queues])
        if look_again_at < math.inf:
            self._timer = loop.call_at(look_again_at, self._let_go)

    def _let_lane_go(self, lane: Lane, now: float) -> float:
        """When to look again; infinity if nobody waits, or an answer must come first."""
        queue = self._queues[lane]
        while queue:
            lane_ready_at = self._lane_ready_at(lane, now)
            if lane_ready_at > now:
                return lane_ready_at
            first = next((waiting for waiting in queue if self._chat(waiting.chat, now).ready_at(lane) <= now), None)
            if first is None:
                return min(self._chat(waiting.chat, now).ready_at(lane) for waiting in queue)
            queue.remove(first)
            if not first.turn.done():
                self._places.take()
                self._chat(first.chat, now).sent.append(now)
                if lane is Lane.NOTICE:
                    self._next_notice_at = max(self._next_notice_at, now - _CATCH_UP_S) + 1 / self._limit
                first.turn.set_result(None)
        return math.inf

    def _lane_ready_at(self, lane: Lane, now: float) -> float:
        free_at = self._places.free_at(1, self._limit, now)
        if lane is Lane.NOTICE:
            second_free_at = self._places.free_at(min(2, self._limit), self._limit, now)
            free_at = max(free_at, second_free_at - _ABOUT_TO_BE_FREE_S, self._next_notice_at)
        elif free_at > now:
            free_at = min(free_at, self._beyond_at(now))
        return max(free_at, self._silent_until[lane])

    def _beyond_at(self, now: float) -> float:
        """When the first reply in the queue may go though no place is free."""
        are_notices_going = self._next_notice_at > now - _NOTICES_LINGER_S
        wait_s = _REPLY_WAITS_S if are_notices_going else 0.0
        return max(self._queues[Lane.REPLY][0].since + wait_s, self._places.free_at(1, self._replies_limit, now))

    def _fall_silent(self, lane: Lane, chat: Chat, seconds: float) -> None:
        now = asyncio.get_running_loop().time()
        until = now + seconds
        several_chats = self._silent_until[Lane.NOTICE] > now and self._refused_chat != chat
        self._refused_chat = chat
        self._places.widen_margin()
        self._silent_until[Lane.NOTICE] = max(self._silent_until[Lane.NOTICE], until)
        if lane is Lane.REPLY:
            pace = self._chat(chat, now)
            pace.silent_until = max(pace.silent_until, until)
            if several_chats:
                self._silent_until[lane] = max(self._silent_until[lane], until)
        self._send_away(now)

    def _send_away(self, now: float) -> None:
        """Tell those who would wait too long."""
        for lane, queue in self._queues.items():
            for waiting in list(queue):
                left_s = self._silence_s(lane, waiting.chat, now)
                if left_s > _PATIENCE_S[lane] and not waiting.turn.done():
                    queue.remove(waiting)
                    waiting.turn.set_exception(_please_wait(left_s))

    def _silence_s(self, lane: Lane, chat: Chat, now: float) -> float:
        return max(self._silent_until[lane], self._chat(chat, now).silent_until) - now

    def _chat(self, chat: Chat, now: float) -> ChatPace:
        pace = self._chats.get(chat)
        if pace is None:
            if len(self._chats) >= _CHATS_REMEMBERED:
                self._chats = {chat: pace for chat, pace in self._chats.items() if not pace.is_at_rest(now)}
            pace = self._chats[chat] = ChatPace(chat)
        return pace


def _chat_of(data: dict[str, Any]) -> Chat | None:
    """The chat a call is to; a number written as text is the same chat."""
    chat: Chat | None = data.get("chat_id")
    return int(chat) if isinstance(chat, str) and chat.lstrip("-").isdecimal() else chat


def _refuse_if_too_long(lane: Lane, silence_s: float) -> None:
    if silence_s > _PATIENCE_S[lane]:
        raise _please_wait(silence_s)


def _please_wait(seconds: float) -> RetryAfter:
    return RetryAfter(timedelta(seconds=math.ceil(seconds)))

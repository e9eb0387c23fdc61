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
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

from carefund_bot.transport.bot import MayLeave
from carefund_bot.transport.outcomes import seconds_of
from carefund_bot.transport.places import Places
from carefund_bot.transport.request import NotSent

_ABOUT_TO_BE_FREE_S: Final = 0.010
_CATCH_UP_S: Final = 0.010
_REPLY_WAITS_S: Final = 0.100
_NOTICES_LINGER_S: Final = 1.1
_CHAT_S: Final = 1.0
_REPLIES_IN_A_ROW: Final = 8
"""Telegram grants a short burst beyond one a second; more it answers with a 429, which would silence others too."""
_GROUP_S: Final = 60.0
_GROUP_LIMIT: Final = 20
_CHATS_REMEMBERED: Final = 4_096
_TICK_S: Final = 0.001
"""uvloop counts whole milliseconds: asked for less it looks again at once, and again, until one has gone by."""

Chat = int | str


class StaysHere(NotSent):
    """A notice had its turn and was not to leave any more."""

    __slots__ = ()


@dataclass(slots=True, eq=False)
class Waiting:
    """A call before its turn."""

    chat: Chat
    since: float
    turn: asyncio.Future[None]


@dataclass(slots=True, eq=False)
class Lane:
    """Those who wait behind one another; `patience_s`: how long a silence they would sit out."""

    tries: int
    patience_s: float
    queue: deque[Waiting] = field(default_factory=deque)
    silent_until: float = 0.0

    def fall_silent(self, until: float) -> None:
        """Only ever for longer."""
        self.silent_until = max(self.silent_until, until)

    def refuse_if_too_long(self, silence_s: float) -> None:
        """`RetryAfter` instead of a wait that nobody would sit out."""
        if silence_s > self.patience_s:
            raise _please_wait(silence_s)


class ChatPace:
    """One chat: when it was written to of late, and until when Telegram wants silence there."""

    def __init__(self, chat: Chat) -> None:
        self.is_group = isinstance(chat, str) or chat < 0
        self.sent: deque[float] = deque(maxlen=_GROUP_LIMIT if self.is_group else 1)
        self.silent_until = 0.0
        self._all_used_at = 0.0
        """When a call a second, begun when it could, would have come as far as the calls that went."""

    def note_sent(self, now: float) -> None:
        self.sent.append(now)
        self._all_used_at = max(self._all_used_at, now) + _CHAT_S

    def ready_at(self, *, is_notice: bool) -> float:
        """A second after anything else, but for a few replies in a row; twenty a minute to a group."""
        ready_at = max(self.silent_until, self._all_used_at - (_REPLIES_IN_A_ROW - 1) * _CHAT_S)
        if is_notice and self.sent:
            ready_at = max(ready_at, self.sent[-1] + _CHAT_S)
        if self.is_group and len(self.sent) == _GROUP_LIMIT:
            ready_at = max(ready_at, self.sent[0] + _GROUP_S)
        return ready_at

    def is_at_rest(self, now: float) -> bool:
        """Whether nothing that is remembered holds anybody back."""
        over_at = self.sent[-1] + (_GROUP_S if self.is_group else _CHAT_S) if self.sent else now
        return max(over_at, self.silent_until, self._all_used_at) <= now


class Pace(BaseRateLimiter[MayLeave]):
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
        self._replies = Lane(tries=5, patience_s=30.0)
        self._notices = Lane(tries=1, patience_s=0.0)
        self._uncounted = Lane(tries=5, patience_s=10.0)  # calls to no chat, such as answerCallbackQuery
        self._next_notice_at = 0.0
        self._refused_chat: Chat | None = None
        self._chats: dict[Chat, ChatPace] = {}
        self._forget_at = _CHATS_REMEMBERED
        self._timer: asyncio.TimerHandle | None = None
        self._looks_at = math.inf

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
        rate_limit_args: MayLeave | None,
    ) -> Any:
        """Make the call when its turn has come; `RetryAfter` if Telegram wants silence for too long, or `StaysHere`."""
        chat = _chat_of(data)
        if chat is None:
            return await self._call_uncounted(lambda: callback(*args, **kwargs))
        lane = self._replies if rate_limit_args is None else self._notices
        for tries_left in reversed(range(lane.tries)):
            await self._turn(lane, chat)
            if rate_limit_args is not None:
                await self._ask(rate_limit_args)
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
        now, lane = asyncio.get_running_loop().time, self._uncounted
        for tries_left in reversed(range(lane.tries)):
            while (left_s := lane.silent_until - now()) > 0:
                lane.refuse_if_too_long(left_s)
                await asyncio.sleep(left_s)
            try:
                return await call()
            except RetryAfter as refusal:
                lane.fall_silent(now() + seconds_of(refusal))
                if not tries_left:
                    raise
        raise AssertionError("the last try returns or raises")

    async def _turn(self, lane: Lane, chat: Chat) -> None:
        """Wait for a place and hold it."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        lane.refuse_if_too_long(self._silence_s(lane, chat, now))
        if not lane.queue and self._ready_at(lane, chat, now) <= now and self._lane_ready_at(lane, now, now) <= now:
            self._give_place(lane, chat, now)
            return
        waiting = Waiting(chat, now, loop.create_future())
        lane.queue.append(waiting)
        self._let_go()
        try:
            await waiting.turn
        except asyncio.CancelledError:
            if not waiting.turn.cancelled() and waiting.turn.exception() is None:  # given a place in this very moment
                self._give_back_unused()
            raise

    async def _ask(self, may_leave: MayLeave) -> None:
        """`StaysHere`, and the place is the next one's, unless the notice may leave."""
        leaves = False
        try:
            leaves = await may_leave()
        finally:
            if not leaves:
                self._next_notice_at -= 1 / self._limit
                self._give_back_unused()
        if not leaves:
            raise StaysHere("It was not to leave any more.")

    def _give_back_unused(self) -> None:
        self._places.give_back_unused()
        self._let_go()

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
        if self._replies.queue or self._notices.queue:
            loop = asyncio.get_running_loop()
            now = loop.time()
            look_again_at = min(self._let_lane_go(self._replies, now), self._let_lane_go(self._notices, now))
            look_again_at = max(look_again_at, now + _TICK_S)
            if look_again_at < self._looks_at:
                self._look_at(loop, look_again_at)

    def _look_at(self, loop: asyncio.AbstractEventLoop, when: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer, self._looks_at = loop.call_at(when, self._look), when

    def _look(self) -> None:
        self._timer, self._looks_at = None, math.inf
        self._let_go()

    def _let_lane_go(self, lane: Lane, now: float) -> float:
        """When to look again; infinity if nobody waits, or an answer must come first."""
        queue = lane.queue
        while queue:
            lane_ready_at = self._lane_ready_at(lane, queue[0].since, now)
            if lane_ready_at > now:
                return lane_ready_at
            first = next((waiting for waiting in queue if self._ready_at(lane, waiting.chat, now) <= now), None)
            if first is None:
                return min(self._ready_at(lane, waiting.chat, now) for waiting in queue)
            queue.remove(first)
            if not first.turn.done():
                self._give_place(lane, first.chat, now)
                first.turn.set_result(None)
        return math.inf

    def _give_place(self, lane: Lane, chat: Chat, now: float) -> None:
        self._places.take()
        self._chat(chat, now).note_sent(now)
        if lane is self._notices:
            self._next_notice_at = max(self._next_notice_at, now - _CATCH_UP_S) + 1 / self._limit

    def _lane_ready_at(self, lane: Lane, since: float, now: float) -> float:
        """When the call that has waited `since` then may go, as far as the lane is concerned."""
        free_at = self._places.free_at(1, self._limit, now)
        if lane is self._notices:
            second_free_at = self._places.free_at(min(2, self._limit), self._limit, now)
            free_at = max(free_at, second_free_at - _ABOUT_TO_BE_FREE_S, self._next_notice_at)
        elif free_at > now:
            are_notices_going = self._next_notice_at > now - _NOTICES_LINGER_S
            patient_until = since + _REPLY_WAITS_S if are_notices_going else since
            free_at = min(free_at, max(patient_until, self._places.free_at(1, self._replies_limit, now)))
        return max(free_at, lane.silent_until)

    def _ready_at(self, lane: Lane, chat: Chat, now: float) -> float:
        return self._chat(chat, now).ready_at(is_notice=lane is self._notices)

    def _fall_silent(self, lane: Lane, chat: Chat, seconds: float) -> None:
        now = asyncio.get_running_loop().time()
        until = now + seconds
        several_chats = self._notices.silent_until > now and self._refused_chat != chat
        self._refused_chat = chat
        self._places.widen_margin()
        self._notices.fall_silent(until)
        if lane is self._replies:
            pace = self._chat(chat, now)
            pace.silent_until = max(pace.silent_until, until)
            if several_chats:
                self._replies.fall_silent(until)
        self._send_away(now)

    def _send_away(self, now: float) -> None:
        """Tell those who would wait too long."""
        for lane in (self._replies, self._notices):
            for waiting in list(lane.queue):
                left_s = self._silence_s(lane, waiting.chat, now)
                if left_s > lane.patience_s and not waiting.turn.done():
                    lane.queue.remove(waiting)
                    waiting.turn.set_exception(_please_wait(left_s))

    def _silence_s(self, lane: Lane, chat: Chat, now: float) -> float:
        return max(lane.silent_until, self._chat(chat, now).silent_until) - now

    def _chat(self, chat: Chat, now: float) -> ChatPace:
        pace = self._chats.get(chat)
        if pace is None:
            if len(self._chats) >= self._forget_at:
                self._chats = {chat: pace for chat, pace in self._chats.items() if not pace.is_at_rest(now)}
                self._forget_at = max(2 * len(self._chats), _CHATS_REMEMBERED)
            pace = self._chats[chat] = ChatPace(chat)
        return pace


def _chat_of(data: dict[str, Any]) -> Chat | None:
    """The chat a call is to; a number written as text is the same chat."""
    chat: Chat | None = data.get("chat_id")
    return int(chat) if isinstance(chat, str) and chat.lstrip("-").isdecimal() else chat


def _please_wait(seconds: float) -> RetryAfter:
    return RetryAfter(timedelta(seconds=math.ceil(seconds)))

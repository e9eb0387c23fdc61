"""The two lanes, in virtual time: what Telegram's clock sees, who waits for whom, and how silence is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram.error import BadRequest, RetryAfter, TimedOut

from carefund_bot.transport.bot import MayLeave
from carefund_bot.transport.pace import Pace, StaysHere
from carefund_bot.transport.request import NotSent
from tests.transport.virtual_time import run

GROUP = -100
WAY_S = 0.04
A_HAIR_S = 1e-5
"""Virtual timers are a tenth of a microsecond late."""


async def may_leave() -> bool:
    return True


async def may_not_leave() -> bool:
    return False


@dataclass
class Sent:
    """One call as both ends saw it."""

    is_notice: bool
    chat: int
    asked_at: float
    left_at: float
    counted_at: float = 0.0


class Line:
    """The way to Telegram and back, and Telegram's count."""

    def __init__(self, per_second: int, replies_per_second: int = 0) -> None:
        self.pace = Pace(per_second, replies_per_second)
        self.sent: list[Sent] = []
        self.refusals: list[Exception] = []  # given to the next calls, the first first

    async def reply(self, chat: int, there: float = WAY_S, back: float = WAY_S) -> str:
        return await self._say(chat, None, there, back)

    async def notice(self, chat: int, there: float = WAY_S, back: float = WAY_S) -> str:
        return await self._say(chat, may_leave, there, back)

    async def asking(self, may_leave: MayLeave, chat: int) -> str:
        """A notice that asks in the last moment."""
        return await self._say(chat, may_leave, WAY_S, WAY_S)

    async def _say(self, chat: int, may_leave: MayLeave | None, there: float, back: float) -> str:
        time = asyncio.get_running_loop().time
        asked_at = time()

        async def call() -> str:
            sent = Sent(may_leave is not None, chat, asked_at, time())
            self.sent.append(sent)
            await asyncio.sleep(there)
            sent.counted_at = time()
            await asyncio.sleep(back)
            if self.refusals:
                raise self.refusals.pop(0)
            return "sent"

        answer: str = await self.pace.process_request(call, (), {}, "sendMessage", {"chat_id": chat}, may_leave)
        return answer

    async def press(self) -> str:
        """answerCallbackQuery: a call to no chat."""

        async def call() -> str:
            if self.refusals:
                raise self.refusals.pop(0)
            return "answered"

        answer: str = await self.pace.process_request(call, (), {}, "answerCallbackQuery", {}, None)
        return answer


def now() -> float:
    return asyncio.get_running_loop().time()


def crowded(instants: Sequence[float], limit: int, window_s: float = 1.0) -> list[tuple[float, float]]:
    """Windows that hold more than `limit` instants."""
    instants = sorted(instants)
    return [(a, b) for a, b in zip(instants, instants[limit:], strict=False) if b - a < window_s - 1e-9]


@dataclass(frozen=True)
class Asked:
    """Somebody wants something sent, `after` seconds behind the one before; the line is slower than best by the rest."""

    after: float
    is_notice: bool
    chat: int
    late_there: float
    late_back: float


asked = st.builds(
    Asked,
    after=st.sampled_from([0.0, 0.0, 0.001, 0.03, 0.4, 1.1]),
    is_notice=st.booleans(),
    chat=st.integers(1, 40),
    late_there=st.sampled_from([0.0, 0.001, 0.02, 0.3, 2.0]),
    late_back=st.sampled_from([0.0, 0.005, 0.1, 1.5]),
)


async def _everything(line: Line, wishes: list[Asked]) -> None:
    await line.reply(0)  # the line at its best has been seen once
    async with asyncio.TaskGroup() as all_sends:
        for wish in wishes:
            await asyncio.sleep(wish.after)
            say = line.notice if wish.is_notice else line.reply
            all_sends.create_task(say(wish.chat, WAY_S + wish.late_there, WAY_S + wish.late_back))


@settings(deadline=None)
@given(st.integers(1, 12), st.lists(asked, max_size=60))
def test_no_second_holds_more_than_the_limit(limit: int, wishes: list[Asked]) -> None:
    line = Line(limit)
    run(_everything(line, wishes))
    assert len(line.sent) == len(wishes) + 1
    assert line.pace._places._in_flight == 0
    assert not crowded([sent.counted_at for sent in line.sent], limit), "as Telegram counts"
    assert not crowded([sent.left_at for sent in line.sent], limit), "as we count"


@settings(deadline=None)
@given(st.integers(1, 12), st.lists(asked, max_size=60))
def test_no_notice_leaves_while_a_reply_waits(limit: int, wishes: list[Asked]) -> None:
    line = Line(limit)
    run(_everything(line, wishes))
    for reply in line.sent:
        overtaking = [
            notice
            for notice in line.sent
            if notice.is_notice and not reply.is_notice and reply.asked_at < notice.left_at < reply.left_at
        ]
        assert not overtaking


@settings(deadline=None)
@given(st.integers(1, 6), st.integers(0, 12), st.lists(asked, max_size=60))
def test_replies_go_beyond_the_measure_only_after_waiting_and_notices_never(
    limit: int, more: int, wishes: list[Asked]
) -> None:
    line = Line(limit, limit + more)
    run(_everything(line, wishes))
    assert not crowded([sent.counted_at for sent in line.sent], limit + more)
    sent_before: list[Sent] = []
    for sent in line.sent:
        lately = [before for before in sent_before if before.left_at > sent.left_at - 1]
        if len(lately) >= limit:
            assert not sent.is_notice
            assert sent.left_at - sent.asked_at > 0.1 - A_HAIR_S or not any(before.is_notice for before in lately)
        sent_before.append(sent)


@settings(deadline=None)
@given(st.lists(asked, max_size=40))
def test_a_chat_gets_one_notice_a_second(wishes: list[Asked]) -> None:
    line = Line(1_000)
    run(_everything(line, wishes))
    for notice in line.sent:
        if notice.is_notice:
            before = [sent.left_at for sent in line.sent if sent.chat == notice.chat and sent.left_at < notice.left_at]
            assert all(notice.left_at - left_at > 1 - A_HAIR_S for left_at in before)


talked = st.builds(
    Asked,
    after=st.sampled_from([0.0, 0.0, 0.0, 0.4, 1.1]),
    is_notice=st.sampled_from([False]),
    chat=st.integers(1, 2),
    late_there=st.sampled_from([0.0, 0.02, 2.0]),
    late_back=st.just(0.0),
)


@settings(deadline=None)
@given(st.lists(talked, min_size=20, max_size=40))
def test_a_chat_gets_no_more_than_a_short_burst_and_then_one_a_second(wishes: list[Asked]) -> None:
    line = Line(1_000)
    run(_everything(line, wishes))
    for chat in {sent.chat for sent in line.sent}:
        instants = sorted(sent.left_at for sent in line.sent if sent.chat == chat)
        for many in range(9, len(instants) + 1):
            assert not crowded(instants, many - 1, many - 8 - A_HAIR_S)


refused = st.tuples(st.sampled_from([0.0, 0.01, 0.3, 1.0, 4.0]), st.booleans(), st.sampled_from([None, None, 1, 2, 7]))


@settings(deadline=None)
@given(st.lists(refused, max_size=40))
def test_the_end_of_a_silence_is_never_moved_back(wishes: list[tuple[float, bool, int | None]]) -> None:
    """Whatever 429s come in whatever order, nothing leaves before the end that any of them named for it."""
    pace = Pace(30)
    silences: list[tuple[float, float, int | None]] = []  # heard at, until, of one chat's replies or of all notices

    async def say(chat: int, refusal: int | None, *, is_notice: bool) -> None:
        async def call() -> None:
            nonlocal refusal
            mine = [
                until
                for heard_at, until, whose in silences
                if heard_at < now() and whose == (None if is_notice else chat)
            ]
            assert all(until <= now() for until in mine)
            await asyncio.sleep(WAY_S)
            seconds, refusal = refusal, None
            if seconds is not None:
                silences.extend((now(), now() + seconds, whose) for whose in ({None} if is_notice else {None, chat}))
                raise RetryAfter(seconds)

        with suppress(RetryAfter):
            await pace.process_request(call, (), {}, "", {"chat_id": chat}, may_leave if is_notice else None)

    async def story() -> None:
        async with asyncio.TaskGroup() as all_sends:
            for place, (after, is_notice, refusal) in enumerate(wishes):
                await asyncio.sleep(after)
                all_sends.create_task(say(place % 3, refusal, is_notice=is_notice))

    run(story())


class TestTheMeasureIsUsed:
    def test_a_long_notice_with_people_asking_meanwhile(self) -> None:
        """Thirty a second, an answer in 80 ms: 97 in 100 places are used, a reply waits for one place at most."""
        line = Line(30)

        async def story() -> None:
            async with asyncio.TaskGroup() as sends:
                for chat in range(1_500):
                    sends.create_task(line.notice(chat))
                for asker in range(80):
                    await asyncio.sleep(0.487)
                    sends.create_task(line.reply(10_000 + asker))

        run(story())
        middle = [sent for sent in line.sent if 1_005 <= sent.left_at < 1_035]
        assert len(middle) > 0.97 * 30 * 30
        waits = [sent.left_at - sent.asked_at for sent in line.sent if not sent.is_notice]
        assert max(waits) < 0.036
        assert not crowded([sent.counted_at for sent in line.sent], 30)

    def test_a_thousand_a_second(self) -> None:
        line = Line(1_000)

        async def story() -> None:
            async with asyncio.TaskGroup() as sends:
                for chat in range(4_000):
                    sends.create_task(line.notice(chat))

        run(story())
        assert len([sent for sent in line.sent if 1_001 <= sent.left_at < 1_003]) > 0.98 * 2_000
        assert not crowded([sent.counted_at for sent in line.sent], 1_000)

    def test_after_rest_replies_may_come_all_at_once_and_notices_may_not(self) -> None:
        line = Line(30)

        async def story() -> None:
            await line.notice(0)
            await asyncio.sleep(5)
            async with asyncio.TaskGroup() as sends:
                for chat in range(10):
                    sends.create_task(line.reply(chat))
                for chat in range(100, 110):
                    sends.create_task(line.notice(chat))

        run(story())
        assert len({sent.left_at for sent in line.sent if sent.chat < 10 and not sent.is_notice}) == 1
        at = sorted(sent.left_at for sent in line.sent if sent.is_notice)
        assert all(b - a > 1 / 30 - 0.011 for a, b in pairwise(at))

    def test_a_crowd_of_askers_does_not_wait(self) -> None:
        """A hundred questions a second with no notice under way: none waits; with one, a tenth of a second at most."""
        line = Line(30, 300)

        async def story() -> None:
            async with asyncio.TaskGroup() as sends:
                for chat in range(400):
                    sends.create_task(line.reply(chat))
                    await asyncio.sleep(0.01)
                sends.create_task(line.notice(1_000))
                await asyncio.sleep(2)
                for chat in range(100):
                    sends.create_task(line.notice(2_000 + chat))
                for chat in range(400):
                    sends.create_task(line.reply(chat))
                    await asyncio.sleep(0.01)

        run(story())
        waits = [sent.left_at - sent.asked_at for sent in line.sent if not sent.is_notice]
        assert max(waits[:400]) < A_HAIR_S
        assert A_HAIR_S < max(waits[400:]) < 0.1 + A_HAIR_S

    @pytest.mark.parametrize("limit", [1, 2, 3])
    def test_the_smallest_limits_starve_nobody(self, limit: int) -> None:
        line = Line(limit)

        async def story() -> None:
            await asyncio.gather(*(line.notice(chat) for chat in range(5)), line.reply(9))

        run(story())
        assert len(line.sent) == 6


class TestOneChat:
    def test_replies_may_come_in_a_burst_and_a_notice_waits_a_second(self) -> None:
        line = Line(30)
        run(_gather(lambda: [line.reply(7), line.reply(7), line.reply(7), line.notice(7)]))
        first, second, third, notice = line.sent
        assert first.left_at == second.left_at == third.left_at
        assert notice.left_at == pytest.approx(third.left_at + 1, abs=A_HAIR_S)

    def test_whoever_asks_without_end_is_answered_once_a_second_and_holds_up_nobody(self) -> None:
        line = Line(30)
        run(_gather(lambda: [line.reply(7) for _ in range(12)] + [line.reply(8)]))
        instants = [sent.left_at - line.sent[0].left_at for sent in line.sent if sent.chat == 7]
        assert instants == pytest.approx([0] * 8 + [1, 2, 3, 4], abs=A_HAIR_S * 10)
        (other,) = [sent for sent in line.sent if sent.chat == 8]
        assert other.left_at == line.sent[0].left_at

    def test_a_waiting_chat_holds_up_no_other(self) -> None:
        line = Line(30)
        run(_gather(lambda: [line.notice(7), line.notice(7), line.notice(8)]))
        assert [sent.chat for sent in line.sent] == [7, 8, 7]

    def test_a_group_gets_twenty_a_minute(self) -> None:
        line = Line(30)
        run(_gather(lambda: [line.reply(GROUP) for _ in range(25)] + [line.reply(1)]))
        instants = [sent.left_at for sent in line.sent if sent.chat == GROUP]
        assert not crowded(instants, 20, 60)
        assert instants[24] - instants[0] < 61
        (other,) = [sent for sent in line.sent if sent.chat == 1]
        assert other.left_at == instants[0], "others do not wait for the group"

    def test_a_chat_number_in_words_is_the_same_chat(self) -> None:
        line = Line(30)
        run(_gather(lambda: [line.reply(7), line.notice("7")]))  # type: ignore[arg-type]
        assert line.sent[1].left_at - line.sent[0].left_at > 0.9

    def test_chats_at_rest_are_forgotten(self) -> None:
        line = Line(1_000)

        async def story() -> None:
            for chat in range(5_000):
                await line.reply(chat, 0.001, 0)

        run(story())
        assert len(line.pace._chats) < 4_100


class TestSilence:
    def test_a_refused_reply_goes_again_when_the_silence_is_over(self) -> None:
        line = Line(30)
        line.refusals = [RetryAfter(5)]
        run(_gather(lambda: [line.reply(7)]))
        assert [sent.left_at for sent in line.sent] == [1_000, pytest.approx(1_005 + 2 * WAY_S, abs=A_HAIR_S)]

    def test_a_shorter_refusal_does_not_shorten_a_longer(self) -> None:
        line = Line(30)
        line.refusals = [RetryAfter(5), RetryAfter(1)]
        run(_gather(lambda: [line.reply(7), line.reply(7)]))
        assert [sent.left_at > 1_005 for sent in line.sent] == [False, False, True, True]

    def test_each_refusal_makes_us_more_careful_up_to_a_tenth(self) -> None:
        line = Line(1)

        async def story() -> None:
            await line.reply(1)
            line.refusals = [RetryAfter(1) for _ in range(30)]
            for _ in range(30):
                with pytest.raises(RetryAfter):
                    await line.notice(1)
                await asyncio.sleep(1.2)
            await line.reply(1)
            await line.reply(1)

        run(story())
        before, last = line.sent[-2:]
        assert last.left_at - before.left_at == pytest.approx(1.1, abs=0.001)

    def test_one_chat_may_be_refused_alone(self) -> None:
        line = Line(30)
        line.refusals = [RetryAfter(5)]

        async def story() -> None:
            refused = asyncio.create_task(line.reply(7))
            await asyncio.sleep(1)
            await line.reply(8)
            assert now() < 1_002
            await refused

        run(story())

    def test_a_second_refused_chat_silences_all(self) -> None:
        line = Line(30)
        line.refusals = [RetryAfter(5), RetryAfter(5)]

        async def story() -> None:
            async with asyncio.TaskGroup() as sends:
                for chat in (7, 8):
                    sends.create_task(line.reply(chat))
                await asyncio.sleep(1)
                await line.reply(9)
                assert now() > 1_005

        run(story())

    def test_a_refused_notice_is_its_senders_and_closes_its_lane_only(self) -> None:
        line = Line(30)
        line.refusals = [RetryAfter(5)]

        async def story() -> None:
            for chat in (7, 8):
                with pytest.raises(RetryAfter):
                    await line.notice(chat)
            assert len(line.sent) == 1, "the second was not even tried"
            await line.reply(9)
            assert now() < 1_001
            await asyncio.sleep(5)
            await line.notice(8)

        run(story())

    def test_nobody_waits_for_fifty_minutes(self) -> None:
        """Those who were already in the queue are told as well."""
        line = Line(1)
        line.refusals = [RetryAfter(3_000)]

        async def story() -> None:
            outcomes = await asyncio.gather(
                line.reply(7), line.reply(7), line.notice(8), line.reply(9), return_exceptions=True
            )
            assert [type(outcome) for outcome in outcomes] == [RetryAfter, RetryAfter, RetryAfter, str]
            assert now() < 1_003

        run(story())

    def test_a_reply_that_is_refused_for_ever_fails(self) -> None:
        line = Line(30)
        line.refusals = [RetryAfter(1) for _ in range(9)]
        with pytest.raises(RetryAfter):
            run(line.reply(7))
        assert len(line.sent) == 5

    def test_calls_to_no_chat_wait_for_nobody_but_themselves(self) -> None:
        line = Line(1)

        async def story() -> None:
            line.refusals = [RetryAfter(9), RetryAfter(9)]
            crowd = [asyncio.create_task(line.reply(chat)) for chat in (1, 2, 3)]
            await asyncio.sleep(0.5)
            line.refusals = []
            await line.press()
            assert now() == pytest.approx(1_000.5, abs=A_HAIR_S)
            line.refusals = [RetryAfter(2)]
            assert await line.press() == "answered"
            assert now() == pytest.approx(1_002.5, abs=A_HAIR_S)
            line.refusals = [RetryAfter(60)]
            with pytest.raises(RetryAfter):
                await line.press()
            await asyncio.gather(*crowd)

        run(story())


class TestNoPlaceIsLost:
    @pytest.mark.parametrize("error", [NotSent("x"), TimedOut(), BadRequest("x")])
    def test_by_an_error(self, error: Exception) -> None:
        line = Line(1)
        line.refusals = [error] * 3

        async def story() -> None:
            for _ in range(3):
                with pytest.raises(type(error)):
                    await line.reply(7)
            await line.reply(7)

        run(story())
        took = line.sent[-1].left_at - 1_000
        assert took < 0.3 if isinstance(error, NotSent) else took > 3

    def test_by_a_notice_that_is_not_to_leave_after_all(self) -> None:
        line = Line(1)

        async def story() -> None:
            stays = [asyncio.create_task(line.asking(may_not_leave, chat)) for chat in range(5)]
            outcomes = await asyncio.gather(*stays, return_exceptions=True)
            assert [type(outcome) for outcome in outcomes] == [StaysHere] * 5
            before = now()
            await line.notice(9)
            assert now() - before < 2 * WAY_S + A_HAIR_S, "what never left takes no place and keeps no distance"

        run(story())
        assert [sent.chat for sent in line.sent] == [9]

    def test_by_a_notice_whose_mark_fails_or_is_given_up(self) -> None:
        line = Line(1)

        async def breaks() -> bool:
            raise OSError("the disk is full")

        async def never_ends() -> bool:
            await asyncio.Event().wait()
            return True

        async def story() -> None:
            with pytest.raises(OSError, match="full"):
                await line.asking(breaks, 1)
            quitter = asyncio.create_task(line.asking(never_ends, 2))
            await asyncio.sleep(2)
            quitter.cancel()
            await asyncio.gather(quitter, line.reply(3), return_exceptions=True)

        run(story())
        assert [sent.chat for sent in line.sent] == [3]
        assert line.pace._places._in_flight == 0

    def test_by_those_who_give_up_waiting(self) -> None:
        line = Line(1)

        async def story() -> None:
            first = asyncio.create_task(line.reply(1))
            quitters = [asyncio.create_task(say(chat)) for chat, say in enumerate((line.reply, line.notice), 2)]
            last = asyncio.create_task(line.reply(4))
            await asyncio.sleep(0.5)
            for quitter in quitters:
                quitter.cancel()
            await asyncio.gather(first, last)

        run(story())
        assert [sent.chat for sent in line.sent] == [1, 4]

    def test_by_one_who_gives_up_in_the_moment_of_being_given_it(self) -> None:
        line = Line(1)

        async def story() -> None:
            await line.reply(1)
            quitter = asyncio.create_task(line.reply(2))
            await asyncio.sleep(0)
            let_go = line.pace._let_go

            def let_go_and_cancel() -> None:
                let_go()
                quitter.cancel()

            asyncio.get_running_loop().call_at(line.pace._places.free_at(1, 1, now()), let_go_and_cancel)
            await asyncio.gather(quitter, line.reply(3), return_exceptions=True)

        run(story())
        assert [sent.chat for sent in line.sent] == [1, 3]
        assert line.pace._places._in_flight == 0

    def test_by_one_who_gives_up_in_the_moment_of_being_sent_away(self) -> None:
        line = Line(1)
        line.refusals = [RetryAfter(3_000)]

        async def story() -> None:
            first, quitter = (asyncio.create_task(line.reply(7)) for _ in range(2))
            send_away = line.pace._send_away

            def send_away_and_cancel(at: float) -> None:
                send_away(at)
                quitter.cancel()

            line.pace._send_away = send_away_and_cancel  # type: ignore[assignment,method-assign]
            await asyncio.gather(first, quitter, return_exceptions=True)

        run(story())
        assert line.pace._places._in_flight == 0


async def _gather(makes: Callable[[], list[Coroutine[Any, Any, str]]]) -> None:
    await asyncio.gather(*makes())

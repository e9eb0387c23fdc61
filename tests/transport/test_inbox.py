"""Updates are safe before they are confirmed, handled once in effect, and one bad one holds nobody up."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from telegram.error import BadRequest, NetworkError, RetryAfter, TimedOut

from carefund_bot.fund import Fund, open_fund
from carefund_bot.services import in_hand
from carefund_bot.settings import Settings
from carefund_bot.store import conversations
from carefund_bot.transport import inbox as transport
from carefund_bot.transport.inbox import (
    DEADLY,
    REMEMBER_S,
    SLOTS,
    SUSPECT,
    TRIES,
    TRIES_OVER_THE_NETWORK,
    Inbox,
    Json,
    patience_with,
)
from carefund_bot.transport.request import NotSent, NotSentInTime, ServerTrouble
from tests.conftest import TurnableClock
from tests.full_disk import full_disk


def message(update_id: int, text: str = "钱什么时候到", user_id: int = 7) -> Json:
    return {"update_id": update_id, "message": {"message_id": update_id, "text": text, "from": {"id": user_id}}}


class Story:
    """An inbox and what its handler saw; `goes_wrong` decides what happens."""

    def __init__(self, fund: Fund) -> None:
        self.fund = fund
        self.handled: list[int] = []
        self.failures: list[Exception] = []
        self.inbox = Inbox(fund.ground, asyncio.Semaphore(SLOTS))

    async def handle(self, content: Json) -> None:
        self.handled.append(content["update_id"])
        if self.failures:
            in_hand.note_failure(self.failures.pop(0))

    async def states(self) -> dict[int, tuple[str, bytes]]:
        rows = await self.fund.ground.db.read(
            lambda db: db.execute("SELECT update_id, state, sealed FROM inbox ORDER BY update_id").fetchall()
        )
        return {update_id: (state, sealed) for update_id, state, sealed in rows}

    async def traces(self) -> list[str]:
        return await self.fund.ground.db.read(
            lambda db: [trace for (trace,) in db.execute("SELECT trace FROM inbox WHERE state = 'set_aside'")]
        )

    async def queued(self) -> list[tuple[int, str]]:
        """(user_id, kind) of what people are told."""
        return await self.fund.ground.db.read(
            lambda db: db.execute("SELECT user_id, kind FROM outbox ORDER BY id").fetchall()
        )


@pytest_asyncio.fixture
async def story(fund: Fund, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Story]:
    monkeypatch.setattr(transport, "_FIRST_PAUSE_S", 0.001)
    monkeypatch.setattr(transport, "_LONGEST_PAUSE_S", 0.001)
    monkeypatch.setattr(transport, "_DISK_PAUSE_S", 0.001)
    yield Story(fund)


async def test_a_batch_is_on_disk_when_receive_returns_and_nobody_can_read_it(story: Story, settings: Settings) -> None:
    await story.inbox.receive([message(1), message(2)])
    assert [state for state, _ in (await story.states()).values()] == ["waiting", "waiting"]
    raw = b"".join(path.read_bytes() for path in settings.store.database.parent.glob("fund.db*"))
    assert "钱什么时候到".encode() not in raw


async def test_what_telegram_repeats_is_not_new(story: Story) -> None:
    first = await story.inbox.receive([message(1), message(2)])
    again = await story.inbox.receive([message(1), message(2), message(3)])
    assert [received.update_id for received in first] == [1, 2]
    assert [received.update_id for received in again] == [3]


@pytest.mark.parametrize("odd", [{"message": {"from": None}}, {"message": True}, {"poll": [1]}])
async def test_one_that_says_not_whose_it_is_lets_the_others_come_in(story: Story, odd: Json) -> None:
    """Else its batch would be fetched again, and again."""
    received = await story.inbox.receive([message(1), {"update_id": 2} | odd, message(3)])
    assert [each.update_id for each in received] == [1, 3]
    assert [state for state, _ in (await story.states()).values()] == ["waiting", "set_aside", "waiting"]


async def test_handled_is_emptied_and_not_taken_up_again(story: Story) -> None:
    (received, _) = await story.inbox.receive([message(1), message(2)])
    await story.inbox.handle(received, story.handle)
    assert (await story.states())[1] == ("handled", b"")
    (left,) = await story.inbox.take_up()
    await story.inbox.handle(left, story.handle)
    assert story.handled == [1, 2]


async def test_what_a_handler_leaves_is_committed_with_the_mark(story: Story) -> None:
    fund = story.fund
    await fund.accounts.meet(7, "zh_CN")
    (received,) = await story.inbox.receive([message(1)])
    seen_inside: list[object] = []

    async def handler(content: Json) -> None:
        del content
        await fund.accounts.keep(7, "pledge", "sum", {"request_id": "r"})
        seen_inside.append(await fund.ground.db.read(lambda db: conversations.find(db, 7)))

    await story.inbox.handle(received, handler)
    assert seen_inside == [None]
    assert (await fund.accounts.meet(7, "zh_CN")).conversation is not None


async def test_what_fails_leaves_nothing_and_is_tried_again(story: Story) -> None:
    fund = story.fund
    await fund.accounts.meet(7, "zh_CN")
    (received,) = await story.inbox.receive([message(1)])
    tries: list[int] = []

    async def handler(content: Json) -> None:
        tries.append(content["update_id"])
        await fund.accounts.keep(7, "pledge", f"step{len(tries)}", {})
        if len(tries) == 1:
            in_hand.note_failure(RuntimeError())

    await story.inbox.handle(received, handler)
    conversation = (await fund.accounts.meet(7, "zh_CN")).conversation
    assert conversation is not None
    assert (tries, conversation.step) == ([1, 1], "step2")


async def test_a_poisoned_update_is_set_aside_with_its_place_and_the_person_is_told(story: Story) -> None:
    (received,) = await story.inbox.receive([message(1, text="我叫秦兰")])
    story.failures = [RuntimeError("秦兰")] * TRIES
    await story.inbox.handle(received, story.handle)
    assert story.handled == [1] * TRIES
    assert await story.queued() == [(7, "could_not_finish")]
    (row,) = await story.fund.ground.db.read(lambda db: db.execute("SELECT state, sealed, trace FROM inbox").fetchall())
    assert row[:2] == ("set_aside", b"")
    assert "RuntimeError" in row[2]
    assert "秦兰" not in row[2]


@pytest.mark.parametrize(
    ("error", "tries"),
    [
        (NotSent("no line"), TRIES_OVER_THE_NETWORK),
        (NotSentInTime("no line"), TRIES_OVER_THE_NETWORK),
        (ServerTrouble("500"), TRIES_OVER_THE_NETWORK),
        (TimedOut(), TRIES),
        (NetworkError("502"), TRIES),
        (BadRequest("bad"), TRIES),
    ],
)
async def test_only_what_certainly_did_not_go_is_tried_for_long(story: Story, error: Exception, tries: int) -> None:
    (received,) = await story.inbox.receive([message(1)])
    story.failures = [error] * (TRIES_OVER_THE_NETWORK * 2)
    await story.inbox.handle(received, story.handle)
    assert len(story.handled) == tries
    assert (await story.states())[1] == ("set_aside", b"")
    assert await story.queued() == [(7, "could_not_finish")]


def test_what_may_have_been_answered_is_tried_again_at_once_and_after_half_a_minute() -> None:
    """A stale connection heals at once, a bad moment of Telegram's does not; an outage lasts longer still."""
    unsure, cut_off = patience_with(TimedOut()), patience_with(NotSent("no line"))
    assert [unsure.pause_s(failures) for failures in (1, 2, 3)] == [0.5, 30, None]
    pauses = [cut_off.pause_s(failures) or 0 for failures in range(1, TRIES_OVER_THE_NETWORK + 1)]
    assert 7 < sum(pauses) / 60 < 9


async def test_who_was_cut_off_for_long_is_not_given_up_for_the_first_answer_that_is_lost(story: Story) -> None:
    (received,) = await story.inbox.receive([message(1)])
    story.failures = [*[NotSent("no line")] * (TRIES_OVER_THE_NETWORK - 1), TimedOut()]
    await story.inbox.handle(received, story.handle)
    assert (await story.states())[1] == ("handled", b"")


async def test_an_update_that_raises_outside_of_any_step_is_set_aside_too(story: Story) -> None:
    (received,) = await story.inbox.receive([message(1)])

    async def handler(content: Json) -> None:
        raise KeyError(content["update_id"])

    await story.inbox.handle(received, handler)
    assert (await story.states())[1] == ("set_aside", b"")


async def test_one_that_cannot_be_written_down_is_set_aside_and_the_rest_of_its_batch_goes_on(story: Story) -> None:
    batch = [message(1), message(2, text="\ud83d半个", user_id=8), message(3)]
    assert [received.update_id for received in await story.inbox.receive(batch)] == [1, 3]
    assert (await story.states())[2] == ("set_aside", b"")
    assert await story.queued() == [(8, "could_not_finish")]
    (trace,) = await story.traces()
    assert "UnicodeEncodeError" in trace
    assert "半个" not in trace
    assert await story.inbox.receive(batch) == []
    assert len(await story.queued()) == 1


@pytest.mark.parametrize("content", [{"message": None}, {"message": {"from": None}}, {"message": []}])
async def test_so_is_one_that_is_no_message_of_anybody(story: Story, content: dict[str, Any]) -> None:
    batch = [message(1), {"update_id": 2, **content}, message(3)]
    assert [received.update_id for received in await story.inbox.receive(batch)] == [1, 3]
    assert (await story.states())[2] == ("set_aside", b"")
    assert await story.queued() == []


async def test_one_that_cannot_be_read_any_more_is_set_aside_too(story: Story) -> None:
    await story.inbox.receive([message(1)])
    await story.fund.ground.db.write(lambda db: db.execute("UPDATE inbox SET sealed = x'00'").rowcount)
    (left,) = await story.inbox.take_up()
    await story.inbox.handle(left, story.handle)
    assert (await story.states())[1] == ("set_aside", b"")
    assert await story.queued() == [(7, "could_not_finish")]
    (trace,) = await story.traces()
    assert "_read" in trace


@pytest.mark.parametrize("kind", ["message", "callback_query"])
async def test_nobody_in_a_group_is_written_down_or_told_that_it_failed(story: Story, kind: str) -> None:
    chat = {"chat": {"id": -100, "type": "group"}}
    said: Json = {"update_id": 1, kind: {"from": {"id": 7}} | (chat if kind == "message" else {"message": chat})}
    (received, flood) = await story.inbox.receive([said, said | {"update_id": 2}])
    story.failures = [RuntimeError()] * TRIES
    await story.inbox.handle(received, story.handle)
    await story.inbox.dismiss([flood])
    assert [state for state, _ in (await story.states()).values()] == ["set_aside", "dismissed"]
    assert await story.queued() == []
    assert await story.fund.ground.db.read(lambda db: db.execute("SELECT * FROM account").fetchall()) == []


async def test_no_more_are_handled_at_once_than_there_are_slots(story: Story) -> None:
    people = await story.inbox.receive([message(number, user_id=number) for number in (1, 2, 3)])
    story.inbox = Inbox(story.fund.ground, asyncio.Semaphore(2))
    handling = [asyncio.create_task(story.inbox.handle(received, until_the_end)) for received in people]
    for _ in range(10):
        await asyncio.sleep(0)
    assert len(hands_full) == 2
    hands_full.clear()
    for task in handling:
        task.cancel()
    await asyncio.gather(*handling, return_exceptions=True)


async def test_who_waits_for_another_suspect_takes_nobodys_slot(story: Story) -> None:
    await story.inbox.receive([message(1), message(2, user_id=8)])
    for _ in range(SUSPECT):
        suspects = await story.inbox.take_up()
    (newcomer,) = await story.inbox.receive([message(3, user_id=9)])
    story.inbox = Inbox(story.fund.ground, asyncio.Semaphore(2))
    handling = [asyncio.create_task(story.inbox.handle(suspect, until_the_end)) for suspect in suspects]
    while not hands_full:  # noqa: ASYNC110 - a handler has no event
        await asyncio.sleep(0)
    async with asyncio.timeout(5):
        await story.inbox.handle(newcomer, story.handle)
    assert (len(hands_full), story.handled) == (1, [3])
    hands_full.clear()
    for task in handling:
        task.cancel()
    await asyncio.gather(*handling, return_exceptions=True)


async def test_what_cannot_be_committed_is_tried_again_whole(story: Story) -> None:
    (received,) = await story.inbox.receive([message(1)])
    tries: list[int] = []

    async def handler(content: Json) -> None:
        tries.append(content["update_id"])
        if len(tries) == 1:  # nobody has met this account: its conversation has nothing to stand on
            await story.fund.accounts.keep(404, "pledge", "sum", {})

    await story.inbox.handle(received, handler)
    assert (tries, (await story.states())[1]) == ([1, 1], ("handled", b""))


@pytest.mark.parametrize(("failures", "state"), [(0, "handled"), (TRIES, "set_aside")])
async def test_a_full_disk_is_waited_out_and_nothing_answered_twice(story: Story, failures: int, state: str) -> None:
    (received,) = await story.inbox.receive([message(1)])
    story.failures = [RuntimeError() for _ in range(failures)]
    with full_disk():
        handling = asyncio.create_task(story.inbox.handle(received, story.handle))
        with pytest.raises(sqlite3.OperationalError):
            await story.inbox.receive([message(2)])
        while len(story.handled) < max(failures, 1):  # noqa: ASYNC110 - a handler has no event
            await asyncio.sleep(0.001)
        await asyncio.wait({handling}, timeout=0.05)
        assert not handling.done()
    await handling
    assert (await story.states())[1][0] == state
    assert story.handled == [1] * max(failures, 1)


async def test_what_a_full_disk_refuses_in_the_middle_is_done_when_there_is_room(story: Story) -> None:
    (received,) = await story.inbox.receive([message(1)])
    tries: list[int] = []

    async def handler(content: Json) -> None:
        tries.append(content["update_id"])
        await story.fund.accounts.meet(7, "zh_CN")

    with full_disk():
        handling = asyncio.create_task(story.inbox.handle(received, handler))
        while len(tries) <= TRIES:  # noqa: ASYNC110 - a handler has no event
            await asyncio.sleep(0.001)
    await handling
    assert (await story.states())[1][0] == "handled"
    assert await story.queued() == []


async def test_silence_that_telegram_asks_for_is_waited_out_however_often(story: Story) -> None:
    (received,) = await story.inbox.receive([message(1)])
    story.failures = [RetryAfter(timedelta(milliseconds=1))] * (TRIES_OVER_THE_NETWORK + 1)
    await story.inbox.handle(received, story.handle)
    assert (await story.states())[1] == ("handled", b"")


async def lives_cut_short(story: Story, lives: int) -> list[list[int]]:
    """Which updates each life takes up; each ends while it handles the first."""
    found = []
    for _ in range(lives):
        left = await story.inbox.take_up()
        found.append([received.update_id for received in left])
        handling = asyncio.create_task(story.inbox.handle(left[0], until_the_end))
        while not (handling.done() or hands_full):  # noqa: ASYNC110 - a handler has no event
            await asyncio.sleep(0)
        handling.cancel()
        await asyncio.gather(handling, return_exceptions=True)
        hands_full.clear()
    return found


hands_full: list[Json] = []


async def until_the_end(content: Json) -> None:
    hands_full.append(content)
    await asyncio.Event().wait()


async def test_an_update_on_which_the_process_always_ends_is_set_aside_and_its_person_told(story: Story) -> None:
    await story.inbox.receive([message(1), message(2)])
    found = await lives_cut_short(story, DEADLY)
    assert found == [[1, 2]] * (DEADLY - 1) + [[2]]
    assert await story.queued() == [(7, "could_not_finish")]


async def test_who_only_stood_first_when_the_process_ended_is_never_set_aside(story: Story) -> None:
    await story.inbox.receive([message(1)])
    for _ in range(DEADLY * 3):
        assert await story.inbox.take_up()


async def test_an_update_that_lets_the_process_live_is_no_suspect_any_more(story: Story) -> None:
    await story.inbox.receive([message(1)])
    for _ in range(SUSPECT):
        (received,) = await story.inbox.take_up()
    assert received.is_suspect
    story.failures = [NetworkError("away")]

    async def handler(content: Json) -> None:
        if story.failures:
            await story.handle(content)
        else:
            await until_the_end(content)

    handling = asyncio.create_task(story.inbox.handle(received, handler))
    while not hands_full:  # noqa: ASYNC110 - a handler has no event
        await asyncio.sleep(0)
    handling.cancel()
    hands_full.clear()
    (received,) = await story.inbox.take_up()
    assert not received.is_suspect


async def test_a_good_end_clears_everybody(story: Story) -> None:
    await story.inbox.receive([message(1)])
    for _ in range(SUSPECT):
        await story.inbox.take_up()
    await story.inbox.note_good_end()
    (received,) = await story.inbox.take_up()
    assert not received.is_suspect


async def test_a_flood_is_dismissed_with_one_kind_word_a_minute(story: Story) -> None:
    await story.inbox.dismiss(await story.inbox.receive([message(1), message(2), message(3, user_id=8)]))
    await story.inbox.dismiss(await story.inbox.receive([message(4)]))
    assert {state for state, _ in (await story.states()).values()} == {"dismissed"}
    assert sorted(await story.queued()) == [(7, "slow_down"), (8, "slow_down")]


async def test_ids_are_remembered_for_two_days(
    story: Story, clock: TurnableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "REMEMBERED_ANYWAY", 0)
    (received, _) = await story.inbox.receive([message(1), message(2)])
    await story.inbox.handle(received, story.handle)
    clock.now += REMEMBER_S
    await story.inbox.forget_old()
    assert list(await story.states()) == [1, 2]
    clock.now += 1
    (newer,) = await story.inbox.receive([message(3)])
    await story.inbox.handle(newer, story.handle)
    await story.inbox.forget_old()
    assert list(await story.states()) == [2, 3]


async def test_a_clock_that_jumps_does_not_make_us_forget_what_telegram_may_send_again(
    story: Story, clock: TurnableClock
) -> None:
    (received,) = await story.inbox.receive([message(1)])
    await story.inbox.handle(received, story.handle)
    clock.forward(days=30)
    await story.inbox.forget_old()
    assert await story.inbox.receive([message(1)]) == []


async def test_what_a_dead_process_had_in_hand_is_handled_by_the_next(settings: Settings, clock: TurnableClock) -> None:
    async with open_fund(settings, clock=clock) as fund:
        await Story(fund).inbox.receive([message(1), message(2)])
    async with open_fund(settings, clock=clock) as fund:
        story = Story(fund)
        for received in await story.inbox.take_up():
            await story.inbox.handle(received, story.handle)
        assert story.handled == [1, 2]

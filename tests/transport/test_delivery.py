"""Every queued message ends in a state that says the truth."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

import pytest

from carefund_bot.access import OPERATOR
from carefund_bot.domain.notices import Step
from carefund_bot.fund import Fund
from carefund_bot.transport import delivery as delivery_module
from carefund_bot.transport import pauses
from sandbox import Person, Sandbox
from sandbox.faults import flood, hang, reset, server_error, slow, torn
from tests.transport.deliveries import broken_outbox, ended, first_send, queue, reader, rows, start_notice, worker


@pytest.fixture
def quick_to_try_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery_module, "_LOOK_EVERY_S", 0.02)


async def at_rest(fund: Fund) -> None:
    """Return once nothing is in hand."""
    async with asyncio.timeout(10):
        while not fund.ground.bell.is_answered:  # noqa: ASYNC110 - that it is answered has no event
            await asyncio.sleep(0.01)


def heard(person: Person) -> int:
    """How many messages came to a phone."""
    return len(person.chat)


async def test_a_queued_message_comes_in_the_readers_language_and_its_facts_go(fund: Fund, sandbox: Sandbox) -> None:
    qin = await reader(fund, sandbox, "秦兰")
    anna = await reader(fund, sandbox, "Anna", language="en")
    async with worker(fund, sandbox):
        await queue(fund, qin, "one")
        await queue(fund, anna, "two")
        assert await ended(fund) == [("sent", None), ("sent", None)]
    assert "0512-0000-1234" in qin.last().text
    assert "您" in qin.last().text
    assert "your" in anna.last().text
    left = await fund.ground.db.read(lambda db: db.execute("SELECT facts, message_id FROM outbox").fetchall())
    assert left == [(b"", qin.last().message_id), (b"", anna.last().message_id)]


async def test_one_reference_is_one_message(fund: Fund, sandbox: Sandbox) -> None:
    qin = await reader(fund, sandbox, "秦兰")
    await queue(fund, qin, "same")
    await queue(fund, qin, "same")
    async with worker(fund, sandbox):
        assert await ended(fund) == [("sent", None)]
    assert heard(qin) == 1


async def test_what_a_fact_caused_goes_before_a_notice_that_began_earlier(fund: Fund, sandbox: Sandbox) -> None:
    qin = await reader(fund, sandbox, "秦兰")
    await start_notice(fund, [qin])
    await queue(fund, qin, "one")
    (first,) = await fund.delivering.look(5)
    assert await fund.delivering.mark_leaving(first)
    (then,) = await fund.delivering.look(5)
    assert (first.kind, then.kind) == ("moved_away", "notice")


async def test_somebody_with_many_letters_keeps_nobody_waiting(fund: Fund, sandbox: Sandbox) -> None:
    """To one person goes one a second."""
    qin, he = await reader(fund, sandbox, "秦兰"), await reader(fund, sandbox, "何静")
    for number in range(6):
        await queue(fund, qin, f"letter {number}")
    await queue(fund, he, "another's")
    async with worker(fund, sandbox), asyncio.timeout(10):
        while not heard(he):  # noqa: ASYNC110 - a phone has no event
            await asyncio.sleep(0.01)
        assert heard(qin) < 3


async def test_what_was_queued_while_nobody_delivered_goes_out_at_the_next_start(fund: Fund, sandbox: Sandbox) -> None:
    qin = await reader(fund, sandbox, "秦兰")
    await queue(fund, qin, "early")
    async with worker(fund, sandbox):
        await ended(fund)
    assert heard(qin) == 1


async def test_a_flood_error_in_the_middle_delays_all_and_doubles_nobody(fund: Fund, sandbox: Sandbox) -> None:
    readers = [await reader(fund, sandbox, f"人{number}") for number in range(15)]
    for person in readers[7:9]:
        sandbox.faults.next("sendMessage", flood(1), chat_id=person.id)
    for person in readers:
        await queue(fund, person, f"to {person.id}")
    async with worker(fund, sandbox):
        assert set(await ended(fund)) == {("sent", None)}
    assert [heard(person) for person in readers] == [1] * 15


async def test_while_telegram_asks_to_wait_nothing_is_sent(fund: Fund, sandbox: Sandbox) -> None:
    qin, he = await reader(fund, sandbox, "秦兰"), await reader(fund, sandbox, "何静")
    sandbox.faults.next("sendMessage", flood(3_000), chat_id=qin.id)
    async with worker(fund, sandbox):
        await queue(fund, qin, "refused")
        await first_send(sandbox)
        await sandbox.settled()
        await queue(fund, he, "waits")
        await asyncio.sleep(0.3)
        assert await rows(fund) == [("pending", None), ("pending", None)]
    assert sandbox.calls["sendMessage"] == 1


async def test_who_blocked_us_or_is_gone_is_written_down_as_such(fund: Fund, sandbox: Sandbox) -> None:
    blocker, leaver = await reader(fund, sandbox, "甲"), await reader(fund, sandbox, "乙")
    never_opened = await reader(fund, sandbox, "丙")
    blocker.account.has_blocked = True
    leaver.deactivate()
    never_opened._chat.is_open = False
    async with worker(fund, sandbox):
        for person in (blocker, leaver, never_opened):
            await queue(fund, person, f"to {person.id}")
        expected = [("unreachable", "blocked"), ("unreachable", "gone"), ("unreachable", "chat_not_found")]
        assert await ended(fund) == expected
    known = await fund.ground.db.read(lambda db: db.execute("SELECT reachability FROM account").fetchall())
    assert known == [("blocked",), ("gone",), ("reachable",)]


async def test_who_is_known_to_have_blocked_us_is_not_tried(fund: Fund, sandbox: Sandbox) -> None:
    blocker, qin = await reader(fund, sandbox, "甲"), await reader(fund, sandbox, "秦兰")
    await fund.accounts.note_reachability(blocker.id, "blocked")
    await queue(fund, blocker, "one")
    await queue(fund, qin, "two")
    async with worker(fund, sandbox):
        assert await ended(fund) == [("unreachable", "blocked"), ("sent", None)]
    assert sandbox.calls["sendMessage"] == 1


async def test_an_answer_that_never_comes_leaves_the_message_uncertain(fund: Fund, sandbox: Sandbox) -> None:
    readers = [await reader(fund, sandbox, name) for name in ("甲", "乙", "丙", "丁")]
    for person, weather in zip(readers, (hang(), hang(after=True), reset(), torn()), strict=True):
        sandbox.faults.next("sendMessage", weather, chat_id=person.id)
        await queue(fund, person, f"to {person.id}")
    async with worker(fund, sandbox):
        states = [state for state, _ in await ended(fund)]
    assert states == ["uncertain"] * 4
    assert sandbox.calls["sendMessage"] == 4
    kept = await fund.ground.db.read(lambda db: db.execute("SELECT facts FROM outbox WHERE facts = x''").fetchall())
    assert kept == []


async def test_telegrams_own_trouble_is_waited_out(fund: Fund, sandbox: Sandbox) -> None:
    qin = await reader(fund, sandbox, "秦兰")
    sandbox.faults.next("sendMessage", server_error(500))
    async with worker(fund, sandbox):
        await queue(fund, qin, "one")
        assert await ended(fund) == [("sent", None)]
    assert heard(qin) == 1


async def test_a_message_that_telegram_can_never_send_stops_nobody_and_waits_for_a_person(
    fund: Fund, sandbox: Sandbox, brisk_letters: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pauses, "_FIRST_HOLD_S", 0.01)
    monkeypatch.setattr(pauses, "_LONGEST_S", 0.01)
    cursed, other = await reader(fund, sandbox, "甲"), await reader(fund, sandbox, "乙")
    sandbox.faults.every("sendMessage", server_error(500), chat_id=cursed.id)
    await queue(fund, cursed, "cursed")
    async with worker(fund, sandbox):
        async with asyncio.timeout(10):
            while (await rows(fund))[0][0] != "uncertain":
                await queue(fund, other, f"to {len(await rows(fund))}")
                await asyncio.sleep(0.01)
        first, *others = await ended(fund)
    assert first == ("uncertain", "ServerTrouble")
    assert set(others) == {("sent", None)}
    assert sandbox.calls["sendMessage"] == 8 + len(others)


async def test_where_telegram_sends_nothing_at_all_nothing_is_given_up(
    fund: Fund, sandbox: Sandbox, brisk_letters: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pauses, "_FIRST_HOLD_S", 0.01)
    monkeypatch.setattr(pauses, "_LONGEST_S", 0.01)
    qin = await reader(fund, sandbox, "秦兰")
    sandbox.faults.next("sendMessage", server_error(500), count=12)
    await queue(fund, qin, "one")
    async with worker(fund, sandbox):
        assert await ended(fund) == [("sent", None)]
    assert sandbox.calls["sendMessage"] == 13


async def test_a_flood_is_nobodys_own_trouble(
    fund: Fund, sandbox: Sandbox, brisk_letters: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pauses, "_TRIES", 1)
    readers = [await reader(fund, sandbox, f"人{number}") for number in range(9)]
    for person in readers:
        await queue(fund, person, f"to {person.id}")
    sandbox.faults.next("sendMessage", flood(1), chat_id=readers[5].id)
    async with worker(fund, sandbox):
        assert await ended(fund) == [("sent", None)] * 9


async def test_without_a_network_messages_wait(fund: Fund, sandbox: Sandbox) -> None:
    qin = await reader(fund, sandbox, "秦兰")
    port = int(sandbox.url.rsplit(":", 1)[1])
    async with worker(fund, sandbox):
        await sandbox.stop()
        await queue(fund, qin, "one")
        await asyncio.sleep(0.3)
        assert await rows(fund) == [("pending", None)]
        await sandbox.start(port=port)
        assert await ended(fund) == [("sent", None)]
    assert heard(qin) == 1


async def test_what_was_on_its_way_in_a_crash_is_uncertain_and_the_rest_goes(fund: Fund, sandbox: Sandbox) -> None:
    caught, *others = [await reader(fund, sandbox, f"人{number}") for number in range(8)]
    sandbox.faults.next("sendMessage", slow(30), chat_id=caught.id)
    await queue(fund, caught, "caught")
    async with worker(fund, sandbox) as (_, running):
        await first_send(sandbox)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        assert await rows(fund) == [("sending", None)]
    for person in others:
        await queue(fund, person, f"to {person.id}")
    async with worker(fund, sandbox):
        assert await ended(fund) == [("uncertain", "interrupted"), *[("sent", None)] * 7]
    assert [heard(person) for person in (caught, *others)] == [0, *[1] * 7]


async def test_a_crash_leaves_in_doubt_only_what_was_on_the_wire(fund: Fund, sandbox: Sandbox) -> None:
    """One place a second: the others are in hand and wait for theirs."""
    caught, *others = [await reader(fund, sandbox, f"人{number}") for number in range(6)]
    sandbox.faults.next("sendMessage", slow(30), chat_id=caught.id)
    for person in (caught, *others):
        await queue(fund, person, f"to {person.id}")
    async with worker(fund, sandbox, per_second=1) as (_, running):
        await first_send(sandbox)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    assert await rows(fund) == [("sending", None), *[("pending", None)] * 5]


async def test_a_pause_holds_what_waits_for_its_place(fund: Fund, sandbox: Sandbox) -> None:
    """Five copies are in hand when it comes: no more than the one in the doorway still goes."""
    readers = [await reader(fund, sandbox, f"人{number}") for number in range(8)]
    notice_id = await start_notice(fund, readers)
    async with worker(fund, sandbox, per_second=3):
        await first_send(sandbox)
        progress = await fund.notices.progress(OPERATOR, notice_id)
        await fund.notice_runs.move(OPERATOR, progress.request_id, notice_id, Step.PAUSED)
        gone = sandbox.calls["sendMessage"]
        await at_rest(fund)
        assert sandbox.calls["sendMessage"] <= gone + 1
        sent = [state for state, _ in await rows(fund)].count("sent")
        assert (sent, await rows(fund)) == (
            sandbox.calls["sendMessage"],
            [("sent", None)] * sent + [("pending", None)] * (8 - sent),
        )
        assert sent < 5
        progress = await fund.notices.progress(OPERATOR, notice_id)
        await fund.notice_runs.move(OPERATOR, progress.request_id, notice_id, Step.CANCELLED)
        await at_rest(fund)
    assert sandbox.calls["sendMessage"] == sent


async def test_who_stops_the_bot_while_a_copy_waits_for_its_place_is_not_written_to(
    fund: Fund, sandbox: Sandbox
) -> None:
    first, blocker = await reader(fund, sandbox, "甲"), await reader(fund, sandbox, "乙")
    sandbox.faults.next("sendMessage", slow(0.2), chat_id=first.id)
    for person in (first, blocker):
        await queue(fund, person, f"to {person.id}")
    async with worker(fund, sandbox, per_second=5):
        await first_send(sandbox)
        await fund.accounts.note_reachability(blocker.id, "blocked")
        assert await ended(fund) == [("sent", None), ("unreachable", "blocked")]
    assert sandbox.calls["sendMessage"] == 1


async def test_an_answer_from_what_stands_before_telegram_leaves_doubt(fund: Fund, sandbox: Sandbox) -> None:
    """The message had gone: only the answer was lost at the gateway."""
    qin = await reader(fund, sandbox, "秦兰")
    sandbox.faults.next("sendMessage", server_error(502, after=True))
    async with worker(fund, sandbox):
        await queue(fund, qin, "one")
        assert await ended(fund) == [("uncertain", "NetworkError")]
    assert heard(qin) == 1


async def test_where_no_answer_comes_any_more_not_all_that_waits_becomes_uncertain(
    fund: Fund, sandbox: Sandbox
) -> None:
    readers = [await reader(fund, sandbox, f"人{number}") for number in range(12)]
    sandbox.faults.every("sendMessage", server_error(504))
    for person in readers:
        await queue(fund, person, f"to {person.id}")
    async with worker(fund, sandbox):
        async with asyncio.timeout(10):
            while sandbox.calls["sendMessage"] < 2:  # noqa: ASYNC110 - a counter has no event
                await asyncio.sleep(0.01)
        await asyncio.sleep(0.3)
        states = [state for state, _ in await rows(fund)]
    assert 2 <= states.count("uncertain") <= 7
    assert states.count("pending") == 12 - states.count("uncertain")


async def test_those_who_cannot_be_sent_to_just_now_keep_nobody_else_waiting(
    fund: Fund, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are more than may be in hand at once, and their letters are the oldest."""
    monkeypatch.setattr(pauses, "_FIRST_HOLD_S", 0.01)
    monkeypatch.setattr(pauses, "_LONGEST_S", 0.02)
    in_trouble = [await reader(fund, sandbox, f"人{number}") for number in range(8)]
    qin = await reader(fund, sandbox, "秦兰")
    for person in (*in_trouble, qin):
        await queue(fund, person, f"to {person.id}")
    for person in in_trouble:
        sandbox.faults.every("sendMessage", server_error(), chat_id=person.id)
    async with worker(fund, sandbox, per_second=5), asyncio.timeout(10):
        while not heard(qin):  # noqa: ASYNC110 - a phone has no event
            await asyncio.sleep(0.01)
        sandbox.faults.clear()
        await ended(fund)
    assert {heard(person) for person in in_trouble} == {1}


async def test_a_database_that_will_not_let_it_begin_is_waited_for(
    fund: Fund, sandbox: Sandbox, quick_to_try_again: None, caplog: pytest.LogCaptureFixture
) -> None:
    qin = await reader(fund, sandbox, "秦兰")
    await queue(fund, qin, "one")
    async with AsyncExitStack() as stack:
        async with broken_outbox(fund):
            _, running = await stack.enter_async_context(worker(fund, sandbox))
            async with asyncio.timeout(10):
                while "outbox: OperationalError" not in caplog.text:  # noqa: ASYNC110 - a log has no event
                    await asyncio.sleep(0.01)
        assert await ended(fund) == [("sent", None)]
        assert not running.done()
    assert "no such table" not in caplog.text


async def test_how_a_message_ended_is_written_down_once_the_database_will(
    fund: Fund, sandbox: Sandbox, quick_to_try_again: None, caplog: pytest.LogCaptureFixture
) -> None:
    qin = await reader(fund, sandbox, "秦兰")
    sandbox.faults.next("sendMessage", slow(0.1))
    await queue(fund, qin, "one")
    async with worker(fund, sandbox):
        await first_send(sandbox)
        async with broken_outbox(fund), asyncio.timeout(10):
            while " settle <" not in caplog.text:  # noqa: ASYNC110 - a log has no event
                await asyncio.sleep(0.01)
        assert await ended(fund) == [("sent", None)]
    assert heard(qin) == 1


async def test_stopping_lets_the_send_in_flight_finish(fund: Fund, sandbox: Sandbox) -> None:
    qin = await reader(fund, sandbox, "秦兰")
    sandbox.faults.next("sendMessage", slow(0.2))
    async with worker(fund, sandbox) as (delivery, running):
        await queue(fund, qin, "begun")
        await first_send(sandbox)
        await queue(fund, qin, "not begun")
        delivery.stop()
        await running
        assert await rows(fund) == [("sent", None), ("pending", None)]


async def test_a_message_that_cannot_be_worded_fails_alone_and_quietly(
    fund: Fund, sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    qin, he = await reader(fund, sandbox, "秦兰"), await reader(fund, sandbox, "何静")
    await queue(fund, qin, "unwordable", phone=None)
    await queue(fund, he, "fine", phone="0512-0000-9999")
    async with worker(fund, sandbox):
        assert await ended(fund) == [("failed", "KeyError"), ("sent", None)]
    assert "outbox row 1" in caplog.text
    assert "9999" not in caplog.text
    assert str(qin.id) not in caplog.text

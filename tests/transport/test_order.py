"""One after another within a person, side by side between people, and a flood is one person's own."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram.error import RetryAfter

from carefund_bot.fund import Fund
from carefund_bot.services.in_hand import note_failure
from carefund_bot.transport import inbox
from carefund_bot.transport.bot import FundBot
from carefund_bot.transport.inbox import SLOTS, TRIES, Inbox, Json, Received
from carefund_bot.transport.intake import Intake
from carefund_bot.transport.order import WAITING_IN_ALL, WAITING_PER_PERSON, PersonalOrder
from handlers.serving import serving
from sandbox import Sandbox, hands
from sandbox.faults import slow, torn


@given(st.lists(st.integers(min_value=1, max_value=5), max_size=60))
def test_each_person_is_served_in_order(senders: list[int]) -> None:
    served: list[tuple[int | None, int]] = []
    busy: set[int | None] = set()

    async def handle(received: Received) -> None:
        assert received.user_id not in busy
        busy.add(received.user_id)
        await asyncio.sleep(0)
        busy.discard(received.user_id)
        served.append((received.user_id, received.update_id))

    async def story() -> None:
        order = PersonalOrder(handle)
        for update_id, user_id in enumerate(senders):
            order.put(Received(update_id, user_id, {}))
        assert await order.drain(10)
        assert order.waiting == 0

    asyncio.run(story())
    for person in set(senders):
        own = [update_id for user_id, update_id in served if user_id == person]
        assert own == sorted(own)
    assert len(served) == len(senders)


async def test_a_slow_person_delays_nobody() -> None:
    gate, served = asyncio.Event(), []

    async def handle(received: Received) -> None:
        if received.user_id == 1:
            await gate.wait()
        served.append(received.user_id)

    order = PersonalOrder(handle)
    for update_id in range(SLOTS * 2):
        order.put(Received(update_id, 1, {}))
    order.put(Received(9999, 2, {}))
    for _ in range(10):
        await asyncio.sleep(0)
    assert served == [2]
    gate.set()
    assert await order.drain(10)


async def test_a_full_queue_says_so_and_a_full_house_stops_fetching() -> None:
    gate = asyncio.Event()

    async def handle(received: Received) -> None:
        del received
        await gate.wait()

    order = PersonalOrder(handle)
    for update_id in range(WAITING_PER_PERSON):
        assert not order.is_full(1)
        order.put(Received(update_id, 1, {}))
    assert order.is_full(1)
    assert not order.is_full(2)
    for update_id in range(WAITING_IN_ALL):
        order.put(Received(100 + update_id, 100 + update_id, {}))
    room = asyncio.create_task(order.room())
    await asyncio.sleep(0.01)
    assert not room.done()
    gate.set()
    await room
    assert await order.drain(10)


async def test_draining_gives_up_what_takes_too_long() -> None:
    async def handle(received: Received) -> None:
        del received
        await asyncio.Event().wait()

    order = PersonalOrder(handle)
    order.put(Received(1, 1, {}))
    assert not await order.drain(0.01)


async def test_somebody_who_floods_gets_one_kind_word_and_others_their_answers(sandbox: Sandbox, bot: Fund) -> None:
    flooder, neighbour = sandbox.person("急先生"), sandbox.person("阿牛")
    sandbox.faults.every("sendMessage", slow(0.02), chat_id=flooder.id)
    await asyncio.gather(*(flooder.says("/help") for _ in range(60)), neighbour.says("/start"))
    texts = [message.text for message in flooder.chat if message.from_bot]
    assert sum("太快了" in text for text in texts) == 1
    assert "绑定码" in neighbour.last().text
    states = await bot.ground.db.read(
        lambda db: dict(db.execute("SELECT state, count(*) FROM inbox GROUP BY state").fetchall())
    )
    assert set(states) == {"handled", "dismissed"}
    assert sum(states.values()) == 61


async def test_who_writes_now_does_not_wait_behind_what_an_earlier_process_left() -> None:
    gate, served = asyncio.Event(), []

    async def handle(received: Received) -> None:
        if received.is_leftover:
            await gate.wait()
        served.append(received.update_id)

    order = PersonalOrder(handle)
    order.take_up([Received(number, number, None) for number in range(10_000)])
    order.put(Received(20_000, 3, {}))
    order.put(Received(20_001, 20_001, {}))
    await order.room()
    for _ in range(10):
        await asyncio.sleep(0)
    assert served == [20_001]
    gate.set()
    assert await order.drain(10)
    assert served.index(3) < served.index(20_000)
    assert len(served) == 10_002


async def test_who_writes_again_has_what_one_wrote_before_answered_at_once_and_first() -> None:
    gate, served = asyncio.Event(), []

    async def handle(received: Received) -> None:
        if received.user_id != 5_000:
            await gate.wait()
        served.append(received.update_id)

    order = PersonalOrder(handle)
    order.take_up([Received(number, number % 10_000, None) for number in range(20_000)])
    order.put(Received(20_000, 5_000, {}))
    order.put(Received(20_001, 5_000, {}))
    for _ in range(10):
        await asyncio.sleep(0)
    assert served == [5_000, 15_000, 20_000, 20_001]
    gate.set()
    assert await order.drain(10)
    assert len(served) == len(set(served)) == 20_002


async def test_what_an_earlier_process_left_does_not_make_a_flood_of_the_next_word() -> None:
    async def handle(received: Received) -> None:
        del received
        await asyncio.Event().wait()

    order = PersonalOrder(handle)
    order.take_up([Received(number, 1, None) for number in range(WAITING_PER_PERSON)])
    for number in range(WAITING_PER_PERSON):
        assert not order.is_full(1)
        order.put(Received(100 + number, 1, {}))
    assert order.is_full(1)
    assert not await order.drain(0)


async def test_those_who_wait_to_be_tried_again_hold_up_their_own_next_and_nobody_else(fund: Fund) -> None:
    handled: list[int] = []
    is_answered = asyncio.Event()

    async def handler(content: Json) -> None:
        handled.append(content["update_id"])
        if content["update_id"] <= SLOTS:
            note_failure(RetryAfter(3_600))
        else:
            is_answered.set()

    def message(update_id: int, user_id: int) -> Json:
        return {"update_id": update_id, "message": {"from": {"id": user_id}}}

    intake = Intake(fund.ground, FundBot("1:x"), handler)
    await intake.take([message(number, number) for number in range(1, SLOTS + 1)])
    await intake.take([message(SLOTS + 1, 1), message(SLOTS + 2, SLOTS + 2)])
    async with asyncio.timeout(5):
        await is_answered.wait()
    assert sorted(handled) == [*range(1, SLOTS + 1), SLOTS + 2]
    assert not await intake.drain(0)


async def test_a_reply_whose_echo_is_always_lost_is_given_up_after_three_copies(
    sandbox: Sandbox, bot: Fund, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "_FIRST_PAUSE_S", 0.001)
    monkeypatch.setattr(inbox, "_LONGEST_PAUSE_S", 0.001)
    person = sandbox.person("阿牛")
    sandbox.faults.next("sendMessage", torn(), count=TRIES + 5, chat_id=person.id)
    await person.says("/help")
    *copies, word = [message.text for message in person.chat if message.from_bot]
    assert (len(copies), len(set(copies))) == (TRIES, 1)
    assert "不能确定办成了没有" in word


async def test_what_is_said_in_a_group_stands_in_the_groups_own_queue(sandbox: Sandbox, bot: Fund) -> None:
    person = sandbox.person("阿牛")
    group = sandbox.group("第1党支部", person)
    sandbox.faults.every("sendMessage", slow(0.02), chat_id=group.id)
    await asyncio.gather(*(group.says(person, "/start") for _ in range(40)), person.says("/help"))
    assert "太快了" not in "".join(message.text for message in person.chat)
    rows = await bot.ground.db.read(lambda db: db.execute("SELECT user_id FROM account").fetchall())
    assert rows == [(person.id,)]


async def test_groups_that_wait_for_their_answers_keep_nobody_waiting_outside_of_them(fund: Fund) -> None:
    """More groups than there are slots, each with more than may wait in one."""
    outside = asyncio.Event()

    async def handler(content: Json) -> None:
        if "chat" in content["message"]:
            await asyncio.Event().wait()
        outside.set()

    def command(update_id: int) -> Json:
        return {"update_id": update_id, "message": {"from": {"id": 1}, "chat": {"id": -1 - update_id % (SLOTS + 1)}}}

    intake = Intake(fund.ground, FundBot("1:x"), handler)
    async with asyncio.timeout(10):
        await intake.take([command(update_id) for update_id in range(20 * SLOTS)])
        await intake.take([{"update_id": 99_999, "message": {"from": {"id": 1}}}])
        await outside.wait()
    assert not await intake.drain(0)


async def test_one_that_breaks_outside_of_its_handler_does_not_hold_up_its_persons_next() -> None:
    served = []

    async def handle(received: Received) -> None:
        if received.update_id == 1:
            raise RuntimeError
        served.append(received.update_id)

    order = PersonalOrder(handle)
    for update_id in (1, 2):
        order.put(Received(update_id, 1, {}))
    assert await order.drain(10)
    assert (served, order.waiting) == ([2], 0)


async def test_what_an_earlier_process_left_comes_before_what_its_person_did_since(
    fund: Fund, sandbox: Sandbox
) -> None:
    person = sandbox.person("阿牛")
    entities = [{"type": "bot_command", "offset": 0, "length": 9}]
    message: Json = {"message_id": 1, "date": 0, "text": "/language", "entities": entities}
    chat = {"id": person.id, "type": "private"}
    left = {"update_id": 1, "message": message | {"chat": chat, "from": person.account.as_user()}}
    await Inbox(fund.ground, asyncio.Semaphore(SLOTS)).receive([left])
    hands.write(sandbox.telegram, person.account, person._chat, "/privacy")
    person.has_pressed_start()
    sandbox.faults.next("sendMessage", slow(0.2))
    async with serving(fund) as running:
        sandbox.busy_checks.append(lambda: running.intake.order.waiting > 0)
        await sandbox.settled()
    first, second = [message.text for message in person.chat if message.from_bot]
    assert "Choose a language" in first
    assert "Choose a language" not in second

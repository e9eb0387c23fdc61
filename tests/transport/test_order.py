"""One after another within a person, side by side between people, and a flood is one person's own."""

from __future__ import annotations

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from carefund_bot.fund import Fund
from carefund_bot.transport.inbox import Received
from carefund_bot.transport.order import SLOTS, WAITING_IN_ALL, WAITING_PER_PERSON, PersonalOrder
from sandbox import Sandbox
from sandbox.faults import slow


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

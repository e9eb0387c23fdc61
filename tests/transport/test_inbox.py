"""Updates are safe before they are confirmed, handled once in effect, and one bad one holds nobody up."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from telegram.error import BadRequest, NetworkError

from carefund_bot.fund import Fund, open_fund
from carefund_bot.services import in_hand
from carefund_bot.settings import Settings
from carefund_bot.store import conversations
from carefund_bot.transport import inbox as transport
from carefund_bot.transport.inbox import REMEMBER_S, TRIES, Inbox, Json, Received
from tests.conftest import TurnableClock


def message(update_id: int, text: str = "钱什么时候到", user_id: int = 7) -> Json:
    return {"update_id": update_id, "message": {"message_id": update_id, "text": text, "from": {"id": user_id}}}


class Story:
    """An inbox and what its handler saw; `goes_wrong` decides what happens."""

    def __init__(self, fund: Fund) -> None:
        self.fund = fund
        self.handled: list[int] = []
        self.told: list[int] = []
        self.failures: list[Exception] = []
        self.inbox = Inbox(fund.ground, self._tell)

    async def _tell(self, received: Received) -> None:
        self.told.append(received.update_id)

    async def handle(self, received: Received) -> None:
        self.handled.append(received.update_id)
        if self.failures:
            in_hand.note_failure(self.failures.pop(0))

    async def states(self) -> dict[int, tuple[str, bytes]]:
        rows = await self.fund.ground.db.read(
            lambda db: db.execute("SELECT update_id, state, sealed FROM inbox ORDER BY update_id").fetchall()
        )
        return {update_id: (state, sealed) for update_id, state, sealed in rows}


@pytest_asyncio.fixture
async def story(fund: Fund, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Story]:
    monkeypatch.setattr(transport, "_FIRST_PAUSE_S", 0.001)
    monkeypatch.setattr(transport, "_LONGEST_PAUSE_S", 0.001)
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


async def test_handled_is_emptied_and_not_taken_up_again(story: Story) -> None:
    (received, _) = await story.inbox.receive([message(1), message(2)])
    await story.inbox.handle(received, story.handle)
    assert (await story.states())[1] == ("handled", b"")
    left = await story.inbox.take_up()
    assert [(one.update_id, one.content) for one in left] == [(2, message(2))]


async def test_what_a_handler_leaves_is_committed_with_the_mark(story: Story) -> None:
    fund = story.fund
    await fund.accounts.meet(7, "zh_CN")
    (received,) = await story.inbox.receive([message(1)])
    seen_inside: list[object] = []

    async def handler(received: Received) -> None:
        del received
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

    async def handler(received: Received) -> None:
        tries.append(received.update_id)
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
    assert story.told == [1]
    (row,) = await story.fund.ground.db.read(lambda db: db.execute("SELECT state, sealed, trace FROM inbox").fetchall())
    assert row[:2] == ("set_aside", b"")
    assert "RuntimeError" in row[2]
    assert "秦兰" not in row[2]


@pytest.mark.parametrize(("error", "tries"), [(NetworkError("away"), TRIES + 3), (BadRequest("bad"), TRIES)])
async def test_the_networks_trouble_is_waited_out_ours_is_not(story: Story, error: Exception, tries: int) -> None:
    (received,) = await story.inbox.receive([message(1)])
    story.failures = [error] * (TRIES + 2)
    await story.inbox.handle(received, story.handle)
    assert len(story.handled) == tries


async def test_an_update_that_ends_the_process_three_times_is_set_aside(story: Story) -> None:
    await story.inbox.receive([message(1), message(2)])
    found = [[one.update_id for one in await story.inbox.take_up()] for _ in range(4)]
    assert found == [[1, 2], [1, 2], [1, 2], [2]]


async def test_ids_are_remembered_for_two_days(story: Story, clock: TurnableClock) -> None:
    (received, _) = await story.inbox.receive([message(1), message(2)])
    await story.inbox.handle(received, story.handle)
    clock.now += REMEMBER_S
    await story.inbox.forget_old()
    assert list(await story.states()) == [1, 2]
    clock.now += 1
    await story.inbox.forget_old()
    assert list(await story.states()) == [2]


async def test_what_a_dead_process_had_in_hand_is_handled_by_the_next(settings: Settings, clock: TurnableClock) -> None:
    async with open_fund(settings, clock=clock) as fund:
        await Story(fund).inbox.receive([message(1), message(2)])
    async with open_fund(settings, clock=clock) as fund:
        story = Story(fund)
        for received in await story.inbox.take_up():
            await story.inbox.handle(received, story.handle)
        assert story.handled == [1, 2]

"""getUpdates as the real server does it: offsets, long polls, conflicts, retention."""

import asyncio

import pytest

from sandbox import Person, Sandbox, hands
from tests.sandbox.calling import Caller, Refused, until
from tests.sandbox.conftest import Clock


def say(sandbox: Sandbox, person: Person, *texts: str) -> None:
    for text in texts:
        hands.write(sandbox.telegram, person.account, sandbox.telegram.chat_of(person.account), text)


def texts(updates: list[dict[str, dict[str, str]]]) -> list[str]:
    return [update["message"]["text"] for update in updates]


async def test_updates_come_again_until_a_higher_offset_confirms_them(
    quiet_sandbox: Sandbox, call: Caller, wang: Person
) -> None:
    say(quiet_sandbox, wang, "一", "二", "三")
    first = await call("getUpdates", limit=2)
    assert texts(first) == ["一", "二"]
    assert texts(await call("getUpdates", offset=first[1]["update_id"])) == ["二", "三"]
    assert texts(await call("getUpdates")) == ["二", "三"]


async def test_a_negative_offset_keeps_only_the_newest(quiet_sandbox: Sandbox, call: Caller, wang: Person) -> None:
    say(quiet_sandbox, wang, "一", "二", "三")
    assert texts(await call("getUpdates", offset=-1)) == ["三"]
    assert texts(await call("getUpdates")) == ["三"]


async def test_at_most_a_hundred_come_at_once(quiet_sandbox: Sandbox, call: Caller, wang: Person) -> None:
    say(quiet_sandbox, wang, *map(str, range(120)))
    assert len(await call("getUpdates", limit=500)) == 100


async def test_a_long_poll_returns_as_soon_as_something_comes(
    quiet_sandbox: Sandbox, call: Caller, wang: Person
) -> None:
    poll = asyncio.create_task(call("getUpdates", timeout=30))
    await until(lambda: not quiet_sandbox.telegram.updates.is_idle)
    say(quiet_sandbox, wang, "来了")
    assert texts(await asyncio.wait_for(poll, 5)) == ["来了"]


async def test_a_second_poll_ends_the_first(quiet_sandbox: Sandbox, call: Caller, wang: Person) -> None:
    first = asyncio.create_task(call("getUpdates", timeout=30))
    await until(lambda: not quiet_sandbox.telegram.updates.is_idle)
    second = asyncio.create_task(call("getUpdates", timeout=30))
    with pytest.raises(Refused) as refusal:
        await asyncio.wait_for(first, 5)
    assert refusal.value.status == 409
    assert refusal.value.description == (
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    )
    say(quiet_sandbox, wang, "来了")
    assert texts(await asyncio.wait_for(second, 5)) == ["来了"]


async def test_repeated_conflicts_are_answered_late(quiet_sandbox: Sandbox, call: Caller) -> None:
    updates = quiet_sandbox.telegram.updates
    updates.conflict_pause_s = 0.2
    polls = []
    for _ in range(3):
        polls.append(asyncio.create_task(call("getUpdates", timeout=30)))
        await until(lambda: quiet_sandbox.calls["getUpdates"] == len(polls) and not updates.is_idle)
    await asyncio.wait(polls, return_when=asyncio.FIRST_COMPLETED)
    assert [poll.done() for poll in polls] == [True, False, False]
    with pytest.raises(Refused, match="409"):
        await asyncio.wait_for(polls[1], 5)
    polls[2].cancel()
    await asyncio.gather(*polls, return_exceptions=True)


async def test_polling_is_refused_while_a_webhook_is_set(call: Caller) -> None:
    await call("setWebhook", url="http://127.0.0.1:9/hook")
    with pytest.raises(Refused, match="409 Conflict: can't use getUpdates method while webhook is active"):
        await call("getUpdates")
    await call("deleteWebhook")
    assert await call("getUpdates") == []


async def test_allowed_updates_are_remembered(quiet_sandbox: Sandbox, call: Caller, wang: Person) -> None:
    await call("getUpdates", allowed_updates=["my_chat_member"])
    say(quiet_sandbox, wang, "没人听")
    hands.block(quiet_sandbox.telegram, wang.account)
    [update] = await call("getUpdates")
    assert update["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    await call("getUpdates", allowed_updates=[], offset=update["update_id"] + 1)
    hands.unblock(quiet_sandbox.telegram, wang.account)
    say(quiet_sandbox, wang, "又听见了")
    assert len(await call("getUpdates")) == 2


async def test_old_updates_are_dropped(quiet_sandbox: Sandbox, call: Caller, wang: Person, clock: Clock) -> None:
    buttons = [[{"text": "好", "callback_data": "1"}]]
    await call("sendMessage", chat_id=wang.id, text="?", reply_markup={"inline_keyboard": buttons})
    say(quiet_sandbox, wang, "一天")
    hands.press(quiet_sandbox.telegram, wang.account, wang.last(), "1")
    clock.now += 149
    assert len(await call("getUpdates")) == 2
    clock.now += 2
    assert texts(await call("getUpdates")) == ["一天"]
    clock.now += 86_400
    assert await call("getUpdates") == []


async def test_update_ids_rise_over_a_restart(clock: Clock) -> None:
    ids = []
    for _ in range(2):
        async with Sandbox(clock=clock) as sandbox:
            say(sandbox, sandbox.person("王芳"), "好")
            ids.append(sandbox.telegram.updates.fresh()[0].update_id)
        clock.now += 60
    assert ids[0] < ids[1]

"""Bad weather on demand, and Telegram's pace."""

import asyncio
import json

import aiohttp
import pytest

from sandbox import Limits, Person, Sandbox
from sandbox.faults import Fault, flood, hang, reset, server_error, slow, torn
from tests.sandbox.calling import Caller, Refused


async def send(call: Caller, person: Person) -> None:
    await call("sendMessage", chat_id=person.id, text="好")


async def test_a_flood_refusal_says_how_long_to_wait(quiet_sandbox: Sandbox, call: Caller, wang: Person) -> None:
    quiet_sandbox.faults.next("sendMessage", flood(7), count=2)
    for _ in range(2):
        with pytest.raises(Refused) as refusal:
            await send(call, wang)
        assert refusal.value.status == 429
        assert refusal.value.description == "Too Many Requests: retry after 7"
        assert refusal.value.parameters == {"retry_after": 7}
    await send(call, wang)
    assert len(wang.chat) == 2
    assert quiet_sandbox.calls["sendMessage"] == 3


@pytest.mark.parametrize("after", [False, True])
async def test_an_answer_may_be_lost_before_or_after_the_call_took_effect(
    quiet_sandbox: Sandbox, call: Caller, wang: Person, *, after: bool
) -> None:
    quiet_sandbox.faults.next("sendMessage", server_error(500, after=after))
    with pytest.raises(Refused, match="500 Internal Server Error"):
        await send(call, wang)
    quiet_sandbox.faults.next("sendMessage", reset(after=after))
    with pytest.raises(aiohttp.ClientError):
        await send(call, wang)
    quiet_sandbox.faults.next("sendMessage", torn(after=after))
    with pytest.raises(json.JSONDecodeError):
        await send(call, wang)
    quiet_sandbox.faults.next("sendMessage", hang(after=after))
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(send(call, wang), 0.1)
    assert len(wang.chat) == (5 if after else 1)
    assert len(quiet_sandbox.sends) == (4 if after else 0)


async def test_a_bad_gateway_answers_no_json(quiet_sandbox: Sandbox, call: Caller, wang: Person) -> None:
    quiet_sandbox.faults.next("*", server_error(502))
    with pytest.raises(aiohttp.ContentTypeError):
        await send(call, wang)


async def test_a_slow_answer_is_right(quiet_sandbox: Sandbox, call: Caller, wang: Person) -> None:
    quiet_sandbox.faults.next("sendMessage", slow(0.05))
    await send(call, wang)
    assert wang.last().text == "好"


async def test_faults_last_until_they_are_cleared(quiet_sandbox: Sandbox, call: Caller, wang: Person) -> None:
    quiet_sandbox.faults.every("*", server_error())
    for _ in range(3):
        with pytest.raises(Refused):
            await send(call, wang)
    assert await call("getUpdates") == []
    quiet_sandbox.faults.clear()
    await send(call, wang)


async def test_one_chat_can_be_spoiled_alone(quiet_sandbox: Sandbox, call: Caller, wang: Person) -> None:
    quiet_sandbox.faults.every("sendMessage", server_error(), chat_id=wang.id + 1)
    await send(call, wang)
    quiet_sandbox.faults.every("sendMessage", server_error(), chat_id=wang.id)
    with pytest.raises(Refused):
        await send(call, wang)


async def test_a_share_of_calls_can_be_spoiled(quiet_sandbox: Sandbox) -> None:
    quiet_sandbox.faults.every("sendMessage", server_error(), chance=0.25)
    hit = sum(quiet_sandbox.faults.take("sendMessage", 1) is not None for _ in range(1000))
    assert 200 < hit < 300


async def test_the_pace_is_a_strict_window(quiet_sandbox: Sandbox, call: Caller, wang: Person) -> None:
    quiet_sandbox.limits = Limits(per_second=2, punish_seconds=30)
    await send(call, wang)
    await send(call, wang)
    with pytest.raises(Refused) as refusal:
        await send(call, wang)
    assert refusal.value.parameters == {"retry_after": 30}
    await call("sendChatAction", chat_id=wang.id, action="typing")
    assert [sent.method for sent in quiet_sandbox.sends] == ["sendMessage", "sendMessage"]


def test_each_window_slides() -> None:
    limits = Limits(per_second=2, per_chat_per_second=1, per_group_per_minute=2, punish_seconds=0.5)

    def admitted(chat_id: int, now: float) -> bool:
        try:
            limits.admit(chat_id, now)
        except Exception:  # noqa: BLE001 - any refusal
            return False
        return True

    assert [admitted(chat, 10.0) for chat in (1, 1, 2, 3)] == [True, False, True, False]
    assert [admitted(chat, 11.0) for chat in (1, -5)] == [True, True]
    assert admitted(-5, 12.1)
    assert not admitted(-5, 13.2)
    assert admitted(-5, 71.1)


async def test_faults_can_be_ordered_over_http(quiet_sandbox: Sandbox, call: Caller, wang: Person) -> None:
    order = {"method": "sendMessage", "kind": "status", "status": 500, "count": 1}
    async with call.http.post(f"{quiet_sandbox.url}/phone/faults", json=order):
        pass
    assert quiet_sandbox.faults.take("sendMessage", wang.id) == Fault("status", 500)

"""The limiter on real HTTP, against a Telegram that counts strictly and punishes."""

from __future__ import annotations

import asyncio

from telegram.ext import ExtBot

from carefund_bot.transport.bot import MayLeave
from carefund_bot.transport.pace import Pace
from carefund_bot.transport.request import AiohttpRequest
from sandbox import Person, Sandbox
from sandbox.faults import Limits, flood

PER_SECOND = 25


async def may_leave() -> bool:
    return True


def readers(sandbox: Sandbox, count: int) -> list[Person]:
    people = [sandbox.person(f"人{number}") for number in range(count)]
    for person in people:
        person._chat.is_open = True
    return people


def bot_of(sandbox: Sandbox) -> ExtBot[MayLeave]:
    return ExtBot(
        sandbox.token,
        base_url=f"{sandbox.url}/bot",
        request=AiohttpRequest(16),
        get_updates_request=AiohttpRequest(1),
        rate_limiter=Pace(PER_SECOND),
    )


async def test_notices_and_replies_together_never_pass_the_strict_window(sandbox: Sandbox) -> None:
    """Three times what fits into a second, people asking meanwhile: every call is let through at its first try."""
    people = readers(sandbox, 90)
    sandbox.limits = Limits(per_second=PER_SECOND, per_chat_per_second=1, punish_seconds=3)
    async with bot_of(sandbox) as bot, asyncio.TaskGroup() as sends:
        for person in people[:75]:
            sends.create_task(bot.send_message(person.id, "通知", rate_limit_args=may_leave))
        for person in people[75:]:
            await asyncio.sleep(0.15)
            sends.create_task(bot.send_message(person.id, "答复"))
    assert sandbox.calls["sendMessage"] == len(sandbox.sends) == 90


async def test_a_punished_reply_comes_all_the_same_and_a_tap_is_answered_meanwhile(sandbox: Sandbox) -> None:
    qin, he = readers(sandbox, 2)
    async with bot_of(sandbox) as bot:
        sandbox.faults.next("sendMessage", flood(1), chat_id=qin.id)
        late = asyncio.create_task(bot.send_message(qin.id, "答复"))
        while not sandbox.calls["sendMessage"]:  # noqa: ASYNC110 - a counter has no event
            await asyncio.sleep(0.01)
        await bot.send_message(he.id, "答复")
        await bot.get_me()
        assert not late.done()
        await late
    assert [len(person.chat) for person in (qin, he)] == [1, 1]

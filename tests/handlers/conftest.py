"""What stories in chats may ask for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from carefund_bot.access import Right, Role
from carefund_bot.fund import Fund
from carefund_bot.understanding.reading import Understanding
from handlers.serving import serving
from sandbox import Person, Sandbox
from sandbox.messages import Message
from tests.cast import GUO, QIN, Cast, link, make_staff

_SCREEN_PX, _LINE_PX, _KEY_PX, _LINE_UNITS = 724, 21, 44, 40
"""A phone of 390 x 844 without the app's own bars; a Chinese sign is two units wide."""


def height_of(message: Message) -> int:
    """About how high a message is on a phone, in pixels."""
    lines = [sum(2 if ord(sign) > 0x2E7F else 1 for sign in line) for line in message.text.split("\n")]
    return _LINE_PX * sum(max(1, -(-units // _LINE_UNITS)) for units in lines) + _KEY_PX * len(message.buttons)


@pytest.fixture
def screens(sandbox: Sandbox) -> Iterator[None]:
    """Whatever a story has shown to anybody fits one screen."""
    yield
    for chat in sandbox.telegram.chats.values():
        for message in chat.messages.values():
            assert not message.from_bot or height_of(message) <= _SCREEN_PX, message.text


@pytest.fixture(scope="session")
def understanding() -> Understanding:
    return Understanding.load()


@pytest_asyncio.fixture
async def reader(fund: Fund, sandbox: Sandbox, understanding: Understanding) -> AsyncIterator[Fund]:
    """A bot that has learned to read."""
    sandbox.busy_checks.append(lambda: not fund.ground.bell.is_answered)
    async with serving(fund) as running:
        sandbox.busy_checks.append(lambda: running.intake.order.waiting > 0)
        running.house.understanding = understanding
        yield fund


@pytest_asyncio.fixture
async def gu(sandbox: Sandbox, bot: Fund) -> Person:
    """An administrator of the city."""
    phone = sandbox.person("顾青")
    await make_staff(bot, phone, Right(Role.ADMINISTRATOR, "city"))
    return phone


@pytest_asyncio.fixture
async def shen(sandbox: Sandbox, bot: Fund, gu: Person) -> Person:
    """An auditor of all six, there for longer than a week."""
    phone = sandbox.person("沈悦")
    await make_staff(bot, phone, Right(Role.AUDITOR))
    return phone


@pytest_asyncio.fixture
async def qin(sandbox: Sandbox, reader: Fund, cast: Cast) -> Person:
    person = sandbox.person("秦兰")
    await link(reader, person, "member", cast.members[QIN])
    return person


@pytest_asyncio.fixture
async def guo(sandbox: Sandbox, reader: Fund, cast: Cast) -> Person:
    person = sandbox.person("郭明")
    await link(reader, person, "beneficiary", cast.beneficiaries[GUO])
    return person

from collections.abc import AsyncIterator

import aiohttp
import pytest

from sandbox import Person, Sandbox, hands
from tests.sandbox.calling import Caller


class Clock:
    """Unix seconds that stand still until a test moves them."""

    def __init__(self) -> None:
        self.now = 1_300_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def quiet_sandbox(clock: Clock) -> AsyncIterator[Sandbox]:
    """A sandbox that no bot polls yet."""
    async with Sandbox(clock=clock) as sandbox:
        yield sandbox


@pytest.fixture
async def call(quiet_sandbox: Sandbox) -> AsyncIterator[Caller]:
    async with aiohttp.ClientSession() as http:
        yield Caller(quiet_sandbox, http)


@pytest.fixture
async def wang(quiet_sandbox: Sandbox, call: Caller) -> Person:
    """Somebody who has pressed START; the bot has read it."""
    person = quiet_sandbox.person("王芳")
    hands.open_link(quiet_sandbox.telegram, person.account, "")
    quiet_sandbox.telegram.updates.clear()
    return person

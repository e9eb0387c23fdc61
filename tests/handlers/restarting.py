"""Stories in which the bot is closed and opened again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from carefund_bot.fund import Fund, open_fund
from carefund_bot.settings import Settings
from handlers.serving import serving
from sandbox import Sandbox
from tests.conftest import TurnableClock


@asynccontextmanager
async def running(sandbox: Sandbox, settings: Settings, clock: TurnableClock) -> AsyncIterator[Fund]:
    """The bot on the story's database: closed at the end of the block, opened again by the next."""
    async with open_fund(settings, clock=clock) as fund, serving(fund) as bot:
        sandbox.busy_checks[:] = [lambda: bot.intake.order.waiting > 0, lambda: not fund.ground.bell.is_answered]
        yield fund
    sandbox.busy_checks.clear()

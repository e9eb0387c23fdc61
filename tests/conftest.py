"""A real fund on a real SQLite file, the real bot on the sandbox's Telegram, and a clock that tests may turn."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
import pytest_asyncio

from carefund_bot.clock import SHANGHAI
from carefund_bot.fund import Fund, open_fund
from carefund_bot.settings import Settings
from carefund_bot.transport import pace
from handlers.serving import serving
from sandbox import Person, Sandbox
from tests.cast import Cast, write_cast

LONGEST_FIRST = ("tests/understanding/test_training.py", "tests/chaos/", "tests/handlers/", "tests/web/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that take long begin first, so that no worker is left with one at the end."""
    items.sort(key=lambda item: next((i for i, part in enumerate(LONGEST_FIRST) if item.nodeid.startswith(part)), 9))


@dataclass
class TurnableClock:
    """Unix seconds that stand still until told otherwise; 10:00 on 1 June 2012 in Suzhou."""

    now: float = datetime(2012, 6, 1, 10, tzinfo=SHANGHAI).timestamp()

    def __call__(self) -> float:
        return self.now

    def forward(self, *, days: float = 0, minutes: float = 0) -> None:
        self.now += days * 86_400 + minutes * 60


@pytest.fixture
def clock() -> TurnableClock:
    return TurnableClock()


@pytest_asyncio.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox() as running:
        yield running


LAWFUL_FUND = {
    "office_phone": "0512-0000-1234",
    "certificate_number": "示例证〔2012〕第1号",
    "filing_number": "示例备〔2012〕第1号",
    "appeal_from": "2012-01-01",
    "appeal_until": "2012-12-31",
    "bank_account": {"holder": "示例关爱基金会", "bank": "太湖示例银行", "number": "0000 1111 2222"},
}
"""A fund with everything R19 asks for; the others have nothing."""


@pytest.fixture
def brisk_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stories do not sit out the second between two letters to one chat; tests/transport holds it."""
    monkeypatch.setattr(pace, "_CHAT_S", 0.0)


@pytest.fixture
def settings(tmp_path: Path, sandbox: Sandbox) -> Settings:
    return Settings.model_validate(
        {
            "telegram": {"token": sandbox.token, "api_base_url": sandbox.url},
            "store": {"database": tmp_path / "fund.db", "key_file": tmp_path / "fund.key"},
            "funds": {"city": LAWFUL_FUND, "changshu": {"office_phone": "0512-0000-5678"}},
        }
    )


@pytest_asyncio.fixture
async def fund(settings: Settings, clock: TurnableClock) -> AsyncIterator[Fund]:
    async with open_fund(settings, clock=clock) as opened:
        yield opened


@pytest_asyncio.fixture
async def cast(fund: Fund) -> Cast:
    """The steady cast on the rolls."""
    return await write_cast(fund)


@pytest_asyncio.fixture
async def bot(fund: Fund, sandbox: Sandbox, brisk_letters: None) -> AsyncIterator[Fund]:
    """The bot polls and delivers while the story runs; the sandbox is not settled before it has handled and delivered all."""
    sandbox.busy_checks.append(lambda: not fund.ground.bell.is_answered)
    async with serving(fund) as running:
        sandbox.busy_checks.append(lambda: running.intake.order.waiting > 0)
        yield fund


@pytest.fixture
def stranger(sandbox: Sandbox, bot: Fund) -> Person:
    return sandbox.person("阿牛")

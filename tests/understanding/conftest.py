from __future__ import annotations

from datetime import date

import pytest

from carefund_bot.understanding.reading import Understanding

TODAY = date(2026, 6, 15)


@pytest.fixture(scope="session")
def understanding() -> Understanding:
    return Understanding.load()


@pytest.fixture(scope="session")
def without_encoder() -> Understanding:
    return Understanding.load(with_encoder=False)

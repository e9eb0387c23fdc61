"""Time as something handed in: instants are whole Unix seconds, days are Shanghai days."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

Clock = Callable[[], float]

system_clock: Clock = time.time


def shanghai_day(instant: float) -> date:
    """The calendar day in Suzhou at a Unix instant."""
    return datetime.fromtimestamp(instant, SHANGHAI).date()


def shanghai_time(instant: float) -> datetime:
    """The wall clock in Suzhou at a Unix instant."""
    return datetime.fromtimestamp(instant, SHANGHAI)

"""The invented fund's days. Published are the founding day and, from 2011 here, the payment before 1 July."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Final

from carefund_bot.clock import SHANGHAI

FOUNDED: Final = date(2012, 4, 28)
MEMBERS_LISTED: Final = date(2010, 6, 30)
ROLL_TAKEN_OVER: Final = {
    ("household", 2010): date(2010, 7, 31),
    ("student", 2010): date(2010, 11, 20),
    ("household", 2011): date(2011, 5, 31),
    ("student", 2011): date(2011, 11, 20),
}
PAID: Final = {
    ("household", 2010): date(2010, 8, 30),
    ("student", 2010): date(2010, 12, 10),
    ("household", 2011): date(2011, 6, 28),
    ("student", 2011): date(2011, 12, 9),
}
DRIVE: Final = {2010: date(2010, 7, 6), 2011: date(2011, 5, 3)}
DRIVE_DAYS: Final = 25
REMITTED: Final = {2010: date(2010, 8, 6), 2011: date(2011, 6, 3)}


def noon(day: date) -> int:
    """Unix seconds of noon in Suzhou."""
    return int(datetime.combine(day, time(12), SHANGHAI).timestamp())


def next_cycle(today: date) -> tuple[int, date]:
    """The year whose household aid is being prepared, and the day it is expected: the next 28 June."""
    year = today.year if today <= date(today.year, 6, 28) else today.year + 1
    return year, date(year, 6, 28)

"""A past day as staff type it: 今天, 昨天, 6月5日, 6.5, 2012-06-05."""

from __future__ import annotations

import re
from datetime import date, timedelta

from carefund_bot.domain.spoken import FULL_WIDTH

_WORDS = {"今天": 0, "today": 0, "昨天": 1, "yesterday": 1, "前天": 2}
_DAY = re.compile(r"(?:(?P<year>20[0-9]{2})[-/.年])?(?P<month>[0-9]{1,2})[-/.月](?P<day>[0-9]{1,2})[日号]?")
FIRST_DAY = date(2010, 1, 1)
"""The drive began in 2010: an earlier day is a slip."""


class NotDay(ValueError):  # noqa: N818 - as NotMoney
    """The text is no day between `FIRST_DAY` and today."""


def read_past_day(text: str, today: date) -> date:
    """The day meant; without a year the latest such day that is not in the future. Else NotDay."""
    plain = "".join(text.translate(FULL_WIDTH).lower().split())
    if plain in _WORDS:
        return today - timedelta(days=_WORDS[plain])
    found = _DAY.fullmatch(plain)
    if found is None:
        raise NotDay
    year = int(found["year"] or today.year)
    try:
        day = date(year, int(found["month"]), int(found["day"]))
        if not found["year"] and day > today:
            day = day.replace(year=year - 1)
    except ValueError:
        raise NotDay from None
    if not FIRST_DAY <= day <= today:
        raise NotDay
    return day

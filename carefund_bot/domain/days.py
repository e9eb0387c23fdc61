"""Reading a day that somebody typed."""

from __future__ import annotations

import re
from datetime import date

from carefund_bot.domain.people import clean_cell

_DAY = re.compile(r"(?:(?P<year>20\d\d)\s?[年./－-]\s?)?(?P<month>\d{1,2})\s?[月./－-]\s?(?P<day>\d{1,2})\s?[日号]?")


def read_day(text: str, today: date) -> date | None:
    """2012-06-25, 2012年6月25日, 6月25日, 6/25; without a year the next such day from `today` on. `None`: no day."""
    found = _DAY.fullmatch(clean_cell(text))
    if found is None:
        return None
    try:
        day = date(int(found["year"] or today.year), int(found["month"]), int(found["day"]))
        return day if found["year"] or day >= today else day.replace(year=day.year + 1)
    except ValueError:
        return None

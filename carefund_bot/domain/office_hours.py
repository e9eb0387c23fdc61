"""Office hours: when somebody is there, and when a promise made in office hours comes due."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

_LONGEST_CLOSING: Final = 366


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """Spans of a working day; weekdays count from Monday = 1. A holiday is closed; a make-up day (调休) is open."""

    spans: tuple[tuple[time, time], ...]
    weekdays: frozenset[int] = frozenset({1, 2, 3, 4, 5})
    holidays: frozenset[date] = frozenset()
    make_up_days: frozenset[date] = frozenset()

    def is_open_on(self, day: date) -> bool:
        return day in self.make_up_days or (day.isoweekday() in self.weekdays and day not in self.holidays)

    def is_open_at(self, moment: datetime) -> bool:
        return any(opens <= moment < closes for opens, closes in self._spans_of(moment))

    def after(self, start: datetime, minutes: int) -> datetime:
        """The moment when so many open minutes have passed since `start`; keeps its time zone."""
        left = timedelta(minutes=minutes)
        for opens, closes in self._spans_from(start):
            begins = max(opens, start)
            if begins + left <= closes:
                return begins + left
            left -= closes - begins
        raise AssertionError("an office that never opens")

    def _spans_from(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Open spans that end after `start`, for a year without one at most."""
        closed_days, day = 0, start
        while closed_days <= _LONGEST_CLOSING:
            spans = [span for span in self._spans_of(day) if span[1] > start]
            yield from spans
            closed_days = 0 if spans else closed_days + 1
            day += timedelta(days=1)

    def _spans_of(self, day: datetime) -> list[tuple[datetime, datetime]]:
        if not self.is_open_on(day.date()):
            return []
        return [
            (datetime.combine(day.date(), opens, day.tzinfo), datetime.combine(day.date(), closes, day.tzinfo))
            for opens, closes in self.spans
        ]

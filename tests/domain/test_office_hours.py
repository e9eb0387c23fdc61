"""A promise made in office hours, counted over evenings, weekends, holidays and make-up days."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carefund_bot.clock import SHANGHAI
from carefund_bot.domain.office_hours import OfficeHours

SPANS = ((time(9), time(11, 30)), (time(13, 30), time(17)))
HOURS = OfficeHours(SPANS, holidays=frozenset({date(2012, 6, 22)}), make_up_days=frozenset({date(2012, 6, 24)}))


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2012-06-{text}").replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("start", "minutes", "due"),
    [
        ("01 10:00", 60, "01 11:00"),
        ("01 11:00", 60, "01 14:00"),
        ("01 12:00", 60, "01 14:30"),
        ("01 16:30", 60, "04 09:30"),  # over a weekend
        ("02 10:00", 150, "04 11:30"),
        ("01 23:59", 0, "04 09:00"),
        ("21 16:30", 60, "24 09:30"),  # a holiday on Friday, a worked Sunday
        ("01 10:00", 720, "05 10:00"),
    ],
)
def test_open_minutes_after_a_moment(start: str, minutes: int, due: str) -> None:
    assert HOURS.after(at(start), minutes) == at(due)


def test_an_office_that_never_opens_is_noticed() -> None:
    with pytest.raises(AssertionError):
        OfficeHours(SPANS, weekdays=frozenset()).after(at("01 10:00"), 1)


@given(st.integers(0, 60 * 24 * 30), st.integers(1, 3_000), st.integers(1, 3_000))
def test_minutes_add_up_and_end_in_open_time(start: int, first: int, second: int) -> None:
    moment = at("01 00:00") + timedelta(minutes=start)
    at_once, in_two = HOURS.after(moment, first + second), HOURS.after(HOURS.after(moment, first), second)
    assert at_once == in_two
    assert HOURS.is_open_at(at_once - timedelta(seconds=1))

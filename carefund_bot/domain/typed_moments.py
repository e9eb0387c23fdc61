"""A coming moment as staff type it: 明天上午9点半, 6月5日 14:00, 今晚八点, tomorrow 9:30 am."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final

from carefund_bot.domain.days import read_day
from carefund_bot.domain.people import clean_cell
from carefund_bot.domain.spoken import UnclearNumberError, read_number

FARTHEST: Final = timedelta(days=60)
_DAYS_AHEAD: Final = {"今": 0, "today": 0, "明": 1, "tomorrow": 1, "后": 2}
_NUMBER = "[0-9零一二两三四五六七八九十]{1,3}"
_MOMENT = re.compile(
    rf"""
    (?:(?P<word>today|tomorrow|[今明后][天日]?)|(?P<day>[0-9]+(?:[年月./-][0-9]+)+[日号]?))?\s*
    (?P<part>凌晨|早上?|上午|中午|下午|晚上?|傍晚)?\s*
    (?P<hour>{_NUMBER})\s*(?:[:点时]\s*(?:(?P<minute>{_NUMBER})分?|(?P<half>半))?整?)?\s*
    (?P<half_day>am|pm)?
    """,
    re.VERBOSE,
)
_AFTER_NOON: Final = ("下午", "晚", "晚上", "傍晚", "pm")


class NotMoment(ValueError):  # noqa: N818 - as NotMoney
    """The text is no moment between now and sixty days from now."""


def read_moment(text: str, now: datetime) -> datetime:
    """The moment meant, in the zone of `now`; without a day the next such time of day. Else NotMoment."""
    found = _MOMENT.fullmatch(clean_cell(text).replace("：", ":").casefold())
    if found is None or not (found["minute"] or found["half"] or found["half_day"] or _has_clock_word(found[0])):
        raise NotMoment
    try:
        moment = _day_of(found, now).replace(hour=_hour_of(found), minute=_minute_of(found), second=0, microsecond=0)
    except (ValueError, UnclearNumberError):
        raise NotMoment from None
    if moment <= now and not (found["word"] or found["day"]):
        moment += timedelta(days=1)
    if not now < moment <= now + FARTHEST:
        raise NotMoment
    return moment


def _has_clock_word(text: str) -> bool:
    """A number alone is no time of day."""
    return any(sign in text for sign in ":点时")


def _day_of(found: re.Match[str], now: datetime) -> datetime:
    if found["word"]:
        ahead = _DAYS_AHEAD.get(found["word"], _DAYS_AHEAD.get(found["word"][0], 0))
        return now + timedelta(days=ahead)
    if found["day"]:
        day = read_day(found["day"], now.date())
        if day is None:
            raise NotMoment
        return now.replace(year=day.year, month=day.month, day=day.day)
    return now


def _hour_of(found: re.Match[str]) -> int:
    hour, part = int(read_number(found["hour"])), found["half_day"] or found["part"]
    if part in _AFTER_NOON and hour < 12:
        return hour + 12
    if part == "中午" and hour < 3:
        return hour + 12
    return 0 if part in ("am", "凌晨") and hour == 12 else hour


def _minute_of(found: re.Match[str]) -> int:
    return 30 if found["half"] else int(read_number(found["minute"])) if found["minute"] else 0

"""A coming moment as staff type it: 明天上午9点半, 下周一 9:00, 6月5日 14:00, 今晚八点, tomorrow 9:30 am."""

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
_WEEKDAYS: Final = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6} | {
    name: place for place, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))
}
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MOMENT = re.compile(
    rf"""
    (?:(?P<word>today|tomorrow|[今明后][天日]?)
      |(?P<day>[0-9]+(?:[年月./-][0-9]+)+[日号]?)
      |(?P<date>[0-9]{{1,2}})[日号]
      |(?P<week>下个?|[这本]个?|next|this)?\s*(?:(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天])
         |(?P<weekday_en>{"|".join(list(_WEEKDAYS)[-7:])})[a-z]*)
      |(?P<date_en>[0-9]{{1,2}})(?:st|nd|rd|th)?\s+(?P<month_en>{"|".join(_MONTHS)})[a-z]*
      |(?P<month_first>{"|".join(_MONTHS)})[a-z]*\s+(?P<date_last>[0-9]{{1,2}})(?:st|nd|rd|th)?
    )?,?\s*(?:at\s+)?
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
    if moment <= now:
        moment += _until_the_next(found)
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
    weekday = found["weekday"] or found["weekday_en"]
    if weekday:
        return now + timedelta(days=_days_to(_WEEKDAYS[weekday], found["week"] or "", now))
    date = _date_of(found, now)
    if date is None:
        return now
    day = read_day(date, now.date())
    if day is None:
        raise NotMoment
    return now.replace(year=day.year, month=day.month, day=day.day)


def _days_to(weekday: int, week: str, now: datetime) -> int:
    """A bare weekday is the next one, from today on; 这周 and 下周 go by weeks from Monday."""
    ahead = weekday - now.weekday()
    if week.startswith(("下", "next")):
        return ahead + 7
    return ahead if week else ahead % 7


def _date_of(found: re.Match[str], now: datetime) -> str | None:
    """A date as numbers: a day without a month is the next such day."""
    if found["date"]:
        months_on = now.month - 1 + (int(found["date"]) < now.day)
        return f"{now.year + months_on // 12}-{months_on % 12 + 1}-{found['date']}"
    month = found["month_en"] or found["month_first"]
    if month:
        return f"{_MONTHS.index(month) + 1}-{found['date_en'] or found['date_last']}"
    return found["day"]


def _until_the_next(found: re.Match[str]) -> timedelta:
    """How long until the same words mean it once more; a named day is over when it has passed."""
    if found["weekday"] or found["weekday_en"]:
        return timedelta(days=0 if found["week"] else 7)
    is_named = any(found[name] for name in ("word", "day", "date", "month_en", "month_first"))
    return timedelta(days=0 if is_named else 1)


def _hour_of(found: re.Match[str]) -> int:
    hour, part = int(read_number(found["hour"])), found["half_day"] or found["part"]
    if part in _AFTER_NOON and hour < 12:
        return hour + 12
    if part == "中午" and hour < 3:
        return hour + 12
    return 0 if part in ("am", "凌晨") and hour == 12 else hour


def _minute_of(found: re.Match[str]) -> int:
    return 30 if found["half"] else int(read_number(found["minute"])) if found["minute"] else 0

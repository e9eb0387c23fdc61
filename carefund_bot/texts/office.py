"""When the office is open, as a reader says it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import time
from itertools import groupby

from markupsafe import Markup

from carefund_bot.domain.office_hours import OfficeHours
from carefund_bot.texts.words import Words


def office_hours(words: Words, hours: OfficeHours) -> Markup:
    """周一至周五 9:00-11:30、13:30-17:00"""
    spans = words("、").join(f"{_clock(opens)}-{_clock(closes)}" for opens, closes in hours.spans)
    return words("{days} {spans}", days=_days(words, hours.weekdays), spans=spans)


def _clock(moment: time) -> str:
    return f"{moment.hour}:{moment:%M}"


def _days(words: Words, weekdays: Iterable[int]) -> Markup:
    """Three days in a row or more are said by the first and the last."""
    names = (words("周一"), words("周二"), words("周三"), words("周四"), words("周五"), words("周六"), words("周日"))
    said: list[Markup] = []
    for _, numbered in groupby(enumerate(sorted(weekdays)), lambda pair: pair[1] - pair[0]):
        run = [names[day - 1] for _, day in numbered]
        if len(run) == len(names):
            return words("每天")
        said.extend([words("{first}至{last}", first=run[0], last=run[-1])] if len(run) > 2 else run)
    return words("、").join(said)

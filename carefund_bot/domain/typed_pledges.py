"""What people type when they pledge: "50", "共1000元分3期", "每月五十", "6次"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from carefund_bot.domain.money import Money, NotMoney, NotMoneyReason, parse_money
from carefund_bot.domain.pledges import MOST_TIMES, Rhythm
from carefund_bot.domain.spoken import FULL_WIDTH, SPOKEN_CHARACTERS, UnclearNumberError, read_number

_NUMBER = f"[{SPOKEN_CHARACTERS}]+"
_TIMES_UNIT = "(?:次|期|回|个月|times)"
_BLANK_OUTSIDE_NUMBERS = re.compile("(?<![0-9]) | (?![0-9])")
_IN_TIMES = re.compile(
    r"(?P<whole>共|总共|一共|合计|总计)?(?P<sum>.+?)"
    r"(?:(?<=[元块圆角毛分钱整正])[,、 ]?|[,、 ]|[,、 ]?(?P<parted>分成|分))"
    rf"(?:共|一共)?(?P<times>{_NUMBER}){_TIMES_UNIT}(?:交|付|捐|给)?"
)
_WHOLE = re.compile(r"(?:总共|一共|共|合计|总计)")
_TIMES = re.compile(rf"(?:共|一共|捐|分)?(?P<times>{_NUMBER}){_TIMES_UNIT}?")
_RHYTHM_WORDS = {
    Rhythm.ONCE: ("只捐一次", "一次", "就一次", "一次性", "once"),
    Rhythm.MONTHLY: ("每月", "每个月", "月", "按月", "monthly", "everymonth"),
    Rhythm.QUARTERLY: ("每季", "每季度", "每个季度", "季", "按季", "quarterly", "everyquarter"),
    Rhythm.YEARLY: ("每年", "年", "按年", "yearly", "everyyear"),
}
_RHYTHM_BY_WORD = {word: rhythm for rhythm, words in _RHYTHM_WORDS.items() for word in words}
_RHYTHM_AHEAD = re.compile("每个?(?P<rhythm>月|季度?|年)")
_LONGEST = 100
"""Twice what the longest pledge takes; in a letter, signs that may divide a sum from its times cost a try each."""
_WITHOUT_END = frozenset({"不限", "一直", "长期", "一直捐", "随时可停", "noend", "openended"})


class NotTimes(ValueError):  # noqa: N818 - as NotMoney
    """The text is no number of times between 1 and `MOST_TIMES`."""


@dataclass(frozen=True, slots=True)
class TypedPledge:
    """`amount` is for each time, or, if `is_total`, for all times together; None was not said."""

    amount: Money
    is_total: bool = False
    times: int | None = None
    rhythm: Rhythm | None = None


def read_typed_pledge(text: str) -> TypedPledge:
    """A sum, and what was said along with it of how often; NotMoney where the sum is not understood."""
    plain = _plain(text)
    if len(plain) > _LONGEST:
        raise NotMoney(NotMoneyReason.NOTHING_FOUND)
    rhythm = None
    if ahead := _RHYTHM_AHEAD.match(plain):
        rhythm, plain = _RHYTHM_BY_WORD["每" + ahead["rhythm"]], plain[ahead.end() :]
    found = _IN_TIMES.fullmatch(plain)
    if found is None:
        whole = _WHOLE.match(plain)
        return TypedPledge(parse_money(plain[whole.end() :] if whole else plain), bool(whole), None, rhythm)
    try:
        times = _whole_times(found["times"])
    except NotTimes:
        return TypedPledge(parse_money(text))
    is_total = bool(found["whole"] or found["parted"])
    return TypedPledge(parse_money(found["sum"]), is_total, times, Rhythm.ONCE if times == 1 else rhythm)


def read_rhythm(text: str) -> Rhythm | None:
    """每月 is monthly; None if it is no rhythm."""
    return _RHYTHM_BY_WORD.get(_plain(text))


def read_times(text: str) -> int | None:
    """6, 六次, 12期; None is 不限. Else NotTimes."""
    plain = _plain(text)
    if plain in _WITHOUT_END:
        return None
    found = _TIMES.fullmatch(plain)
    if found is None:
        raise NotTimes
    return _whole_times(found["times"])


def _whole_times(text: str) -> int:
    try:
        number = read_number(text)
    except UnclearNumberError:
        raise NotTimes from None
    if number.denominator != 1 or not 1 <= number <= MOST_TIMES:
        raise NotTimes
    return number.numerator


def _plain(text: str) -> str:
    return _BLANK_OUTSIDE_NUMBERS.sub("", " ".join(text.translate(FULL_WIDTH).lower().split())).rstrip("。.!")

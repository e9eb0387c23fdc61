"""Years, months and days as people name them, counted from a given day. Two of a kind, or a range, give none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from carefund_bot.domain.spoken import UnclearNumberError, read_number
from carefund_bot.understanding.day_forms import (
    DAYS_OFF,
    DAYS_OFF_EN,
    FESTIVALS,
    MONTHS_EN,
    MONTHS_OFF,
    MONTHS_OFF_EN,
    READERS,
    WEEK,
    WEEKDAYS_EN,
    YEARS_BACK,
    YEARS_BACK_EN,
)

_SEVERAL_YEARS = re.compile(
    r"(?:前|近|这|头|最近)(?:几|两|[二三四五六七八九十])年|历年|\b(?:last|past) (?:few|two|three|\d+) years"
)
_NOT_THIS_TIME = re.compile(
    r"(?:今年|本年)(?:度|的|又|就)?(?:怎么|咋|为什么|为啥|为何)\w{0,3}[没不未无]|\bnot(?:hing)? (?:for )?this year"
)
"""去年有今年怎么没有 asks about this year; the other one is what it is held against."""
_PAST = re.compile(
    r"[捐交给扣付打转收领发汇缴][了的过款]|收据|票据?|凭证|记录|上回|上次|没(?:收|到|拿|发|有|见|打|给)|未到|还不到"
    r"|\b(?:gave|given|paid|donated|donations?|gifts?|contributions?|receipts?|sent|received|got|did|was|were|made"
    r"|booked|recorded|transferred|wired|handed|deducted|charged)\b"
    r"|\b(?:never|missing|not received|haven't|hasn't|didn't)\b"
)
_FROM_THEN = re.compile(
    r"开始|起|打算|准备|以后|之后|改[到成为]|推迟|想捐|要捐|再捐|\b(?:start|starting|until|will|onwards)\b"
)
_LOOKING_BACK = re.compile("上回|上次|上一[次回]|那[次回年]|以前|之前捐")
_FROM = re.compile(r"\bfrom\b")
_AHEAD = re.compile(r"[能会要]发|发[吗么嘛放]|什么时候|几时|[前底]能|[能会]到|\b(?:when|by|before)\b")
_EVERY_YEAR = re.compile(r"(?:每年|年年|every year on|each year on)(?:的|到了)?\s?$")
_AGE_AFTER = re.compile(
    r"\s?(?:都|快|已经|刚)?(?:[1-9][0-9]|[二三四五六七八九]?十[一二三四五六七八九]?)(?:周?岁|了|$|[，,。])"
)
_NEAR, _NEAR_LATIN = 20, 40
"""Characters around a month in which words tell whether it lies behind or ahead."""
_LIFE_AFTER = re.compile(r"年?(?:入党|出生|生的|生人|退休|结婚|参加工作|进厂|转正)")
_MEMBERSHIP = re.compile(r"(?:入党|党龄|[当做干]了?|住了|了|满|快|近|整整|前后)$")


@dataclass(frozen=True, slots=True)
class Days:
    """`moment` is "YYYY-MM" or "YYYY-MM-DD"; `rest` is the text with days and years blanked, for the reader of sums."""

    year: int | None
    moment: str | None
    rest: str


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    end: int
    year: int | None
    moment: str | None


def read_days(plain: str, today: date) -> Days:
    """Reads a normalised text."""
    found: list[_Found] = []
    rest = plain
    for name, form in READERS:
        for match in form.finditer(rest):
            if (one := _resolve(name, match, plain, today)) is not None:
                found.append(one)
                rest = rest[: one.start] + "，" * (one.end - one.start) + rest[one.end :]
    found.sort(key=lambda one: one.start)
    moments = [one for one in found if one.moment]
    years = {one.year for one in found if one.year is not None}
    return Days(_one_year(years, plain, today), _one_moment(moments, plain), rest)


def _one_year(years: set[int], plain: str, today: date) -> int | None:
    if _SEVERAL_YEARS.search(plain):
        return None
    if len(years) > 1 and _NOT_THIS_TIME.search(plain):
        return today.year
    return next(iter(years)) if len(years) == 1 else None


def _one_moment(found: list[_Found], plain: str) -> str | None:
    moments = list(dict.fromkeys(one.moment for one in found))
    if len(moments) == 1:
        return moments[0]
    changed = len(moments) == 2 and re.search(
        r"改[成为到]?|换[成到]?|推迟?到|挪到|\bto\b", plain[found[0].end : found[-1].start]
    )
    return moments[-1] if changed else None


def _resolve(name: str, match: re.Match[str], plain: str, today: date) -> _Found | None:
    values = {key: value for key, value in match.groupdict().items() if value}
    year, moment = None, None
    if _EVERY_YEAR.search(plain[: match.start()]) or _AGE_AFTER.match(plain, match.end()):
        return None
    if name == "years_ago":
        year = today.year - _count(values.get("n") or values["ne"])
    elif name == "year":
        if _LIFE_AFTER.match(plain, match.end()):
            return None
        if "near" in values and _MEMBERSHIP.search(plain[: match.start()]):
            return None
        year = _year(values, today)
        if "near" in values and (year is None or not 2008 <= year <= today.year + 1):
            return None
    else:
        moment = _MOMENTS[name](values, plain, match, today)
        if moment is None:
            return None
    return _Found(match.start(), match.end(), year, moment)


def _year(values: dict[str, str], today: date) -> int | None:
    if "far" in values:
        return int("".join(str(int(read_number(digit))) for digit in values["far"]))
    if "near" in values:
        return 2000 + int("".join(str(int(read_number(digit))) for digit in values["near"]))
    if "back" in values:
        return today.year - YEARS_BACK[values["back"]]
    return today.year - YEARS_BACK_EN[values["back_en"]] if "back_en" in values else None


def _iso(values: dict[str, str], plain: str, match: re.Match[str], today: date) -> str | None:
    del plain, match, today
    return _moment(int(values["y"]), int(values["m"]), _small(values.get("d")))


def _month(values: dict[str, str], plain: str, match: re.Match[str], today: date) -> str | None:
    month, day = _small(values["m"]) or 0, _small(values.get("d") or values.get("d2"))
    year = _year(values, today)
    return _moment(year if year is not None else _likely_year(month, plain, match, today), month, day)


def _festival(values: dict[str, str], plain: str, match: re.Match[str], today: date) -> str | None:
    month, day = FESTIVALS[values.get("f") or values["fe"]]
    year = _year(values, today)
    if year is None:
        guess = _year_of_payout if "七一" in match[0] else _likely_year
        year = guess(month, plain, match, today)
    return _moment(year, month, day)


def _year_of_payout(month: int, plain: str, match: re.Match[str], today: date) -> int:
    """七一 is this year's payout, whatever is said of it, unless somebody looks back to the one before."""
    near = plain[max(0, match.start() - _NEAR) : match.end() + _NEAR]
    return today.year - bool(_LOOKING_BACK.search(near) and month > today.month)


def _likely_year(month: int, plain: str, match: re.Match[str], today: date) -> int:
    """A month without a year: the next one for plans and payouts to come, the last one for gifts and missing money."""
    reach = _NEAR_LATIN if plain.isascii() else _NEAR
    near = plain[max(0, match.start() - reach) : match.end() + reach]
    if _FROM_THEN.search(near):
        return today.year + (month < today.month)
    if _PAST.search(near):
        return today.year - (month > today.month)
    return today.year + (month < today.month and bool(_AHEAD.search(near) or _FROM.search(near)))


def _month_off(values: dict[str, str], plain: str, match: re.Match[str], today: date) -> str | None:
    del plain, match
    steps = (MONTHS_OFF | MONTHS_OFF_EN)[values["w"]]
    year, month = _month_after(today, steps)
    return _moment(year, month, _small(values.get("d")))


def _month_after(today: date, steps: int) -> tuple[int, int]:
    count = today.year * 12 + today.month - 1 + steps
    return count // 12, count % 12 + 1


def _day_off(values: dict[str, str], plain: str, match: re.Match[str], today: date) -> str | None:
    del plain, match
    return (today + timedelta((DAYS_OFF | DAYS_OFF_EN)[values["w"]])).isoformat()


def _week(values: dict[str, str], plain: str, match: re.Match[str], today: date) -> str | None:
    del plain, match
    weekday = (
        WEEKDAYS_EN.index(values["d"])
        if values["d"] in WEEKDAYS_EN
        else "一二三四五六日".index(values["d"].replace("天", "日"))
    )
    monday = today - timedelta(today.weekday())
    return (monday + timedelta(7 * WEEK[values["w"]] + weekday)).isoformat()


_WORDS_EN = {
    word: value
    for value, word in enumerate(["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"])
} | {"a": 1}


def _ago(values: dict[str, str], plain: str, match: re.Match[str], today: date) -> str | None:
    del plain, match
    if "ue" in values:
        count, unit, back = _count(values["ne"]), values["ue"], True
    else:
        count, unit, back = _small(values["n"]) or 0, values["u"], values["s"] == "前"
    steps = -count if back else count
    if unit in {"天", "day"}:
        return (today + timedelta(steps)).isoformat()
    return "{:04}-{:02}".format(*_month_after(today, steps))


def _count(word: str) -> int:
    """three, 3 and 三 are 3."""
    return _WORDS_EN[word] if word in _WORDS_EN else _small(word) or 0


def _en_month(values: dict[str, str], plain: str, match: re.Match[str], today: date) -> str | None:
    month = MONTHS_EN.index(values["m"][:3]) + 1
    day = _small(values.get("d1") or values.get("d2"))
    named = values.get("y")
    if named:
        year = int(named) if named.isdigit() else today.year - YEARS_BACK_EN[named]
    elif "rel" in values:
        year = {
            "last": today.year - (month >= today.month),
            "this": today.year,
            "next": today.year + (month <= today.month),
        }[values["rel"]]
    else:
        year = _likely_year(month, plain, match, today)
    return _moment(year, month, day)


_MOMENTS = {
    "iso": _iso,
    "written_close": _iso,
    "day_first": _iso,
    "short": _month,
    "month": _month,
    "festival": _festival,
    "month_off": _month_off,
    "day_off": _day_off,
    "week": _week,
    "week_en": _week,
    "ago": _ago,
    "en_month": _en_month,
}


def _small(text: str | None) -> int | None:
    if text is None:
        return None
    try:
        return int(read_number(text))
    except UnclearNumberError:
        return None


def _moment(year: int, month: int, day: int | None) -> str | None:
    """None where the calendar has no such day."""
    try:
        whole = date(year, month, day or 1)
    except ValueError:
        return None
    return whole.isoformat() if day else whole.isoformat()[:7]

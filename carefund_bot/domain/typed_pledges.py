"""What people type when they pledge: "50", "共1000元分3期", "每月五十", "fifty yuan a month", "6次"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from carefund_bot.domain.english_numbers import with_figures
from carefund_bot.domain.money import Money, NotMoney, NotMoneyReason, parse_money
from carefund_bot.domain.pledges import MOST_TIMES, Rhythm
from carefund_bot.domain.spoken import FULL_WIDTH, SPOKEN_CHARACTERS, UnclearNumberError, read_number

_NUMBER = f"[{SPOKEN_CHARACTERS}]+"
_NUMBER_AT_END = re.compile(f"{_NUMBER}$")
_ONE = "一1"
_MONTHS = "个月"
_TIMES_UNIT = f"(?:次|期|回|{_MONTHS}|times)"
_BLANK_OUTSIDE_NUMBERS = re.compile("(?<![0-9]) | (?![0-9])")
_IN_TIMES = re.compile(
    r"(?P<whole>共|总共|一共|合计|总计)?(?P<sum>.+?)"
    r"(?:(?<=[元块圆角毛分钱整正])[,、 ]?|[,、 ]|[,、 ]?(?P<parted>分成|分))"
    rf"(?:共|一共)?(?![一1]个月)(?P<times>{_NUMBER})(?P<unit>{_TIMES_UNIT})(?:交|付|捐|给)?"
)
_WHOLE = re.compile(r"(?:总共|一共|共|合计|总计)")
_TIMES = re.compile(rf"(?:共|一共|捐|分)?(?P<times>{_NUMBER}){_TIMES_UNIT}?")
_RHYTHM_WORDS = {
    Rhythm.ONCE: ("只捐一次", "一次", "就一次"),
    Rhythm.MONTHLY: ("月", "按月"),
    Rhythm.QUARTERLY: ("季", "按季"),
    Rhythm.YEARLY: ("年", "按年"),
}
_RHYTHM_BY_WORD = {word: rhythm for rhythm, words in _RHYTHM_WORDS.items() for word in words}
_OFTEN = r"(?:once)?(?:a|per|every|each|/)"
_BESIDE_SUM = "|".join(
    f"(?P<{rhythm.name}>{form})"
    for rhythm, form in {
        Rhythm.MONTHLY: rf"(?:[每一]|(?<![0-9])1)个?月|/月|{_OFTEN}mo(?:nth)?|monthly",
        Rhythm.QUARTERLY: rf"[每一]个?季度?|/季度?|{_OFTEN}quarter|quarterly",
        Rhythm.YEARLY: rf"[每一]年|/年|{_OFTEN}year|yearly",
        Rhythm.ONCE: "一次性|once",
    }.items()
)
_RHYTHM = re.compile(_BESIDE_SUM)
_WISH = "我?(?:想要|想|要|愿意|愿|打算|准备)?(?:认捐|捐)?"
_RHYTHM_AHEAD = re.compile(rf"^{_WISH}(?:{_BESIDE_SUM})")
_RHYTHM_BETWEEN = re.compile(
    rf"(?<=.)(?:{_BESIDE_SUM})[,、 ]?(?=(?:共|一共)?(?![一1]个月){_NUMBER}{_TIMES_UNIT}(?:交|付|捐|给)?$)"
)
_RHYTHM_BEHIND = re.compile(rf"(?:{_BESIDE_SUM})$")
_AROUND = re.compile(r"^(?:i(?:want|wish|'?dlike|wouldlike)to)?(?:give|donate|pledge)(?=[^a-z])|,?(?:please|谢谢)$")
"""Words around a sum that say no more than it does; parse_money knows the Chinese ones ahead of it."""
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
    plain = _AROUND.sub("", _plain(text))
    if len(plain) > _LONGEST:
        raise NotMoney(NotMoneyReason.NOTHING_FOUND)
    rhythm, plain = _without_rhythm(_RHYTHM_AHEAD, plain)
    if rhythm is None:
        rhythm, plain = _without_rhythm(_RHYTHM_BETWEEN, plain, ",")
    found = _IN_TIMES.fullmatch(plain)
    if found is None:
        if rhythm is None:
            rhythm, plain = _without_rhythm(_RHYTHM_BEHIND, plain)
        whole = _WHOLE.match(plain)
        return TypedPledge(parse_money(plain[whole.end() :] if whole else plain), bool(whole), None, rhythm)
    try:
        times = _whole_times(found["times"])
    except NotTimes:
        return TypedPledge(parse_money(text))
    return _in_times(found, times, rhythm)


def _in_times(found: re.Match[str], times: int, rhythm: Rhythm | None) -> TypedPledge:
    """What was said of the sum, of how many times and how often fits together, or is AMBIGUOUS."""
    if (rhythm is Rhythm.ONCE and times > 1) or (found["unit"] == _MONTHS and rhythm not in {None, Rhythm.MONTHLY}):
        raise NotMoney(NotMoneyReason.AMBIGUOUS)
    amount, is_total = parse_money(found["sum"]), bool(found["whole"] or found["parted"])
    if times > 1:
        return TypedPledge(amount, is_total, times, rhythm)
    if rhythm in {None, Rhythm.ONCE}:
        return TypedPledge(amount, is_total, 1, Rhythm.ONCE)
    return TypedPledge(amount, is_total, None, rhythm)  # once a month is how often, not how many times


def _without_rhythm(form: re.Pattern[str], plain: str, in_its_place: str = "") -> tuple[Rhythm | None, str]:
    found = form.search(plain)
    if found is None:
        return None, plain
    before = plain[: found.start()]
    if _goes_on(before, found[0][0]):
        raise NotMoney(NotMoneyReason.AMBIGUOUS)
    return _rhythm_of(found), before + in_its_place + plain[found.end() :]


def _goes_on(before: str, sign: str) -> bool:
    """Whether the first sign of a rhythm may as well be the last of the number before it: 五十一年 is 50, or 51."""
    number = _NUMBER_AT_END.search(before)
    if number is None or sign not in _ONE:
        return False
    try:
        read_number(number[0] + sign)
    except UnclearNumberError:
        return False
    return True


def _rhythm_of(found: re.Match[str]) -> Rhythm:
    return Rhythm[str(found.lastgroup)]


def read_rhythm(text: str) -> Rhythm | None:
    """每月, a month are monthly; None if it is no rhythm."""
    plain = _plain(text)
    found = _RHYTHM.fullmatch(plain)
    return _rhythm_of(found) if found else _RHYTHM_BY_WORD.get(plain)


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
    spaced = with_figures(" ".join(text.translate(FULL_WIDTH).lower().split()))
    return _BLANK_OUTSIDE_NUMBERS.sub("", spaced).rstrip("。.!")

"""The sum somebody names in a sentence. Phones, ages, years of membership, house numbers and counts are not sums."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from enum import Enum, auto

from carefund_bot.domain.money import Money, NotMoney, parse_money
from carefund_bot.domain.spoken import UnclearNumberError, read_number
from carefund_bot.understanding import sum_forms as forms

_LONGEST = 6
"""Digits of a bare figure that may be a sum."""


class _Standing(Enum):
    NEW = auto()
    PLAIN = auto()
    OLD = auto()


@dataclass(frozen=True, slots=True)
class _Candidate:
    sum: Money
    start: int
    end: int
    standing: _Standing


def read_sum(plain: str) -> Money | None:
    """The one sum of a normalised text, the new one where two are set against each other; None: it must be asked."""
    text = _as_written_out(plain)
    found = _candidates(text)
    if not found or _is_open(text, found):
        return None
    if len(found) == 1:
        only = found[0]
        return None if forms.REFUSED.search(text[: only.start]) else only.sum
    ranked = [candidate for candidate in found if candidate.standing is _Standing.NEW][-1:]
    ranked += [candidate for candidate in found if candidate.standing is _Standing.PLAIN]
    return (ranked or found)[0].sum


def _as_written_out(plain: str) -> str:
    """Short cuts of typing and speaking in full: 100→150, 1 000元, 块五, 五十快, 五百一年."""
    text = forms.PARTED.sub(r"\1\2", forms.ARROW.sub("改成", plain))
    return forms.QUICK.sub("块", forms.GLUED.sub(" 一", forms.BARE_MARK.sub("一块", text)))


def _candidates(text: str) -> list[_Candidate]:
    found = []
    end = 0
    for match in forms.SUM.finditer(text):
        before = text[end : match.start()]
        if (value := _sum_of(match, text, before)) is not None:
            found.append(_Candidate(value, match.start(), match.end(), _standing(before, text[match.end() :])))
            end = match.end()
    return found


def _sum_of(match: re.Match[str], text: str, before: str) -> Money | None:
    after = text[match.end() :]
    if forms.VAGUE_BEFORE.search(before) or forms.VAGUE_AFTER.match(after):
        return None
    if forms.STEP.search(before) or forms.STEP_AFTER.match(after):
        return None
    marked = bool(match["sign"] or match["mark"])
    if not marked and not _is_bare_sum(match["number"], before, after, text):
        return None
    mark = "毛" if (match["mark"] or "").startswith("毛") else "元" if marked else ""
    if mark == "毛" and match["number"] in {"一", "1"}:
        return None  # 一毛钱没有: a sigh
    try:
        return parse_money(match["number"].replace(" ", "") + mark + (match["small"] or ""))
    except NotMoney:
        return None


def _is_bare_sum(number: str, before: str, after: str, text: str) -> bool:
    if forms.COUNTED.match(after) or forms.NAMED.search(before) or _is_age(number, before, after):
        return False
    if number[0] in forms.HAN:
        return len(number) > 1 and not _is_word(number) and any(unit in number for unit in "十百千万拾佰仟廿卅")
    if number[0] == "0" and not number.startswith("0."):
        return False
    if _is_no_sum_of_its_own(number, text):
        return False
    if forms.SAID_BEFORE.search(before) or forms.SAID_AFTER.match(after):
        return len(number) <= _LONGEST
    return "," in number or number[-1] in "百千万kw" or _stands_by_itself(number, before, after, text)


def _is_age(number: str, before: str, after: str) -> bool:
    """老人家九十了, my mum is 80."""
    if not forms.AGED.search(before) or not re.match(r"了|$|[，,.。;!?]| and\b", after):
        return False
    try:
        return int(read_number(number)) in forms.AGES
    except UnclearNumberError:
        return False


def _is_no_sum_of_its_own(number: str, text: str) -> bool:
    """A year of birth, the first three digits of a telephone, or a number to call."""
    if number in forms.HOTLINES and re.search("[打拨]|报警|热线|call|dial", text):
        return True
    if forms.BIRTH_YEAR.fullmatch(number):
        return bool(re.search("生|年|岁|born|age", text))
    return bool(forms.PHONE_HEAD.fullmatch(number) and re.search("手机|号码|电话|phone", text))


def _stands_by_itself(number: str, before: str, after: str, text: str) -> bool:
    """A figure that nothing marks as a sum and nothing as anything else."""
    if text.strip(" .!?，。") == number:
        return len(number) <= _LONGEST
    if not forms.BY_ITSELF.fullmatch(number):
        return _is_fenced(before, after) and bool(forms.SAYS_GIVING.search(text))
    if re.search(r"[\u3400-\u9fff]", before[-2:] + after[:2]) or _is_fenced(before, after):
        return not re.search(r"[a-z0-9.:/_-]$", before) and not re.match(r"[a-z0-9.:/_-]", after)
    if not forms.NO_NOUN_AFTER.match(after) or not re.search(r"[a-z'] $|^$", before):
        return False
    return len(number) > 2 or bool(forms.MONEY_SPOKEN_OF.search(text))


def _is_fenced(before: str, after: str) -> bool:
    """捐款，1200。"""
    opened = not before.strip() or before.rstrip()[-1] in "，,。:：;；"
    return opened and (not after.strip() or after.lstrip()[0] in "，,。.;；!！?？")


def _is_word(number: str) -> bool:
    """万一, 千万, 十一, 百万 are words or days here."""
    return number in {"万一", "千万", "万万", "十一", "百千", "十百", "百万", "一一", "万千"}


def _standing(before: str, after: str) -> _Standing:
    if forms.TOO_MUCH.match(after) or forms.DAILY_AFTER.match(after) or forms.DAILY.search(before):
        return _Standing.OLD
    if forms.OLD.search(before):
        return _Standing.OLD
    return _Standing.NEW if forms.NEW.search(before) else _Standing.PLAIN


def _is_open(text: str, found: list[_Candidate]) -> bool:
    """50还是100 asks; 十块八块 is about ten; 50到100 is a range, unless it says 从50到100."""
    for one, other in itertools.pairwise(found):
        between = text[one.end : other.start]
        if (forms.CHOICE.match(between) or not between) and one.sum != other.sum:
            return True
        if forms.RANGE.match(between) and not forms.UNTIL_NEW.search(text[: one.start]):
            return True
    return any(_is_range_end(text, one) for one in found) or _are_two_gifts(text, found)


def _are_two_gifts(text: str, found: list[_Candidate]) -> bool:
    """我想捐500，她捐300: none of the two stands for the other."""
    newest = max((place for place, one in enumerate(found) if one.standing is _Standing.NEW), default=0)
    said = [one for one in found[newest:] if one.standing is not _Standing.OLD]
    if len({one.sum for one in said}) < 2:
        return False
    return bool(forms.WISH.search(text)) or all(forms.GIVES.search(text[: one.start]) for one in said)


def _is_range_end(text: str, one: _Candidate) -> bool:
    """50-100, 50 to 100 yuan: the other end need not look like a sum of its own."""
    before = text[: one.start]
    if forms.CHANGES.search(before):
        return False
    return bool(forms.RANGE_AFTER.match(text, one.end) or forms.RANGE_BEFORE.search(before))

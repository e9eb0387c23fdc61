"""What must not stand in anything that staff write to people: links, numbers of people, strange phones."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from html import unescape
from typing import Final

from carefund_bot.domain.people import clean_cell, looks_like_card_number, looks_like_identity_number


class Unfit(StrEnum):
    """What must not stand in anything we write to people (R52)."""

    LINK = "link"
    IDENTITY = "identity"
    CARD = "card"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something unfit, and the line it stands in, counted from 1; never what it says."""

    unfit: Unfit
    line: int


_ENDINGS: Final = "com|cn|net|org|gov|edu|cc|top|xyz|vip|io|me|info|shop|site|online|club|link|app|hk|tv|中国|公司|网络"
_LINK = re.compile(
    rf"<a\s|[a-z]://|\bwww\.|@[a-z]\w{{3}}|\w@\w|[a-z0-9\u4e00-\u9fff-][.。．](?:{_ENDINGS})(?![a-z0-9])",
    re.IGNORECASE,
)
"""Asks for one sign before the mark, not for all of them: a long word without any mark is gone through once."""
_DASH = r"[\s\-－–—]?"
_PHONE = re.compile(
    rf"(?<![0-9])(?:(?:\+?86|0086){_DASH})?1[3-9][0-9]{_DASH}[0-9]{{4}}{_DASH}[0-9]{{4}}(?![0-9])"
    rf"|(?<![0-9])[(（]?0[0-9]{{2,3}}[)）]?{_DASH}[0-9]{{3,4}}{_DASH}[0-9]{{4}}(?![0-9])"
    rf"|(?<![0-9])[48]00{_DASH}[0-9]{{3,4}}{_DASH}[0-9]{{3,4}}(?![0-9])"
    r"|(?<=电话)[:：]?\s*[0-9]{7,8}(?![0-9])"
)
_TAG = re.compile(r"</?(?!a[\s>])[^>]*>")


def faults_in(text: str, own_phones: Collection[str]) -> tuple[Fault, ...]:
    """Links, identity and card numbers, and phone numbers other than the offices' own, in Telegram's HTML."""
    own = {_digits(phone) for phone in own_phones}
    found = []
    for number, line in enumerate(text.split("\n"), 1):
        plain = clean_cell(unescape(_TAG.sub("", line)))
        found += [Fault(unfit, number) for unfit in _unfit_in(plain, own)]
    return tuple(found)


def _unfit_in(line: str, own: Collection[str]) -> list[Unfit]:
    checks = {
        Unfit.LINK: bool(_LINK.search(line)),
        Unfit.IDENTITY: looks_like_identity_number(line),
        Unfit.CARD: looks_like_card_number(line),
        Unfit.PHONE: any(_digits(phone) not in own for phone in _PHONE.findall(line)),
    }
    return [unfit for unfit, is_there in checks.items() if is_there]


def _digits(text: str) -> str:
    return re.sub(r"[^0-9]", "", text)

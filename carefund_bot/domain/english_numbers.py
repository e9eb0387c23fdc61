"""English number words as figures: "two hundred and fifty" is 250; "one", "once" and small counts stay words."""

from __future__ import annotations

import re

_SMALL = {
    word: value
    for value, word in enumerate(
        [
            *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
            *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
            "nineteen",
        ]
    )
}
_TENS = {
    word: value * 10
    for value, word in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2)
}
_VALUES = _SMALL | _TENS | {"a": 1, "an": 1}
_SCALES = {"hundred": 100, "thousand": 1000, "grand": 1000, "million": 1_000_000}

_ONE = "|".join(sorted(_SMALL | _TENS, key=len, reverse=True))
_SCALE = "|".join(_SCALES)
_NUMBER = re.compile(
    rf"\b(?:(?:a|{_ONE})(?:[ -](?:and )?(?:{_ONE}|{_SCALE}))+"
    rf"|[1-9][0-9]{{0,2}} (?:{_SCALE})|{_ONE}|{_SCALE}(?= yuan))\b"
)
_MONEY_AFTER = re.compile(r" ?(?:yuan|rmb|kuai|cny|bucks)\b")


def with_figures(plain: str) -> str:
    """The same text, its number words as figures where they are ten or more, or stand before yuan."""
    return _NUMBER.sub(lambda found: _figure(found, plain), plain)


def _figure(found: re.Match[str], plain: str) -> str:
    value = _value(re.split(r"[ -]", found[0]))
    money = _MONEY_AFTER.match(plain, found.end())
    return str(value) if value >= 10 or money else found[0]


def _value(words: list[str]) -> int:
    total = section = 0
    for word in words:
        if word == "hundred":
            section = (section or 1) * 100
        elif word in _SCALES:
            total, section = total + (section or 1) * _SCALES[word], 0
        else:
            section += int(word) if word.isdigit() else _VALUES.get(word, 0)
    return total + section

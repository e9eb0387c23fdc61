"""In which of our languages words are plainly written: a name, a bank, ok or pinyin say nothing about it."""

from __future__ import annotations

import re
from typing import Final

_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_WORD: Final = re.compile("[a-z]+")
_CHINESE_SAYS: Final = re.compile("[我你您的了吗嗎呢吧么麼怎什有没沒不是在要想能会會到给給谁誰哪几幾请請谢謝钱錢]")
_ENGLISH_SAYS: Final = re.compile(
    r"\b(?:the|i|i'm|i'd|i'll|i've|my|our|your|is|isn't|are|aren't|was|were|do|don't|does|doesn't|did|didn't|have|haven't"
    r"|has|hasn't|had|will|won't|would|could|should|want|need|get|got|give|gave|donate|know|tell|show|stop|this|that|it"
    r"|there|what|what's|when|where|where's|why|which|who|how|please|money|month|year|much|many|not|with|about|from|yet"
    r"|any|still)(?![a-z'])"
)
"""Words that make a sentence, none of which is a syllable of pinyin, as you, me, he, can or men are."""
_FEWEST: Final = 2
_LONG: Final = 5


def plainly_in(said: str) -> str | None:
    """The language of `LANGUAGES` that nobody could mistake; else None."""
    plain = said.lower().replace("’", "'")
    han = len(_HAN.findall(plain))
    if han:
        is_chinese = han >= _LONG or (han >= _FEWEST and _CHINESE_SAYS.search(said))
        return "zh_CN" if is_chinese and 3 * len(_WORD.findall(plain)) <= han else None
    return "en" if len(set(_ENGLISH_SAYS.findall(plain))) >= _FEWEST else None

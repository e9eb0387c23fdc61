"""Hello, thanks or another small word: each has its own answer."""

from __future__ import annotations

import re
from enum import StrEnum

_THANKS = re.compile(r"谢|謝|感恩|辛苦|麻烦你|麻煩你|\bthanks?\b|\bthx\b|\bty\b|grateful", re.IGNORECASE)
_HELLO = re.compile(
    r"[你您]好|大家好|早上好|下午好|晚上好|早安|晚安|在吗|在嗎|在么|有人|哈喽|嗨|喂|"
    r"\bhi\b|\bhello\b|\bhey\b|good (?:morning|afternoon|evening)",
    re.IGNORECASE,
)


class Courtesy(StrEnum):
    HELLO = "hello"
    THANKS = "thanks"
    OTHER = "other"


def courtesy_of(said: str) -> Courtesy:
    """Which one is said; thanks before a hello, as 你好，谢谢 waits for nothing more."""
    if _THANKS.search(said):
        return Courtesy.THANKS
    return Courtesy.HELLO if _HELLO.search(said) else Courtesy.OTHER

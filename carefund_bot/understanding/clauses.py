"""Two wishes in one message: where it may be cut."""

from __future__ import annotations

import re

_CUT = re.compile(
    r"[。！？!?；;\n]+"
    r"|(?:还有(?=[^没])|另外|顺便|对了|再问一下|再问下|再一个|同时也?想"
    r"|\band also\b|\balso\b|\bby the way\b|\bbtw\b|\bone more thing\b|\banother question\b)[，,: ]*"
)
_SHORTEST = 3
_MOST = 4


def clauses(text: str) -> list[str]:
    """The parts of a raw text, each long enough to be a wish; empty where there is only one."""
    parts = [part.strip(" ，,、.") for part in _CUT.split(text)]
    whole = [part for part in parts if len(part) >= _SHORTEST][:_MOST]
    return whole if len(whole) > 1 else []

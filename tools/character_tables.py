"""Make carefund_bot/understanding/characters.json from OpenCC and pypinyin: build time only."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from pathlib import Path

from opencc import OpenCC
from pypinyin import Style, pinyin

CHARACTERS = Path(__file__).parent.parent / "carefund_bot" / "understanding" / "characters.json"
_HAN = range(0x4E00, 0x9FFF + 1)
_ALIKE = (("^zh", "z"), ("^ch", "c"), ("^sh", "s"), ("ng$", "n"), ("^n", "l"), ("^l?ve", "ye"))
"""What Suzhou's Mandarin does not tell apart, and what typing by sound confuses."""


def characters_json() -> bytes:
    """The tables' bytes, the same for the same versions of both libraries."""
    to_simplified = OpenCC("t2s").convert
    pairs = [(chr(code), to_simplified(chr(code))) for code in _HAN]
    changed = [(old, new) for old, new in pairs if old != new and len(new) == 1]
    syllables: dict[str, list[str]] = defaultdict(list)
    for character in filter(_is_common, map(chr, _HAN)):
        syllables[_blurred(pinyin(character, style=Style.NORMAL)[0][0])].append(character)
    tables = {
        "traditional": "".join(old for old, _ in changed),
        "simplified": "".join(new for _, new in changed),
        "syllables": {syllable: "".join(found) for syllable, found in sorted(syllables.items())},
    }
    return (json.dumps(tables, ensure_ascii=False, indent=0) + "\n").encode()


def _is_common(character: str) -> bool:
    try:
        return len(character.encode("gb2312")) == 2
    except UnicodeEncodeError:
        return False


def _blurred(syllable: str) -> str:
    for heard, kept in _ALIKE:
        syllable = re.sub(heard, kept, syllable)
    return syllable

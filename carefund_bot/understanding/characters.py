"""Character tables, made from OpenCC and pypinyin by tools/train_understanding.py so that neither runs in the bot."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files


@cache
def _tables() -> tuple[dict[int, str], dict[str, str]]:
    """Traditional to simplified, by code point; and character to syllable without tone."""
    raw = json.loads(files(__package__).joinpath("characters.json").read_text(encoding="utf-8"))
    to_simplified = dict(zip(map(ord, raw["traditional"]), raw["simplified"], strict=True))
    syllables = {character: syllable for syllable, characters in raw["syllables"].items() for character in characters}
    return to_simplified, syllables


def simplified(text: str) -> str:
    """Character by character; words that differ between Taipei and Suzhou are left to the phrases."""
    return text.translate(_tables()[0])


def syllable(character: str) -> str | None:
    """How it sounds in Suzhou's Mandarin: zh, ch, sh as z, c, s; ing, eng as in, en; n as l; None if not Chinese."""
    return _tables()[1].get(character)

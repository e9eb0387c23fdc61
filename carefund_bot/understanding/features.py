"""A text as weighted pieces: characters (1 to 4), Latin words (1, 2) and sounds (1 to 3), each kind a unit vector."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator

from carefund_bot.understanding.characters import syllable

_LATIN = re.compile(r"[a-z0-9#@']+")
_KINDS = "cws"
_EDGE = " "


def pieces(text: str) -> Counter[str]:
    """Counts of the pieces of a masked text; a piece's first letter is its kind: c, w or s."""
    return Counter([*_characters(text), *_words(text), *_sounds(text)])


def _characters(text: str) -> Iterator[str]:
    padded = f"{_EDGE}{text}{_EDGE}"
    for size in (1, 2, 3, 4):
        for start in range(len(padded) - size + 1):
            piece = padded[start : start + size]
            if piece.strip():
                yield f"c{piece}"


def _words(text: str) -> Iterator[str]:
    words = _LATIN.findall(text)
    yield from (f"w{word}" for word in words)
    yield from (f"w{first} {second}" for first, second in itertools.pairwise(words))


def _sounds(text: str) -> Iterator[str]:
    sounds = [sound for sound in map(syllable, text) if sound]
    for size in (1, 2, 3):
        for start in range(len(sounds) - size + 1):
            yield f"s{' '.join(sounds[start : start + size])}"


def kind(piece: str) -> int:
    """0 characters, 1 words, 2 sounds: each kind is scaled to length one by itself."""
    return _KINDS.index(piece[0])

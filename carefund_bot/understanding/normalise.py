"""One spelling for many: width, case, traditional characters, dialect; and figures hidden from the classifier."""

from __future__ import annotations

import re
import unicodedata

from carefund_bot.understanding.characters import simplified
from carefund_bot.understanding.dialect import in_common_words

LONGEST = 600
"""Characters that are read; the rest of a longer text is not."""

_UNSEEN = dict.fromkeys([*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0xFE00, 0xFE10), 0x2060, 0xFEFF, 0xAD])
_ADDRESS = re.compile(r"https?://\S+|www\.\S+|[\w.]+@[\w.]+\.\w+")
_FIGURES = re.compile(r"[0-9][0-9,.\-*x]*")
_LONG_FIGURES = 7
_REPEATED = re.compile(r"([^0-9a-z])\1{2,}")


def normalise(text: str) -> str:
    """Lower case, plain width, simplified, common words; blanks between Chinese characters gone."""
    plain = unicodedata.normalize("NFKC", text[:LONGEST]).lower().translate(_UNSEEN)
    plain = in_common_words(simplified(plain))
    plain = re.sub(r"\s+", " ", plain).strip()
    return re.sub(r"(?<=[\u3400-\u9fff]) (?=[\u3400-\u9fff])", "", plain)


def masked(plain: str) -> str:
    """What the classifier sees: no figure keeps its value, long numbers and addresses become one sign each."""
    hidden = _ADDRESS.sub("@", plain)
    hidden = _FIGURES.sub(lambda found: "#" if len(found[0]) >= _LONG_FIGURES else "0", hidden)
    return _REPEATED.sub(r"\1\1", hidden)

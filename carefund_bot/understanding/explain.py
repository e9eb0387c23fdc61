"""Why a text was read as it was, for the desk: training phrases near it, and the pieces that spoke for the intent."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from carefund_bot.understanding.features import pieces
from carefund_bot.understanding.intents import Intent
from carefund_bot.understanding.model import Model, Row
from carefund_bot.understanding.normalise import masked, normalise

_NEAREST = 3
_HEAVIEST = 6


@dataclass(frozen=True, slots=True)
class Explanation:
    """`phrases`: (training phrase, its intent, likeness up to 1); `weights`: (piece of the text, what it added)."""

    phrases: tuple[tuple[str, Intent, float], ...]
    weights: tuple[tuple[str, float], ...]


def explain(model: Model, text: str, intent: Intent) -> Explanation:
    """For a masked text."""
    ranked = sorted(zip(_likeness(model, text), taught(), strict=True), key=lambda pair: -pair[0])
    phrases = tuple((phrase, meant, round(likeness, 3)) for likeness, (phrase, meant) in ranked[:_NEAREST])
    return Explanation(phrases, _weights(model, text, intent))


@cache
def taught() -> list[tuple[str, Intent]]:
    """Every training phrase and its intent; read when somebody first asks why, for most bots are never asked."""
    pairs = json.loads(files(__package__).joinpath("phrases.json").read_text(encoding="utf-8"))
    return [(phrase, Intent(intent)) for phrase, intent in pairs]


def _likeness(model: Model, text: str) -> Row:
    if model.sentences is not None:
        return model.sentences.likeness(text)
    own = set(pieces(text))
    return [_shared(own, set(pieces(masked(normalise(phrase))))) for phrase, _ in taught()]


def _shared(own: set[str], other: set[str]) -> float:
    return len(own & other) / (len(own | other) or 1)


def _weights(model: Model, text: str, intent: Intent) -> tuple[tuple[str, float], ...]:
    column = model.intents.index(intent)
    linear = model.alone if model.sentences is None else model.sentences.joined
    names = {model.vocabulary[piece]: piece[1:].strip() for piece in pieces(text) if piece in model.vocabulary}
    added = [(names[place], round(value * linear.weight(place, column), 3)) for place, value in model.found(text)]
    return tuple(sorted(added, key=lambda pair: (-pair[1], pair[0]))[:_HEAVIEST])

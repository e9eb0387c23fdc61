"""Why a text was read as it was, for the desk: training phrases near it, and the pieces that spoke for the intent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from carefund_bot.understanding.features import pieces
from carefund_bot.understanding.intents import Intent
from carefund_bot.understanding.model import Floats, Model
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
    likeness = _likeness(model, text)
    nearest = np.argsort(-likeness, kind="stable")[:_NEAREST]
    phrases = tuple(
        (model.phrases[place], model.intents[model.phrase_intents[place]], round(float(likeness[place]), 3))
        for place in nearest
    )
    return Explanation(phrases, _weights(model, text, intent))


def _likeness(model: Model, text: str) -> Floats:
    if model.encoder is not None:
        return np.asarray(model.likeness(model.centred(model.encoder([text])))[0], dtype=np.float32)
    own = set(pieces(text))
    return np.array([_shared(own, set(pieces(masked(normalise(phrase))))) for phrase in model.phrases], np.float32)


def _shared(own: set[str], other: set[str]) -> float:
    return len(own & other) / (len(own | other) or 1)


def _weights(model: Model, text: str, intent: Intent) -> tuple[tuple[str, float], ...]:
    column = model.intents.index(intent)
    linear = model.alone if model.encoder is None else model.joined
    names = {model.vocabulary[piece]: piece[1:].strip() for piece in pieces(text) if piece in model.vocabulary}
    added = [
        (names[place], round(float(value * linear.weights[place, column] * linear.steps[column]), 3))
        for place, value in zip(*model.found(text), strict=True)
    ]
    return tuple(sorted(added, key=lambda pair: (-pair[1], pair[0]))[:_HEAVIEST])

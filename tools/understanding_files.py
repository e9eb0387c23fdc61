"""The model as bytes: numbers in one uncompressed .npz, words in one .json."""

from __future__ import annotations

import io
import json
from typing import Any

import numpy as np
from understanding_fit import in_steps
from understanding_phrases import fingerprint

from carefund_bot.understanding.model import Linear, Model


def model_files(model: Model) -> dict[str, bytes]:
    """The two files that carefund_bot.understanding.model.load_model reads."""
    numbers: dict[str, Any] = {
        "rarity": model.rarity.astype(np.float16),
        **_named("alone", model.alone),
        **_named("joined", model.joined),
        "vector_weights": model.vector_weights.astype(np.float16),
        "centre": model.centre.astype(np.float16),
        "axes": model.axes.astype(np.float16),
        "phrase_intents": model.phrase_intents,
        "phrase_vectors": in_steps(model.phrase_vectors),
    }
    words = {
        "learned_from": fingerprint(),
        "intents": [intent.value for intent in model.intents],
        "tiers": model.tiers,
        "pieces": list(model.vocabulary),
        "phrases": list(model.phrases),
    }
    stream = io.BytesIO()
    np.savez(stream, **numbers)
    return {
        "model.npz": stream.getvalue(),
        "model.json": (json.dumps(words, ensure_ascii=False, indent=0) + "\n").encode(),
    }


def _named(name: str, linear: Linear) -> dict[str, Any]:
    return {f"{name}_weights": linear.weights, f"{name}_steps": linear.steps, f"{name}_bias": linear.bias}

"""The model as bytes: piece weights as they are, what needs numpy in one uncompressed .npz, words as JSON."""

from __future__ import annotations

import io
import json
from typing import Any

import numpy as np
from understanding_fit import Fitted, in_steps
from understanding_phrases import fingerprint

from carefund_bot.understanding.model import Linear


def model_files(fitted: Fitted, tiers: dict[str, Any]) -> dict[str, bytes]:
    """The files that load_model, load_sentences and explain read."""
    model, sentences = fitted.model, fitted.sentences
    words = {
        "learned_from": fingerprint(),
        "intents": [intent.value for intent in model.intents],
        "texts": len(fitted.phrases),
        "tiers": tiers,
        "alone": _steps(model.alone),
        "joined": _steps(sentences.joined),
        "pieces": dict(zip(model.vocabulary, fitted.seen, strict=True)),
    }
    numbers = {
        "vector_weights": sentences.vector_weights.astype(np.float16),
        "centre": sentences.centre.astype(np.float16),
        "axes": sentences.axes.astype(np.float16),
        "phrase_intents": sentences.phrase_intents,
        "phrase_vectors": in_steps(sentences.phrase_vectors),
    }
    stream = io.BytesIO()
    np.savez(stream, **numbers)
    return {
        "model.json": _json(words),
        "alone.weights": model.alone.weights.tobytes(),
        "joined.weights": sentences.joined.weights.tobytes(),
        "sentences.npz": stream.getvalue(),
        "phrases.json": _json([[phrase.text, phrase.intent.value] for phrase in fitted.phrases]),
    }


def _steps(linear: Linear) -> dict[str, Any]:
    return {"steps": list(linear.steps), "bias": list(linear.bias)}


def _json(words: Any) -> bytes:
    return (json.dumps(words, ensure_ascii=False, indent=0) + "\n").encode()

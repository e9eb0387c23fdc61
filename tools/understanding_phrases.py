"""The training phrases as rows, from carefund_bot/understanding/phrases/*.yaml."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import yaml

from carefund_bot.understanding.intents import Intent

FOLDER = Path(__file__).parent.parent / "carefund_bot" / "understanding"
LANGUAGES = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Phrase:
    """`speaker` names the group that said it, with its language: what cross-validation holds out together."""

    text: str
    intent: Intent
    speaker: str


def read_phrases() -> list[Phrase]:
    """All phrases in file order; a phrase that stands under two intents is a ValueError."""
    rows = [
        Phrase(str(text), Intent(intent), f"{language}: {speaker}")
        for language in LANGUAGES
        for intent, speakers in yaml.safe_load(_file(language).read_text(encoding="utf-8")).items()
        for speaker, texts in (speakers or {}).items()
        for text in texts
    ]
    intents: dict[str, Intent] = {}
    for row in rows:
        if intents.setdefault(row.text, row.intent) is not row.intent:
            msg = f"{row.text!r} stands under {row.intent} and {intents[row.text]}"
            raise ValueError(msg)
    return rows


def fingerprint() -> str:
    """Changes with the phrase files: the model says which phrases it has learned from."""
    digest = hashlib.sha256()
    for language in LANGUAGES:
        digest.update(_file(language).read_bytes())
    return digest.hexdigest()[:16]


def _file(language: str) -> Path:
    return FOLDER / "phrases" / f"{language}.yaml"

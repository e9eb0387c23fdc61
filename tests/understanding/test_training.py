"""The model files are what the phrases give, byte for byte, and stay small."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
import yaml

from carefund_bot.understanding.intents import Intent

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "carefund_bot" / "understanding"


def test_training_again_gives_the_same_bytes() -> None:
    """The weights in full; the thresholds' cross-validation takes minutes and is compared by make understand-eval."""
    command = [sys.executable, "tools/train_understanding.py", "--check", "--quick"]
    again = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (again.returncode, again.stdout) == (0, ""), again.stderr


def test_all_model_files_are_below_three_megabytes() -> None:
    assert sum(file.stat().st_size for file in FOLDER.glob("*.*") if file.suffix != ".py") < 3_000_000


@pytest.mark.parametrize("language", ["zh", "en"])
def test_phrases_stand_under_known_intents_once(language: str) -> None:
    phrases = yaml.safe_load((FOLDER / "phrases" / f"{language}.yaml").read_text(encoding="utf-8"))
    assert set(phrases) == set(Intent)
    texts = Counter(str(text) for speakers in phrases.values() for group in speakers.values() for text in group)
    assert [text for text, count in texts.items() if count > 1] == []


def test_every_intent_has_thresholds_with_and_without_the_encoder() -> None:
    tiers = json.loads((FOLDER / "model.json").read_text(encoding="utf-8"))["tiers"]
    for kind in ("joined", "alone"):
        assert set(tiers[kind]["act"]) == set(Intent)
        assert all(0.5 <= value <= 0.95 for value in tiers[kind]["act"].values())
        assert all(0 < value <= 0.1 for value in tiers[kind]["flags"].values())

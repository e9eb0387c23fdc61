"""`understand`: read texts as JSON lines, write what each one means. Keeps nothing, sends nothing."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer

from carefund_bot.clock import SHANGHAI
from carefund_bot.errors import StartRefused
from carefund_bot.understanding.intents import Asker
from carefund_bot.understanding.reading import Reading, Understanding

Source = Annotated[Path | None, typer.Argument(help="JSON lines with text and, if known, role; else standard input.")]
Today = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day that 下个月 counts from.")]
Explain = Annotated[bool, typer.Option("--explain", help="Add why: nearest training phrases and weights.")]
Bare = Annotated[bool, typer.Option("--without-encoder", help="As on a machine without the sentence encoder.")]


def understand(
    source: Source = None, today: Today = None, *, explain: Explain = False, without_encoder: Bare = False
) -> None:
    """Read texts, one JSON object a line, and write intent, confidence, slots and the ranked guesses."""
    day = today.date() if today else datetime.now(SHANGHAI).date()
    understanding = Understanding.load(with_encoder=not without_encoder)
    with source.open(encoding="utf-8") if source else sys.stdin as lines:
        write_readings(lines, sys.stdout, understanding, day, explain=explain)


def write_readings(
    lines: Iterable[str], out: TextIO, understanding: Understanding, today: date, *, explain: bool = False
) -> None:
    """One line out for each line in, in order; StartRefused names the first line that is no such object."""
    for text, asker in _asked(lines):
        reading = understanding.understand(text, asker, today)
        facts = _facts(text, reading)
        if explain:
            why = understanding.explain(text, reading.intent)
            facts["why"] = {"phrases": why.phrases, "weights": why.weights}
        out.write(json.dumps(facts, ensure_ascii=False) + "\n")


def _asked(lines: Iterable[str]) -> Iterator[tuple[str, Asker]]:
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                asked = json.loads(line)
                text, asker = asked["text"], Asker(asked.get("role") or Asker.STRANGER)
            except (ValueError, KeyError, TypeError, AttributeError):
                raise StartRefused(f'Line {number} is not like {{"text": "...", "role": "member"}}.') from None
            if not isinstance(text, str):
                raise StartRefused(f"Line {number}: text is not a string.")
            yield text, asker


def _facts(text: str, reading: Reading) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "text": text,
        "intent": reading.intent,
        "confidence": reading.confidence,
        "slots": reading.slots.as_json(),
        "top": [intent for intent, _ in reading.top],
        "tier": reading.tier,
    }
    if reading.flags:
        facts["flags"] = sorted(reading.flags)
    if reading.second:
        facts["second"] = reading.second.intent
    return facts

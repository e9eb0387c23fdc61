"""Figures over readings: shares with their 95 % confidence intervals, coverage, slots, per intent."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from carefund_bot.understanding.intents import GIVING, RECEIVING, Intent
from carefund_bot.understanding.reading import Reading
from carefund_bot.understanding.verdicts import Tier


@dataclass(frozen=True, slots=True)
class Read:
    """One evaluation text with what it means and how it was read."""

    meant: Intent
    slots: dict[str, Any]
    reading: Reading
    marks: frozenset[str] = field(default_factory=frozenset)

    @property
    def right(self) -> bool:
        return self.reading.intent is self.meant

    @property
    def shown(self) -> bool:
        return self.meant in [intent for intent, _ in self.reading.top[:3]]

    @property
    def acted(self) -> bool:
        return self.reading.tier is Tier.ACT

    @property
    def foreign(self) -> bool:
        return self.meant is Intent.OUT_OF_SCOPE


def share(hits: Iterable[bool]) -> str:
    """ ".812 (.78–.84) of 710": the share, its 95 % interval after Wilson, and of how many."""
    counted = list(hits)
    if not counted:
        return "–"
    low, high = _wilson(sum(counted), len(counted))
    return f"{_plain(sum(counted) / len(counted))} ({_plain(low, 2)}–{_plain(high, 2)}) of {len(counted)}"


def _wilson(hits: int, of: int, z: float = 1.96) -> tuple[float, float]:
    middle = (hits / of + z * z / (2 * of)) / (1 + z * z / of)
    half = z * math.sqrt(hits / of * (1 - hits / of) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return max(0.0, middle - half), min(1.0, middle + half)


def _plain(value: float, places: int = 3) -> str:
    return f"{value:.{places}f}".removeprefix("0")


def summary(rows: Sequence[Read]) -> dict[str, str]:
    """The table's lines for the intents: name to figure."""
    own, foreign = [row for row in rows if not row.foreign], [row for row in rows if row.foreign]
    acted = [row for row in rows if row.acted]
    asked = [row for row in rows if row.reading.tier is Tier.ASK]
    return {
        "top-1 accuracy": share(row.right for row in rows),
        "macro-F1": _plain(sum(f1 for _, _, f1, _ in per_intent(rows).values()) / len(per_intent(rows))),
        "top-3 recall, in scope": share(row.shown for row in own),
        "coverage at precision .98": _plain(_coverage(rows, 0.98), 2),
        "coverage at precision .95": _plain(_coverage(rows, 0.95), 2),
        "acted on: share": share(row.acted for row in rows),
        "acted on: precision": share(row.right for row in acted),
        "asked with 3 buttons: share": share(row.reading.tier is Tier.ASK for row in rows),
        "asked: right one among the buttons, in scope": share(row.shown for row in asked if not row.foreign),
        "handed to a person: share": share(row.reading.tier is Tier.PERSON for row in rows),
        "out of scope: acted on as something else": share(row.acted and not row.right for row in foreign),
        "wrong acts, of all texts": share(row.acted and not row.right for row in rows),
        **{f"{flag}: flag raised": _flag(rows, flag) for flag in ("urgent_distress", "fraud_report")},
        **{f"{flag}: false alarms": _false_alarms(rows, flag) for flag in ("urgent_distress", "fraud_report")},
    }


def _coverage(rows: Sequence[Read], precision: float) -> float:
    """The largest share of texts, surest first, of which at least `precision` are right."""
    ranked = sorted(rows, key=lambda row: -row.reading.confidence)
    right = best = 0
    for count, row in enumerate(ranked, start=1):
        right += row.right
        if right >= precision * count:
            best = count
    return best / len(rows)


def _flag(rows: Sequence[Read], flag: str) -> str:
    return share(flag in row.reading.flags for row in rows if row.meant == flag)


def _false_alarms(rows: Sequence[Read], flag: str) -> str:
    return share(flag in row.reading.flags for row in rows if row.meant != flag)


def per_intent(rows: Sequence[Read]) -> dict[Intent, tuple[float, float, float, int]]:
    """Precision, recall, F1 and the number of texts, for each intent that somebody meant."""
    meant, guessed = Counter(row.meant for row in rows), Counter(row.reading.intent for row in rows)
    right = Counter(row.meant for row in rows if row.right)
    return {
        intent: (
            right[intent] / guessed[intent] if guessed[intent] else 0.0,
            right[intent] / count,
            2 * right[intent] / (count + guessed[intent]),
            count,
        )
        for intent, count in sorted(meant.items())
    }


def slot_figures(rows: Sequence[Read]) -> dict[str, str]:
    """F1 per slot and over all, texts about the fund only: one wrong value is a miss and an invention."""
    figures = {}
    rows = [row for row in rows if not row.foreign]
    for name in ("amount", "frequency", "year", "date", None):
        pairs = [(_named(row.slots, name), _named(row.reading.slots.as_json(), name)) for row in rows]
        right = sum(len(wanted & found) for wanted, found in pairs)
        total = sum(len(wanted) + len(found) for wanted, found in pairs)
        said = sum(len(wanted) for wanted, _ in pairs)
        figures[name or "all"] = f"{_plain(2 * right / total)} of {said}" if total else "–"
    return figures


def _named(slots: dict[str, Any], name: str | None) -> set[tuple[str, Any]]:
    return {(key, value) for key, value in slots.items() if name in {None, key}}


def failures(rows: Sequence[Read]) -> list[tuple[str, int, int]]:
    """Kinds of failure: how many, and how many of them were acted on."""
    counted: Counter[str] = Counter()
    acted: Counter[str] = Counter()
    for row in rows:
        if not row.right:
            kind = _kind(row.meant, row.reading.intent)
            counted[kind] += 1
            acted[kind] += row.acted
    return [(kind, count, acted[kind]) for kind, count in counted.most_common()]


def _kind(meant: Intent, guessed: Intent) -> str:
    if meant is Intent.OUT_OF_SCOPE:
        return "about another payer or matter, taken for the fund's"
    if guessed is Intent.OUT_OF_SCOPE:
        return "about the fund, taken for another matter"
    for side, name in ((GIVING, "giving"), (RECEIVING, "receiving")):
        if meant in side and guessed in side:
            return f"one question about {name} taken for another"
    if (meant in GIVING and guessed in RECEIVING) or (meant in RECEIVING and guessed in GIVING):
        return "giving and receiving mixed up"
    return "other"


def confusions(rows: Sequence[Read], most: int = 12) -> list[tuple[str, str, int]]:
    pairs = Counter((row.meant.value, row.reading.intent.value) for row in rows if not row.right)
    return [(meant, guessed, count) for (meant, guessed), count in pairs.most_common(most)]

"""From likelihoods of held-out phrases to the thresholds of the three tiers and the two flags."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from understanding_fit import INTENTS

from carefund_bot.understanding.intents import GIVING, RECEIVING, Intent
from carefund_bot.understanding.verdicts import Flag

ACT_PRECISION = 0.96
OWN_RECORD_PRECISION = 0.975
"""Somebody's own record, or a form about to open, must be meant; a general answer costs less when it is not."""
LEAST_ACT, MOST_ACT = 0.5, 0.95
ASK = {"joined": 0.25, "alone": 0.3}
FLAG_RECALL = {"joined": 0.98, "alone": 0.93}
"""Of held-out speakers' phrases: stricter than life. Without the encoder the last few would cost every fourth text."""
MOST_FLAG = 0.10
_OWN_RECORD = GIVING | RECEIVING | {Intent.UPDATE_DETAILS, Intent.PRIVACY_DATA}


def tiers_json(likelihoods: Any, wanted: Sequence[Intent], kind: str) -> dict[str, Any]:
    """Ready for model.json; `kind` is "joined" (with the encoder) or "alone"."""
    truth = np.array([INTENTS.index(intent) for intent in wanted])
    return {
        "act": {intent.value: _act_threshold(likelihoods, truth, intent) for intent in INTENTS},
        "ask": ASK[kind],
        "flags": {
            flag.value: _flag_threshold(likelihoods, truth, Intent(flag.value), FLAG_RECALL[kind]) for flag in Flag
        },
    }


def _act_threshold(likelihoods: Any, truth: Any, intent: Intent) -> float:
    """The lowest likelihood down to which the guesses of this intent stay precise enough."""
    place = INTENTS.index(intent)
    chosen = np.flatnonzero(likelihoods.argmax(axis=1) == place)
    order = chosen[np.argsort(-likelihoods[chosen, place], kind="stable")]
    precision = np.cumsum(truth[order] == place) / np.arange(1, len(order) + 1)
    needed = OWN_RECORD_PRECISION if intent in _OWN_RECORD else ACT_PRECISION
    good = np.flatnonzero(precision >= needed)
    lowest = float(likelihoods[order[good[-1]], place]) if len(good) else MOST_ACT
    return round(min(max(lowest, LEAST_ACT), MOST_ACT), 3)


def _flag_threshold(likelihoods: Any, truth: Any, intent: Intent, recall: float) -> float:
    place = INTENTS.index(intent)
    meant = np.sort(likelihoods[truth == place, place])
    missed = int(len(meant) * (1 - recall))
    return round(min(float(meant[missed]), MOST_FLAG), 3)

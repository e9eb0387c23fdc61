"""What to do with a guess: act on it, ask with buttons, or hand over to a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from carefund_bot.understanding.intents import OPEN_TO_BOTH, OTHER_SIDE, Asker, Intent
from carefund_bot.understanding.verdicts import Flag, Tier

_OTHER_SIDE_WEIGHT = 0.1
_OPEN_WEIGHT = 0.3


@dataclass(frozen=True, slots=True)
class Tiers:
    """Likelihoods between 0 and 1, from cross-validation on the training phrases alone."""

    act: dict[Intent, float]
    ask: float
    flags: dict[Flag, float]

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> Tiers:
        return cls(
            {Intent(name): float(value) for name, value in raw["act"].items()},
            float(raw["ask"]),
            {Flag(name): float(value) for name, value in raw["flags"].items()},
        )

    def tier(self, intent: Intent, confidence: float) -> Tier:
        if confidence >= self.act[intent]:
            return Tier.ACT
        return Tier.ASK if confidence >= self.ask else Tier.PERSON

    def raised(self, likelihoods: dict[Intent, float]) -> frozenset[Flag]:
        """From likelihoods before the asker's role is weighed: distress has no side."""
        return frozenset(flag for flag, least in self.flags.items() if likelihoods[Intent(flag.value)] >= least)


def prior(intents: tuple[Intent, ...], asker: Asker) -> list[float]:
    """A factor per intent: the other side's wishes are rarer, though not impossible."""
    other = OTHER_SIDE[asker]
    return [
        1.0 if intent not in other else _OPEN_WEIGHT if intent in OPEN_TO_BOTH else _OTHER_SIDE_WEIGHT
        for intent in intents
    ]

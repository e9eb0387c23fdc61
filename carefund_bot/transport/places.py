"""The places of any one second, counted as Telegram's clock would.

Telegram counts calls in a sliding second, but we only see a call leave and its answer come back. It was counted
somewhere between: at the latest one way back before the answer. A call that leaves now is counted, at the earliest, one
way there from now. So a place is free again

    one second after its answer came, less the fastest there-and-back of late,

and no steadiness is assumed: a call that was slow, on the line or in our own event loop, keeps its place just as much
longer. On a quiet machine that costs a few thousandths of the measure; on a busy one the guard grows by itself.
"""

from __future__ import annotations

import math
from collections import deque
from typing import Final

_WINDOW_S: Final = 1.0
_OF_LATE_S: Final = 60.0
_MARGIN_S: Final = 0.002
_MARGIN_STEP_S: Final = 0.005
_LARGEST_MARGIN_S: Final = 0.1


class Places:
    """Places that are taken: in flight, or cooling down after their answer. Instants are seconds of a steady clock."""

    def __init__(self) -> None:
        self._in_flight = 0
        self._answers: deque[float] = deque()
        self._margin_s = _MARGIN_S
        self._fastest_before = self._fastest = math.inf
        self._fastest_since = 0.0

    def free_at(self, count: int, limit: int, now: float) -> float:
        """When `count` places of `limit` are free: now or later, infinity if that takes an answer first."""
        hold_s = self._hold_s()
        while self._answers and self._answers[0] + hold_s <= now:
            self._answers.popleft()
        lacking = self._in_flight + len(self._answers) + count - limit
        if lacking <= 0:
            return now
        return self._answers[lacking - 1] + hold_s if lacking <= len(self._answers) else math.inf

    def take(self) -> None:
        """A call leaves, if `free_at` said now."""
        self._in_flight += 1

    def give_back_unused(self) -> None:
        """It never left after all."""
        self._in_flight -= 1

    def cool_down(self, now: float) -> None:
        """The answer came, or nobody waits for it any more."""
        self._in_flight -= 1
        self._answers.append(now)

    def note_round_trip(self, seconds: float, now: float) -> None:
        """A good answer took so long; the fastest of the last minute or two counts."""
        if now - self._fastest_since > _OF_LATE_S:
            self._fastest_before, self._fastest, self._fastest_since = self._fastest, math.inf, now
            self._margin_s = max(self._margin_s * 0.8, _MARGIN_S)
        self._fastest = min(self._fastest, seconds)

    def widen_margin(self) -> None:
        """Telegram refused a call that had a place: our picture of its clock was wrong by a little."""
        self._margin_s = min(self._margin_s + _MARGIN_STEP_S, _LARGEST_MARGIN_S)

    def _hold_s(self) -> float:
        fastest = min(self._fastest_before, self._fastest)
        return _WINDOW_S + self._margin_s - (fastest if fastest < _WINDOW_S else 0.0)

"""A figure: what we measured, what the peer did in the same run, and how the two should stand to each other."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """Medians of ours and the peer's; `must` and `goal` bound their ratio: from below if goal > must, else from above.

    `spread` is (largest - smallest) / median of our runs; `note` what else should be known.
    """

    what: str
    peer_name: str
    unit: str
    ours: float
    peer: float
    must: float
    goal: float
    spread: float = 0.0
    note: str = ""

    @property
    def ratio(self) -> float:
        """Ours in terms of the peer's."""
        return self.ours / self.peer if self.peer else math.nan

    @property
    def verdict(self) -> str:
        """What was reached: "goal", "must" or "missed"."""
        more_is_better = self.goal > self.must
        for name, bound in (("goal", self.goal), ("must", self.must)):
            if self.ratio >= bound if more_is_better else self.ratio <= bound:
                return name
        return "missed"


def compare(
    what: str,
    peer_name: str,
    unit: str,
    ours: Sequence[float],
    peers: Sequence[float],
    *,
    must: float,
    goal: float,
    note: str = "",
) -> Figure:
    """A figure from the runs of both."""
    middle = statistics.median(ours)
    spread = (max(ours) - min(ours)) / middle if middle else 0.0
    return Figure(what, peer_name, unit, middle, statistics.median(peers), must, goal, spread, note)


def percentile(ordered: Sequence[float], part: float) -> float:
    """The value at or below which `part` of the ordered values lie; not a number if there are none."""
    return ordered[min(int(len(ordered) * part), len(ordered) - 1)] if ordered else math.nan

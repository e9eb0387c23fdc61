"""When nothing is to be sent for a while: Telegram said so, or sending is of no use just now."""

from __future__ import annotations

import time
from typing import Final

_LONGEST_S: Final = 60.0
_FIRST_HOLD_S: Final = 1.0
_TRIES: Final = 8
"""Two minutes, what with the holds between."""


class Pauses:
    """One pause at a time, only ever lengthened; the next is twice as long until something goes well.

    One call in trouble is held back by itself. Only where nothing goes well between two is it everybody's trouble.
    """

    def __init__(self) -> None:
        self._until = 0.0
        self._troubles = 0
        self._successes = 0
        self._held: dict[int, tuple[int, int]] = {}  # row -> (times in trouble, successes until the last)

    def left_s(self) -> float:
        """Seconds until sending may begin again; 0: now."""
        return max(self._until - time.monotonic(), 0.0)

    def pause(self, seconds: float) -> None:
        self._until = max(self._until, time.monotonic() + seconds)

    def note_trouble(self) -> None:
        """Something did not go, or nobody knows. Several at once are one trouble."""
        if not self.left_s():
            if self._troubles:
                self.pause(min(2.0 ** (self._troubles - 1), _LONGEST_S))
            self._troubles += 1

    def note_success(self) -> None:
        self._troubles = 0
        self._successes += 1

    def hold_s(self, row_id: int) -> float:
        """How long to hold a row back that certainly did not go."""
        times, _ = self._held.get(row_id, (0, 0))
        self._held[row_id] = times + 1, self._successes
        return min(_FIRST_HOLD_S * 2.0**times, _LONGEST_S)

    def is_hopeless(self, row_id: int) -> bool:
        """Whether a row in trouble once more never went while others did: then it is the row's own trouble."""
        times, successes = self._held.get(row_id, (0, 0))
        return times >= _TRIES - 1 and self._successes > successes

    def forget(self, row_id: int) -> None:
        """It is settled."""
        self._held.pop(row_id, None)

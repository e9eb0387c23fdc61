"""When nothing is to be sent for a while: Telegram said so, or sending is of no use just now."""

from __future__ import annotations

import time
from typing import Final

_LONGEST_S: Final = 60.0


class Pauses:
    """One pause at a time, only ever lengthened; the next is twice as long until something goes well."""

    def __init__(self) -> None:
        self._until = 0.0
        self._troubles = 0

    def left_s(self) -> float:
        """Seconds until sending may begin again; 0: now."""
        return max(self._until - time.monotonic(), 0.0)

    def pause(self, seconds: float) -> None:
        self._until = max(self._until, time.monotonic() + seconds)

    def note_trouble(self, after_s: float | None = None) -> None:
        """Something certainly did not go; `after_s` if Telegram named the time. Several at once are one trouble."""
        if after_s is not None:
            self.pause(after_s)
        elif not self.left_s():
            self.pause(min(2.0**self._troubles, _LONGEST_S))
            self._troubles += 1

    def note_doubt(self) -> None:
        """One answer that is lost is an accident; where none comes, not all that waits shall become uncertain."""
        if self._troubles:
            self.note_trouble()
        else:
            self._troubles = 1

    def note_success(self) -> None:
        self._troubles = 0

"""What no two rows of one file may share, and which row had it first, at a cost in memory that no file makes grow.

A file is gone through twice. The first time only marks are kept, a bit for a value: a value whose bit was set before
is under suspicion. The second time the values under suspicion are remembered with their rows, and no others.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from carefund_bot.files.faults import Reason

_BITS = 1 << 26
"""8 MB of marks: of half a million values that are all different, two thousand are suspected for nothing."""


@dataclass(frozen=True, slots=True, repr=False)
class Unread:
    """Stands in a row for a cell that could not be read; equal where the cells were equal."""

    cell: str


@dataclass(frozen=True, slots=True)
class Clash:
    """The column by its place in the row, and the first row that holds the same."""

    place: int
    reason: Reason
    first_row: int


Key = tuple[int, Any]
"""A place in the row, and the value there."""


def suspects_among(keys: Iterable[Key]) -> frozenset[int]:
    """The hash of every key that comes more than once, and of a few that do not."""
    marks, suspects = bytearray(_BITS >> 3), set()
    for key in map(hash, keys):
        byte, bit = (key & (_BITS - 1)) >> 3, 1 << (key & 7)
        if marks[byte] & bit:
            suspects.add(key)
        else:
            marks[byte] |= bit
    return frozenset(suspects)


class Taken:
    """The rows gone by, as far as a later one may clash with them. The first value of a row is its number."""

    def __init__(
        self, unique_places: Mapping[int, Reason], suspects: frozenset[int], *, number_may_repeat: bool
    ) -> None:
        self._unique_places = unique_places
        self._suspects = suspects
        self._number_may_repeat = number_may_repeat
        self._first_rows: dict[Key, tuple[int, int]] = {}

    def claim(self, row: int, values: Sequence[Any]) -> Sequence[Clash]:
        """Takes the next row in; one that is repeated as a whole is one clash."""
        number = tuple(values) if self._number_may_repeat else values[0]
        first, is_same = self._first(row, (0, number), values)
        if is_same:
            return (Clash(0, Reason.REPEATED_ROW, first),)
        if first == row and not self._unique_places:
            return ()
        taken = [] if first == row or isinstance(number, Unread) else [Clash(0, Reason.KEY_TAKEN, first)]
        return [*taken, *self._claim_uniques(row, values)]

    def _claim_uniques(self, row: int, values: Sequence[Any]) -> Iterator[Clash]:
        for place, reason in self._unique_places.items():
            first, _ = self._first(row, (place, values[place]), values)
            if first != row and not isinstance(values[place], Unread):
                yield Clash(place, reason, first)

    def _first(self, row: int, key: Key, values: Sequence[Any]) -> tuple[int, bool]:
        """The first row that holds the same, and whether it is an earlier one that is the same from end to end."""
        if hash(key) not in self._suspects:
            return row, False
        whole = hash(tuple(values))
        first, whole_of_first = self._first_rows.setdefault(key, (row, whole))
        return first, first != row and whole_of_first == whole

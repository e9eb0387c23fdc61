"""What no two rows of one file may share, and which row had it first."""

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from carefund_bot.files.faults import Reason


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


class Taken:
    """Remembers the numbers of the rows gone by, and of each whole row eight bytes, to know a repeated one."""

    def __init__(self, first_row: int, unique_places: Mapping[int, Reason], *, number_may_repeat: bool) -> None:
        self._first_row = first_row
        self._number_may_repeat = number_may_repeat
        self._rows: dict[Any, int] = {}
        self._fingerprints = array("q")
        self._uniques: list[tuple[int, Reason, dict[Any, int]]] = [
            (place, reason, {}) for place, reason in unique_places.items()
        ]

    def pass_over(self) -> None:
        """A blank row."""
        self._fingerprints.append(0)

    def claim(self, row: int, values: Sequence[Any]) -> Sequence[Clash]:
        """Takes the next row in; the first value is its number in the roll."""
        whole = tuple(values)
        fingerprint = hash(whole)
        self._fingerprints.append(fingerprint)
        first = self._rows.setdefault(whole if self._number_may_repeat else whole[0], row)
        if first != row and self._fingerprints[first - self._first_row] == fingerprint:
            return (Clash(0, Reason.REPEATED_ROW, first),)
        if first == row and not self._uniques:
            return ()
        taken = [Clash(0, Reason.KEY_TAKEN, first)] if first != row and not isinstance(whole[0], Unread) else []
        return [*taken, *self._claim_uniques(row, whole)]

    def _claim_uniques(self, row: int, whole: tuple[Any, ...]) -> list[Clash]:
        clashes = []
        for place, reason, rows in self._uniques:
            if isinstance(whole[place], Unread):
                continue
            first = rows.setdefault(whole[place], row)
            if first != row:
                clashes.append(Clash(place, reason, first))
        return clashes

"""Figures for publication: rows by fund that add up, and no row so small that it could point at somebody."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from typing import Final

SMALLEST_CELL: Final = 5
"""Fewer households (or students) than this never stand alone (R4)."""
SMALLEST_UNIT: Final = 10
"""Fewer members than this never stand alone (R21)."""


@dataclass(frozen=True, slots=True)
class Row:
    """Numbers of one fund, or of several taken together; names in `_fen` are sums of money."""

    funds: tuple[str, ...]
    numbers: dict[str, int]

    def __add__(self, other: Row) -> Row:
        return Row(self.funds + other.funds, {name: self.numbers[name] + other.numbers[name] for name in self.numbers})


@dataclass(frozen=True, slots=True)
class Table:
    """One year's (or span of years') rows and their total; `total` is `None` where even that is too small to show."""

    rows: tuple[Row, ...]
    total: Row | None
    first_year: int | None = None
    last_year: int | None = None
    listed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """The fund's public figures as of a day."""

    as_of: date
    raised: tuple[Table, ...]
    participation: tuple[Table, ...]
    paid: tuple[Table, ...]
    principal: Table


def too_few_payees(row: Row) -> bool:
    return any(0 < row.numbers[kind] < SMALLEST_CELL for kind in ("households", "students"))


def too_few_members(row: Row) -> bool:
    return 0 < row.numbers["on_list"] < SMALLEST_UNIT


def never_too_few(row: Row) -> bool:
    """Sums of money raised or held tell of nobody."""
    del row
    return False


def publishable(rows: Sequence[Row], is_small: Callable[[Row], bool]) -> tuple[tuple[Row, ...], Row | None]:
    """The rows with small ones taken together, and the total that they add up to.

    One small row alone could be found by subtraction: it is taken together with the next smallest.
    """
    small = [row for row in rows if is_small(row)]
    large = [row for row in rows if not is_small(row)]
    if not small:
        return tuple(rows), reduce(Row.__add__, rows)
    together = reduce(Row.__add__, small)
    for row in sorted((row for row in large if any(row.numbers.values())), key=lambda row: sum(row.numbers.values())):
        if len(together.funds) > 1 and not is_small(together):
            break
        together += row
        large.remove(row)
    if is_small(together):
        return (), None
    shown = (*large, together)
    return shown, reduce(Row.__add__, shown)


def percent(row: Row) -> str | None:
    """Members who gave of those on the list, to one decimal, half up: "96.1"; `None` for an empty list."""
    gave, on_list = row.numbers["gave"], row.numbers["on_list"]
    if not on_list:
        return None
    tenths = (gave * 2000 + on_list) // (2 * on_list)
    return f"{tenths // 10}.{tenths % 10}"

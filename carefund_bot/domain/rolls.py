"""What an import would do to a roll, counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Change(StrEnum):
    """What becomes of one person."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    LEAVING = "leaving"


class ExitReason(StrEnum):
    """Why somebody is no longer on the roll. What lies behind it the office that keeps the roll has said in writing."""

    NOT_ON_LIST = "not_on_list"


@dataclass(frozen=True, slots=True)
class Exit:
    """Since when somebody is no longer on the roll, and why."""

    on_day: date
    reason: ExitReason


@dataclass(frozen=True, slots=True)
class Counts:
    """People by what becomes of them."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    leaving: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.new + other.new,
            self.changed + other.changed,
            self.unchanged + other.unchanged,
            self.leaving + other.leaving,
        )

    @property
    def changes_nothing(self) -> bool:
        return not (self.new or self.changed or self.leaving)


def total(by_fund: dict[str, Counts]) -> Counts:
    return sum(by_fund.values(), Counts())

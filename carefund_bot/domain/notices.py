"""Notices: to whom, how many that are, and how they are signed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Reader(StrEnum):
    """A role a notice may be written to."""

    MEMBER = "member"
    HOUSEHOLD = "household"
    STUDENT = "student"


@dataclass(frozen=True, slots=True)
class Place:
    """A fund, an area in it or one party branch; all `None` is the whole city with its six funds."""

    fund: str | None = None
    area: str | None = None
    branch_id: int | None = None


@dataclass(frozen=True, slots=True)
class Branch:
    """A party branch by the names of the roll."""

    id: int
    fund: str
    area: str
    committee: str
    name: str


@dataclass(frozen=True, slots=True)
class Audience:
    """Readers by role and place."""

    readers: tuple[Reader, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Reach:
    """What a notice would find: accounts that get it, people on the roll without one, accounts switched off."""

    receiving: int
    not_linked: int
    switched_off: int

    def seconds(self, per_second: int) -> int:
        """About how long sending takes."""
        return -(-self.receiving // per_second)


@dataclass(frozen=True, slots=True)
class Letter:
    """A notice as it is worded: the texts (Telegram's HTML) and who signs them."""

    text_zh: str
    text_en: str | None
    name_zh: str
    name_en: str
    phone: str

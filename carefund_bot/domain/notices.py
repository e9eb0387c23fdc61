"""Notices: to whom, how many that are, how they are signed, and the steps one takes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Reader(StrEnum):
    """A role a notice may be written to."""

    MEMBER = "member"
    HOUSEHOLD = "household"
    STUDENT = "student"


class Topic(StrEnum):
    """What one may switch off."""

    GENERAL = "general"
    FUND_NEWS = "fund_news"


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


class Condition(StrEnum):
    """Only those of the readers of whom this holds; nothing here tells anybody's category."""

    PLEDGE_OPEN = "pledge_open"  # runs on, or is not paid in full
    PAYOUT_NONE = "payout_none"  # in no batch of this year
    PAYOUT_PLANNED = "payout_planned"
    PAYOUT_AT_BANK = "payout_at_bank"
    PAYOUT_RETURNED = "payout_returned"
    PAYOUT_PAID = "payout_paid"


def conditions_for(readers: Collection[Reader]) -> tuple[Condition, ...]:
    """The conditions that such readers can meet; readers of both sides have none in common."""
    if set(readers) == {Reader.MEMBER}:
        return (Condition.PLEDGE_OPEN,)
    return () if Reader.MEMBER in readers else tuple(one for one in Condition if one is not Condition.PLEDGE_OPEN)


@dataclass(frozen=True, slots=True)
class Audience:
    """Readers by role and place, all of them or those who meet a condition."""

    readers: tuple[Reader, ...]
    place: Place
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class Reach:
    """What a notice would find.

    Accounts that get it, people on the roll without one, accounts switched off, accounts that do not want the topic.
    """

    receiving: int
    not_linked: int
    switched_off: int
    opted_out: int = 0

    def seconds(self, per_second: int) -> int:
        """About how long sending takes."""
        return -(-self.receiving // per_second)


class AttachmentKind(StrEnum):
    """What a notice may carry."""

    PHOTO = "photo"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A picture or a document that Telegram already has, by its file id."""

    kind: AttachmentKind
    file_id: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A notice as it is worded: the texts (Telegram's HTML) and who signs them."""

    text_zh: str
    text_en: str | None
    name_zh: str
    name_en: str
    phone: str


class Step(StrEnum):
    """What happened to a notice; the newest is where it stands."""

    SUBMITTED = "submitted"  # waits for a second person
    CONFIRMED = "confirmed"
    SCHEDULED = "scheduled"
    OVERDUE = "overdue"  # its time passed while nothing ran: waits for a person
    STARTED = "started"
    PAUSED = "paused"
    RESUMED = "resumed"
    CANCELLED = "cancelled"
    RECALLED = "recalled"


RUNNING: Final = frozenset({Step.STARTED, Step.RESUMED})
NOT_BEGUN: Final = frozenset({Step.SUBMITTED, Step.CONFIRMED, Step.SCHEDULED, Step.OVERDUE})
RECALL_WITHIN_S: Final = 48 * 3600
"""Telegram lets a bot take its own message back for so long."""
CATCH_UP_WITHIN_S: Final = 2 * 3600
"""So long after its time a notice still goes by itself; later it waits for a person."""
STALE_AFTER_S: Final = 24 * 3600
"""A notice that stood in its middle for so long (a restored copy, a long silence) waits for a person too."""
SHOWN_FOR_DAYS: Final = 30
"""So long after it began, a notice is still shown to those who were not linked then."""
SHOWN_FOR_S: Final = SHOWN_FOR_DAYS * 86_400


def moves_of(step: Step, *, waiting: int, recallable: int, is_own: bool) -> tuple[Step, ...]:
    """What a person may do next with a notice that has so many copies waiting and so many that can be taken back."""
    may: Collection[Step]
    match step:
        case Step.SUBMITTED:
            may = (Step.CANCELLED,) if is_own else (Step.CONFIRMED, Step.CANCELLED)
        case Step.SCHEDULED:
            may = (Step.CANCELLED,)
        case Step.OVERDUE:
            may = (Step.STARTED, Step.CANCELLED)
        case Step.STARTED | Step.RESUMED:
            may = (Step.PAUSED, Step.CANCELLED) if waiting else ()
        case Step.PAUSED:
            may = (Step.RESUMED, Step.CANCELLED)
        case _:
            may = ()
    recall = (Step.RECALLED,) if recallable and step not in NOT_BEGUN | {Step.RECALLED} else ()
    return (*may, *recall)

"""One year's aid as its household sees it: a stage, a parcel-style track, and whether it is late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from carefund_bot.domain.money import Money
from carefund_bot.domain.payouts import LINE_MOVES, BatchState, LineState, ReturnReason, line_state
from carefund_bot.domain.rolls import Exit

FIRST_PROMISED_YEAR: Final = 2012
"""The promise "before 1 July" came with the foundation; the drive of 2010 itself ran in July (R44)."""


class Stage(StrEnum):
    ON_ROLL = "on_roll"
    LEFT = "left"
    IN_BATCH = "in_batch"
    APPROVED = "approved"
    SENT_TO_BANK = "sent_to_bank"
    RETURNED = "returned"
    CORRECTED = "corrected"
    SENT_AGAIN = "sent_again"
    ARRIVED = "arrived"
    TAKEN_BACK = "taken_back"


class Problem(StrEnum):
    """What a household says is not right."""

    NOT_RECEIVED = "not_received"
    WRONG_SUM = "wrong_sum"
    NEW_CARD = "new_card"
    OTHER = "other"


class Stop(StrEnum):
    """Where a track passes."""

    ROLL = "roll"
    BATCH = "batch"
    CHECK = "check"
    BANK = "bank"
    RETURNED = "returned"
    CORRECTED = "corrected"
    BANK_AGAIN = "bank_again"
    ACCOUNT = "account"


class Mark(StrEnum):
    DONE = "done"
    NOW = "now"
    LATER = "later"
    STUCK = "stuck"


@dataclass(frozen=True, slots=True)
class Step:
    """A stop of the track; `day` when it was reached."""

    stop: Stop
    mark: Mark
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Happening:
    """An event of a batch or of a line, and its day."""

    state: str
    day: date


_OF_BATCH: Final = {BatchState.PLANNED: Stage.IN_BATCH, BatchState.APPROVED: Stage.APPROVED}
_OF_LINE: Final = {
    LineState.PLANNED: Stage.IN_BATCH,
    LineState.INSTRUCTED: Stage.SENT_TO_BANK,
    LineState.PAID: Stage.ARRIVED,
    LineState.RETURNED: Stage.RETURNED,
    LineState.CORRECTED: Stage.CORRECTED,
    LineState.RE_INSTRUCTED: Stage.SENT_AGAIN,
    LineState.RECOVERED: Stage.TAKEN_BACK,
}


def stage_of(batch: Sequence[Happening], line: Sequence[Happening]) -> Stage | None:
    """The stage of a line; `None` if it was cancelled, which for its household means there is no such line."""
    batch_states = [BatchState(event.state) for event in batch]
    state = line_state(batch_states, [LineState(event.state) for event in line])
    if state is LineState.PLANNED:
        return _OF_BATCH[batch_states[-1]]
    return _OF_LINE.get(state)


def history(batch: Sequence[Happening], line: Sequence[Happening]) -> list[Happening]:
    """What happened to a line, its batch's events first. A batch's `paid` does not speak for a line that came back."""
    if not line or LineState(line[0].state) not in LINE_MOVES[LineState.INSTRUCTED]:
        return [*batch, *line]
    return [*(event for event in batch if event.state != BatchState.PAID), *line]


_BEFORE_BANK: Final = (Stop.ROLL, Stop.BATCH, Stop.CHECK, Stop.BANK, Stop.ACCOUNT)
_AFTER_RETURN: Final = (Stop.BANK, Stop.RETURNED, Stop.CORRECTED, Stop.BANK_AGAIN, Stop.ACCOUNT)
_REACHED: Final[dict[Stage, tuple[tuple[Stop, ...], int]]] = {
    Stage.ON_ROLL: (_BEFORE_BANK, 1),
    Stage.IN_BATCH: (_BEFORE_BANK, 2),
    Stage.APPROVED: (_BEFORE_BANK, 3),
    Stage.SENT_TO_BANK: (_BEFORE_BANK, 4),
    Stage.RETURNED: (_AFTER_RETURN, 2),
    Stage.CORRECTED: (_AFTER_RETURN, 3),
    Stage.SENT_AGAIN: (_AFTER_RETURN, 4),
    Stage.ARRIVED: (_BEFORE_BANK, 5),
}
_STOP_OF_EVENT: Final[dict[str, Stop]] = {
    BatchState.PLANNED: Stop.BATCH,
    BatchState.APPROVED: Stop.CHECK,
    BatchState.INSTRUCTED: Stop.BANK,
    LineState.PAID: Stop.ACCOUNT,
    LineState.RETURNED: Stop.RETURNED,
    LineState.CORRECTED: Stop.CORRECTED,
    LineState.RE_INSTRUCTED: Stop.BANK_AGAIN,
}


def track(stage: Stage, events: Sequence[Happening]) -> tuple[Step, ...]:
    """Five steps, each with its newest day; none for a household that left or money that was taken back."""
    if stage not in _REACHED:
        return ()
    stops, reached = _REACHED[stage]
    days = {_STOP_OF_EVENT[event.state]: event.day for event in events if event.state in _STOP_OF_EVENT}
    return tuple(_step(stop, place - reached, days) for place, stop in enumerate(stops))


def _step(stop: Stop, ahead: int, days: dict[Stop, date]) -> Step:
    """`ahead` counts from the first step that is not yet reached."""
    if ahead < 0:
        return Step(stop, Mark.STUCK if stop is Stop.RETURNED else Mark.DONE, days.get(stop))
    return Step(stop, Mark.LATER if ahead else Mark.NOW)


@dataclass(frozen=True, slots=True)
class Outlook:
    """`days_left` to the last day of the promise; `days_late` after it; `overdue`: the expected day has passed."""

    days_left: int | None = None
    days_late: int | None = None
    overdue: bool = False


_SETTLED: Final = (Stage.ARRIVED, Stage.LEFT, Stage.TAKEN_BACK)
_ON_ITS_WAY: Final = (Stage.IN_BATCH, Stage.APPROVED, Stage.SENT_TO_BANK)


def promised_before(programme: str, year: int) -> date | None:
    """Households' money goes to the bank before this day; students have a season, not a day."""
    if programme == "household" and year >= FIRST_PROMISED_YEAR:
        return date(year, 7, 1)
    return None


def outlook(
    programme: str,
    year: int,
    stage: Stage,
    today: date,
    *,
    expected_on: date | None = None,
    sent_on: date | None = None,
) -> Outlook:
    """How a year's aid stands against its calendar; late is counted until the day it went to the bank (R44)."""
    if stage in _SETTLED:
        return Outlook()
    day = promised_before(programme, year)
    behind = ((sent_on or today) - day).days + 1 if day else 0
    return Outlook(
        days_left=(day - today).days if day and today < day else None,
        days_late=behind if behind > 0 else None,
        overdue=stage in _ON_ITS_WAY and expected_on is not None and today > expected_on,
    )


@dataclass(frozen=True, slots=True)
class PastAid:
    """A year's line that is over, or was once open; `on_day` is the day of its newest event."""

    year: int
    amount: Money
    stage: Stage
    on_day: date


@dataclass(frozen=True, slots=True)
class AidNow:
    """One household's or student's answer. Before a batch exists there is no sum, account or expected day.

    `exit` says since when and why somebody is not on the roll.
    """

    beneficiary_id: int
    number_tail: str
    fund: str
    programme: str
    year: int
    stage: Stage
    outlook: Outlook
    steps: tuple[Step, ...]
    on_day: date | None = None
    amount: Money | None = None
    account_tail: str | None = None
    expected_on: date | None = None
    reason: ReturnReason | None = None
    past: tuple[PastAid, ...] = ()
    exit: Exit | None = None

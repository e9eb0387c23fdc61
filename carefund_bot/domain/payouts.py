"""A payout: the states of a batch and of its lines, which moves there are, why a bank sends money back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from carefund_bot.domain.money import Money

PURPOSES: Final = {"household": "living_aid", "student": "study_aid"}
"""What each programme pays for; one live line per beneficiary, year and purpose."""


@dataclass(frozen=True, slots=True)
class BatchPlan:
    """What a batch is to pay: the same sum to everybody on a fund's roll of one programme."""

    fund: str
    programme: str
    amount: Money
    expected_on: date

    @property
    def cycle_year(self) -> int:
        return self.expected_on.year

    @property
    def purpose(self) -> str:
        return PURPOSES[self.programme]


class BatchState(StrEnum):
    """`instructed`: handed to the bank."""

    PLANNED = "planned"
    APPROVED = "approved"
    INSTRUCTED = "instructed"
    PAID = "paid"
    VOIDED = "voided"


class LineState(StrEnum):
    """What happened to one payee's money (R47)."""

    PLANNED = "planned"
    INSTRUCTED = "instructed"
    PAID = "paid"
    RETURNED = "returned"
    CORRECTED = "corrected"
    RE_INSTRUCTED = "re_instructed"
    CANCELLED = "cancelled"
    RECOVERED = "recovered"


BATCH_MOVES: Final[dict[BatchState, frozenset[BatchState]]] = {
    BatchState.PLANNED: frozenset({BatchState.APPROVED, BatchState.VOIDED}),
    BatchState.APPROVED: frozenset({BatchState.INSTRUCTED, BatchState.VOIDED}),
    BatchState.INSTRUCTED: frozenset({BatchState.PAID}),
    BatchState.PAID: frozenset(),
    BatchState.VOIDED: frozenset(),
}
"""Once the bank has the file nothing is voided: a line comes back as returned, or is recovered."""

LINE_MOVES: Final[dict[LineState, frozenset[LineState]]] = {
    LineState.PLANNED: frozenset({LineState.INSTRUCTED, LineState.CANCELLED}),
    LineState.INSTRUCTED: frozenset({LineState.PAID, LineState.RETURNED}),
    LineState.PAID: frozenset({LineState.RETURNED, LineState.RECOVERED}),
    LineState.RETURNED: frozenset({LineState.CORRECTED, LineState.CANCELLED}),
    LineState.CORRECTED: frozenset({LineState.RE_INSTRUCTED, LineState.CANCELLED}),
    LineState.RE_INSTRUCTED: frozenset({LineState.PAID, LineState.RETURNED}),
    LineState.CANCELLED: frozenset(),
    LineState.RECOVERED: frozenset(),
}
"""A bank may send back days after it said paid; that money is with the fund again, so it may be paid once more."""

_LINE_IN_BATCH: Final = {
    BatchState.PLANNED: LineState.PLANNED,
    BatchState.APPROVED: LineState.PLANNED,
    BatchState.INSTRUCTED: LineState.INSTRUCTED,
    BatchState.PAID: LineState.PAID,
    BatchState.VOIDED: LineState.CANCELLED,
}


def line_state(batch_events: Sequence[BatchState], line_events: Sequence[LineState]) -> LineState:
    """A line's newest own event; where it has none, its batch's; in a voided batch every line is cancelled."""
    in_batch = _LINE_IN_BATCH[batch_events[-1]]
    if in_batch is LineState.CANCELLED or not line_events:
        return in_batch
    return line_events[-1]


class ReturnReason(StrEnum):
    """Why a bank sends money back: a closed list (R48)."""

    WRONG_NUMBER = "wrong_number"
    OTHER_NAME = "other_name"
    CLOSED = "closed"
    FROZEN = "frozen"
    LOST = "lost"
    DORMANT = "dormant"
    NOT_ACTIVATED = "not_activated"
    OVER_LIMIT = "over_limit"
    BRANCH_MOVED = "branch_moved"
    OUR_SIDE = "our_side"
    """A faulty file, too little on the payer's account, a bank out of order: nothing the household could mend."""
    UNKNOWN = "unknown"

    @classmethod
    def read(cls, code: str | None) -> ReturnReason:
        """Any code that is not on the list is UNKNOWN: ask the office."""
        return next((reason for reason in cls if reason == code), cls.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Count:
    """What a plan would pay today. `already`: on the roll, but in another batch of the year. `roll`: counted on it.

    `held`: their new account is approved and the roll still has the old one.
    """

    payees: int
    total: Money
    already: int
    roll: int
    held: int = 0


@dataclass(frozen=True, slots=True)
class Difference:
    """Payees of a batch beside the fund's last one of the programme, which was of `year` and went to the bank.

    `other_account`: the rolls of the two days on which the batches were made name different accounts.
    """

    year: int
    joined: int
    left: int
    other_sum: int
    other_account: int


@dataclass(frozen=True, slots=True)
class BatchCard:
    """A batch with its control totals; `moves` are open to the person who looks, `split` counts lines by state.

    `difference` only where somebody looks at it alone, and where there is a batch before it.
    """

    id: int
    fund: str
    programme: str
    year: int
    expected_on: date
    state: BatchState
    lines: int
    total: Money
    split: dict[LineState, int]
    moves: tuple[BatchState, ...]
    difference: Difference | None = None


@dataclass(frozen=True, slots=True)
class LineCard:
    """One payee's line; `roll_tail` is the account on today's roll, which a correction takes over."""

    id: int
    batch_id: int
    number: str
    fund: str
    year: int
    amount: Money
    account_tail: str
    roll_tail: str
    state: LineState
    reason: ReturnReason | None
    moves: tuple[LineState, ...]

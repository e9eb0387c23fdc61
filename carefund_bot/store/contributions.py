"""Confirmed money, the lists it came on, and corrections."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import date

from carefund_bot.domain.money import Money
from carefund_bot.domain.pledges import Gift


@dataclass(frozen=True, slots=True)
class Contribution:
    """Money a member gave. `channel` is cash, bank or other; `reversed_for` the reason if it was taken back."""

    id: int
    member_id: int
    fund: str
    campaign_year: int
    amount: Money
    channel: str
    received_on: date
    recorded_at: int
    reversed_for: str | None

    @property
    def counts(self) -> bool:
        return self.reversed_for is None

    @property
    def gift(self) -> Gift:
        return Gift(self.id, self.fund, (self.received_on, self.recorded_at), self.amount)


_SELECT = """
    SELECT contribution.id, member_id, fund, campaign_year, amount_fen, channel, received_on, recorded_at, reason
      FROM contribution
      LEFT JOIN contribution_reversal ON contribution_id = contribution.id
"""


def of_member(db: sqlite3.Connection, member_id: int) -> list[Contribution]:
    """All a member ever gave, newest first, with what was taken back."""
    rows = db.execute(
        f"{_SELECT} WHERE member_id = ? ORDER BY received_on DESC, contribution.id DESC",
        (member_id,),
    )
    return [_contribution(row) for row in rows]


def find(db: sqlite3.Connection, contribution_id: int) -> Contribution | None:
    """A member's contribution; those of enterprises and the treasury are not found here."""
    row = db.execute(f"{_SELECT} WHERE contribution.id = ? AND member_id IS NOT NULL", (contribution_id,)).fetchone()
    return row and _contribution(row)


def _contribution(row: tuple[int, int, str, int, int, str, str, int, str | None]) -> Contribution:
    contribution_id, member_id, fund, year, fen, channel, received_on, recorded_at, reversed_for = row
    return Contribution(
        contribution_id,
        member_id,
        fund,
        year,
        Money(fen),
        channel,
        date.fromisoformat(received_on),
        recorded_at,
        reversed_for,
    )

"""Confirmed money, the lists it came on, and corrections."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import date

from carefund_bot.domain.money import Money
from carefund_bot.domain.pledges import Gift
from carefund_bot.domain.remittances import CheckedList, Entry, campaign_year


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


@dataclass(frozen=True, slots=True)
class Remittance:
    """A list, or one entry by hand (`file_name` None), with what was recorded under it as (fund, amount)."""

    id: int
    staff_id: int | None
    file_name: str | None
    recorded_at: int
    amounts: tuple[tuple[str, Money], ...]
    contribution_ids: tuple[int, ...]


def remittance_of(db: sqlite3.Connection, request_id: str) -> Remittance | None:
    """What this confirmation recorded."""
    return _remittance(db, "request_id = ?", request_id)


def remittance_with(db: sqlite3.Connection, digest: bytes) -> Remittance | None:
    """The recorded list whose file was byte for byte the same."""
    return _remittance(db, "file_digest = ?", digest)


def _remittance(db: sqlite3.Connection, condition: str, value: str | bytes) -> Remittance | None:
    row = db.execute(
        f"SELECT id, staff_id, file_name, recorded_at FROM remittance WHERE {condition}",  # noqa: S608 - own condition
        (value,),
    ).fetchone()
    if row is None:
        return None
    lines = db.execute("SELECT fund, amount_fen, id FROM contribution WHERE remittance_id = ? ORDER BY id", (row[0],))
    recorded = lines.fetchall()
    amounts = tuple((fund, Money(fen)) for fund, fen, _ in recorded)
    remittance_id, staff_id, file_name, recorded_at = row
    return Remittance(remittance_id, staff_id, file_name, recorded_at, amounts, tuple(line[2] for line in recorded))


def add_remittance(
    db: sqlite3.Connection,
    request_id: str,
    fund: str | None,
    checked: CheckedList | None,
    staff_id: int | None,
    at: int,
) -> int:
    (remittance_id,) = db.execute(
        """
        INSERT INTO remittance (request_id, fund, file_digest, file_name, staff_id, recorded_at)
        VALUES (?,?,?,?,?,?)
        RETURNING id
        """,
        (request_id, fund, checked and checked.digest, checked and checked.file_name, staff_id, at),
    ).fetchone()
    return int(remittance_id)


def add(
    db: sqlite3.Connection, reference: str, remittance_id: int, entry: Entry, collector_id: int | None, at: int
) -> int:
    (contribution_id,) = db.execute(
        """
        INSERT INTO contribution (reference, remittance_id, fund, campaign_year, donor_kind, member_id, amount_fen,
                                  channel, received_on, collector_id, recorded_at)
        VALUES (?,?,?,?,'member',?,?,?,?,?,?)
        RETURNING id
        """,
        (
            reference,
            remittance_id,
            entry.fund,
            campaign_year(entry.received_on),
            entry.member_id,
            entry.amount.fen,
            entry.channel,
            entry.received_on.isoformat(),
            collector_id,
            at,
        ),
    ).fetchone()
    return int(contribution_id)


def has_twin(db: sqlite3.Connection, entry: Entry) -> bool:
    """Whether the same sum of the same member on the same day counts already."""
    found = db.execute(
        """
        SELECT 1 FROM contribution
         WHERE member_id = ? AND campaign_year = ? AND received_on = ? AND amount_fen = ?
           AND NOT EXISTS (SELECT 1 FROM contribution_reversal WHERE contribution_id = contribution.id)
        """,
        (entry.member_id, campaign_year(entry.received_on), entry.received_on.isoformat(), entry.amount.fen),
    ).fetchone()
    return found is not None


def add_reversal(
    db: sqlite3.Connection, contribution_id: int, request_id: str, reason: str, staff_id: int | None, at: int
) -> None:
    db.execute(
        "INSERT INTO contribution_reversal VALUES (?,?,?,?,?)", (contribution_id, request_id, reason, staff_id, at)
    )


def reversed_by(db: sqlite3.Connection, request_id: str) -> Contribution | None:
    """The contribution that this confirmation took back."""
    row = db.execute("SELECT contribution_id FROM contribution_reversal WHERE request_id = ?", (request_id,)).fetchone()
    return find(db, row[0]) if row else None


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

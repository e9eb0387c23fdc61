"""The fund's figures: raised, who gave, who was paid, principal; by year and fund, nothing personal among them."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RaisedCell:
    year: int
    fund: str
    donor_kind: str
    fen: int


@dataclass(frozen=True, slots=True)
class GivingCell:
    """Members of a fund who gave in the same years: bit 0 of `years` is the first year asked about, bit 1 the next."""

    fund: str
    years: int
    members: int


@dataclass(frozen=True, slots=True)
class PaidCell:
    year: int
    fund: str
    kind: str
    payees: int
    fen: int


@dataclass(frozen=True, slots=True)
class PrincipalCell:
    fund: str
    source: str
    fen: int


def raised(db: sqlite3.Connection) -> list[RaisedCell]:
    """Gifts that no correction took back."""
    rows = db.execute(
        """
        SELECT campaign_year, fund, donor_kind, sum(amount_fen)
          FROM contribution
         WHERE NOT EXISTS (SELECT 1 FROM contribution_reversal WHERE contribution_id = contribution.id)
         GROUP BY campaign_year, fund, donor_kind
        """
    )
    return [RaisedCell(*row) for row in rows]


def count_member_lists(db: sqlite3.Connection, before: int) -> int:
    """How many member lists had been taken over just before an instant: equal numbers mean the same roll."""
    row: tuple[int] = db.execute(
        "SELECT count(*) FROM roll_import WHERE kind = 'members' AND state = 'applied' AND applied_at < ?", (before,)
    ).fetchone()
    return row[0]


def giving(db: sqlite3.Connection, first_year: int, listed_before: int) -> list[GivingCell]:
    """Of the members on the roll just before an instant: how many gave, and in which years; each person once."""
    rows = db.execute(
        """
        WITH listed AS (  -- each member's newest version by then: SQLite takes bare columns from the row of the max()
            SELECT member_id, fund, standing, max(import_id)
              FROM member_version
             WHERE import_id IN (SELECT id FROM roll_import
                                  WHERE kind = 'members' AND state = 'applied' AND applied_at < :listed_before)
             GROUP BY member_id
        ),
        giver AS (
            SELECT fund,
                   (SELECT sum(DISTINCT 1 << (campaign_year - :first_year))
                      FROM contribution
                     WHERE contribution.member_id = listed.member_id
                       AND NOT EXISTS (SELECT 1 FROM contribution_reversal WHERE contribution_id = contribution.id)
                   ) AS years
              FROM listed
             WHERE standing = 'on_roll'
        )
        SELECT fund, coalesce(years, 0), count(*) FROM giver GROUP BY fund, years
        """,
        {"first_year": first_year, "listed_before": listed_before},
    )
    return [GivingCell(*row) for row in rows]


def paid(db: sqlite3.Connection) -> list[PaidCell]:
    """Lines whose money arrived: their own newest event says so, or, where they have none, their batch's."""
    rows = db.execute(
        """
        WITH settled AS (
            SELECT id, fund, programme, cycle_year,
                   (SELECT state FROM batch_event WHERE batch_id = batch.id
                     ORDER BY batch_event.id DESC LIMIT 1) AS state
              FROM batch
        )
        SELECT settled.cycle_year, settled.fund, settled.programme, count(*), sum(line.amount_fen)
          FROM settled
          JOIN payment_line AS line ON line.batch_id = settled.id
         WHERE coalesce((SELECT state FROM payment_event WHERE line_id = line.id ORDER BY id DESC LIMIT 1),
                        settled.state) = 'paid'
         GROUP BY settled.cycle_year, settled.fund, settled.programme
        """
    )
    return [PaidCell(*row) for row in rows]


def principal(db: sqlite3.Connection) -> list[PrincipalCell]:
    rows = db.execute("SELECT fund, source, sum(amount_fen) FROM principal_entry GROUP BY fund, source")
    return [PrincipalCell(*row) for row in rows]

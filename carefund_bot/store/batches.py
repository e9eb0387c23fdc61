"""Batches with their control totals, and the roll that a batch is made from."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from carefund_bot.domain.payouts import BatchPlan, Difference


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch with its control totals and its newest state."""

    id: int
    fund: str
    programme: str
    cycle_year: int
    expected_on: date
    state: str
    lines: int
    total_fen: int


_BATCH = """
    SELECT batch.id, fund, programme, cycle_year, expected_on,
           (SELECT state FROM batch_event WHERE batch_id = batch.id ORDER BY id DESC LIMIT 1),
           (SELECT count(*) FROM payment_line WHERE batch_id = batch.id),
           (SELECT coalesce(sum(amount_fen), 0) FROM payment_line WHERE batch_id = batch.id)
      FROM batch
"""


def find_batch(db: sqlite3.Connection, batch_id: int) -> Batch | None:
    row = db.execute(f"{_BATCH} WHERE batch.id = ?", (batch_id,)).fetchone()
    return row and _batch(row)


def newest_batches(db: sqlite3.Connection, funds: list[str], limit: int) -> list[Batch]:
    """The newest batches of these funds."""
    rows = db.execute(
        f"{_BATCH} WHERE fund IN (SELECT value FROM json_each(?)) ORDER BY batch.id DESC LIMIT ?",  # noqa: S608 - our own text
        (json.dumps(funds), limit),
    )
    return [_batch(row) for row in rows]


def batch_of_request(db: sqlite3.Connection, request_id: str) -> int | None:
    """The batch that a request made or moved."""
    row: tuple[int] | None = db.execute(
        "SELECT batch_id FROM batch_event WHERE request_id = ?", (request_id,)
    ).fetchone()
    return row[0] if row else None


def lines_by_own_state(db: sqlite3.Connection, batch_id: int) -> dict[str | None, int]:
    """How many lines stand in each state of their own; `None` counts those that go with their batch."""
    rows = db.execute(
        """
        SELECT (SELECT state FROM payment_event WHERE line_id = line.id ORDER BY id DESC LIMIT 1) AS own, count(*)
          FROM payment_line AS line
         WHERE line.batch_id = ?
         GROUP BY own
        """,
        (batch_id,),
    )
    return dict(rows.fetchall())


def difference(db: sqlite3.Connection, batch_id: int) -> Difference | None:
    """A batch beside the last one of its fund and programme that went to the bank; None if it is the first."""
    last = db.execute(
        """
        SELECT own.created_at, other.id, other.created_at, other.cycle_year
          FROM batch AS own
          JOIN batch AS other ON other.fund = own.fund AND other.programme = own.programme
                             AND other.purpose = own.purpose AND other.id < own.id
         WHERE own.id = ? AND EXISTS (SELECT 1 FROM batch_event WHERE batch_id = other.id AND state = 'instructed')
         ORDER BY other.id DESC LIMIT 1
        """,
        (batch_id,),
    ).fetchone()
    if last is None:
        return None
    own_at, last_id, last_at, year = last
    counts = db.execute(
        f"""
        SELECT count(*) FILTER (WHERE last.id IS NULL),
               (SELECT count(*) FROM payment_line WHERE batch_id = :last_id) - count(last.id),
               count(*) FILTER (WHERE own.amount_fen <> last.amount_fen),
               count(*) FILTER (WHERE last.id IS NOT NULL
                                  AND {_account_at(":own_at")} IS NOT {_account_at(":last_at")})
          FROM payment_line AS own
          LEFT JOIN payment_line AS last ON last.beneficiary_id = own.beneficiary_id AND +last.batch_id = :last_id
               -- with + it is found by its payee, not by looking through the batch each time
         WHERE own.batch_id = :own_id
        """,  # noqa: S608 - our own words
        {"own_id": batch_id, "own_at": own_at, "last_id": last_id, "last_at": last_at},
    ).fetchone()
    return Difference(year, *counts)


def _account_at(moment: str) -> str:
    """The account of a line's payee on the roll of a moment."""
    return f"""
        (SELECT card_print
           FROM beneficiary_version AS version
           JOIN roll_import ON roll_import.id = version.import_id AND roll_import.state = 'applied'
                           AND roll_import.applied_at <= {moment}
          WHERE version.beneficiary_id = own.beneficiary_id
          ORDER BY version.import_id DESC LIMIT 1)
    """  # noqa: S608 - our own words


def newest_roll(db: sqlite3.Connection, programme: str) -> int:
    """The import that the roll of a programme stands on; 0 before the first."""
    newest: int = db.execute(
        "SELECT coalesce(max(id), 0) FROM roll_import WHERE kind = ? AND state = 'applied'", (f"{programme}s",)
    ).fetchone()[0]
    return newest


def last_beneficiary(db: sqlite3.Connection) -> int:
    """The highest id, to walk the roll in pages."""
    highest: int = db.execute("SELECT coalesce(max(id), 0) FROM beneficiary").fetchone()[0]
    return highest


@dataclass(frozen=True, slots=True)
class OnRoll:
    """Somebody to be paid. `user_id` and `number` as in a Reader.

    `has_line`: this person or account, under whichever number, is in a batch of this year and purpose (R36).
    """

    beneficiary_id: int
    sealed: bytes
    user_id: int | None
    number: str | None
    has_line: bool


def page_of_roll(db: sqlite3.Connection, plan: BatchPlan, after: int, until: int) -> list[OnRoll]:
    """Who of the ids in (after, until] stands on a fund's roll today."""
    rows = db.execute(
        """
        SELECT beneficiary.id, version.sealed, link.user_id,
               CASE WHEN (SELECT count(*) FROM link AS other
                           WHERE other.user_id = link.user_id AND other.subject = 'beneficiary') > 1
                    THEN beneficiary.number END,
               EXISTS (SELECT 1
                         FROM payment_line AS line
                        WHERE line.beneficiary_id IN (
                                  SELECT same.beneficiary_id
                                    FROM beneficiary_version AS same
                                    JOIN roll_import ON roll_import.id = same.import_id
                                   WHERE roll_import.state = 'applied'
                                     AND (same.identity_print = version.identity_print
                                          OR same.card_print = version.card_print))
                          AND line.cycle_year = :year AND line.purpose = :purpose
                          AND NOT EXISTS (SELECT 1 FROM batch_event
                                           WHERE batch_id = line.batch_id AND state = 'voided')
                          AND coalesce((SELECT state FROM payment_event
                                         WHERE line_id = line.id ORDER BY id DESC LIMIT 1), '') <> 'cancelled')
          FROM beneficiary
          JOIN beneficiary_version AS version ON version.beneficiary_id = beneficiary.id
          LEFT JOIN link ON link.subject = 'beneficiary' AND link.subject_id = beneficiary.id
         WHERE beneficiary.id > :after AND beneficiary.id <= :until AND beneficiary.kind = :programme
           AND version.import_id = (SELECT max(known.import_id)
                                      FROM beneficiary_version AS known
                                      JOIN roll_import ON roll_import.id = known.import_id
                                     WHERE known.beneficiary_id = beneficiary.id AND roll_import.state = 'applied')
           AND version.fund = :fund AND version.standing = 'on_roll'
        """,
        {
            "programme": plan.programme,
            "fund": plan.fund,
            "year": plan.cycle_year,
            "purpose": plan.purpose,
            "after": after,
            "until": until,
        },
    )
    return [
        OnRoll(beneficiary_id, sealed, user_id, number, bool(has_line))
        for beneficiary_id, sealed, user_id, number, has_line in rows
    ]


def add_batch(db: sqlite3.Connection, request_id: str, plan: BatchPlan, staff_id: int, at: int) -> int:
    (batch_id,) = db.execute(
        """
        INSERT INTO batch (request_id, fund, programme, cycle_year, purpose, expected_on, staff_id, created_at)
        VALUES (?,?,?,?,?,?,?,?)
        RETURNING id
        """,
        (
            request_id,
            plan.fund,
            plan.programme,
            plan.cycle_year,
            plan.purpose,
            plan.expected_on.isoformat(),
            staff_id,
            at,
        ),
    ).fetchone()
    return int(batch_id)


def add_lines(db: sqlite3.Connection, batch_id: int, plan: BatchPlan, payees: Iterable[tuple[int, bytes]]) -> None:
    """One line a payee: (beneficiary, sealed snapshot), in ascending order of ids."""
    db.executemany(
        """
        INSERT INTO payment_line (batch_id, beneficiary_id, cycle_year, purpose, amount_fen, sealed)
        VALUES (?,?,?,?,?,?)
        """,
        (
            (batch_id, beneficiary_id, plan.cycle_year, plan.purpose, plan.amount.fen, sealed)
            for beneficiary_id, sealed in payees
        ),
    )


def add_batch_event(
    db: sqlite3.Connection, request_id: str, batch_id: int, state: str, staff_id: int, on_day: date, at: int
) -> None:
    db.execute(
        "INSERT INTO batch_event (request_id, batch_id, state, staff_id, on_day, at) VALUES (?,?,?,?,?,?)",
        (request_id, batch_id, state, staff_id, on_day.isoformat(), at),
    )


def _batch(row: tuple[int, str, str, int, str, str, int, int]) -> Batch:
    return Batch(*row[:4], date.fromisoformat(row[4]), *row[5:])

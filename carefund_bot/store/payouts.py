"""Lines of payees, and what happened to them and to their batches."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class LineInBatch:
    """A payee's line with its batch; `sealed` holds name, bank and card (place `payment_line`)."""

    id: int
    batch_id: int
    beneficiary_id: int
    cycle_year: int
    amount_fen: int
    sealed: bytes
    fund: str
    programme: str
    expected_on: date


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to a batch or a line; `sealed` is a corrected line's new account (place `payment_event`)."""

    state: str
    on_day: date
    staff_id: int | None
    reason: str | None = None
    sealed: bytes | None = None


_LINE = """
    SELECT line.id, line.batch_id, line.beneficiary_id, line.cycle_year, line.amount_fen, line.sealed,
           batch.fund, batch.programme, batch.expected_on
      FROM payment_line AS line
      JOIN batch ON batch.id = line.batch_id
"""


def lines_of(db: sqlite3.Connection, beneficiary_id: int) -> list[LineInBatch]:
    """Every line a household or student ever had, newest first."""
    rows = db.execute(
        f"{_LINE} WHERE line.beneficiary_id = ? ORDER BY line.cycle_year DESC, line.id DESC", (beneficiary_id,)
    )
    return [_line(row) for row in rows]


def batch_events(db: sqlite3.Connection, batch_id: int) -> list[Event]:
    rows = db.execute("SELECT state, on_day, staff_id FROM batch_event WHERE batch_id = ? ORDER BY id", (batch_id,))
    return [Event(state, date.fromisoformat(on_day), staff_id) for state, on_day, staff_id in rows]


def line_events(db: sqlite3.Connection, line_id: int) -> list[Event]:
    rows = db.execute(
        "SELECT state, on_day, staff_id, reason, sealed FROM payment_event WHERE line_id = ? ORDER BY id", (line_id,)
    )
    return [
        Event(state, date.fromisoformat(on_day), staff_id, reason, sealed)
        for state, on_day, staff_id, reason, sealed in rows
    ]


def sender_of(db: sqlite3.Connection, line_id: int) -> int | None:
    """Who handed a line to the bank: when it was last sent again, or with its batch."""
    (staff_id,) = db.execute(
        """
        SELECT coalesce(
            (SELECT staff_id FROM payment_event
              WHERE line_id = line.id AND state = 're_instructed' ORDER BY id DESC LIMIT 1),
            (SELECT staff_id FROM batch_event WHERE batch_id = line.batch_id AND state = 'instructed'))
          FROM payment_line AS line
         WHERE line.id = ?
        """,
        (line_id,),
    ).fetchone()
    return None if staff_id is None else int(staff_id)


def _line(row: tuple[int, int, int, int, int, bytes, str, str, str]) -> LineInBatch:
    return LineInBatch(*row[:8], expected_on=date.fromisoformat(row[8]))


def find_line(db: sqlite3.Connection, line_id: int) -> LineInBatch | None:
    row = db.execute(f"{_LINE} WHERE line.id = ?", (line_id,)).fetchone()
    return row and _line(row)


def line_of_request(db: sqlite3.Connection, request_id: str) -> int | None:
    """The line that a request moved."""
    row: tuple[int] | None = db.execute(
        "SELECT line_id FROM payment_event WHERE request_id = ?", (request_id,)
    ).fetchone()
    return row[0] if row else None


def add_line_event(db: sqlite3.Connection, request_id: str, line_id: int, event: Event, at: int) -> int:
    """Write down what happened to a line; gives the event's id."""
    (event_id,) = db.execute(
        """
        INSERT INTO payment_event (request_id, line_id, state, reason, staff_id, on_day, at, sealed)
        VALUES (?,?,?,?,?,?,?,?)
        RETURNING id
        """,
        (request_id, line_id, event.state, event.reason, event.staff_id, event.on_day.isoformat(), at, event.sealed),
    ).fetchone()
    return int(event_id)

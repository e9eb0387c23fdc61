"""Requests to change what the roll says of a payee, and what became of each."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A request with its newest event; `sealed` is place `change_request`. `state` None: nobody has decided."""

    id: int
    case_id: int
    beneficiary_id: int
    fund: str
    area: str | None
    number: str
    what: str
    evidence: str
    sealed: bytes
    until_on: str | None
    staff_id: int
    state: str | None
    moved_at: int | None


_CHANGE = """
    SELECT change.id, change.case_id, change.beneficiary_id, desk_case.fund, desk_case.area, beneficiary.number,
           change.what, change.evidence, change.sealed, change.until_on, change.staff_id, newest.state, newest.at
      FROM change_request AS change
      JOIN desk_case ON desk_case.id = change.case_id
      JOIN beneficiary ON beneficiary.id = change.beneficiary_id
      LEFT JOIN change_event AS newest ON newest.id = (
            SELECT max(id) FROM change_event WHERE change_id = change.id)
"""


def add(
    db: sqlite3.Connection,
    request_id: str,
    case_id: int,
    beneficiary_id: int,
    papers: tuple[str, str],
    secret: tuple[bytes, str | None],
    staff_id: int,
    at: int,
) -> int:
    """`papers`: what and on which evidence; `secret`: the sealed detail and a proxy's last day."""
    (change_id,) = db.execute(
        """
        INSERT INTO change_request (request_id, case_id, beneficiary_id, what, evidence, sealed, until_on, staff_id, at)
        VALUES (?,?,?,?,?,?,?,?,?)
        RETURNING id
        """,
        (request_id, case_id, beneficiary_id, *papers, *secret, staff_id, at),
    ).fetchone()
    return int(change_id)


def find(db: sqlite3.Connection, change_id: int) -> ChangeRow | None:
    row = db.execute(f"{_CHANGE} WHERE change.id = ?", (change_id,)).fetchone()
    return row and ChangeRow(*row)


def change_of_request(db: sqlite3.Connection, request_id: str) -> int | None:
    row: tuple[int] | None = db.execute("SELECT id FROM change_request WHERE request_id = ?", (request_id,)).fetchone()
    return row[0] if row else None


def is_taken(db: sqlite3.Connection, request_id: str) -> bool:
    """Whether the step that a request asks for has been taken."""
    return db.execute("SELECT 1 FROM change_event WHERE request_id = ?", (request_id,)).fetchone() is not None


def undecided(db: sqlite3.Connection) -> list[ChangeRow]:
    """What waits for a second person, oldest first."""
    rows = db.execute(f"{_CHANGE} WHERE newest.state IS NULL ORDER BY change.id")
    return [ChangeRow(*row) for row in rows]


def cooled_down(db: sqlite3.Connection, approved_before: int) -> list[ChangeRow]:
    """Approved before an instant, neither stopped nor in force."""
    rows = db.execute(
        f"{_CHANGE} WHERE newest.state = 'approved' AND newest.at <= ? ORDER BY change.id", (approved_before,)
    )
    return [ChangeRow(*row) for row in rows]


def add_event(
    db: sqlite3.Connection, request_id: str, change_id: int, state: str, staff_id: int | None, at: int
) -> None:
    db.execute(
        "INSERT INTO change_event (request_id, change_id, state, staff_id, at) VALUES (?,?,?,?,?)",
        (request_id, change_id, state, staff_id, at),
    )

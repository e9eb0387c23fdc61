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


@dataclass(frozen=True, slots=True)
class ApprovedAccount:
    """The newest account of a payee that was approved and not stopped; `at`: when its papers were seen."""

    beneficiary_id: int
    sealed: bytes
    at: int


@dataclass(frozen=True, slots=True)
class RollAccount:
    """What a roll says of a payee's account; `sealed` holds the number (place `beneficiary`)."""

    number: str
    kind: str
    fund: str
    area: str
    card_print: bytes
    sealed: bytes


def approved_accounts(db: sqlite3.Connection) -> list[ApprovedAccount]:
    rows = db.execute(
        """
        SELECT change.beneficiary_id, change.sealed, change.at
          FROM change_request AS change
         WHERE change.id IN (SELECT max(approved.id)
                               FROM change_request AS approved
                               JOIN change_event AS newest ON newest.id = (
                                     SELECT max(id) FROM change_event WHERE change_id = approved.id)
                              WHERE approved.what = 'account' AND newest.state IN ('approved', 'in_force')
                              GROUP BY approved.beneficiary_id)
         ORDER BY change.beneficiary_id
        """
    )
    return [ApprovedAccount(*row) for row in rows]


_ON_ROLL = """
    SELECT beneficiary.number, beneficiary.kind, version.fund, version.area, version.card_print, version.sealed,
           version.standing
      FROM beneficiary_version AS version
      JOIN beneficiary ON beneficiary.id = version.beneficiary_id
      JOIN roll_import ON roll_import.id = version.import_id
     WHERE version.beneficiary_id = ?
"""


def account_on_roll(db: sqlite3.Connection, beneficiary_id: int, import_id: int | None) -> RollAccount | None:
    """As it would be with an import that is only staged; `None`: as it is today. None at all for who is not on it."""
    row = db.execute(
        f"""
        {_ON_ROLL}
           AND (roll_import.state = 'applied' OR roll_import.id = ?)
         ORDER BY roll_import.id = ? DESC, version.import_id DESC LIMIT 1
        """,
        (beneficiary_id, import_id, import_id),
    ).fetchone()
    return RollAccount(*row[:-1]) if row and row[-1] == "on_roll" else None


def account_at(db: sqlite3.Connection, beneficiary_id: int, at: int) -> RollAccount | None:
    """As it was at an instant."""
    row = db.execute(
        f"""
        {_ON_ROLL}
           AND roll_import.state = 'applied' AND roll_import.applied_at <= ?
         ORDER BY version.import_id DESC LIMIT 1
        """,
        (beneficiary_id, at),
    ).fetchone()
    return RollAccount(*row[:-1]) if row else None


def add_event(
    db: sqlite3.Connection, request_id: str, change_id: int, state: str, staff_id: int | None, at: int
) -> None:
    db.execute(
        "INSERT INTO change_event (request_id, change_id, state, staff_id, at) VALUES (?,?,?,?,?)",
        (request_id, change_id, state, staff_id, at),
    )

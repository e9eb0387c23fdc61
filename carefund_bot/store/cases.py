"""Cases, what happened to each, what was said, and the desk's work list."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case and where it stands; `user_id` is set for somebody whom no roll knows, `anonymous` is 0 or 1."""

    id: int
    kind: str
    fund: str
    area: str | None
    subject: str | None
    subject_id: int | None
    anonymous: int
    line_id: int | None
    contribution_id: int | None
    notice_id: int | None
    opened_at: int
    state: str
    desk: str
    staff_id: int | None
    due_at: int
    user_id: int | None


@dataclass(frozen=True, slots=True)
class NewCase:
    """What is written once and stays."""

    request_id: str
    kind: str
    fund: str
    area: str | None
    subject: str | None
    subject_id: int | None
    anonymous: bool
    line_id: int | None
    contribution_id: int | None
    notice_id: int | None


@dataclass(frozen=True, slots=True)
class NewEvent:
    """Something that happens to a case; no `staff_id`: by its asker. `sealed`: what is said (place `case_message`)."""

    kind: str
    staff_id: int | None = None
    to_staff_id: int | None = None
    to_desk: str | None = None
    rating: int | None = None
    sealed: bytes | None = None


@dataclass(frozen=True, slots=True)
class EventRow:
    """Something that happened to a case, as far as its card shows it."""

    id: int
    kind: str
    rating: int | None
    at: int
    sealed: bytes | None


_CASE = """
    SELECT desk_case.id, kind, fund, area, subject, subject_id, anonymous, line_id, contribution_id, notice_id,
           opened_at, state, desk, staff_id, due_at, user_id
      FROM desk_case
      JOIN case_now ON case_now.case_id = desk_case.id
      LEFT JOIN case_chat ON case_chat.case_id = desk_case.id
"""


def add_case(db: sqlite3.Connection, case: NewCase, desk: str, due_at: int, user_id: int | None, at: int) -> int:
    """A new case, waiting; its chat is written down only if no roll knows the asker."""
    (case_id,) = db.execute(
        """
        INSERT INTO desk_case (request_id, kind, fund, area, subject, subject_id, anonymous, line_id, contribution_id,
                               notice_id, opened_at)
        VALUES (?,?,?,?,?,?,?,?,?,?,?)
        RETURNING id
        """,
        (
            case.request_id,
            case.kind,
            case.fund,
            case.area,
            case.subject,
            case.subject_id,
            case.anonymous,
            case.line_id,
            case.contribution_id,
            case.notice_id,
            at,
        ),
    ).fetchone()
    db.execute(
        "INSERT INTO case_now (case_id, state, desk, due_at) VALUES (?, 'waiting', ?, ?)", (case_id, desk, due_at)
    )
    if user_id is not None:
        db.execute("INSERT INTO case_chat VALUES (?, ?)", (case_id, user_id))
    return int(case_id)


def find(db: sqlite3.Connection, case_id: int) -> CaseRow | None:
    row = db.execute(f"{_CASE} WHERE desk_case.id = ?", (case_id,)).fetchone()
    return row and _case(row)


def case_of_request(db: sqlite3.Connection, request_id: str) -> int | None:
    """The case that a request has opened or moved."""
    row: tuple[int] | None = db.execute("SELECT case_id FROM case_event WHERE request_id = ?", (request_id,)).fetchone()
    return row[0] if row else None


def case_of_event(db: sqlite3.Connection, event_id: int) -> int | None:
    row: tuple[int] | None = db.execute("SELECT case_id FROM case_event WHERE id = ?", (event_id,)).fetchone()
    return row[0] if row else None


def of_subject(db: sqlite3.Connection, subject: str, subject_id: int) -> list[CaseRow]:
    """Every case of a person on a roll, newest first."""
    rows = db.execute(f"{_CASE} WHERE subject = ? AND subject_id = ? ORDER BY desk_case.id DESC", (subject, subject_id))
    return [_case(row) for row in rows]


def of_chat(db: sqlite3.Connection, user_id: int) -> list[CaseRow]:
    """Every case that a chat brought while no roll knew it, newest first."""
    rows = db.execute(f"{_CASE} WHERE user_id = ? ORDER BY desk_case.id DESC", (user_id,))
    return [_case(row) for row in rows]


def to_do(db: sqlite3.Connection) -> list[CaseRow]:
    """What waits for the desk, oldest due first."""
    rows = db.execute(f"{_CASE} WHERE state IN ('waiting', 'in_hand') ORDER BY due_at, desk_case.id")
    return [_case(row) for row in rows]


def add_event(db: sqlite3.Connection, request_id: str, case_id: int, event: NewEvent, at: int) -> int:
    """Write down what happened to a case, with what was said; gives the event's id."""
    (event_id,) = db.execute(
        """
        INSERT INTO case_event (request_id, case_id, kind, staff_id, to_staff_id, to_desk, rating, at)
        VALUES (?,?,?,?,?,?,?,?)
        RETURNING id
        """,
        (request_id, case_id, event.kind, event.staff_id, event.to_staff_id, event.to_desk, event.rating, at),
    ).fetchone()
    if event.sealed is not None:
        db.execute("INSERT INTO case_message VALUES (?, ?)", (event_id, event.sealed))
    return int(event_id)


def events_of(db: sqlite3.Connection, case_id: int) -> list[EventRow]:
    rows = db.execute(
        """
        SELECT id, kind, rating, at, sealed
          FROM case_event
          LEFT JOIN case_message ON case_message.event_id = case_event.id
         WHERE case_id = ?
         ORDER BY id
        """,
        (case_id,),
    )
    return [EventRow(*row) for row in rows]


def claim(db: sqlite3.Connection, case_id: int, staff_id: int | None) -> bool:
    """Take a waiting case in hand; true for exactly one of several who try."""
    claimed = db.execute(
        "UPDATE case_now SET state = 'in_hand', staff_id = ? WHERE case_id = ? AND state = 'waiting'",
        (staff_id, case_id),
    )
    return claimed.rowcount == 1


def stand(db: sqlite3.Connection, case_id: int, state: str, staff_id: int | None, desk: str) -> None:
    """Where the case stands from now on, and with whom."""
    db.execute(
        "UPDATE case_now SET state = ?, staff_id = ?, desk = ? WHERE case_id = ?", (state, staff_id, desk, case_id)
    )


def set_due(db: sqlite3.Connection, case_id: int, due_at: int) -> None:
    """The desk owes an answer anew; it may be reminded again."""
    db.execute(
        "UPDATE case_now SET due_at = ?, reminded_at = NULL, escalated_at = NULL WHERE case_id = ?", (due_at, case_id)
    )


def remind_once(db: sqlite3.Connection, due_before: int, at: int) -> list[CaseRow]:
    """What comes due before an instant and was not reminded of yet; marked, so that no second look finds it."""
    rows = db.execute(
        """
        UPDATE case_now SET reminded_at = ?
         WHERE state IN ('waiting', 'in_hand') AND due_at <= ? AND reminded_at IS NULL
        RETURNING case_id
        """,
        (at, due_before),
    ).fetchall()
    return _cases(db, rows)


def call_again_once(db: sqlite3.Connection, opened_before: int, at: int) -> list[CaseRow]:
    """Distress brought before an instant that nobody has in hand; marked, so that no second look finds it."""
    rows = db.execute(
        """
        UPDATE case_now SET reminded_at = ?
         WHERE state = 'waiting' AND reminded_at IS NULL
           AND case_id IN (SELECT id FROM desk_case WHERE kind = 'distress' AND opened_at <= ?)
        RETURNING case_id
        """,
        (at, opened_before),
    ).fetchall()
    return _cases(db, rows)


def escalate_once(db: sqlite3.Connection, at: int) -> list[CaseRow]:
    """What is overdue and nobody above the desk was told of; marked likewise."""
    rows = db.execute(
        """
        UPDATE case_now SET escalated_at = ?
         WHERE state IN ('waiting', 'in_hand') AND due_at <= ? AND escalated_at IS NULL
        RETURNING case_id
        """,
        (at, at),
    ).fetchall()
    return _cases(db, rows)


def _cases(db: sqlite3.Connection, ids: list[tuple[int]]) -> list[CaseRow]:
    found = (find(db, case_id) for (case_id,) in sorted(ids))
    return [case for case in found if case is not None]


def _case(row: tuple[Any, ...]) -> CaseRow:
    return CaseRow(*row)

"""Pledges and what happened to them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import date

from carefund_bot.clock import shanghai_day
from carefund_bot.domain.money import Money
from carefund_bot.domain.pledges import EventKind, Pledge, PledgeEvent, Rhythm, Terms

_COLUMNS = """
    id, member_id, fund, rhythm, coalesce(each_fen, total_fen), times, first_due_on, made_at, replaces_id
"""


def of_member(db: sqlite3.Connection, member_id: int) -> list[Pledge]:
    """Every pledge the member ever made, oldest first, each with its events."""
    rows = db.execute(f"SELECT {_COLUMNS} FROM pledge WHERE member_id = ? ORDER BY id", (member_id,)).fetchall()  # noqa: S608 - own columns
    return [_pledge(db, row) for row in rows]


def find(db: sqlite3.Connection, pledge_id: int) -> Pledge | None:
    row = db.execute(f"SELECT {_COLUMNS} FROM pledge WHERE id = ?", (pledge_id,)).fetchone()  # noqa: S608 - own columns
    return row and _pledge(db, row)


def made_by(db: sqlite3.Connection, request_id: str) -> Pledge | None:
    """The pledge that this confirmation made."""
    row = db.execute(f"SELECT {_COLUMNS} FROM pledge WHERE request_id = ?", (request_id,)).fetchone()  # noqa: S608 - own columns
    return row and _pledge(db, row)


def changed_by(db: sqlite3.Connection, request_id: str) -> Pledge | None:
    """The pledge that this confirmation paused, resumed or closed."""
    row = db.execute("SELECT pledge_id FROM pledge_event WHERE request_id = ?", (request_id,)).fetchone()
    return find(db, row[0]) if row else None


def add(
    db: sqlite3.Connection,
    request_id: str,
    member_id: int,
    fund: str,
    terms: Terms,
    first_due_on: date,
    at: int,
    replaces_id: int | None,
) -> int:
    is_open_ended = terms.times is None
    (pledge_id,) = db.execute(
        """
        INSERT INTO pledge (request_id, member_id, fund, rhythm, each_fen, times, total_fen, first_due_on, replaces_id,
                            made_at)
        VALUES (?,?,?,?,?,?,?,?,?,?)
        RETURNING id
        """,
        (
            request_id,
            member_id,
            fund,
            terms.rhythm,
            terms.amount.fen if is_open_ended else None,
            terms.times,
            None if is_open_ended else terms.amount.fen,
            first_due_on.isoformat(),
            replaces_id,
            at,
        ),
    ).fetchone()
    return int(pledge_id)


def add_event(db: sqlite3.Connection, request_id: str, pledge_id: int, event: PledgeEvent) -> None:
    db.execute(
        "INSERT INTO pledge_event (request_id, pledge_id, kind, from_on, at) VALUES (?,?,?,?,?)",
        (request_id, pledge_id, event.kind, event.from_on.isoformat(), event.at),
    )


def _pledge(db: sqlite3.Connection, row: tuple[int, int, str, str, int, int | None, str, int, int | None]) -> Pledge:
    pledge_id, member_id, fund, rhythm, fen, times, first_due_on, made_at, replaces_id = row
    return Pledge(
        id=pledge_id,
        member_id=member_id,
        fund=fund,
        terms=Terms(Rhythm(rhythm), Money(fen), times),
        first_due_on=date.fromisoformat(first_due_on),
        made=(shanghai_day(made_at), made_at),
        replaces_id=replaces_id,
        events=tuple(_events(db, pledge_id)),
    )


def _events(db: sqlite3.Connection, pledge_id: int) -> Iterable[PledgeEvent]:
    rows = db.execute("SELECT kind, from_on, at FROM pledge_event WHERE pledge_id = ? ORDER BY id", (pledge_id,))
    return [PledgeEvent(EventKind(kind), date.fromisoformat(from_on), at) for kind, from_on, at in rows]

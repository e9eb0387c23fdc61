"""Mandates of proxies: whose they are, their codes, the chats they are bound to, how they ended."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Mandate:
    """A mandate and how far it has got; `state` None: nobody has approved it. `user_id`: the proxy's chat, if bound."""

    change_id: int
    beneficiary_id: int
    from_on: date
    until_on: date
    state: str | None
    is_ended: bool
    user_id: int | None
    person_print: bytes

    def holds_on(self, day: date) -> bool:
        return self.state == "in_force" and not self.is_ended and self.from_on <= day <= self.until_on


_MANDATE = """
    SELECT mandate.change_id, change.beneficiary_id, mandate.from_on, change.until_on,
           (SELECT state FROM change_event WHERE change_id = change.id ORDER BY id DESC LIMIT 1),
           EXISTS (SELECT 1 FROM proxy_end WHERE proxy_end.change_id = mandate.change_id),
           link.user_id, mandate.person_print
      FROM proxy_mandate AS mandate
      JOIN change_request AS change ON change.id = mandate.change_id
      LEFT JOIN proxy_link AS link ON link.change_id = mandate.change_id
"""


def add(db: sqlite3.Connection, change_id: int, from_on: date, person_print: bytes) -> None:
    db.execute(
        "INSERT INTO proxy_mandate VALUES (?, 'payout_status', ?, ?)", (change_id, from_on.isoformat(), person_print)
    )


def find(db: sqlite3.Connection, change_id: int) -> Mandate | None:
    row = db.execute(f"{_MANDATE} WHERE mandate.change_id = ?", (change_id,)).fetchone()
    return row and _mandate(row)


def of_chat(db: sqlite3.Connection, user_id: int) -> list[Mandate]:
    rows = db.execute(f"{_MANDATE} WHERE link.user_id = ? ORDER BY mandate.change_id", (user_id,))
    return [_mandate(row) for row in rows]


def of_person(db: sqlite3.Connection, person_print: bytes) -> list[Mandate]:
    """Every mandate of one person, whatever became of it."""
    rows = db.execute(f"{_MANDATE} WHERE mandate.person_print = ?", (person_print,))
    return [_mandate(row) for row in rows]


def over(db: sqlite3.Connection, today: date) -> list[Mandate]:
    """In force, not ended, and their last day is past."""
    rows = db.execute(
        f"""
        {_MANDATE}
         WHERE change.until_on < ?
           AND NOT EXISTS (SELECT 1 FROM proxy_end WHERE proxy_end.change_id = mandate.change_id)
           AND EXISTS (SELECT 1 FROM change_event WHERE change_id = change.id AND state = 'in_force')
        """,  # noqa: S608 - joined from constants of this file
        (today.isoformat(),),
    )
    return [_mandate(row) for row in rows]


def end(db: sqlite3.Connection, request_id: str, change_id: int, ended_by: str, staff_id: int | None, at: int) -> None:
    """Close a mandate for good: its chat and its codes go with it."""
    db.execute("INSERT INTO proxy_end VALUES (?,?,?,?,?)", (change_id, request_id, ended_by, staff_id, at))
    db.execute("DELETE FROM proxy_link WHERE change_id = ?", (change_id,))
    _revoke_codes(db, change_id, at)


def add_code(
    db: sqlite3.Connection, digest: bytes, change_id: int, issued_by: int | None, at: int, expires_at: int
) -> None:
    """Issue a code, once; an earlier unused one of the same mandate is revoked."""
    if db.execute("SELECT 1 FROM proxy_code WHERE digest = ?", (digest,)).fetchone():
        return
    _revoke_codes(db, change_id, at)
    db.execute(
        "INSERT INTO proxy_code (digest, change_id, issued_by, issued_at, expires_at) VALUES (?,?,?,?,?)",
        (digest, change_id, issued_by, at, expires_at),
    )


def _revoke_codes(db: sqlite3.Connection, change_id: int, at: int) -> None:
    db.execute(
        "UPDATE proxy_code SET revoked_at = ? WHERE change_id = ? AND used_at IS NULL AND revoked_at IS NULL",
        (at, change_id),
    )


def find_live_code(db: sqlite3.Connection, digest: bytes, at: int) -> tuple[int, int, int] | None:
    """(code, mandate, until when) of a code that is still good."""
    row: tuple[int, int, int] | None = db.execute(
        """
        SELECT id, change_id, expires_at
          FROM proxy_code
         WHERE digest = ? AND used_at IS NULL AND revoked_at IS NULL AND expires_at > ?
        """,
        (digest, at),
    ).fetchone()
    return row


def use_code(db: sqlite3.Connection, code_id: int, at: int) -> bool:
    """Claim a code that was not revoked meanwhile; true for exactly one caller, ever."""
    claimed = db.execute(
        "UPDATE proxy_code SET used_at = ? WHERE id = ? AND used_at IS NULL AND revoked_at IS NULL", (at, code_id)
    )
    return claimed.rowcount == 1


def bind(db: sqlite3.Connection, change_id: int, user_id: int, code_id: int, at: int) -> None:
    """One chat a mandate: a later code moves it."""
    db.execute("INSERT OR REPLACE INTO proxy_link VALUES (?,?,?,?)", (change_id, user_id, code_id, at))


def is_bound_by(db: sqlite3.Connection, user_id: int, digest: bytes) -> bool:
    """Whether this very code has already bound this chat."""
    row = db.execute(
        """
        SELECT 1
          FROM proxy_link
          JOIN proxy_code ON proxy_code.id = proxy_link.code_id
         WHERE proxy_link.user_id = ? AND proxy_code.digest = ?
        """,
        (user_id, digest),
    ).fetchone()
    return row is not None


def _mandate(row: tuple[int, int, str, str, str | None, int, int | None, bytes]) -> Mandate:
    change_id, beneficiary_id, from_on, until_on, state, is_ended, user_id, person_print = row
    days = date.fromisoformat(from_on), date.fromisoformat(until_on)
    return Mandate(change_id, beneficiary_id, *days, state, bool(is_ended), user_id, person_print)

"""Where each person stands in an act."""

from __future__ import annotations

import sqlite3


def find(db: sqlite3.Connection, user_id: int) -> tuple[str, str, bytes] | None:
    """(act, step, sealed facts) of the act in progress."""
    row: tuple[str, str, bytes] | None = db.execute(
        "SELECT act, step, sealed FROM conversation WHERE user_id = ?", (user_id,)
    ).fetchone()
    return row


def put(db: sqlite3.Connection, user_id: int, act: str, step: str, sealed: bytes, at: int) -> None:
    db.execute("INSERT OR REPLACE INTO conversation VALUES (?,?,?,?,?)", (user_id, act, step, sealed, at))


def drop(db: sqlite3.Connection, user_id: int) -> None:
    db.execute("DELETE FROM conversation WHERE user_id = ?", (user_id,))

"""The number that counts up while the bot runs."""

from __future__ import annotations

import sqlite3


def number(db: sqlite3.Connection) -> int:
    """The last one; 0 if this database has never been run."""
    found: tuple[int] = db.execute("SELECT number FROM beat").fetchone()
    return found[0]


def go_on(db: sqlite3.Connection) -> int:
    """The next one."""
    found: tuple[int] = db.execute("UPDATE beat SET number = number + 1 RETURNING number").fetchone()
    return found[0]


def catch_up(db: sqlite3.Connection, known: int) -> None:
    """Count on from where the bot ran last, if that is ahead."""
    db.execute("UPDATE beat SET number = :known WHERE number < :known", {"known": known})

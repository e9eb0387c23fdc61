"""Texts that were not understood: kept for a while, without anybody in them."""

from __future__ import annotations

import sqlite3
from datetime import date


def add(db: sqlite3.Connection, on_day: date, asker: str, guess: str, sealed: bytes, *, most: int) -> None:
    """One more (place `unclear_text`); the oldest go when there are too many."""
    db.execute(
        "INSERT INTO unclear_text (on_day, asker, guess, sealed) VALUES (?,?,?,?)",
        (on_day.isoformat(), asker, guess, sealed),
    )
    db.execute("DELETE FROM unclear_text WHERE id <= (SELECT max(id) FROM unclear_text) - ?", (most,))


def since(db: sqlite3.Connection, day: date) -> list[tuple[str, str, bytes]]:
    """Who asked, the guess and the sealed text, from a day on."""
    rows: list[tuple[str, str, bytes]] = db.execute(
        "SELECT asker, guess, sealed FROM unclear_text WHERE on_day >= ?", (day.isoformat(),)
    ).fetchall()
    return rows


def forget(db: sqlite3.Connection, before: date) -> None:
    db.execute("DELETE FROM unclear_text WHERE on_day < ?", (before.isoformat(),))

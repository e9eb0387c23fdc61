"""The schema's history: numbered SQL files, each applied once and recorded in the same transaction."""

from __future__ import annotations

import sqlite3
import time
from importlib.resources import files

from carefund_bot.errors import StartRefused

_MIGRATION_TABLE = """
CREATE TABLE IF NOT EXISTS migration (
    number     INTEGER PRIMARY KEY,
    name       TEXT NOT NULL,
    applied_at INTEGER NOT NULL
) STRICT
"""


def known() -> dict[int, str]:
    """Number -> file name of every migration this program has."""
    names = (entry.name for entry in files(__package__).iterdir() if entry.name.endswith(".sql"))
    return {int(name.split("_", 1)[0]): name for name in sorted(names)}


def applied(connection: sqlite3.Connection) -> int:
    """The newest migration recorded in the database; 0 for an empty one."""
    exists = connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'migration'").fetchone()
    if exists is None:
        return 0
    newest: int = connection.execute("SELECT coalesce(max(number), 0) FROM migration").fetchone()[0]
    return newest


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the schema up to this program's; refuse a database that is ahead of it."""
    ours, theirs = known(), applied(connection)
    newest = max(ours)
    if theirs > newest:
        raise StartRefused(
            f"The database has schema version {theirs}, this program knows {newest}: start the newer program instead."
        )
    connection.execute(_MIGRATION_TABLE)
    for number in sorted(number for number in ours if number > theirs):
        _apply(connection, number, ours[number])


def _apply(connection: sqlite3.Connection, number: int, name: str) -> None:
    script = files(__package__).joinpath(name).read_text(encoding="utf-8")
    record = f"INSERT INTO migration VALUES ({number}, '{name}', {int(time.time())});"  # noqa: S608 - our own file's name
    try:
        connection.executescript(f"BEGIN IMMEDIATE;\n{script}\n{record}\nCOMMIT;")
    except sqlite3.Error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise

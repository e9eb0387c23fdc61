"""Updates waiting to be handled, and the ids of those that were."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable


def add(db: sqlite3.Connection, update_id: int, user_id: int | None, sealed: bytes, at: int) -> bool:
    """Write an update down; false if it has been here before."""
    added = db.execute(
        """
        INSERT INTO inbox (update_id, user_id, state, sealed, received_at, changed_at)
        VALUES (?, ?, 'waiting', ?, ?, ?)
        ON CONFLICT DO NOTHING
        """,
        (update_id, user_id, sealed, at, at),
    )
    return added.rowcount == 1


def waiting(db: sqlite3.Connection) -> list[tuple[int, int | None, bytes]]:
    """(update_id, user_id, sealed) of everything not handled yet, in the order it came."""
    return db.execute(
        "SELECT update_id, user_id, sealed FROM inbox WHERE state = 'waiting' ORDER BY update_id"
    ).fetchall()


def close(db: sqlite3.Connection, update_ids: Iterable[int], state: str, at: int, trace: str | None = None) -> None:
    """Take updates out of the queue as `handled`, `dismissed` or `set_aside`; their words go."""
    db.executemany(
        """
        UPDATE inbox SET state = ?, sealed = x'', trace = ?, changed_at = ?
         WHERE update_id = ? AND state = 'waiting'
        """,
        [(state, trace, at, update_id) for update_id in update_ids],
    )


def count_start(db: sqlite3.Connection) -> None:
    """Note that a process has started and found these first in their queues: one of them may have ended the last."""
    db.execute(
        """
        UPDATE inbox SET starts = starts + 1
         WHERE update_id IN (SELECT min(update_id) FROM inbox WHERE state = 'waiting' GROUP BY coalesce(user_id, 0))
        """
    )


def set_aside_deadly(db: sqlite3.Connection, limit: int, at: int) -> int:
    """Set aside what stood first at `limit` starts or more; how many that were."""
    closed = db.execute(
        """
        UPDATE inbox
           SET state = 'set_aside', sealed = x'', trace = 'the process ended while handling it', changed_at = ?
         WHERE state = 'waiting' AND starts >= ?
        """,
        (at, limit),
    )
    return closed.rowcount


def forget(db: sqlite3.Connection, before: int, limit: int) -> int:
    """Forget up to `limit` update ids that were done with before an instant; how many that were."""
    forgotten = db.execute(
        """
        DELETE FROM inbox WHERE update_id IN (
            SELECT update_id FROM inbox WHERE state IN ('handled', 'dismissed') AND changed_at < ? LIMIT ?
        )
        """,
        (before, limit),
    )
    return forgotten.rowcount


def backlog(db: sqlite3.Connection) -> tuple[int, int | None]:
    """How many updates wait, and since when the oldest does."""
    row: tuple[int, int | None] = db.execute(
        "SELECT count(*), min(received_at) FROM inbox WHERE state = 'waiting'"
    ).fetchone()
    return row

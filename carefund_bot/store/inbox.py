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


def waiting(db: sqlite3.Connection) -> list[tuple[int, int | None, int]]:
    """(update_id, user_id, starts) of everything not handled yet, in the order it came."""
    return db.execute(
        "SELECT update_id, user_id, starts FROM inbox WHERE state = 'waiting' ORDER BY update_id"
    ).fetchall()


def sealed_of(db: sqlite3.Connection, update_id: int) -> bytes:
    (sealed,) = db.execute("SELECT sealed FROM inbox WHERE update_id = ?", (update_id,)).fetchone()
    return bytes(sealed)


def close(db: sqlite3.Connection, update_ids: Iterable[int], state: str, at: int, trace: str | None = None) -> None:
    """Take updates out of the queue as `handled`, `dismissed` or `set_aside`; their words go."""
    db.executemany(
        """
        UPDATE inbox SET state = ?, sealed = x'', trace = ?, changed_at = ?
         WHERE update_id = ? AND state = 'waiting'
        """,
        [(state, trace, at, update_id) for update_id in update_ids],
    )


def standing_first(db: sqlite3.Connection, starts: int) -> list[tuple[int, int | None]]:
    """(update_id, user_id) of what `starts` processes or more have ended on."""
    return db.execute(
        "SELECT update_id, user_id FROM inbox WHERE state = 'waiting' AND starts >= ?", (starts,)
    ).fetchall()


def count_start(db: sqlite3.Connection, at_most: int) -> None:
    """Note that a process has started and found these first in their queues: one of them may have ended the last."""
    db.execute(
        """
        UPDATE inbox SET starts = starts + 1
         WHERE starts < ?
           AND update_id IN (SELECT min(update_id) FROM inbox WHERE state = 'waiting' GROUP BY coalesce(user_id, 0))
        """,
        (at_most,),
    )


def count_alone(db: sqlite3.Connection, update_id: int) -> None:
    """Note that an update is about to be handled apart from other suspects."""
    db.execute("UPDATE inbox SET starts = starts + 1 WHERE update_id = ?", (update_id,))


def clear_of_suspicion(db: sqlite3.Connection, update_id: int | None = None) -> None:
    """What waits did not end a process: one update, or all of them."""
    db.execute(
        "UPDATE inbox SET starts = 0 WHERE state = 'waiting' AND starts > 0 AND update_id = coalesce(?, update_id)",
        (update_id,),
    )


def forget(db: sqlite3.Connection, before: int, kept_anyway: int, limit: int) -> int:
    """Forget up to `limit` update ids done with before an instant, but not the newest ones; how many that were."""
    forgotten = db.execute(
        """
        DELETE FROM inbox WHERE update_id IN (
            SELECT update_id FROM inbox
             WHERE state IN ('handled', 'dismissed') AND changed_at < ?
               AND changed_at < (SELECT changed_at FROM inbox WHERE state IN ('handled', 'dismissed')
                                  ORDER BY changed_at DESC LIMIT 1 OFFSET ?)
             LIMIT ?
        )
        """,
        (before, kept_anyway, limit),
    )
    return forgotten.rowcount


def backlog(db: sqlite3.Connection) -> tuple[int, int | None]:
    """How many updates wait, and since when the oldest does."""
    row: tuple[int, int | None] = db.execute(
        "SELECT count(*), min(received_at) FROM inbox WHERE state = 'waiting'"
    ).fetchone()
    return row

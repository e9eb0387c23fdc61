"""Messages that facts cause, one row each, until they are sent or known not to be."""

from __future__ import annotations

import sqlite3


def queue(
    db: sqlite3.Connection,
    reference: str,
    user_id: int,
    kind: str,
    facts: bytes,
    at: int,
    notice_id: int | None = None,
) -> None:
    """Queue one message; the same reference again queues nothing."""
    db.execute(
        """
        INSERT INTO outbox (reference, user_id, kind, notice_id, facts, queued_at, changed_at)
        VALUES (?,?,?,?,?,?,?)
        ON CONFLICT (reference) DO NOTHING
        """,
        (reference, user_id, kind, notice_id, facts, at, at),
    )

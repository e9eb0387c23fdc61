"""Messages that facts cause, one row each, until they are sent or known not to be."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Due:
    """A row to be sent now, what to know of its reader, and a notice's words (else it has sealed facts)."""

    id: int
    user_id: int
    kind: str
    sealed: bytes
    language: str | None
    reachability: str | None
    text_zh: str | None
    text_en: str | None
    fund: str | None


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


def claim(db: sqlite3.Connection, limit: int, at: int) -> list[Due]:
    """Mark up to `limit` pending rows as on their way; what a fact caused goes before what goes to many."""
    claimed = db.execute(
        """
        UPDATE outbox SET state = 'sending', changed_at = ?
         WHERE id IN (
            SELECT id FROM outbox
             WHERE state IN ('pending', 'sending') AND state = 'pending' -- the first half names the partial index
             ORDER BY notice_id IS NOT NULL, id
             LIMIT ?
         )
        RETURNING id
        """,
        (at, limit),
    ).fetchall()
    return [_due(db, row_id) for (row_id,) in sorted(claimed)]


def _due(db: sqlite3.Connection, row_id: int) -> Due:
    row = db.execute(
        """
        SELECT outbox.id, outbox.user_id, kind, facts, account.language, account.reachability, text_zh, text_en, fund
          FROM outbox
          LEFT JOIN account ON account.user_id = outbox.user_id
          LEFT JOIN notice ON notice.id = outbox.notice_id
         WHERE outbox.id = ?
        """,
        (row_id,),
    ).fetchone()
    return Due(*row)


def settle(
    db: sqlite3.Connection, row_id: int, state: str, reason: str | None, message_id: int | None, at: int
) -> None:
    """Write down how a row on its way ended. Its facts go, unless it is uncertain and may have to be said again."""
    db.execute(
        """
        UPDATE outbox
           SET state = :state, reason = :reason, message_id = :message_id, changed_at = :at,
               facts = iif(:state = 'uncertain', facts, x'')
         WHERE id = :id AND state = 'sending'
        """,
        {"id": row_id, "state": state, "reason": reason, "message_id": message_id, "at": at},
    )


def put_back(db: sqlite3.Connection, row_id: int, at: int) -> None:
    """A row that certainly did not go waits again."""
    db.execute("UPDATE outbox SET state = 'pending', changed_at = ? WHERE id = ? AND state = 'sending'", (at, row_id))


def doubt_unfinished(db: sqlite3.Connection, at: int) -> int:
    """Rows that were on their way when a process ended: nobody knows whether they went. How many there were."""
    doubted = db.execute(
        "UPDATE outbox SET state = 'uncertain', reason = 'interrupted', changed_at = ? WHERE state = 'sending'", (at,)
    )
    return doubted.rowcount


def backlog(db: sqlite3.Connection) -> tuple[int, int | None]:
    """How many messages wait to be sent, and since when the oldest does."""
    row: tuple[int, int | None] = db.execute(
        "SELECT count(*), min(queued_at) FROM outbox WHERE state IN ('pending', 'sending')"
    ).fetchone()
    return row


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A message that somebody has read: what it was, and which notice if it was one."""

    reference: str
    kind: str
    notice_id: int | None


def find_sent(db: sqlite3.Connection, user_id: int, message_id: int) -> SentMessage | None:
    """The message that stands in somebody's chat under this id, if a fact or a notice caused it."""
    row = db.execute(
        "SELECT reference, kind, notice_id FROM outbox WHERE user_id = ? AND message_id = ?", (user_id, message_id)
    ).fetchone()
    return row and SentMessage(*row)

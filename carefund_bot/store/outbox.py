"""Messages that facts cause, one row each, until they are sent or known not to be."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Due:
    """A row that may go now, what to know of its reader, and a notice's words (else it has sealed facts).

    `message_id` only of a message that is to be taken back.
    """

    id: int
    user_id: int
    kind: str
    sealed: bytes
    language: str | None
    reachability: str | None
    text_zh: str | None
    text_en: str | None
    fund: str | None
    attachment: str | None
    message_id: int | None


ALONE, OF_A_BATCH, OF_A_NOTICE = 0, 1, 2
"""Lanes: what one fact caused for one person, one of a batch's letters, one of a notice's copies."""

_NEWEST_STEP = (
    "(SELECT step FROM notice_event WHERE notice_event.notice_id = outbox.notice_id ORDER BY id DESC LIMIT 1)"
)


def queue(
    db: sqlite3.Connection,
    reference: str,
    user_id: int,
    kind: str,
    facts: bytes,
    at: int,
    about: tuple[str, int] | None = None,
) -> None:
    """Queue one message; the same reference again queues nothing.

    What is `about` somebody (subject, id) goes only while the chat is theirs.
    """
    db.execute(
        """
        INSERT INTO outbox (reference, user_id, kind, subject, subject_id, lane, facts, queued_at, changed_at)
        VALUES (?,?,?,?,?,?,?,?,?)
        ON CONFLICT (reference) DO NOTHING
        """,
        (reference, user_id, kind, *(about or (None, None)), ALONE, facts, at, at),
    )


def due(db: sqlite3.Connection, limit: int, busy: Iterable[int]) -> list[Due]:
    """What may go now, first things first: single letters, what is to be taken back, batches, notices that flow.

    Up to `limit` rows, none of them to a `busy` reader. Nothing is marked: see `mark_leaving`.
    """
    rows = db.execute(
        """
        WITH busy AS (
            SELECT value FROM json_each(:busy)
        ), alone AS (
            SELECT id FROM outbox
             WHERE state IN ('pending', 'sending') AND state = 'pending' -- the first half names the partial index
               AND lane = 0 AND user_id NOT IN busy
             ORDER BY id LIMIT :limit
        ), unwanted AS (
            SELECT id FROM outbox
             WHERE recall IN ('wanted', 'underway') AND recall = 'wanted' AND user_id NOT IN busy
             ORDER BY id LIMIT :limit
        ), of_batches AS (
            SELECT id FROM outbox
             WHERE state IN ('pending', 'sending') AND state = 'pending' AND lane = 1 AND user_id NOT IN busy
             ORDER BY id LIMIT :limit
        ), of_notices AS (
            SELECT outbox.id
              FROM notice_flow
             CROSS JOIN outbox ON outbox.notice_id = notice_flow.notice_id AND outbox.state = 'pending'
             WHERE outbox.user_id NOT IN busy
             ORDER BY notice_flow.notice_id, outbox.id LIMIT :limit
        )
        SELECT outbox.id, outbox.user_id, kind, facts, account.language, account.reachability, text_zh, text_en, fund,
               attachment, iif(recall = 'wanted', message_id, NULL)
          FROM (SELECT id, 0 AS place FROM alone UNION ALL SELECT id, 1 FROM unwanted
                UNION ALL SELECT id, 2 FROM of_batches UNION ALL SELECT id, 3 FROM of_notices
                 ORDER BY place, id LIMIT :limit) AS next
          JOIN outbox ON outbox.id = next.id
          LEFT JOIN account ON account.user_id = outbox.user_id
          LEFT JOIN notice ON notice.id = outbox.notice_id
         ORDER BY place, outbox.id
        """,
        {"limit": limit, "busy": json.dumps(list(busy))},
    )
    return [Due(*row) for row in rows]


def forget_dry_notices(db: sqlite3.Connection) -> None:
    """A notice with nothing left to send need not be looked through again."""
    db.execute(
        """
        DELETE FROM notice_flow
         WHERE NOT EXISTS (SELECT 1 FROM outbox
                            WHERE outbox.notice_id = notice_flow.notice_id AND state IN ('pending', 'sending'))
        """
    )


def mark_leaving(db: sqlite3.Connection, row_id: int, at: int) -> bool:
    """Mark a row as on its way; false if it shall not go: decided otherwise, paused, or its reader is not reachable."""
    marked = db.execute(
        """
        UPDATE outbox
           SET state = 'sending', changed_at = :at
         WHERE id = :id AND state = 'pending'
           AND (notice_id IS NULL
                OR EXISTS (SELECT 1 FROM notice_flow WHERE notice_flow.notice_id = outbox.notice_id))
           AND EXISTS (SELECT 1 FROM account
                        WHERE account.user_id = outbox.user_id AND reachability = 'reachable') -- IN would look at all
        """,
        {"id": row_id, "at": at},
    )
    return marked.rowcount == 1


def mark_taking_back(db: sqlite3.Connection, row_id: int) -> bool:
    """The same of a message that shall be taken back."""
    marked = db.execute("UPDATE outbox SET recall = 'underway' WHERE id = ? AND recall = 'wanted'", (row_id,))
    return marked.rowcount == 1


def settle(
    db: sqlite3.Connection, row_id: int, state: str, reason: str | None, message_id: int | None, at: int
) -> None:
    """Write down how a row ended. Its facts go, unless it is uncertain and may have to be said again.

    A copy that arrived while its notice was taken back goes back too.
    """
    db.execute(
        f"""
        UPDATE outbox
           SET state = :state, reason = :reason, message_id = :message_id, changed_at = :at,
               facts = iif(:state = 'uncertain', facts, x''),
               recall = iif(:state = 'sent' AND {_NEWEST_STEP} = 'recalled', 'wanted', recall)
         WHERE id = :id AND state IN ('pending', 'sending')
        """,  # noqa: S608 - our own words
        {"id": row_id, "state": state, "reason": reason, "message_id": message_id, "at": at},
    )


def put_back(db: sqlite3.Connection, row_id: int, at: int) -> None:
    """A row that certainly did not go waits again, unless its notice was cancelled meanwhile."""
    db.execute(
        f"""
        UPDATE outbox
           SET state = iif({_NEWEST_STEP} IN ('cancelled', 'recalled'), 'cancelled', 'pending'), changed_at = ?
         WHERE id = ? AND state = 'sending'
        """,  # noqa: S608 - our own words
        (at, row_id),
    )


def settle_recall(db: sqlite3.Connection, row_id: int, recall: str, reason: str | None = None) -> None:
    """Write down whether a message was taken back: `done`, `failed` and why, or `wanted` to try again."""
    db.execute(
        "UPDATE outbox SET recall = ?, recall_reason = ? WHERE id = ? AND recall = 'underway'", (recall, reason, row_id)
    )


def doubt_unfinished(db: sqlite3.Connection, at: int) -> int:
    """Rows that were on their way when a process ended: nobody knows whether they went. How many there were."""
    doubted = db.execute(
        "UPDATE outbox SET state = 'uncertain', reason = 'interrupted', changed_at = ? WHERE state = 'sending'", (at,)
    )
    db.execute("UPDATE outbox SET recall = 'wanted' WHERE recall = 'underway'")  # taking back twice does no harm
    return doubted.rowcount


def doubt_restored(db: sqlite3.Connection, at: int) -> int:
    """Single messages that wait in a copy of an older database: they may have gone since then. How many there are."""
    doubted = db.execute(
        """
        UPDATE outbox SET state = 'uncertain', reason = 'restored', changed_at = ?
         WHERE state IN ('pending', 'sending') AND notice_id IS NULL
        """,
        (at,),
    )
    return doubted.rowcount


def backlog(db: sqlite3.Connection) -> tuple[int, int | None]:
    """How many messages wait to be sent, and since when the oldest does; what was paused does not wait for us."""
    row: tuple[int, int | None] = db.execute(
        """
        SELECT count(*), min(queued_at)
          FROM outbox
         WHERE state IN ('pending', 'sending')
           AND (notice_id IS NULL OR notice_id IN (SELECT notice_id FROM notice_flow))
        """
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


@dataclass(frozen=True, slots=True)
class Doubt:
    """A single message of which nobody knows whether it arrived."""

    id: int
    kind: str
    queued_at: int


def doubts(db: sqlite3.Connection, limit: int) -> list[Doubt]:
    """Those nobody has decided on yet, oldest first; those of a restored copy are decided on together."""
    rows = db.execute(
        """
        SELECT id, kind, queued_at FROM outbox
         WHERE state = 'uncertain' AND notice_id IS NULL AND coalesce(reason, '') NOT IN ('left', 'restored')
         ORDER BY id LIMIT ?
        """,
        (limit,),
    )
    return [Doubt(*row) for row in rows]


def end_doubt(db: sqlite3.Connection, row_id: int, at: int, *, again: bool) -> bool:
    """Queue an uncertain single message again, or leave it and forget its facts; false if it is not in doubt."""
    ended = db.execute(
        """
        UPDATE outbox
           SET state = iif(:again, 'pending', state), reason = iif(:again, NULL, 'left'),
               facts = iif(:again, facts, x''), changed_at = :at
         WHERE id = :id AND state = 'uncertain' AND notice_id IS NULL AND reason IS NOT 'left'
        """,
        {"id": row_id, "again": again, "at": at},
    )
    return ended.rowcount == 1


def count_restored(db: sqlite3.Connection) -> int:
    """Single messages that waited in a copy of an older database, not decided on yet."""
    found: tuple[int] = db.execute(
        "SELECT count(*) FROM outbox WHERE state = 'uncertain' AND notice_id IS NULL AND reason = 'restored'"
    ).fetchone()
    return found[0]


def end_restored(db: sqlite3.Connection, at: int, *, again: bool) -> int:
    """Queue them again, or leave them and forget their facts; how many."""
    ended = db.execute(
        """
        UPDATE outbox
           SET state = iif(:again, 'pending', state), reason = iif(:again, NULL, 'left'),
               facts = iif(:again, facts, x''), changed_at = :at
         WHERE state = 'uncertain' AND notice_id IS NULL AND reason = 'restored'
        """,
        {"again": again, "at": at},
    )
    return ended.rowcount

"""The notices that somebody who is linked may look up: those for them of the last weeks that nobody has stopped."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from carefund_bot.domain.notices import RECALL_WITHIN_S
from carefund_bot.store import notices
from carefund_bot.store.notices import Notice

_LATEST = 2**63 - 1
"""More than any row's id."""


@dataclass(frozen=True, slots=True)
class Posted:
    """A notice that runs or has run, the step that began it, and whom of the account's people it is for."""

    notice: Notice
    event_id: int
    started_at: int
    people: tuple[tuple[str, int], ...]


def posted_for(db: sqlite3.Connection, user_id: int, since: int, at: int, before_event: int | None) -> Iterator[Posted]:
    """What an account is in the audience of now and wants to read, newest first: all, or what began before a step."""
    started = db.execute(
        """
        SELECT started.id, started.at, notice.id
          FROM notice_event AS started
          JOIN notice ON notice.id = started.notice_id
         WHERE started.step = 'started' AND started.at >= :since AND started.id < :before
           AND (SELECT step FROM notice_event WHERE notice_id = notice.id ORDER BY id DESC LIMIT 1)
               IN ('started', 'resumed')
           AND NOT EXISTS (SELECT 1 FROM topic_off WHERE user_id = :user_id AND topic = notice.topic)
         ORDER BY started.id DESC
        """,
        {"user_id": user_id, "since": since, "before": _LATEST if before_event is None else before_event},
    ).fetchall()
    for event_id, started_at, notice_id in started:
        notice = notices.find(db, notice_id)
        assert notice is not None, "its row is never deleted"
        people = notices.meant_for(db, user_id, notice.audience, at)
        if people:
            yield Posted(notice, event_id, started_at, tuple(people))


def has_come(db: sqlite3.Connection, user_id: int, posted: Posted) -> bool:
    """Whether a notice has reached an account, is on its way there, or was read by all of its people it is for."""
    reference = f"notice:{posted.notice.id}:{user_id}"
    copy = db.execute(
        "SELECT 1 FROM outbox WHERE reference = ? AND state IN ('pending', 'sending', 'sent')", (reference,)
    ).fetchone()
    return copy is not None or all(_has_read(db, posted.notice.id, *person) for person in posted.people)


def _has_read(db: sqlite3.Connection, notice_id: int, subject: str, subject_id: int) -> bool:
    found = db.execute(
        "SELECT 1 FROM notice_reading WHERE subject = ? AND subject_id = ? AND notice_id = ?",
        (subject, subject_id, notice_id),
    ).fetchone()
    return found is not None


def add_reading(db: sqlite3.Connection, posted: Posted, message_id: int, at: int) -> None:
    """The notice was shown under this message to the people whom it is for."""
    db.executemany(
        "INSERT INTO notice_reading (notice_id, subject, subject_id, message_id, at) VALUES (?,?,?,?,?)",
        [(posted.notice.id, subject, subject_id, message_id, at) for subject, subject_id in posted.people],
    )


def notice_shown_as(db: sqlite3.Connection, user_id: int, message_id: int) -> int | None:
    """The notice that stands in an account's chat under this message, if it was looked up there."""
    row: tuple[int] | None = db.execute(
        """
        SELECT reading.notice_id
          FROM link
          JOIN notice_reading AS reading ON reading.subject = link.subject AND reading.subject_id = link.subject_id
         WHERE link.user_id = ? AND reading.message_id = ? AND reading.at >= link.linked_at
        """,
        (user_id, message_id),
    ).fetchone()
    return row[0] if row else None


_SHOWN = """
    SELECT DISTINCT link.user_id, reading.message_id
      FROM notice_reading AS reading
      JOIN link ON link.subject = reading.subject AND link.subject_id = reading.subject_id
     WHERE reading.notice_id = :notice_id AND reading.at > :since AND reading.at >= link.linked_at
"""
"""Where a notice was looked up and can still be taken away."""


def count_shown(db: sqlite3.Connection, notice_id: int, at: int) -> int:
    """How many messages show a notice to those who looked it up in the last 48 hours."""
    row: tuple[int] = db.execute(
        f"SELECT count(*) FROM ({_SHOWN})",  # noqa: S608 - a constant of this file
        {"notice_id": notice_id, "since": at - RECALL_WITHIN_S},
    ).fetchone()
    return row[0]


def want_shown_back(db: sqlite3.Connection, notice_id: int, at: int) -> int:
    """Ask for those messages too, as for the copies that were sent; how many."""
    wanted = db.execute(
        f"""
        INSERT INTO outbox (reference, user_id, kind, notice_id, lane, facts, state, recall, message_id,
                            queued_at, changed_at)
        SELECT 'shown:' || :notice_id || ':' || user_id || ':' || message_id, user_id, 'notice', :notice_id, 2, x'',
               'sent', 'wanted', message_id, :at, :at
          FROM ({_SHOWN})
        """,  # noqa: S608 - a constant of this file
        {"notice_id": notice_id, "since": at - RECALL_WITHIN_S, "at": at},
    )
    return wanted.rowcount

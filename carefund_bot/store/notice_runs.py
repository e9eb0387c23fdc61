"""The steps of a notice, its cards, and what was decided of copies that did not certainly arrive."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from carefund_bot.domain.notices import RECALL_WITHIN_S, Step
from carefund_bot.store.notices import GOES_AT


@dataclass(frozen=True, slots=True)
class Event:
    """The newest step of a notice."""

    id: int
    step: Step
    at: int


@dataclass(frozen=True, slots=True)
class Card:
    """A message in an editor's chat that follows a notice."""

    chat_id: int
    message_id: int
    notice_id: int


def add_step(
    db: sqlite3.Connection,
    request_id: str,
    notice_id: int,
    step: Step,
    staff_id: int | None,
    at: int,
    digest: bytes | None = None,
    due_at: int | None = None,
) -> None:
    """Write a step down; triggers refuse one that does not follow, and a start that needs a second person."""
    db.execute(
        "INSERT INTO notice_event (request_id, notice_id, step, staff_id, digest, due_at, at) VALUES (?,?,?,?,?,?,?)",
        (request_id, notice_id, step, staff_id, digest, due_at, at),
    )


def newest_step(db: sqlite3.Connection, notice_id: int) -> Event:
    event_id, step, at = db.execute(
        "SELECT id, step, at FROM notice_event WHERE notice_id = ? ORDER BY id DESC LIMIT 1", (notice_id,)
    ).fetchone()
    return Event(event_id, Step(step), at)


def notice_of_request(db: sqlite3.Connection, request_id: str) -> int | None:
    """The notice that a step or decision with this one-use id was about."""
    row: tuple[int] | None = db.execute(
        """
        SELECT notice_id FROM notice_event WHERE request_id = :request_id
         UNION ALL
        SELECT notice_id FROM delivery_decision WHERE request_id = :request_id AND notice_id IS NOT NULL
        """,
        {"request_id": request_id},
    ).fetchone()
    return row[0] if row else None


def is_confirmed(db: sqlite3.Connection, notice_id: int) -> bool:
    found = db.execute("SELECT 1 FROM notice_event WHERE notice_id = ? AND step = 'confirmed'", (notice_id,)).fetchone()
    return found is not None


def started_at(db: sqlite3.Connection, notice_id: int) -> int | None:
    row: tuple[int] | None = db.execute(
        "SELECT at FROM notice_event WHERE notice_id = ? AND step = 'started'", (notice_id,)
    ).fetchone()
    return row[0] if row else None


def due_notices(db: sqlite3.Connection, at: int) -> list[int]:
    """Scheduled notices whose time has come."""
    rows = db.execute(
        f"""
        SELECT notice.id
          FROM notice
          JOIN notice_event AS newest
            ON newest.id = (SELECT max(id) FROM notice_event WHERE notice_event.notice_id = notice.id)
         WHERE notice.due_at IS NOT NULL AND newest.step = 'scheduled' AND {GOES_AT} <= ?
         ORDER BY notice.id
        """,  # noqa: S608 - a constant of notices.py
        (at,),
    )
    return [notice_id for (notice_id,) in rows]


def stale_notices(db: sqlite3.Connection, before: int) -> list[int]:
    """Notices in their middle of which nothing has moved since then."""
    rows = db.execute(
        """
        SELECT notice_id
          FROM notice_flow
         WHERE EXISTS (SELECT 1 FROM outbox WHERE outbox.notice_id = notice_flow.notice_id AND state = 'pending')
           AND (SELECT max(changed_at) FROM outbox WHERE outbox.notice_id = notice_flow.notice_id) < :before
           AND (SELECT max(at) FROM notice_event WHERE notice_event.notice_id = notice_flow.notice_id) < :before
        """,
        {"before": before},
    )
    return [notice_id for (notice_id,) in rows]


def cancel_waiting(db: sqlite3.Connection, notice_id: int, at: int) -> int:
    """What has not gone yet never will; how many copies."""
    cancelled = db.execute(
        "UPDATE outbox SET state = 'cancelled', changed_at = ? WHERE notice_id = ? AND state = 'pending'",
        (at, notice_id),
    )
    return cancelled.rowcount


def count_recallable(db: sqlite3.Connection, notice_id: int, at: int) -> int:
    """Copies that went less than 48 hours ago and stand on their readers' phones."""
    row: tuple[int] = db.execute(
        """
        SELECT count(*) FROM outbox
         WHERE notice_id = ? AND state = 'sent' AND changed_at > ? AND recall IS NULL AND message_id IS NOT NULL
        """,
        (notice_id, at - RECALL_WITHIN_S),
    ).fetchone()
    return row[0]


def want_back(db: sqlite3.Connection, notice_id: int, at: int) -> int:
    """Ask for every copy that can still be taken back; how many."""
    wanted = db.execute(
        """
        UPDATE outbox SET recall = 'wanted'
         WHERE notice_id = ? AND state = 'sent' AND changed_at > ? AND recall IS NULL AND message_id IS NOT NULL
        """,
        (notice_id, at - RECALL_WITHIN_S),
    )
    return wanted.rowcount


def count_recalls(db: sqlite3.Connection, notice_id: int) -> dict[str, int]:
    """How many copies are `wanted` back, `underway`, `done` or `failed`."""
    rows = db.execute(
        "SELECT recall, count(*) FROM outbox WHERE notice_id = ? AND recall IS NOT NULL GROUP BY recall", (notice_id,)
    )
    return dict(rows.fetchall())


def count_still_there(db: sqlite3.Connection, notice_id: int) -> dict[str, int]:
    """How many copies could not be taken back, by why: `too_old`, `blocked`, `chat_gone` or `refused`."""
    rows = db.execute(
        """
        SELECT coalesce(recall_reason, 'refused'), count(*)
          FROM outbox WHERE notice_id = ? AND recall = 'failed' GROUP BY 1
        """,
        (notice_id,),
    )
    return dict(rows.fetchall())


def send_again(db: sqlite3.Connection, notice_id: int, state: str, at: int) -> int:
    """Copies that ended in a state wait again, if their reader can be written to now; how many."""
    again = db.execute(
        """
        UPDATE outbox SET state = 'pending', reason = NULL, changed_at = :at
         WHERE notice_id = :notice_id AND state = :state AND reason IS NOT 'left'
           AND user_id IN (SELECT user_id FROM account WHERE reachability = 'reachable')
        """,
        {"notice_id": notice_id, "state": state, "at": at},
    )
    if again.rowcount:
        db.execute("INSERT INTO notice_flow VALUES (?) ON CONFLICT DO NOTHING", (notice_id,))
    return again.rowcount


def leave_in_doubt(db: sqlite3.Connection, notice_id: int, at: int) -> int:
    """Uncertain copies stay as they are, by decision; how many."""
    left = db.execute(
        """
        UPDATE outbox SET reason = 'left', changed_at = ?
         WHERE notice_id = ? AND state = 'uncertain' AND reason IS NOT 'left'
        """,
        (at, notice_id),
    )
    return left.rowcount


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """`again` or `left`: of a notice's copies in a state, or of one single message."""

    request_id: str
    state: str
    decision: str
    copies: int
    notice_id: int | None = None
    outbox_id: int | None = None


def add_decision(db: sqlite3.Connection, made: Decision, staff_id: int | None, at: int) -> None:
    db.execute(
        """
        INSERT INTO delivery_decision (request_id, notice_id, outbox_id, state, decision, copies, staff_id, at)
        VALUES (?,?,?,?,?,?,?,?)
        """,
        (made.request_id, made.notice_id, made.outbox_id, made.state, made.decision, made.copies, staff_id, at),
    )


def add_decision_on_restored(
    db: sqlite3.Connection, request_id: str, decision: str, staff_id: int | None, at: int
) -> None:
    """One decision for each single message of a restored copy that nobody has decided on."""
    db.execute(
        """
        INSERT INTO delivery_decision (request_id, outbox_id, state, decision, copies, staff_id, at)
        SELECT ? || ':' || id, id, state, ?, 1, ?, ?
          FROM outbox WHERE state = 'uncertain' AND notice_id IS NULL AND reason = 'restored'
        """,
        (request_id, decision, staff_id, at),
    )


def keep_card(db: sqlite3.Connection, card: Card) -> None:
    db.execute(
        """
        INSERT INTO notice_card VALUES (?,?,?)
        ON CONFLICT (chat_id, message_id) DO UPDATE SET notice_id = excluded.notice_id
        """,
        (card.chat_id, card.message_id, card.notice_id),
    )


def drop_card(db: sqlite3.Connection, card: Card) -> None:
    db.execute("DELETE FROM notice_card WHERE chat_id = ? AND message_id = ?", (card.chat_id, card.message_id))


def cards(db: sqlite3.Connection) -> list[Card]:
    rows = db.execute("SELECT chat_id, message_id, notice_id FROM notice_card")
    return [Card(*row) for row in rows]

"""Whom to tell of a line, and the letters of a whole batch."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reader:
    """A chat bound to a payee. `number` only where the chat holds several households."""

    user_id: int
    beneficiary_id: int
    number: str | None
    amount_fen: int
    sealed: bytes
    corrected: bytes | None


@dataclass(frozen=True, slots=True)
class Letter:
    """A payee's message, its facts sealed."""

    user_id: int
    beneficiary_id: int
    sealed: bytes


_READER = """
    SELECT link.user_id, line.beneficiary_id,
           CASE WHEN (SELECT count(*) FROM link AS other
                       WHERE other.user_id = link.user_id AND other.subject = 'beneficiary') > 1
                THEN beneficiary.number END,
           line.amount_fen, line.sealed,
           (SELECT sealed FROM payment_event WHERE line_id = line.id AND state = 'corrected' ORDER BY id DESC LIMIT 1)
      FROM payment_line AS line
      JOIN link ON link.subject = 'beneficiary' AND link.subject_id = line.beneficiary_id
      JOIN beneficiary ON beneficiary.id = line.beneficiary_id
"""


def page_of_readers(db: sqlite3.Connection, batch_id: int, after: int, limit: int) -> list[Reader]:
    """Bound payees of a batch whose line goes with it, that is, has no event of its own; ids above `after`."""
    rows = db.execute(
        f"""
        {_READER}
         WHERE line.batch_id = ? AND line.beneficiary_id > ?
           AND NOT EXISTS (SELECT 1 FROM payment_event WHERE line_id = line.id)
         ORDER BY line.beneficiary_id
         LIMIT ?
        """,  # noqa: S608 - our own text
        (batch_id, after, limit),
    )
    return [Reader(*row) for row in rows]


def reader_of_line(db: sqlite3.Connection, line_id: int) -> Reader | None:
    row = db.execute(f"{_READER} WHERE line.id = ?", (line_id,)).fetchone()
    return row and Reader(*row)


def queue_letters(
    db: sqlite3.Connection, batch_id: int, request_id: str, kind: str, letters: Iterable[Letter], at: int
) -> None:
    """Queue a batch's letters, behind what concerns one person alone.

    None goes to a chat that has let go, or of a line that has gone its own way.
    """
    db.executemany(
        """
        INSERT INTO outbox (reference, user_id, kind, subject, subject_id, lane, facts, queued_at, changed_at)
        SELECT :reference, :user_id, :kind, 'beneficiary', :beneficiary_id, 1, :facts, :at, :at
         WHERE EXISTS (SELECT 1 FROM link
                        WHERE user_id = :user_id AND subject = 'beneficiary' AND subject_id = :beneficiary_id)
           AND NOT EXISTS (SELECT 1
                             FROM payment_line AS line
                             JOIN payment_event AS event ON event.line_id = line.id
                            WHERE line.batch_id = :batch_id AND line.beneficiary_id = :beneficiary_id)
        """,
        (
            {
                "reference": f"payout:{request_id}:{letter.beneficiary_id}",
                "user_id": letter.user_id,
                "kind": kind,
                "facts": letter.sealed,
                "at": at,
                "beneficiary_id": letter.beneficiary_id,
                "batch_id": batch_id,
            }
            for letter in letters
        ),
    )

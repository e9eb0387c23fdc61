"""Answers in their versions, and who approved which."""

from __future__ import annotations

import json
import sqlite3
from datetime import date
from typing import Any

from carefund_bot.domain.faq import FaqEntry, FaqRole, NewEntry, QuestionAnswer, Topic

_VERSION = """
    SELECT version.entry_id, version.id, topic, role, fund, intents, question_zh, answer_zh, question_en, answer_en,
           until_on, from_on, version.staff_id
      FROM faq_version AS version
"""


def in_force(db: sqlite3.Connection, today: date) -> list[FaqEntry]:
    """Each entry's newest approved version whose first day has come, if it still holds today.

    Until then the version before goes on.
    """
    rows = db.execute(
        f"""
        {_VERSION}
         WHERE version.id = (SELECT max(other.id)
                               FROM faq_version AS other
                               JOIN faq_decision ON faq_decision.version_id = other.id AND approved
                              WHERE other.entry_id = version.entry_id
                                AND (other.from_on IS NULL OR other.from_on <= :today))
           AND (until_on IS NULL OR until_on >= :today)
         ORDER BY version.entry_id
        """,  # noqa: S608 - joined from constants of this file
        {"today": today.isoformat()},
    )
    return [_entry(row) for row in rows]


def newest(db: sqlite3.Connection) -> list[FaqEntry]:
    """Each entry's newest approved version, whichever days it holds."""
    rows = db.execute(
        f"""
        {_VERSION}
         WHERE version.id = (SELECT max(other.id)
                               FROM faq_version AS other
                               JOIN faq_decision ON faq_decision.version_id = other.id AND approved
                              WHERE other.entry_id = version.entry_id)
         ORDER BY version.entry_id
        """  # noqa: S608 - joined from constants of this file
    )
    return [_entry(row) for row in rows]


def undecided(db: sqlite3.Connection) -> list[FaqEntry]:
    """Versions that nobody has approved or turned down, oldest first."""
    undecided_too = "LEFT JOIN faq_decision ON faq_decision.version_id = version.id"
    rows = db.execute(f"{_VERSION} {undecided_too} WHERE faq_decision.version_id IS NULL ORDER BY version.id")
    return [_entry(row) for row in rows]


def find_version(db: sqlite3.Connection, version_id: int) -> FaqEntry | None:
    row = db.execute(f"{_VERSION} WHERE version.id = ?", (version_id,)).fetchone()
    return row and _entry(row)


def entry_fund(db: sqlite3.Connection, entry_id: int) -> tuple[str | None] | None:
    """The fund of an entry's newest version, in a tuple; `None` if there is no such entry."""
    row: tuple[str | None] | None = db.execute(
        "SELECT fund FROM faq_version WHERE entry_id = ? ORDER BY id DESC LIMIT 1", (entry_id,)
    ).fetchone()
    return row


def version_of_request(db: sqlite3.Connection, request_id: str) -> int | None:
    row: tuple[int] | None = db.execute("SELECT id FROM faq_version WHERE request_id = ?", (request_id,)).fetchone()
    return row[0] if row else None


def decision_of(db: sqlite3.Connection, version_id: int) -> bool | None:
    """Approved or turned down; `None` if nobody has decided."""
    row = db.execute("SELECT approved FROM faq_decision WHERE version_id = ?", (version_id,)).fetchone()
    return bool(row[0]) if row else None


def add_entry(db: sqlite3.Connection, at: int) -> int:
    (entry_id,) = db.execute("INSERT INTO faq_entry (created_at) VALUES (?) RETURNING id", (at,)).fetchone()
    return int(entry_id)


def add_version(
    db: sqlite3.Connection, request_id: str, entry_id: int, written: NewEntry, staff_id: int | None, at: int
) -> int:
    """A new version of an entry; it is not shown before somebody else has approved it."""
    en = written.en
    (version_id,) = db.execute(
        """
        INSERT INTO faq_version (request_id, entry_id, topic, role, fund, intents, question_zh, answer_zh, question_en,
                                 answer_en, until_on, from_on, staff_id, written_at)
        VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)
        RETURNING id
        """,
        (
            request_id,
            entry_id,
            written.topic,
            written.role,
            written.fund,
            json.dumps(written.intents),
            written.zh.question,
            written.zh.answer,
            en.question if en else None,
            en.answer if en else None,
            written.until_on.isoformat() if written.until_on else None,
            written.from_on.isoformat() if written.from_on else None,
            staff_id,
            at,
        ),
    ).fetchone()
    return int(version_id)


def decide(db: sqlite3.Connection, version_id: int, *, approved: bool, staff_id: int | None, at: int) -> None:
    db.execute("INSERT INTO faq_decision VALUES (?,?,?,?)", (version_id, approved, staff_id, at))


def is_empty(db: sqlite3.Connection) -> bool:
    return db.execute("SELECT 1 FROM faq_entry LIMIT 1").fetchone() is None


def load(db: sqlite3.Connection, entries: list[NewEntry], at: int) -> None:
    """The starting set as approved first versions."""
    for number, written in enumerate(entries, 1):
        entry_id = add_entry(db, at)
        version_id = add_version(db, f"starting:{number}", entry_id, written, None, at)
        decide(db, version_id, approved=True, staff_id=None, at=at)


def _entry(row: tuple[Any, ...]) -> FaqEntry:
    entry_id, version_id, topic, role, fund, intents, question, answer, question_en, answer_en, *days, staff_id = row
    until_on, from_on = (date.fromisoformat(day) if day else None for day in days)
    written = NewEntry(
        Topic(topic),
        QuestionAnswer(question, answer),
        QuestionAnswer(question_en, answer_en) if question_en else None,
        FaqRole(role) if role else None,
        fund,
        tuple(json.loads(intents)),
        until_on,
        from_on,
    )
    return FaqEntry(entry_id, version_id, written, staff_id)

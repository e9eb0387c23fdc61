"""Accounts, what they are bound to, codes, consent, staff and their rights, the record of acts."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass

from carefund_bot.access import Actor, Right, Role
from carefund_bot.domain.notices import Topic


@dataclass(frozen=True, slots=True)
class Account:
    """A chat partner: language `zh_CN` or `en`, reachability `reachable`, `blocked` or `gone`."""

    user_id: int
    language: str
    reachability: str


@dataclass(frozen=True, slots=True)
class LiveCode:
    id: int
    subject: str
    subject_id: int
    expires_at: int


def find_account(db: sqlite3.Connection, user_id: int) -> Account | None:
    row = db.execute("SELECT user_id, language, reachability FROM account WHERE user_id = ?", (user_id,)).fetchone()
    return row and Account(*row)


def add_account(db: sqlite3.Connection, user_id: int, language: str, at: int) -> None:
    db.execute(
        "INSERT INTO account (user_id, language, first_seen_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        (user_id, language, at),
    )


def set_language(db: sqlite3.Connection, user_id: int, language: str) -> None:
    db.execute("UPDATE account SET language = ? WHERE user_id = ?", (language, user_id))


def put_language_offer(db: sqlite3.Connection, user_id: int, request_id: str, at: int, *, unless_since: int) -> bool:
    """Whether the button may be shown: false if another one was since then."""
    row = db.execute(
        """
        UPDATE account SET language_offer = ?, language_offered_at = ?
         WHERE user_id = ? AND (coalesce(language_offered_at, 0) < ? OR language_offer = ?)
        """,
        (request_id, at, user_id, unless_since, request_id),
    )
    return row.rowcount == 1


def take_language_offer(db: sqlite3.Connection, user_id: int, request_id: str, language: str) -> bool:
    """Whether the button was good; it is no more."""
    row = db.execute(
        "UPDATE account SET language = ?, language_offer = NULL WHERE user_id = ? AND language_offer = ?",
        (language, user_id, request_id),
    )
    return row.rowcount == 1


def topics_off(db: sqlite3.Connection, user_id: int) -> frozenset[Topic]:
    rows = db.execute("SELECT topic FROM topic_off WHERE user_id = ?", (user_id,))
    return frozenset(Topic(topic) for (topic,) in rows)


def set_topic(db: sqlite3.Connection, user_id: int, topic: Topic, *, wanted: bool) -> None:
    if wanted:
        db.execute("DELETE FROM topic_off WHERE user_id = ? AND topic = ?", (user_id, topic))
    else:
        db.execute("INSERT INTO topic_off VALUES (?, ?) ON CONFLICT DO NOTHING", (user_id, topic))


def set_reachability(db: sqlite3.Connection, user_id: int, reachability: str) -> None:
    db.execute("UPDATE account SET reachability = ? WHERE user_id = ?", (reachability, user_id))


def actor_of(db: sqlite3.Connection, user_id: int) -> Actor:
    """Everything the account is bound to, with the staff rights in force: none before a second person's word."""
    links = db.execute(
        """
        SELECT subject, subject_id,
               subject = 'staff' AND EXISTS (SELECT 1 FROM staff_word
                                              WHERE staff_word.code_id = link.code_id AND is_theirs)
          FROM link
         WHERE user_id = ?
         ORDER BY linked_at
        """,
        (user_id,),
    ).fetchall()
    bound: dict[str, list[int]] = {"member": [], "beneficiary": [], "staff": []}
    for subject, subject_id, _ in links:
        bound[subject].append(subject_id)
    is_open = any(confirmed for *_, confirmed in links)
    mandates = db.execute("SELECT change_id FROM proxy_link WHERE user_id = ? ORDER BY change_id", (user_id,))
    staff_id = bound["staff"][0] if bound["staff"] else None
    return Actor(
        user_id=user_id,
        member_id=bound["member"][0] if bound["member"] else None,
        beneficiary_ids=tuple(bound["beneficiary"]),
        staff_id=staff_id,
        staff_rights=rights_of(db, staff_id) if staff_id is not None and is_open else (),
        proxy_ids=tuple(change_id for (change_id,) in mandates),
    )


def rights_of(db: sqlite3.Connection, staff_id: int) -> tuple[Right, ...]:
    rows = db.execute(
        """
        SELECT role, fund, area, branch_id
          FROM staff_right
         WHERE staff_id = ?
           AND NOT EXISTS (SELECT 1 FROM staff_right_end WHERE right_id = staff_right.id)
         ORDER BY id
        """,
        (staff_id,),
    )
    return tuple(Right(Role(role), fund, area, branch_id) for role, fund, area, branch_id in rows)


def add_staff(db: sqlite3.Connection, sealed: bytes, at: int) -> int:
    return _new_id(db.execute("INSERT INTO staff (sealed, created_at) VALUES (?, ?)", (sealed, at)))


def grant(db: sqlite3.Connection, staff_id: int, right: Right, granted_by: int | None, at: int) -> None:
    db.execute(
        """
        INSERT INTO staff_right (staff_id, role, fund, area, branch_id, granted_by, granted_at)
        VALUES (?,?,?,?,?,?,?)
        """,
        (staff_id, right.role, right.fund, right.area, right.branch_id, granted_by, at),
    )


def add_code(
    db: sqlite3.Connection,
    digest: bytes,
    subject: str,
    subject_id: int,
    issued_by: int | None,
    at: int,
    expires_at: int,
) -> None:
    """Issue a code; an earlier unused code for the same person is revoked."""
    db.execute(
        """
        UPDATE link_code SET revoked_at = ?
         WHERE subject = ? AND subject_id = ? AND used_at IS NULL AND revoked_at IS NULL
        """,
        (at, subject, subject_id),
    )
    db.execute(
        "INSERT INTO link_code (digest, subject, subject_id, issued_by, issued_at, expires_at) VALUES (?,?,?,?,?,?)",
        (digest, subject, subject_id, issued_by, at, expires_at),
    )


def holder_of_code(db: sqlite3.Connection, digest: bytes) -> int | None:
    """The row of the person whom a code was issued for, good or not."""
    row: tuple[int] | None = db.execute("SELECT subject_id FROM link_code WHERE digest = ?", (digest,)).fetchone()
    return row[0] if row else None


def find_live_code(db: sqlite3.Connection, digest: bytes, at: int) -> LiveCode | None:
    row = db.execute(
        """
        SELECT id, subject, subject_id, expires_at
          FROM link_code
         WHERE digest = ? AND used_at IS NULL AND revoked_at IS NULL AND expires_at > ?
        """,
        (digest, at),
    ).fetchone()
    return row and LiveCode(*row)


def use_code(db: sqlite3.Connection, code_id: int, at: int) -> bool:
    """Claim a code that was not revoked meanwhile; true for exactly one caller, ever."""
    claimed = db.execute(
        "UPDATE link_code SET used_at = ? WHERE id = ? AND used_at IS NULL AND revoked_at IS NULL", (at, code_id)
    )
    return claimed.rowcount == 1


def subject_bound_by(db: sqlite3.Connection, user_id: int, digest: bytes) -> str | None:
    """What this very code has already bound this account to."""
    row: tuple[str] | None = db.execute(
        """
        SELECT link.subject
          FROM link
          JOIN link_code ON link_code.id = link.code_id
         WHERE link.user_id = ? AND link_code.digest = ?
        """,
        (user_id, digest),
    ).fetchone()
    return row[0] if row else None


def count_failures(db: sqlite3.Connection, user_id: int, since: int) -> tuple[int, int, int]:
    """Wrong codes since an instant: this account's, everybody's, and the instant of this account's oldest (or 0)."""
    own, oldest = db.execute(
        "SELECT count(*), coalesce(min(at), 0) FROM link_failure WHERE user_id = ? AND at > ?", (user_id, since)
    ).fetchone()
    overall = db.execute("SELECT count(*) FROM link_failure WHERE at > ?", (since,)).fetchone()[0]
    return own, overall, oldest


def add_failure(db: sqlite3.Connection, user_id: int, at: int, forget_before: int) -> None:
    db.execute("DELETE FROM link_failure WHERE at < ?", (forget_before,))
    db.execute("INSERT INTO link_failure VALUES (?, ?)", (user_id, at))


def bind(db: sqlite3.Connection, user_id: int, subject: str, subject_id: int, code_id: int, at: int) -> int | None:
    """Bind an account to a person; returns the account that was bound to that person before, if any."""
    former = db.execute(
        "SELECT user_id FROM link WHERE subject = ? AND subject_id = ?", (subject, subject_id)
    ).fetchone()
    db.execute("DELETE FROM link WHERE subject = ? AND subject_id = ? AND user_id <> ?", (subject, subject_id, user_id))
    if subject != "beneficiary":
        db.execute(
            "DELETE FROM link WHERE user_id = ? AND subject = ? AND subject_id <> ?", (user_id, subject, subject_id)
        )
    db.execute(
        """
        INSERT INTO link VALUES (?,?,?,?,?)
        ON CONFLICT (user_id, subject, subject_id)
        DO UPDATE SET code_id = excluded.code_id, linked_at = excluded.linked_at
        """,
        (user_id, subject, subject_id, code_id, at),
    )
    return former[0] if former and former[0] != user_id else None


def links_of(db: sqlite3.Connection, user_id: int) -> list[tuple[str, int]]:
    return db.execute("SELECT subject, subject_id FROM link WHERE user_id = ?", (user_id,)).fetchall()


def account_of(db: sqlite3.Connection, subject: str, subject_id: int) -> int | None:
    """The account bound to a person, to send them something; a colleague's chat that waits is not theirs yet."""
    row: tuple[int] | None = db.execute(
        """
        SELECT user_id
          FROM link
         WHERE subject = ? AND subject_id = ?
           AND (subject <> 'staff' OR code_id IN (SELECT code_id FROM staff_word WHERE is_theirs))
        """,
        (subject, subject_id),
    ).fetchone()
    return row[0] if row else None


def forget_account(db: sqlite3.Connection, user_id: int) -> None:
    """Take away an account's bindings, conversation and the words waiting for it; facts stay."""
    db.execute("DELETE FROM link WHERE user_id = ?", (user_id,))
    db.execute("DELETE FROM conversation WHERE user_id = ?", (user_id,))
    db.execute("DELETE FROM outbox WHERE user_id = ?", (user_id,))
    db.execute("DELETE FROM case_chat WHERE user_id = ?", (user_id,))
    db.execute("DELETE FROM proxy_link WHERE user_id = ?", (user_id,))
    db.execute("DELETE FROM notice_card WHERE chat_id = ?", (user_id,))
    db.execute("DELETE FROM account WHERE user_id = ?", (user_id,))


def add_consent(
    db: sqlite3.Connection, subject: str, subject_id: int, purpose: str, text_version: str, channel: str, at: int
) -> None:
    db.execute(
        "INSERT INTO consent (subject, subject_id, purpose, text_version, channel, given_at) VALUES (?,?,?,?,?,?)",
        (subject, subject_id, purpose, text_version, channel, at),
    )


def end_consents(db: sqlite3.Connection, subject: str, subject_id: int, channel: str, at: int) -> None:
    db.execute(
        """
        INSERT INTO consent_end (consent_id, channel, ended_at)
        SELECT id, ?, ? FROM consent
         WHERE subject = ? AND subject_id = ? AND id NOT IN (SELECT consent_id FROM consent_end)
        """,
        (channel, at, subject, subject_id),
    )


def add_audit(
    db: sqlite3.Connection,
    actor: Actor,
    act: str,
    at: int,
    *,
    subject: str | None = None,
    subject_id: int | None = None,
    **facts: object,
) -> None:
    """Record who did what; `facts` must hold nothing personal."""
    db.execute(
        "INSERT INTO audit_event (at, staff_id, act, subject, subject_id, facts) VALUES (?,?,?,?,?,?)",
        (at, actor.staff_id, act, subject, subject_id, json.dumps(facts, ensure_ascii=False)),
    )


def _new_id(cursor: sqlite3.Cursor) -> int:
    if cursor.lastrowid is None:
        raise AssertionError("an INSERT without a row id")
    return cursor.lastrowid

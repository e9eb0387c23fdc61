"""Everybody on the roll whom a notice was for, each in one place: visited, reached, or to be visited.

It is the roll, and its condition, as they stood when the notice started. Whether somebody was reached is asked of the
chat bound to them now; who has read it there later, on asking for it, was reached too.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from carefund_bot.domain.notices import Audience
from carefund_bot.store.notice_conditions import beneficiary_meets, member_meets
from carefund_bot.store.notices import audience_parameters

_STATE = """
           CASE WHEN visit.id IS NOT NULL THEN 'visited'
                WHEN copy.state = 'sent' AND copy.recall IS NOT 'done' THEN 'sent'
                WHEN EXISTS (SELECT 1 FROM notice_reading AS reading
                              WHERE reading.subject = roll.subject AND reading.subject_id = roll.subject_id
                                AND reading.notice_id = :notice_id)
                     THEN iif(EXISTS (SELECT 1 FROM notice_event WHERE notice_id = :notice_id AND step = 'recalled'),
                              'recalled', 'read')
                WHEN link.user_id IS NULL THEN 'not_linked'
                WHEN copy.id IS NOT NULL THEN iif(copy.recall = 'done', 'recalled', copy.state)
                WHEN account.reachability <> 'reachable' THEN 'unreachable'
                WHEN EXISTS (SELECT 1 FROM topic_off WHERE user_id = link.user_id AND topic = :topic) THEN 'opted_out'
                ELSE 'no_copy'
           END AS state
"""

_JOINS = """
      LEFT JOIN link ON link.subject = roll.subject AND link.subject_id = roll.subject_id
      LEFT JOIN account ON account.user_id = link.user_id
      LEFT JOIN outbox AS copy ON copy.reference = 'notice:' || :notice_id || ':' || link.user_id
      LEFT JOIN notice_visit AS visit ON visit.notice_id = :notice_id
            AND visit.subject = roll.subject AND visit.subject_id = roll.subject_id
"""

_ROLL = f"""
    SELECT 'beneficiary' AS subject, beneficiary.id AS subject_id, beneficiary.number, newest.area,
           newest.town || ' ' || newest.community AS section, newest.sealed
      FROM (SELECT max(version.import_id), version.*
              FROM beneficiary_version AS version
              JOIN roll_import ON roll_import.id = version.import_id AND roll_import.state = 'applied'
                              AND roll_import.applied_at <= :started_at
             GROUP BY version.beneficiary_id) AS newest
      JOIN beneficiary ON beneficiary.id = newest.beneficiary_id
     WHERE newest.standing = 'on_roll' AND iif(beneficiary.kind = 'household', :household, :student)
       AND :branch_id IS NULL
       AND coalesce(newest.fund = :fund, :fund IS NULL) AND coalesce(newest.area = :area, :area IS NULL)
       AND {beneficiary_meets("newest.beneficiary_id")}
     UNION ALL
    SELECT 'member', member.id, member.number, branch.area, branch.committee || ' ' || branch.name, newest.sealed
      FROM (SELECT max(version.import_id), version.*
              FROM member_version AS version
              JOIN roll_import ON roll_import.id = version.import_id AND roll_import.state = 'applied'
                              AND roll_import.applied_at <= :started_at
             GROUP BY version.member_id) AS newest
      JOIN member ON member.id = newest.member_id
      JOIN party_branch AS branch ON branch.id = newest.branch_id
     WHERE newest.standing = 'on_roll' AND :member
       AND coalesce(newest.fund = :fund, :fund IS NULL) AND coalesce(branch.area = :area, :area IS NULL)
       AND coalesce(branch.id = :branch_id, :branch_id IS NULL) AND {member_meets("newest.member_id")}
"""  # noqa: S608 - joined from this house's own constants


DONE: Final = ("sent", "read", "visited")
"""Where nobody needs to go any more."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A notice that has started: to whom, on which topic, when."""

    notice_id: int
    audience: Audience
    topic: str
    started_at: int

    def parameters(self) -> dict[str, object]:
        own = {"notice_id": self.notice_id, "topic": self.topic, "started_at": self.started_at}
        return audience_parameters(self.audience, self.started_at) | own


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on the roll; `section` is the community, or committee and branch; `sealed` holds the name."""

    subject: str
    subject_id: int
    number: str
    area: str
    section: str
    sealed: bytes
    state: str


def tally(db: sqlite3.Connection, asked: Asked) -> list[tuple[str, str, str, int]]:
    """(area, section, state, people), areas and sections in order; together they are the whole roll."""
    rows = db.execute(
        f"""
        SELECT area, section, state, count(*)
          FROM (SELECT roll.area, roll.section, {_STATE} FROM ({_ROLL}) AS roll {_JOINS})
         GROUP BY area, section, state ORDER BY area, section
        """,  # noqa: S608 - constants of this file
        asked.parameters(),
    )
    return rows.fetchall()


def to_visit(
    db: sqlite3.Connection, asked: Asked, area: str | None = None, section: str | None = None
) -> Iterator[Person]:
    """Whoever was neither reached nor visited, section by section, or in one of them."""
    rows = db.execute(
        f"""
        SELECT *
          FROM (SELECT roll.*, {_STATE} FROM ({_ROLL}) AS roll {_JOINS})
         WHERE state NOT IN {DONE}
           AND coalesce(area = :in_area, :in_area IS NULL) AND coalesce(section = :in_section, :in_section IS NULL)
         ORDER BY area, section, number
        """,  # noqa: S608 - constants of this file
        asked.parameters() | {"in_area": area, "in_section": section},
    )
    return (Person(*row) for row in rows)


def still_holding(db: sqlite3.Connection, asked: Asked) -> Iterator[Person]:
    """Whoever has a copy that could not be taken back; `state` says why, after `kept_`."""
    rows = db.execute(
        f"""
        SELECT roll.*, 'kept_' || coalesce(copy.recall_reason, 'refused')
          FROM ({_ROLL}) AS roll {_JOINS}
         WHERE copy.recall = 'failed'
        """,  # noqa: S608 - constants of this file
        asked.parameters(),
    )
    return (Person(*row) for row in rows)


def home_of(db: sqlite3.Connection, asked: Asked, subject: str, subject_id: int) -> tuple[str, str, str] | None:
    """Area, section and number of somebody the notice was for."""
    row: tuple[str, str, str] | None = db.execute(
        f"""
        SELECT area, section, number FROM ({_ROLL}) AS roll WHERE subject = :subject AND subject_id = :subject_id
        """,  # noqa: S608 - constants of this file
        asked.parameters() | {"subject": subject, "subject_id": subject_id},
    ).fetchone()
    return row


def add_visit(
    db: sqlite3.Connection, notice_id: int, subject: str, subject_id: int, staff_id: int | None, at: int
) -> None:
    """Somebody went there; a second tick changes nothing."""
    db.execute(
        """
        INSERT INTO notice_visit (notice_id, subject, subject_id, staff_id, at) VALUES (?,?,?,?,?)
        ON CONFLICT (notice_id, subject, subject_id) DO NOTHING
        """,
        (notice_id, subject, subject_id, staff_id, at),
    )

"""Imports and the versions they bring: who is on the roll, today and on any past day."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any

from carefund_bot.clock import shanghai_day
from carefund_bot.domain.rolls import Exit, ExitReason


@dataclass(frozen=True, slots=True)
class MemberOnRoll:
    """What the newest applied import says of a member; `sealed` holds name and phone (place `member`).

    `exit` is there for somebody who has left, and only then.
    """

    id: int
    number: str
    standing: str
    fund: str
    area: str
    branch_id: int
    committee: str
    branch: str
    sealed: bytes
    exit: Exit | None


@dataclass(frozen=True, slots=True)
class BeneficiaryOnRoll:
    """What the newest applied import says of a household or student; `sealed` holds the rest (place `beneficiary`).

    `exit` is there for somebody who has left, and only then.
    """

    id: int
    kind: str
    number: str
    standing: str
    fund: str
    area: str
    town: str
    community: str
    sealed: bytes
    exit: Exit | None


def find_member(db: sqlite3.Connection, member_id: int) -> MemberOnRoll | None:
    row = db.execute(
        """
        SELECT member.id, member.number, version.standing, version.fund, branch.area, branch.id, branch.committee,
               branch.name, version.sealed, roll_import.applied_at, roll_import.exit_reason
          FROM member_version AS version
          JOIN member ON member.id = version.member_id
          JOIN party_branch AS branch ON branch.id = version.branch_id
          JOIN roll_import ON roll_import.id = version.import_id
         WHERE version.member_id = ? AND roll_import.state = 'applied'
         ORDER BY version.import_id DESC
         LIMIT 1
        """,
        (member_id,),
    ).fetchone()
    return row and MemberOnRoll(*_with_exit(row, standing_at=2))


def find_beneficiary(db: sqlite3.Connection, beneficiary_id: int) -> BeneficiaryOnRoll | None:
    row = db.execute(
        """
        SELECT beneficiary.id, beneficiary.kind, beneficiary.number, version.standing, version.fund, version.area,
               version.town, version.community, version.sealed, roll_import.applied_at, roll_import.exit_reason
          FROM beneficiary_version AS version
          JOIN beneficiary ON beneficiary.id = version.beneficiary_id
          JOIN roll_import ON roll_import.id = version.import_id
         WHERE version.beneficiary_id = ? AND roll_import.state = 'applied'
         ORDER BY version.import_id DESC
         LIMIT 1
        """,
        (beneficiary_id,),
    ).fetchone()
    return row and BeneficiaryOnRoll(*_with_exit(row, standing_at=3))


def fund_of(db: sqlite3.Connection, subject: str, subject_id: int) -> str | None:
    """The fund of a `member` or `beneficiary` by the newest applied import; `None` if there is none yet."""
    row: tuple[str] | None = db.execute(
        f"""
        SELECT version.fund
          FROM {subject}_version AS version
          JOIN roll_import ON roll_import.id = version.import_id
         WHERE version.{subject}_id = ? AND roll_import.state = 'applied'
         ORDER BY version.import_id DESC
         LIMIT 1
        """,  # noqa: S608 - names of tables and columns only
        (subject_id,),
    ).fetchone()
    return row[0] if row else None


def _with_exit(row: tuple[Any, ...], *, standing_at: int) -> tuple[Any, ...]:
    """The instant and the reason at the end of a row become the exit; until reasons were kept there was one only."""
    *said, applied_at, reason = row
    has_left = row[standing_at] == "left"
    return (*said, Exit(shanghai_day(applied_at), ExitReason(reason or ExitReason.NOT_ON_LIST)) if has_left else None)


def member_id_of(db: sqlite3.Connection, number: str) -> int | None:
    row: tuple[int] | None = db.execute("SELECT id FROM member WHERE number = ?", (number,)).fetchone()
    return row[0] if row else None


def beneficiary_id_of(db: sqlite3.Connection, number: str) -> int | None:
    row: tuple[int] | None = db.execute("SELECT id FROM beneficiary WHERE number = ?", (number,)).fetchone()
    return row[0] if row else None


@dataclass(frozen=True, slots=True)
class CodeHolder:
    """Somebody on the roll who may be handed a code; `place` is the branch, community or school that hands it over."""

    id: int
    number: str
    fund: str
    area: str
    place: str
    sealed: bytes


_WHO_GETS_CODES = {
    "member": (
        "branch.area, branch.committee || ' ' || branch.name",
        "JOIN party_branch AS branch ON branch.id = version.branch_id",
        "'member'",
    ),
    "beneficiary": ("version.area, trim(version.town || ' ' || version.community)", "", "person.kind"),
}
"""Area and place, where they stand, and what kind of person it is."""


def holders_for_codes(
    db: sqlite3.Connection, kind: str, after_id: int, limit: int, at: int, *, fund: str | None, renew: bool
) -> list[CodeHolder]:
    """Members, households or students on the roll and in no chat; with `renew` also those who hold a live code."""
    subject = "member" if kind == "member" else "beneficiary"
    area_and_place, places, kind_column = _WHO_GETS_CODES[subject]
    rows = db.execute(
        f"""
        SELECT person.id, person.number, version.fund, {area_and_place}, version.sealed
          FROM {subject} AS person
          JOIN {subject}_version AS version ON version.{subject}_id = person.id
          {places}
         WHERE person.id > :after AND {kind_column} = :kind
           AND version.standing = 'on_roll' AND (:fund IS NULL OR version.fund = :fund)
           AND version.import_id = (SELECT max(each.import_id)
                                      FROM {subject}_version AS each
                                      JOIN roll_import ON roll_import.id = each.import_id
                                     WHERE each.{subject}_id = person.id AND roll_import.state = 'applied')
           AND NOT EXISTS (SELECT 1 FROM link WHERE subject = :subject AND subject_id = person.id)
           AND (:renew OR NOT EXISTS (SELECT 1
                                        FROM link_code
                                       WHERE subject = :subject AND subject_id = person.id
                                         AND used_at IS NULL AND revoked_at IS NULL AND expires_at > :at))
         ORDER BY person.id
         LIMIT :limit
        """,  # noqa: S608 - names of tables and columns only
        {"after": after_id, "limit": limit, "at": at, "fund": fund, "renew": renew, "kind": kind, "subject": subject},
    )
    return [CodeHolder(*row) for row in rows]

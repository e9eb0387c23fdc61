"""Imports and the versions they bring: who is on the roll, today and on any past day."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MemberOnRoll:
    """What the newest applied import says of a member; `sealed` holds name and phone (place `member`)."""

    id: int
    number: str
    standing: str
    fund: str
    area: str
    branch_id: int
    committee: str
    branch: str
    sealed: bytes


@dataclass(frozen=True, slots=True)
class BeneficiaryOnRoll:
    """What the newest applied import says of a household or student; `sealed` holds the rest (place `beneficiary`)."""

    id: int
    kind: str
    number: str
    standing: str
    fund: str
    area: str
    town: str
    community: str
    sealed: bytes


def find_member(db: sqlite3.Connection, member_id: int) -> MemberOnRoll | None:
    row = db.execute(
        """
        SELECT member.id, member.number, version.standing, version.fund, branch.area, branch.id, branch.committee,
               branch.name, version.sealed
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
    return row and MemberOnRoll(*row)


def find_beneficiary(db: sqlite3.Connection, beneficiary_id: int) -> BeneficiaryOnRoll | None:
    row = db.execute(
        """
        SELECT beneficiary.id, beneficiary.kind, beneficiary.number, version.standing, version.fund, version.area,
               version.town, version.community, version.sealed
          FROM beneficiary_version AS version
          JOIN beneficiary ON beneficiary.id = version.beneficiary_id
          JOIN roll_import ON roll_import.id = version.import_id
         WHERE version.beneficiary_id = ? AND roll_import.state = 'applied'
         ORDER BY version.import_id DESC
         LIMIT 1
        """,
        (beneficiary_id,),
    ).fetchone()
    return row and BeneficiaryOnRoll(*row)


def member_id_of(db: sqlite3.Connection, number: str) -> int | None:
    row: tuple[int] | None = db.execute("SELECT id FROM member WHERE number = ?", (number,)).fetchone()
    return row[0] if row else None


def beneficiary_id_of(db: sqlite3.Connection, number: str) -> int | None:
    row: tuple[int] | None = db.execute("SELECT id FROM beneficiary WHERE number = ?", (number,)).fetchone()
    return row[0] if row else None

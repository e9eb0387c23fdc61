"""The steady cast: invented people who appear in every story, written straight into the store.

秦兰 (member, city fund), 何静 (member, Changshu), 郭明 (household, city), 蒋飞 (household, Changshu),
戴强 (student, city). Staff are given their rights by the story.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from carefund_bot.access import OPERATOR, Right, Role
from carefund_bot.fund import Fund
from carefund_bot.services.linking import new_code
from carefund_bot.store import people, staffing
from sandbox import Person

QIN, HE = "DY100001", "DY100002"
GUO, JIANG, DAI = "HU200001", "HU200002", "XS300001"
GUO_CARD = "6299991086048017414"
JIANG_CARD = "6299996792470822768"


@dataclass(frozen=True)
class Cast:
    """Row ids by number."""

    members: dict[str, int]
    beneficiaries: dict[str, int]


async def write_cast(fund: Fund) -> Cast:
    """Put the cast on the rolls, as three applied imports would have done."""
    return await fund.ground.db.write(lambda db: _write(db, fund))


def _write(db: sqlite3.Connection, fund: Fund) -> Cast:
    imports = {kind: _applied_import(db, kind, fund.ground.now()) for kind in ("members", "households", "students")}
    branches = {
        code: db.execute(
            "INSERT INTO party_branch (fund, area, committee, name) VALUES (?,?,?,?) RETURNING id",
            (code, area, f"{area}示例第1党委", "第1党支部"),
        ).fetchone()[0]
        for code, area in (("city", "吴中区"), ("changshu", "常熟市"))
    }
    members = {
        number: _member(db, fund, imports["members"], number, name, code, branches[code])
        for number, name, code in ((QIN, "秦兰", "city"), (HE, "何静", "changshu"))
    }
    beneficiaries = {
        GUO: _beneficiary(db, fund, imports["households"], GUO, "household", "郭明", GUO_CARD, "city", "吴中区"),
        JIANG: _beneficiary(
            db, fund, imports["households"], JIANG, "household", "蒋飞", JIANG_CARD, "changshu", "常熟市"
        ),
        DAI: _beneficiary(
            db, fund, imports["students"], DAI, "student", "戴强", "6299994278172314165", "city", "姑苏区"
        ),
    }
    return Cast(members, beneficiaries)


def _applied_import(db: sqlite3.Connection, kind: str, at: int) -> int:
    (import_id,) = db.execute(
        """
        INSERT INTO roll_import (kind, state, file_name, file_digest, based_on, started_at, applied_at)
        VALUES (?, 'applied', 'cast', ?, 0, ?, ?) RETURNING id
        """,
        (kind, kind.encode(), at, at),
    ).fetchone()
    return int(import_id)


def _member(
    db: sqlite3.Connection, fund: Fund, import_id: int, number: str, name: str, code: str, branch_id: int
) -> int:
    (member_id,) = db.execute("INSERT INTO member (number) VALUES (?) RETURNING id", (number,)).fetchone()
    sealed = fund.ground.sealer.seal("member", {"name": name, "phone": "19500000001"})
    db.execute(
        "INSERT INTO member_version VALUES (?,?,'on_roll',?,?,?,?)",
        (member_id, import_id, code, branch_id, number.encode(), sealed),
    )
    return int(member_id)


def _beneficiary(
    db: sqlite3.Connection,
    fund: Fund,
    import_id: int,
    number: str,
    kind: str,
    name: str,
    card: str,
    code: str,
    area: str,
) -> int:
    (beneficiary_id,) = db.execute(
        "INSERT INTO beneficiary (kind, number) VALUES (?,?) RETURNING id", (kind, number)
    ).fetchone()
    sealer = fund.ground.sealer
    sealed = sealer.seal(
        "beneficiary",
        {
            "name": name,
            "identity_number": "990105195410123038",
            "category": "困难大学生" if kind == "student" else "低保户",
            "size": 1,
            "bank": "太湖示例银行",
            "card": card,
            "phone": None,
            "school": "苏州示例大学" if kind == "student" else None,
        },
    )
    db.execute(
        "INSERT INTO beneficiary_version VALUES (?,?,'on_roll',?,?,'南桥街道','菊花社区','民政局','2012-05-31',?,?,?,?)",
        (
            beneficiary_id,
            import_id,
            code,
            area,
            sealer.fingerprint("identity", number),
            sealer.fingerprint("card", card),
            number.encode(),
            sealed,
        ),
    )
    return int(beneficiary_id)


async def code_for(fund: Fund, subject: str, subject_id: int) -> str:
    """A fresh one-time code for somebody of the cast."""
    code, now = new_code(), fund.ground.now()
    await fund.ground.db.write(lambda db: fund.linking.add_code(db, OPERATOR, subject, subject_id, code, now))
    return code


async def link(fund: Fund, phone: Person, subject: str, subject_id: int) -> None:
    """Bind a phone to a person the way people do it: code, consent."""
    await phone.says(f"/start {await code_for(fund, subject, subject_id)}")
    await phone.taps("同意" if phone.language_code.startswith("zh") else "agree")


async def make_staff(fund: Fund, phone: Person, *rights: Right) -> int:
    """A clerk with these rights, bound to a phone."""
    sealed = fund.ground.sealer.seal("staff", {"name": phone.name})

    def write(db: sqlite3.Connection) -> int:
        staff_id = people.add_staff(db, sealed, fund.ground.now())
        for right in rights:
            people.grant(db, staff_id, right, None, fund.ground.now())
        return staff_id

    staff_id = await fund.ground.db.write(write)
    await link(fund, phone, "staff", staff_id)
    if await fund.ground.db.write(lambda db: _open_chat(db, staff_id)):
        await phone.taps_data("link:begin", message=phone.last())
    return staff_id


def _open_chat(db: sqlite3.Connection, staff_id: int) -> bool:
    """Say the second person's word on a chat, if there are others of the cast for whom it waits."""
    waiting = [each.code_id for each in staffing.bindings(db) if each.staff_id == staff_id and each.is_theirs is None]
    return any(staffing.say_whose(db, code_id, None, 0, is_theirs=True) for code_id in waiting)


def write_link(db: sqlite3.Connection, user_id: int, subject: str, subject_id: int, at: int = 0) -> None:
    """Bind an account that is there without any dialogue; a colleague's chat is open."""
    code_id = None
    if subject == "staff":
        (code_id,) = db.execute(
            """
            INSERT INTO link_code (digest, subject, subject_id, issued_at, expires_at, used_at)
            VALUES (randomblob(32), 'staff', ?, ?, ?, ?) RETURNING id
            """,
            (subject_id, at, at, at),
        ).fetchone()
    db.execute("INSERT INTO link VALUES (?,?,?,?,?)", (user_id, subject, subject_id, code_id, at))
    if code_id is not None:
        staffing.say_whose(db, code_id, None, at, is_theirs=True)


CITY_CLERK = Right(Role.MAKER, "city")
CHANGSHU_CLERK = Right(Role.MAKER, "changshu")

__all__ = [
    "CHANGSHU_CLERK",
    "CITY_CLERK",
    "DAI",
    "GUO",
    "GUO_CARD",
    "HE",
    "JIANG",
    "QIN",
    "Cast",
    "code_for",
    "link",
    "make_staff",
    "write_cast",
    "write_link",
]


async def leave_members_roll(fund: Fund, member_id: int) -> None:
    """A later import of today in which this member is missing."""

    def write(db: sqlite3.Connection) -> None:
        db.execute(
            """
            INSERT INTO member_version
            SELECT member_id, ?, 'left', fund, branch_id, content_print, sealed FROM member_version WHERE member_id = ?
            """,
            (_applied_import(db, "members", fund.ground.now()), member_id),
        )

    await fund.ground.db.write(write)

"""Who lives in the storm: on the rolls and bound to their phones before it begins."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from carefund_bot.access import Right, Role
from carefund_bot.fund import Fund
from carefund_bot.services.linking import new_code
from carefund_bot.store import people
from sandbox import Person
from tests.cast import _applied_import, _beneficiary, _member

CODES_PER_HOUSEHOLD = 400
_FAR_AWAY = 10_000 * 86_400


@dataclass(frozen=True)
class Town:
    """Phones by what their owners do. Two movers each have a household that they take from each other."""

    members: list[Person]
    households: list[Person]
    polyglots: list[Person]
    clerks: list[Person]
    editors: list[Person]
    movers: list[tuple[Person, Person]]
    hasty: list[Person]
    numbers: list[str]
    """The members' numbers."""
    codes: list[list[str]]
    """Good codes for the household of each pair of movers."""
    code_ids: dict[str, int]


async def settle_town(fund: Fund, town: Town) -> None:
    await fund.ground.db.write(lambda db: _write(db, fund, town))


def _write(db: sqlite3.Connection, fund: Fund, town: Town) -> None:
    now = fund.ground.now()
    imports = {kind: _applied_import(db, kind, now) for kind in ("members", "households")}
    (branch_id,) = db.execute(
        "INSERT INTO party_branch (fund, area, committee, name) VALUES ('city','吴中区','示例党委','第1党支部') RETURNING id"
    ).fetchone()
    for place, phone in enumerate(town.members):
        number = f"DY{600_000 + place}"
        member_id = _member(db, fund, imports["members"], number, phone.name, "city", branch_id)
        town.numbers.append(number)
        _bind(db, fund, phone, "member", member_id)
    for place, phone in enumerate(town.households):
        household_id = _household(db, fund, imports["households"], place, phone.name)
        _bind(db, fund, phone, "beneficiary", household_id)
    for place, (one, _) in enumerate(town.movers):
        household_id = _household(db, fund, imports["households"], 1_000 + place, one.name)
        town.codes.append([_code(db, fund, "beneficiary", household_id, town) for _ in range(CODES_PER_HOUSEHOLD)])
    for phones, role in ((town.clerks, Role.MAKER), (town.editors, Role.NOTICE_EDITOR)):
        for phone in phones:
            staff_id = people.add_staff(db, fund.ground.sealer.seal("staff", {"name": phone.name}), now)
            people.grant(db, staff_id, Right(role, "city"), None, now)
            _bind(db, fund, phone, "staff", staff_id)


def bind_member(db: sqlite3.Connection, fund: Fund, phone: Person) -> None:
    """One member and nobody else."""
    _write(db, fund, Town([phone], [], [], [], [], [], [], [], [], {}))


def _household(db: sqlite3.Connection, fund: Fund, import_id: int, place: int, name: str) -> int:
    number = f"HU{600_000 + place}"
    card = f"62999900{place:08}"
    return _beneficiary(db, fund, import_id, number, "household", name, card, "city", "吴中区")


def _bind(db: sqlite3.Connection, fund: Fund, phone: Person, subject: str, subject_id: int) -> None:
    phone.has_pressed_start()
    people.add_account(db, phone.id, "zh_CN", fund.ground.now())
    db.execute("INSERT INTO link VALUES (?,?,?,NULL,?)", (phone.id, subject, subject_id, fund.ground.now()))


def _code(db: sqlite3.Connection, fund: Fund, subject: str, subject_id: int, town: Town) -> str:
    """A code beside others that stay good: no clerk can issue as many as a storm needs."""
    code, now = new_code(), fund.ground.now()
    (code_id,) = db.execute(
        """
        INSERT INTO link_code (digest, subject, subject_id, issued_at, expires_at) VALUES (?,?,?,?,?) RETURNING id
        """,
        (fund.ground.sealer.fingerprint("link-code", code), subject, subject_id, now, now + _FAR_AWAY),
    ).fetchone()
    town.code_ids[code] = code_id
    return code

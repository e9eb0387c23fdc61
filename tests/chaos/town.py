"""Who lives in the storm: on the rolls and bound to their phones before it begins."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field

from carefund_bot.access import Right, Role
from carefund_bot.fund import Fund
from carefund_bot.services.linking import new_code
from carefund_bot.store import people
from sandbox import Person
from tests.cast import _applied_import, _beneficiary, _member, write_link

CODES_PER_HOUSEHOLD = 400
BEFORE = "before:"
"""How the one-use ids of what was there before the storm begin."""
_FAR_AWAY = 10_000 * 86_400


def _phones() -> list[Person]:
    return []


@dataclass(frozen=True)
class Town:
    """Phones by what their owners do. Two movers each have a household that they take from each other."""

    members: list[Person] = field(default_factory=_phones)
    choosers: list[Person] = field(default_factory=_phones)
    households: list[Person] = field(default_factory=_phones)
    askers: list[Person] = field(default_factory=_phones)
    polyglots: list[Person] = field(default_factory=_phones)
    clerks: list[Person] = field(default_factory=_phones)
    list_clerks: list[Person] = field(default_factory=_phones)
    desk_clerks: list[Person] = field(default_factory=_phones)
    change_checkers: list[Person] = field(default_factory=_phones)
    makers: list[Person] = field(default_factory=_phones)
    checkers: list[Person] = field(default_factory=_phones)
    releasers: list[Person] = field(default_factory=_phones)
    editors: list[Person] = field(default_factory=_phones)
    movers: list[tuple[Person, Person]] = field(default_factory=list)
    hasty: list[Person] = field(default_factory=_phones)
    numbers: list[str] = field(default_factory=list)
    """The members' numbers."""
    payees: list[str] = field(default_factory=list)
    """The numbers of those households that stay with one chat."""
    codes: list[list[str]] = field(default_factory=list)
    """Good codes for the household of each pair of movers."""

    @property
    def staff(self) -> dict[Role, list[Person]]:
        return {
            Role.MAKER: [*self.clerks, *self.list_clerks, *self.desk_clerks, *self.makers],
            Role.CHECKER: [*self.change_checkers, *self.checkers],
            Role.RELEASER: self.releasers,
            Role.NOTICE_EDITOR: self.editors,
        }


async def settle_town(fund: Fund, town: Town) -> None:
    await fund.ground.db.write(lambda db: _write(db, fund, town))


def _write(db: sqlite3.Connection, fund: Fund, town: Town) -> None:
    now = fund.ground.now()
    imports = {kind: _applied_import(db, kind, now) for kind in ("members", "households")}
    (branch_id,) = db.execute(
        "INSERT INTO party_branch (fund, area, committee, name) VALUES ('city','吴中区','示例党委','第1党支部') RETURNING id"
    ).fetchone()
    for place, phone in enumerate((*town.members, *town.choosers)):
        number = f"DY{600_000 + place}"
        member_id = _member(db, fund, imports["members"], number, phone.name, "city", branch_id)
        town.numbers.append(number)
        _bind(db, fund, phone, "member", member_id)
    for place, phone in enumerate((*town.households, *town.askers)):
        household_id = _household(db, fund, imports["households"], place, phone.name)
        town.payees.append(f"HU{600_000 + place}")
        _bind(db, fund, phone, "beneficiary", household_id)
    if town.payees:
        _pay_last_year(db, fund)
    for place, (one, _) in enumerate(town.movers):
        household_id = _household(db, fund, imports["households"], 1_000 + place, one.name)
        town.codes.append([_code(db, fund, "beneficiary", household_id) for _ in range(CODES_PER_HOUSEHOLD)])
    for role, phones in town.staff.items():
        for phone in phones:
            staff_id = people.add_staff(db, fund.ground.sealer.seal("staff", {"name": phone.name}), now)
            people.grant(db, staff_id, Right(role, "city"), None, now)
            _bind(db, fund, phone, "staff", staff_id)


def bind_member(db: sqlite3.Connection, fund: Fund, phone: Person) -> None:
    """One member and nobody else."""
    _write(db, fund, Town(members=[phone]))


def _household(db: sqlite3.Connection, fund: Fund, import_id: int, place: int, name: str) -> int:
    number = f"HU{600_000 + place}"
    card = f"62999900{place:08}"
    return _beneficiary(db, fund, import_id, number, "household", name, card, "city", "吴中区")


def _pay_last_year(db: sqlite3.Connection, fund: Fund) -> None:
    """A batch that is with the bank already: single payments come back from the first hour on."""
    now = fund.ground.now()
    year = fund.ground.today().year - 1
    (batch_id,) = db.execute(
        """
        INSERT INTO batch (request_id, fund, programme, cycle_year, purpose, expected_on, created_at)
        VALUES (?, 'city', 'household', ?, 'living_aid', ?, ?) RETURNING id
        """,
        (f"{BEFORE}batch", year, f"{year}-06-25", now),
    ).fetchone()
    for beneficiary_id, sealed in db.execute("SELECT beneficiary_id, sealed FROM beneficiary_version").fetchall():
        fields = fund.ground.sealer.open("beneficiary", sealed)
        account = fund.ground.sealer.seal("payment_line", {name: fields[name] for name in ("name", "bank", "card")})
        db.execute(
            """
            INSERT INTO payment_line (batch_id, beneficiary_id, cycle_year, purpose, amount_fen, sealed)
            VALUES (?,?,?,'living_aid',100000,?)
            """,
            (batch_id, beneficiary_id, year, account),
        )
    for state in ("planned", "approved", "instructed"):
        staff_id = people.add_staff(db, fund.ground.sealer.seal("staff", {"name": "前任"}), now)
        db.execute(
            "INSERT INTO batch_event (request_id, batch_id, state, staff_id, on_day, at) VALUES (?,?,?,?,?,?)",
            (f"{BEFORE}{state}", batch_id, state, staff_id, f"{year}-06-05", now),
        )


def _bind(db: sqlite3.Connection, fund: Fund, phone: Person, subject: str, subject_id: int) -> None:
    phone.has_pressed_start()
    people.add_account(db, phone.id, "zh_CN", fund.ground.now())
    write_link(db, phone.id, subject, subject_id, fund.ground.now())


def _code(db: sqlite3.Connection, fund: Fund, subject: str, subject_id: int) -> str:
    """A code beside others that stay good: no clerk can issue as many as a storm needs."""
    code, now = new_code(), fund.ground.now()
    db.execute(
        "INSERT INTO link_code (digest, subject, subject_id, issued_at, expires_at) VALUES (?,?,?,?,?)",
        (fund.ground.sealer.fingerprint("link-code", code), subject, subject_id, now, now + _FAR_AWAY),
    )
    return code

"""A plan's rows, table by table, into a database whose schema is up to date and which is otherwise empty."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from typing import Final

from carefund_bot.sealing import Sealer
from carefund_bot.seeding import calendar
from carefund_bot.seeding.beneficiaries import AREAS_OF, STANDARD_FEN, Beneficiary, households, students
from carefund_bot.seeding.people import Inventor
from carefund_bot.seeding.plan import GIFTS_OF_TEN, PRINCIPAL_SHARES, YEARS, FundPlan, Scale, gifts_of, shares
from carefund_bot.store import seeding as store

Rows = Iterator[tuple[object, ...]]
Watch = Callable[[str, int, Iterable[tuple[object, ...]]], Iterable[tuple[object, ...]]]

_MEMBERS_IMPORT: Final = 1
_IMPORTS: Final = {("household", 2010): 2, ("student", 2010): 3, ("household", 2011): 4, ("student", 2011): 5}
_PURPOSE: Final = {"household": "living_aid", "student": "study_aid"}
_HANDS: Final = ("经办示例", "复核示例", "放款示例")
_BRANCH_SIZE: Final = 50
_BRANCHES_A_COMMITTEE: Final = 10


def seed(
    db: sqlite3.Connection,
    sealer: Sealer,
    scale: Scale,
    today: date | None = None,
    watch: Watch = lambda _table, _about, rows: rows,
) -> None:
    """Fill an empty database with the invented fund of a scale.

    With `today`, one more round of household aid is under way: approved, and expected on the next 28 June. `watch` is
    given each table's name, about how many rows it gets, and the rows on their way, to count them.
    """
    filling = _Filling(sealer, scale, today)
    store.set_meta(db, "key_check", sealer.key_check())
    store.set_meta(db, "instance", b"demo")
    for table, about, rows in filling.tables():
        store.insert(db, table, watch(table, about, rows))


class _Filling:
    """Rows of each table in an order that satisfies the foreign keys; every column stands in its INSERT's order."""

    def __init__(self, sealer: Sealer, scale: Scale, today: date | None) -> None:
        self.sealer = sealer
        self.scale = scale
        self.plans = shares(scale)
        self.households = sum(plan.dibao_2010 + plan.margin_2010 + plan.newcomers for plan in self.plans)
        self.rounds = [(kind, year, year, day, True) for (kind, year), day in calendar.PAID.items()]
        if today is not None:
            year, day = calendar.next_cycle(today)
            self.rounds.append(("household", 2011, year, day, False))

    def tables(self) -> Iterator[tuple[str, int, Rows]]:
        """Each table's name, about how many rows it gets, and the rows."""
        members, funds = self.scale.members, len(self.plans)
        payees = self.households + self.scale.students_2010 + self.scale.students_2011 // 2
        gifts = self.scale.givers * GIFTS_OF_TEN // 10 + self.scale.enterprise_gifts + self.scale.other_gifts
        yield "roll_import", 1 + len(_IMPORTS), self.imports()
        yield "party_branch", members // _BRANCH_SIZE, self.branches()
        yield "member", members, ((number, f"DY{1_000_000 + number}") for number in range(1, members + 1))
        yield "member_version", members, self.member_versions()
        yield "beneficiary", payees, ((one.id, one.kind, one.number) for one in self.beneficiaries())
        yield "beneficiary_version", payees, self.beneficiary_versions()
        yield "remittance", len(YEARS) * funds, self.remittances()
        yield "contribution", gifts, self.contributions()
        yield "principal_entry", len(PRINCIPAL_SHARES) * funds, self.principal()
        yield "staff", len(_HANDS), self.staff()
        yield "batch", len(self.rounds) * funds, self.batches()
        yield "payment_line", payees * (len(self.rounds) - len(YEARS)), self.payment_lines()
        yield "batch_event", len(self.rounds) * funds * 4, self.batch_events()

    def beneficiaries(self) -> Iterator[Beneficiary]:
        yield from households(self.plans)
        yield from students(self.scale, self.households + 1)

    def imports(self) -> Rows:
        at = calendar.noon(calendar.MEMBERS_LISTED)
        yield _MEMBERS_IMPORT, "members", "members-2010.csv", b"members-2010", 0, "{}", at, at
        for (kind, year), import_id in _IMPORTS.items():
            at = calendar.noon(calendar.ROLL_TAKEN_OVER[kind, year])
            name, former = f"{kind}s-{year}", _IMPORTS.get((kind, year - 1), 0)
            yield import_id, f"{kind}s", f"{name}.csv", name.encode(), former, "{}", at, at

    def branches(self) -> Rows:
        number = 0
        for plan in self.plans:
            areas = AREAS_OF[plan.fund]
            for place in range(_branches_of(plan)):
                number += 1
                area, inside = areas[place % len(areas)], place // len(areas)
                committee, branch = divmod(inside, _BRANCHES_A_COMMITTEE)
                yield number, plan.fund, area, f"{area}示例第{committee + 1}党委", f"第{branch + 1}党支部"

    def member_versions(self) -> Rows:
        invent, number, first_branch = Inventor("members"), 0, 1
        for plan in self.plans:
            for place in range(plan.members):
                number += 1
                fields = {"name": invent.name(), "phone": invent.phone()}
                yield (
                    number,
                    _MEMBERS_IMPORT,
                    plan.fund,
                    first_branch + place // _BRANCH_SIZE,
                    self.sealer.fingerprint("member-row", f"{number}{fields}"),
                    self.sealer.seal("member", fields),
                )
            first_branch += _branches_of(plan)

    def beneficiary_versions(self) -> Rows:
        for one in self.beneficiaries():
            for year in YEARS:
                standing = _news(one, year)
                if standing is not None:
                    yield self._version(one, year, standing)

    def _version(self, one: Beneficiary, year: int, standing: str) -> tuple[object, ...]:
        fields, fingerprint = one.sealed_fields(year), self.sealer.fingerprint
        return (
            one.id,
            _IMPORTS[one.kind, year],
            standing,
            one.fund,
            one.area,
            one.town,
            one.community,
            one.source,
            calendar.ROLL_TAKEN_OVER[one.kind, year].isoformat(),
            fingerprint("identity", fields["identity_number"]),
            fingerprint("card", fields["card"]),
            fingerprint("beneficiary-row", f"{one.number}{fields}"),
            self.sealer.seal("beneficiary", fields),
        )

    def remittances(self) -> Rows:
        for year in YEARS:
            for plan in self.plans:
                at = calendar.noon(calendar.REMITTED[year])
                yield self._remittance(year, plan.fund), f"invented:{year}:{plan.fund}", plan.fund, at

    def _remittance(self, year: int, fund: str) -> int:
        funds = [plan.fund for plan in self.plans]
        return 1 + YEARS.index(year) * len(funds) + funds.index(fund)

    def contributions(self) -> Rows:
        first_member = 1
        for plan in self.plans:
            give = {year: _Giving(year, plan.fund, self._remittance(year, plan.fund)) for year in YEARS}
            giver = 0
            for place in range(plan.members):
                if (place + 1) * plan.givers // plan.members == giver:
                    continue  # spread evenly: this one did not give
                for year, fen in zip(YEARS, gifts_of(giver, plan.givers), strict=True):
                    if fen:
                        yield give[year].row("member", giver, fen, first_member + place)
                giver += 1
            first_member += plan.members
            for place in range(plan.enterprise_gifts):
                yield give[YEARS[place % 2]].row("enterprise", place, self.scale.enterprise_fen)
            for place in range(plan.other_gifts):
                yield give[YEARS[place % 2]].row("other", place, self.scale.other_fen)
            for year in YEARS:
                yield give[year].row("fiscal", 0, self.scale.fiscal_fen)

    def principal(self) -> Rows:
        for plan in self.plans:
            for source in PRINCIPAL_SHARES:
                fen = self.scale.principal_fen(plan.fund, source)
                yield f"invented:{plan.fund}:{source}", plan.fund, source, fen, calendar.FOUNDED.isoformat()

    def staff(self) -> Rows:
        """Maker, checker and releaser of every batch: three people."""
        for staff_id, name in enumerate(_HANDS, 1):
            yield staff_id, self.sealer.seal("staff", {"name": name}), calendar.noon(calendar.MEMBERS_LISTED)

    def _batches(self) -> Iterator[tuple[int, str, str, int, int, date, bool]]:
        """Id, fund, kind, the roll's year, the cycle's year, the day, whether it is paid."""
        number = 0
        for kind, roll_year, cycle, day, paid in self.rounds:
            for fund in [plan.fund for plan in self.plans] if kind == "household" else ["city"]:
                number += 1
                yield number, fund, kind, roll_year, cycle, day, paid

    def batches(self) -> Rows:
        for number, fund, kind, _, cycle, day, _ in self._batches():
            at = calendar.noon(day - timedelta(days=20))
            yield number, f"invented:{number}", fund, kind, cycle, _PURPOSE[kind], day.isoformat(), at

    def batch_events(self) -> Rows:
        steps = (("planned", 1, 20), ("approved", 2, 12), ("instructed", 3, 4), ("paid", 1, 0))
        for number, _, _, _, _, due, paid in self._batches():
            for state, staff_id, days_before in steps if paid else steps[:2]:
                day = due - timedelta(days=days_before)
                yield f"invented:{number}:{state}", number, state, staff_id, day.isoformat(), calendar.noon(day)

    def payment_lines(self) -> Rows:
        batches = list(self._batches())
        for one in self.beneficiaries():
            for number, fund, kind, roll_year, cycle, _, _ in batches:
                category = one.categories[roll_year]
                if category is not None and (fund, kind) == (one.fund, one.kind):
                    sealed = self.sealer.seal("payment_line", one.account)
                    yield number, one.id, cycle, _PURPOSE[kind], STANDARD_FEN[category], sealed


def _branches_of(plan: FundPlan) -> int:
    return -(-plan.members // _BRANCH_SIZE)


def _news(one: Beneficiary, year: int) -> str | None:
    """What a year's roll writes of somebody: `on_roll` if new or changed, `left` if gone, `None` if as before."""
    before, now = one.categories.get(year - 1), one.categories[year]
    if before == now:
        return None
    return "on_roll" if now is not None else "left"


class _Giving:
    """One fund's drive of one year."""

    def __init__(self, year: int, fund: str, remittance_id: int) -> None:
        self._year, self._fund, self._remittance_id = year, fund, remittance_id
        self._days = [
            (calendar.DRIVE[year] + timedelta(days=offset)).isoformat() for offset in range(calendar.DRIVE_DAYS)
        ]
        self._remitted_on = calendar.REMITTED[year].isoformat()
        self._at = calendar.noon(calendar.REMITTED[year])

    def row(self, donor_kind: str, place: int, fen: int, member_id: int | None = None) -> tuple[object, ...]:
        return (
            f"{self._year}:{member_id or f'{self._fund}:{donor_kind}:{place}'}",
            self._remittance_id,
            self._fund,
            self._year,
            donor_kind,
            member_id,
            fen,
            "bank" if donor_kind != "member" or place % 3 == 0 else "cash",
            self._days[place % calendar.DRIVE_DAYS],
            self._remitted_on,
            self._at,
        )

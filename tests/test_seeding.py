"""The invented fund: its plan gives the published figures, and the queries of docs/figures.md find them in the rows."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from carefund_bot.domain.people import check_identity_number, luhn_ok
from carefund_bot.sealing import Sealer
from carefund_bot.seeding import FULL, SMALL, Scale, seed
from carefund_bot.seeding.beneficiaries import DIBAO, STANDARD_FEN, Beneficiary, households, students
from carefund_bot.seeding.people import card_number, identity_number
from carefund_bot.seeding.plan import PRINCIPAL_SHARES, gifts_of, shares
from carefund_bot.store.database import connect_writer
from carefund_bot.store.migrations import migrate

DOCUMENT = Path(__file__).parent.parent / "docs" / "figures.md"
SECTION = re.compile(r"## (.*?)\n.*?```sql\n(.*?)```\n\n```\n(.*?)```", re.DOTALL)
PUBLISHED = {
    "Households paid in 2010": "48704",
    "Students paid in 2010": "1594",
    "Sum paid in 2010": "6454000000",
    "Households paid in 2011": "48680",
    "Students paid in 2011": "1458",
    "Sum paid in 2011": "6499000000",
    "Participation over the whole period: members who gave, members on the list, per cent": "480500|500000|96.1",
    "Principal": "6|3|61000000000",
}
SEALER = Sealer(b"k" * 32)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    db = connect_writer(tmp_path_factory.mktemp("seeding") / "small.db")
    migrate(db)
    seed(db, SEALER, SMALL)
    yield db
    db.close()


def everybody(scale: Scale) -> list[Beneficiary]:
    there = list(households(shares(scale)))
    return [*there, *students(scale, len(there) + 1)]


def paid_in(scale: Scale, year: int) -> tuple[int, int, int]:
    """Households, students and fen of a year, counted off the plan."""
    paid = [(one.kind, category) for one in everybody(scale) if (category := one.categories[year])]
    kinds = [kind for kind, _ in paid]
    return kinds.count("household"), kinds.count("student"), sum(STANDARD_FEN[category] for _, category in paid)


def raised_by(scale: Scale) -> dict[str, int]:
    plans = shares(scale)
    return {
        "enterprise": sum(plan.enterprise_gifts for plan in plans) * scale.enterprise_fen,
        "fiscal": 2 * len(plans) * scale.fiscal_fen,
        "member": sum(sum(gifts_of(giver, plan.givers)) for plan in plans for giver in range(plan.givers)),
        "other": sum(plan.other_gifts for plan in plans) * scale.other_fen,
    }


def principal_of(scale: Scale) -> int:
    return sum(scale.principal_fen(plan.fund, source) for plan in shares(scale) for source in PRINCIPAL_SHARES)


def test_the_full_plan_gives_the_published_figures() -> None:
    assert paid_in(FULL, 2010) == (48_704, 1_594, 64_540_000_00)
    assert paid_in(FULL, 2011) == (48_680, 1_458, 64_990_000_00)
    assert (FULL.givers * 1000, FULL.members) == (961 * FULL.members, 500_000)
    assert sum(raised_by(FULL).values()) == 129_870_000_00
    assert principal_of(FULL) == 610_000_000_00


def test_the_document_shows_the_published_figures() -> None:
    shown = {title: answer.strip() for title, _, answer in SECTION.findall(DOCUMENT.read_text(encoding="utf-8"))}
    assert {title: shown[title] for title in PUBLISHED} == PUBLISHED


def test_the_documents_queries_find_the_small_plan_in_the_rows(small: sqlite3.Connection) -> None:
    found = {
        title: small.execute(query).fetchall()
        for title, query, _ in SECTION.findall(DOCUMENT.read_text(encoding="utf-8"))
    }
    expected: dict[str, list[tuple[object, ...]]] = {}
    for year in (2010, 2011):
        of_households, of_students, fen = paid_in(SMALL, year)
        expected[f"Households paid in {year}"] = [(of_households,)]
        expected[f"Students paid in {year}"] = [(of_students,)]
        expected[f"Sum paid in {year}"] = [(fen,)]
    raised = raised_by(SMALL)
    expected["Raised in all, and by source"] = [*raised.items(), ("all", sum(raised.values()))]
    expected["Principal"] = [(6, 3, principal_of(SMALL))]
    expected["Participation over the whole period: members who gave, members on the list, per cent"] = [
        (SMALL.givers, SMALL.members, 96.1)
    ]
    assert found == expected


def test_the_city_has_its_seven_districts(small: sqlite3.Connection) -> None:
    areas = {area for (area,) in small.execute("SELECT DISTINCT area FROM party_branch WHERE fund = 'city'")}
    assert areas == {"平江区", "沧浪区", "金阊区", "吴中区", "相城区", "高新区", "工业园区"}


def test_people_are_sealed_as_the_imports_seal_them(small: sqlite3.Connection) -> None:
    (sealed,) = small.execute("SELECT sealed FROM beneficiary_version WHERE beneficiary_id = 1").fetchone()
    fields = SEALER.open("beneficiary", sealed)
    assert fields["category"] == DIBAO
    assert luhn_ok(fields["card"])
    check_identity_number(fields["identity_number"], date(2012, 6, 1))
    (snapshot,) = small.execute("SELECT sealed FROM payment_line WHERE beneficiary_id = 1").fetchone()
    assert SEALER.open("payment_line", snapshot) == {name: fields[name] for name in ("name", "bank", "card")}


def test_the_file_says_that_it_is_a_demonstration(small: sqlite3.Connection) -> None:
    assert small.execute("SELECT value FROM meta WHERE key = 'instance'").fetchone() == (b"demo",)


def test_the_rows_break_no_reference(small: sqlite3.Connection) -> None:
    assert small.execute("PRAGMA foreign_key_check").fetchall() == []
    assert small.execute("PRAGMA foreign_keys").fetchone() == (1,)


def test_a_next_round_is_under_way_when_a_day_is_given(tmp_path: Path) -> None:
    db = connect_writer(tmp_path / "small.db")
    migrate(db)
    seed(db, SEALER, SMALL, date(2012, 6, 1))
    rounds = db.execute(
        """
        SELECT expected_on, state, count(*) FROM batch JOIN batch_event ON batch_id = batch.id
         WHERE cycle_year = 2012 GROUP BY expected_on, state ORDER BY state
        """
    ).fetchall()
    (lines,) = db.execute("SELECT count(*) FROM payment_line WHERE cycle_year = 2012").fetchone()
    db.close()
    assert rounds == [("2012-06-28", "approved", 6), ("2012-06-28", "planned", 6)]
    assert lines == paid_in(SMALL, 2011)[0]


def test_the_same_people_are_invented_each_time() -> None:
    assert [one.personal for one in everybody(SMALL)] == [one.personal for one in everybody(SMALL)]


def test_no_two_people_share_a_number_or_a_card() -> None:
    places = range(1, 60_000)
    assert len({identity_number(place) for place in places}) == len(places)
    assert len({card_number(place) for place in places}) == len(places)

"""A file becomes the roll, all of it or nothing; only by one's own hand, only in one's own fund, only once."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from carefund_bot.access import OPERATOR, Actor
from carefund_bot.domain.rolls import Counts, Exit, ExitReason
from carefund_bot.errors import NotAllowed, Overtaken
from carefund_bot.files.faults import FileReason, FileRefused, Reason
from carefund_bot.files.headers import RollKind
from carefund_bot.fund import Fund, open_fund
from carefund_bot.services import comparing
from carefund_bot.settings import Settings
from carefund_bot.store import rolls as store
from carefund_bot.store.database import connect_writer
from carefund_bot.store.member_versions import MemberVersions
from tests.conftest import TurnableClock
from tests.services.rosters import (
    CLEAN,
    MESSY,
    bring_in,
    clerk_of,
    on_roll,
    read_table,
    versions_left,
    write_table,
)

MEMBERS, HOUSEHOLDS, STUDENTS = RollKind.MEMBERS, RollKind.HOUSEHOLDS, RollKind.STUDENTS


@pytest.mark.parametrize(("kind", "count"), [(MEMBERS, 120), (HOUSEHOLDS, 80), (STUDENTS, 12)])
async def test_a_clean_file_becomes_the_roll(fund: Fund, kind: RollKind, count: int) -> None:
    preview = await fund.rolls.stage(OPERATOR, CLEAN[kind], "roll.csv", kind)
    assert preview.counts == Counts(new=count)
    assert await on_roll(fund, kind) == set()
    assert preview.import_id is not None
    applied = await fund.rolls.apply(OPERATOR, preview.import_id)
    assert (applied.state, len(await on_roll(fund, kind))) == ("applied", count)


async def test_what_the_roll_keeps_of_a_member_and_a_household(fund: Fund) -> None:
    await bring_in(fund, MEMBERS)
    await bring_in(fund, HOUSEHOLDS)
    await bring_in(fund, STUDENTS)

    def ask(db: sqlite3.Connection) -> tuple[object, ...]:
        member_id = store.member_id_of(db, "DY100000")
        household_id, student_id = (store.beneficiary_id_of(db, number) for number in ("HU200000", "XS300000"))
        assert member_id
        assert household_id
        assert student_id
        return (
            store.find_member(db, member_id),
            store.find_beneficiary(db, household_id),
            store.find_beneficiary(db, student_id),
        )

    member, household, student = await fund.ground.db.read(ask)
    assert isinstance(member, store.MemberOnRoll)
    assert isinstance(household, store.BeneficiaryOnRoll)
    assert isinstance(student, store.BeneficiaryOnRoll)
    assert (member.fund, member.area, member.committee, member.branch) == (
        "city",
        "金阊区",
        "金阊区示例第1党委",
        "第5党支部",
    )
    assert fund.ground.sealer.open("member", member.sealed) == {"name": "付平红", "phone": "19600003409"}
    assert (household.fund, household.area, household.town, household.community) == (
        "zhangjiagang",
        "张家港市",
        "南浜街道",
        "菊花社区",
    )
    assert fund.ground.sealer.open("beneficiary", household.sealed) == {
        "name": "谭娜",
        "identity_number": "990105194008053110",
        "category": "低保边缘户",
        "size": 2,
        "school": None,
        "student_no": None,
        "bank": "江南示例银行",
        "card": "6299995551503696131",
        "phone": "19500002128",
    }
    assert (student.kind, student.fund, student.community) == ("student", "city", "苏州示例大学")


@pytest.mark.parametrize(
    ("kind", "refused"),
    [
        (MEMBERS, [8, 9, 42]),
        (HOUSEHOLDS, [5, 6, 8, 10, 14, 15]),
    ],
)
async def test_one_wrong_row_and_nothing_is_taken(fund: Fund, kind: RollKind, refused: list[int]) -> None:
    preview = await fund.rolls.stage(OPERATOR, MESSY[kind], "roll.csv", kind)
    assert [fault.row for fault in preview.faults] == refused
    assert (preview.refused, preview.import_id) == (len(refused), None)
    assert (await on_roll(fund, kind), await versions_left(fund)) == (set(), 0)


async def test_another_encoding_is_no_fault(fund: Fund) -> None:
    preview = await fund.rolls.check(OPERATOR, MESSY[STUDENTS], STUDENTS)
    assert (preview.counts, preview.refused) == (Counts(new=6), 0)


@pytest.mark.parametrize("kind", list(CLEAN))
async def test_the_same_file_again_changes_nothing_and_says_so(fund: Fund, kind: RollKind) -> None:
    first = await bring_in(fund, kind)
    again = await fund.rolls.stage(OPERATOR, CLEAN[kind], "roll.csv", kind)
    assert (again.counts, again.import_id) == (Counts(unchanged=sum(c.new for c in first.by_fund.values())), None)
    assert await versions_left(fund) == 0


async def test_changed_new_and_leaving_are_told_apart(fund: Fund, tmp_path: Path) -> None:
    rows = read_table(MEMBERS)
    await bring_in(fund, MEMBERS, write_table(tmp_path / "first.csv", rows[:100]))
    rows[0]["手机号"] = "19600009999"
    second = write_table(tmp_path / "second.csv", [*rows[:90], *rows[100:105]])
    preview = await fund.rolls.stage(OPERATOR, second, "roll.csv", MEMBERS)
    assert preview.counts == Counts(new=5, changed=1, unchanged=89, leaving=10)
    assert preview.import_id is not None
    await fund.rolls.apply(OPERATOR, preview.import_id)
    assert await on_roll(fund, MEMBERS) == {row["党员编号"] for row in [*rows[:90], *rows[100:105]]}
    back = await fund.rolls.check(OPERATOR, write_table(tmp_path / "third.csv", rows[:100]), MEMBERS)
    assert back.counts == Counts(new=10, unchanged=90, leaving=5)


async def test_those_whom_the_file_does_not_name_may_stay(fund: Fund, tmp_path: Path) -> None:
    rows = read_table(HOUSEHOLDS)
    await bring_in(fund, HOUSEHOLDS, write_table(tmp_path / "first.csv", rows[:50]))
    preview = await fund.rolls.stage(OPERATOR, write_table(tmp_path / "two.csv", rows[45:60]), "two.csv", HOUSEHOLDS)
    assert preview.counts.leaving > 0
    assert preview.import_id is not None
    applied = await fund.rolls.apply(OPERATOR, preview.import_id, keep_missing=True)
    assert sum(counts.leaving for counts in applied.by_fund.values()) == 0
    assert await on_roll(fund, HOUSEHOLDS) == {row["户编号"] for row in rows[:60]}


@pytest.mark.parametrize("kind", [MEMBERS, HOUSEHOLDS])
async def test_leaving_is_kept_with_its_day_and_its_reason(fund: Fund, kind: RollKind, tmp_path: Path) -> None:
    rows = read_table(kind)
    first = await bring_in(fund, kind)
    second = await bring_in(fund, kind, write_table(tmp_path / "second.csv", rows[1:]))

    def ask(db: sqlite3.Connection) -> tuple[list[Exit | None], dict[int, str | None]]:
        if kind is MEMBERS:
            ids = [store.member_id_of(db, row["党员编号"]) for row in rows[:2]]
            found = [store.find_member(db, member_id or 0) for member_id in ids]
            exits = [member.exit for member in found if member]
        else:
            ids = [store.beneficiary_id_of(db, row["户编号"]) for row in rows[:2]]
            households = [store.find_beneficiary(db, household_id or 0) for household_id in ids]
            exits = [household.exit for household in households if household]
        return exits, dict(db.execute("SELECT id, exit_reason FROM roll_import").fetchall())

    exits, reasons = await fund.ground.db.read(ask)
    assert exits == [Exit(fund.ground.today(), ExitReason.NOT_ON_LIST), None]
    assert reasons == {first.id: None, second.id: "not_on_list"}


async def test_only_people_of_the_files_funds_can_leave(fund: Fund, tmp_path: Path) -> None:
    rows = read_table(MEMBERS)
    await bring_in(fund, MEMBERS)
    changshu = [row for row in rows if row["基金"] == "常熟市"]
    preview = await fund.rolls.check(OPERATOR, write_table(tmp_path / "part.csv", changshu[1:]), MEMBERS)
    assert preview.by_fund == {"changshu": Counts(unchanged=len(changshu) - 1, leaving=1)}


async def test_a_clerk_touches_one_fund_only(fund: Fund, tmp_path: Path) -> None:
    rows = read_table(MEMBERS)
    clerk = clerk_of("changshu")
    refused = await fund.rolls.stage(clerk, CLEAN[MEMBERS], "roll.csv", MEMBERS)
    strangers = [number for number, row in enumerate(rows, 2) if row["基金"] != "常熟市"]
    assert [fault.row for fault in refused.faults] == strangers
    assert {fault.reason for fault in refused.faults} == {Reason.NOT_YOUR_FUND}
    own = write_table(tmp_path / "own.csv", [row for row in rows if row["基金"] == "常熟市"])
    assert (await fund.rolls.check(clerk, own, MEMBERS)).refused == 0


async def test_nobody_is_taken_from_another_fund_before_that_lets_them_go(fund: Fund, tmp_path: Path) -> None:
    """With the own account in the row, the money of the other fund's household would come to it."""
    rows = read_table(HOUSEHOLDS)
    await bring_in(fund, HOUSEHOLDS)
    theirs = next(row for row in rows if row["基金"] == "苏州市级")
    own = [row for row in rows if row["基金"] == "常熟市"]
    home = {header: own[0][header] for header in ("基金", "区(市)", "街道(镇)", "社区(村)")}
    taking = write_table(tmp_path / "taking.csv", [*own, theirs | home])
    refused = await fund.rolls.stage(clerk_of("changshu"), taking, "roll.csv", HOUSEHOLDS)
    assert [(fault.row, fault.reason) for fault in refused.faults] == [(len(own) + 2, Reason.NUMBER_IN_OTHER_HANDS)]

    left = [row for row in rows if row["基金"] == "苏州市级" and row is not theirs]
    await bring_in(fund, HOUSEHOLDS, write_table(tmp_path / "left.csv", left), clerk_of("city"))
    taken = await fund.rolls.stage(clerk_of("changshu"), taking, "roll.csv", HOUSEHOLDS)
    assert taken.by_fund == {"changshu": Counts(new=1, unchanged=len(own))}


async def test_no_member_is_taken_from_another_district(fund: Fund, tmp_path: Path) -> None:
    rows = read_table(MEMBERS)
    await bring_in(fund, MEMBERS)
    own = [row for row in rows if row["区(市)"] == "吴中区"]
    theirs = next(row for row in rows if row["基金"] == own[0]["基金"] and row["区(市)"] != "吴中区")
    taking = write_table(tmp_path / "taking.csv", [*own, theirs | {"区(市)": "吴中区"}])
    refused = await fund.rolls.check(clerk_of("city", "吴中区"), taking, MEMBERS)
    assert [fault.reason for fault in refused.faults] == [Reason.NUMBER_IN_OTHER_HANDS]


async def test_a_district_clerk_lets_nobody_of_another_district_leave(fund: Fund, tmp_path: Path) -> None:
    await bring_in(fund, MEMBERS)
    own = [row for row in read_table(MEMBERS) if row["区(市)"] == "吴中区"]
    preview = await fund.rolls.check(clerk_of("city", "吴中区"), write_table(tmp_path / "own.csv", own[:-1]), MEMBERS)
    assert preview.counts == Counts(unchanged=len(own) - 1, leaving=1)


async def test_a_county_clerk_does_not_import_the_citys_students(fund: Fund) -> None:
    preview = await fund.rolls.stage(clerk_of("changshu"), CLEAN[STUDENTS], "roll.csv", STUDENTS)
    assert (preview.refused, await on_roll(fund, STUDENTS)) == (12, set())


async def test_a_dry_run_writes_nothing_at_all(fund: Fund) -> None:
    await bring_in(fund, MEMBERS)
    before = fund.ground.db.path.with_name("fund.db-wal").read_bytes()
    preview = await fund.rolls.check(OPERATOR, CLEAN[HOUSEHOLDS], HOUSEHOLDS)
    assert preview.counts == Counts(new=80)
    assert fund.ground.db.path.with_name("fund.db-wal").read_bytes() == before


async def test_a_competing_import_makes_the_preview_void(fund: Fund, tmp_path: Path) -> None:
    rows = read_table(MEMBERS)
    slow = await fund.rolls.stage(clerk_of("city"), _city(tmp_path / "city.csv", rows), "city.csv", MEMBERS)
    await bring_in(fund, MEMBERS, write_table(tmp_path / "other.csv", rows[:3]))
    assert slow.import_id is not None
    with pytest.raises(Overtaken):
        await fund.rolls.apply(clerk_of("city"), slow.import_id)
    assert await on_roll(fund, MEMBERS) == {row["党员编号"] for row in rows[:3]}
    assert await versions_left(fund) == 0


def _city(path: Path, rows: list[dict[str, str]]) -> Path:
    return write_table(path, [row for row in rows if row["基金"] == "苏州市级"])


async def test_confirming_twice_gives_the_same_single_result(fund: Fund) -> None:
    preview = await fund.rolls.stage(OPERATOR, CLEAN[MEMBERS], "roll.csv", MEMBERS)
    assert preview.import_id is not None
    first = await fund.rolls.apply(OPERATOR, preview.import_id)
    assert await fund.rolls.apply(OPERATOR, preview.import_id, keep_missing=True) == first
    assert (await fund.rolls.cancel(OPERATOR, preview.import_id)).state == "applied"


async def test_two_confirms_at_the_same_moment_give_the_same_single_result(fund: Fund) -> None:
    preview = await fund.rolls.stage(OPERATOR, CLEAN[MEMBERS], "roll.csv", MEMBERS)
    assert preview.import_id is not None
    one, other = await asyncio.gather(*(fund.rolls.apply(OPERATOR, preview.import_id) for _ in range(2)))
    assert one == other
    assert one.state == "applied"


async def test_a_crash_while_the_missing_were_let_stay_cannot_end_half_way(fund: Fund, tmp_path: Path) -> None:
    rows = read_table(MEMBERS)
    await bring_in(fund, MEMBERS)
    part = write_table(tmp_path / "part.csv", [rows[0] | {"手机号": ""}, *rows[1:60]])
    preview = await fund.rolls.stage(OPERATOR, part, "part.csv", MEMBERS)
    import_id = preview.import_id
    assert import_id is not None
    await fund.ground.db.write(lambda db: MemberVersions().drop_leaving(db, import_id, 3))
    with pytest.raises(Overtaken):
        await fund.rolls.apply(OPERATOR, import_id)
    assert (len(await on_roll(fund, MEMBERS)), await versions_left(fund)) == (120, 0)


async def test_a_cancelled_import_leaves_nothing(fund: Fund) -> None:
    preview = await fund.rolls.stage(OPERATOR, CLEAN[MEMBERS], "roll.csv", MEMBERS)
    assert preview.import_id is not None
    assert (await fund.rolls.cancel(OPERATOR, preview.import_id)).state == "cancelled"
    assert (await on_roll(fund, MEMBERS), await versions_left(fund)) == (set(), 0)
    assert await fund.ground.db.read(lambda db: db.execute("SELECT count(*) FROM member").fetchone()) == (0,)
    with pytest.raises(Overtaken):
        await fund.rolls.apply(OPERATOR, preview.import_id)


async def test_a_fund_that_was_taken_from_the_clerk_since_the_preview_is_not_touched(fund: Fund) -> None:
    preview = await fund.rolls.stage(OPERATOR, CLEAN[MEMBERS], "roll.csv", MEMBERS)
    assert preview.import_id is not None
    with pytest.raises(NotAllowed):
        await fund.rolls.apply(clerk_of("changshu"), preview.import_id)
    assert await on_roll(fund, MEMBERS) == set()


async def test_an_import_is_its_clerks_own(fund: Fund) -> None:
    preview = await fund.rolls.stage(OPERATOR, CLEAN[MEMBERS], "roll.csv", MEMBERS)
    assert preview.import_id is not None
    other = Actor(user_id=2, staff_id=7, staff_rights=clerk_of("city").staff_rights)
    for import_id in (preview.import_id, 4711):
        with pytest.raises(NotAllowed):
            await fund.rolls.apply(other, import_id)
        with pytest.raises(NotAllowed):
            await fund.rolls.cancel(other, import_id)


async def test_a_stranger_imports_nothing(fund: Fund) -> None:
    with pytest.raises(NotAllowed):
        await fund.rolls.stage(Actor(user_id=1), CLEAN[MEMBERS], "roll.csv", MEMBERS)
    with pytest.raises(NotAllowed):
        await fund.rolls.check(Actor(user_id=1), CLEAN[MEMBERS], MEMBERS)


async def test_a_file_that_breaks_half_way_leaves_nothing(fund: Fund, tmp_path: Path) -> None:
    broken = tmp_path / "broken.csv"
    text = CLEAN[MEMBERS].read_text(encoding="utf-8-sig")
    broken.write_text(f'{text}DY199999,"\n', encoding="utf-8")
    with pytest.raises(FileRefused) as refusal:
        await fund.rolls.stage(OPERATOR, broken, "roll.csv", MEMBERS)
    assert refusal.value.reason is FileReason.BROKEN_QUOTES
    assert await versions_left(fund) == 0


async def test_a_crash_while_staging_leaves_nothing_on_the_roll_and_is_cleaned_up(
    settings: Settings, clock: TurnableClock, tmp_path: Path
) -> None:
    class Crash(BaseException):
        pass

    def crash(rows: int) -> None:
        if rows >= 100:
            raise Crash

    async with open_fund(settings, clock=clock) as fund:
        with pytest.raises(Crash):
            await fund.rolls.stage(OPERATOR, CLEAN[MEMBERS], "roll.csv", MEMBERS, progress=crash)
        assert await versions_left(fund) > 0
    async with open_fund(settings, clock=clock) as fund:
        assert await on_roll(fund, MEMBERS) == set()
        await bring_in(fund, MEMBERS)
        assert (len(await on_roll(fund, MEMBERS)), await versions_left(fund)) == (120, 0)


async def test_anothers_crash_is_cleaned_up_once_it_is_surely_one(fund: Fund, clock: TurnableClock) -> None:
    left = await fund.rolls.stage(OPERATOR, CLEAN[MEMBERS], "roll.csv", MEMBERS)
    assert left.import_id is not None
    await bring_in(fund, HOUSEHOLDS)
    assert await versions_left(fund) == 120
    clock.forward(days=1.1)
    await bring_in(fund, STUDENTS)
    assert await versions_left(fund) == 0


async def test_an_import_that_another_process_dropped_gives_up(fund: Fund) -> None:
    def drop(rows: int) -> None:
        with closing(connect_writer(fund.ground.db.path)) as elsewhere:
            elsewhere.execute("UPDATE roll_import SET state = 'cancelled' WHERE state = 'staging'")

    with pytest.raises(Overtaken):
        await fund.rolls.stage(OPERATOR, CLEAN[MEMBERS], "roll.csv", MEMBERS, progress=drop)
    assert (await on_roll(fund, MEMBERS), await versions_left(fund)) == (set(), 0)


async def test_the_same_person_under_another_number_goes_to_a_human(fund: Fund, tmp_path: Path) -> None:
    rows = read_table(HOUSEHOLDS)
    await bring_in(fund, HOUSEHOLDS, write_table(tmp_path / "first.csv", rows[:20]))
    twin = rows[0] | {"户编号": "HU299999", "银行卡号": rows[30]["银行卡号"]}
    account = rows[31] | {"银行卡号": rows[1]["银行卡号"]}
    preview = await fund.rolls.check(
        OPERATOR, write_table(tmp_path / "two.csv", [*rows[2:20], twin, account]), HOUSEHOLDS
    )
    assert [(fault.row, fault.reason, fault.hint) for fault in preview.faults] == [
        (20, Reason.IDENTITY_ON_ROLL, "••0000"),
        (21, Reason.CARD_ON_ROLL, "••0001"),
    ]
    assert preview.refused == 2


async def test_two_accounts_mixed_up_on_the_roll_can_be_put_right(fund: Fund, tmp_path: Path) -> None:
    rows = read_table(HOUSEHOLDS)
    await bring_in(fund, HOUSEHOLDS, write_table(tmp_path / "first.csv", rows))
    rows[0]["银行卡号"], rows[1]["银行卡号"] = rows[1]["银行卡号"], rows[0]["银行卡号"]
    preview = await fund.rolls.check(OPERATOR, write_table(tmp_path / "right.csv", rows), HOUSEHOLDS)
    assert (preview.counts, preview.refused) == (Counts(changed=2, unchanged=78), 0)


async def test_a_students_number_is_not_a_households(fund: Fund, tmp_path: Path) -> None:
    rows = read_table(HOUSEHOLDS)
    await bring_in(fund, STUDENTS)
    await bring_in(fund, HOUSEHOLDS, write_table(tmp_path / "first.csv", rows[:2]))
    mixed = write_table(tmp_path / "mixed.csv", [*rows[:2], rows[2] | {"户编号": "XS300000"}])
    preview = await fund.rolls.check(OPERATOR, mixed, HOUSEHOLDS)
    assert [fault.reason for fault in preview.faults] == [Reason.NUMBER_ON_OTHER_ROLL]


async def test_nor_is_it_on_the_very_first_roll_of_students(fund: Fund, tmp_path: Path) -> None:
    """The household's name and account would have become the student's."""
    await bring_in(fund, HOUSEHOLDS)
    student = read_table(STUDENTS)[0] | {"学生编号": read_table(HOUSEHOLDS)[0]["户编号"]}
    refused = await fund.rolls.stage(OPERATOR, write_table(tmp_path / "first.csv", [student]), "roll.csv", STUDENTS)
    assert [fault.reason for fault in refused.faults] == [Reason.NUMBER_ON_OTHER_ROLL]


async def test_old_identity_numbers_are_pointed_out(fund: Fund, tmp_path: Path) -> None:
    row = read_table(HOUSEHOLDS)[0] | {"身份证号": "990105400805311"}
    preview = await fund.rolls.check(OPERATOR, write_table(tmp_path / "old.csv", [row]), HOUSEHOLDS)
    assert (preview.legacy_rows, preview.refused) == ((2,), 0)


async def test_a_flood_of_faults_is_counted_and_not_kept(
    fund: Fund, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparing, "FAULTS_KEPT", 10)
    rows = [row | {"基金": "未知"} for row in read_table(MEMBERS)]
    preview = await fund.rolls.check(OPERATOR, write_table(tmp_path / "bad.csv", rows), MEMBERS)
    assert (preview.refused, len(preview.faults)) == (120, 10)

"""An approved account is not undone by the next roll: who is behind is named, and not paid into the old account."""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path

import pytest

from carefund_bot.access import OPERATOR, Actor, Right, Role
from carefund_bot.domain.cases import CaseKind, Said
from carefund_bot.domain.changes import Detail, Evidence, What
from carefund_bot.domain.money import Money
from carefund_bot.domain.payouts import BatchPlan, LineState
from carefund_bot.errors import RollBehind
from carefund_bot.files.headers import RollKind
from carefund_bot.fund import Fund
from carefund_bot.seeding.people import card_number
from carefund_bot.services.aid import LINE_PLACE
from carefund_bot.store import people
from carefund_bot.store.changes import account_on_roll
from sandbox import Sandbox
from tests.cast import make_staff
from tests.conftest import TurnableClock
from tests.payouts import add_line_event, write_batch
from tests.services.rosters import bring_in, clerk_of, read_table, write_table

HOUSEHOLDS = RollKind.HOUSEHOLDS
CORRECTED = LineState.CORRECTED
NEW_CARD = card_number(777_777)
PLAN = BatchPlan("city", "household", Money.yuan(100), date(2012, 6, 25))


async def staff(fund: Fund, *rights: Right) -> Actor:
    sealed = fund.ground.sealer.seal("staff", {"name": "某某"})

    def write(db: sqlite3.Connection) -> int:
        staff_id = people.add_staff(db, sealed, 0)
        for right in rights:
            people.grant(db, staff_id, right, None, 0)
        return staff_id

    staff_id = await fund.ground.db.write(write)
    return Actor(user_id=900 + staff_id, staff_id=staff_id, staff_rights=rights)


@pytest.fixture
def roll() -> list[dict[str, str]]:
    """Two households of the city fund."""
    return [row for row in read_table(HOUSEHOLDS) if row["基金"] == "苏州市级"][:2]


async def approve_new_account(fund: Fund, number: str, clock: TurnableClock) -> int:
    """The first household's new card is seen, approved and in force; gives the household."""
    (beneficiary_id,) = await fund.ground.db.read(
        lambda db: db.execute("SELECT id FROM beneficiary WHERE number = ?", (number,)).fetchone()
    )
    household = Actor(user_id=11, beneficiary_ids=(beneficiary_id,))
    clerk, checker = await staff(fund, Right(Role.MAKER)), await staff(fund, Right(Role.CHECKER))
    case = await fund.asking.open(household, "card", CaseKind.ACCOUNT_CHANGE, Said(""))
    await fund.desk.claim(clerk, "claim", case.id)
    change = await fund.changing.propose(clerk, "change", case.id, What.ACCOUNT, Evidence.OWN, Detail(NEW_CARD[-4:]))
    await fund.changing.decide(checker, "yes", change.id, approve=True)
    clock.forward(days=2)
    await fund.minding.look()
    return int(beneficiary_id)


async def test_the_next_rolls_preview_names_who_is_behind(
    fund: Fund, tmp_path: Path, clock: TurnableClock, roll: list[dict[str, str]]
) -> None:
    await bring_in(fund, HOUSEHOLDS, write_table(tmp_path / "first.csv", roll))
    await approve_new_account(fund, roll[0]["户编号"], clock)
    again = write_table(tmp_path / "again.csv", [roll[0] | {"家庭人口": "4"}, roll[1]])
    preview = await fund.rolls.stage(OPERATOR, again, "again.csv", HOUSEHOLDS)
    (behind,) = await fund.rolls.behind_changes(OPERATOR, HOUSEHOLDS, preview.import_id)
    assert (behind.number, behind.tail) == (roll[0]["户编号"], NEW_CARD[-4:])
    in_a_branch = Actor(user_id=1, staff_rights=(Right(Role.MAKER, branch_id=1),))
    for elsewhere in (clerk_of("changshu"), in_a_branch):
        assert await fund.rolls.behind_changes(elsewhere, HOUSEHOLDS, None) == []
    assert await fund.rolls.behind_changes(OPERATOR, RollKind.STUDENTS, None) == []
    await fund.rolls.cancel(OPERATOR, preview.import_id or 0)
    mended = write_table(tmp_path / "mended.csv", [roll[0] | {"银行卡号": NEW_CARD}, roll[1]])
    preview = await fund.rolls.stage(OPERATOR, mended, "mended.csv", HOUSEHOLDS)
    assert await fund.rolls.behind_changes(OPERATOR, HOUSEHOLDS, preview.import_id) == []
    assert preview.import_id
    await fund.rolls.apply(OPERATOR, preview.import_id)
    back = await fund.rolls.stage(OPERATOR, again, "again.csv", HOUSEHOLDS)
    assert await fund.rolls.behind_changes(OPERATOR, HOUSEHOLDS, back.import_id), "a roll that goes back is seen too"


async def test_no_batch_pays_into_the_old_account(
    fund: Fund, tmp_path: Path, clock: TurnableClock, roll: list[dict[str, str]]
) -> None:
    await bring_in(fund, HOUSEHOLDS, write_table(tmp_path / "first.csv", roll))
    changed = await approve_new_account(fund, roll[0]["户编号"], clock)
    maker = await staff(fund, Right(Role.MAKER))
    count = await fund.payout_runs.count(maker, PLAN)
    assert (count.payees, count.held) == (1, 1)
    await fund.payout_runs.prepare(maker, "first", PLAN, count)
    assert changed not in await paid(fund)
    mended = write_table(tmp_path / "mended.csv", [roll[0] | {"银行卡号": NEW_CARD}, roll[1]])
    await bring_in(fund, HOUSEHOLDS, mended)
    count = await fund.payout_runs.count(maker, PLAN)
    assert (count.payees, count.already, count.held) == (1, 1, 0)
    await fund.payout_runs.prepare(maker, "second", PLAN, count)
    assert (await paid(fund))[changed] == NEW_CARD, "what was approved is what the line holds"


async def test_nor_is_a_line_that_came_back_sent_to_it_again(
    fund: Fund, tmp_path: Path, clock: TurnableClock, roll: list[dict[str, str]]
) -> None:
    await bring_in(fund, HOUSEHOLDS, write_table(tmp_path / "first.csv", roll))
    changed = await approve_new_account(fund, roll[0]["户编号"], clock)
    line_id = await write_batch(fund, changed, "planned", "approved", "instructed", "paid")
    await add_line_event(fund, line_id, "returned", "2012-06-20", "closed")
    maker, releaser = await staff(fund, Right(Role.MAKER)), await staff(fund, Right(Role.RELEASER))
    lines = fund.payout_lines
    for attempt in (lines.consider(maker, line_id, CORRECTED), lines.record(maker, "early", line_id, CORRECTED)):
        with pytest.raises(RollBehind):
            await attempt
    await bring_in(fund, HOUSEHOLDS, write_table(tmp_path / "mended.csv", [roll[0] | {"银行卡号": NEW_CARD}, roll[1]]))
    card = await lines.record(maker, "after", line_id, CORRECTED)
    assert card.account_tail == NEW_CARD[-4:]
    await lines.record(releaser, "again", line_id, LineState.RE_INSTRUCTED)


async def test_nor_is_one_sent_that_was_corrected_before_the_change(
    fund: Fund, tmp_path: Path, clock: TurnableClock, roll: list[dict[str, str]]
) -> None:
    await bring_in(fund, HOUSEHOLDS, write_table(tmp_path / "first.csv", roll))
    changed = await approve_new_account(fund, roll[0]["户编号"], clock)
    line_id = await write_batch(fund, changed, "planned", "approved", "instructed", "paid")
    await add_line_event(fund, line_id, "returned", "2012-06-20", "closed")
    await add_line_event(fund, line_id, "corrected", "2012-06-21")
    with pytest.raises(RollBehind):
        await fund.payout_lines.record(
            await staff(fund, Right(Role.RELEASER)), "again", line_id, LineState.RE_INSTRUCTED
        )


async def paid(fund: Fund) -> dict[int, str]:
    """Account by household."""
    rows = await fund.ground.db.read(
        lambda db: db.execute("SELECT beneficiary_id, sealed FROM payment_line").fetchall()
    )
    return {payee: str(fund.ground.sealer.open(LINE_PLACE, sealed)["card"]) for payee, sealed in rows}


async def test_an_office_that_writes_a_third_account_is_not_second_guessed(
    fund: Fund, tmp_path: Path, clock: TurnableClock, roll: list[dict[str, str]]
) -> None:
    await bring_in(fund, HOUSEHOLDS, write_table(tmp_path / "first.csv", roll))
    changed = await approve_new_account(fund, roll[0]["户编号"], clock)
    third = write_table(tmp_path / "third.csv", [roll[0] | {"银行卡号": card_number(888_888)}, roll[1]])
    await bring_in(fund, HOUSEHOLDS, third)
    assert await fund.rolls.behind_changes(OPERATOR, HOUSEHOLDS, None) == []
    on_roll = await fund.ground.db.read(lambda db: account_on_roll(db, changed, None))
    assert on_roll is not None


async def test_the_clerk_reads_it_below_the_preview(
    sandbox: Sandbox, bot: Fund, tmp_path: Path, clock: TurnableClock, roll: list[dict[str, str]]
) -> None:
    path = write_table(tmp_path / "first.csv", roll)
    await bring_in(bot, HOUSEHOLDS, path)
    await approve_new_account(bot, roll[0]["户编号"], clock)
    zhou = sandbox.person("小周")
    await make_staff(bot, zhou, Right(Role.MAKER))
    await zhou.uploads("名册.csv", path.read_bytes())
    assert "一模一样" in zhou.last().text
    assert f"{roll[0]['户编号']}：新账户尾号 {NEW_CARD[-4:]}" in zhou.last().text
    assert NEW_CARD not in zhou.last().text

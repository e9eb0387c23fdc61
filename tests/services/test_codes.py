"""Codes for a whole roll, or for one person, inside one's own fund."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

import pytest

from carefund_bot.access import OPERATOR, Actor, Right, Role
from carefund_bot.errors import NotAllowed
from carefund_bot.files.headers import RollKind
from carefund_bot.fund import Fund
from carefund_bot.services.codes import IssuedCode
from carefund_bot.store import people
from sandbox import Sandbox
from tests.cast import DAI, GUO, HE, JIANG, QIN, Cast, link
from tests.services.rosters import bring_in, clerk_of


async def all_codes(
    fund: Fund, kind: RollKind, actor: Actor = OPERATOR, *, only: str | None = None, renew: bool = False
) -> list[IssuedCode]:
    issued: list[IssuedCode] = []
    while more := await fund.codes.issue_next(
        actor, kind, after_id=issued[-1].id if issued else 0, fund=only, renew=renew
    ):
        issued += more
    return issued


async def test_everybody_on_the_roll_gets_one_code(fund: Fund) -> None:
    await bring_in(fund, RollKind.MEMBERS)
    issued = await all_codes(fund, RollKind.MEMBERS)
    assert len({each.number for each in issued}) == len({each.code for each in issued}) == 120
    assert issued[0].masked_name == "付*红"
    assert issued[0].place == "金阊区示例第1党委 第5党支部"


async def test_a_code_from_the_list_opens_the_door(fund: Fund, cast: Cast) -> None:
    (first, _) = await all_codes(fund, RollKind.HOUSEHOLDS)
    assert await fund.linking.look_at(Actor(user_id=5), first.printed) == "beneficiary"


async def test_whoever_is_bound_or_holds_a_live_code_is_passed_over(sandbox: Sandbox, bot: Fund, cast: Cast) -> None:
    await link(bot, sandbox.person("秦兰"), "member", cast.members[QIN])
    assert [each.number for each in await all_codes(bot, RollKind.MEMBERS)] == [HE]
    assert await all_codes(bot, RollKind.MEMBERS) == []
    assert [each.number for each in await all_codes(bot, RollKind.MEMBERS, renew=True)] == [HE]


async def test_households_and_students_are_two_lists(fund: Fund, cast: Cast) -> None:
    assert {each.number for each in await all_codes(fund, RollKind.HOUSEHOLDS)} == {GUO, JIANG}
    assert {each.number for each in await all_codes(fund, RollKind.STUDENTS)} == {DAI}


async def test_a_list_stays_inside_the_fund(fund: Fund, cast: Cast) -> None:
    assert [each.number for each in await all_codes(fund, RollKind.MEMBERS, only="changshu")] == [HE]
    assert [each.number for each in await all_codes(fund, RollKind.MEMBERS, clerk_of("city"), only="city")] == [QIN]
    for not_theirs in ("changshu", None):
        with pytest.raises(NotAllowed):
            await all_codes(fund, RollKind.MEMBERS, clerk_of("city"), only=not_theirs)


async def test_a_right_inside_one_branch_reaches_its_members_and_no_household(fund: Fund, cast: Cast) -> None:
    branch_id = await fund.ground.db.read(
        lambda db: db.execute("SELECT id FROM party_branch WHERE fund = 'city'").fetchone()[0]
    )
    clerk = Actor(staff_id=None, staff_rights=(Right(Role.MAKER, branch_id=branch_id),))
    assert (await fund.codes.issue_one(clerk, QIN)).number == QIN
    for number in (HE, GUO, DAI):
        with pytest.raises(NotAllowed):
            await fund.codes.issue_one(clerk, number)


async def test_another_funds_number_and_nobodys_are_refused_alike(fund: Fund, cast: Cast) -> None:
    issued = await fund.codes.issue_one(clerk_of("city"), GUO)
    assert (issued.number, issued.masked_name, issued.place) == (GUO, "郭*", "南桥街道 菊花社区")
    for number in (JIANG, HE, "DY999999"):
        with pytest.raises(NotAllowed):
            await fund.codes.issue_one(clerk_of("city"), number)
    with pytest.raises(NotAllowed):
        await fund.codes.issue_one(Actor(user_id=9, member_id=cast.members[QIN]), QIN)


async def test_a_new_code_stops_the_old_one(fund: Fund, cast: Cast) -> None:
    old, new = [(await fund.codes.issue_one(OPERATOR, QIN)).code for _ in range(2)]
    assert await fund.linking.look_at(Actor(user_id=5), new) == "member"
    assert await fund.ground.db.read(
        lambda db: db.execute("SELECT count(*) FROM link_code WHERE revoked_at IS NULL").fetchone()
    ) == (1,)
    assert old != new


async def test_the_same_request_again_is_the_same_code_and_it_stays_good(fund: Fund, cast: Cast) -> None:
    first, again = [(await fund.codes.issue_one(OPERATOR, QIN, "request")).code for _ in range(2)]
    other = await fund.codes.issue_one(OPERATOR, GUO, "request")
    assert first == again != other.code
    assert await fund.linking.look_at(Actor(user_id=7), first) == "member"


def by_hand(sentence: str) -> Callable[[sqlite3.Connection], object]:
    return lambda db: db.execute(sentence)


async def test_a_code_revoked_meanwhile_is_not_used(fund: Fund, cast: Cast) -> None:
    """Its holder had looked at it; then the office issued another one."""
    for _ in range(2):
        await fund.codes.issue_one(OPERATOR, GUO)
    used = await fund.ground.db.write(
        lambda db: [people.use_code(db, code_id, fund.ground.now()) for code_id in (1, 2)]
    )
    assert used == [False, True]


@pytest.mark.parametrize(
    "change", ["used_at = NULL", "revoked_at = NULL", "subject_id = subject_id + 1", "digest = x'01'"]
)
async def test_a_code_that_is_over_is_not_brought_back(fund: Fund, cast: Cast, change: str) -> None:
    for _ in range(2):
        await fund.codes.issue_one(OPERATOR, GUO)
    await fund.ground.db.write(lambda db: people.use_code(db, 2, fund.ground.now()))
    for code_id in (1, 2):
        with pytest.raises(sqlite3.IntegrityError, match="works once"):
            await fund.ground.db.write(by_hand(f"UPDATE link_code SET {change} WHERE id = {code_id}"))


async def test_a_live_code_does_not_change_hands(fund: Fund, cast: Cast) -> None:
    await fund.codes.issue_one(OPERATOR, GUO)
    for change in ("subject_id = subject_id + 1", "subject = 'staff'"):
        with pytest.raises(sqlite3.IntegrityError, match="for one person"):
            await fund.ground.db.write(by_hand(f"UPDATE link_code SET {change}"))

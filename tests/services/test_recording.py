"""Money is recorded once, whole, and only by those whose hands it is in; members keep their giving to themselves."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carefund_bot.access import OPERATOR, Actor, Right, Role
from carefund_bot.domain.money import Money
from carefund_bot.domain.pledges import EventKind, Rhythm, Terms
from carefund_bot.domain.remittances import (
    Channel,
    CheckedList,
    Entry,
    ProblemKind,
    ReversalReason,
    campaign_year,
    channel_named,
    totals_by_fund,
)
from carefund_bot.domain.typed_days import NotDay, read_past_day
from carefund_bot.errors import NotAllowed, Overtaken, TotalDiffers
from carefund_bot.files.headers import RollKind
from carefund_bot.fund import Fund
from tests.cast import CITY_CLERK, HE, QIN, Cast
from tests.services.rosters import SAMPLES, bring_in

TODAY = date(2012, 6, 1)


def gift_of(cast: Cast, number: str = QIN, yuan: int = 100, fund: str = "city", row: int | None = None) -> Entry:
    return Entry(cast.members[number], fund, Money.yuan(yuan), TODAY, Channel.CASH, row)


def list_of(*entries: Entry, digest: bytes = b"d" * 32) -> CheckedList:
    return CheckedList(digest, "支部.csv", entries)


async def count(fund: Fund, table: str) -> int:
    (found,) = await fund.ground.db.read(lambda db: db.execute(f"SELECT count(*) FROM {table}").fetchone())
    return int(found)


@pytest.mark.parametrize(
    "right",
    [Right(Role.COLLECTOR, "city", "相城区"), Right(Role.COLLECTOR, branch_id=2), Right(Role.CHECKER, "city")],
)
async def test_area_branch_and_role_bound_a_clerk(fund: Fund, cast: Cast, right: Right) -> None:
    with pytest.raises(NotAllowed):
        await fund.recording.record(Actor(user_id=9, staff_rights=(right,)), "new", gift_of(cast))


async def test_one_row_out_of_hand_takes_the_whole_list_back(fund: Fund, cast: Cast) -> None:
    clerk = Actor(user_id=9, staff_rights=(CITY_CLERK,))
    mixed = list_of(gift_of(cast, row=2), gift_of(cast, HE, fund="changshu", row=3))
    with pytest.raises(NotAllowed):
        await fund.recording.record_list(clerk, "new", mixed, mixed.sum)
    assert await count(fund, "contribution") == await count(fund, "remittance") == await count(fund, "outbox") == 0


async def test_a_fund_that_the_roll_no_longer_says_is_not_booked(fund: Fund, cast: Cast) -> None:
    with pytest.raises(Overtaken):
        await fund.recording.record(OPERATOR, "new", gift_of(cast, fund="kunshan"))


async def test_a_total_that_differs_by_a_fen_leaves_the_list_open(fund: Fund, cast: Cast) -> None:
    checked = list_of(gift_of(cast, row=2))
    with pytest.raises(TotalDiffers) as refusal:
        await fund.recording.record_list(OPERATOR, "new", checked, Money(10001))
    assert (refusal.value.announced_fen, refusal.value.counted_fen) == (10001, 10000)
    assert await count(fund, "remittance") == 0


async def test_the_same_file_under_another_confirmation_records_nothing(fund: Fund, cast: Cast) -> None:
    checked = list_of(gift_of(cast, row=2))
    first = await fund.recording.record_list(OPERATOR, "one", checked, checked.sum)
    assert await fund.recording.record_list(OPERATOR, "one", checked, checked.sum) == first
    with pytest.raises(Overtaken):
        await fund.recording.record_list(OPERATOR, "two", checked, checked.sum)
    assert await count(fund, "contribution") == 1


async def test_a_collectors_name_stands_by_what_they_collected(fund: Fund, cast: Cast) -> None:
    staff_id = await fund.ground.db.write(
        lambda db: db.execute("INSERT INTO staff (sealed, created_at) VALUES (x'00', 0) RETURNING id").fetchone()[0]
    )
    for role, request_id in ((Role.COLLECTOR, "one"), (Role.MAKER, "two")):
        clerk = Actor(user_id=9, staff_id=staff_id, staff_rights=(Right(role, "city"),))
        await fund.recording.record(clerk, request_id, gift_of(cast))
    collectors = await fund.ground.db.read(lambda db: db.execute("SELECT collector_id FROM contribution").fetchall())
    assert collectors == [(staff_id,), (None,)]


async def test_a_taken_back_gift_opens_its_instalment_again(fund: Fund, cast: Cast) -> None:
    qin = Actor(member_id=cast.members[QIN])
    pledge = await fund.pledging.make(qin, "p", Terms(Rhythm.ONCE, Money.yuan(100), 1))
    await fund.recording.record(OPERATOR, "m", gift_of(cast))
    assert (await fund.pledging.one(qin, pledge.pledge.id)).left == Money(0)
    await fund.correcting.reverse(OPERATOR, "x", 1, ReversalReason.NOT_RECEIVED)
    assert (await fund.pledging.one(qin, pledge.pledge.id)).left == Money.yuan(100)
    assert (await fund.giving.year(qin)).total == Money(0)


async def test_one_confirmation_makes_one_pledge_and_one_change(fund: Fund, cast: Cast) -> None:
    qin, terms = Actor(member_id=cast.members[QIN]), Terms(Rhythm.MONTHLY, Money.yuan(50))
    made = await fund.pledging.make(qin, "p", terms)
    assert await fund.pledging.make(qin, "p", terms) == made
    paused = await fund.pledging.change(qin, "c", made.pledge.id, EventKind.PAUSED)
    assert await fund.pledging.change(qin, "c", made.pledge.id, EventKind.PAUSED) == paused
    with pytest.raises(Overtaken):
        await fund.pledging.change(qin, "another", made.pledge.id, EventKind.PAUSED)
    assert (await count(fund, "pledge"), await count(fund, "pledge_event")) == (1, 1)


async def test_a_pause_leaves_alone_what_is_paid_today(fund: Fund, cast: Cast) -> None:
    qin, terms = Actor(member_id=cast.members[QIN]), Terms(Rhythm.MONTHLY, Money.yuan(50))
    pledge = (await fund.pledging.make(qin, "p", terms)).pledge
    await fund.recording.record(OPERATOR, "m", gift_of(cast, yuan=50))
    assert (await fund.pledging.change(qin, "c", pledge.id, EventKind.PAUSED)).paid == Money.yuan(50)


async def test_what_was_taken_back_is_no_twin(fund: Fund, cast: Cast) -> None:
    await fund.recording.record(OPERATOR, "m", gift_of(cast))
    assert await fund.recording.has_twin(OPERATOR, gift_of(cast))
    await fund.correcting.reverse(OPERATOR, "x", 1, ReversalReason.WRONG_SUM)
    assert not await fund.recording.has_twin(OPERATOR, gift_of(cast))


async def test_a_real_looking_list_fits_its_roll_to_the_fen(fund: Fund) -> None:
    await bring_in(fund, RollKind.MEMBERS)
    fund.ground.clock.forward(days=14)  # type: ignore[attr-defined]
    look = await fund.recording.look_at_list(OPERATOR, SAMPLES / "clean" / "branch_remittance.csv", "支部.csv")
    assert (look.faults, look.problems, look.likely_twice) == ((), (), ())
    assert look.checked
    found = await fund.recording.record_list(OPERATOR, "new", look.checked, look.checked.sum)
    assert found.count == look.row_count == 113
    assert sum(each.sum.fen for each in found.by_fund) == found.sum.fen
    again = await fund.recording.look_at_list(OPERATOR, SAMPLES / "clean" / "branch_remittance.csv", "再来.csv")
    assert again.recorded_on == date(2012, 6, 15)


async def test_a_messy_list_names_its_rows(fund: Fund) -> None:
    await bring_in(fund, RollKind.MEMBERS)
    fund.ground.clock.forward(days=14)  # type: ignore[attr-defined]
    look = await fund.recording.look_at_list(OPERATOR, SAMPLES / "messy" / "branch_remittance.csv", "支部.csv")
    assert look.checked is None
    assert {fault.row for fault in look.faults} >= {6, 7, 8}
    assert {problem.kind for problem in look.problems} >= {ProblemKind.NAME_DIFFERS}


@given(st.lists(st.tuples(st.sampled_from(["city", "kunshan", "wujiang"]), st.integers(1, 10**9).map(Money))))
def test_fund_totals_add_up_to_the_list(amounts: list[tuple[str, Money]]) -> None:
    totals = totals_by_fund(amounts)
    assert sum(each.count for each in totals) == len(amounts)
    assert sum(each.sum.fen for each in totals) == sum(amount.fen for _, amount in amounts)
    assert len({each.fund for each in totals}) == len(totals)


@pytest.mark.parametrize(
    ("word", "channel"),
    [("现金", Channel.CASH), ("银行转账", Channel.BANK), ("网银", Channel.BANK), ("微信", Channel.OTHER)],
)
def test_a_lists_own_word_for_the_channel(word: str, channel: Channel) -> None:
    assert channel_named(word) is channel


def test_the_campaign_year_is_the_calendar_year_of_receipt() -> None:
    assert [campaign_year(date(2011, 12, 31)), campaign_year(date(2012, 1, 1))] == [2011, 2012]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("今天", TODAY),
        ("昨天", date(2012, 5, 31)),
        ("5月31日", date(2012, 5, 31)),
        ("６月１号", TODAY),
        ("5.31", date(2012, 5, 31)),
        ("6月2日", date(2011, 6, 2)),
        ("2011-12-31", date(2011, 12, 31)),
        ("2012年5月1日", date(2012, 5, 1)),
    ],
)
def test_a_typed_day(text: str, day: date) -> None:
    assert read_past_day(text, TODAY) == day


@pytest.mark.parametrize("text", ["", "上周", "2012-06-02", "2009-12-31", "2月30日", "2012-13-01", "100"])
def test_no_day_to_receive_money_on(text: str) -> None:
    with pytest.raises(NotDay):
        read_past_day(text, TODAY)

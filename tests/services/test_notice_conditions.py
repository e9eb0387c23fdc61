"""A condition takes in exactly those who see the same on their own card, and the rounds keep to how it stood."""

from __future__ import annotations

import random

import pytest

from carefund_bot.access import OPERATOR, Actor
from carefund_bot.domain.aid import Stage
from carefund_bot.domain.money import Money
from carefund_bot.domain.notices import Audience, Condition, Place, Reader, conditions_for
from carefund_bot.domain.pledges import EventKind, PledgeState, Rhythm, Terms
from carefund_bot.domain.remittances import Channel, Entry, ReversalReason
from carefund_bot.fund import Fund
from carefund_bot.store import people
from carefund_bot.store.notices import Content
from tests.cast import GUO, QIN, Cast
from tests.conftest import TurnableClock
from tests.payouts import add_line_event, write_batch
from tests.services.test_notices import bind

STANDS_FOR = {
    Stage.ON_ROLL: Condition.PAYOUT_NONE,
    Stage.IN_BATCH: Condition.PAYOUT_PLANNED,
    Stage.APPROVED: Condition.PAYOUT_PLANNED,
    Stage.SENT_TO_BANK: Condition.PAYOUT_AT_BANK,
    Stage.SENT_AGAIN: Condition.PAYOUT_AT_BANK,
    Stage.RETURNED: Condition.PAYOUT_RETURNED,
    Stage.CORRECTED: Condition.PAYOUT_RETURNED,
    Stage.ARRIVED: Condition.PAYOUT_PAID,
}
WAY = ("planned", "approved", "instructed", "paid")
LINES_WAY = ("returned", "corrected", "re_instructed", "paid", "recovered")
OF_HOUSEHOLDS = conditions_for((Reader.HOUSEHOLD,))


async def met_by(fund: Fund, reader: Reader) -> list[Condition]:
    """The conditions under which a notice would reach the one linked reader."""
    met = []
    for condition in conditions_for((reader,)):
        audience = Audience((reader,), Place("city"), condition)
        _, _, reach = await fund.notices.look(OPERATOR, audience)
        assert reach.receiving + reach.not_linked in (0, 1)
        met += [condition] * reach.receiving
    return met


@pytest.mark.parametrize("reached", range(len(WAY) + 1))
async def test_a_batch_on_its_way(fund: Fund, cast: Cast, reached: int) -> None:
    guo = cast.beneficiaries[GUO]
    await bind(fund, 22, "beneficiary", guo)
    if reached:
        await write_batch(fund, guo, *WAY[:reached])
    (aid,) = await fund.aid.mine(Actor(user_id=22, beneficiary_ids=(guo,)))
    assert await met_by(fund, Reader.HOUSEHOLD) == [STANDS_FOR[aid.stage]]


@pytest.mark.parametrize("reached", range(len(LINES_WAY) + 1))
async def test_a_line_that_came_back(fund: Fund, cast: Cast, reached: int) -> None:
    guo = cast.beneficiaries[GUO]
    await bind(fund, 22, "beneficiary", guo)
    line_id = await write_batch(fund, guo, "planned", "approved", "instructed")
    for state in LINES_WAY[:reached]:
        await add_line_event(fund, line_id, state, "2012-06-10", "closed" if state == "returned" else None)
    (aid,) = await fund.aid.mine(Actor(user_id=22, beneficiary_ids=(guo,)))
    expected = [STANDS_FOR[aid.stage]] if aid.stage in STANDS_FOR else []
    assert await met_by(fund, Reader.HOUSEHOLD) == expected


async def test_what_is_out_of_the_payout_again_is_in_none(fund: Fund, cast: Cast) -> None:
    guo = cast.beneficiaries[GUO]
    await bind(fund, 22, "beneficiary", guo)
    await write_batch(fund, guo, "planned", "voided")
    await write_batch(fund, guo, "planned", "approved", "instructed", "paid", year=2011)
    assert await met_by(fund, Reader.HOUSEHOLD) == [Condition.PAYOUT_NONE]


@pytest.mark.parametrize("seed", range(20))
async def test_an_open_pledge_is_one_that_its_member_sees_open(
    fund: Fund, cast: Cast, clock: TurnableClock, seed: int
) -> None:
    chance, qin = random.Random(seed), Actor(user_id=11, member_id=cast.members[QIN])
    await bind(fund, 11, "member", cast.members[QIN])
    gifts: list[int] = []
    for turn in range(8):
        clock.forward(days=chance.choice([0, 1, 20]), minutes=1)
        await happen(fund, qin, chance, gifts, f"{seed}-{turn}")
        pledges = await fund.pledging.mine(qin)
        is_open = any(state.is_live for state in pledges)
        met = await met_by(fund, Reader.MEMBER)
        assert not met or is_open, "nobody is told to owe who does not"
        assert bool(met) is is_open or gave_up_one_beside_another(pledges)


def gave_up_one_beside_another(states: list[PledgeState]) -> bool:
    closed = [(state.pledge.made, closing) for state in states if (closing := state.pledge.closing)]
    running = [state.pledge.made for state in states if state.is_live]
    return any(made < (closing.from_on, closing.at) for made in running for _, closing in closed)


async def happen(fund: Fund, qin: Actor, chance: random.Random, gifts: list[int], request_id: str) -> None:
    """One thing in a member's life as a giver."""
    live = [state.pledge for state in await fund.pledging.mine(qin) if state.is_live]
    match chance.choice(["promise", "give", "give", "give back", "end", "pause"]):
        case "promise" if not live or chance.random() < 0.3:
            times = chance.choice([1, 3, None])
            rhythm = Rhythm.ONCE if times == 1 else Rhythm.MONTHLY
            await fund.pledging.make(qin, request_id, Terms(rhythm, Money.yuan(60), times))
        case "give":
            assert qin.member_id is not None
            amount = Money.yuan(chance.choice([20, 60, 100]))
            entry = Entry(qin.member_id, "city", amount, fund.ground.today(), Channel.CASH)
            made = await fund.recording.record(OPERATOR, request_id, entry)
            assert made.contribution_id
            gifts.append(made.contribution_id)
        case "give back" if gifts:
            await fund.correcting.reverse(OPERATOR, request_id, gifts.pop(), ReversalReason.WRONG_SUM)
        case "end" if live:
            await fund.pledging.change(
                qin, request_id, live[0].id, EventKind.ENDED if live[0].terms.times is None else EventKind.RELEASED
            )
        case "pause" if live and not live[0].is_paused and live[0].terms.rhythm is not Rhythm.ONCE:
            await fund.pledging.change(qin, request_id, live[0].id, EventKind.PAUSED)


async def test_readers_of_both_sides_have_no_condition_in_common() -> None:
    assert conditions_for(tuple(Reader)) == ()
    assert conditions_for((Reader.MEMBER,)) == (Condition.PLEDGE_OPEN,)
    assert set(OF_HOUSEHOLDS) == set(STANDS_FOR.values())


async def test_what_is_queued_is_what_was_counted_and_the_rounds_stay(
    fund: Fund, cast: Cast, clock: TurnableClock
) -> None:
    guo = cast.beneficiaries[GUO]
    line_id = await write_batch(fund, guo, "planned", "approved", "instructed")
    audience = Audience((Reader.HOUSEHOLD,), Place(), Condition.PAYOUT_AT_BANK)
    content = Content(audience=audience, text_zh="钱在路上", text_en=None)
    notice_id = (await fund.notices.send(OPERATOR, "r1", content)).notice.id
    clock.forward(days=1)
    await fund.ground.db.write(
        lambda db: db.execute(
            """
            INSERT INTO payment_event (request_id, line_id, state, staff_id, on_day, at)
            VALUES ('paid', ?, 'paid', ?, '2012-06-02', ?)
            """,
            (line_id, people.add_staff(db, b"sealed", 0), fund.ground.now()),
        )
    )
    rounds = await fund.visiting.rounds(OPERATOR, notice_id)
    assert (rounds.on_roll, [door.number for door in await fund.visiting.doors(OPERATOR, notice_id)]) == (1, [GUO])
    await bind(fund, 22, "beneficiary", guo)
    page = await fund.notice_board.look(Actor(user_id=22, beneficiary_ids=(guo,)))
    assert page.sheets == (), "it has arrived: the notice is no longer for this household"
    found = await fund.notices.progress(OPERATOR, notice_id)
    assert found.notice.audience == audience

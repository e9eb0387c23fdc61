"""Batches: three people, each step once, whatever comes in between."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from carefund_bot.access import OPERATOR, Actor, Permission, Right, Role
from carefund_bot.domain.money import Money
from carefund_bot.domain.payouts import LINE_MOVES, BatchPlan, BatchState, Difference, LineState, ReturnReason
from carefund_bot.errors import NotAllowed, Overtaken, OwnHousehold, OwnRelease, SameHands, TooEarly
from carefund_bot.fund import Fund, open_fund
from carefund_bot.services.ground import new_request_id
from carefund_bot.services.telling import OUTBOX_PLACE
from carefund_bot.settings import Settings
from carefund_bot.store import batches, people
from tests.cast import DAI, GUO, GUO_CARD, JIANG, Cast, code_for
from tests.conftest import TurnableClock
from tests.payouts import leave_roll

PLAN = BatchPlan("city", "household", Money.yuan(1280), date(2012, 6, 25))
STEPS = (BatchState.APPROVED, BatchState.INSTRUCTED, BatchState.PAID)


async def staff(fund: Fund, *roles: Role, fund_code: str | None = "city", area: str | None = None) -> Actor:
    staff_id = await fund.ground.db.write(lambda db: people.add_staff(db, b"sealed", 0))
    return Actor(
        user_id=staff_id, staff_id=staff_id, staff_rights=tuple(Right(role, fund_code, area) for role in roles)
    )


class Hands:
    """A maker, a checker and a releaser of the city fund."""

    def __init__(self, maker: Actor, checker: Actor, releaser: Actor) -> None:
        self.maker, self.checker, self.releaser = maker, checker, releaser

    def of(self, to: BatchState) -> Actor:
        return {BatchState.APPROVED: self.checker, BatchState.INSTRUCTED: self.releaser}.get(to, self.maker)


async def three(fund: Fund) -> Hands:
    return Hands(*[await staff(fund, role) for role in (Role.MAKER, Role.CHECKER, Role.RELEASER)])


async def made(fund: Fund, maker: Actor, plan: BatchPlan = PLAN, request_id: str = "made") -> int:
    card = await fund.payout_runs.prepare(maker, request_id, plan, await fund.payout_runs.count(maker, plan))
    return card.id


async def moved(fund: Fund, hands: Hands, batch_id: int, *states: BatchState) -> None:
    for to in states:
        await fund.payout_runs.move(hands.of(to), f"{batch_id}-{to}", batch_id, to)


async def bind(fund: Fund, user_id: int, *beneficiary_ids: int) -> None:
    def write(db: sqlite3.Connection) -> None:
        people.add_account(db, user_id, "zh_CN", 0)
        db.executemany(
            "INSERT INTO link VALUES (?, 'beneficiary', ?, NULL, 0)", [(user_id, each) for each in beneficiary_ids]
        )

    await fund.ground.db.write(write)


async def told(fund: Fund, user_id: int) -> list[str]:
    """The stages a chat was told of, oldest first."""
    rows = await fund.ground.db.read(
        lambda db: db.execute("SELECT kind, facts FROM outbox WHERE user_id = ? ORDER BY id", (user_id,)).fetchall()
    )
    facts = [(kind, fund.ground.sealer.open(OUTBOX_PLACE, sealed)) for kind, sealed in rows]
    return [said.get("stage", kind) for kind, said in facts]


async def count_rows(fund: Fund, table: str) -> int:
    sentence = f"SELECT count(*) FROM {table}"
    return int(await fund.ground.db.read(lambda db: db.execute(sentence).fetchone()[0]))


async def test_a_batch_from_the_roll_to_the_account_tells_its_household_each_stage(fund: Fund, cast: Cast) -> None:
    hands = await three(fund)
    await bind(fund, 77, cast.beneficiaries[GUO])
    await bind(fund, 78, cast.beneficiaries[JIANG])
    count = await fund.payout_runs.count(hands.maker, PLAN)
    assert (count.payees, count.total, count.already) == (1, Money.yuan(1280), 0)
    batch_id = await made(fund, hands.maker)
    await moved(fund, hands, batch_id, *STEPS)
    card = await fund.payout_runs.look(hands.maker, batch_id)
    assert (card.state, card.lines, card.total) == (BatchState.PAID, 1, Money.yuan(1280))
    assert card.split == {LineState.PAID: 1}
    assert await told(fund, 77) == ["in_batch", "approved", "sent_to_bank", "arrived"]
    assert await told(fund, 78) == []


async def test_nobody_does_two_of_the_three_steps(fund: Fund, cast: Cast) -> None:
    both = await staff(fund, Role.MAKER, Role.CHECKER, Role.RELEASER)
    other = await staff(fund, Role.CHECKER, Role.RELEASER)
    batch_id = await made(fund, both)
    with pytest.raises(SameHands):
        await fund.payout_runs.consider(both, batch_id, BatchState.APPROVED)
    with pytest.raises(SameHands):
        await fund.payout_runs.move(both, "a", batch_id, BatchState.APPROVED)
    await fund.payout_runs.move(other, "b", batch_id, BatchState.APPROVED)
    for actor in (both, other):
        with pytest.raises(SameHands):
            await fund.payout_runs.move(actor, "c", batch_id, BatchState.INSTRUCTED)


@pytest.mark.parametrize(
    ("state", "staff_id", "why"),
    [
        ("approved", 1, "three different"),
        ("approved", None, "three different"),
        ("instructed", 2, "no such move"),
        ("paid", 1, "no such move"),
        ("planned", 2, "no such move"),
    ],
)
async def test_the_database_itself_keeps_the_hands_and_the_order(
    fund: Fund, cast: Cast, state: str, staff_id: int | None, why: str
) -> None:
    hands = await three(fund)
    batch_id = await made(fund, hands.maker)
    assert hands.maker.staff_id == 1
    with pytest.raises(sqlite3.IntegrityError, match=why):
        await fund.ground.db.write(write_step(batch_id, state, staff_id))


async def test_of_two_who_approve_at_once_one_is_told_what_it_is_now(fund: Fund, cast: Cast) -> None:
    hands, second = await three(fund), await staff(fund, Role.CHECKER)
    batch_id = await made(fund, hands.maker)
    outcomes = await asyncio.gather(
        fund.payout_runs.move(hands.checker, "a", batch_id, BatchState.APPROVED),
        fund.payout_runs.move(second, "b", batch_id, BatchState.APPROVED),
        return_exceptions=True,
    )
    overtaken = [outcome for outcome in outcomes if isinstance(outcome, Overtaken)]
    assert [refusal.state for refusal in overtaken] == ["approved"]
    assert await count_rows(fund, "batch_event") == 2


async def test_the_same_request_again_gives_the_same_single_result(fund: Fund, cast: Cast) -> None:
    hands = await three(fund)
    await bind(fund, 77, cast.beneficiaries[GUO])
    count = await fund.payout_runs.count(hands.maker, PLAN)
    first, second = await asyncio.gather(
        *(fund.payout_runs.prepare(hands.maker, "same", PLAN, count) for _ in range(2))
    )
    assert first == second
    cards = await asyncio.gather(
        *(fund.payout_runs.move(hands.checker, "twice", first.id, BatchState.APPROVED) for _ in range(2))
    )
    assert cards[0] == cards[1]
    assert [await count_rows(fund, table) for table in ("batch", "payment_line", "batch_event", "outbox")] == [
        1,
        1,
        2,
        2,
    ]


async def test_a_second_batch_leaves_out_whom_the_first_pays(fund: Fund, cast: Cast) -> None:
    hands = await three(fund)
    stale = await fund.payout_runs.count(hands.maker, PLAN)
    batch_id = await made(fund, hands.maker)
    count = await fund.payout_runs.count(hands.maker, PLAN)
    assert (count.payees, count.already) == (0, 1)
    for seen in (stale, count):
        with pytest.raises(Overtaken):
            await fund.payout_runs.prepare(hands.maker, "again", PLAN, seen)
    assert await count_rows(fund, "batch") == 1
    await fund.payout_runs.move(hands.checker, "void", batch_id, BatchState.VOIDED)
    assert (await fund.payout_runs.count(hands.maker, PLAN)).payees == 1
    assert await made(fund, hands.maker, request_id="anew") != batch_id


@pytest.mark.parametrize(("identity", "card"), [(GUO, "6299990000000000"), ("HU299999", GUO_CARD)])
async def test_a_new_number_for_the_same_person_or_account_is_not_paid_again(
    fund: Fund, cast: Cast, identity: str, card: str
) -> None:
    """Paid under the old number, which then left the roll; the household came back under a new one (R36)."""
    hands = await three(fund)
    await moved(fund, hands, await made(fund, hands.maker), *STEPS)
    await leave_roll(fund, cast.beneficiaries[GUO])
    await fund.ground.db.write(lambda db: come_back(db, fund, identity, card))
    count = await fund.payout_runs.count(hands.maker, PLAN)
    assert (count.payees, count.already) == (0, 1)
    next_year = replace(PLAN, expected_on=date(2013, 6, 25))
    assert (await fund.payout_runs.count(hands.maker, next_year)).payees == 1


async def test_who_checks_sees_what_is_other_than_last_time(fund: Fund, cast: Cast, clock: TurnableClock) -> None:
    hands = await three(fund)
    first = await made(fund, hands.maker)
    assert (await fund.payout_runs.look(hands.checker, first)).difference is None
    await moved(fund, hands, first, *STEPS)
    clock.forward(days=365)
    await fund.ground.db.write(lambda db: write_new_roll(fund, db, cast.beneficiaries[GUO]))
    plan = replace(PLAN, amount=Money.yuan(1380), expected_on=date(2013, 6, 25))
    second = await made(fund, hands.maker, plan, "second")
    card = await fund.payout_runs.consider(hands.checker, second, BatchState.APPROVED)
    assert card.difference == Difference(2012, joined=1, left=0, other_sum=1, other_account=1)
    await moved(fund, hands, second, *STEPS)
    clock.forward(days=365)
    await leave_roll(fund, cast.beneficiaries[GUO])
    third = await made(fund, hands.maker, replace(plan, expected_on=date(2014, 6, 25)), "third")
    difference = (await fund.payout_runs.look(hands.releaser, third)).difference
    assert difference == Difference(2013, joined=0, left=1, other_sum=0, other_account=0)


def write_new_roll(fund: Fund, db: sqlite3.Connection, beneficiary_id: int) -> None:
    """A household with another account, and one more household."""
    (roll,) = db.execute(
        """
        INSERT INTO roll_import (kind, state, file_name, file_digest, based_on, started_at, applied_at)
        VALUES ('households', 'applied', 'new', x'02', 1, :now, :now) RETURNING id
        """,
        {"now": fund.ground.now()},
    ).fetchone()
    db.execute("INSERT INTO beneficiary (id, kind, number) VALUES (99, 'household', 'HU299999')")
    (identity,) = db.execute(
        "SELECT identity_print FROM beneficiary_version WHERE beneficiary_id = ?", (beneficiary_id,)
    ).fetchone()
    for each, person in ((beneficiary_id, identity), (99, b"somebody else")):
        db.execute(
            """
            INSERT INTO beneficiary_version
            SELECT :each, :roll, standing, fund, area, town, community, source, determined_on, :person, :card, content_print,
                   sealed
              FROM beneficiary_version WHERE beneficiary_id = :like LIMIT 1
            """,
            {"each": each, "roll": roll, "person": person, "card": b"%d" % each, "like": beneficiary_id},
        )


async def test_next_year_s_money_does_not_go_to_the_bank_this_year(
    fund: Fund, cast: Cast, clock: TurnableClock
) -> None:
    hands = await three(fund)
    batch_id = await made(fund, hands.maker, replace(PLAN, expected_on=date(2013, 1, 2)))
    await moved(fund, hands, batch_id, BatchState.APPROVED)
    with pytest.raises(TooEarly) as early:
        await fund.payout_runs.consider(hands.releaser, batch_id, BatchState.INSTRUCTED)
    assert early.value.from_day == date(2012, 11, 3)
    clock.forward(days=(early.value.from_day - fund.ground.today()).days)
    await moved(fund, hands, batch_id, BatchState.INSTRUCTED)


def come_back(db: sqlite3.Connection, fund: Fund, identity: str, card: str) -> None:
    """Onto the newest roll, under a number of its own."""
    (newest,) = db.execute("SELECT max(id) FROM roll_import").fetchone()
    db.execute("INSERT INTO beneficiary (id, kind, number) VALUES (99, 'household', 'HU299999')")
    sealer = fund.ground.sealer
    db.execute(
        """
        INSERT INTO beneficiary_version
        SELECT 99, ?, 'on_roll', fund, area, town, community, source, determined_on, ?, ?, content_print, sealed
          FROM beneficiary_version
         WHERE beneficiary_id = (SELECT id FROM beneficiary WHERE number = ?)
         LIMIT 1
        """,
        (newest, sealer.fingerprint("identity", identity), sealer.fingerprint("card", card), GUO),
    )


async def test_a_roll_that_moved_since_the_count_makes_no_batch(fund: Fund, cast: Cast) -> None:
    hands = await three(fund)
    count = await fund.payout_runs.count(hands.maker, PLAN)
    await leave_roll(fund, cast.beneficiaries[GUO])
    with pytest.raises(Overtaken):
        await fund.payout_runs.prepare(hands.maker, "late", PLAN, count)
    assert await count_rows(fund, "batch") == 0


async def test_a_rejected_batch_is_taken_back_in_words(fund: Fund, cast: Cast) -> None:
    hands = await three(fund)
    await bind(fund, 77, cast.beneficiaries[GUO], cast.beneficiaries[DAI])
    batch_id = await made(fund, hands.maker)
    await fund.payout_runs.move(hands.checker, "void", batch_id, BatchState.VOIDED)
    assert await told(fund, 77) == ["in_batch", "payout_withdrawn"]
    with pytest.raises(Overtaken):
        await fund.payout_runs.move(hands.checker, "b", batch_id, BatchState.APPROVED)


async def test_another_fund_s_staff_and_strangers_see_and_move_nothing(fund: Fund, cast: Cast) -> None:
    hands = await three(fund)
    batch_id = await made(fund, hands.maker)
    everything = (Role.MAKER, Role.CHECKER, Role.RELEASER, Role.AUDITOR)
    elsewhere = await staff(fund, *everything, fund_code="changshu")
    one_area = await staff(fund, *everything, area="吴中区")
    for actor in (elsewhere, one_area, Actor(user_id=5)):
        for ask in (
            fund.payout_runs.look(actor, batch_id),
            fund.payout_runs.look(actor, 999),
            fund.payout_runs.done_by(actor, "made"),
            fund.payout_runs.count(actor, PLAN),
            fund.payout_runs.prepare(actor, "x", PLAN, await fund.payout_runs.count(hands.maker, PLAN)),
            fund.payout_runs.consider(actor, batch_id, BatchState.APPROVED),
            fund.payout_runs.move(actor, "y", batch_id, BatchState.APPROVED),
            fund.payout_lines.look(actor, 1),
            fund.payout_lines.record(actor, "z", 1, LineState.RETURNED, ReturnReason.CLOSED),
        ):
            with pytest.raises(NotAllowed):
                await ask
    assert await fund.payout_runs.newest(elsewhere) == []
    assert await fund.payout_lines.find(elsewhere, GUO) is None
    assert await fund.payout_lines.find(hands.maker, "HU999999") is None


async def test_the_auditor_reads_and_the_machine_does_not_sign(fund: Fund, cast: Cast) -> None:
    hands, auditor = await three(fund), await staff(fund, Role.AUDITOR, fund_code=None)
    batch_id = await made(fund, hands.maker)
    assert (await fund.payout_runs.look(auditor, batch_id)).moves == ()
    with pytest.raises(NotAllowed):
        await fund.payout_runs.move(auditor, "a", batch_id, BatchState.APPROVED)
    with pytest.raises(NotAllowed):
        await fund.payout_runs.move(OPERATOR, "b", batch_id, BatchState.APPROVED)
    assert fund.payout_runs.funds_of(auditor, Permission.SEE_PAYOUTS)[0] == "city"


async def test_a_line_comes_back_is_corrected_and_paid_again(fund: Fund, cast: Cast) -> None:
    hands = await three(fund)
    await bind(fund, 77, cast.beneficiaries[GUO])
    batch_id = await made(fund, hands.maker)
    with pytest.raises(Overtaken):
        await fund.payout_lines.record(hands.maker, "early", 1, LineState.RETURNED, ReturnReason.CLOSED)
    await moved(fund, hands, batch_id, BatchState.APPROVED, BatchState.INSTRUCTED)
    line = await fund.payout_lines.find(hands.maker, GUO)
    assert line is not None
    lines = fund.payout_lines
    back = await lines.record(hands.maker, "r1", line.id, LineState.RETURNED, ReturnReason.CLOSED)
    assert (back.state, back.reason, back.moves) == (LineState.RETURNED, ReturnReason.CLOSED, (LineState.CORRECTED,))
    assert await lines.record(hands.maker, "r1", line.id, LineState.RETURNED, ReturnReason.CLOSED) == back
    await moved(fund, hands, batch_id, BatchState.PAID)
    with pytest.raises(Overtaken):
        await lines.record(hands.maker, "skip", line.id, LineState.PAID)
    await lines.record(hands.maker, "r2", line.id, LineState.CORRECTED)
    again = await lines.record(hands.releaser, "r3", line.id, LineState.RE_INSTRUCTED)
    assert again.moves == ()
    paid = await lines.record(hands.maker, "r4", line.id, LineState.PAID)
    assert paid.state is LineState.PAID
    assert await told(fund, 77) == [
        "in_batch",
        "approved",
        "sent_to_bank",
        "returned",
        "corrected",
        "sent_again",
        "arrived",
    ]


async def test_who_corrects_an_account_does_not_release_the_money_to_it(fund: Fund, cast: Cast) -> None:
    hands, both = await three(fund), await staff(fund, Role.MAKER, Role.RELEASER)
    batch_id = await made(fund, hands.maker)
    await moved(fund, hands, batch_id, *STEPS)
    await fund.payout_lines.record(both, "r1", 1, LineState.RETURNED, ReturnReason.OUR_SIDE)
    await fund.payout_lines.record(both, "r2", 1, LineState.CORRECTED)
    with pytest.raises(SameHands):
        await fund.payout_lines.record(both, "r3", 1, LineState.RE_INSTRUCTED)
    for never_in_chat in (LineState.CANCELLED, LineState.RECOVERED):
        with pytest.raises(NotAllowed):
            await fund.payout_lines.record(both, "r4", 1, never_in_chat)


async def test_who_released_a_batch_does_not_record_what_came_of_it(fund: Fund, cast: Cast) -> None:
    """Neither for all of it nor for one line, neither as arrived nor as returned (R41)."""
    hands, both = await three(fund), await staff(fund, Role.MAKER, Role.RELEASER)
    batch_id = await made(fund, hands.maker)
    await moved(fund, hands, batch_id, BatchState.APPROVED)
    await fund.payout_runs.move(both, "sent", batch_id, BatchState.INSTRUCTED)
    runs, lines = fund.payout_runs, fund.payout_lines
    for attempt in (
        runs.consider(both, batch_id, BatchState.PAID),
        runs.move(both, "paid", batch_id, BatchState.PAID),
        lines.consider(both, 1, LineState.PAID),
        lines.record(both, "arrived", 1, LineState.PAID),
        lines.record(both, "back", 1, LineState.RETURNED, ReturnReason.CLOSED),
    ):
        with pytest.raises(OwnRelease):
            await attempt
    assert await count_rows(fund, "payment_event") == 0
    await moved(fund, hands, batch_id, BatchState.PAID)
    with pytest.raises(OwnRelease):
        await lines.record(both, "late", 1, LineState.RETURNED, ReturnReason.CLOSED)


async def test_who_sent_a_line_again_does_not_record_what_came_of_it(fund: Fund, cast: Cast) -> None:
    """The first releaser may: between their step and this one lie three of others."""
    hands, both = await three(fund), await staff(fund, Role.MAKER, Role.RELEASER)
    first = replace(hands.releaser, staff_rights=both.staff_rights)
    batch_id, lines = await made(fund, hands.maker), fund.payout_lines
    await moved(fund, hands, batch_id, *STEPS)
    await lines.record(hands.maker, "r1", 1, LineState.RETURNED, ReturnReason.CLOSED)
    await lines.record(hands.maker, "r2", 1, LineState.CORRECTED)
    await lines.record(both, "r3", 1, LineState.RE_INSTRUCTED)
    for to, reason in ((LineState.PAID, None), (LineState.RETURNED, ReturnReason.FROZEN)):
        with pytest.raises(OwnRelease):
            await lines.record(both, f"r4 {to}", 1, to, reason)
    assert (await lines.record(first, "r4", 1, LineState.PAID)).state is LineState.PAID


async def test_who_let_go_of_the_chat_meanwhile_gets_no_letter(fund: Fund, cast: Cast) -> None:
    hands = await three(fund)
    await bind(fund, 77, cast.beneficiaries[GUO])
    batch_id = await made(fund, hands.maker)
    approving = asyncio.create_task(fund.payout_runs.move(hands.checker, "a", batch_id, BatchState.APPROVED))
    leaving = asyncio.create_task(fund.linking.let_go(Actor(user_id=77, beneficiary_ids=(cast.beneficiaries[GUO],))))
    await asyncio.gather(approving, leaving)
    assert await told(fund, 77) == []


async def test_a_letter_that_still_waits_does_not_go_to_a_chat_that_is_no_longer_the_households(
    fund: Fund, cast: Cast
) -> None:
    hands = await three(fund)
    await bind(fund, 77, cast.beneficiaries[GUO])
    batch_id = await made(fund, hands.maker)
    await moved(fund, hands, batch_id, BatchState.APPROVED)
    code = await code_for(fund, "beneficiary", cast.beneficiaries[GUO])
    await fund.accounts.meet(78, "zh_CN")
    await fund.linking.accept(Actor(user_id=78), code)
    waiting = await fund.ground.db.read(
        lambda db: db.execute("SELECT kind, state, facts FROM outbox WHERE user_id = 77 ORDER BY id").fetchall()
    )
    assert [(kind, state) for kind, state, _ in waiting] == [
        ("payout_stage", "cancelled"),
        ("payout_stage", "cancelled"),
        ("moved_away", "pending"),
    ]
    assert waiting[0][2] == b"", "nor does it keep the sum"


async def test_the_same_chat_bound_again_keeps_what_waits_for_it(fund: Fund, cast: Cast) -> None:
    hands = await three(fund)
    await bind(fund, 77, cast.beneficiaries[GUO])
    batch_id = await made(fund, hands.maker)
    await moved(fund, hands, batch_id, BatchState.APPROVED)
    await fund.linking.accept(Actor(user_id=77), await code_for(fund, "beneficiary", cast.beneficiaries[GUO]))
    assert await told(fund, 77) == ["in_batch", "approved"]


async def test_a_restart_between_the_count_and_the_confirm_loses_nothing(
    settings: Settings, clock: TurnableClock, fund: Fund, cast: Cast
) -> None:
    hands = await three(fund)
    count = await fund.payout_runs.count(hands.maker, PLAN)
    async with open_fund(settings, clock=clock) as after:
        card = await after.payout_runs.prepare(hands.maker, "draft", PLAN, count)
        assert card.lines == 1
    again = await fund.payout_runs.done_by(hands.maker, "draft")
    assert again is not None
    assert again.id == card.id


async def test_the_snapshot_is_sealed_and_holds_the_account_alone(fund: Fund, cast: Cast) -> None:
    hands = await three(fund)
    await made(fund, hands.maker)
    sealed = await fund.ground.db.read(lambda db: db.execute("SELECT sealed FROM payment_line").fetchone()[0])
    opened = fund.ground.sealer.open("payment_line", sealed)
    assert opened == {"name": "郭明", "bank": "太湖示例银行", "card": GUO_CARD}


def write_step(batch_id: int, state: str, staff_id: int | None) -> Callable[[sqlite3.Connection], object]:
    """A step of a batch as somebody with a database tool would write it."""
    return lambda db: db.execute(
        """
        INSERT INTO batch_event (request_id, batch_id, state, staff_id, on_day, at)
        VALUES (?, ?, ?, ?, '2012-06-01', 0)
        """,
        (new_request_id(), batch_id, state, staff_id),
    )


def write_event(line_id: int, state: str, staff_id: int | None) -> Callable[[sqlite3.Connection], object]:
    """An event of a line as somebody with a database tool would write it."""
    return lambda db: db.execute(
        """
        INSERT INTO payment_event (request_id, line_id, state, reason, staff_id, on_day, at)
        VALUES (?, ?, ?, 'closed', ?, '2012-06-01', 0)
        """,
        (new_request_id(), line_id, state, staff_id),
    )


@pytest.mark.parametrize("state", list(LINE_MOVES))
async def test_the_database_lets_a_line_move_as_the_rules_say(fund: Fund, cast: Cast, state: LineState) -> None:
    """From each state to each: what the table of moves has goes through, anything else does not."""
    way_there: dict[LineState, tuple[tuple[BatchState, ...], tuple[LineState, ...]]] = {
        LineState.PLANNED: ((), ()),
        LineState.INSTRUCTED: (STEPS[:2], ()),
        LineState.PAID: (STEPS, ()),
        LineState.RETURNED: (STEPS, (LineState.RETURNED,)),
        LineState.CORRECTED: (STEPS, (LineState.RETURNED, LineState.CORRECTED)),
        LineState.RE_INSTRUCTED: (STEPS, (LineState.RETURNED, LineState.CORRECTED, LineState.RE_INSTRUCTED)),
        LineState.CANCELLED: ((BatchState.VOIDED,), ()),
        LineState.RECOVERED: (STEPS, (LineState.RECOVERED,)),
    }
    hands = await three(fund)
    batch_id = await made(fund, hands.maker)
    steps, events = way_there[state]
    for step in steps:
        await fund.payout_runs.move(
            hands.checker if step is BatchState.VOIDED else hands.of(step), step, batch_id, step
        )
    for place, event in enumerate(events):
        await fund.ground.db.write(write_event(1, event, (hands.maker, hands.releaser)[place // 2].staff_id))
    for to in set(LineState) - {LineState.PLANNED, LineState.INSTRUCTED}:
        attempt = write_event(1, to, hands.checker.staff_id)
        if to in LINE_MOVES[state]:
            with pytest.raises(OddError):
                await fund.ground.db.write(undone(attempt))
        else:
            with pytest.raises(sqlite3.IntegrityError, match="no such move of a line"):
                await fund.ground.db.write(attempt)


class OddError(Exception):
    """Takes a unit of work back after it went through."""


def undone(work: Callable[[sqlite3.Connection], object]) -> Callable[[sqlite3.Connection], object]:
    def write(db: sqlite3.Connection) -> None:
        work(db)
        raise OddError

    return write


async def test_the_database_does_not_let_one_hand_correct_and_send(fund: Fund, cast: Cast) -> None:
    hands = await three(fund)
    batch_id = await made(fund, hands.maker)
    await moved(fund, hands, batch_id, *STEPS)
    for state in ("returned", "corrected"):
        await fund.ground.db.write(write_event(1, state, hands.maker.staff_id))
    for staff_id in (hands.maker.staff_id, None):
        with pytest.raises(sqlite3.IntegrityError, match="who corrected a line"):
            await fund.ground.db.write(write_event(1, "re_instructed", staff_id))


async def test_the_database_does_not_let_one_hand_send_money_and_say_what_came_of_it(fund: Fund, cast: Cast) -> None:
    hands, again = await three(fund), await staff(fund, Role.RELEASER)
    batch_id = await made(fund, hands.maker)
    await moved(fund, hands, batch_id, *STEPS[:2])
    for staff_id in (hands.releaser.staff_id, None):
        with pytest.raises(sqlite3.IntegrityError, match="who released a batch"):
            await fund.ground.db.write(write_step(batch_id, "paid", staff_id))
        for state in ("paid", "returned"):
            with pytest.raises(sqlite3.IntegrityError, match="who sent a line"):
                await fund.ground.db.write(write_event(1, state, staff_id))
    for state, hand in (("returned", hands.maker), ("corrected", hands.maker), ("re_instructed", again)):
        await fund.ground.db.write(write_event(1, state, hand.staff_id))
    for state in ("paid", "returned"):
        with pytest.raises(sqlite3.IntegrityError, match="who sent a line"):
            await fund.ground.db.write(write_event(1, state, again.staff_id))
    await fund.ground.db.write(write_event(1, "paid", hands.releaser.staff_id))
    with pytest.raises(sqlite3.IntegrityError, match="who sent a line"):
        await fund.ground.db.write(write_event(1, "recovered", again.staff_id))


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ("(1, 2, 2012, 'living_aid', 100, x'00')", "takes no more lines"),
        ("(2, 1, 2013, 'living_aid', 100, x'00')", "year and purpose"),
        ("(2, 1, 2012, 'second_aid', 100, x'00')", "year and purpose"),
    ],
)
async def test_nothing_is_slipped_into_a_batch_or_past_the_one_live_line(
    fund: Fund, cast: Cast, values: str, why: str
) -> None:
    """Batch 1 was planned and counted; batch 2 is only begun, and pays for the same year and purpose."""
    hands = await three(fund)
    await made(fund, hands.maker)

    def write(db: sqlite3.Connection) -> None:
        batches.add_batch(db, "begun", PLAN, 1, 0)
        db.execute(
            f"""
            INSERT INTO payment_line (batch_id, beneficiary_id, cycle_year, purpose, amount_fen, sealed)
            VALUES {values}
            """
        )

    with pytest.raises(sqlite3.IntegrityError, match=why):
        await fund.ground.db.write(write)


async def test_nobody_moves_the_money_of_the_own_household(fund: Fund, cast: Cast) -> None:
    """A clerk may head a household on the roll; a colleague looks after its line (R42)."""
    hands = await three(fund)
    batch_id = await made(fund, hands.maker)
    await moved(fund, hands, batch_id, *STEPS)
    neighbour = replace(hands.maker, beneficiary_ids=(cast.beneficiaries[JIANG],))
    at_home = replace(hands.maker, beneficiary_ids=(cast.beneficiaries[JIANG], cast.beneficiaries[GUO]))
    with pytest.raises(OwnHousehold):
        await fund.payout_lines.consider(at_home, 1, LineState.RETURNED)
    with pytest.raises(OwnHousehold):
        await fund.payout_lines.record(at_home, "own", 1, LineState.RETURNED, ReturnReason.CLOSED)
    await fund.payout_lines.record(neighbour, "other", 1, LineState.RETURNED, ReturnReason.CLOSED)

"""The steps of a notice: what the database itself refuses, what happens once, what goes first."""

from __future__ import annotations

import sqlite3
from functools import partial

import pytest

from carefund_bot.access import OPERATOR, Actor, Right, Role
from carefund_bot.domain.notices import Audience, Place, Reader, Step
from carefund_bot.errors import BadAnswer, Overtaken
from carefund_bot.fund import Fund
from carefund_bot.services.delivering import Outcome, Parcel
from carefund_bot.services.guard import faults_of
from carefund_bot.services.telling import tell_account
from carefund_bot.store import notice_runs, notices, payout_letters, people
from carefund_bot.store.notices import Content
from tests.cast import GUO, HE, QIN, Cast
from tests.conftest import TurnableClock
from tests.services.test_notices import bind
from tests.transport.deliveries import add_copy

MEMBERS = Content(audience=Audience((Reader.MEMBER,), Place()), text_zh="各位好", text_en=None)


@pytest.fixture
async def editors(fund: Fund, cast: Cast) -> tuple[Actor, Actor]:
    """Two people who may write to everybody; 秦兰 is linked as a member and as a household."""
    await bind(fund, 11, "member", cast.members[QIN])
    await bind(fund, 12, "beneficiary", cast.beneficiaries[GUO])

    def hire(db: sqlite3.Connection) -> int:
        staff_id = people.add_staff(db, fund.ground.sealer.seal("staff", {"name": "某人"}), 0)
        people.grant(db, staff_id, Right(Role.NOTICE_EDITOR), None, 0)
        return staff_id

    first, second = [await fund.ground.db.write(hire) for _ in range(2)]
    rights = (Right(Role.NOTICE_EDITOR),)
    return Actor(user_id=1, staff_id=first, staff_rights=rights), Actor(user_id=2, staff_id=second, staff_rights=rights)


def content_for_two(fund: Fund) -> Content:
    text = "请看 example.com"
    return Content(audience=MEMBERS.audience, text_zh=text, text_en=None, overruled=faults_of(fund.settings, text))


async def taken(fund: Fund, limit: int = 5) -> list[Parcel]:
    """What goes now, each marked as on its way."""
    return [parcel for parcel in await fund.delivering.look(limit) if await fund.delivering.mark_leaving(parcel)]


async def test_the_database_refuses_to_start_alone_what_needs_two(fund: Fund, editors: tuple[Actor, Actor]) -> None:
    sent = await fund.notices.send(editors[0], "r1", content_for_two(fund))
    assert sent.step is Step.SUBMITTED
    forged = [
        (Step.CONFIRMED, None, sent.notice.digest, "somebody else"),
        (Step.CONFIRMED, editors[0].staff_id, sent.notice.digest, "somebody else"),
        (Step.CONFIRMED, editors[1].staff_id, b"another text", "as it stands"),
        (Step.STARTED, editors[1].staff_id, None, "no such step"),
    ]
    for step, staff_id, digest, refusal in forged:
        forge = partial(
            notice_runs.add_step,
            request_id="forged",
            notice_id=sent.notice.id,
            step=step,
            staff_id=staff_id,
            at=0,
            digest=digest,
        )
        with pytest.raises(sqlite3.IntegrityError, match=refusal):
            await fund.ground.db.write(forge)


@pytest.mark.parametrize("why", ["too many copies", "past the guard"])
async def test_the_database_itself_looks_who_may_start_alone(
    fund: Fund, editors: tuple[Actor, Actor], why: str
) -> None:
    content, alone_at_most = (MEMBERS, 0) if why == "too many copies" else (content_for_two(fund), 1)

    def start_unasked(db: sqlite3.Connection) -> None:
        notice_id = notices.add(db, "r1", content, editors[0].staff_id, 0, alone_at_most=alone_at_most)
        add_copy(db, notice_id, 11)
        notice_runs.add_step(db, "r1", notice_id, Step.STARTED, editors[0].staff_id, 0)

    with pytest.raises(sqlite3.IntegrityError, match="second person"):
        await fund.ground.db.write(start_unasked)


async def test_one_moment_has_one_next_step(fund: Fund, editors: tuple[Actor, Actor]) -> None:
    sent = await fund.notices.send(editors[0], "r1", MEMBERS)
    paused = await fund.notice_runs.move(editors[0], sent.request_id, sent.notice.id, Step.PAUSED)
    again = await fund.notice_runs.move(editors[1], sent.request_id, sent.notice.id, Step.CANCELLED)
    assert (paused.step, again.step) == (Step.PAUSED, Step.PAUSED)
    with pytest.raises(Overtaken):
        await fund.notice_runs.move(editors[1], "made up", sent.notice.id, Step.CANCELLED)


async def test_a_paused_notice_is_not_claimed_and_a_single_letter_is(fund: Fund, editors: tuple[Actor, Actor]) -> None:
    sent = await fund.notices.send(editors[0], "r1", MEMBERS)
    paused = await fund.notice_runs.move(editors[0], sent.request_id, sent.notice.id, Step.PAUSED)
    assert await taken(fund) == []
    await fund.ground.db.write(lambda db: tell_account(fund.ground, db, "one", 12, "moved_away", phone="1"))
    assert [parcel.kind for parcel in await taken(fund)] == ["moved_away"]
    await fund.notice_runs.move(editors[0], paused.request_id, sent.notice.id, Step.RESUMED)
    assert [parcel.kind for parcel in await taken(fund)] == ["notice"]


async def test_a_copy_put_back_after_a_cancellation_is_cancelled_too(fund: Fund, editors: tuple[Actor, Actor]) -> None:
    sent = await fund.notices.send(editors[0], "r1", MEMBERS)
    (parcel,) = await taken(fund, 1)
    await fund.notice_runs.move(editors[0], sent.request_id, sent.notice.id, Step.CANCELLED)
    await fund.delivering.put_back(parcel)
    assert (await fund.notices.progress(editors[0], sent.notice.id)).copies == {"cancelled": 1}


async def test_a_copy_put_back_when_all_else_is_gone_still_goes(fund: Fund, editors: tuple[Actor, Actor]) -> None:
    await fund.notices.send(editors[0], "r1", MEMBERS)
    (parcel,) = await taken(fund, 1)
    assert await taken(fund, 1) == []
    await fund.delivering.put_back(parcel)
    assert len(await taken(fund, 1)) == 1


async def test_a_single_letter_goes_before_a_batch_and_a_batch_before_a_notice(
    fund: Fund, cast: Cast, editors: tuple[Actor, Actor]
) -> None:
    await fund.notices.send(editors[0], "r1", MEMBERS)
    sealed = fund.ground.sealer.seal("outbox", {})
    letter = payout_letters.Letter(12, cast.beneficiaries[GUO], sealed)
    await fund.ground.db.write(
        lambda db: payout_letters.queue_letters(db, 1, "batch", "payout_stage", [letter], fund.ground.now())
    )
    await fund.ground.db.write(lambda db: tell_account(fund.ground, db, "one", 12, "moved_away", phone="1"))
    kinds = [parcel.kind for _ in range(3) for parcel in await taken(fund, 1)]
    assert kinds == ["moved_away", "payout_stage", "notice"]


async def test_taking_back_survives_a_crash_and_is_counted(fund: Fund, editors: tuple[Actor, Actor]) -> None:
    sent = await fund.notices.send(editors[0], "r1", MEMBERS)
    (parcel,) = await taken(fund, 1)
    await fund.delivering.settle(parcel, Outcome("sent", message_id=7))
    now = await fund.notices.progress(editors[0], sent.notice.id)
    await fund.notice_runs.move(editors[1], now.request_id, sent.notice.id, Step.RECALLED)
    assert [back.taking_back for back in await taken(fund)] == [7]
    assert await fund.delivering.take_up() == 0
    (back,) = await taken(fund)
    await fund.delivering.note_taken_back(back, None)
    ended = await fund.notices.progress(editors[0], sent.notice.id)
    assert (ended.copies, ended.is_at_rest, ended.moves) == ({"recalled": 1}, True, ())


async def test_a_copy_on_the_wire_when_all_is_taken_back_is_taken_back_too(
    fund: Fund, editors: tuple[Actor, Actor]
) -> None:
    sent = await fund.notices.send(editors[0], "r1", MEMBERS)
    await fund.ground.db.write(lambda db: add_copy(db, sent.notice.id, 12))
    gone, on_the_wire = await taken(fund)
    await fund.delivering.settle(gone, Outcome("sent", message_id=7))
    now = await fund.notices.progress(editors[0], sent.notice.id)
    await fund.notice_runs.move(editors[1], now.request_id, sent.notice.id, Step.RECALLED)
    await fund.delivering.settle(on_the_wire, Outcome("sent", message_id=8))
    assert [back.taking_back for back in await taken(fund)] == [7, 8]


async def test_what_stood_still_for_a_day_waits_for_a_person(
    fund: Fund, clock: TurnableClock, editors: tuple[Actor, Actor]
) -> None:
    sent = await fund.notices.send(editors[0], "r1", MEMBERS)
    assert (await fund.pulse.wake()).notices == 0
    clock.forward(days=2)
    assert (await fund.pulse.wake()).notices == 1
    assert (await fund.pulse.wake()).notices == 0
    assert (await fund.notices.progress(editors[0], sent.notice.id)).step is Step.PAUSED
    assert [parcel.kind for parcel in await taken(fund)] == []


async def test_one_that_outgrew_one_person_by_its_time_waits_for_a_second(
    fund: Fund, clock: TurnableClock, editors: tuple[Actor, Actor]
) -> None:
    later = Content(audience=MEMBERS.audience, text_zh="各位好", text_en=None, due_at=fund.ground.now() + 60)
    one_only = fund.settings.model_copy(
        update={"notices": fund.settings.notices.model_copy(update={"alone_at_most": 0})}
    )
    object.__setattr__(fund.ground, "settings", one_only)
    sent = await fund.notices.send(editors[0], "r1", later)
    assert sent.step is Step.SUBMITTED
    confirmed = await fund.notice_runs.move(editors[1], sent.request_id, sent.notice.id, Step.CONFIRMED)
    assert confirmed.step is Step.SCHEDULED
    clock.forward(minutes=2)
    assert await fund.notice_clock.start_due() == 1
    assert (await fund.notices.progress(editors[0], sent.notice.id)).step is Step.STARTED


async def test_one_that_waits_is_put_on_a_time_by_one_of_several_and_goes_then_once(
    fund: Fund, clock: TurnableClock, editors: tuple[Actor, Actor]
) -> None:
    later = Content(audience=MEMBERS.audience, text_zh="各位好", text_en=None, due_at=fund.ground.now() + 60)
    sent = await fund.notices.send(editors[0], "r1", later)
    notice_id = sent.notice.id
    clock.forward(days=1)
    await fund.notice_clock.start_due()
    waits = await fund.notices.progress(editors[0], notice_id)
    assert waits.step is Step.OVERDUE
    soon, runs = fund.ground.now() + 3_600, fund.notice_runs
    with pytest.raises(BadAnswer):
        await runs.put_on_time(editors[0], waits.request_id, notice_id, fund.ground.now())
    put = await runs.put_on_time(editors[0], waits.request_id, notice_id, soon)
    again = await runs.put_on_time(editors[1], waits.request_id, notice_id, soon + 60)
    assert (put.step, put.notice.goes_at, again.notice.goes_at) == (Step.SCHEDULED, soon, soon)
    with pytest.raises(Overtaken):
        await runs.put_on_time(editors[1], put.request_id, notice_id, soon)
    assert await fund.notice_clock.start_due() == 0
    clock.forward(minutes=61)
    assert [await fund.notice_clock.start_due() for _ in range(2)] == [1, 0]
    assert (await fund.notices.progress(editors[0], notice_id)).copies == {"pending": 1}


async def test_its_new_time_passes_as_the_first_did(
    fund: Fund, clock: TurnableClock, editors: tuple[Actor, Actor]
) -> None:
    later = Content(audience=MEMBERS.audience, text_zh="各位好", text_en=None, due_at=fund.ground.now() + 60)
    notice_id = (await fund.notices.send(editors[0], "r1", later)).notice.id
    for _ in range(2):
        clock.forward(days=1)
        assert await fund.notice_clock.start_due() == 1
        waits = await fund.notices.progress(editors[0], notice_id)
        assert (waits.step, waits.total) == (Step.OVERDUE, 0)
        await fund.notice_runs.put_on_time(editors[0], waits.request_id, notice_id, fund.ground.now() + 60)


async def test_given_a_new_time_and_held_and_confirmed_it_goes_when_its_card_says(
    fund: Fund, clock: TurnableClock, editors: tuple[Actor, Actor], cast: Cast
) -> None:
    first, second = editors
    one_only = fund.settings.model_copy(
        update={"notices": fund.settings.notices.model_copy(update={"alone_at_most": 1})}
    )
    object.__setattr__(fund.ground, "settings", one_only)
    later = Content(audience=MEMBERS.audience, text_zh="各位好", text_en=None, due_at=fund.ground.now() + 60)
    notice_id = (await fund.notices.send(first, "r1", later)).notice.id
    clock.forward(days=1)
    await fund.notice_clock.start_due()
    held, new_time = await fund.notices.progress(first, notice_id), fund.ground.now() + 3_600
    await fund.notice_runs.put_on_time(first, held.request_id, notice_id, new_time)
    await fund.ground.db.write(lambda db: fund.notice_clock.hold(db, is_copy=True))
    held_again = await fund.notices.progress(first, notice_id)
    await bind(fund, 13, "member", cast.members[HE])
    asked = await fund.notice_runs.move(first, held_again.request_id, notice_id, Step.STARTED)
    assert asked.step is Step.SUBMITTED
    confirmed = await fund.notice_runs.move(second, asked.request_id, notice_id, Step.CONFIRMED)
    assert (confirmed.step, confirmed.notice.goes_at) == (Step.SCHEDULED, new_time)
    assert await fund.notice_clock.start_due() == 0, "not before the time on its card"
    clock.forward(minutes=61)
    assert await fund.notice_clock.start_due() == 1


async def test_the_database_knows_a_time_only_of_what_is_put_on_it(fund: Fund, editors: tuple[Actor, Actor]) -> None:
    sent = await fund.notices.send(editors[0], "r1", MEMBERS)
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
        await fund.ground.db.write(
            lambda db: notice_runs.add_step(db, "r2", sent.notice.id, Step.PAUSED, None, 0, due_at=1)
        )


async def test_what_somebody_left_behind_for_later_waits_for_a_colleague(
    fund: Fund, clock: TurnableClock, editors: tuple[Actor, Actor]
) -> None:
    author, colleague = editors
    later = Content(audience=MEMBERS.audience, text_zh="各位好", text_en=None, due_at=fund.ground.now() + 60)
    sent = await fund.notices.send(author, "r1", later)
    assert sent.step is Step.SCHEDULED
    assert author.staff_id is not None
    await fund.staffing.end(OPERATOR, author.staff_id)
    clock.forward(minutes=2)
    await fund.notice_clock.start_due()
    waits = await fund.notices.progress(colleague, sent.notice.id)
    assert (waits.step, waits.copies) == (Step.OVERDUE, {})
    started = await fund.notice_runs.move(colleague, waits.request_id, sent.notice.id, Step.STARTED)
    assert started.copies == {"pending": 1}


async def test_what_the_guard_stops_is_refused_unless_it_was_shown(fund: Fund, editors: tuple[Actor, Actor]) -> None:
    whole = content_for_two(fund)
    unsaid = Content(audience=whole.audience, text_zh=whole.text_zh, text_en=None)
    other = Content(audience=whole.audience, text_zh="各位好", text_en=None, overruled=whole.overruled)
    for content in (unsaid, other):
        with pytest.raises(BadAnswer):
            await fund.notices.send(editors[0], "r1", content)
    assert await fund.notices.recent(OPERATOR) == []

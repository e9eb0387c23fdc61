"""Closed doors: every service is asked by a stranger and by the wrong fund's clerk, and nothing moves.

A new service method needs an entry in `DOORS` (or, with its reason, in `OPEN` or `WORKERS`).
"""

from __future__ import annotations

import inspect
import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from carefund_bot.access import OPERATOR, PERMISSIONS, STAFF_ROLES, Actor, Permission, Right, Role, require
from carefund_bot.domain.cases import CaseKind, Said
from carefund_bot.domain.changes import Detail, Evidence, What
from carefund_bot.domain.faq import NewEntry, QuestionAnswer, Topic
from carefund_bot.domain.money import Money
from carefund_bot.domain.notices import Audience, Place, Reader, Step
from carefund_bot.domain.payouts import BatchPlan, BatchState, Count, LineState, ReturnReason
from carefund_bot.domain.pledges import EventKind, Rhythm, Terms
from carefund_bot.domain.remittances import Channel, CheckedList, Entry, ReversalReason
from carefund_bot.errors import NotAllowed
from carefund_bot.files.faq import SentEntry
from carefund_bot.files.headers import RollKind
from carefund_bot.fund import Fund
from carefund_bot.store import batches, payouts, people
from carefund_bot.store.notices import Content
from tests.cast import GUO, GUO_CARD, HE, JIANG, QIN, Cast

OPEN = {
    "linking.look_at": "whoever holds a code may use it; wrong ones are counted",
    "linking.accept": "whoever holds a code may use it; wrong ones are counted",
    "linking.bound_by": "whoever holds a code may hear what it bound the own chat to",
    "linking.let_go": "everybody may unbind their own chat",
    "asking.open": "everybody may ask; as whom is looked up, and another's household is refused",
    "asking.mine": "whoever has asked nothing sees nothing",
    "faq.entries": "the fund's answers are for everybody",
    "faq.entry": "the fund's answers are for everybody",
    "faq.best_for": "the fund's answers are for everybody",
    "faq.search": "the fund's answers are for everybody",
    "learning.note_unclear": "words made nobody's, of whoever writes to the bot",
    "week.note_asked": "a count by day, of whoever writes to the bot",
    "asking.replied_to": "only what stands in the own chat is looked up",
}
WORKERS = {
    "accounts": "concerns only the account that is speaking, before anybody knows who that is",
    "notice_clock": "asked by the bot's own clockwork alone, never for a person",
    "pulse": "asked by the bot's own clockwork alone, never for a person",
    "minding": "asked by the bot's own clockwork alone, never for a person",
    "delivering": "asked by the delivery worker alone, never for a person",
}
BATCH_REQUEST, LINE_REQUEST = "batch planned", "line returned"
CASE_REQUEST = "case of guo"
PLAN = BatchPlan("city", "student", Money.yuan(1000), date(2012, 11, 30))
TERMS = Terms(Rhythm.MONTHLY, Money.yuan(50))
CITY_READERS = Audience(tuple(Reader), Place("city"))
ANSWER = NewEntry(Topic.FUND, QuestionAnswer("问", "答"), fund="city")
OPERATOR_EDITOR = replace(OPERATOR, staff_rights=(Right(Role.NOTICE_EDITOR),))
NOWHERE = Path("no-such-roll.csv")


def gift_of_qin(members: dict[str, int]) -> Entry:
    return Entry(members[QIN], "city", Money.yuan(50), date(2012, 6, 1), Channel.CASH)


@dataclass(frozen=True)
class World:
    """The cast, a pledge of 秦兰's and a gift taken back, a clerk with a staged import, 郭明's payment that came back, a notice.

    All of it is the city fund's.
    """

    fund: Fund
    members: dict[str, int]
    beneficiaries: dict[str, int]
    pledge_id: int
    clerk_id: int
    import_id: int
    batch_id: int
    line_id: int
    notice_id: int
    gift_id: int
    case_id: int
    faq_version_id: int
    change_id: int
    proxy_id: int
    newcomer_id: int


Call = Callable[[World, Actor], Awaitable[object]]


@dataclass(frozen=True)
class Door:
    """How to knock, and who is refused besides a stranger.

    `neighbour`: another member or household as well. `narrowed`: the wrong fund's clerk is not refused but answered
    with nothing. `elsewhere`: what the clerk gets there instead is proved where this says.
    """

    knock: Call
    neighbour: bool = False
    narrowed: bool = False
    elsewhere: str = ""


DOORS = {
    "aid.mine": Door(lambda w, a: w.fund.aid.mine(a)),
    "aid.of": Door(lambda w, a: w.fund.aid.of(a, w.beneficiaries[GUO]), neighbour=True),
    "asking.look": Door(lambda w, a: w.fund.asking.look(a, w.case_id), neighbour=True),
    "asking.add": Door(lambda w, a: w.fund.asking.add(a, "more", w.case_id, Said("还有")), neighbour=True),
    "asking.close": Door(lambda w, a: w.fund.asking.close(a, "closing", w.case_id), neighbour=True),
    "asking.rate": Door(lambda w, a: w.fund.asking.rate(a, "rating", w.case_id, 5), neighbour=True),
    "changing.propose": Door(
        lambda w, a: w.fund.changing.propose(a, "new", w.case_id, What.ACCOUNT, Evidence.OWN, Detail("1234"))
    ),
    "changing.undecided": Door(lambda w, a: w.fund.changing.undecided(a), narrowed=True),
    "changing.look": Door(lambda w, a: w.fund.changing.look(a, w.change_id)),
    "changing.decide": Door(lambda w, a: w.fund.changing.decide(a, "new", w.change_id, approve=True)),
    "changing.stop": Door(lambda w, a: w.fund.changing.stop(a, "new", w.change_id), neighbour=True),
    "aid.as_proxy": Door(
        lambda w, a: w.fund.aid.as_proxy(a), elsewhere="staff are never proxies: tests/handlers/test_proxies.py"
    ),
    "proxies.issue_code": Door(lambda w, a: w.fund.proxies.issue_code(a, "new", w.proxy_id)),
    "proxies.end": Door(lambda w, a: w.fund.proxies.end(a, "new", w.proxy_id), neighbour=True),
    "proxies.end_for_household": Door(lambda w, a: w.fund.proxies.end_for_household(a, "new", w.proxy_id)),
    "codes.issue_next": Door(lambda w, a: w.fund.codes.issue_next(a, RollKind.MEMBERS, fund="city")),
    "codes.issue_one": Door(lambda w, a: w.fund.codes.issue_one(a, QIN)),
    "correcting.gifts_of": Door(lambda w, a: w.fund.correcting.gifts_of(a, QIN), narrowed=True),
    "correcting.gift": Door(lambda w, a: w.fund.correcting.gift(a, w.gift_id)),
    "correcting.reverse": Door(lambda w, a: w.fund.correcting.reverse(a, "new", w.gift_id, ReversalReason.WRONG_SUM)),
    "correcting.reversed": Door(lambda w, a: w.fund.correcting.reversed(a, "reversal of qin")),
    "desk.work_list": Door(
        lambda w, a: w.fund.desk.work_list(a), elsewhere="the own fund alone: tests/services/test_desk.py"
    ),
    "desk.look": Door(lambda w, a: w.fund.desk.look(a, w.case_id)),
    "desk.done_by": Door(lambda w, a: w.fund.desk.done_by(a, CASE_REQUEST)),
    "desk.check": Door(
        lambda w, a: w.fund.desk.check(a, "您好"), elsewhere="it looks at the text it is given, which is nobody's"
    ),
    "desk.claim": Door(lambda w, a: w.fund.desk.claim(a, "new", w.case_id)),
    "desk.answer": Door(lambda w, a: w.fund.desk.answer(a, "new", w.case_id, "您好", asks_back=False)),
    "desk.colleagues": Door(lambda w, a: w.fund.desk.colleagues(a, w.case_id)),
    "desk.pass_on": Door(lambda w, a: w.fund.desk.pass_on(a, "new", w.case_id, None)),
    "desk.close": Door(lambda w, a: w.fund.desk.close(a, "new", w.case_id)),
    "faq.own_fund": Door(
        lambda w, a: w.fund.faq.own_fund(a), elsewhere="it says which fund the editor's own right is for"
    ),
    "faq.check": Door(
        lambda w, a: w.fund.faq.check(a, "您好"), elsewhere="it looks at the text it is given, which is nobody's"
    ),
    "faq.write": Door(lambda w, a: w.fund.faq.write(a, "new", ANSWER)),
    "faq.kept": Door(
        lambda w, a: w.fund.faq.kept(a), elsewhere="the own fund's alone: tests/handlers/test_faq_file.py"
    ),
    "faq.unfit_rows": Door(
        lambda w, a: w.fund.faq.unfit_rows(a, []), elsewhere="it looks at the table it is given, which is nobody's"
    ),
    "faq.write_table": Door(
        lambda w, a: w.fund.faq.write_table(a, "new", [SentEntry(2, None, ANSWER)]),
        elsewhere="the own fund's alone: tests/handlers/test_faq_file.py",
    ),
    "faq.undecided": Door(lambda w, a: w.fund.faq.undecided(a), narrowed=True),
    "faq.version": Door(lambda w, a: w.fund.faq.version(a, w.faq_version_id)),
    "faq.decide": Door(lambda w, a: w.fund.faq.decide(a, w.faq_version_id, approve=True)),
    "learning.unclear": Door(
        lambda w, a: w.fund.learning.unclear(a), elsewhere="what it tells is nobody's: tests/handlers/test_unclear.py"
    ),
    "week.report": Door(
        lambda w, a: w.fund.week.report(a), elsewhere="cases of the own fund alone: tests/services/test_desk.py"
    ),
    "giving.year": Door(lambda w, a: w.fund.giving.year(a)),
    "giving.ways_to_pay": Door(lambda w, a: w.fund.giving.ways_to_pay(a)),
    "newcomers.waiting": Door(lambda w, a: w.fund.newcomers.waiting(a), narrowed=True),
    "newcomers.look": Door(lambda w, a: w.fund.newcomers.look(a, w.newcomer_id)),
    "newcomers.decide": Door(lambda w, a: w.fund.newcomers.decide(a, w.newcomer_id, is_theirs=True)),
    "notices.count_colleagues": Door(lambda w, a: w.fund.notices.count_colleagues(a, Place("city"))),
    "notices.branches": Door(lambda w, a: w.fund.notices.branches(a, "city", "第1")),
    "notices.check": Door(
        lambda w, a: w.fund.notices.check(a, "各位好"), elsewhere="it looks at the text it is given, which is nobody's"
    ),
    "notices.letter": Door(lambda w, a: w.fund.notices.letter(a, "各位好", None, "city")),
    "notices.look": Door(lambda w, a: w.fund.notices.look(a, CITY_READERS)),
    "notices.made_by": Door(lambda w, a: w.fund.notices.made_by(a, "notice of the city")),
    "notices.places": Door(
        lambda w, a: w.fund.notices.places(a), elsewhere="the own fund alone: tests/services/test_notices.py"
    ),
    "notices.progress": Door(lambda w, a: w.fund.notices.progress(a, w.notice_id)),
    "notices.recent": Door(lambda w, a: w.fund.notices.recent(a), narrowed=True),
    "notices.send": Door(
        lambda w, a: w.fund.notices.send(a, "another", Content(audience=CITY_READERS, text_zh="各位好", text_en=None))
    ),
    "notice_runs.restored": Door(lambda w, a: w.fund.notice_runs.restored(a)),
    "notice_runs.decide_restored": Door(lambda w, a: w.fund.notice_runs.decide_restored(a, "r", again=False)),
    "notice_runs.decide": Door(lambda w, a: w.fund.notice_runs.decide(a, "new", 1, again=True)),
    "notice_runs.doubts": Door(lambda w, a: w.fund.notice_runs.doubts(a)),
    "notice_runs.follow": Door(lambda w, a: w.fund.notice_runs.follow(a, w.notice_id, 1)),
    "notice_runs.leave": Door(lambda w, a: w.fund.notice_runs.leave(a, "new", w.notice_id)),
    "notice_runs.move": Door(lambda w, a: w.fund.notice_runs.move(a, "new", w.notice_id, Step.CANCELLED)),
    "notice_runs.moved_by": Door(lambda w, a: w.fund.notice_runs.moved_by(a, "notice of the city")),
    "notice_runs.put_on_time": Door(lambda w, a: w.fund.notice_runs.put_on_time(a, "new", w.notice_id, 2**40)),
    "notice_runs.retry": Door(lambda w, a: w.fund.notice_runs.retry(a, "new", w.notice_id, "uncertain")),
    "notice_board.has_news": Door(lambda w, a: w.fund.notice_board.has_news(a)),
    "notice_board.look": Door(lambda w, a: w.fund.notice_board.look(a)),
    "notice_board.note_read": Door(lambda w, a: w.fund.notice_board.note_read(a, w.notice_id, 1)),
    "letters.original": Door(lambda w, a: w.fund.letters.original(a, w.notice_id)),
    "letters.write": Door(lambda w, a: w.fund.letters.write(a, w.notice_id, [])),
    "visiting.doors": Door(lambda w, a: w.fund.visiting.doors(a, w.notice_id)),
    "visiting.listed": Door(lambda w, a: w.fund.visiting.listed(a, w.notice_id)),
    "visiting.rounds": Door(lambda w, a: w.fund.visiting.rounds(a, w.notice_id)),
    "visiting.tick": Door(lambda w, a: w.fund.visiting.tick(a, w.notice_id, "member", w.members[QIN])),
    "pledging.require_on_roll": Door(lambda w, a: w.fund.pledging.require_on_roll(a)),
    "pledging.fund_of": Door(lambda w, a: w.fund.pledging.fund_of(a)),
    "pledging.mine": Door(lambda w, a: w.fund.pledging.mine(a)),
    "pledging.one": Door(lambda w, a: w.fund.pledging.one(a, w.pledge_id), neighbour=True),
    "pledging.first_due_on": Door(lambda w, a: w.fund.pledging.first_due_on(a, w.pledge_id), neighbour=True),
    "pledging.made": Door(lambda w, a: w.fund.pledging.made(a, "pledge of qin"), neighbour=True),
    "pledging.make": Door(
        lambda w, a: w.fund.pledging.make(a, "replacing", TERMS, replaces_id=w.pledge_id), neighbour=True
    ),
    "pledging.changed": Door(lambda w, a: w.fund.pledging.changed(a, "pause of qin"), neighbour=True),
    "pledging.change": Door(
        lambda w, a: w.fund.pledging.change(a, "ending", w.pledge_id, EventKind.ENDED), neighbour=True
    ),
    "payout_lines.find": Door(lambda w, a: w.fund.payout_lines.find(a, GUO), narrowed=True),
    "payout_lines.done_by": Door(lambda w, a: w.fund.payout_lines.done_by(a, LINE_REQUEST)),
    "payout_lines.look": Door(lambda w, a: w.fund.payout_lines.look(a, w.line_id)),
    "payout_lines.consider": Door(lambda w, a: w.fund.payout_lines.consider(a, w.line_id, LineState.CORRECTED)),
    "payout_lines.record": Door(lambda w, a: w.fund.payout_lines.record(a, "new", w.line_id, LineState.CORRECTED)),
    "payout_runs.newest": Door(lambda w, a: w.fund.payout_runs.newest(a), narrowed=True),
    "payout_runs.look": Door(lambda w, a: w.fund.payout_runs.look(a, w.batch_id)),
    "payout_runs.done_by": Door(lambda w, a: w.fund.payout_runs.done_by(a, BATCH_REQUEST)),
    "payout_runs.count": Door(lambda w, a: w.fund.payout_runs.count(a, PLAN)),
    "payout_runs.prepare": Door(
        lambda w, a: w.fund.payout_runs.prepare(a, "new", PLAN, Count(1, Money.yuan(1000), 0, 3))
    ),
    "payout_runs.consider": Door(lambda w, a: w.fund.payout_runs.consider(a, w.batch_id, BatchState.PAID)),
    "payout_runs.move": Door(lambda w, a: w.fund.payout_runs.move(a, "new", w.batch_id, BatchState.PAID)),
    "recording.find_giver": Door(lambda w, a: w.fund.recording.find_giver(a, QIN), narrowed=True),
    "recording.has_twin": Door(lambda w, a: w.fund.recording.has_twin(a, gift_of_qin(w.members))),
    "recording.record": Door(lambda w, a: w.fund.recording.record(a, "new", gift_of_qin(w.members))),
    "recording.recorded": Door(lambda w, a: w.fund.recording.recorded(a, "gift of qin")),
    "recording.look_at_list": Door(
        lambda w, a: w.fund.recording.look_at_list(a, NOWHERE, "list.csv"),
        elsewhere="rows of another fund are as good as unknown: tests/handlers/test_recording.py",
    ),
    "recording.record_list": Door(
        lambda w, a: w.fund.recording.record_list(
            a, "new", CheckedList(b"", "list.csv", (gift_of_qin(w.members),)), Money.yuan(50)
        )
    ),
    "rolls.check": Door(
        lambda w, a: w.fund.rolls.check(a, NOWHERE, RollKind.MEMBERS),
        elsewhere="rows of another fund are refused one by one: tests/services/test_rolls.py",
    ),
    "rolls.stage": Door(
        lambda w, a: w.fund.rolls.stage(a, NOWHERE, "roll.csv", RollKind.HOUSEHOLDS),
        elsewhere="rows of another fund are refused one by one: tests/services/test_rolls.py",
    ),
    "rolls.behind_changes": Door(
        lambda w, a: w.fund.rolls.behind_changes(a, RollKind.HOUSEHOLDS, None),
        elsewhere="the own fund alone: tests/services/test_account_changes.py",
    ),
    "rolls.look_at": Door(lambda w, a: w.fund.rolls.look_at(a, w.import_id)),
    "rolls.apply": Door(lambda w, a: w.fund.rolls.apply(a, w.import_id)),
    "rolls.cancel": Door(lambda w, a: w.fund.rolls.cancel(a, w.import_id)),
    "staffing.add": Door(lambda w, a: w.fund.staffing.add(a, "某人", [Right(Role.MAKER, "city")])),
    "staffing.places": Door(
        lambda w, a: w.fund.staffing.places(a), elsewhere="the own place alone: tests/handlers/test_manage_staff.py"
    ),
    "staffing.look": Door(lambda w, a: w.fund.staffing.look(a, w.clerk_id)),
    "staffing.colleagues": Door(lambda w, a: w.fund.staffing.colleagues(a), narrowed=True),
    "staffing.renew_code": Door(lambda w, a: w.fund.staffing.renew_code(a, w.clerk_id)),
    "staffing.end": Door(lambda w, a: w.fund.staffing.end(a, w.clerk_id)),
}

STRANGER = Actor(user_id=1)
OF_AID = {Permission.SEE_OWN_AID, Permission.SEE_AID_AS_PROXY}


@pytest_asyncio.fixture
async def world(fund: Fund, cast: Cast) -> World:
    staff = await fund.staffing.add(OPERATOR, "城区经办", [Right(role, "city") for role in STAFF_ROLES])
    qin = Actor(user_id=2, member_id=cast.members[QIN])
    pledge = (await fund.pledging.make(qin, "pledge of qin", TERMS)).pledge
    await fund.pledging.change(qin, "pause of qin", pledge.id, EventKind.PAUSED)

    def stage(db: sqlite3.Connection) -> int:
        (import_id,) = db.execute(
            """
            INSERT INTO roll_import (kind, state, file_name, file_digest, based_on, staff_id, started_at)
            VALUES ('members', 'staged', 'roll.csv', x'00', 0, ?, ?) RETURNING id
            """,
            (staff.id, fund.ground.now()),
        ).fetchone()
        return int(import_id)

    import_id = await fund.ground.db.write(stage)
    batch_id, line_id = await fund.ground.db.write(lambda db: _pay_back(db, fund, cast.beneficiaries[GUO]))
    for request_id in ("gift of qin", "gift taken back"):
        gift = await fund.recording.record(OPERATOR, request_id, gift_of_qin(cast.members))
    assert gift.contribution_id
    await fund.correcting.reverse(OPERATOR, "reversal of qin", gift.contribution_id, ReversalReason.WRONG_SUM)
    sent = await fund.notices.send(
        OPERATOR, "notice of the city", Content(audience=CITY_READERS, text_zh="各位好", text_en=None)
    )
    guo = Actor(user_id=5, beneficiary_ids=(cast.beneficiaries[GUO],))
    case = await fund.asking.open(guo, CASE_REQUEST, CaseKind.PAYOUT_MISSING, Said("没收到"))
    clerk = Actor(user_id=6, staff_id=staff.id, staff_rights=(Right(Role.MAKER, "city"),))
    await fund.desk.claim(clerk, "claim", case.id)
    change = await fund.changing.propose(clerk, "change", case.id, What.ACCOUNT, Evidence.OWN, Detail("1234"))
    mandate = Detail("某人，代办", date(2012, 6, 30), date(2012, 6, 1), "某人 1234")
    proxy = await fund.changing.propose(clerk, "proxy", case.id, What.PROXY, Evidence.PROXY_LETTER, mandate)
    entry = await fund.faq.write(OPERATOR_EDITOR, "answer of the city", ANSWER)
    administrator = replace(clerk, staff_rights=(Right(Role.ADMINISTRATOR, "city"),))
    newcomer = await fund.staffing.add(administrator, "新同事", [Right(Role.CHECKER, "city")])
    await fund.accounts.meet(8, "zh_CN")
    await fund.linking.accept(Actor(user_id=8), newcomer.code)
    (waiting,) = await fund.newcomers.waiting(OPERATOR)
    return World(
        fund,
        cast.members,
        cast.beneficiaries,
        pledge.id,
        staff.id,
        import_id,
        batch_id,
        line_id,
        sent.notice.id,
        gift.contribution_id,
        case.id,
        entry.version_id,
        change.id,
        proxy.id,
        waiting.code_id,
    )


def _pay_back(db: sqlite3.Connection, fund: Fund, beneficiary_id: int) -> tuple[int, int]:
    """A batch at the bank with one line that came back; gives their ids."""
    plan = replace(PLAN, programme="household")
    hands = [people.add_staff(db, fund.ground.sealer.seal("staff", {"name": "某人"}), 0) for _ in range(3)]
    batch_id = batches.add_batch(db, BATCH_REQUEST, plan, hands[0], 0)
    sealed = fund.ground.sealer.seal("payment_line", {"name": "某人", "bank": "某行", "card": GUO_CARD})
    batches.add_lines(db, batch_id, plan, [(beneficiary_id, sealed)])
    for state, staff_id in zip((BatchState.PLANNED, BatchState.APPROVED, BatchState.INSTRUCTED), hands, strict=True):
        request_id = BATCH_REQUEST if state is BatchState.PLANNED else f"batch {state}"
        batches.add_batch_event(db, request_id, batch_id, state, staff_id, date(2012, 6, 1), 0)
    (line_id,) = db.execute("SELECT id FROM payment_line").fetchone()
    returned = payouts.Event(LineState.RETURNED, date(2012, 6, 1), hands[0], ReturnReason.CLOSED)
    payouts.add_line_event(db, LINE_REQUEST, line_id, returned, 0)
    return batch_id, int(line_id)


@pytest_asyncio.fixture
async def wrong_clerk(world: World) -> Actor:
    """Everything a clerk can be, but in Changshu."""

    def write(db: sqlite3.Connection) -> int:
        return people.add_staff(db, world.fund.ground.sealer.seal("staff", {"name": "常熟经办"}), 0)

    staff_id = await world.fund.ground.db.write(write)
    return Actor(user_id=3, staff_id=staff_id, staff_rights=tuple(Right(role, "changshu") for role in STAFF_ROLES))


def test_a_knock_without_any_right_is_not_the_reason() -> None:
    """The wrong clerk holds every permission a clerk can hold; only the place is wrong."""
    everything_in_changshu = Actor(staff_rights=tuple(Right(role, "changshu") for role in STAFF_ROLES))
    for permission in set(Permission) - PERMISSIONS[Role.MEMBER] - PERMISSIONS[Role.HOUSEHOLD] - OF_AID:
        require(everything_in_changshu, permission, fund="changshu")


def neighbour_in(world: World) -> Actor:
    """Another member who heads another household, of another fund."""
    return Actor(user_id=4, member_id=world.members[HE], beneficiary_ids=(world.beneficiaries[JIANG],))


async def everything(fund: Fund) -> list[str]:
    return await fund.ground.db.read(lambda db: list(db.iterdump()))


async def refused_and_unmoved(world: World, door: Door, actor: Actor) -> None:
    before = await everything(world.fund)
    with pytest.raises(NotAllowed):
        await door.knock(world, actor)
    assert await everything(world.fund) == before


def services_of(fund: Fund) -> dict[str, object]:
    """Everything that one may ask of the fund, but for what `WORKERS` says; the ground holds no requests."""
    return {
        name: part
        for name, part in vars(fund).items()
        if type(part).__module__.startswith("carefund_bot.services.") and name not in {*WORKERS, "ground"}
    }


def methods_of(service: object) -> dict[str, Any]:
    found = inspect.getmembers(type(service), inspect.iscoroutinefunction)
    return {name: method for name, method in found if not name.startswith("_")}


async def test_every_service_method_has_its_door(fund: Fund) -> None:
    there = {f"{name}.{method}" for name, service in services_of(fund).items() for method in methods_of(service)}
    missing = sorted(there - set(DOORS) - set(OPEN))
    assert not missing, (
        f"add to DOORS in tests/test_access.py how a stranger and another fund's clerk would call {missing}; "
        "if it is open to everybody, add it to OPEN with the reason"
    )
    assert sorted((set(DOORS) | set(OPEN)) - there) == [], "a door to a method that is gone"


async def test_every_service_method_is_told_first_who_speaks(fund: Fund) -> None:
    for name, service in services_of(fund).items():
        for method, function in methods_of(service).items():
            what = f"{name}.{method}"
            assert list(inspect.signature(function).parameters)[:2] == ["self", "actor"], f"{what}: actor comes first"


@pytest.mark.parametrize("door", sorted(DOORS))
async def test_a_stranger_is_refused(world: World, door: str) -> None:
    await refused_and_unmoved(world, DOORS[door], STRANGER)


@pytest.mark.parametrize("door", sorted(name for name, door in DOORS.items() if not (door.narrowed or door.elsewhere)))
async def test_the_wrong_funds_clerk_is_refused(world: World, wrong_clerk: Actor, door: str) -> None:
    await refused_and_unmoved(world, DOORS[door], wrong_clerk)


@pytest.mark.parametrize("door", sorted(name for name, door in DOORS.items() if door.narrowed))
async def test_the_wrong_funds_clerk_is_answered_with_nothing(world: World, wrong_clerk: Actor, door: str) -> None:
    before = await everything(world.fund)
    assert not await DOORS[door].knock(world, wrong_clerk)
    assert await everything(world.fund) == before
    assert await DOORS[door].knock(world, OPERATOR), "there must be something to hide"


@pytest.mark.parametrize("door", sorted(name for name, door in DOORS.items() if door.neighbour))
async def test_a_neighbour_is_refused(world: World, door: str) -> None:
    await refused_and_unmoved(world, DOORS[door], neighbour_in(world))


@pytest.mark.parametrize("door", sorted(name for name, door in DOORS.items() if door.neighbour))
async def test_what_is_not_there_is_refused_in_the_same_way(world: World, door: str) -> None:
    nothing = replace(
        world, pledge_id=999, beneficiaries=dict.fromkeys(world.beneficiaries, 999), import_id=999, clerk_id=999
    )
    if door in {"pledging.made", "pledging.changed"}:
        return  # asked by a one-use id: what never was is None, and tells nobody anything
    await refused_and_unmoved(nothing, DOORS[door], neighbour_in(world))


async def test_a_list_of_codes_without_a_fund_is_not_everybodys(world: World, wrong_clerk: Actor) -> None:
    await refused_and_unmoved(world, Door(lambda w, a: w.fund.codes.issue_next(a, RollKind.MEMBERS)), wrong_clerk)


@pytest.mark.parametrize("permission", list(Permission))
def test_a_stranger_has_no_permission_at_all(permission: Permission) -> None:
    with pytest.raises(NotAllowed):
        require(STRANGER, permission)


def test_one_person_may_be_several() -> None:
    several = Actor(member_id=1, beneficiary_ids=(2,), staff_id=3, staff_rights=(Right(Role.MAKER, "city"),))
    for permission in (Permission.MAKE_PLEDGE, Permission.SEE_OWN_AID, Permission.RECORD_MONEY):
        require(several, permission, fund="city")
    with pytest.raises(NotAllowed):
        require(several, Permission.RECORD_MONEY, fund="changshu")
    with pytest.raises(NotAllowed):
        require(several, Permission.RELEASE_PAYOUT, fund="city")


@pytest.mark.parametrize(
    ("right", "inside", "outside"),
    [
        (Right(Role.MAKER, "city"), {"fund": "city", "area": "吴中区"}, {"fund": "wujiang"}),
        (Right(Role.MAKER, "city", "吴中区"), {"fund": "city", "area": "吴中区"}, {"fund": "city", "area": "相城区"}),
        (Right(Role.COLLECTOR, branch_id=7), {"fund": "city", "branch_id": 7}, {"fund": "city", "branch_id": 8}),
    ],
)
def test_a_right_ends_where_its_scope_ends(right: Right, inside: dict[str, Any], outside: dict[str, Any]) -> None:
    clerk = Actor(staff_id=1, staff_rights=(right,))
    require(clerk, Permission.RECORD_MONEY, **inside)
    with pytest.raises(NotAllowed):
        require(clerk, Permission.RECORD_MONEY, **outside)

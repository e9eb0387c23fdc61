"""What the desk holds to, whoever asks: scopes, one pair of hands, promises kept in rows."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import timedelta

import pytest

from carefund_bot.access import Actor, Right, Role
from carefund_bot.domain.cases import Case, CaseKind, CaseState, DeskName, Said
from carefund_bot.domain.changes import ChangeState, Detail, Evidence, What
from carefund_bot.errors import NotAllowed, Overtaken, OwnHousehold, PrivateNumber, StaleButton, TooManyCases
from carefund_bot.fund import Fund
from carefund_bot.store import people, proxies
from tests.cast import GUO, GUO_CARD, JIANG, QIN, Cast, write_link
from tests.conftest import TurnableClock


@pytest.fixture
def guo(cast: Cast) -> Actor:
    return Actor(user_id=11, beneficiary_ids=(cast.beneficiaries[GUO],))


async def staff(fund: Fund, *rights: Right) -> Actor:
    sealed = fund.ground.sealer.seal("staff", {"name": "某某"})

    def write(db: sqlite3.Connection) -> int:
        staff_id = people.add_staff(db, sealed, 0)
        for right in rights:
            people.grant(db, staff_id, right, None, 0)
        return staff_id

    return Actor(user_id=100, staff_id=await fund.ground.db.write(write), staff_rights=rights)


async def missing(fund: Fund, actor: Actor, request_id: str = "missing") -> Case:
    return await fund.asking.open(actor, request_id, CaseKind.PAYOUT_MISSING, Said("没收到"))


async def test_each_desk_sees_its_own_funds_cases(fund: Fund, cast: Cast, guo: Actor) -> None:
    case = await missing(fund, guo)
    city, changshu = await staff(fund, Right(Role.MAKER, "city")), await staff(fund, Right(Role.MAKER, "changshu"))
    area = await staff(fund, Right(Role.MAKER, "city", "相城区"))
    assert [item.case.id for item in (await fund.desk.work_list(city)).listed] == [case.id]
    for elsewhere in (changshu, area):
        assert (await fund.desk.work_list(elsewhere)).listed == ()
        with pytest.raises(NotAllowed):
            await fund.desk.claim(elsewhere, "claim", case.id)
    for role, count in ((Right(Role.ADMINISTRATOR, "city"), 1), (Right(Role.ADMINISTRATOR, "changshu"), 0)):
        assert (await fund.week.report(await staff(fund, role))).opened == count


async def test_a_step_asked_for_again_after_a_crash_shows_the_case_whatever_came_in_between(
    fund: Fund, guo: Actor
) -> None:
    case, clerk = await missing(fund, guo), await staff(fund, Right(Role.MAKER))
    await fund.desk.claim(clerk, "claim", case.id)
    await fund.asking.close(guo, "settled", case.id)
    assert (await fund.desk.claim(clerk, "claim", case.id)).case.state is CaseState.CLOSED
    await fund.asking.add(guo, "more", case.id, Said("还是没有"))
    await fund.desk.claim(clerk, "claim again", case.id)
    await fund.desk.close(clerk, "close", case.id)
    await fund.asking.add(guo, "and more", case.id, Said("真的没有"))
    assert (await fund.desk.close(clerk, "close", case.id)).case.state is CaseState.WAITING


async def test_a_decision_asked_for_again_after_a_crash_shows_the_change_whatever_came_in_between(
    fund: Fund, guo: Actor, clock: TurnableClock
) -> None:
    case, clerk = await missing(fund, guo), await staff(fund, Right(Role.MAKER))
    checker = await staff(fund, Right(Role.CHECKER))
    await fund.desk.claim(clerk, "claim", case.id)
    detail = Detail("1234")
    change = await fund.changing.propose(clerk, "change", case.id, What.ACCOUNT, Evidence.OWN, detail)
    await fund.changing.decide(checker, "decide", change.id, approve=True)
    clock.forward(days=2)
    await fund.minding.look()
    again = await fund.changing.decide(checker, "decide", change.id, approve=True)
    assert again.state is ChangeState.IN_FORCE


async def test_two_who_claim_at_once(fund: Fund, guo: Actor) -> None:
    case = await missing(fund, guo)
    first, second = await staff(fund, Right(Role.MAKER)), await staff(fund, Right(Role.MAKER))
    assert (await fund.desk.claim(first, "one", case.id)).standing.is_mine
    with pytest.raises(Overtaken):
        await fund.desk.claim(second, "two", case.id)
    assert (await fund.desk.claim(first, "again", case.id)).standing.is_mine
    with pytest.raises(Overtaken):
        await fund.desk.answer(second, "answer", case.id, "您好", asks_back=False)


async def test_an_administrator_may_take_a_case_back(fund: Fund, guo: Actor) -> None:
    case = await missing(fund, guo)
    clerk, other = await staff(fund, Right(Role.MAKER)), await staff(fund, Right(Role.MAKER))
    head = await staff(fund, Right(Role.ADMINISTRATOR))
    await fund.desk.claim(clerk, "claim", case.id)
    with pytest.raises(Overtaken):
        await fund.desk.pass_on(other, "back", case.id, None)
    assert (await fund.desk.pass_on(head, "back", case.id, None)).state is CaseState.WAITING
    assert (await fund.desk.claim(other, "mine", case.id)).standing.is_mine


async def test_a_case_passed_to_discipline_leaves_the_office(fund: Fund, guo: Actor) -> None:
    case = await missing(fund, guo)
    clerk, discipline = await staff(fund, Right(Role.MAKER)), await staff(fund, Right(Role.DISCIPLINE))
    await fund.desk.claim(clerk, "claim", case.id)
    for _ in range(2):  # the same request again is the same answer, though the case is out of sight by now
        await fund.desk.pass_on(clerk, "pass", case.id, DeskName.DISCIPLINE)
    with pytest.raises(NotAllowed):
        await fund.desk.look(clerk, case.id)
    assert (await fund.desk.look(discipline, case.id)).standing.desk is DeskName.DISCIPLINE


async def test_nobody_answers_the_own_case(fund: Fund) -> None:
    clerk = await staff(fund, Right(Role.MAKER))
    case = await fund.asking.open(clerk, "mine", CaseKind.QUESTION, Said("工资呢"))
    with pytest.raises(NotAllowed):
        await fund.desk.look(clerk, case.id)


async def bind(fund: Fund, user_id: int, subject: str, subject_id: int) -> None:
    def write(db: sqlite3.Connection) -> None:
        people.add_account(db, user_id, "zh_CN", 0)
        write_link(db, user_id, subject, subject_id)

    await fund.ground.db.write(write)


async def in_force(fund: Fund, clerk: Actor, case: Case, clock: TurnableClock) -> int:
    """A mandate for the household of a case."""
    checker = await staff(fund, Right(Role.CHECKER))
    await fund.desk.claim(clerk, "claim", case.id)
    detail = Detail("张三，代问发放", fund.ground.today() + timedelta(days=90), fund.ground.today(), "张三1234")
    change = await fund.changing.propose(clerk, "proxy", case.id, What.PROXY, Evidence.PROXY_LETTER, detail)
    await fund.changing.decide(checker, "decide", change.id, approve=True)
    clock.forward(days=3)
    await fund.minding.look()
    return change.id


@pytest.mark.parametrize("kind", ["household", "member", "stranger"])
async def test_nobody_sees_or_takes_a_case_of_the_own_chat(fund: Fund, cast: Cast, kind: str) -> None:
    """A clerk may be a member, head a household, or have asked before (R42)."""
    asker = {
        "household": Actor(user_id=14, beneficiary_ids=(cast.beneficiaries[GUO],)),
        "member": Actor(user_id=14, member_id=cast.members[QIN]),
        "stranger": Actor(user_id=14),
    }[kind]
    await fund.accounts.meet(14, "zh_CN")
    case = await fund.asking.open(asker, "q", CaseKind.QUESTION, Said("问"))
    clerk = await staff(fund, Right(Role.MAKER))
    both = replace(asker, staff_id=clerk.staff_id, staff_rights=clerk.staff_rights)
    assert (await fund.desk.work_list(both)).listed == ()
    for refused in (fund.desk.look(both, case.id), fund.desk.claim(both, "own", case.id)):
        with pytest.raises(NotAllowed):
            await refused
    colleague = await staff(fund, Right(Role.MAKER))
    assert (await fund.desk.claim(colleague, "other", case.id)).standing.is_mine


@pytest.mark.parametrize("subject", ["beneficiary", "member"])
async def test_a_case_is_neither_told_nor_passed_to_whose_own_it_is(fund: Fund, cast: Cast, subject: str) -> None:
    own_id = cast.beneficiaries[GUO] if subject == "beneficiary" else cast.members[QIN]
    asker = Actor(user_id=14, beneficiary_ids=(own_id,)) if subject == "beneficiary" else Actor(14, member_id=own_id)
    at_home, colleague = await staff(fund, Right(Role.MAKER)), await staff(fund, Right(Role.MAKER))
    assert at_home.staff_id is not None
    for who, person_id in ((subject, own_id), ("staff", at_home.staff_id)):
        await bind(fund, 14, who, person_id)
    case = await fund.asking.open(asker, "q", CaseKind.QUESTION, Said("问"))
    await fund.desk.claim(colleague, "claim", case.id)
    assert await fund.desk.colleagues(colleague, case.id) == []
    with pytest.raises(NotAllowed):
        await fund.desk.pass_on(colleague, "pass", case.id, at_home.staff_id)
    assert await told(fund, 14) == []


async def told(fund: Fund, user_id: int) -> list[str]:
    def read(db: sqlite3.Connection) -> list[str]:
        return [kind for (kind,) in db.execute("SELECT kind FROM outbox WHERE user_id = ?", (user_id,))]

    return await fund.ground.db.read(read)


async def test_nobody_proposes_or_approves_a_change_of_the_own_household(fund: Fund, cast: Cast, guo: Actor) -> None:
    case, clerk = await missing(fund, guo), await staff(fund, Right(Role.MAKER))
    checker = await staff(fund, Right(Role.CHECKER))
    assert checker.staff_id is not None
    for who, person_id in (("beneficiary", cast.beneficiaries[GUO]), ("staff", checker.staff_id)):
        await bind(fund, 14, who, person_id)
    await fund.desk.claim(clerk, "claim", case.id)
    papers = case.id, What.ACCOUNT, Evidence.OWN, Detail("1234")
    with pytest.raises(OwnHousehold):
        await fund.changing.propose(replace(clerk, beneficiary_ids=guo.beneficiary_ids), "own", *papers)
    change = await fund.changing.propose(clerk, "change", *papers)
    assert "change_for_staff" not in await told(fund, 14)
    at_home = replace(checker, beneficiary_ids=guo.beneficiary_ids)
    assert await fund.changing.undecided(at_home) == []
    for refused in (
        fund.changing.look(at_home, change.id),
        fund.changing.decide(at_home, "d", change.id, approve=True),
    ):
        with pytest.raises(NotAllowed):
            await refused
    assert [waiting.id for waiting in await fund.changing.undecided(checker)] == [change.id]


async def test_what_the_own_chat_stands_for_is_for_a_colleague_too(
    fund: Fund, guo: Actor, clock: TurnableClock
) -> None:
    """A proxy who came to work for the office keeps out of that household's matters (R42, R50)."""
    case, clerk = await missing(fund, guo), await staff(fund, Right(Role.MAKER))
    change_id = await in_force(fund, clerk, case, clock)
    stands_for = replace(await staff(fund, Right(Role.MAKER)), proxy_ids=(change_id,))
    assert (await fund.desk.work_list(stands_for)).listed == ()
    with pytest.raises(NotAllowed):
        await fund.desk.look(stands_for, case.id)
    with pytest.raises(OwnHousehold):
        await fund.proxies.issue_code(stands_for, "code", change_id)
    with pytest.raises(OwnHousehold):
        await fund.proxies.end_for_household(stands_for, "end", change_id)
    await fund.proxies.end_for_household(clerk, "end", change_id)


async def test_where_the_only_clerk_is_the_asker_those_above_hear_of_the_case_at_once(
    fund: Fund, cast: Cast, guo: Actor
) -> None:
    clerk, head = await staff(fund, Right(Role.MAKER)), await staff(fund, Right(Role.ADMINISTRATOR))
    assert clerk.staff_id is not None
    assert head.staff_id is not None
    await bind(fund, 14, "beneficiary", cast.beneficiaries[GUO])
    await bind(fund, 14, "staff", clerk.staff_id)
    await bind(fund, 15, "staff", head.staff_id)
    await missing(fund, guo)
    assert (await told(fund, 14), await told(fund, 15)) == ([], ["desk_news"])


async def test_a_proxys_revoked_code_cannot_be_claimed_by_who_had_it_in_hand(
    fund: Fund, guo: Actor, clock: TurnableClock
) -> None:
    case, clerk = await missing(fund, guo), await staff(fund, Right(Role.MAKER))
    change_id = await in_force(fund, clerk, case, clock)
    for request_id in ("lost", "new"):
        await fund.proxies.issue_code(clerk, request_id, change_id)
    claimed = await fund.ground.db.write(
        lambda db: [proxies.use_code(db, code_id, fund.ground.now()) for code_id in (1, 2, 2)]
    )
    assert claimed == [False, True, False]
    with pytest.raises(sqlite3.IntegrityError, match="a code works once"):
        await fund.ground.db.write(lambda db: db.execute("UPDATE proxy_code SET revoked_at = NULL WHERE id = 1"))


async def test_a_right_inside_a_branch_reaches_no_household(
    fund: Fund, cast: Cast, guo: Actor, clock: TurnableClock
) -> None:
    case, clerk = await missing(fund, guo), await staff(fund, Right(Role.MAKER))
    narrow = await staff(fund, *(Right(role, branch_id=1) for role in (Role.MAKER, Role.CHECKER, Role.ADMINISTRATOR)))
    assert (await fund.desk.work_list(narrow)).listed == ()
    await fund.desk.claim(clerk, "wide", case.id)
    change = await fund.changing.propose(clerk, "a", case.id, What.ACCOUNT, Evidence.OWN, Detail("1234"))
    assert await fund.changing.undecided(narrow) == []
    change_id = await in_force(fund, clerk, case, clock)
    assert (await fund.week.report(narrow)).opened == 0
    for refused in (
        fund.desk.claim(narrow, "narrow", case.id),
        fund.changing.propose(narrow, "b", case.id, What.ACCOUNT, Evidence.OWN, Detail("1234")),
        fund.changing.look(narrow, change.id),
        fund.proxies.issue_code(narrow, "code", change_id),
        fund.proxies.end_for_household(narrow, "end", change_id),
    ):
        with pytest.raises(NotAllowed):
            await refused


async def test_the_week_counts_the_cases_of_the_readers_area(fund: Fund, guo: Actor) -> None:
    case, clerk = await missing(fund, guo), await staff(fund, Right(Role.MAKER))
    await fund.asking.open(Actor(user_id=15), "stranger", CaseKind.QUESTION, Said("怎么申请"))
    await fund.desk.claim(clerk, "claim", case.id)
    await fund.desk.answer(clerk, "answer", case.id, "明天到。", asks_back=False)
    await fund.asking.add(guo, "more", case.id, Said("还是没有"))
    for area, counted in (("吴中区", (2, 1, 2)), ("相城区", (1, 0, 1)), (None, (2, 1, 2))):
        report = await fund.week.report(await staff(fund, Right(Role.ADMINISTRATOR, "city", area)))
        assert (report.opened, report.answered, report.waiting) == counted


async def test_texts_of_no_fund_are_for_who_looks_after_all_six(fund: Fund, guo: Actor) -> None:
    await fund.learning.note_unclear(guo, "这个怎么弄呢", "none")
    with pytest.raises(NotAllowed):
        await fund.learning.unclear(await staff(fund, Right(Role.ADMINISTRATOR, "city")))
    assert len(await fund.learning.unclear(await staff(fund, Right(Role.ADMINISTRATOR)))) == 1


async def test_a_number_is_refused_before_it_is_written(fund: Fund, guo: Actor) -> None:
    with pytest.raises(PrivateNumber):
        await fund.asking.open(guo, "card", CaseKind.QUESTION, Said(f"我的卡 {GUO_CARD}"))
    assert await fund.asking.mine(guo) == []


async def test_asking_as_somebody_else_is_refused(fund: Fund, cast: Cast, guo: Actor) -> None:
    other = cast.beneficiaries[JIANG]
    with pytest.raises(NotAllowed):
        await fund.asking.open(guo, "x", CaseKind.PAYOUT_MISSING, Said(""), beneficiary_id=other)


async def test_a_flood_is_stopped_and_distress_never(fund: Fund, guo: Actor) -> None:
    for number in range(8):
        await fund.asking.open(guo, f"q{number}", CaseKind.QUESTION, Said("问"))
    with pytest.raises(TooManyCases):
        await fund.asking.open(guo, "q9", CaseKind.QUESTION, Said("问"))
    case = await fund.asking.open(guo, "help", CaseKind.DISTRESS, Said("不想活了"))
    assert case.kind is CaseKind.DISTRESS


async def test_saying_more_after_the_answer_starts_the_clock_anew(fund: Fund, guo: Actor, clock: TurnableClock) -> None:
    case, clerk = await missing(fund, guo), await staff(fund, Right(Role.MAKER))
    await fund.desk.claim(clerk, "claim", case.id)
    await fund.desk.answer(clerk, "answer", case.id, "明天到。", asks_back=False)
    clock.forward(days=30)
    assert await fund.minding.look() == 0
    more = await fund.asking.add(guo, "more", case.id, Said("还是没有"))
    assert more.state is CaseState.IN_HAND
    assert more.due_at > fund.ground.now() > case.due_at
    assert [line.said.words for line in more.lines] == ["没收到", "明天到。", "还是没有"]


async def test_a_closed_case_opens_again(fund: Fund, guo: Actor) -> None:
    case = await missing(fund, guo)
    assert (await fund.asking.close(guo, "close", case.id)).state is CaseState.CLOSED
    assert (await fund.asking.add(guo, "more", case.id, Said("又没收到"))).state is CaseState.WAITING


async def test_a_case_is_rated_once_and_not_before_an_answer(fund: Fund, guo: Actor) -> None:
    case = await missing(fund, guo)
    with pytest.raises(StaleButton):
        await fund.asking.rate(guo, "early", case.id, 5)
    await fund.asking.close(guo, "close", case.id)
    for request_id, rating in (("first", 4), ("second", 1)):
        assert (await fund.asking.rate(guo, request_id, case.id, rating)).rating == 4


async def test_letting_go_of_the_chat_forgets_a_strangers_way_back(fund: Fund) -> None:
    stranger = Actor(user_id=12)
    await fund.accounts.meet(12, "zh_CN")
    case = await fund.asking.open(stranger, "q", CaseKind.QUESTION, Said("怎么申请"))
    await fund.linking.let_go(stranger)
    with pytest.raises(NotAllowed):
        await fund.asking.look(stranger, case.id)
    item = await fund.desk.look(await staff(fund, Right(Role.MAKER)), case.id)
    assert item.language is None


async def test_a_member_who_is_a_household_too_asks_of_gifts_as_a_member(fund: Fund, cast: Cast) -> None:
    both = Actor(user_id=13, member_id=cast.members[QIN], beneficiary_ids=(cast.beneficiaries[GUO],))
    receipt = await fund.asking.open(both, "r", CaseKind.RECEIPT, Said("票据"))
    question = await fund.asking.open(both, "q", CaseKind.QUESTION, Said("问"))
    clerk = await staff(fund, Right(Role.MAKER))
    whose = [(await fund.desk.look(clerk, case.id)).who.number for case in (receipt, question)]
    assert whose == [QIN, GUO]


async def test_words_stand_sealed(fund: Fund, guo: Actor) -> None:
    await fund.asking.open(guo, "secret", CaseKind.QUESTION, Said("一句谁也不该看到的话", photo="PHOTO-ID"))
    dump = "\n".join(await fund.ground.db.read(lambda db: list(db.iterdump())))
    assert "谁也不该" not in dump
    assert "PHOTO-ID" not in dump

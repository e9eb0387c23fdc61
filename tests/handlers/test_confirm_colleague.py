"""Nobody alone makes colleagues: a new chat opens once a second person has said whose it is."""

from __future__ import annotations

import pytest

from carefund_bot.access import OPERATOR, STAFF_ROLES, Actor, Right, Role
from carefund_bot.domain.cases import CaseKind, Said
from carefund_bot.errors import NotAllowed
from carefund_bot.fund import Fund
from carefund_bot.services.staffing import NewColleague
from carefund_bot.texts import newcomers as texts
from carefund_bot.texts.words import words_in
from sandbox import Person, Sandbox
from tests.cast import GUO, Cast, make_staff
from tests.conftest import TurnableClock

ADMINISTRATOR, AUDITOR = Right(Role.ADMINISTRATOR, "city"), Right(Role.AUDITOR)


async def invited(bot: Fund, by: Person, name: str, *roles: Role) -> NewColleague:
    return await bot.staffing.add(await acting(bot, by), name, [Right(role, "city") for role in roles])


async def acting(bot: Fund, phone: Person) -> Actor:
    return (await bot.accounts.meet(phone.id, "zh_CN")).actor


async def links(phone: Person, code: str) -> None:
    await phone.says(f"/start {code}")
    await phone.taps("同意")


async def test_a_colleague_waits_until_an_auditor_has_asked_them(
    sandbox: Sandbox, bot: Fund, cast: Cast, gu: Person, shen: Person
) -> None:
    ma = sandbox.person("马建国")
    added = await invited(bot, gu, "马建国", Role.MAKER)
    await ma.says(f"/start {added.code}")
    consent = ma.last()
    agree = next(button.data for button in consent.all_buttons() if "同意" in button.label)
    await ma.taps("同意")
    assert not consent.buttons
    await ma.taps_data(agree or "", message=consent)
    assert "收到您的同意了" in consent.text
    assert "还差一步" in ma.last().text
    assert ma.keyboard == [["找人问"]]
    await ma.says("/batches")
    assert "批次" not in ma.last().text
    await ma.says("/start")
    assert "要有另一位同事确认是您本人" in ma.last().text

    assert shen.last().text == "同事 马*国（经办）绑定了聊天，等您确认是本人。"
    await shen.taps("看一看")
    card = shen.last()
    assert "职责：经办（苏州市级）" in card.text
    assert "绑定码：顾* 发的" in card.text
    data = next(button.data for button in card.all_buttons() if "问过本人，确认" in button.label)
    await shen.taps("问过本人，确认")
    assert "马*国 可以开始工作了" in shen.last().text
    await shen.taps_data(data or "", message=shen.last())
    assert "马*国 可以开始工作了" in shen.last().text, "a second tap is the same word"

    await ma.taps("开始")
    assert ["发放批次"] in [row[:1] for row in ma.keyboard]
    assert "batches" in ma.commands
    assert gu.last().text == "同事 马*国（经办）的聊天由沈*确认了。"


async def test_one_administrator_alone_is_not_three(sandbox: Sandbox, bot: Fund, gu: Person) -> None:
    """Three codes, three accounts, one hand: none of the chats opens, whatever that hand presses."""
    for place, role in enumerate((Role.MAKER, Role.CHECKER, Role.AUDITOR)):
        phone = sandbox.person(f"替身{place}")
        added = await invited(bot, gu, phone.name, role)
        await links(phone, added.code)
        assert "还差一步" in phone.last().text
        assert "没有别人能确认，请找管服务器的同事" in gu.last().text
    await gu.says("/newcomers")
    await gu.taps("替*0")
    await gu.taps("问过本人，确认")
    assert "要由另一位同事来做" in gu.last().text
    auditor = sandbox.person("替身2")
    for waiting in await bot.newcomers.waiting(OPERATOR):
        await auditor.taps_data(f"newcomers:confirm:{waiting.code_id}", message=auditor.last())
    assert len(await bot.newcomers.waiting(OPERATOR)) == 3
    for place in range(3):
        assert not (await bot.accounts.meet(sandbox.person(f"替身{place}").id, "zh_CN")).actor.staff_rights


async def test_a_chat_that_is_not_the_colleague_s_is_unbound(
    sandbox: Sandbox, bot: Fund, gu: Person, shen: Person
) -> None:
    somebody = sandbox.person("不知是谁")
    await links(somebody, (await invited(bot, gu, "马建国", Role.RELEASER)).code)
    await shen.says("新同事")
    await shen.taps("马*国")
    await shen.taps("不对，解除绑定")
    assert shen.last().text == "已经解除。马*国 在这个聊天里什么也看不到了。要用，得重新发码。"
    assert "绑定已经解除" in somebody.last().text
    assert (await bot.accounts.meet(somebody.id, "zh_CN")).actor.is_stranger
    assert "没有得到确认" in gu.last().text
    await shen.says("/newcomers")
    assert "没有等确认的同事" in shen.last().text


async def test_a_colleague_who_waits_may_unlink(sandbox: Sandbox, bot: Fund, gu: Person, shen: Person) -> None:
    ma = sandbox.person("马建国")
    await links(ma, (await invited(bot, gu, "马建国", Role.MAKER)).code)
    await ma.says("/settings")
    await ma.taps("解除绑定")
    await ma.taps("确定解除")
    assert "已解除" in ma.last().text
    await shen.taps("看一看")
    assert "已有别人处理过了" in shen.last().text


async def test_the_first_administrator_needs_nobody_and_confirms_the_next(sandbox: Sandbox, bot: Fund) -> None:
    """From the operator's command alone; afterwards the administrator hears of each."""
    first, second = sandbox.person("顾青"), sandbox.person("马建国")
    await links(first, (await bot.staffing.add(OPERATOR, "顾青", [Right(Role.ADMINISTRATOR)])).code)
    assert "您的工作在这里办" in first.chat[-2].text
    added = await bot.staffing.add(OPERATOR, "马建国", [Right(Role.MAKER), Right(Role.NOTICE_EDITOR)])
    await links(second, added.code)
    assert [message.text for message in first.chat[-2:]] == [
        "新加了同事 马*国（经办、发通知），是管服务器的同事加的。有疑问请马上问。",
        "同事 马*国（经办、发通知）绑定了聊天，等您确认是本人。",
    ]
    await first.taps("看一看")
    assert "绑定码：在服务器上发的" in first.last().text
    await first.taps("问过本人，确认")
    await second.taps("开始")
    assert second.keyboard


async def test_an_auditor_bound_by_the_same_hand_confirms_only_after_a_week(
    sandbox: Sandbox, bot: Fund, gu: Person, clock: TurnableClock
) -> None:
    """Else two accounts of one person would do."""
    near, ma = sandbox.person("刚来的"), sandbox.person("马建国")
    await links(near, (await invited(bot, gu, "刚来的", Role.AUDITOR)).code)
    (waiting,) = await bot.newcomers.waiting(OPERATOR)
    await bot.newcomers.decide(OPERATOR, waiting.code_id, is_theirs=True)
    await links(ma, (await invited(bot, gu, "马建国", Role.CHECKER)).code)
    for days, answer in ((0, "绑定码出自给这位新同事发码或加职责的同事"), (7, "可以开始工作了")):
        clock.forward(days=days)
        await near.says("/newcomers")
        await near.taps("马*国")
        await near.taps("问过本人，确认")
        assert answer in near.last().text


async def test_who_gets_a_new_code_waits_anew(sandbox: Sandbox, bot: Fund, gu: Person, shen: Person) -> None:
    """A code is all of a colleague's rights: an administrator could use it themselves."""
    ma, elsewhere = sandbox.person("马建国"), sandbox.person("另一个手机")
    staff_id = await make_staff(bot, ma, Right(Role.CHECKER, "city"))
    renewed = await bot.staffing.renew_code((await bot.accounts.meet(gu.id, "zh_CN")).actor, staff_id)
    assert (await bot.accounts.meet(ma.id, "zh_CN")).actor.staff_rights, "the old chat is good until the code is used"
    await links(elsewhere, renewed.code)
    assert "换到了另一个聊天账号" in ma.last().text
    assert shen.chat[-2].text == "同事 马*国（复核）换了新绑定码，是顾*发的。有疑问请马上问。"
    assert "还差一步" in elsewhere.last().text
    await shen.taps("看一看")
    await shen.taps("问过本人，确认")
    assert (await bot.accounts.meet(elsewhere.id, "zh_CN")).actor.staff_id == staff_id
    assert (await bot.accounts.meet(elsewhere.id, "zh_CN")).actor.staff_rights


async def test_a_chat_that_waits_hears_nothing_of_the_desk(
    sandbox: Sandbox, bot: Fund, cast: Cast, gu: Person, shen: Person, clock: TurnableClock
) -> None:
    """Whoever used the code is nobody yet: neither the colleague's case nor what they asked is told to that chat."""
    ma, elsewhere = sandbox.person("马建国"), sandbox.person("另一个手机")
    staff_id = await make_staff(bot, ma, Right(Role.MAKER, "city"))
    guo = Actor(user_id=11, beneficiary_ids=(cast.beneficiaries[GUO],))
    asked = await bot.asking.open(guo, "missing", CaseKind.PAYOUT_MISSING, Said("没收到"))
    ma_acts = (await bot.accounts.meet(ma.id, "zh_CN")).actor
    await bot.desk.claim(ma_acts, "claim", asked.id)
    own = await bot.asking.open(ma_acts, "own", CaseKind.QUESTION, Said("工资呢"))
    await links(elsewhere, (await bot.staffing.renew_code(await acting(bot, gu), staff_id)).code)
    before = len(elsewhere.chat)
    clock.forward(days=14)
    await bot.minding.look()
    await gu.says("/newcomers")
    assert len(elsewhere.chat) == before
    assert (await bot.desk.look(await acting(bot, gu), asked.id)).standing.holder == "马*国"
    with pytest.raises(NotAllowed):
        await bot.asking.look(await acting(bot, elsewhere), own.id)


async def test_who_waits_may_ask_and_is_answered(sandbox: Sandbox, bot: Fund, gu: Person, shen: Person) -> None:
    """As whoever has that chat, at the office of the place the colleague is for."""
    ma, clerk = sandbox.person("马建国"), sandbox.person("小何")
    await make_staff(bot, clerk, Right(Role.MAKER, "changshu"))
    await links(ma, (await bot.staffing.add(OPERATOR, "马建国", [Right(Role.MAKER, "changshu")])).code)
    await ma.says("/start")
    assert "0512-0000-5678" in ma.last().text
    case = await bot.asking.open(await acting(bot, ma), "why", CaseKind.QUESTION, Said("什么时候能用"))
    assert case.fund == "changshu"
    await bot.desk.claim(await acting(bot, clerk), "claim", case.id)
    await bot.desk.answer(await acting(bot, clerk), "answer", case.id, "等同事确认就行", asks_back=False)
    await clerk.says("/start")
    assert "等同事确认就行" in ma.last().text


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("role", STAFF_ROLES)
@pytest.mark.parametrize(
    "news", ["added", "renewed", "ended", "arrived", "waits", "waits_for_operator", "confirmed", "refused"]
)
def test_all_that_happens_among_the_staff_can_be_said(language: str, role: Role, news: str) -> None:
    words = words_in(language)
    for code_id, by in ((None, "顾*"), (7, None)):
        facts = {"news": news, "name": "马*国", "roles": f"{role} auditor", "by": by, "code_id": code_id}
        said = str(texts.staff_news(words, facts))
        assert "马*国" in said
        assert ("审计" if language == "zh_CN" else "auditor") in said

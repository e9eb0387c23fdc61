"""A proxy: papers seen, two hands, a day of quiet, a code of the own; sees where the money is until it ends."""

from __future__ import annotations

from datetime import timedelta

import pytest

from carefund_bot.access import Actor, Right, Role
from carefund_bot.domain.cases import CaseKind, Said
from carefund_bot.domain.changes import Change, Detail, Evidence, What
from carefund_bot.errors import NotAllowed, ProxyRefused
from carefund_bot.fund import Fund
from carefund_bot.store import people
from sandbox import Person, Sandbox
from tests.cast import CITY_CLERK, DAI, GUO, JIANG, Cast, link, make_staff
from tests.conftest import TurnableClock
from tests.payouts import write_batch

CHECKER = Right(Role.CHECKER, "city")


def shown(phone: Person) -> str:
    return "\n".join(message.text for message in phone.chat if message.from_bot)


async def in_force(sandbox: Sandbox, bot: Fund, cast: Cast, clock: TurnableClock) -> tuple[Person, Person, str]:
    """A household, the clerk, and the code that the clerk has handed to the proxy."""
    guo, lu, shen = sandbox.person("郭明"), sandbox.person("陆经办"), sandbox.person("沈复核")
    await link(bot, guo, "beneficiary", cast.beneficiaries[GUO])
    await make_staff(bot, lu, CITY_CLERK)
    await make_staff(bot, shen, CHECKER)
    await guo.says("找人问")
    await guo.says("我腿脚不好，想请侄子帮我看")
    await lu.taps("打开")
    await lu.taps("我来办")
    await lu.taps("登记变更")
    await lu.taps("请人代办")
    assert "本人身份证和本人的新卡" not in [button.label for button in lu.last().all_buttons()]
    await lu.taps("签字的委托书")
    await lu.says("郭小明\n123X\n看补助进度")
    assert "没看懂" in lu.last().text
    await lu.says("郭小明\n123X\n看补助进度\n6月30日到6月1日")
    assert "没看懂" in lu.last().text
    await lu.says("郭小明\n123X\n看补助进度\n6月1日到6月30日")
    assert "郭小明，看补助进度，2012年6月1日 到 2012年6月30日，只看钱到哪一步" in lu.last().text
    await lu.taps("交去复核")
    await shen.taps("打开")
    await shen.taps("复核通过")
    assert "请人代办" in guo.last().text
    clock.forward(days=1, minutes=1)
    await bot.minding.look()
    await guo.says("/cases")
    await lu.taps("给代办码")
    return guo, lu, lu.last().html.split("<code>")[1].split("</code>")[0]


async def test_a_proxy_sees_where_the_money_is_and_nothing_else(
    sandbox: Sandbox, bot: Fund, cast: Cast, clock: TurnableClock
) -> None:
    await write_batch(bot, cast.beneficiaries[GUO], "planned", "approved", "instructed")
    guo, _, code = await in_force(sandbox, bot, cast, clock)
    nephew = sandbox.person("郭小明")
    await nephew.says(code)
    assert "别的看不到" in nephew.last().text
    await nephew.taps("同意")
    card = nephew.last()
    assert "【代办】钱已经送到银行" in card.text
    assert card.protected
    for hidden in ("¥", "7414", "账户", "往年", "郭明"):
        assert hidden not in shown(nephew)
    assert "代办人绑定好了" in guo.last().text
    await nephew.says("钱呢")
    assert "【代办】" in nephew.last().text
    for closed in ("/payout", "/problem", "没收到"):
        await nephew.says(closed)
        assert "¥" not in shown(nephew)
    await guo.taps("结束代办")
    assert "代办结束了" in guo.last().text
    assert "这一家收回了" in nephew.last().text
    await nephew.says("钱呢")
    assert "【代办】" not in nephew.last().text
    await nephew.says(code)
    assert "用不了" in nephew.last().text
    await guo.taps("结束代办")
    assert "代办结束了" in guo.last().text, "a second tap hears the same"


async def test_a_mandate_ends_by_itself(sandbox: Sandbox, bot: Fund, cast: Cast, clock: TurnableClock) -> None:
    guo, _, code = await in_force(sandbox, bot, cast, clock)
    nephew = sandbox.person("郭小明")
    await nephew.says(code)
    await nephew.taps("同意")
    clock.forward(days=29)
    await nephew.says("/proxy")
    assert "现在没有有效的代办" in nephew.last().text, "even before anybody has looked after it"
    assert await bot.minding.look() >= 1
    await guo.says("/cases")
    for phone in (guo, nephew):
        assert "代办到期" in shown(phone)
    await nephew.says("/proxy")
    assert "绑定码" in nephew.last().text, "nobody we know any more"


async def test_the_office_ends_it_for_a_household_that_called(
    sandbox: Sandbox, bot: Fund, cast: Cast, clock: TurnableClock
) -> None:
    guo, lu, code = await in_force(sandbox, bot, cast, clock)
    await lu.taps("结束代办")
    assert "代办结束了" in lu.last().text
    assert "办公室已经停掉" in guo.last().text
    nephew = sandbox.person("郭小明")
    await nephew.says(code)
    assert "用不了" in nephew.last().text


async def test_staff_are_never_proxies(sandbox: Sandbox, bot: Fund, cast: Cast, clock: TurnableClock) -> None:
    _, _, code = await in_force(sandbox, bot, cast, clock)
    other = sandbox.person("王经办")
    await make_staff(bot, other, CITY_CLERK)
    await other.says(code)
    await other.taps("同意")
    assert "工作人员不能当代办人" in other.last().text
    with pytest.raises(NotAllowed):
        await bot.aid.as_proxy(Actor(user_id=1, staff_id=1, staff_rights=(CITY_CLERK,), proxy_ids=(1,)))


async def test_a_colleagues_name_is_pointed_out_to_the_second_person(sandbox: Sandbox, bot: Fund, cast: Cast) -> None:
    lu, shen = sandbox.person("郭小明"), sandbox.person("沈复核")
    staff_id = await make_staff(bot, lu, CITY_CLERK)
    await make_staff(bot, shen, CHECKER)
    clerk = Actor(user_id=lu.id, staff_id=staff_id, staff_rights=(CITY_CLERK,))
    await mandate_for(bot, clerk, cast.beneficiaries[GUO], "guo")
    await shen.says("/help")
    (card,) = await shen.taps("打开")
    assert "也叫这个名字" in card.text


async def mandate_for(bot: Fund, clerk: Actor, beneficiary_id: int, request: str) -> Change:
    household = Actor(user_id=50 + beneficiary_id, beneficiary_ids=(beneficiary_id,))
    case = await bot.asking.open(household, f"case {request}", CaseKind.PROXY, Said("请人代办"))
    await bot.desk.claim(clerk, f"claim {request}", case.id)
    today = bot.ground.today()
    detail = Detail("郭小明，看进度", today + timedelta(days=30), today, "郭小明 123X")
    return await bot.changing.propose(clerk, request, case.id, What.PROXY, Evidence.PROXY_LETTER, detail)


async def test_one_stands_for_two_households_at_most(fund: Fund, cast: Cast) -> None:
    clerk = await actor_of_staff(fund, Right(Role.MAKER))
    await mandate_for(fund, clerk, cast.beneficiaries[GUO], "guo")
    await mandate_for(fund, clerk, cast.beneficiaries[GUO], "guo again")
    second = await mandate_for(fund, clerk, cast.beneficiaries[JIANG], "jiang")
    with pytest.raises(ProxyRefused):
        await mandate_for(fund, clerk, cast.beneficiaries[DAI], "dai")
    checker = await actor_of_staff(fund, Right(Role.CHECKER))
    await fund.changing.decide(checker, "no", second.id, approve=False)
    await mandate_for(fund, clerk, cast.beneficiaries[DAI], "dai at last")


async def actor_of_staff(fund: Fund, right: Right) -> Actor:
    sealed = fund.ground.sealer.seal("staff", {"name": "某某"})
    staff_id = await fund.ground.db.write(lambda db: people.add_staff(db, sealed, 0))
    await fund.ground.db.write(lambda db: people.grant(db, staff_id, right, None, 0))
    return Actor(user_id=900 + staff_id, staff_id=staff_id, staff_rights=(right,))


async def test_a_proxy_without_a_signature_is_refused(fund: Fund, cast: Cast) -> None:
    clerk = await actor_of_staff(fund, Right(Role.MAKER))
    household = Actor(user_id=11, beneficiary_ids=(cast.beneficiaries[GUO],))
    case = await fund.asking.open(household, "case", CaseKind.PROXY, Said("请人代办"))
    await fund.desk.claim(clerk, "claim", case.id)
    today = fund.ground.today()
    with pytest.raises(NotAllowed):
        await fund.changing.propose(
            clerk, "new", case.id, What.PROXY, Evidence.OWN, Detail("某人，看", today, today, "某人 1234")
        )

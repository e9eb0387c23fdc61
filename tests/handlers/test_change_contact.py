"""A new card: seen in person, approved by another, told to the old contact, in force after a day."""

from __future__ import annotations

from carefund_bot.access import Right, Role
from carefund_bot.fund import Fund
from sandbox import Person, Sandbox
from tests.cast import CITY_CLERK, GUO, GUO_CARD, Cast, link, make_staff
from tests.conftest import TurnableClock


async def registered(sandbox: Sandbox, bot: Fund, cast: Cast) -> tuple[Person, Person, Person]:
    """A household, a clerk who has registered its new card, and the checker who has been told."""
    guo, lu, shen = sandbox.person("郭明"), sandbox.person("陆经办"), sandbox.person("沈复核")
    await link(bot, guo, "beneficiary", cast.beneficiaries[GUO])
    await make_staff(bot, lu, CITY_CLERK, Right(Role.CHECKER, "city"))
    await make_staff(bot, shen, Right(Role.CHECKER, "city"))
    await guo.says("换卡了")
    await guo.taps("换了卡")
    await guo.taps("交给工作人员")
    await lu.taps("打开")
    await lu.taps("我来办")
    await lu.taps("登记变更")
    await lu.taps("换收款卡")
    await lu.taps("本人身份证")
    await lu.says("1234 号")
    assert "没看懂" in lu.last().text
    await lu.says(GUO_CARD)
    assert "请不要在这里发" in lu.last().text
    await lu.says("1234")
    await lu.taps("交去复核")
    assert "变更 1" in lu.last().text
    return guo, lu, shen


def shown(phone: Person) -> str:
    return "\n".join(message.text for message in phone.chat if message.from_bot)


async def test_two_hands_then_the_old_contact_then_a_day(
    sandbox: Sandbox, bot: Fund, cast: Cast, clock: TurnableClock
) -> None:
    guo, lu, shen = await registered(sandbox, bot, cast)
    await lu.says("变更复核")
    await lu.taps("1 换收款卡")
    await lu.taps("复核通过")
    assert "另一位同事" in lu.last().text
    assert "有人来办公室登记了" not in shown(guo)
    await shen.taps("打开")
    assert "尾号 1234" in shen.last().text
    await shen.taps("复核通过")
    told = guo.last()
    assert "换收款卡，尾号 1234" in told.text
    assert "6月2日 10:00 生效" in told.text
    clock.forward(minutes=23 * 60)
    assert await bot.minding.look() == 0
    clock.forward(minutes=61)
    assert await bot.minding.look() == 1
    assert await bot.minding.look() == 0
    await guo.says("/cases")
    assert "换收款卡生效了" in shown(guo)
    assert "请写进下一次名册" in shown(lu)
    await guo.taps("不是我们办的", message=told)
    assert "别人处理过了" in guo.last().text


async def test_the_household_stops_what_it_did_not_do(
    sandbox: Sandbox, bot: Fund, cast: Cast, clock: TurnableClock
) -> None:
    guo, lu, shen = await registered(sandbox, bot, cast)
    await shen.taps("打开")
    await shen.taps("复核通过")
    told = guo.last()
    for _ in range(2):
        await guo.taps("不是我们办的", message=told)
        assert "停下了" in guo.last().text
    for phone in (lu, shen):
        assert shown(phone).count("请马上核实") == 1
    clock.forward(days=2)
    await bot.minding.look()
    await guo.says("/cases")
    assert "生效了" not in shown(guo)

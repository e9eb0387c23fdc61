"""A clerk hands out one code."""

from __future__ import annotations

from carefund_bot.fund import Fund
from sandbox import Person, Sandbox
from tests.cast import CITY_CLERK, DAI, GUO, JIANG, QIN, Cast, link, make_staff


async def clerk(sandbox: Sandbox, bot: Fund, language: str = "zh-hans") -> Person:
    phone = sandbox.person("小周")
    phone.language_code = language
    await make_staff(bot, phone, CITY_CLERK)
    return phone


async def test_a_code_is_copied_and_opens_the_door(sandbox: Sandbox, bot: Fund, cast: Cast) -> None:
    zhou, guo = await clerk(sandbox, bot), sandbox.person("郭明")
    await zhou.taps("发绑定码")
    await zhou.says(GUO.lower())
    assert f"{GUO} · 郭* · 南桥街道 菊花社区" in zhou.last().text
    assert "2012年7月31日" in zhou.last().text
    await zhou.taps("复制绑定链接")
    _, _, code = zhou.clipboard.partition("?start=")
    await guo.opens_link(code)
    assert "同意就点一下" in guo.last().text


async def test_a_code_for_the_own_household_is_a_colleague_s_to_give(sandbox: Sandbox, bot: Fund, cast: Cast) -> None:
    """No code comes of it, and the next number may be typed at once."""
    zhou = await clerk(sandbox, bot)
    await link(bot, zhou, "beneficiary", cast.beneficiaries[GUO])
    await zhou.taps("发绑定码")
    await zhou.says(GUO)
    assert "要由另一位同事来办" in zhou.last().text
    live = "SELECT count(*) FROM link_code WHERE subject = 'beneficiary' AND used_at IS NULL"
    assert await bot.ground.db.read(lambda db: db.execute(live).fetchone()) == (0,)
    await zhou.says(DAI)
    assert "绑定码发好了" in zhou.last().text


async def test_the_copied_code_is_the_one_shown(sandbox: Sandbox, bot: Fund, cast: Cast) -> None:
    zhou = await clerk(sandbox, bot)
    await zhou.says("/code")
    await zhou.says(QIN)
    await zhou.taps("复制绑定码")
    assert zhou.clipboard in zhou.last().text
    await zhou.taps("再发一个")
    assert "请发他的编号" in zhou.last().text


async def test_nobodys_number_and_another_funds_get_the_same_words(sandbox: Sandbox, bot: Fund, cast: Cast) -> None:
    zhou = await clerk(sandbox, bot, language="en")
    await zhou.taps("Give a code")
    answers = set()
    for number in ("DY999999", JIANG, "你好"):
        await zhou.says(number)
        answers.add(zhou.last().text)
    assert len(answers) == 1
    assert "no such number" in answers.pop()


async def test_a_stranger_gets_no_code_of_anybody(stranger: Person, bot: Fund, cast: Cast) -> None:
    await stranger.says("/code")
    await stranger.says(GUO)
    assert "郭" not in stranger.last().text
    count = await bot.ground.db.read(lambda db: db.execute("SELECT count(*) FROM link_code").fetchone())
    assert count == (0,)

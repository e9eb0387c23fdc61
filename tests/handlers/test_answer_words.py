"""Free words: reading questions answered at once, promises only filled in, doubt asked back, distress to people."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from carefund_bot.fund import Fund
from carefund_bot.understanding.reading import Understanding
from handlers.serving import serving
from sandbox import Person, Sandbox
from tests.cast import GUO, QIN, Cast, leave_members_roll, link
from tests.payouts import leave_roll


@pytest.fixture(scope="module")
def understanding() -> Understanding:
    return Understanding.load()


@pytest_asyncio.fixture
async def reader(fund: Fund, sandbox: Sandbox, understanding: Understanding) -> AsyncIterator[Fund]:
    """A bot that has learned to read."""
    async with serving(fund) as running:
        sandbox.busy_checks.append(lambda: running.intake.order.waiting > 0)
        running.house.understanding = understanding
        yield fund


@pytest_asyncio.fixture
async def qin(sandbox: Sandbox, reader: Fund, cast: Cast) -> Person:
    person = sandbox.person("秦兰")
    await link(reader, person, "member", cast.members[QIN])
    return person


@pytest_asyncio.fixture
async def guo(sandbox: Sandbox, reader: Fund, cast: Cast) -> Person:
    person = sandbox.person("郭明")
    await link(reader, person, "beneficiary", cast.beneficiaries[GUO])
    return person


@pytest.mark.parametrize("words", ["我家那个补助到哪一步了", "錢什麼時候到啊", "when will the money arrive"])
async def test_a_household_gets_its_own_answer_at_once(guo: Person, words: str) -> None:
    await guo.says(words)
    assert "今年的名册上有您" in guo.last().text


async def test_why_me_not_is_answered_by_the_own_card_of_who_left(reader: Fund, guo: Person, cast: Cast) -> None:
    await guo.says("为什么今年没有我")
    assert "名单由民政、工会、学校等单位每年核定" in guo.last().text
    await leave_roll(reader, cast.beneficiaries[GUO])
    await guo.says("为什么今年没有我")
    assert "社区交来的新名册里没有列您，2012年6月1日 起生效。" in guo.last().text


async def test_a_member_asking_the_same_gets_the_funds_calendar(qin: Person) -> None:
    await qin.says("什么时候发钱")
    assert "7月1日" in qin.last().text
    assert "名册上有您" not in qin.last().text


async def test_the_wish_of_a_member_who_left_the_roll_goes_no_further(reader: Fund, qin: Person, cast: Cast) -> None:
    await leave_members_roll(reader, cast.members[QIN])
    await qin.says("我想每个月捐50")
    assert "党员名册上没有您了" in qin.last().text


async def test_a_wish_to_pledge_fills_the_form_and_stops_before_the_confirm(reader: Fund, qin: Person) -> None:
    await qin.says("我想每个月捐50")
    assert "每月 ¥50" in qin.last().text
    assert "捐几次" in qin.last().text
    await qin.taps("不限")
    assert await reader.ground.db.read(lambda db: db.execute("SELECT count(*) FROM pledge").fetchone()) == (0,)
    await qin.taps("确认")
    assert await reader.ground.db.read(lambda db: db.execute("SELECT rhythm, each_fen FROM pledge").fetchall()) == [
        ("monthly", 5000)
    ]


async def test_a_year_in_the_words_opens_that_year(qin: Person) -> None:
    await qin.says("我2011年捐了多少啊")
    assert "2011年度" in qin.last().text


async def test_a_stranger_with_a_personal_question_hears_how_to_link(sandbox: Sandbox, reader: Fund) -> None:
    stranger = sandbox.person("阿牛")
    await stranger.says("我的补助怎么还没到账")
    assert "绑定码" in stranger.last().text


async def test_distress_gets_calm_words_and_the_desk(reader: Fund, guo: Person) -> None:
    await guo.says("实在过不下去了，不想活了")
    kinds = await reader.ground.db.read(lambda db: db.execute("SELECT kind FROM desk_case").fetchall())
    assert kinds == [("distress",)]
    assert "没看明白" not in guo.last().text


async def test_a_swindle_is_warned_of(guo: Person) -> None:
    await guo.says("有人打电话说是基金会的，叫我报验证码，是真的吗")
    assert any("从不要密码、验证码" in message.text and "请小心" in message.text for message in guo.chat)
    assert "拿不准" not in guo.last().text


async def test_another_payers_money_is_not_ours_to_answer(guo: Person) -> None:
    await guo.says("我的养老金这个月怎么还没发")
    assert "名册上有您" not in guo.last().text


async def test_doubt_is_asked_back_and_can_go_to_a_person_with_the_very_words(reader: Fund, guo: Person) -> None:
    await guo.says("那个事情后来怎么说")
    labels = [button.label for button in guo.last().all_buttons()]
    assert any("转给工作人员" in label for label in labels)
    await guo.taps("转给工作人员")
    kinds = await reader.ground.db.read(lambda db: db.execute("SELECT kind FROM desk_case").fetchall())
    assert kinds == [("question",)]


async def test_an_old_button_of_a_question_back_is_refused_kindly(guo: Person) -> None:
    await guo.says("那个事情后来怎么说")
    asked = guo.last()
    await guo.says("/cancel")
    await guo.taps("转给工作人员", message=asked)
    assert "失效" in guo.last().text


async def test_a_general_question_is_answered_from_the_funds_own_answers(guo: Person) -> None:
    await guo.says("这个补助要怎么申请啊")
    assert "街道" in guo.last().text
    assert "拿不准" not in guo.last().text


async def test_what_was_asked_is_counted_without_words(reader: Fund, guo: Person) -> None:
    await guo.says("我家那个补助到哪一步了")
    await guo.says("那个事情后来怎么说")
    rows = await reader.ground.db.read(lambda db: db.execute("SELECT * FROM asked ORDER BY outcome").fetchall())
    assert [row[1:3] for row in rows] == [("payout_status", "answered"), ("payout_status", "offered")]

"""Members promise, change their minds, and are never pressed."""

from __future__ import annotations

from typing import Any

import pytest
import pytest_asyncio

from carefund_bot.access import Actor
from carefund_bot.domain.money import Money
from carefund_bot.domain.pledges import Rhythm, Terms
from carefund_bot.errors import TooManyPledges
from carefund_bot.fund import Fund
from carefund_bot.services.pledging import MOST_LIVE
from carefund_bot.settings import Settings
from sandbox import Person, Sandbox
from sandbox.faults import reset
from tests.cast import HE, QIN, Cast, leave_members_roll, link, write_cast
from tests.conftest import TurnableClock
from tests.handlers.restarting import running


@pytest_asyncio.fixture
async def qin(sandbox: Sandbox, bot: Fund, cast: Cast) -> Person:
    person = sandbox.person("秦兰")
    await link(bot, person, "member", cast.members[QIN])
    return person


async def rows(fund: Fund, sql: str) -> list[Any]:
    return await fund.ground.db.read(lambda db: db.execute(sql).fetchall())


PLEDGES = "SELECT rhythm, each_fen, times, total_fen, first_due_on FROM pledge ORDER BY id"


async def test_four_taps_from_the_key_make_a_pledge(qin: Person, bot: Fund) -> None:
    await qin.taps("我要认捐")
    assert "自愿" in qin.last().text
    await qin.taps("¥50")
    await qin.taps("每月")
    await qin.taps("不限")
    assert "每月 ¥50，每年 ¥600，随时可停" in qin.last().text
    assert "2012年6月1日" in qin.last().text
    await qin.taps("确认认捐")
    assert "谢谢您" in qin.last().text
    assert await rows(bot, PLEDGES) == [("monthly", 5000, None, None, "2012-06-01")]


async def test_nobody_keeps_more_pledges_than_can_be_kept_track_of(bot: Fund, qin: Person, cast: Cast) -> None:
    actor = Actor(user_id=qin.id, member_id=cast.members[QIN])
    terms = Terms(Rhythm.MONTHLY, Money.yuan(600), 600)
    for number in range(MOST_LIVE):
        await bot.pledging.make(actor, f"pledge {number}", terms)
    with pytest.raises(TooManyPledges):
        await bot.pledging.make(actor, "one more", terms)
    await bot.pledging.make(actor, "instead", terms, replaces_id=1)
    assert (await bot.pledging.make(actor, "pledge 0", terms)).pledge.id == 1
    await qin.says("认捐")
    for answer in ("50", "每月", "不限"):
        await qin.says(answer)
    await qin.taps("确认")
    assert f"已经有 {MOST_LIVE} 项认捐在进行" in qin.last().text


@pytest.mark.parametrize("typed", ["100", "一百元", "１００", "¥100", "0.01万"])
async def test_an_own_sum_is_typed(qin: Person, bot: Fund, typed: str) -> None:
    await qin.taps("我要认捐")
    await qin.taps("其他金额")
    assert "一百元" in qin.last().text
    await qin.says(typed)
    await qin.taps("只捐一次")
    assert "捐一次，¥100" in qin.last().text
    await qin.taps("确认认捐")
    assert await rows(bot, PLEDGES) == [("once", None, 1, 10000, "2012-06-01")]


async def test_a_total_in_parts_says_exactly_how_it_is_parted(qin: Person, bot: Fund) -> None:
    await qin.taps("我要认捐")
    await qin.says("1000分3期")
    assert not any("只捐一次" in button.label for button in qin.last().all_buttons())
    await qin.taps("每季")
    assert "第 1 次 ¥333.34，后 2 次各 ¥333.33" in qin.last().text
    assert "最后一次：2012年12月1日" in qin.last().text
    await qin.taps("确认认捐")
    assert await rows(bot, PLEDGES) == [("quarterly", None, 3, 100000, "2012-06-01")]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("每月100.01元，共3次", "¥300.03"),
        ("每月1000分6期", "前 4 次各 ¥166.67，后 2 次各 ¥166.66"),
        ("每月500分3期", "前 2 次各 ¥166.67，最后 1 次 ¥166.66"),
    ],
)
async def test_uneven_parts_read_like_speech(qin: Person, typed: str, said: str) -> None:
    await qin.taps("我要认捐")
    await qin.says(typed)
    assert said in qin.last().text


@pytest.mark.parametrize("typed", ["每月五十元，6次", "50元一个月6次", "我想每个月捐50，6次"])
async def test_a_whole_sentence_leaves_only_the_confirmation(qin: Person, typed: str) -> None:
    await qin.taps("我要认捐")
    await qin.says(typed)
    assert "每月 ¥50，共 6 次，合计 ¥300" in qin.last().text


async def test_times_and_rhythm_may_be_typed(qin: Person) -> None:
    await qin.taps("我要认捐")
    await qin.says("共1000元")
    await qin.says("每年")
    assert "分几次" in qin.last().text
    await qin.says("不限")
    assert "例如“6次”" in qin.last().text
    await qin.says("四次")
    assert "每年 ¥250，共 4 次，合计 ¥1,000" in qin.last().text
    await qin.says("好")
    assert "请看一下" in qin.last().text


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("几百", "准数"),
        ("-50", "负号"),
        ("0", "零元"),
        ("0.001", "最小到分"),
        ("三亿", "0512-0000-1234"),
        ("你好", "例如 50"),
        ("50 100", "好几种意思"),
        ("五十一年", "好几种意思"),
        ("0.02元分3期", None),
    ],
)
async def test_half_understood_words_get_an_example(qin: Person, typed: str, answer: str | None) -> None:
    await qin.taps("我要认捐")
    await qin.says(typed)
    if answer is None:
        await qin.taps("每月")
        answer = "少分几次"
    assert answer in qin.last().text
    assert "无效" not in qin.last().text
    await qin.says("50")
    assert "多久捐一次" in qin.last().text


async def test_one_step_back_and_another_choice(qin: Person) -> None:
    await qin.taps("我要认捐")
    await qin.taps("¥50")
    await qin.taps("每月")
    await qin.taps("上一步")
    await qin.taps("上一步")
    await qin.taps("¥20")
    await qin.says("60")
    await qin.says("随便")
    assert "每季" in qin.last().text
    await qin.taps("每年")
    await qin.taps("2 次")
    assert "每年 ¥60，共 2 次，合计 ¥120" in qin.last().text
    await qin.taps("改一改")
    assert "每次捐多少" in qin.last().text


async def test_a_double_tap_makes_one_pledge_and_shows_it_twice(qin: Person, bot: Fund) -> None:
    await qin.taps("我要认捐")
    await qin.taps("¥50")
    await qin.taps("只捐一次")
    question = qin.last()
    data = next(button.data for button in question.all_buttons() if button.label == "确认认捐")
    assert data
    for _ in range(2):
        await qin.taps_data(data, message=question)
        assert "记下了" in qin.last().text
    assert len(await rows(bot, PLEDGES)) == 1


async def test_a_late_second_tap_leaves_the_next_act_alone(qin: Person, bot: Fund) -> None:
    await qin.taps("我要认捐")
    await qin.taps("¥50")
    await qin.taps("只捐一次")
    question = qin.last()
    data = next(button.data for button in question.all_buttons() if button.label == "确认认捐")
    assert data
    await qin.taps("确认认捐")
    await qin.taps("我要认捐")
    await qin.taps_data(data, message=question)
    await qin.says("20")
    assert "多久捐一次" in qin.last().text


async def test_an_old_button_does_nothing_and_says_so_kindly(qin: Person, bot: Fund) -> None:
    await qin.taps("我要认捐")
    old = qin.last()
    data = next(button.data for button in old.all_buttons() if button.label == "¥20")
    assert data
    await qin.taps("我要认捐")
    await qin.taps_data(data, message=old)
    assert "失效" in qin.last().text
    assert await rows(bot, PLEDGES) == []


@pytest.mark.parametrize(
    "data", ["pledge:sum:7", "pledge:rhythm:weekly", "pledge:times:7", "pledge:confirm:", "pledges:one:x"]
)
async def test_a_forged_button_is_an_old_button(qin: Person, bot: Fund, data: str) -> None:
    await qin.taps("我要认捐")
    request_id = (next(qin.last().all_buttons()).data or "").split(":")[3]
    await qin.taps_data(f"{data}:{request_id}" if data.count(":") == 2 else data, message=qin.last())
    assert "失效" in qin.last().text


async def test_cancel_in_the_middle_changes_nothing(qin: Person, bot: Fund) -> None:
    await qin.taps("我要认捐")
    await qin.taps("¥50")
    await qin.says("/cancel")
    assert "没有产生任何变化" in qin.last().text
    await qin.taps("我要认捐")
    await qin.taps("取消")
    assert await rows(bot, "SELECT * FROM conversation") == []
    assert await rows(bot, PLEDGES) == []


async def test_a_restart_between_any_two_steps_loses_nothing(
    sandbox: Sandbox, settings: Settings, clock: TurnableClock
) -> None:
    qin = sandbox.person("秦兰")
    async with running(sandbox, settings, clock) as bot:
        await link(bot, qin, "member", (await write_cast(bot)).members[QIN])
        await qin.taps("我要认捐")
    for label in ("¥50", "每月", "12 次", "确认认捐"):
        async with running(sandbox, settings, clock) as bot:
            await qin.taps(label)
    async with running(sandbox, settings, clock) as bot:
        await qin.taps("我的认捐")
        assert await rows(bot, PLEDGES) == [("monthly", None, 12, 60000, "2012-06-01")]
    assert "每月 ¥50" in next(qin.last().all_buttons()).label


async def test_two_members_side_by_side_do_not_mix(sandbox: Sandbox, qin: Person, bot: Fund, cast: Cast) -> None:
    he = sandbox.person("何静")
    await link(bot, he, "member", cast.members[HE])
    await qin.taps("我要认捐")
    await he.taps("我要认捐")
    assert "常熟市" in he.last().text
    await qin.taps("¥50")
    await he.taps("¥200")
    await qin.taps("每月")
    await he.taps("只捐一次")
    await he.taps("确认认捐")
    await qin.taps("不限")
    await qin.taps("确认认捐")
    assert await rows(bot, "SELECT member_id, fund, coalesce(each_fen, total_fen) FROM pledge ORDER BY id") == [
        (cast.members[HE], "changshu", 20000),
        (cast.members[QIN], "city", 5000),
    ]


async def pledge(person: Person, *answers: str) -> None:
    """Make a pledge: the sum typed, then taps."""
    await person.taps("我要认捐")
    await person.says(answers[0])
    for label in (*answers[1:], "确认认捐"):
        await person.taps(label)


async def test_nobody_reads_or_changes_anothers_pledge(sandbox: Sandbox, qin: Person, bot: Fund, cast: Cast) -> None:
    he = sandbox.person("何静")
    await link(bot, he, "member", cast.members[HE])
    await pledge(qin, "50", "每月", "不限")
    await he.taps("我的认捐")
    assert "没有认捐" in he.last().text
    for data in ("pledges:one:1", "pledges:ask:ended-1", "pledges:replace:1", "pledges:one:999"):
        await he.taps_data(data, message=he.last())
        assert "没有可以给您看的内容" in he.last().text
        assert "50" not in he.last().text


async def test_change_makes_a_new_pledge_that_takes_over(qin: Person, bot: Fund, clock: TurnableClock) -> None:
    await pledge(qin, "200", "每月", "不限")
    clock.forward(days=9)
    await qin.taps("我的认捐")
    await qin.taps("每月 ¥200")
    await qin.taps("改金额")
    assert "每月 ¥200" in qin.last().text
    await qin.taps("¥20")
    await qin.taps("每月")
    await qin.taps("不限")
    assert "第一次：2012年7月1日" in qin.last().text
    assert "已经交的都算数" in qin.last().text
    await qin.taps("确认认捐")
    assert await rows(bot, PLEDGES) == [
        ("monthly", 20000, None, None, "2012-06-01"),
        ("monthly", 2000, None, None, "2012-07-01"),
    ]
    assert await rows(bot, "SELECT pledge_id, kind FROM pledge_event") == [(1, "replaced")]
    assert await rows(bot, "SELECT replaces_id FROM pledge") == [(None,), (1,)]


async def test_a_pledge_already_over_is_not_replaced(qin: Person, bot: Fund) -> None:
    await pledge(qin, "200", "每月", "不限")
    await qin.taps("我的认捐")
    await qin.taps("每月 ¥200")
    details = qin.last()
    await qin.taps("结束认捐")
    await qin.taps("好，结束")
    await qin.taps_data("pledges:replace:1", message=details)
    for label in ("¥20", "每月", "不限", "确认认捐"):
        await qin.taps(label)
    assert "没有产生任何变化" in qin.last().text
    assert len(await rows(bot, PLEDGES)) == 1


async def test_pledges_that_are_over_wait_behind_one_button(qin: Person) -> None:
    for sum_said in ("50", "80"):
        await pledge(qin, sum_said, "每月", "不限")
    await qin.taps("我的认捐")
    await qin.taps("每月 ¥50")
    await qin.taps("结束认捐")
    await qin.taps("好，结束")
    await qin.says("我的认捐")
    assert [button.label for button in qin.last().all_buttons()] == ["每月 ¥80", "以前的认捐（1）"]
    await qin.taps("以前的认捐")
    assert next(qin.last().all_buttons()).label == "每月 ¥50（已结束）"
    await qin.taps("« 我的认捐")
    assert "1 份" in qin.last().text


@pytest.mark.parametrize("back", ["上一步", "« 上一步", "上一步吧。", "back"])
async def test_one_step_back_may_be_typed(qin: Person, back: str) -> None:
    await qin.taps("我要认捐")
    await qin.says("50")
    await qin.says("每月吧")
    assert "不限" in str([button.label for button in qin.last().all_buttons()])
    await qin.says(back)
    assert "每季" in str([button.label for button in qin.last().all_buttons()])
    await qin.says("每月的")
    await qin.says("6次吧")
    assert "确认认捐" in str([button.label for button in qin.last().all_buttons()])
    await qin.says(back)
    assert "¥20" in [button.label for button in qin.last().all_buttons()]


async def test_pause_and_resume(qin: Person, bot: Fund, clock: TurnableClock) -> None:
    await pledge(qin, "50", "每月", "不限")
    await qin.taps("我的认捐")
    await qin.taps("每月 ¥50")
    assert "下一次：2012年6月1日" in qin.last().text
    await qin.taps("暂停")
    assert "不会提醒您" in qin.last().text
    await qin.taps("好，暂停")
    clock.forward(days=45)
    await qin.taps("我的认捐")
    await qin.taps("已暂停")
    assert "可以交" not in qin.last().text
    await qin.taps("恢复")
    await qin.taps("好，恢复")
    assert "下一次：2012年8月1日" in qin.last().text


@pytest.mark.parametrize(
    ("answers", "label", "yes", "kind"),
    [
        (("50", "每月", "不限"), "结束认捐", "好，结束", "ended"),
        (("50", "每月", "12 次"), "免去余下的", "好，免去", "released"),
        (("50", "只捐一次"), "免去余下的", "好，免去", "released"),
    ],
)
async def test_a_farewell_is_thanks_and_nothing_else(
    qin: Person, bot: Fund, answers: tuple[str, ...], label: str, yes: str, kind: str
) -> None:
    await pledge(qin, *answers)
    await qin.taps("我的认捐")
    await qin.taps("¥50")
    await qin.taps(label)
    assert "不用再交" in qin.last().text or "一笔勾销" in qin.last().text
    question = qin.last()
    data = next(button.data for button in question.all_buttons() if yes in button.label)
    assert data
    for _ in range(2):
        await qin.taps_data(data, message=question)
        assert "没有要交的了" in qin.last().text
        assert "谢谢" in qin.last().text
    assert await rows(bot, "SELECT kind FROM pledge_event") == [(kind,)]


async def test_leaving_it_as_it_is_ends_the_question(qin: Person, bot: Fund) -> None:
    await pledge(qin, "50", "每月", "不限")
    await qin.taps("我的认捐")
    await qin.taps("每月 ¥50")
    await qin.taps("结束认捐")
    question = qin.last()
    data = next(button.data for button in question.all_buttons() if "好，结束" in button.label)
    assert data
    await qin.taps("先不动")
    assert "进行中" in qin.last().text
    await qin.taps_data(data, message=question)
    assert "失效" in qin.last().text
    assert await rows(bot, "SELECT * FROM pledge_event") == []


async def test_it_reads_in_english_too(sandbox: Sandbox, bot: Fund, cast: Cast) -> None:
    qin = sandbox.person("秦兰", language_code="en")
    await link(bot, qin, "member", cast.members[QIN])
    await qin.taps("Make a pledge")
    await qin.taps("¥50")
    await qin.taps("Monthly")
    await qin.taps("No end")
    assert "¥50 a month, ¥600 a year; stop any time" in qin.last().text
    await qin.taps("Confirm pledge")
    assert "thank you" in qin.last().text


async def test_what_is_confirmed_is_what_the_question_said(qin: Person, bot: Fund) -> None:
    """A button further up may not change the terms behind a question that is already on the screen."""
    await qin.taps("我要认捐")
    await qin.says("每月50")
    times = qin.last()
    await qin.says("6次")
    question = qin.last()
    await qin.taps("12 次", message=times)
    await qin.taps("确认认捐", message=question)
    assert "合计 ¥300" in question.text
    assert await rows(bot, PLEDGES) == [("monthly", None, 6, 30000, "2012-06-01")]


async def test_a_question_that_came_twice_may_be_answered_on_either(sandbox: Sandbox, qin: Person, bot: Fund) -> None:
    """The answer to the bot's first call was lost: the same update is handled again."""
    sandbox.faults.next("sendMessage", reset(after=True))
    await qin.taps("我要认捐")
    first, second = [message for message in qin.chat if message.from_bot][-2:]
    assert first.text == second.text
    await qin.taps("¥50", message=first)
    assert "多久捐一次" in first.text


async def test_who_left_the_roll_is_told_whom_to_ask_before_a_new_pledge(qin: Person, bot: Fund, cast: Cast) -> None:
    await leave_members_roll(bot, cast.members[QIN])
    await qin.taps("我要认捐")
    said = qin.last().text
    assert "2012年6月1日 起，党员名册上没有您了" in said
    assert "党支部" in said
    assert "0512-0000-1234" in said
    assert not qin.last().buttons


async def test_a_confirm_that_waited_while_the_member_left_makes_no_pledge(qin: Person, bot: Fund, cast: Cast) -> None:
    await qin.taps("我要认捐")
    await qin.says("每月50，6次")
    await leave_members_roll(bot, cast.members[QIN])
    await qin.taps("确认认捐")
    assert "名册上没有您" in qin.last().text
    assert await rows(bot, PLEDGES) == []


async def test_a_running_pledge_stays_the_members_own_after_leaving(qin: Person, bot: Fund, cast: Cast) -> None:
    await pledge(qin, "50", "每月", "不限")
    await leave_members_roll(bot, cast.members[QIN])
    await qin.taps("我的认捐")
    await qin.taps("每月 ¥50")
    await qin.taps("改金额")
    await qin.says("每月20")
    await qin.taps("不限")
    await qin.taps("确认认捐")
    assert "谢谢您" in qin.last().text
    await qin.taps("我的认捐")
    await qin.taps("每月 ¥20")
    await qin.taps("结束认捐")
    await qin.taps("好，结束")
    assert "没有要交的了" in qin.last().text
    await qin.taps("我的捐款")
    assert "2012年" in qin.last().text

"""A household asks where its money is, and sees the answer first."""

from __future__ import annotations

import re

import pytest

from carefund_bot.domain.payouts import ReturnReason
from carefund_bot.fund import Fund
from sandbox import Person, Sandbox
from tests.cast import DAI, GUO, JIANG, Cast, link
from tests.conftest import TurnableClock
from tests.handlers.conftest import height_of
from tests.payouts import add_line_event, leave_roll, write_batch

ALL = ("planned", "approved", "instructed", "paid")
_ABOVE_THE_KEYS_PX = 340
"""Of a small phone, with the keys open below."""
CATEGORY_WORDS = ("低保", "困难", "贫困", "特困", "dibao", "poor", "hardship", "poverty")


async def household(
    sandbox: Sandbox, bot: Fund, cast: Cast, number: str = GUO, language: str = "zh-hans", name: str = "郭明"
) -> Person:
    phone = sandbox.person(name, language_code=language)
    await link(bot, phone, "beneficiary", cast.beneficiaries[number])
    return phone


def first_line(phone: Person) -> str:
    return phone.last().text.split("\n")[0]


async def test_linking_ends_with_the_answer(sandbox: Sandbox, bot: Fund, cast: Cast) -> None:
    guo = await household(sandbox, bot, cast)
    assert guo.last().text == (
        "今年的名册上有您。\n计划 7月1日 前发。\n2012年 · 离 7月1日 还有 30 天\n✅ 上了名册\n▶️ 排上发放\n▫️ 审核通过\n"
        "▫️ 送到银行\n▫️ 到账\n有事打电话：0512-0000-1234\n我们从不收手续费，也不要密码和验证码。"
    )
    assert guo.last().protected


async def test_any_words_at_all_show_the_answer(sandbox: Sandbox, bot: Fund, cast: Cast) -> None:
    guo = await household(sandbox, bot, cast)
    for words in ("/payout", "钱什么时候到", "钱呢", "补助", "发了没有", "我是老郭啊", "/start", "我的补助"):
        await guo.says(words)
        assert first_line(guo) == "今年的名册上有您。", words


STAGES = [
    (("planned",), "您的钱已经排上了，正在审核。", "Your money is planned and being checked."),
    (("planned", "approved"), "审核通过了，下一步送银行。", "Checked. Next it goes to the bank."),
    (
        ("planned", "approved", "instructed"),
        "钱已经送到银行，预计 6月25日 前到账。",
        "Your money is at the bank and should arrive by 25 Jun.",
    ),
    (ALL, "钱已经到账了（6月8日）。", "Your money has arrived (8 Jun)."),
]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(("states", "chinese", "english"), STAGES)
async def test_each_stage_in_both_languages(
    sandbox: Sandbox, bot: Fund, cast: Cast, language: str, states: tuple[str, ...], chinese: str, english: str
) -> None:
    await write_batch(bot, cast.beneficiaries[GUO], *states)
    guo = await household(sandbox, bot, cast, language=language)
    said = guo.last().text
    assert first_line(guo) == (chinese if language == "zh-hans" else english)
    assert "¥1,280" in said
    assert re.search(r"(尾号|ending) 7414", said)
    assert said.count("✅") == len(states) + 1
    assert "0512-0000-1234" in said
    assert guo.last().protected
    assert_fit_for_an_old_person(said)


def assert_fit_for_an_old_person(said: str) -> None:
    """Short lines, one screen, nothing that others should not see."""
    assert len(said.split("\n")) <= 22
    assert max(len(line) for line in said.split("\n")) <= 110
    for word in (*CATEGORY_WORDS, "郭明", "6299991086048017414", "990105195410123038"):
        assert word not in said


@pytest.mark.parametrize("reason", list(ReturnReason))
@pytest.mark.parametrize("language", ["zh-hans", "en"])
async def test_a_return_says_why_and_what_to_bring(
    sandbox: Sandbox, bot: Fund, cast: Cast, reason: ReturnReason, language: str
) -> None:
    line = await write_batch(bot, cast.beneficiaries[GUO], *ALL)
    await add_line_event(bot, line, "returned", "2012-06-20", reason)
    guo = await household(sandbox, bot, cast, language=language)
    said = guo.last().text
    assert ("退回来了" in first_line(guo)) or ("sent the money back" in first_line(guo))
    assert ("为什么：" in said) or ("Why:" in said)
    assert ("❗ 银行退回 6月20日" in said) or ("❗ Sent back by the bank 20 Jun" in said)
    assert_fit_for_an_old_person(said)


async def test_a_bank_s_unknown_code_sends_to_the_office(sandbox: Sandbox, bot: Fund, cast: Cast) -> None:
    line = await write_batch(bot, cast.beneficiaries[GUO], *ALL)
    await add_line_event(bot, line, "returned", "2012-06-20", "E9017")
    guo = await household(sandbox, bot, cast)
    assert "请打电话问我们，我们替您问银行。" in guo.last().text


async def test_after_a_correction_the_new_account_is_shown(sandbox: Sandbox, bot: Fund, cast: Cast) -> None:
    line = await write_batch(bot, cast.beneficiaries[GUO], *ALL)
    await add_line_event(bot, line, "returned", "2012-06-20", "closed")
    await add_line_event(bot, line, "corrected", "2012-06-21")
    guo = await household(sandbox, bot, cast)
    assert first_line(guo) == "已经改好，等着重新送银行。"
    assert "尾号 9999" in guo.last().text
    await add_line_event(bot, line, "re_instructed", "2012-06-22")
    await guo.says("钱呢")
    assert first_line(guo) == "钱已经重新送到银行，等着到账。"
    await add_line_event(bot, line, "paid", "2012-06-23")
    await guo.says("钱呢")
    assert first_line(guo) == "钱已经到账了（6月23日）。"


async def test_late_after_1_july_is_said_plainly(sandbox: Sandbox, bot: Fund, cast: Cast, clock: TurnableClock) -> None:
    guo = await household(sandbox, bot, cast)
    clock.forward(days=29)
    await guo.says("钱呢")
    assert "离 7月1日 还有 1 天" in guo.last().text
    clock.forward(days=5)
    await guo.says("钱呢")
    assert "晚了 5 天，对不起" in guo.last().text
    assert "请打电话问我们" in guo.last().text
    await write_batch(bot, cast.beneficiaries[GUO], "planned", "approved", expected_on="2012-07-12")
    await guo.says("钱呢")
    assert "计划 7月12日 前到账。" in guo.last().text
    assert "晚了 5 天，对不起" in guo.last().text
    clock.forward(days=10)
    await guo.says("钱呢")
    assert "原来预计 7月12日，已经过了" in guo.last().text
    assert_fit_for_an_old_person(guo.last().text)


async def test_money_sent_in_time_is_not_called_late(
    sandbox: Sandbox, bot: Fund, cast: Cast, clock: TurnableClock
) -> None:
    await write_batch(bot, cast.beneficiaries[GUO], "planned", "approved", "instructed", expected_on="2012-07-10")
    clock.forward(days=35)
    guo = await household(sandbox, bot, cast)
    assert "晚了" not in guo.last().text


async def test_the_first_years_had_no_promised_day(
    sandbox: Sandbox, bot: Fund, cast: Cast, clock: TurnableClock
) -> None:
    clock.forward(days=-330)
    guo = await household(sandbox, bot, cast)
    assert "2011年" in guo.last().text
    assert "7月1日" not in guo.last().text


async def test_a_student_has_the_autumn_calendar(sandbox: Sandbox, bot: Fund, cast: Cast, clock: TurnableClock) -> None:
    dai = await household(sandbox, bot, cast, DAI, name="戴强")
    clock.forward(days=60)
    await dai.says("什么时候发")
    assert "计划 11月到12月 发。" in dai.last().text
    assert "7月1日" not in dai.last().text
    assert "晚了" not in dai.last().text


async def test_past_years_stand_below_and_many_get_a_button(sandbox: Sandbox, bot: Fund, cast: Cast) -> None:
    guo = await household(sandbox, bot, cast)
    for year in (2010, 2011):
        await write_batch(bot, cast.beneficiaries[GUO], *ALL, year=year, yuan=year)
    await guo.says("钱呢")
    assert "2011年 ¥2,011，6月8日已到账\n2010年 ¥2,010，6月8日已到账" in guo.last().text
    for year in (2008, 2009):
        await write_batch(bot, cast.beneficiaries[GUO], *ALL, year=year, yuan=year)
    await guo.says("钱呢")
    assert "2010年" not in guo.last().text
    await guo.taps("往年")
    assert guo.last().text.count("到账") == 4
    assert guo.last().protected


async def test_last_year_s_open_return_comes_first_in_january(
    sandbox: Sandbox, bot: Fund, cast: Cast, clock: TurnableClock
) -> None:
    line = await write_batch(bot, cast.beneficiaries[GUO], *ALL)
    await add_line_event(bot, line, "returned", "2012-06-20", "closed")
    clock.forward(days=240)
    guo = await household(sandbox, bot, cast)
    assert "银行把钱退回来了" in first_line(guo)
    assert "2012年" in guo.last().text


async def test_a_voided_batch_never_was(sandbox: Sandbox, bot: Fund, cast: Cast) -> None:
    await write_batch(bot, cast.beneficiaries[GUO], "planned", "voided")
    guo = await household(sandbox, bot, cast)
    assert first_line(guo) == "今年的名册上有您。"
    assert "¥" not in guo.last().text


async def test_who_left_the_roll_hears_whom_to_ask_and_how_to_object(sandbox: Sandbox, bot: Fund, cast: Cast) -> None:
    await leave_roll(bot, cast.beneficiaries[GUO])
    guo = await household(sandbox, bot, cast)
    assert first_line(guo) == "今年的名册上没有您。"
    assert "社区交来的新名册里没有列您，2012年6月1日 起生效。" in guo.last().text
    assert "0512-0000-1234" in guo.last().text
    assert "不同意：可以向社区或我们办公室提出" in guo.last().text
    assert "▶️" not in guo.last().text
    assert_fit_for_an_old_person(guo.last().text)


async def test_the_answer_the_sum_and_the_account_stand_before_the_way_of_the_money(
    sandbox: Sandbox, bot: Fund, cast: Cast
) -> None:
    await write_batch(bot, cast.beneficiaries[GUO], "planned", "approved", "instructed")
    guo = await household(sandbox, bot, cast)
    answer, money, *_ = guo.last().text.split("\n")
    assert answer == "钱已经送到银行，预计 6月25日 前到账。"
    assert money == "金额 ¥1,280 · 账户尾号 7414"
    assert height_of(guo.last()) <= _ABOVE_THE_KEYS_PX, "the first line stays on the screen"


async def test_two_households_on_one_phone_are_told_apart_by_the_tail(sandbox: Sandbox, bot: Fund, cast: Cast) -> None:
    guo = await household(sandbox, bot, cast)
    await link(bot, guo, "beneficiary", cast.beneficiaries[JIANG])
    answers = await guo.says("钱呢")
    assert [answer.text.split("\n")[2].rpartition(" · ")[0] for answer in answers] == [
        "编号尾号 0001 · 2012年",
        "编号尾号 0002 · 2012年",
    ]
    assert "0512-0000-1234" in answers[0].text
    assert "0512-0000-5678" in answers[1].text
    await guo.says("没收到")
    await guo.taps("0002")
    await guo.taps("金额不对")
    assert "0512-0000-5678" in guo.last().text


async def test_another_household_s_button_and_a_missing_one_get_the_same_words(
    sandbox: Sandbox, bot: Fund, cast: Cast
) -> None:
    guo = await household(sandbox, bot, cast)
    card, answers = guo.last(), set()
    for data in (
        f"payout:past:{cast.beneficiaries[JIANG]}",
        "payout:past:99999",
        "problem:open:99999",
        "payout:past:x",
    ):
        await guo.taps_data(data, message=card)
        answers.add(guo.last().text)
    assert answers == {"没有可以给您看的内容。发送 /help 看看这里能做什么。"}


async def test_a_stranger_who_asks_for_money_sees_the_door(stranger: Person) -> None:
    await stranger.says("钱呢")
    assert "绑定码" in stranger.last().text


PROBLEMS = [
    ("钱没收到", "着急用钱，请打电话。"),
    ("金额不对", "替您核对"),
    ("换了卡", "本人的新卡"),
    ("别的事", "来办公室"),
]


@pytest.mark.parametrize(("choice", "answer"), PROBLEMS)
async def test_something_is_wrong(sandbox: Sandbox, bot: Fund, cast: Cast, choice: str, answer: str) -> None:
    guo = await household(sandbox, bot, cast)
    await guo.taps("有问题")
    await guo.taps(choice)
    said = guo.last().text
    assert answer in said
    assert "0512-0000-1234" in said
    assert "9:00" in said
    assert_fit_for_an_old_person(said)
    await guo.says("没收到")
    assert "哪里不对" in guo.last().text


async def test_not_received_though_the_bank_says_it_has_arrived(sandbox: Sandbox, bot: Fund, cast: Cast) -> None:
    await write_batch(bot, cast.beneficiaries[GUO], *ALL)
    guo = await household(sandbox, bot, cast)
    await guo.taps("有问题")
    await guo.taps("钱没收到")
    assert "先到银行激活" in guo.last().text
    assert "¥" not in guo.last().text

"""Clerks write down money: the member is told, nothing counts twice, and a list counts as a whole or not at all."""

from __future__ import annotations

from typing import Any

import pytest
import pytest_asyncio

from carefund_bot.access import Right, Role
from carefund_bot.fund import Fund
from carefund_bot.settings import Settings
from sandbox import Message, Person, Sandbox
from tests.cast import CHANGSHU_CLERK, CITY_CLERK, HE, QIN, Cast, link, make_staff, write_cast
from tests.conftest import TurnableClock
from tests.handlers.restarting import running

HEADER = "党员编号,姓名,基金,党委,党支部,金额(元),捐款日期,方式\n"
QIN_ROW = "DY100001,秦兰,苏州市级,吴中区示例第1党委,第1党支部,100,2012-05-31,现金\n"
HE_ROW = "DY100002,何静,常熟市,常熟市示例第1党委,第1党支部,50.50,2012-05-30,转账\n"


@pytest_asyncio.fixture
async def qin(sandbox: Sandbox, bot: Fund, cast: Cast) -> Person:
    person = sandbox.person("秦兰")
    await link(bot, person, "member", cast.members[QIN])
    return person


@pytest_asyncio.fixture
async def clerk(sandbox: Sandbox, bot: Fund, cast: Cast) -> Person:
    """A maker of the city fund."""
    person = sandbox.person("经办")
    await make_staff(bot, person, CITY_CLERK)
    return person


@pytest_asyncio.fixture
async def collector(sandbox: Sandbox, bot: Fund, cast: Cast) -> Person:
    """Collects for all funds; imports no rolls."""
    person = sandbox.person("收款")
    await make_staff(bot, person, Right(Role.COLLECTOR))
    return person


async def rows(fund: Fund, sql: str) -> list[Any]:
    return await fund.ground.db.read(lambda db: db.execute(sql).fetchall())


GIFTS = "SELECT member_id, fund, amount_fen, channel, received_on, campaign_year FROM contribution ORDER BY id"


def button_data(message: Message, label: str) -> str:
    data = next(button.data for button in message.all_buttons() if label in button.label)
    assert data
    return data


async def record(person: Person, number: str = QIN, amount: str = "100") -> None:
    await person.taps("登记捐款")
    await person.says(number)
    await person.says(amount)
    await person.taps("昨天")
    await person.taps("现金")
    await person.taps("确认入账")


async def test_one_gift_is_recorded_and_its_member_told(qin: Person, clerk: Person, bot: Fund, cast: Cast) -> None:
    await clerk.taps("登记捐款")
    await clerk.says("dy100001")
    assert "秦*" in clerk.last().text
    assert "秦兰" not in clerk.last().text
    await clerk.says("一百元")
    await clerk.taps("昨天")
    await clerk.taps("现金")
    assert "¥100，2012年5月31日，现金" in clerk.last().text
    await clerk.taps("确认入账")
    assert "已入账 ¥100" in clerk.last().text
    assert await rows(bot, GIFTS) == [(cast.members[QIN], "city", 10000, "cash", "2012-05-31", 2012)]
    assert "捐款 ¥100 已登记到账" in qin.last().text
    await qin.taps("我的捐款")
    assert "2012年度捐款：¥100" in qin.last().text
    assert "5月31日 ¥100 现金" in qin.last().text


async def test_a_typed_day_and_half_understood_answers(clerk: Person, bot: Fund) -> None:
    await clerk.taps("登记捐款")
    await clerk.says("秦兰")
    assert "没有这个编号" in clerk.last().text
    await clerk.says(QIN)
    await clerk.says("几百")
    assert "准数" in clerk.last().text
    await clerk.says("300")
    await clerk.says("上周")
    assert "没看明白是哪天" in clerk.last().text
    await clerk.says("5月5日")
    await clerk.says("现金吧")
    assert "点一个按钮" in clerk.chat[-2].text
    await clerk.taps("转账")
    await clerk.says("对")
    assert "请核对" in clerk.last().text
    await clerk.taps("确认入账")
    assert await rows(bot, "SELECT received_on, channel FROM contribution") == [("2012-05-05", "bank")]


async def test_a_double_tap_records_once(clerk: Person, bot: Fund) -> None:
    await clerk.taps("登记捐款")
    await clerk.says(QIN)
    await clerk.says("100")
    await clerk.taps("今天")
    await clerk.taps("现金")
    question, data = clerk.last(), button_data(clerk.last(), "确认入账")
    for _ in range(2):
        await clerk.taps_data(data, message=question)
        assert "已入账 ¥100" in clerk.last().text
    assert len(await rows(bot, GIFTS)) == 1


async def test_the_same_sum_of_the_same_day_is_pointed_out(clerk: Person) -> None:
    await record(clerk)
    await clerk.taps("再登记一笔")
    await clerk.says(QIN)
    await clerk.says("100")
    await clerk.taps("昨天")
    await clerk.taps("现金")
    assert "同样金额" in clerk.last().text


async def test_another_funds_member_is_as_good_as_unknown(clerk: Person, bot: Fund) -> None:
    await clerk.taps("登记捐款")
    answers = set()
    for number in (HE, "DY999999"):
        await clerk.says(number)
        answers.add(clerk.last().text)
    assert len(answers) == 1
    await clerk.says("/reverse")
    for number in (HE, "DY999999"):
        await clerk.says(number)
        answers.add(clerk.last().text)
    assert len(answers) == 1


async def test_cancel_in_the_middle_records_nothing(clerk: Person, bot: Fund) -> None:
    await clerk.taps("登记捐款")
    await clerk.says(QIN)
    await clerk.says("100")
    await clerk.taps("取消")
    assert "没有产生任何变化" in clerk.last().text
    assert await rows(bot, GIFTS) == []


async def test_a_list_is_recorded_once_its_total_fits(
    qin: Person, collector: Person, sandbox: Sandbox, bot: Fund, cast: Cast
) -> None:
    he = sandbox.person("何静")
    await link(bot, he, "member", cast.members[HE])
    await collector.uploads("支部.csv", (HEADER + QIN_ROW + HE_ROW).encode("utf-8-sig"))
    assert "2 笔，合计 ¥150.50" in collector.last().text
    assert "苏州市级：1 笔，¥100" in collector.last().text
    assert "常熟市：1 笔，¥50.50" in collector.last().text
    await collector.says("200")
    assert "清单少了 ¥49.50" in collector.last().text
    assert await rows(bot, GIFTS) == []
    await collector.says("100")
    assert "清单多了 ¥50.50" in collector.last().text
    await collector.says("150.5")
    assert "整份清单已入账：2 笔，¥150.50" in collector.last().text
    assert "捐款 ¥100 已登记到账" in qin.last().text
    assert "捐款 ¥50.50 已登记到账" in he.last().text
    assert await rows(bot, GIFTS) == [
        (cast.members[QIN], "city", 10000, "cash", "2012-05-31", 2012),
        (cast.members[HE], "changshu", 5050, "bank", "2012-05-30", 2012),
    ]


async def test_one_tap_says_the_total_fits_and_a_second_changes_nothing(collector: Person, bot: Fund) -> None:
    await collector.uploads("支部.csv", (HEADER + QIN_ROW).encode())
    preview, data = collector.last(), button_data(collector.last(), "合计对得上")
    for _ in range(2):
        await collector.taps_data(data, message=preview)
        assert "1 笔，¥100" in collector.last().text
    assert len(await rows(bot, GIFTS)) == 1


async def test_the_same_file_again_changes_nothing_and_says_so(
    qin: Person, collector: Person, bot: Fund, clock: TurnableClock
) -> None:
    content = (HEADER + QIN_ROW).encode()
    await collector.uploads("支部.csv", content)
    preview = collector.last()
    await collector.taps("合计对得上")
    clock.forward(days=3)
    await collector.uploads("改了名.csv", content)
    assert "2012年6月1日 已经入过账" in collector.last().text
    await collector.taps_data("list:fits::other", message=preview)
    assert "失效" in collector.last().text
    assert len(await rows(bot, GIFTS)) == 1
    assert sum("已登记到账" in message.text for message in qin.chat) == 1


async def test_two_clerks_with_the_same_file_record_it_once(collector: Person, sandbox: Sandbox, bot: Fund) -> None:
    other = sandbox.person("另一位")
    await make_staff(bot, other, Right(Role.COLLECTOR))
    content = (HEADER + QIN_ROW).encode()
    await collector.uploads("支部.csv", content)
    await other.uploads("支部.csv", content)
    await collector.taps("合计对得上")
    await other.taps("合计对得上")
    assert "没有产生任何变化" in other.last().text
    assert len(await rows(bot, GIFTS)) == 1


async def test_a_list_with_one_wrong_row_is_refused_whole_and_says_where(collector: Person, bot: Fund) -> None:
    wrong = (
        HEADER
        + QIN_ROW.replace("100,", "壹百,")
        + HE_ROW.replace("何静", "何敬")
        + QIN_ROW.replace("苏州市级", "昆山市")
    )
    wrong += HE_ROW.replace(HE, "DY777777") + QIN_ROW.replace("现金", "工资代扣") + QIN_ROW.replace("现金", "随党费")
    await collector.uploads("支部.csv", wrong.encode())
    said = collector.last().text
    assert "没有入账" in said
    assert "第 2 行“金额(元)”" in said
    assert "第 3 行“姓名”" in said
    assert "第 4 行“基金”" in said
    assert "第 5 行“党员编号”" in said
    assert "第 6 行“方式”" in said
    assert "第 7 行“方式”：党费不是捐款" in said
    assert "何静" not in said
    assert "何敬" not in said
    assert not list(collector.last().all_buttons())
    assert await rows(bot, GIFTS) == []


async def test_a_day_before_the_first_drive_is_a_slip_on_a_list_as_it_is_by_hand(collector: Person, bot: Fund) -> None:
    """One gift of 1949 would also stretch the public figures' years past what they can count."""
    await collector.uploads("支部.csv", (HEADER + QIN_ROW.replace("2012-05-31", "1949-05-31") + HE_ROW).encode())
    assert "第 2 行“捐款日期”" in collector.last().text
    assert not list(collector.last().all_buttons())
    assert await rows(bot, "SELECT * FROM conversation") == []


async def test_a_long_report_comes_as_a_file(collector: Person) -> None:
    await collector.uploads(
        "支部.csv", (HEADER + "".join(QIN_ROW.replace(QIN, f"DY8{n:05}") for n in range(20))).encode()
    )
    *_, refusal, report = (message for message in collector.chat if message.from_bot)
    assert "第 2、3、4、5、6、7、8、9 等 20 行“党员编号”：" in refusal.text
    assert refusal.text.count("党员编号") == 1, "the fault is named once, with its rows"
    assert "每一行都在下面的文件里" in refusal.text
    assert report.file is not None
    assert report.file.content.decode("utf-8-sig").count("党员编号") == 20, "the file names every row"


async def test_a_list_that_is_too_long_is_not_read_to_its_end(collector: Person, bot: Fund) -> None:
    """A file as large as Telegram hands out may hold millions of wrong rows, each with several faults."""
    await collector.uploads("支部.csv", (HEADER + "错,,,,,,,\n" * 9_000).encode())
    assert "超过 3000 行" in collector.last().text
    assert not collector.last().document


async def test_a_private_number_in_a_file_name_is_not_kept(collector: Person, clerk: Person, bot: Fund) -> None:
    for person in (collector, clerk):
        await person.uploads("秦兰990105195410123038.csv", (HEADER + QIN_ROW).encode())
        assert "没有保存" in person.last().text
    assert await rows(bot, "SELECT * FROM conversation") == []


async def test_rows_that_look_like_the_same_money_are_pointed_out(collector: Person) -> None:
    await record(collector)
    await collector.uploads("支部.csv", (HEADER + QIN_ROW + HE_ROW).encode())
    assert "可能重复（同一人、同一天、同样金额）：第 2 行" in collector.last().text


async def test_rows_of_another_fund_or_branch_refuse_the_list(
    clerk: Person, sandbox: Sandbox, bot: Fund, cast: Cast
) -> None:
    elsewhere = sandbox.person("常熟收款")
    await make_staff(bot, elsewhere, Right(Role.COLLECTOR, branch_id=2))
    await elsewhere.uploads("支部.csv", (HEADER + QIN_ROW).encode())
    assert "没有这个编号" in elsewhere.last().text
    assert await rows(bot, GIFTS) == []


async def test_a_corrected_file_takes_the_place_of_the_first(collector: Person, bot: Fund) -> None:
    await collector.taps("登记捐款")
    await collector.uploads("支部.csv", (HEADER + QIN_ROW).encode())
    await collector.uploads("支部2.csv", (HEADER + QIN_ROW + HE_ROW).encode())
    assert "2 笔" in collector.last().text
    await collector.taps("合计对得上")
    assert len(await rows(bot, GIFTS)) == 2


@pytest.mark.parametrize(("name", "content"), [("表.csv", "甲,乙\n1,2\n"), ("图.csv", ""), ("空.csv", HEADER)])
async def test_what_is_no_list_is_told_so(collector: Person, bot: Fund, name: str, content: str) -> None:
    await collector.uploads(name, content.encode() or b"\x89PNG")
    assert "抱歉" not in collector.last().text
    assert await rows(bot, "SELECT * FROM conversation") == []


async def test_a_maker_sends_rolls_and_lists_alike(clerk: Person, bot: Fund) -> None:
    await clerk.uploads("支部.csv", (HEADER + QIN_ROW).encode())
    assert "1 笔，合计 ¥100" in clerk.last().text
    await clerk.taps("合计对得上")
    assert len(await rows(bot, GIFTS)) == 1


async def test_a_restart_between_the_steps_of_a_list_loses_nothing(
    sandbox: Sandbox, settings: Settings, clock: TurnableClock
) -> None:
    collector = sandbox.person("收款")
    async with running(sandbox, settings, clock) as bot:
        await write_cast(bot)
        await make_staff(bot, collector, Right(Role.COLLECTOR))
        await collector.uploads("支部.csv", (HEADER + QIN_ROW).encode())
    async with running(sandbox, settings, clock):
        await collector.says("50")
        assert "清单多了 ¥50" in collector.last().text
    async with running(sandbox, settings, clock) as bot:
        await collector.says("100")
        assert len(await rows(bot, GIFTS)) == 1


async def test_what_a_list_needs_is_one_tap_away(collector: Person) -> None:
    await collector.taps("登记捐款")
    await collector.taps("清单要怎么填")
    assert "党员编号、姓名、基金" in collector.last().text


async def test_a_gift_is_taken_back_with_a_reason_and_stays_visible(qin: Person, clerk: Person, bot: Fund) -> None:
    await record(clerk)
    await clerk.taps("登记错了")
    await clerk.taps("重复登记")
    assert "秦*" in clerk.last().text
    question, data = clerk.last(), button_data(clerk.last(), "确认冲正")
    for _ in range(2):
        await clerk.taps_data(data, message=question)
        assert "已冲正 ¥100" in clerk.last().text
    assert "已冲正（重复登记）" in qin.last().text
    await qin.taps("我的捐款")
    assert "2012年度捐款：¥0" in qin.last().text
    assert "已冲正（重复登记），不计入" in qin.last().text
    assert await rows(bot, "SELECT contribution_id, reason FROM contribution_reversal") == [(1, "entered_twice")]
    assert len(await rows(bot, GIFTS)) == 1


async def test_an_old_gift_is_found_behind_many_newer_ones(clerk: Person, bot: Fund) -> None:
    days = "".join(QIN_ROW.replace("05-31", f"05-{day:02}") for day in range(1, 21))
    await clerk.uploads("支部.csv", (HEADER + days).encode())
    await clerk.taps("合计对得上")
    await clerk.says("冲正")
    await clerk.says(QIN)
    for _ in range(2):
        await clerk.taps("更早的")
    await clerk.taps("2012年5月1日 ¥100")
    await clerk.taps("日期记错")
    await clerk.taps("确认冲正")
    gone = "SELECT received_on FROM contribution JOIN contribution_reversal ON contribution_id = contribution.id"
    assert await rows(bot, gone) == [("2012-05-01",)]


async def test_a_gift_is_found_by_number_and_taken_back_only_once(clerk: Person, bot: Fund) -> None:
    await record(clerk)
    for _ in range(2):
        await clerk.says("冲正")
        await clerk.says(QIN)
        if "没有可以冲正" in clerk.last().text:
            break
        await clerk.taps("2012年5月31日 ¥100")
        await clerk.taps("款没有收到")
        await clerk.taps("确认冲正")
    assert "没有可以冲正" in clerk.last().text
    assert len(await rows(bot, "SELECT * FROM contribution_reversal")) == 1


async def test_two_clerks_who_take_back_the_same_gift_do_it_once(clerk: Person, sandbox: Sandbox, bot: Fund) -> None:
    other = sandbox.person("另一位")
    await make_staff(bot, other, CITY_CLERK)
    await record(clerk)
    for person in (clerk, other):
        await person.says("冲正")
        await person.says(QIN)
        await person.taps("2012年5月31日 ¥100")
        await person.taps("金额记错")
    await clerk.taps("确认冲正")
    await other.taps("确认冲正")
    assert "没有产生任何变化" in other.last().text
    assert len(await rows(bot, "SELECT * FROM contribution_reversal")) == 1


async def test_another_funds_clerk_takes_nothing_back(clerk: Person, sandbox: Sandbox, bot: Fund) -> None:
    await record(clerk)
    stranger = sandbox.person("常熟经办")
    await make_staff(bot, stranger, CHANGSHU_CLERK)
    for gift in ("1", "999"):
        await stranger.taps_data(f"reverse:one:{gift}", message=stranger.last())
        assert "没有可以给您看的内容" in stranger.last().text


async def test_a_member_finds_no_clerks_keys(qin: Person, bot: Fund) -> None:
    assert not any("登记" in key for row in qin.keyboard for key in row)
    for command in ("/record", "/reverse"):
        await qin.says(command)
        assert "党员编号" not in qin.last().text
    await qin.uploads("支部.csv", (HEADER + QIN_ROW).encode())
    assert await rows(bot, GIFTS) == []

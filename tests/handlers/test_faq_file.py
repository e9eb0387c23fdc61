"""The fund's answers as a table: taken away, changed, sent back, looked at by another."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest

from carefund_bot.access import Actor, Right, Role
from carefund_bot.domain.faq import NewEntry, QuestionAnswer, Topic
from carefund_bot.errors import BadAnswer, NotAllowed
from carefund_bot.files.faq import COLUMNS, SentEntry
from carefund_bot.fund import Fund
from sandbox import Person, Sandbox
from tests.cast import Cast, make_staff
from tests.conftest import TurnableClock

EVERYWHERE = Right(Role.NOTICE_EDITOR)


async def editor(sandbox: Sandbox, bot: Fund, name: str) -> Person:
    phone = sandbox.person(name)
    await make_staff(bot, phone, EVERYWHERE)
    return phone


async def taken(bai: Person) -> list[list[str]]:
    await bai.says("/keepfaq")
    await bai.taps("用文件改")
    file = bai.last().file
    assert file is not None
    return list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))


def written(rows: list[list[str]]) -> bytes:
    table = io.StringIO()
    csv.writer(table).writerows(rows)
    return table.getvalue().encode("utf-8-sig")


async def test_a_table_goes_round(sandbox: Sandbox, bot: Fund, cast: Cast, clock: TurnableClock) -> None:
    bai, xu = await editor(sandbox, bot, "白编辑"), await editor(sandbox, bot, "许编辑")
    rows = await taken(bai)
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == 30
    rows[1][4] = "改过的回答。"
    rows.append(["", "关于基金", "所有人", "办公室搬到哪里了？", "菊花路 1 号二楼。", "", "", "6月4日", "2012-06-30"])
    await bai.uploads("常见问答.csv", written(rows))
    assert "2 条交同事看了" in bai.last().text
    assert "28 条没有变" in bai.last().text
    assert await bot.faq.search(Actor(user_id=1), "办公室搬到哪里了") == []
    for _ in range(2):
        await xu.says("/keepfaq")
        await xu.taps("看：")
        await xu.taps("可以，给大家看")
    changed = await bot.faq.entry(Actor(user_id=1), int(rows[1][0]))
    assert changed
    assert changed.written.zh.answer == "改过的回答。"
    assert changed.written.intents, "what the bot calls the question is not the table's business"
    assert await bot.faq.search(Actor(user_id=1), "办公室搬到哪里了") == [], "not before its first day"
    clock.forward(days=3)
    (entry,) = await bot.faq.search(Actor(user_id=1), "办公室搬到哪里了")
    assert (entry.written.from_on, entry.written.until_on) == (date(2012, 6, 4), date(2012, 6, 30))


async def test_no_answer_is_a_formula_in_the_table_and_it_comes_back_as_it_was(
    sandbox: Sandbox, bot: Fund, cast: Cast
) -> None:
    bai, xu = await editor(sandbox, bot, "白编辑"), await editor(sandbox, bot, "许编辑")
    await taken(bai)
    await bai.uploads(
        "常见问答.csv", written([list(COLUMNS), ["", "关于基金", "", "多久答复？", "-1 天。", *[""] * 4]])
    )
    await xu.says("/keepfaq")
    await xu.taps("看：")
    await xu.taps("可以，给大家看")
    rows = await taken(bai)
    assert [row[4] for row in rows if row[3] == "多久答复？"] == ["'-1 天。"]
    await bai.uploads("常见问答.csv", written(rows))
    assert "30 条没有变" in bai.last().text


async def test_one_unclear_cell_and_nothing_is_handed_on(sandbox: Sandbox, bot: Fund, cast: Cast) -> None:
    bai = await editor(sandbox, bot, "白编辑")
    rows = await taken(bai)
    bad = [*rows, ["", "天气", "所有人", "问", "", "", "", "快了", ""]]
    await bai.uploads("常见问答.csv", written(bad))
    for column in ("类别", "回答", "从哪天"):
        assert f"第 31 行“{column}”" in bai.last().text
    linked = [*rows, ["", "关于基金", "", "网站在哪？", "看 www.example.com", "", "", "", ""]]
    await bai.uploads("常见问答.csv", written(linked))
    assert "第 31 行有网址" in bai.last().text
    await bai.uploads("别的.csv", b"a,b\n1,2\n")
    assert "表头里少了这些列" in bai.last().text
    await bai.uploads("常见问答.csv", written(rows))
    assert "29 条没有变" in bai.last().text
    assert await bot.faq.undecided(Actor(user_id=9, staff_id=9, staff_rights=(EVERYWHERE,))) == []


async def test_an_editor_of_one_fund_changes_no_entry_of_all_six(fund: Fund) -> None:
    changshu = Actor(user_id=9, staff_id=None, staff_rights=(Right(Role.NOTICE_EDITOR, "changshu"),))
    assert await fund.faq.kept(changshu) == []
    theirs = NewEntry(Topic.FUND, QuestionAnswer("问", "答"), fund="changshu")
    with pytest.raises(BadAnswer):
        await fund.faq.write_table(changshu, "new", [SentEntry(2, 1, theirs)])
    foreign = NewEntry(Topic.FUND, QuestionAnswer("问", "答"))
    with pytest.raises(NotAllowed):
        await fund.faq.write_table(changshu, "other", [SentEntry(2, None, foreign)])

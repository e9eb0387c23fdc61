"""What was not understood becomes a list to learn from: nobody's words, sealed, for a while."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio

from carefund_bot.access import Actor, Right, Role
from carefund_bot.fund import Fund
from carefund_bot.texts.splitting import MESSAGE_LIMIT
from carefund_bot.understanding.intents import Intent
from carefund_bot.understanding.reading import Understanding
from carefund_bot.understanding.verdicts import Tier
from handlers.context import House
from handlers.serving import serving
from sandbox import Person, Sandbox
from tests.cast import GUO, QIN, Cast, link, make_staff
from tests.conftest import TurnableClock

NAME, PHONE, PLACE = "金丝雀", "19511112222", "菊花路12号3幢"
CANARIES = (NAME, PHONE, PLACE, "郭明", "菊花", "南桥", "HU200001")


@pytest.fixture(scope="module")
def understanding() -> Understanding:
    return Understanding.load()


def as_sure_as(understanding: Understanding, tier: Tier) -> Understanding:
    """Never sure enough for more than `tier`."""
    never = dict.fromkeys(Intent, 2.0)
    tiers = replace(understanding.tiers, act=never, ask=2.0 if tier is Tier.PERSON else 0.0, flags={})
    return replace(understanding, tiers=tiers)


@pytest_asyncio.fixture
async def house(fund: Fund, sandbox: Sandbox, understanding: Understanding) -> AsyncIterator[House]:
    """A bot that has learned to read and is sure of nothing."""
    sandbox.busy_checks.append(lambda: not fund.ground.bell.is_answered)
    async with serving(fund) as running:
        sandbox.busy_checks.append(lambda: running.intake.order.waiting > 0)
        running.house.understanding = as_sure_as(understanding, Tier.PERSON)
        yield running.house


async def head(sandbox: Sandbox, fund: Fund) -> Person:
    phone = sandbox.person("高主任")
    await make_staff(fund, phone, Right(Role.ADMINISTRATOR))
    return phone


def table_of(phone: Person) -> list[list[str]]:
    file = phone.last().file
    assert file is not None
    return list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))


async def test_the_list_holds_nobody(
    sandbox: Sandbox, fund: Fund, house: House, cast: Cast, clock: TurnableClock
) -> None:
    guo, gao = sandbox.person(NAME), await head(sandbox, fund)
    await link(fund, guo, "beneficiary", cast.beneficiaries[GUO])
    for words in (f"我叫{NAME}，电话{PHONE}，喵喵", f"郭明那个事{PHONE}", f"{NAME}住{PLACE}菊花社区 HU200001 喵喵"):
        await guo.says(words)
    dump = "\n".join(await fund.ground.db.read(lambda db: list(db.iterdump())))
    assert "喵喵" not in dump, "sealed at rest"
    await gao.says("/week")
    await gao.taps("没听懂的话")
    heading, *rows = table_of(gao)
    assert heading == ["intent", "speaker", "text", "guess", "times"]
    assert len(rows) == 3
    assert all(row[:2] == ["", "household"] and row[4:] == ["1"] for row in rows)
    shown = "\n".join(row[2] for row in rows)
    assert "喵喵" in shown
    assert [canary for canary in CANARIES if canary in shown] == []
    columns = await fund.ground.db.read(lambda db: db.execute("SELECT * FROM unclear_text").description)
    assert [name for name, *_ in columns] == ["id", "on_day", "asker", "guess", "sealed"], "no account beside them"
    clock.forward(days=61)
    await fund.minding.look()
    assert await fund.ground.db.read(lambda db: db.execute("SELECT count(*) FROM unclear_text").fetchone()) == (0,)


async def test_a_neighbours_name_in_traditional_characters_goes_too(sandbox: Sandbox, fund: Fund, house: House) -> None:
    stranger, gao = sandbox.person("阿牛"), await head(sandbox, fund)
    await stranger.says("我鄰居陳國棟喵喵一下")
    await gao.says("/week")
    await gao.taps("没听懂的话")
    assert [row[2] for row in table_of(gao)[1:]] == ["我邻居×喵喵一下"]


async def test_none_of_the_offered_is_one_for_the_list_too(
    sandbox: Sandbox, fund: Fund, house: House, cast: Cast, understanding: Understanding
) -> None:
    qin, gao = sandbox.person("秦兰"), await head(sandbox, fund)
    await link(fund, qin, "member", cast.members[QIN])
    house.understanding = as_sure_as(understanding, Tier.ASK)
    await qin.says("喵喵一下")
    await gao.says("/week")
    await gao.taps("没听懂的话")
    assert "没有记下" in gao.last().text, "offered and perhaps right"
    await qin.taps("都不是")
    await gao.taps("没听懂的话")
    assert [row[:3] for row in table_of(gao)[1:]] == [["", "member", "喵喵一下"]]


async def test_who_looks_after_one_fund_is_not_offered_the_words_of_all_six(
    sandbox: Sandbox, fund: Fund, house: House
) -> None:
    mei = sandbox.person("梅主任")
    await make_staff(fund, mei, Right(Role.ADMINISTRATOR, "city"))
    await mei.says("/week")
    assert not any("没听懂的话" in button.label for button in mei.last().all_buttons())


async def test_however_much_was_not_understood_a_person_gets_the_newest(
    sandbox: Sandbox, fund: Fund, house: House, cast: Cast, understanding: Understanding
) -> None:
    qin = sandbox.person("秦兰")
    await link(fund, qin, "member", cast.members[QIN])
    house.understanding = as_sure_as(understanding, Tier.ASK)
    for words in ("喵" * 3000, "最后一句" + "汪" * 3000):
        await qin.says(words)
    await qin.taps("转给工作人员")
    actor = (await fund.accounts.meet(qin.id, "zh_CN")).actor
    (case,) = await fund.asking.mine(actor)
    assert len(case.lines[0].said.words) == MESSAGE_LIMIT
    assert "喵\n最后一句汪" in case.lines[0].said.words


async def test_after_a_person_was_offered_the_next_words_are_a_new_matter(
    sandbox: Sandbox, fund: Fund, house: House, cast: Cast, understanding: Understanding
) -> None:
    qin = sandbox.person("秦兰")
    await link(fund, qin, "member", cast.members[QIN])
    await qin.says("喵喵一下")
    assert "拿不准" in qin.last().text
    house.understanding = as_sure_as(understanding, Tier.ASK)
    await qin.says("喵喵两下")
    assert "您是想问哪一样" in qin.last().text
    await qin.says("喵喵三下")
    assert "拿不准" in qin.last().text, "unsure again after a question back: a person"


async def test_a_plain_phrase_is_clear_after_a_question_back_too(
    sandbox: Sandbox, fund: Fund, house: House, cast: Cast, understanding: Understanding
) -> None:
    qin, guo = sandbox.person("秦兰"), sandbox.person(NAME)
    await link(fund, qin, "member", cast.members[QIN])
    await link(fund, guo, "beneficiary", cast.beneficiaries[GUO])
    house.understanding = as_sure_as(understanding, Tier.ASK)
    for person, words, answer in ((qin, "钱呢", "7月1日"), (guo, "？？？", "名册上有您")):
        await person.says("喵喵一下")
        assert "您是想问哪一样" in person.last().text
        await person.says(words)
        assert answer in person.last().text


async def test_a_colleague_who_is_not_understood_is_not_handed_to_colleagues(
    sandbox: Sandbox, fund: Fund, house: House
) -> None:
    gao = await head(sandbox, fund)
    await gao.says("喵喵一下")
    assert "/help" in gao.last().text
    assert list(gao.last().all_buttons()) == []


async def test_no_formula_reaches_a_spreadsheet(sandbox: Sandbox, fund: Fund, house: House) -> None:
    gao = await head(sandbox, fund)
    await fund.learning.note_unclear(Actor(user_id=1), "=喵喵", Intent.FUND_INFO)
    await gao.says("/week")
    await gao.taps("没听懂的话")
    assert table_of(gao)[1][2] == "'=喵喵"


async def test_everybody_may_read_that_this_is_done(stranger: Person) -> None:
    await stranger.says("/privacy")
    assert "没听懂的话" in stranger.last().text
    assert "60 天" in stranger.last().text

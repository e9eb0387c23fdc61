"""Answers that everybody may browse, written by one and approved by another."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from carefund_bot.access import Actor, Right, Role
from carefund_bot.domain.faq import NewEntry, QuestionAnswer, Topic
from carefund_bot.fund import Fund
from carefund_bot.services.week import Outcome
from carefund_bot.store import people
from sandbox import Person, Sandbox
from tests.cast import CITY_CLERK, GUO, QIN, Cast, link, make_staff
from tests.conftest import TurnableClock

EDITOR = Right(Role.NOTICE_EDITOR, "city")


async def editor(sandbox: Sandbox, bot: Fund, name: str) -> Person:
    phone = sandbox.person(name)
    await make_staff(bot, phone, EDITOR)
    return phone


def labels(phone: Person) -> list[str]:
    return [button.label for button in phone.last().all_buttons()]


async def test_browsing_ends_at_a_person(stranger: Person) -> None:
    await stranger.says("/faq")
    await stranger.taps("防骗")
    await stranger.taps("这个短信、链接、电话是真的吗")
    assert "我们从不发链接" in stranger.last().text
    await stranger.taps("找人问")
    assert "请把想问的写下来" in stranger.last().text


async def test_a_reader_sees_what_concerns_the_own_role(sandbox: Sandbox, bot: Fund, cast: Cast) -> None:
    guo, qin = sandbox.person("郭明"), sandbox.person("秦兰", language_code="en")
    await link(bot, guo, "beneficiary", cast.beneficiaries[GUO])
    await link(bot, qin, "member", cast.members[QIN])
    await guo.says("常见问题")
    assert "补助发放" in labels(guo)
    assert "票据和抵税" not in labels(guo)
    await qin.says("/faq")
    assert "Receipts and tax" in labels(qin)
    assert "Aid" not in labels(qin)


async def test_two_people_keep_an_entry(sandbox: Sandbox, bot: Fund, cast: Cast, clock: TurnableClock) -> None:
    bai, xu = await editor(sandbox, bot, "白编辑"), await editor(sandbox, bot, "许编辑")
    await bai.says("常见问答")
    await bai.taps("写一条新的")
    await bai.taps("关于基金")
    await bai.taps("所有人")
    await bai.says("只有一行")
    assert "要两部分" in bai.last().text
    await bai.says("办公室搬到哪里了？\n看 www.example.com")
    assert "网址" in bai.last().text
    await bai.says("办公室搬到哪里了？\n搬到菊花路 1 号二楼。")
    await bai.taps("不用英文")
    await bai.says("快了")
    assert "没看懂日期" in bai.last().text
    await bai.says("6月4日")
    await bai.says("6月2日")
    assert "太早了" in bai.last().text
    await bai.says("6月30日")
    assert "2012年6月4日 起 到 2012年6月30日" in bai.last().text
    await bai.taps("交同事看")
    await bai.says("常见问答")
    await bai.taps("看：办公室搬到哪里了")
    await bai.taps("可以，给大家看")
    assert "另一位同事" in bai.last().text
    found = await bot.faq.search(Actor(user_id=1), "办公室搬到哪了")
    assert found == []
    await xu.says("常见问答")
    await xu.taps("看：办公室搬到哪里了")
    await xu.taps("可以，给大家看")
    assert await bot.faq.search(Actor(user_id=1), "办公室搬到哪了") == [], "its first day has not come"
    clock.forward(days=3)
    (entry,) = await bot.faq.search(Actor(user_id=1), "办公室搬到哪了")
    assert entry.written.zh.answer == "搬到菊花路 1 号二楼。"
    clock.forward(days=30)
    assert await bot.faq.search(Actor(user_id=1), "办公室搬到哪了") == []


async def test_the_answer_before_holds_until_the_new_ones_first_day(
    bot: Fund, cast: Cast, clock: TurnableClock
) -> None:
    bai, xu = [Actor(user_id=at, staff_id=await write_staff(bot), staff_rights=(EDITOR,)) for at in (21, 22)]
    old = NewEntry(Topic.FUND, QuestionAnswer("几点开门？", "九点。"), fund="city")
    first = await bot.faq.write(bai, "old", old)
    await bot.faq.decide(xu, first.version_id, approve=True)
    new = replace(old, zh=QuestionAnswer("几点开门？", "八点半。"), from_on=bot.ground.today() + timedelta(days=2))
    later = await bot.faq.write(bai, "new", new, first.entry_id)
    await bot.faq.decide(xu, later.version_id, approve=True)
    for days, answer in ((0, "九点。"), (2, "八点半。")):
        clock.forward(days=days)
        (entry,) = await bot.faq.search(Actor(user_id=1), "几点开门")
        assert entry.written.zh.answer == answer


async def write_staff(bot: Fund) -> int:
    sealed = bot.ground.sealer.seal("staff", {"name": "某某"})
    return await bot.ground.db.write(lambda db: people.add_staff(db, sealed, 0))


async def test_the_starting_set_is_loaded_once_and_answers_intents(bot: Fund) -> None:
    entries = await bot.faq.entries(Actor(user_id=1))
    assert len(entries) == 29
    assert all(entry.written.en for entry in entries)
    scam = await bot.faq.best_for(Actor(user_id=1), "fraud_report", "")
    assert scam
    assert "我们从不发链接" in scam.written.zh.answer
    assert await bot.faq.best_for(Actor(user_id=1), "no_such_intent", "") is None
    assert await bot.faq.search(Actor(user_id=1), "火星上有没有水") == []


async def test_a_ready_answer_goes_in_the_askers_language(sandbox: Sandbox, bot: Fund, cast: Cast) -> None:
    lu, guo = sandbox.person("陆经办"), sandbox.person("郭明", language_code="en")
    await make_staff(bot, lu, CITY_CLERK)
    await link(bot, guo, "beneficiary", cast.beneficiaries[GUO])
    await guo.says("not received")
    await guo.taps("has not come")
    await guo.taps("Hand it to the staff")
    await lu.taps("打开")
    await lu.taps("我来办")
    await lu.taps("常用答复")
    await lu.taps("银行把钱退回来了")
    await lu.taps("发给对方")
    assert "Is it lost" not in guo.last().text
    assert "The bank" in guo.last().text or "Usually the number" in guo.last().text


async def test_the_week_in_figures(sandbox: Sandbox, bot: Fund, clock: TurnableClock, stranger: Person) -> None:
    head = sandbox.person("高主任")
    await make_staff(bot, head, Right(Role.ADMINISTRATOR))
    await bot.week.note_asked(Actor(user_id=1), "payout_date", Outcome.ANSWERED)
    clock.forward(days=8)
    for outcome in (Outcome.ANSWERED, Outcome.ANSWERED, Outcome.NOT_UNDERSTOOD):
        await bot.week.note_asked(Actor(user_id=1), "payout_date", outcome)
    await stranger.says("/ask")
    await stranger.says("怎么申请？")
    await head.says("/week")
    assert head.last().text.split("\n") == [
        "最近七天",
        "问机器人：3 次",
        "直接答了 2，让选了 0，转人工 0，没听懂 1",
        "交给工作人员：1 件；答复了 0 件；在等 1 件",
        "• 提问：1",
        "问得最多：",
        "• 钱什么时候到：3",
    ]

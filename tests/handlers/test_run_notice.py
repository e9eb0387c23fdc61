"""What becomes of a notice: paused, confirmed by a second person, sent at its time, taken back, sent again."""

from __future__ import annotations

import asyncio
import sqlite3

import pytest

from carefund_bot.access import Right, Role
from carefund_bot.fund import Fund
from carefund_bot.services.telling import tell_account
from carefund_bot.settings import NoticeSettings, Settings
from carefund_bot.store import outbox
from handlers.staff import notice_cards
from sandbox import Person, Sandbox
from sandbox.faults import flood, reset
from sandbox.messages import Message
from tests.cast import Cast, make_staff, write_cast
from tests.conftest import TurnableClock
from tests.handlers.notices import CITY_EDITOR, copies, data_of, link_all, until, write
from tests.handlers.restarting import running
from tests.transport.deliveries import queue

pytestmark = pytest.mark.usefixtures("screens")


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """One person alone may write to two readers."""
    return settings.model_copy(update={"notices": NoticeSettings(alone_at_most=2)})


@pytest.fixture
async def editor(sandbox: Sandbox, bot: Fund) -> Person:
    phone = sandbox.person("编辑")
    await make_staff(bot, phone, CITY_EDITOR)
    return phone


@pytest.fixture
async def second(sandbox: Sandbox, bot: Fund) -> Person:
    phone = sandbox.person("同事")
    await make_staff(bot, phone, Right(Role.NOTICE_EDITOR))
    return phone


@pytest.fixture
async def phones(sandbox: Sandbox, bot: Fund, cast: Cast) -> dict[str, Person]:
    return await link_all(sandbox, bot, cast)


async def test_a_pause_holds_what_has_not_gone_until_somebody_resumes(
    sandbox: Sandbox, editor: Person, phones: dict[str, Person]
) -> None:
    await write(editor, "党员", "整个")
    sandbox.faults.next("sendMessage", flood(2), chat_id=phones["秦兰"].id)
    confirming = asyncio.create_task(editor.taps("确认"))
    await until(lambda: "正在发送" in editor.last().text)
    pause = data_of(editor, "暂停")
    pausing = asyncio.create_task(editor.taps("暂停"))
    await until(lambda: "暂停了" in editor.last().text)
    await asyncio.gather(confirming, pausing)
    card = editor.last()
    await editor.taps_data(pause, message=card)
    assert "暂停了" in card.text
    assert copies(phones["秦兰"]) == 0
    await editor.taps("继续")
    assert copies(phones["秦兰"]) == 1
    await editor.taps_data(pause, message=card)
    assert "已送达：1" in editor.last().text
    assert copies(phones["秦兰"]) == 1


async def test_cancelling_is_asked_first_and_ends_it(
    sandbox: Sandbox, editor: Person, phones: dict[str, Person]
) -> None:
    await write(editor, "党员", "整个")
    sandbox.faults.next("sendMessage", flood(2), chat_id=phones["秦兰"].id)
    confirming = asyncio.create_task(editor.taps("确认"))
    await until(lambda: "正在发送" in editor.last().text)
    asking = asyncio.create_task(editor.taps("取消"))
    await until(lambda: "取消这条通知？" in editor.last().text)
    ending = asyncio.create_task(editor.taps("是，取消"))
    await until(lambda: "取消了" in editor.last().text)
    await asyncio.gather(confirming, asking, ending)
    assert "已取消：1" in editor.last().text
    assert copies(phones["秦兰"]) == 0


@pytest.fixture
def brisk_cards(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stories do not sit out the three seconds between two looks at a card."""
    monkeypatch.setattr(notice_cards, "EDIT_EVERY_S", 0.05)


async def schedule(editor: Person) -> Message:
    """A notice for tomorrow at nine; its card."""
    await write(editor, "党员", "整个")
    await editor.taps("定时发")
    await editor.taps("2012年6月2日 09:00")
    await editor.taps("确认，2012年6月2日 09:00 发")
    assert "定好了" in editor.last().text
    return editor.last()


@pytest.mark.usefixtures("brisk_letters", "brisk_cards")
async def test_a_card_goes_on_after_a_restart(sandbox: Sandbox, settings: Settings, clock: TurnableClock) -> None:
    editor = sandbox.person("编辑")
    async with running(sandbox, settings, clock) as fund:
        await make_staff(fund, editor, CITY_EDITOR)
        phones = await link_all(sandbox, fund, await write_cast(fund))
        card = await schedule(editor)
    clock.forward(minutes=23 * 60 + 1)
    async with running(sandbox, settings, clock):
        await until(lambda: "发完了" in card.text)
        assert "已送达：1" in card.text
        assert not any("notices:do" in (button.data or "") for button in card.all_buttons())
    assert copies(phones["秦兰"]) == 1


@pytest.mark.usefixtures("brisk_cards")
async def test_a_card_that_may_not_be_edited_for_an_hour_keeps_no_other_waiting(
    sandbox: Sandbox, bot: Fund, clock: TurnableClock, editor: Person, phones: dict[str, Person]
) -> None:
    other = sandbox.person("另一位")
    await make_staff(bot, other, CITY_EDITOR)
    cards = [await schedule(editor), await schedule(other)]
    sandbox.faults.every("editMessageText", flood(3_000), chat_id=editor.id)
    clock.forward(minutes=23 * 60 + 1)
    await until(lambda: "定好了" not in cards[1].text)
    assert "定好了" in cards[0].text


async def test_more_readers_than_one_may_write_to_need_a_second_person(
    sandbox: Sandbox, bot: Fund, editor: Person, second: Person, phones: dict[str, Person]
) -> None:
    other = sandbox.person("常熟编辑")
    await make_staff(bot, other, Right(Role.NOTICE_EDITOR, "changshu"))
    third = sandbox.person("第三位")
    await make_staff(bot, third, Right(Role.NOTICE_EDITOR))
    await write(second, "党员、家庭和学生", "六个基金全部")
    assert "要另一位同事看过" in second.last().text
    await second.taps("请同事看过再发")
    assert "等另一位同事确认" in second.last().text
    assert "有一条通知等您确认" not in editor.last().text, "a fund's editor does not speak for all six"
    for person in (second, other, editor):
        await person.taps_data("notices:do:1-confirmed:" + "x" * 12, message=person.last())
    assert [copies(person) for person in phones.values()] == [0, 0, 0, 0]
    await third.taps("看一看")
    shown = [message.text for message in third.chat[-3:]]
    assert "今年的关爱金" in shown[0]
    assert "会收到：4 人" in shown[1]
    confirm = data_of(third, "确认，可以发")
    card = third.last()
    await third.taps("确认，可以发")
    await third.taps_data(confirm, message=card)
    assert [copies(person) for person in phones.values()] == [1, 1, 1, 1]


async def test_without_a_colleague_who_could_confirm_it_is_said_at_once(
    bot: Fund, editor: Person, second: Person, phones: dict[str, Person]
) -> None:
    await write(second, "党员、家庭和学生", "六个基金全部")
    assert "现在没有能确认的同事" in second.last().text
    assert not any("确认" in button.label for button in second.last().all_buttons())


async def test_what_waits_for_a_person_says_so_in_the_list(editor: Person, phones: dict[str, Person]) -> None:
    await write(editor, "党员", "整个")
    await editor.taps("定时发")
    await editor.says("下周一上午9点")
    await editor.taps("确认，2012年6月4日 09:00 发")
    await editor.says("/notices")
    await editor.taps("定时：6月1日 10:00 党员（苏州市级）")
    assert "“各位好，今年的关爱金七一前发放。 请…”" in editor.last().text


async def test_older_notices_are_found_behind_the_newest(editor: Person, phones: dict[str, Person]) -> None:
    for number in "一二三四五六":
        await write(editor, "党员", "整个", text=f"第{number}条通知。")
        await editor.taps("确认")
    await editor.says("/notices")
    assert len(list(editor.last().all_buttons())) == 6
    await editor.taps("更早的")
    await editor.taps("6月1日")
    assert "“第一条通知。”" in editor.last().text


async def test_the_guard_is_overruled_by_a_second_person_alone(
    bot: Fund, editor: Person, second: Person, phones: dict[str, Person]
) -> None:
    await editor.taps("发通知")
    await editor.says("今年的关爱金，问社区 0512-0000-9999")
    assert "第 1 行有电话号码" in editor.last().text
    for tap in ("就这样写", "不用英文", "党员", "整个", "请同事看过再发"):
        await editor.taps(tap)
    assert copies(phones["秦兰"]) == 0
    assert "有一条通知等您确认" in second.last().text
    await second.says("/notices")
    await second.taps("6月1日")
    assert "第 1 行有电话号码" in second.chat[-2].text
    await second.taps("确认，可以发")
    assert copies(phones["秦兰"]) == 1
    logged = await bot.ground.db.read(
        lambda db: db.execute("SELECT facts FROM audit_event WHERE act = 'notice_confirmed'").fetchone()
    )
    assert '["phone", 1]' in logged[0]


async def test_it_goes_at_its_time_and_once(
    bot: Fund, clock: TurnableClock, editor: Person, phones: dict[str, Person]
) -> None:
    await write(editor, "党员", "整个")
    await editor.taps("定时发")
    await editor.says("随便什么时候")
    assert "没看懂这个时间" in editor.last().text
    await editor.says("昨天 9:00")
    assert "没看懂这个时间" in editor.last().text
    await editor.says("今天下午两点半")
    assert "2012年6月1日 14:30" in editor.last().text
    await editor.taps("确认，2012年6月1日 14:30 发")
    assert "定好了" in editor.last().text
    assert copies(phones["秦兰"]) == 0
    clock.forward(minutes=4 * 60 + 31)
    await until(lambda: copies(phones["秦兰"]) == 1)
    assert await bot.notice_clock.start_due() == 0
    assert copies(phones["秦兰"]) == 1


async def test_a_time_is_chosen_by_a_button_and_taken_back(editor: Person, phones: dict[str, Person]) -> None:
    await write(editor, "党员", "整个")
    await editor.taps("定时发")
    await editor.taps("2012年6月2日 09:00")
    assert "什么时候发：2012年6月2日 09:00" in editor.last().text
    await editor.taps("改成马上发")
    await editor.taps("确认，发给 1 人")
    assert copies(phones["秦兰"]) == 1


async def test_what_was_due_while_nothing_ran_waits_for_a_person(
    bot: Fund, clock: TurnableClock, editor: Person, phones: dict[str, Person]
) -> None:
    await write(editor, "党员", "整个")
    await editor.taps("定时发")
    await editor.says("明天 9:00")
    await editor.taps("确认，2012年6月2日 09:00 发")
    clock.forward(days=3)
    await until(lambda: "有一条通知停下来了" in editor.last().text)
    assert copies(phones["秦兰"]) == 0
    await editor.taps("看一看")
    assert "停下来了，没有发" in editor.last().text
    await editor.taps("现在发")
    assert copies(phones["秦兰"]) == 1


async def set_for_sunday_and_held(bot: Fund, editor: Person) -> None:
    """Found in a restored copy while its time is still to come."""
    await write(editor, "党员", "整个")
    await editor.taps("定时发")
    await editor.says("6月3日 9:00")
    await editor.taps("确认，2012年6月3日 09:00 发")
    await bot.ground.db.write(lambda db: bot.notice_clock.hold(db, is_copy=True))
    await until(lambda: "有一条通知停下来了" in editor.last().text)
    await editor.taps("看一看")
    await editor.taps("定个时间发")


async def test_one_held_in_a_restored_copy_goes_at_its_planned_time_after_all(
    bot: Fund, clock: TurnableClock, editor: Person, phones: dict[str, Person]
) -> None:
    await set_for_sunday_and_held(bot, editor)
    planned, question = data_of(editor, "照原定"), editor.last()
    await editor.taps("照原定：2012年6月3日 09:00")
    assert "定好了：2012年6月3日 09:00 发" in editor.last().text
    clock.forward(days=2)
    await until(lambda: copies(phones["秦兰"]) == 1)
    await editor.taps_data(planned, message=question)
    assert copies(phones["秦兰"]) == 1


async def test_one_that_was_held_is_given_a_new_time_in_words_or_by_a_button(
    bot: Fund, clock: TurnableClock, editor: Person, second: Person, phones: dict[str, Person]
) -> None:
    await set_for_sunday_and_held(bot, editor)
    stale, question = data_of(editor, "2012年6月2日 14:00"), editor.last()
    await editor.says("随便什么时候")
    assert "没看懂这个时间" in editor.last().text
    await editor.says("明天上午9点半")
    assert "定好了：2012年6月2日 09:30 发" in editor.last().text
    await editor.says("你好")
    assert "没看懂这个时间" not in editor.last().text, "the form is over"
    await editor.taps_data(stale, message=editor.last())
    assert "定好了：2012年6月2日 09:30 发" in editor.last().text, "what was decided first holds"
    clock.forward(days=1)
    await until(lambda: copies(phones["秦兰"]) == 1)
    clock.forward(minutes=5 * 60)
    await editor.taps_data(stale, message=question)
    assert "发完了" in question.text, "though that moment is not offered any more"


async def test_its_time_is_asked_no_more_once_a_colleague_has_decided(
    bot: Fund, clock: TurnableClock, editor: Person, second: Person, phones: dict[str, Person]
) -> None:
    await set_for_sunday_and_held(bot, editor)
    await second.taps("看一看")
    await second.taps("现在发")
    assert copies(phones["秦兰"]) == 1
    await editor.taps("2012年6月2日 09:00")
    assert "发完了" in editor.last().text, "how it stands"
    clock.forward(days=1)
    assert await bot.notice_clock.start_due() == 0
    assert copies(phones["秦兰"]) == 1


async def test_a_notice_is_taken_back_from_the_phones(editor: Person, phones: dict[str, Person]) -> None:
    await write(editor, "党员、家庭和学生", "整个")
    await editor.taps("确认")
    await editor.says("/notices")
    await editor.taps("6月1日")
    await editor.taps("收回")
    assert "收回这条通知？" in editor.last().text
    await editor.taps("收回")
    assert [copies(phones[name]) for name in ("秦兰", "戴强")] == [0, 0]
    await editor.taps("刷新")
    assert "已收回：2" in editor.last().text
    assert "收回完了" in editor.last().text


async def test_why_a_copy_could_not_be_taken_back_stands_in_the_report_and_in_the_table(
    sandbox: Sandbox, editor: Person, phones: dict[str, Person]
) -> None:
    await write(editor, "党员、家庭和学生", "整个")
    await editor.taps("确认")
    phones["秦兰"].last().raw["date"] -= 3 * 86_400
    phones["戴强"].account.has_blocked = True  # so lately that Telegram has not told us
    await editor.says("/notices")
    await editor.taps("6月1日")
    await editor.taps("收回")
    await editor.taps("收回")
    await editor.taps("刷新")
    report = editor.last().text
    assert "收不回来的：2" in report
    assert "　过了 48 小时：1" in report
    assert "　停用了机器人：1" in report
    await editor.taps("上门告知")
    await editor.taps("表格")
    document = editor.last().raw["document"]
    table = sandbox.telegram.files.by_id[document["file_id"]].content.decode("utf-8-sig")
    assert "收不回来：过了 48 小时" in table
    assert "收不回来：停用了机器人" in table


async def test_a_copy_that_its_reader_has_deleted_counts_as_taken_back(
    editor: Person, phones: dict[str, Person]
) -> None:
    await write(editor, "党员", "整个")
    await editor.taps("确认")
    copy = phones["秦兰"].last()
    del phones["秦兰"]._chat.messages[copy.message_id]
    await editor.says("/notices")
    await editor.taps("6月1日")
    await editor.taps("收回")
    await editor.taps("收回")
    await editor.taps("刷新")
    assert "已收回：1" in editor.last().text


async def test_after_two_days_nothing_can_be_taken_back(
    clock: TurnableClock, editor: Person, phones: dict[str, Person]
) -> None:
    await write(editor, "党员", "整个")
    await editor.taps("确认")
    clock.forward(days=2)
    await editor.says("/notices")
    await editor.taps("6月1日")
    assert not any("收回" in button.label for button in editor.last().all_buttons())


async def test_uncertain_copies_are_decided_on_once(
    sandbox: Sandbox, bot: Fund, editor: Person, phones: dict[str, Person]
) -> None:
    await write(editor, "党员", "整个")
    sandbox.faults.next("sendMessage", reset(), chat_id=phones["秦兰"].id)
    await editor.taps("确认")
    await editor.taps("刷新")
    assert "不知道收到没有：1" in editor.last().text
    await editor.taps("没收到的")
    again = data_of(editor, "不知道的再发一次")
    question = editor.last()
    await editor.taps("不知道的再发一次")
    await editor.taps_data(again, message=question)
    assert copies(phones["秦兰"]) == 1
    decided = await bot.ground.db.read(
        lambda db: db.execute("SELECT decision, copies, staff_id IS NOT NULL FROM delivery_decision").fetchall()
    )
    assert decided == [("again", 1, 1)]


async def test_uncertain_copies_may_be_left(sandbox: Sandbox, editor: Person, phones: dict[str, Person]) -> None:
    await write(editor, "党员", "整个")
    sandbox.faults.next("sendMessage", reset(), chat_id=phones["秦兰"].id)
    await editor.taps("确认")
    await editor.taps("刷新")
    await editor.taps("没收到的")
    again = data_of(editor, "不知道的再发一次")
    await editor.taps("不知道的就这样")
    assert "1 份就这样" in editor.last().text
    await editor.taps_data(again, message=editor.last())
    assert copies(phones["秦兰"]) == 0


async def test_who_had_stopped_the_bot_is_tried_again_when_back(editor: Person, phones: dict[str, Person]) -> None:
    await write(editor, "党员、家庭和学生", "整个")
    phones["戴强"].account.has_blocked = True  # so lately that Telegram has not told us
    await editor.taps("确认")
    await editor.taps("刷新")
    await editor.taps("没收到的")
    await editor.taps("停用过的再试一次")
    assert "没有可以再发的" in editor.chat[-2].text
    await phones["戴强"].unblocks()
    await phones["戴强"].says("你好")
    await editor.taps("没收到的")
    await editor.taps("停用过的再试一次")
    assert [copies(phones[name]) for name in ("秦兰", "戴强")] == [1, 1]


async def test_a_single_message_in_doubt_is_an_administrators_decision(
    sandbox: Sandbox, bot: Fund, editor: Person, phones: dict[str, Person]
) -> None:
    boss = sandbox.person("管理员")
    await make_staff(bot, boss, Right(Role.ADMINISTRATOR))
    for reference in ("one", "two"):
        sandbox.faults.next("sendMessage", reset(), chat_id=phones["秦兰"].id)
        await queue(bot, phones["秦兰"], reference)
        await sandbox.settled()
    await editor.says("/uncertain")
    assert "不知道收到没有" not in editor.last().text
    await boss.says("/uncertain")
    ids = await bot.ground.db.read(lambda db: db.execute("SELECT id FROM outbox WHERE state = 'uncertain'").fetchall())
    (first,), (other,) = ids
    again = data_of(boss, f"{first} 再发")
    heard = len(phones["秦兰"].chat)
    await boss.taps(f"{first} 再发")
    await boss.taps_data(again, message=boss.last())
    assert len(phones["秦兰"].chat) == heard + 1
    await boss.taps(f"{other} 不发")
    assert any("没有不知道收到没有的消息" in message.text for message in boss.chat)
    assert len(phones["秦兰"].chat) == heard + 1


@pytest.mark.parametrize(("choice", "more"), [("备份里的都再发", 1), ("备份里的都不发", 0)])
async def test_what_waited_in_a_restored_copy_is_decided_on_together_and_once(
    sandbox: Sandbox, bot: Fund, phones: dict[str, Person], choice: str, more: int
) -> None:
    boss = sandbox.person("管理员")
    await make_staff(bot, boss, Right(Role.ADMINISTRATOR))
    readers = [phones["秦兰"], phones["戴强"]]
    before = [len(person.chat) for person in readers]

    def restore(db: sqlite3.Connection) -> None:
        for person in readers:
            tell_account(bot.ground, db, f"to {person.id}", person.id, "moved_away", phone="0512-0000-1234")
        outbox.doubt_restored(db, 0)

    await bot.ground.db.write(restore)
    await boss.says("/uncertain")
    assert "里面有 2 条还排着" in boss.last().text
    data, question = data_of(boss, choice), boss.last()
    await boss.taps(choice)
    assert "没有不知道收到没有的消息" in boss.last().text
    await boss.taps_data(data, message=question)
    assert any("已经决定过了" in message.text for message in boss.chat)
    assert [len(person.chat) - heard for person, heard in zip(readers, before, strict=True)] == [more, more]
    decided = await bot.ground.db.read(
        lambda db: db.execute("SELECT decision, staff_id IS NOT NULL FROM delivery_decision").fetchall()
    )
    assert decided == [("again" if more else "left", 1)] * 2


async def test_an_english_editor_pauses_and_schedules(sandbox: Sandbox, bot: Fund, phones: dict[str, Person]) -> None:
    editor = sandbox.person("Anna", language_code="en")
    await make_staff(bot, editor, CITY_EDITOR)
    await editor.says("/notice")
    await editor.says("今年的关爱金")
    for tap in ("No English", "Members", "All of Suzhou city level", "Send later"):
        await editor.taps(tap)
    await editor.says("tomorrow 9:30 am")
    await editor.taps("Confirm: goes at 2 Jun 2012 09:30")
    assert "Set for 2 Jun 2012 09:30" in editor.last().text
    await editor.taps("Cancel")
    await editor.taps("Yes, cancel it")
    assert "Cancelled" in editor.last().text


async def test_another_funds_editor_moves_nothing(
    sandbox: Sandbox, bot: Fund, editor: Person, phones: dict[str, Person]
) -> None:
    await write(editor, "党员", "整个")
    await editor.taps("确认")
    other = sandbox.person("常熟编辑")
    await make_staff(bot, other, Right(Role.NOTICE_EDITOR, "changshu"))
    for data in ("card:1", "do:1-recalled:x", "ask:1-recalled:x", "missed:1", "again:1-uncertain:x", "leave:1:x"):
        await other.taps_data(f"notices:{data}", message=other.last())
    assert copies(phones["秦兰"]) == 1
    assert "秦兰" not in other.last().text


async def test_who_does_not_want_a_topic_is_counted_apart_and_hears_the_rest(
    editor: Person, phones: dict[str, Person]
) -> None:
    await phones["秦兰"].says("/settings")
    await phones["秦兰"].taps("要哪些通知")
    off = data_of(phones["秦兰"], "不要基金动态")
    await phones["秦兰"].taps("不要基金动态")
    await phones["秦兰"].taps_data(off, message=phones["秦兰"].last())
    assert "✗ 基金动态" in phones["秦兰"].last().text
    await write(editor, "党员、家庭和学生", "整个")
    await editor.taps("改成：基金动态")
    assert "会收到：1 人" in editor.last().text
    assert "不要这类通知：1 人" in editor.last().text
    await editor.taps("确认，发给 1 人")
    assert [copies(phones[name]) for name in ("秦兰", "戴强")] == [0, 1]
    await write(editor, "党员、家庭和学生", "整个")
    await editor.taps("确认，发给 2 人")
    assert [copies(phones[name]) for name in ("秦兰", "戴强")] == [1, 2]
    await phones["秦兰"].says("/settings")
    await phones["秦兰"].taps("要哪些通知")
    await phones["秦兰"].taps("又要基金动态")
    assert "✓ 基金动态" in phones["秦兰"].last().text

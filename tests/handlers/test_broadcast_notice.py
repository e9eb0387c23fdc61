"""An editor writes, looks, confirms; the phones of those addressed ring once."""

from __future__ import annotations

import asyncio
import sqlite3

import pytest

from carefund_bot.access import Actor, Right, Role
from carefund_bot.domain.money import Money
from carefund_bot.domain.notices import Audience, Place, Reader, Step
from carefund_bot.domain.pledges import Rhythm, Terms
from carefund_bot.fund import Fund
from carefund_bot.store import notice_runs, notices
from carefund_bot.store.notices import Content
from sandbox import Person, Sandbox, hands
from sandbox.faults import flood
from sandbox.files import Upload
from sandbox.methods.contents import read_file
from tests.cast import GUO, QIN, Cast, make_staff
from tests.handlers.notices import CITY_EDITOR, TEXT, copies, data_of, link_all, write
from tests.payouts import add_line_event, write_batch
from tests.transport.deliveries import add_copy

OPEN_EDITOR = Right(Role.NOTICE_EDITOR)


pytestmark = pytest.mark.usefixtures("screens")


@pytest.fixture
async def editor(sandbox: Sandbox, bot: Fund) -> Person:
    phone = sandbox.person("编辑")
    await make_staff(bot, phone, CITY_EDITOR)
    return phone


@pytest.fixture
async def phones(sandbox: Sandbox, bot: Fund, cast: Cast) -> dict[str, Person]:
    """All of the cast, linked; 秦兰 is the head of household 郭明 too."""
    return await link_all(sandbox, bot, cast)


async def ended(editor: Person) -> str:
    """The card, once it has nothing left to tell."""
    async with asyncio.timeout(10):
        while "发完了" not in editor.last().text:  # noqa: ASYNC110 - a phone has no event
            await asyncio.sleep(0.05)
    return editor.last().text


async def test_a_notice_reaches_those_addressed_once_and_nobody_else(editor: Person, phones: dict[str, Person]) -> None:
    await write(editor, "党员、家庭和学生", "整个苏州市级")
    preview, count = editor.chat[-2], editor.chat[-1]
    assert "会收到：2 人" in count.text
    assert "还没绑定，收不到：0 人" in count.text
    await editor.taps("确认，发给 2 人")
    assert [copies(phones[name]) for name in ("秦兰", "戴强", "何静", "蒋飞")] == [1, 1, 0, 0]
    assert phones["秦兰"].last().text == preview.text
    assert "电话 0512-0000-1234" in preview.text
    assert "不要密码和验证码" in preview.text
    assert "已送达：2" in await ended(editor)


@pytest.mark.parametrize(
    ("taps", "addressed"),
    [
        (("党员", "六个基金全部"), ["秦兰", "何静"]),
        (("受助家庭", "六个基金全部"), ["秦兰", "蒋飞"]),
        (("受助学生", "苏州市级", "整个"), ["戴强"]),
        (("受助家庭", "常熟市"), ["蒋飞"]),
        (("党员、家庭和学生", "苏州市级", "吴中区"), ["秦兰"]),
    ],
)
async def test_role_fund_and_area(
    sandbox: Sandbox, bot: Fund, phones: dict[str, Person], taps: tuple[str, ...], addressed: list[str]
) -> None:
    editor = sandbox.person("市编辑")
    await make_staff(bot, editor, OPEN_EDITOR)
    await write(editor, *taps)
    await editor.taps(f"确认，发给 {len(addressed)} 人")
    assert [name for name, person in phones.items() if copies(person)] == addressed


async def test_only_those_whose_money_came_back(
    bot: Fund, editor: Person, phones: dict[str, Person], cast: Cast
) -> None:
    line_id = await write_batch(bot, cast.beneficiaries[GUO], "planned", "approved", "instructed")
    await add_line_event(bot, line_id, "returned", "2012-06-10", "closed")
    await write(editor, "受助家庭", "整个")
    await editor.taps("只给一部分人")
    await editor.taps("已经到账的")
    assert "会收到：0 人" in editor.last().text
    await editor.taps("只给一部分人")
    question = data_of(editor, "被银行退回的")
    await editor.taps("被银行退回的")
    assert "发给：受助家庭（苏州市级，被银行退回的）" in editor.last().text
    await editor.taps("确认，发给 1 人")
    assert [copies(person) for person in phones.values()] == [1, 0, 0, 0]
    await editor.taps_data(question, message=editor.last())
    assert "失效" in editor.last().text


async def test_only_members_with_an_open_pledge_and_then_all_again(
    bot: Fund, editor: Person, phones: dict[str, Person], cast: Cast
) -> None:
    await write(editor, "党员", "整个")
    await editor.taps("只给一部分人")
    await editor.taps("认捐还没交完的")
    assert "会收到：0 人" in editor.last().text
    await bot.pledging.make(Actor(member_id=cast.members[QIN]), "r1", Terms(Rhythm.MONTHLY, Money.yuan(50)))
    await editor.taps("只给一部分人")
    await editor.taps("认捐还没交完的")
    assert "会收到：1 人" in editor.last().text
    await editor.taps("只给一部分人")
    await editor.taps("不分，都给")
    assert "发给：党员（苏州市级）" in editor.last().text


async def test_one_branch_is_found_by_a_few_characters(editor: Person, phones: dict[str, Person]) -> None:
    await write(editor, "党员", "某个党支部")
    await editor.says("没有这个支部")
    assert "没有找到" in editor.last().text
    await editor.says("第1党")
    await editor.taps("吴中区示例第1党委 第1党支部")
    await editor.taps("确认，发给 1 人")
    assert [copies(person) for person in phones.values()] == [1, 0, 0, 0]


async def test_each_reads_the_own_language(sandbox: Sandbox, editor: Person, phones: dict[str, Person]) -> None:
    await phones["戴强"].says("/language")
    await phones["戴强"].taps("English")
    await write(editor, "党员、家庭和学生", "整个", english="Aid comes before 1 July.")
    await editor.taps("确认")
    assert "Aid comes before 1 July." in phones["戴强"].last().text
    assert "phone 0512-0000-1234" in phones["戴强"].last().text
    assert copies(phones["戴强"]) == 0
    assert copies(phones["秦兰"]) == 1


async def test_an_english_editor_is_led_in_english(sandbox: Sandbox, bot: Fund, phones: dict[str, Person]) -> None:
    editor = sandbox.person("Anna", language_code="en")
    await make_staff(bot, editor, CITY_EDITOR)
    await editor.says("/notice")
    await editor.says(TEXT)
    for tap in ("No English", "Households", "All of Suzhou city level", "Confirm: send to 1 person"):
        await editor.taps(tap)
    assert "Sending" in editor.last().text
    assert copies(phones["秦兰"]) == 1


async def test_bold_survives_and_signs_are_text(sandbox: Sandbox, editor: Person, phones: dict[str, Person]) -> None:
    await editor.taps("发通知")
    bold = {"text": "今年的关爱金 <i> & 1 < 2", "entities": [{"type": "bold", "offset": 0, "length": 6}]}
    hands._send(sandbox.telegram, editor.account, editor._chat, bold)
    await sandbox.settled()
    for tap in ("不用英文", "党员", "整个", "确认"):
        await editor.taps(tap)
    arrived = phones["秦兰"].last()
    assert arrived.text.startswith("今年的关爱金 <i> & 1 < 2\n")
    assert arrived.raw["entities"][0] == {"type": "bold", "offset": 0, "length": 6}


async def test_a_picture_goes_with_its_words_and_is_uploaded_once(
    sandbox: Sandbox, editor: Person, phones: dict[str, Person]
) -> None:
    await editor.taps("发通知")
    await editor.sends_photo(b"not looked at", TEXT)
    for tap in ("不用英文", "党员、家庭和学生", "整个", "确认"):
        await editor.taps(tap)
    for name in ("秦兰", "戴强"):
        assert "photo" in phones[name].last().raw
        assert copies(phones[name]) == 1
    assert len({person.last().raw["photo"][-1]["file_unique_id"] for person in (phones["秦兰"], phones["戴强"])}) == 1


async def test_a_picture_without_words_and_words_too_long_for_a_caption(editor: Person) -> None:
    await editor.taps("发通知")
    await editor.sends_photo(b"not looked at")
    assert "要有话说" in editor.last().text
    await editor.sends_photo(b"not looked at", "好" * 1000)
    assert "超出了" in editor.last().text
    await editor.uploads("议程.pdf", b"not looked at", caption=TEXT)
    assert "英文" in editor.last().text


async def test_a_document_goes_with_its_words(editor: Person, phones: dict[str, Person]) -> None:
    await editor.taps("发通知")
    await editor.uploads("议程.pdf", b"not looked at", caption=TEXT)
    for tap in ("不用英文", "党员", "整个"):
        await editor.taps(tap)
    assert "图片和文件里的内容我看不见" in editor.last().text
    await editor.taps("确认")
    assert phones["秦兰"].last().raw["document"]["file_name"] == "议程.pdf"
    assert copies(phones["秦兰"]) == 1


async def test_a_link_behind_a_word_is_stopped(sandbox: Sandbox, editor: Person) -> None:
    await editor.taps("发通知")
    link = {"type": "text_link", "offset": 0, "length": 2, "url": "https://example.com"}
    hands._send(sandbox.telegram, editor.account, editor._chat, {"text": "点我看通知", "entities": [link]})
    await sandbox.settled()
    assert "第 1 行有网址" in editor.last().text


async def test_of_an_album_the_first_picture_goes_and_that_is_said(
    sandbox: Sandbox, editor: Person, phones: dict[str, Person]
) -> None:
    await editor.taps("发通知")
    for caption in (TEXT, ""):
        stored = sandbox.telegram.files.keep(Upload("photo.jpg", b"not looked at"), "photo")
        content = read_file(stored) | {"media_group_id": "7"} | ({"caption": caption} if caption else {})
        hands._send(sandbox.telegram, editor.account, editor._chat, content, file=stored)
        await sandbox.settled()
    assert "只能带一张图片" in editor.last().text
    await editor.sends_photo(b"not looked at", "Aid comes before 1 July.")
    assert "只写英文的话" in editor.last().text
    for tap in ("不用英文", "党员", "整个", "确认"):
        await editor.taps(tap)
    assert copies(phones["秦兰"]) == 1
    assert "photo" in phones["秦兰"].last().raw


async def test_to_nobody_yet_it_may_still_be_set_for_later(editor: Person, cast: Cast) -> None:
    await write(editor, "党员", "整个")
    assert "现在没有人收得到，请换个范围" in editor.last().text
    await editor.taps("定时发")
    await editor.says("明天9点")
    assert "到时候有谁就发给谁" in editor.last().text
    await editor.taps("确认，2012年6月2日 09:00 发")
    assert "定好了" in editor.last().text


async def test_signs_that_nobody_sees_are_not_a_notice(editor: Person) -> None:
    await editor.taps("发通知")
    await editor.says("\u200b\u2060")
    assert "要有话说" in editor.last().text


async def test_a_trial_goes_to_the_editor_alone(editor: Person, phones: dict[str, Person]) -> None:
    await write(editor, "党员", "整个")
    shown = copies(editor)
    await editor.taps("先发给我看看")
    assert copies(editor) == shown + 1
    assert [copies(person) for person in phones.values()] == [0, 0, 0, 0]
    await editor.taps("确认")
    assert copies(phones["秦兰"]) == 1


async def test_a_second_tap_and_a_repeated_one_send_once(bot: Fund, editor: Person, phones: dict[str, Person]) -> None:
    await write(editor, "党员", "整个")
    card = editor.last()
    confirm = next(button.data for button in card.all_buttons() if "确认" in button.label)
    assert confirm
    await asyncio.gather(editor.taps_data(confirm, message=card), editor.taps_data(confirm, message=card))
    await editor.taps_data(confirm, message=card)
    assert copies(phones["秦兰"]) == 1
    made = await bot.ground.db.read(lambda db: db.execute("SELECT count(*) FROM notice").fetchone())
    assert made == (1,)


async def test_an_old_confirm_does_not_disturb_the_next_notice(editor: Person, phones: dict[str, Person]) -> None:
    await write(editor, "党员", "整个")
    card = editor.last()
    confirm = next(button.data for button in card.all_buttons() if "确认" in button.label)
    assert confirm
    await editor.taps_data(confirm, message=card)
    await editor.taps("发通知")
    await editor.taps_data(confirm, message=card)
    assert "已送达：1" in card.text
    await editor.says("下一个通知。")
    assert "英文" in editor.last().text


async def test_the_confirm_of_an_older_preview_is_over(editor: Person, phones: dict[str, Person]) -> None:
    await write(editor, "党员、家庭和学生", "整个")
    old = editor.last()
    confirm = next(button.data for button in old.all_buttons() if "确认" in button.label)
    assert confirm
    await editor.taps("重写")
    await editor.says("今年的关爱金，改过的。")
    await editor.taps("不用英文")
    assert "发给：党员、家庭和学生（苏州市级）" in editor.last().text, "the readers stay"
    await editor.taps("换收件人")
    await editor.taps("受助学生")
    await editor.taps("整个")
    assert "改过的" in editor.chat[-2].text, "the words stay"
    await editor.taps_data(confirm, message=old)
    assert "失效" in editor.last().text
    assert [copies(person) for person in phones.values()] == [0, 0, 0, 0]


async def test_after_the_preview_the_readers_are_settled(editor: Person, phones: dict[str, Person]) -> None:
    await write(editor)
    question = editor.last()
    students = next(button.data for button in question.all_buttons() if button.label == "受助学生")
    assert students
    await editor.taps("党员")
    await editor.taps("整个")
    await editor.taps_data(students, message=question)
    assert "失效" in editor.last().text
    await editor.taps("确认，发给 1 人")
    assert [copies(person) for person in phones.values()] == [1, 0, 0, 0]


@pytest.mark.parametrize("way_out", ["不发了", "/cancel"])
async def test_leaving_sends_nothing(editor: Person, phones: dict[str, Person], way_out: str) -> None:
    await write(editor, "党员", "整个")
    if way_out.startswith("/"):
        await editor.says(way_out)
    else:
        await editor.taps(way_out)
    await editor.says(TEXT)
    assert copies(phones["秦兰"]) == 0


async def test_an_unfit_text_is_refused_with_what_and_where(editor: Person) -> None:
    await editor.taps("发通知")
    for text, said in (
        ("今年的关爱金\n请看 example.com", "第 2 行有网址"),
        ("今年的关爱金，问 19500007353", "第 1 行有电话号码"),
        ("好" * 4090, "超出了"),
    ):
        await editor.says(text)
        assert said in editor.last().text
        assert "19500007353" not in editor.last().text
    await editor.says(TEXT)
    assert "英文" in editor.last().text


async def test_who_blocked_the_bot_is_counted_apart_and_back_when_writing_again(
    editor: Person, phones: dict[str, Person]
) -> None:
    await phones["秦兰"].blocks()
    await write(editor, "党员", "整个")
    assert "会收到：0 人" in editor.last().text
    assert "停用了机器人，收不到：1 人" in editor.last().text
    assert not any("确认" in button.label for button in editor.last().all_buttons())
    await phones["秦兰"].unblocks()
    await phones["秦兰"].says("你好")
    await write(editor, "党员", "整个")
    assert "会收到：1 人" in editor.last().text


async def test_who_is_gone_when_it_is_sent_counts_as_unreachable(editor: Person, phones: dict[str, Person]) -> None:
    await write(editor, "党员、家庭和学生", "整个")
    phones["戴强"].deactivate()
    await editor.taps("确认，发给 2 人")
    await editor.taps("刷新")
    assert "已送达：1" in editor.last().text
    assert "停用或注销，没收到：1" in editor.last().text
    await write(editor, "受助学生", "整个")
    assert "停用了机器人，收不到：1 人" in editor.last().text


async def test_the_result_is_found_again(editor: Person, phones: dict[str, Person]) -> None:
    await write(editor, "党员", "整个")
    await editor.taps("确认")
    await editor.taps("发通知")
    await editor.taps("看发过的通知")
    await editor.taps("6月1日 10:00 党员（苏州市级）")
    assert "已送达：1" in editor.last().text


async def test_a_flood_error_delays_and_doubles_nobody(
    sandbox: Sandbox, editor: Person, phones: dict[str, Person]
) -> None:
    await write(editor, "党员、家庭和学生", "整个")
    sandbox.faults.next("sendMessage", flood(1), chat_id=phones["秦兰"].id)
    await editor.taps("确认")
    await editor.taps("刷新")
    assert "已送达：2" in editor.last().text
    assert [copies(phones[name]) for name in ("秦兰", "戴强")] == [1, 1]


async def test_a_question_is_answered_before_a_notice_to_fifty_is_out(
    sandbox: Sandbox, bot: Fund, stranger: Person
) -> None:
    readers = [sandbox.person(f"人{number}") for number in range(50)]
    for person in readers:
        person._chat.is_open = True
        await bot.accounts.meet(person.id, "zh_CN")

    def queue_notice(db: sqlite3.Connection) -> None:
        content = Content(audience=Audience((Reader.MEMBER,), Place()), text_zh=TEXT, text_en=None)
        notice_id = notices.add(db, "to-fifty", content, None, bot.ground.now(), alone_at_most=50)
        for person in readers:
            add_copy(db, notice_id, person.id)
        notice_runs.add_step(db, "to-fifty", notice_id, Step.STARTED, None, bot.ground.now())

    await bot.ground.db.write(queue_notice)
    bot.ground.bell.ring()
    await stranger.says("/start")
    order = [int(str(send.chat_id)) for send in sandbox.sends]
    assert sorted(chat for chat in order if chat != stranger.id) == [person.id for person in readers]
    assert order.index(stranger.id) < 25


async def test_a_stranger_and_a_member_are_not_let_in(stranger: Person, phones: dict[str, Person]) -> None:
    for person in (stranger, phones["何静"]):
        await person.says("/notice")
        assert "请把通知" not in person.last().text
        await person.taps_data("notice:send::made-up", message=person.last())
        assert "没有可以给您看的内容" in person.last().text


async def test_another_funds_editor_reaches_the_own_fund_only(
    sandbox: Sandbox, bot: Fund, editor: Person, phones: dict[str, Person]
) -> None:
    await write(editor, "党员", "整个")
    await editor.taps("确认")
    other = sandbox.person("常熟编辑")
    await make_staff(bot, other, Right(Role.NOTICE_EDITOR, "changshu"))
    await other.taps("发通知")
    await other.taps_data("notices:card:1", message=other.last())
    assert "没有可以给您看的内容" in other.last().text
    await other.says(TEXT)
    await other.taps("不用英文")
    question = other.last()
    request_id = next(button.data for button in question.all_buttons() if button.data).rpartition(":")[2]
    await other.taps_data(f"notice:whom:household:{request_id}", message=question)
    assert "会收到：1 人" in other.last().text
    for place in ("city", "city.吴中区", "b1", ""):
        await write(other)
        question = other.last()
        request_id = next(button.data for button in question.all_buttons() if button.data).rpartition(":")[2]
        await other.taps_data(f"notice:place:{place}:{request_id}", message=question)
        assert "失效" in other.last().text
        await other.taps_data(f"notice:whom:member:{request_id}", message=question)
        await other.taps_data(f"notice:place:{place}:{request_id}", message=question)
        assert "没有可以给您看的内容" in other.last().text
    assert [copies(person) for person in phones.values()] == [1, 0, 0, 0]

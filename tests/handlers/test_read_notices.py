"""Who was linked after a notice went out is offered it, and whoever asks for the latest gets those for them alone."""

from __future__ import annotations

import pytest

from carefund_bot.access import OPERATOR, Right, Role
from carefund_bot.fund import Fund
from sandbox import Person, Sandbox
from tests.cast import DAI, GUO, HE, QIN, Cast, link, make_staff
from tests.conftest import TurnableClock
from tests.handlers.notices import CITY_EDITOR, TEXT, copies, data_of, write

HOUSEHOLDS = ("受助家庭", "整个")


pytestmark = pytest.mark.usefixtures("screens")


@pytest.fixture
async def editor(sandbox: Sandbox, bot: Fund, cast: Cast) -> Person:
    phone = sandbox.person("编辑")
    await make_staff(bot, phone, CITY_EDITOR)
    return phone


async def send(editor: Person, *taps: str, text: str = TEXT, english: str | None = None) -> None:
    """Write it and let it go."""
    await write(editor, *taps, text=text, english=english)
    await editor.taps("确认")


@pytest.fixture
async def dai(sandbox: Sandbox, bot: Fund, cast: Cast) -> Person:
    """A linked student, so that a notice to all has a reader."""
    person = sandbox.person("戴强")
    await link(bot, person, "beneficiary", cast.beneficiaries[DAI])
    return person


async def test_who_links_later_is_offered_it_after_the_first_answer(
    sandbox: Sandbox, bot: Fund, editor: Person, dai: Person, cast: Cast
) -> None:
    await send(editor, "党员、家庭和学生", "整个")
    guo = sandbox.person("郭明")
    await link(bot, guo, "beneficiary", cast.beneficiaries[GUO])
    answer, offer = guo.chat[-2:]
    assert "今年的名册上有您" in answer.text
    assert [button.label for button in offer.all_buttons()] == ["最近的通知"]
    assert copies(guo) == 0
    await guo.taps("最近的通知")
    assert guo.last().text.startswith("6月1日 发的通知\n各位好，今年的关爱金")
    assert "—— 党员关爱基金（苏州市级），电话 0512-0000-1234" in guo.last().text
    queued = await bot.ground.db.read(
        lambda db: db.execute("SELECT count(*) FROM outbox WHERE user_id = ?", (guo.id,)).fetchone()
    )
    assert queued == (0,), "it is a reply, not a delivery"


async def test_who_has_it_is_not_offered_it(
    sandbox: Sandbox, bot: Fund, editor: Person, dai: Person, cast: Cast
) -> None:
    qin = sandbox.person("秦兰")
    await link(bot, qin, "member", cast.members[QIN])
    await send(editor, "党员、家庭和学生", "整个")
    await link(bot, qin, "beneficiary", cast.beneficiaries[GUO])
    assert "最近的通知" not in [button.label for message in qin.chat for button in message.all_buttons()]
    await qin.says("最近有什么通知")
    assert copies(qin) == 2


async def test_nothing_of_anybody_elses_is_shown(
    sandbox: Sandbox, bot: Fund, editor: Person, dai: Person, cast: Cast, clock: TurnableClock
) -> None:
    open_editor = sandbox.person("市编辑")
    await make_staff(bot, open_editor, Right(Role.NOTICE_EDITOR))
    await link(bot, sandbox.person("郭明"), "beneficiary", cast.beneficiaries[GUO])
    he = sandbox.person("何静")
    await link(bot, he, "member", cast.members[HE])
    await send(editor, *HOUSEHOLDS, text="给家庭的话。")
    await send(editor, "受助学生", "整个", text="给学生的话。")
    await send(editor, "党员、家庭和学生", "整个", text="给市级的话。")
    await send(open_editor, "党员", "六个基金全部", text="给六家党员的话。")
    qin = sandbox.person("秦兰")
    await link(bot, qin, "member", cast.members[QIN])
    await qin.says("/latest")
    heard = "".join(message.text for message in qin.chat)
    assert "给六家党员的话" in heard
    assert "给市级的话" in heard
    assert "给家庭的话" not in heard
    assert "给学生的话" not in heard
    await he.says("/latest")
    heard = "".join(message.text for message in he.chat)
    assert "给六家党员的话" in heard
    assert "给市级的话" not in heard


async def test_a_stranger_and_a_clerk_are_shown_none(
    sandbox: Sandbox, editor: Person, dai: Person, stranger: Person
) -> None:
    await send(editor, "党员、家庭和学生", "整个")
    for person in (stranger, editor):
        before = copies(person)
        await person.says("/latest")
        await person.taps_data("board:show", message=person.last())
        await person.taps_data("board:earlier:99", message=person.last())
        assert copies(person) == before


async def test_three_at_a_time_newest_first_and_then_the_earlier_ones(
    editor: Person, dai: Person, clock: TurnableClock
) -> None:
    for number in "一二三四":
        await send(editor, "受助学生", "整个", text=f"第{number}次通知。")
        clock.forward(days=1)
    heard = len(dai.chat)
    await dai.says("最近有什么通知？")
    shown = [message.text.splitlines()[:2] for message in dai.chat[heard + 1 :]]
    assert shown == [
        ["6月4日 发的通知", "第四次通知。"],
        ["6月3日 发的通知", "第三次通知。"],
        ["6月2日 发的通知", "第二次通知。"],
    ]
    earlier = data_of(dai, "更早的")
    await dai.taps("更早的")
    assert dai.last().text.startswith("6月1日 发的通知\n第一次通知。")
    assert not list(dai.last().all_buttons())
    clock.forward(days=29)
    await dai.taps_data(earlier, message=dai.last())
    assert "没有更早的了" in dai.last().text


async def test_what_is_over_is_not_shown(editor: Person, dai: Person, clock: TurnableClock) -> None:
    await send(editor, "受助学生", "整个", text="要收回的话。")
    await editor.says("/notices")
    await editor.taps("6月1日")
    await editor.taps("收回")
    await editor.taps("收回")
    await dai.says("/latest")
    assert "最近 30 天没有给您的通知" in dai.last().text
    await send(editor, "受助学生", "整个", text="还算数的话。")
    clock.forward(days=31)
    await dai.says("/latest")
    assert "最近 30 天没有给您的通知" in dai.last().text


async def test_what_is_taken_back_goes_from_the_phones_of_late_readers_too(
    sandbox: Sandbox, bot: Fund, editor: Person, dai: Person, cast: Cast
) -> None:
    await send(editor, "党员、家庭和学生", "整个")
    guo = sandbox.person("郭明")
    await link(bot, guo, "beneficiary", cast.beneficiaries[GUO])
    await link(bot, guo, "member", cast.members[QIN])
    await guo.taps("最近的通知")
    assert (copies(guo), copies(dai)) == (1, 1)
    await editor.says("/notices")
    await editor.taps("6月1日")
    await editor.taps("收回")
    await editor.taps("收回")
    assert (copies(guo), copies(dai)) == (0, 0)
    await editor.taps("刷新")
    assert "已收回：2" in editor.last().text
    await editor.taps("上门告知")
    for line in ("名册上：3", "手机上收到：0", "收回了：3"):
        assert line in editor.last().text


async def test_a_topic_switched_off_is_not_shown(
    sandbox: Sandbox, bot: Fund, editor: Person, dai: Person, cast: Cast
) -> None:
    await write(editor, "党员、家庭和学生", "整个")
    await editor.taps("改成：基金动态")
    await editor.taps("确认")
    await dai.says("/settings")
    await dai.taps("要哪些通知")
    await dai.taps("不要基金动态")
    await dai.says("/latest")
    assert "最近 30 天没有给您的通知" in dai.last().text


async def test_each_reads_it_in_the_own_language_with_its_picture(
    sandbox: Sandbox, bot: Fund, editor: Person, dai: Person, cast: Cast
) -> None:
    await editor.taps("发通知")
    await editor.sends_photo(b"not looked at", TEXT)
    await editor.says("Aid comes before 1 July.")
    for tap in ("党员、家庭和学生", "整个", "确认"):
        await editor.taps(tap)
    anna = sandbox.person("Anna", language_code="en")
    await link(bot, anna, "beneficiary", cast.beneficiaries[GUO])
    await anna.taps("Latest notices")
    assert anna.last().text.startswith("Notice of 1 Jun\nAid comes before 1 July.")
    assert "photo" in anna.last().raw


async def test_words_that_reply_to_it_become_a_case(
    sandbox: Sandbox, bot: Fund, editor: Person, dai: Person, cast: Cast
) -> None:
    await send(editor, "党员、家庭和学生", "整个")
    guo = sandbox.person("郭明")
    await link(bot, guo, "beneficiary", cast.beneficiaries[GUO])
    await guo.taps("最近的通知")
    await guo.replies(guo.last(), "我家也是七一前吗")
    cases = await bot.ground.db.read(lambda db: db.execute("SELECT kind, notice_id FROM desk_case").fetchall())
    assert cases == [("reply_to_notice", 1)]


async def test_who_has_read_it_need_not_be_visited(
    sandbox: Sandbox, bot: Fund, editor: Person, dai: Person, cast: Cast
) -> None:
    await send(editor, "党员、家庭和学生", "整个")
    guo = sandbox.person("郭明")
    await link(bot, guo, "beneficiary", cast.beneficiaries[GUO])
    await editor.says("/notices")
    await editor.taps("6月1日")
    await editor.taps("上门告知")
    assert "还要上门：2" in editor.last().text
    await guo.taps("最近的通知")
    await guo.says("/latest")
    await editor.says("/notices")
    await editor.taps("6月1日")
    await editor.taps("上门告知")
    for line in ("名册上：3", "手机上收到：2", "后来自己看的：1", "还要上门：1"):
        assert line in editor.last().text


async def test_a_letter_from_the_door_leads_to_the_notice(
    sandbox: Sandbox, bot: Fund, editor: Person, dai: Person, cast: Cast
) -> None:
    await send(editor, "党员、家庭和学生", "整个")
    letters = await bot.letters.write(OPERATOR, 1, await bot.visiting.doors(OPERATOR, 1))
    issued = next(letter.issued for letter in letters if letter.door.number == GUO)
    assert issued is not None
    guo = sandbox.person("郭明")
    await guo.opens_link(issued.start_link("care_bot").partition("?start=")[2])
    await guo.taps("同意")
    await guo.taps("最近的通知")
    assert "各位好，今年的关爱金" in guo.last().text
    assert [door.number for door in await bot.visiting.doors(OPERATOR, 1)] == [QIN]

"""An administrator's phone: a colleague is added, gets a new code, is let go; the chat waits for a second person."""

from __future__ import annotations

import re
import sqlite3

import pytest

from carefund_bot.access import STAFF_ROLES, Right, Role
from carefund_bot.fund import Fund
from carefund_bot.services.linking import CODE_LENGTH
from carefund_bot.settings import Settings
from carefund_bot.store import people
from handlers.staff.manage_staff import FEATURE
from sandbox import Person, Sandbox
from tests.cast import make_staff, write_link
from tests.conftest import TurnableClock
from tests.handlers.restarting import running

pytestmark = pytest.mark.usefixtures("screens")
ADMINISTRATOR, AUDITOR = Right(Role.ADMINISTRATOR, "city"), Right(Role.AUDITOR)


async def adds(phone: Person, name: str, *roles: str, place: str = "整个苏州市级") -> str:
    """The code that came of it."""
    await phone.says("/colleagues")
    await phone.taps("加一位同事")
    await phone.says(name)
    for role in roles:
        await phone.taps(role)
    await phone.taps("选好了")
    await phone.taps(place)
    await phone.taps("加上，发绑定码")
    await phone.taps("复制绑定链接")
    _, _, code = phone.clipboard.partition("?start=")
    assert len(code) == CODE_LENGTH
    return code


async def rights(fund: Fund) -> list[tuple[object, ...]]:
    asked = """
        SELECT staff_id, role, fund, area, EXISTS (SELECT 1 FROM staff_right_end WHERE right_id = staff_right.id)
          FROM staff_right WHERE granted_by IS NOT NULL ORDER BY id
    """
    return await fund.ground.db.read(lambda db: db.execute(asked).fetchall())


async def test_a_colleague_is_added_by_phone_and_begins_after_the_second_person_s_word(
    sandbox: Sandbox, bot: Fund, gu: Person, shen: Person
) -> None:
    ma = sandbox.person("马建国")
    await ma.opens_link(await adds(gu, "马　建国", "经办", "发通知"))
    await ma.taps("同意")
    assert "还差一步" in ma.last().text
    await gu.says("/colleagues")
    await gu.taps("马*国 · 经办、发通知")
    assert "等另一位同事确认" in gu.last().text
    await gu.says("/newcomers")
    await gu.taps("马*国")
    await gu.taps("问过本人，确认")
    assert "要由另一位同事来做" in gu.last().text, "who gave the code and the rights is no second person"
    await shen.taps("看一看")
    assert "绑定码：顾* 发的" in shen.last().text
    await shen.taps("问过本人，确认")
    await ma.taps("开始")
    assert "batches" in ma.commands
    assert {row[1:] for row in await rights(bot)} == {
        ("maker", "city", None, 0),
        ("notice_editor", "city", None, 0),
    }


async def test_the_name_is_shown_masked_and_the_code_once(bot: Fund, gu: Person) -> None:
    code = await adds(gu, "马建国", "复核", place="吴中区")
    said = [message.text for message in gu.chat if message.from_bot]
    assert not [text for text in said if "马建国" in text]
    assert len([text for text in said if re.search(rf"{code[:5]}-{code[5:]}", text)]) == 1
    assert "2012年7月31日" in gu.last().text
    assert [row[1:] for row in await rights(bot)] == [("checker", "city", "吴中区", 0)]


async def test_a_role_is_taken_out_again_and_none_is_not_enough(bot: Fund, gu: Person) -> None:
    await gu.says("加同事")
    await gu.taps("加一位同事")
    await gu.says("马建国")
    assert "选好了" not in str(gu.last().buttons)
    await gu.taps("放款")
    assert "✓ 放款" in str(gu.last().buttons)
    await gu.taps("经办")
    await gu.taps("✓ 放款")
    await gu.taps("选好了")
    await gu.taps("整个苏州市级")
    assert "职责：经办（苏州市级）" in gu.last().text
    assert "放款" not in gu.last().text
    await gu.taps("不加了")
    assert await rights(bot) == []


async def test_stray_words_leave_an_addition_where_it_stands(bot: Fund, gu: Person) -> None:
    await gu.says("加同事")
    await gu.taps("加一位同事")
    await gu.says("马建国")
    for tapped, asked in (("经办", "做什么"), ("选好了", "整个苏州市级"), ("整个苏州市级", "职责：经办（苏州市级）")):
        await gu.taps(tapped)
        hint, again = await gu.says("好的就这样")
        assert "请点一个按钮" in hint.text
        assert asked in f"{again.text}{again.buttons}"
    await gu.taps("加上，发绑定码")
    assert await rights(bot) != []


async def test_what_is_no_name_may_be_typed_again(bot: Fund, gu: Person) -> None:
    await gu.says("/colleagues")
    await gu.taps("加一位同事")
    for said in ("马", "经办 3 号", "!!"):
        await gu.says(said)
        assert "不像一个姓名" in gu.last().text
    await gu.says("马建国")
    assert "马*国 做什么" in gu.last().text


async def test_the_buttons_of_an_addition_are_good_once(bot: Fund, gu: Person) -> None:
    await gu.says("/colleagues")
    await gu.taps("加一位同事")
    await gu.says("马建国")
    roles = gu.last()
    role = next(button.data for button in roles.all_buttons() if button.label == "经办") or ""
    await gu.taps("经办")
    await gu.taps("选好了")
    await gu.taps("整个苏州市级")
    question = gu.last()
    add = next(button.data for button in question.all_buttons() if button.label == "加上，发绑定码") or ""
    await gu.taps_data(role, message=roles)
    assert "已经失效" in gu.last().text
    await gu.taps_data(add, message=question)
    await gu.taps_data(add, message=question)
    assert "已经失效" in gu.last().text
    assert len(await rights(bot)) == 1


async def test_an_end_works_at_once_for_one_role_or_all(sandbox: Sandbox, bot: Fund, gu: Person, shen: Person) -> None:
    ma = sandbox.person("马建国")
    await make_staff(bot, ma, Right(Role.MAKER, "city"), Right(Role.CHECKER, "city"))
    await gu.says("/colleagues")
    await gu.taps("马*国")
    await gu.taps("停掉：复核")
    assert "职责：复核（苏州市级）" in gu.last().text
    assert "经办" not in gu.last().text
    question = gu.last()
    end = next(button.data for button in question.all_buttons() if button.label == "停掉") or ""
    await gu.taps("停掉")
    assert "停了：马*国（复核）" in gu.last().text
    assert "马*国（复核）" in shen.last().text
    assert "经办" not in shen.last().text
    await gu.taps_data(end, message=question)
    assert "已经失效" in gu.last().text
    assert (await bot.accounts.meet(ma.id, "zh_CN")).actor.staff_rights == (Right(Role.MAKER, "city"),)
    await gu.says("/colleagues")
    await gu.taps("马*国")
    await gu.taps("停掉全部职责")
    await gu.taps("不停")
    assert (await bot.accounts.meet(ma.id, "zh_CN")).actor.staff_rights
    await gu.says("/colleagues")
    await gu.taps("马*国")
    await gu.taps("停掉全部职责")
    await gu.taps("停掉")
    assert (await bot.accounts.meet(ma.id, "zh_CN")).actor.is_stranger
    await gu.says("/colleagues")
    assert "马*国" not in str(gu.last().buttons)


async def test_a_new_code_takes_the_old_chat_along_and_waits(
    sandbox: Sandbox, bot: Fund, gu: Person, shen: Person
) -> None:
    ma, elsewhere = sandbox.person("马建国"), sandbox.person("另一个手机")
    await make_staff(bot, ma, Right(Role.CHECKER, "city"))
    await gu.says("/colleagues")
    await gu.taps("马*国")
    await gu.taps("换新绑定码")
    await gu.taps("换新码")
    await gu.taps("复制绑定码")
    await elsewhere.says(gu.clipboard)
    await elsewhere.taps("同意")
    assert "还差一步" in elsewhere.last().text
    assert (await bot.accounts.meet(ma.id, "zh_CN")).actor.is_stranger
    assert "等您确认是本人" in shen.last().text


async def test_nobody_ends_the_own_rights_by_the_card(gu: Person) -> None:
    await gu.says("/colleagues")
    await gu.taps("顾*")
    assert [button.label for button in gu.last().all_buttons()] == ["换新绑定码", "回到名单"]


async def test_an_administrator_sees_and_gives_only_inside_the_own_place(
    sandbox: Sandbox, bot: Fund, gu: Person
) -> None:
    he = sandbox.person("何静")
    staff_id = await make_staff(bot, he, Right(Role.MAKER, "changshu"))
    await gu.says("/colleagues")
    here = gu.last()
    assert "何" not in str(here.buttons)
    for verb in ("look", "renew"):
        await gu.taps_data(f"staff:{verb}:{staff_id}", message=here)
        assert "没有可以给您看的内容" in gu.last().text
    await gu.taps_data(f"staff:end:{staff_id}-0", message=here)
    assert "没有可以给您看的内容" in gu.last().text
    await gu.says("/colleagues")
    await gu.taps("加一位同事")
    await gu.says("马建国")
    await gu.taps("经办")
    await gu.taps("选好了")
    labels = [button.label for button in gu.last().all_buttons()]
    assert "常熟市" not in labels
    request_id = next(button.data for button in gu.last().all_buttons() if "吴中区" in button.label or "")
    assert request_id
    for place in ("changshu", "", "b1", "city.玄武区"):
        await gu.taps_data(f"staff:place:{place}:{request_id.rsplit(':', 1)[1]}", message=gu.last())
        assert "没有可以给您看的内容" in gu.last().text
    assert await rights(bot) == []


async def test_all_six_funds_are_an_open_right_s_to_give(sandbox: Sandbox, bot: Fund) -> None:
    head = sandbox.person("高主任")
    await make_staff(bot, head, Right(Role.ADMINISTRATOR))
    await adds(head, "马建国", "审计", place="六个基金全部")
    await head.says("/colleagues")
    await head.taps("加一位同事")
    await head.says("何静")
    await head.taps("经办")
    await head.taps("选好了")
    await head.taps("常熟市")
    await head.taps("加上，发绑定码")
    assert [row[1:] for row in await rights(bot)] == [("auditor", None, None, 0), ("maker", "changshu", None, 0)]


async def test_an_administrator_who_reads_english(sandbox: Sandbox, bot: Fund) -> None:
    head = sandbox.person("Anna Li")
    head.language_code = "en"
    await make_staff(bot, head, ADMINISTRATOR)
    await head.says("/colleagues")
    assert "1 colleague" in head.last().text
    await head.taps("Add a colleague")
    await head.says("Ma Jianguo")
    await head.taps("checker")
    await head.taps("That is all")
    await head.taps("Wuzhong")
    assert "Please check the name you typed above" in head.last().text
    await head.taps("Add, and give a code")
    assert "another colleague has to confirm it" in head.last().text
    await head.says("/colleagues")
    await head.taps("M********o · checker")
    await head.taps("End all roles")
    await head.taps("End it")
    assert head.last().text == "✅ Ended: M********o (checker)."


async def test_many_colleagues_are_leafed_through(bot: Fund, gu: Person) -> None:
    actor = (await bot.accounts.meet(gu.id, "zh_CN")).actor
    for sign in "甲乙丙丁戊己庚辛壬":
        await bot.staffing.add(actor, f"马{sign}国", [Right(Role.MAKER, "city")])
    await gu.says("/colleagues")
    assert "同事（10 位）" in gu.last().text
    assert len(list(gu.last().all_buttons())) == 8 + 2
    await gu.taps("下一页")
    assert [button.label for button in gu.last().all_buttons()] == ["马*国 · 经办"] * 2 + ["加一位同事"]


@pytest.mark.parametrize("role", [None, *(role for role in STAFF_ROLES if role is not Role.ADMINISTRATOR)])
async def test_a_stranger_and_colleagues_of_other_offices_get_nowhere(
    sandbox: Sandbox, bot: Fund, gu: Person, role: Role | None
) -> None:
    """Whatever they type, and whichever button they bring."""
    phone = sandbox.person("阿牛")
    if role is not None:
        await make_staff(bot, phone, Right(role, "city"))
    before = await rights(bot)
    await phone.says("/colleagues")
    assert "顾" not in phone.last().text
    assert "加一位同事" not in str(phone.last().buttons)
    for verb in FEATURE.buttons:
        await phone.taps_data(f"staff:{verb}:1-0:abc", message=phone.last())
        assert "没有可以给您看的内容" in phone.last().text, verb
    assert await rights(bot) == before
    asked = "SELECT count(*) FROM staff_right_end"
    assert await bot.ground.db.read(lambda db: db.execute(asked).fetchone()) == (0,)


async def test_the_form_outlives_a_restart(sandbox: Sandbox, settings: Settings, clock: TurnableClock) -> None:
    gu = sandbox.person("顾青")
    async with running(sandbox, settings, clock) as fund:
        await make_staff(fund, gu, ADMINISTRATOR)
        await gu.says("/colleagues")
        await gu.taps("加一位同事")
        await gu.says("马建国")
        await gu.taps("经办")
    async with running(sandbox, settings, clock) as fund:
        await gu.taps("选好了")
        await gu.taps("整个苏州市级")
        await gu.taps("加上，发绑定码")
        assert len(await rights(fund)) == 1


async def test_the_same_request_is_the_same_colleague_code_and_end(fund: Fund) -> None:
    """A crash between the deed and its mark repeats the tap."""
    head = await fund.ground.db.write(lambda db: _head(db, fund))
    actor = (await fund.accounts.meet(1, "zh_CN")).actor
    assert actor.staff_id == head
    added = [await fund.staffing.add(actor, "马建国", [Right(Role.MAKER, "city")], "one") for _ in range(2)]
    assert added[0] == added[1]
    renewed = [await fund.staffing.renew_code(actor, added[0].id, "two") for _ in range(2)]
    assert renewed[0] == renewed[1]
    assert renewed[0].code != added[0].code
    ended = [await fund.staffing.end(actor, added[0].id) for _ in range(2)]
    assert ended[0] == ended[1]
    acts = "SELECT act, count(*) FROM audit_event WHERE act LIKE 'staff%' GROUP BY act ORDER BY act"
    assert await fund.ground.db.read(lambda db: db.execute(acts).fetchall()) == [
        ("staff_added", 1),
        ("staff_code_renewed", 1),
        ("staff_ended", 1),
    ]


def _head(db: sqlite3.Connection, fund: Fund) -> int:
    staff_id = people.add_staff(db, fund.ground.sealer.seal("staff", {"name": "高主任"}), 0)
    people.grant(db, staff_id, ADMINISTRATOR, None, 0)
    people.add_account(db, 1, "zh_CN", 0)
    write_link(db, 1, "staff", staff_id)
    return staff_id

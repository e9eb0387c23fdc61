"""Whom a notice did not reach is visited, community by community."""

from __future__ import annotations

import sqlite3

import pytest

from carefund_bot.access import Right, Role
from carefund_bot.fund import Fund
from sandbox import Person, Sandbox
from tests.cast import GUO, QIN, Cast, link, make_staff
from tests.handlers.notices import CITY_EDITOR, data_of, write

pytestmark = pytest.mark.usefixtures("screens")


@pytest.fixture
async def editor(sandbox: Sandbox, bot: Fund, cast: Cast) -> Person:
    """秦兰 is linked; the household 郭明 and the student 戴强 are not."""
    phone = sandbox.person("编辑")
    await make_staff(bot, phone, CITY_EDITOR)
    await link(bot, sandbox.person("秦兰"), "member", cast.members[QIN])
    await write(phone, "党员、家庭和学生", "整个")
    await phone.taps("确认")
    await phone.says("/notices")
    await phone.taps("6月1日")
    return phone


async def test_each_door_is_ticked_once_and_the_rest_stays(editor: Person) -> None:
    await editor.taps("上门告知")
    assert "名册上：3" in editor.last().text
    assert "手机上收到：1" in editor.last().text
    assert "还要上门：2" in editor.last().text
    assert "carefund-bot letters 1 --out letters" in editor.last().text
    await editor.taps("吴中区 南桥街道 菊花社区（1）")
    tick = data_of(editor, "郭*")
    await editor.taps("郭*")
    assert "这里都去过了" in editor.last().text
    await editor.taps_data(tick, message=editor.last())
    await editor.taps("返回")
    assert "已经上门：1" in editor.last().text
    assert "还要上门：1" in editor.last().text


async def test_the_list_and_the_table_hold_masked_names_and_reasons(sandbox: Sandbox, editor: Person) -> None:
    await editor.taps("上门告知")
    for label, ending in (("打印用的名单", ".html"), ("表格", ".csv")):
        await editor.taps(label)
        document = editor.last().raw["document"]
        assert document["file_name"].endswith(ending)
        content = sandbox.telegram.files.by_id[document["file_id"]].content.decode("utf-8-sig")
        assert "郭*" in content
        assert "郭明" not in content
        assert "没绑定" in content
        assert "菊花社区" in content


async def test_in_english(sandbox: Sandbox, bot: Fund, cast: Cast) -> None:
    editor = sandbox.person("Anna", language_code="en")
    await make_staff(bot, editor, CITY_EDITOR)
    await link(bot, sandbox.person("秦兰"), "member", cast.members[QIN])
    await editor.says("/notice")
    await editor.says("今年的关爱金")
    for tap in ("No English", "Members, households", "All of Suzhou city level", "Confirm"):
        await editor.taps(tap)
    await editor.says("/notices")
    await editor.taps("1 Jun")
    await editor.taps("Door to door")
    assert "To visit: 2" in editor.last().text


async def test_another_funds_editor_sees_no_door(sandbox: Sandbox, bot: Fund, editor: Person) -> None:
    other = sandbox.person("常熟编辑")
    await make_staff(bot, other, Right(Role.NOTICE_EDITOR, "changshu"))
    for data in ("show:1", "section:1-0", "tick:1-b1", "sheet:1", "table:1", "tick:1-x1", "show:x"):
        await other.taps_data(f"visits:{data}", message=other.last())
        assert "没有可以给您看的内容" in other.last().text


async def move_in(fund: Fund, *communities: str) -> None:
    """Households like 郭明's, one in each of these communities."""

    def write(db: sqlite3.Connection) -> None:
        for place, community in enumerate(communities):
            (number,) = db.execute(
                "INSERT INTO beneficiary (kind, number) VALUES ('household', ?) RETURNING id", (f"HU2001{place:02}",)
            ).fetchone()
            db.execute(
                """
                INSERT INTO beneficiary_version
                SELECT ?, import_id, standing, fund, area, town, ?, source, determined_on,
                       identity_print, card_print, content_print, sealed
                  FROM beneficiary_version WHERE beneficiary_id = (SELECT id FROM beneficiary WHERE number = ?)
                """,
                (number, community, GUO),
            )

    await fund.ground.db.write(write)


def doors(phone: Person) -> list[str]:
    return [button.label for button in phone.last().all_buttons() if "☐" in button.label]


async def test_a_large_community_is_ticked_page_by_page(bot: Fund, editor: Person) -> None:
    await move_in(bot, *["菊花社区"] * 11)
    await editor.taps("上门告知")
    await editor.taps("菊花社区（12）")
    assert "还有 12 户" in editor.last().text
    assert len(doors(editor)) == 10
    await editor.taps("后面的")
    assert len(doors(editor)) == 2
    await editor.taps("HU200109")
    assert doors(editor) == ["☐ 郭* HU200110"]
    await editor.taps("HU200110")
    assert len(doors(editor)) == 10


async def test_many_communities_are_leafed_through(bot: Fund, editor: Person) -> None:
    await move_in(bot, *(f"第{number:02}社区" for number in range(12)))
    await editor.taps("上门告知")
    assert sum("社区（1）" in button.label for button in editor.last().all_buttons()) == 6
    await editor.taps("后面的")
    await editor.taps("后面的")
    assert not any(button.label == "后面的" for button in editor.last().all_buttons())
    await editor.taps("前面的")
    section = data_of(editor, "第07社区")
    await editor.taps("第07社区")
    await editor.taps("HU200107")
    assert "这里都去过了" in editor.last().text
    await editor.taps_data(section, message=editor.last())
    assert doors(editor) == ["☐ 郭* HU200108"], "the next one has moved up"

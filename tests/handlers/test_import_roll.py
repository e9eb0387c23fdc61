"""A clerk sends a roll: the report, the preview, one tap; nobody else learns that there are rolls."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path

import pytest

from carefund_bot.access import Right, Role
from carefund_bot.files.headers import RollKind
from carefund_bot.fund import Fund
from handlers.staff import import_roll
from handlers.staff.sent_file import DOWNLOAD_LIMIT_BYTES
from sandbox import Person, Sandbox
from tests.cast import CHANGSHU_CLERK, GUO, Cast, link, make_staff
from tests.services.rosters import CLEAN, MESSY, bring_in, on_roll, read_table, versions_left, write_table

MEMBERS, HOUSEHOLDS = RollKind.MEMBERS, RollKind.HOUSEHOLDS
EVERYWHERE = Right(Role.MAKER)


async def clerk(sandbox: Sandbox, bot: Fund, *rights: Right, language: str = "zh-hans") -> Person:
    phone = sandbox.person("小周")
    phone.language_code = language
    await make_staff(bot, phone, *(rights or (EVERYWHERE,)))
    return phone


async def test_the_key_says_which_headers(sandbox: Sandbox, bot: Fund) -> None:
    zhou = await clerk(sandbox, bot)
    await zhou.taps("导入名册")
    assert "党员编号、姓名、基金、区(市)、党委、党支部、手机号" in zhou.last().text
    assert "户编号" in zhou.last().text
    assert "学号" in zhou.last().text


async def test_a_clean_roll_is_previewed_and_confirmed(sandbox: Sandbox, bot: Fund) -> None:
    zhou = await clerk(sandbox, bot)
    await zhou.uploads("党员.csv", CLEAN[MEMBERS].read_bytes())
    assert "党员名册：请核对（120 行）" in zhou.last().text
    assert "新增 120" in zhou.last().text
    assert "苏州市级：新增" in zhou.last().text
    assert await on_roll(bot, MEMBERS) == set()
    await zhou.taps("确认导入")
    assert zhou.last().text == "✅ 党员名册已更新：新增 120，更新 0，不变 0，退出 0。"
    assert len(await on_roll(bot, MEMBERS)) == 120


async def test_a_second_tap_gives_the_same_answer(sandbox: Sandbox, bot: Fund) -> None:
    zhou = await clerk(sandbox, bot)
    (preview,) = await zhou.uploads("党员.csv", CLEAN[MEMBERS].read_bytes())
    data = next(button.data for button in preview.all_buttons() if button.data)
    for _ in range(2):
        await zhou.taps_data(data, message=preview)
        assert "新增 120" in zhou.last().text
    imports = await bot.ground.db.read(lambda db: db.execute("SELECT state FROM roll_import").fetchall())
    assert imports == [("applied",)]


async def test_the_same_file_again_is_said_and_not_asked(sandbox: Sandbox, bot: Fund) -> None:
    zhou = await clerk(sandbox, bot)
    await bring_in(bot, MEMBERS)
    await zhou.uploads("党员.csv", CLEAN[MEMBERS].read_bytes())
    assert zhou.last().text == "党员名册和现在的一模一样（120 行），不用导入，什么也没有动。"
    assert not zhou.last().buttons


async def test_wrong_rows_are_listed_and_nothing_is_taken(sandbox: Sandbox, bot: Fund) -> None:
    zhou = await clerk(sandbox, bot)
    await zhou.uploads("家庭.csv", MESSY[HOUSEHOLDS].read_bytes())
    assert "40 行里有 6 行要改" in zhou.last().text
    assert "第 8 行“社会保障卡号”：卡号和第 7 行一样" in zhou.last().text
    assert not any(row["身份证号"] in zhou.last().text for row in read_table(HOUSEHOLDS))
    assert await on_roll(bot, HOUSEHOLDS) == set()


async def test_many_wrong_rows_come_as_a_table(sandbox: Sandbox, bot: Fund) -> None:
    zhou = await clerk(sandbox, bot, CHANGSHU_CLERK)
    answers = await zhou.uploads("党员.csv", CLEAN[MEMBERS].read_bytes())
    assert "每一行都在下面的文件里" in answers[0].text
    assert answers[0].text.count("不归您这边管") == 5
    assert "第 2、4、6、7、8、10、13、14 等 56 行" in answers[0].text
    document = answers[1].raw["document"]
    assert document["file_name"] == "要改的行.csv"
    stored = sandbox.telegram.files.by_id[document["file_id"]]
    assert stored.content.startswith(b"\xef\xbb\xbf")
    table = list(csv.reader(io.StringIO(stored.content.decode("utf-8-sig"))))
    others = [number for number, row in enumerate(read_table(MEMBERS), 2) if row["基金"] != "常熟市"]
    assert table[0] == ["行", "列", "问题和办法"]
    assert [int(row[0]) for row in table[1:]] == others


async def test_those_missing_leave_or_stay_as_the_clerk_says(sandbox: Sandbox, bot: Fund, tmp_path: Path) -> None:
    zhou = await clerk(sandbox, bot)
    await bring_in(bot, HOUSEHOLDS)
    rows = read_table(HOUSEHOLDS)
    rows[0]["家庭人口"] = "9"
    part = write_table(tmp_path / "part.csv", rows[:78]).read_bytes()
    await zhou.uploads("家庭.csv", part)
    assert "有 2 户现在在册，文件里却没有" in zhou.last().text
    await zhou.taps("只新增和更新")
    assert "更新 1，不变 77，退出 0" in zhou.last().text
    assert len(await on_roll(bot, HOUSEHOLDS)) == 80
    await zhou.uploads("家庭.csv", part)
    await zhou.taps("照名单更新（2 户退出）")
    assert len(await on_roll(bot, HOUSEHOLDS)) == 78


async def test_cancelling_leaves_the_roll_alone(sandbox: Sandbox, bot: Fund) -> None:
    zhou = await clerk(sandbox, bot)
    (preview,) = await zhou.uploads("党员.csv", CLEAN[MEMBERS].read_bytes())
    data = next(button.data for button in preview.all_buttons() if button.data)
    await zhou.taps("先不导入")
    assert zhou.last().text == "好的，党员名册没有导入，名册一点没动。"
    await zhou.taps_data(data, message=preview)
    assert "失效" in zhou.last().text
    assert (await on_roll(bot, MEMBERS), await versions_left(bot)) == (set(), 0)


async def test_an_old_preview_is_void_once_the_act_was_left(sandbox: Sandbox, bot: Fund) -> None:
    zhou = await clerk(sandbox, bot)
    await zhou.uploads("党员.csv", CLEAN[MEMBERS].read_bytes())
    await zhou.says("/cancel")
    await zhou.taps("确认导入")
    assert "失效" in zhou.last().text
    assert await on_roll(bot, MEMBERS) == set()


async def test_the_roll_changed_since_the_preview(sandbox: Sandbox, bot: Fund, tmp_path: Path) -> None:
    zhou = await clerk(sandbox, bot)
    await zhou.uploads("党员.csv", CLEAN[MEMBERS].read_bytes())
    await bring_in(bot, MEMBERS, write_table(tmp_path / "two.csv", read_table(MEMBERS)[:2]))
    await zhou.taps("确认导入")
    assert "请把文件再发一次" in zhou.last().text
    assert len(await on_roll(bot, MEMBERS)) == 2


async def test_files_that_are_no_roll_get_a_kind_sentence(sandbox: Sandbox, bot: Fund) -> None:
    zhou = await clerk(sandbox, bot)
    await zhou.uploads("hello.pdf", b"%PDF-1.4 hello")
    assert "这不是表格" in zhou.last().text
    await zhou.uploads("wrong.csv", "甲,乙\n1,2\n".encode())
    assert "看不出这是哪种名册" in zhou.last().text
    await zhou.uploads("big.csv", b"x" * (DOWNLOAD_LIMIT_BYTES + 1))
    assert "文件太大了" in zhou.last().text


async def test_the_file_is_gone_after_reading(
    sandbox: Sandbox, bot: Fund, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    zhou = await clerk(sandbox, bot)
    await zhou.uploads("党员.csv", CLEAN[MEMBERS].read_bytes())
    await zhou.uploads("家庭.csv", MESSY[HOUSEHOLDS].read_bytes())
    assert not [name for name in os.listdir(tmp_path) if name.startswith("carefund-")]  # noqa: PTH208 - one look, no wait


async def test_a_long_check_tells_how_far_it_is(sandbox: Sandbox, bot: Fund, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_roll, "PROGRESS_EVERY_S", 0.0)
    zhou = await clerk(sandbox, bot)
    await zhou.uploads("党员.csv", CLEAN[MEMBERS].read_bytes())
    assert sandbox.calls["editMessageText"] > 0
    assert not any("正在核对" in message.text for message in zhou.chat)
    assert "请核对" in zhou.last().text


async def test_a_stranger_and_a_household_are_not_told_of_rolls(
    stranger: Person, sandbox: Sandbox, bot: Fund, cast: Cast
) -> None:
    guo = sandbox.person("郭明")
    await link(bot, guo, "beneficiary", cast.beneficiaries[GUO])
    for phone in (stranger, guo):
        for answer in await phone.uploads("党员.csv", CLEAN[MEMBERS].read_bytes()):
            assert "导入" not in answer.text
        assert "导入" not in "".join(label for row in phone.keyboard for label in row)
    states = await bot.ground.db.read(lambda db: db.execute("SELECT count(*) FROM roll_import").fetchone())
    assert states == (3,)


async def test_in_english(sandbox: Sandbox, bot: Fund, tmp_path: Path) -> None:
    zhou = await clerk(sandbox, bot, language="en")
    await zhou.taps("Import a roll")
    assert "Just send the roll's file here" in zhou.last().text
    await zhou.uploads("roll.csv", MESSY[MEMBERS].read_bytes())
    assert "Row 8, “党员编号”: The same number as row 7" in zhou.last().text
    await zhou.uploads("roll.csv", CLEAN[MEMBERS].read_bytes())
    assert "New 120" in zhou.last().text
    await zhou.taps("Confirm the import")
    assert "120 new, 0 changed, 0 unchanged, 0 leaving" in zhou.last().text


async def test_many_rows_with_one_thing_wrong_do_not_drown_the_others(
    sandbox: Sandbox, bot: Fund, tmp_path: Path
) -> None:
    zhou = await clerk(sandbox, bot)
    rows = [row | {"基金": "苏州市"} for row in read_table(MEMBERS)[:20]]
    rows[19]["手机号"] = "123"
    answers = await zhou.uploads("党员.csv", write_table(tmp_path / "members.csv", rows).read_bytes())
    lines = answers[0].text.split("\n")
    assert [line[:40] for line in lines if line.startswith("•")] == [
        "• 第 2、3、4、5、6、7、8、9 等 20 行“基金”：没有这个基金。请从",
        "• 第 21 行“手机号”：不是 11 位手机号。请核对；没有就空着。",
    ]


async def test_a_bank_statement_is_told_where_money_goes_instead(sandbox: Sandbox, bot: Fund) -> None:
    zhou = await clerk(sandbox, bot)
    await zhou.uploads("流水.csv", MESSY[MEMBERS].with_name("bank_statement.csv").read_bytes())
    assert "这是银行流水" in zhou.last().text
    assert "捐款清单" in zhou.last().text

"""Which step an update comes to: old and forged buttons, words with a full stop, commands nobody knows."""

from __future__ import annotations

from pathlib import Path

import pytest

from carefund_bot.access import STAFF_ROLES, Right, Role
from carefund_bot.fund import Fund
from carefund_bot.texts.visiting import section_label
from carefund_bot.texts.words import words_in
from handlers import FEATURES
from handlers.feature import button
from sandbox import Sandbox
from sandbox.faults import Fault
from tests.cast import GUO, QIN, Cast, link, make_staff
from tests.conftest import TurnableClock


@pytest.mark.parametrize("data", ["reverse:open", "record:open", "record:list", "code:another", "pledge:open"])
async def test_a_forged_button_opens_nothing_that_is_not_the_speaker_s(
    sandbox: Sandbox, bot: Fund, cast: Cast, data: str
) -> None:
    guo = sandbox.person("郭明")
    await link(bot, guo, "beneficiary", cast.beneficiaries[GUO])
    await guo.taps_data(data, message=guo.last())
    assert "没有可以给您看的内容" in guo.last().text
    assert await bot.ground.db.read(lambda db: db.execute("SELECT * FROM conversation").fetchall()) == []


@pytest.mark.parametrize("argument", ["", "x", "-1", "²", "1-x", "9" * 18, "9" * 19, "9" * 40])
async def test_no_forged_button_is_a_malfunction(sandbox: Sandbox, bot: Fund, cast: Cast, argument: str) -> None:
    anyone = sandbox.person("秦兰")
    await link(bot, anyone, "member", cast.members[QIN])
    await link(bot, anyone, "beneficiary", cast.beneficiaries[GUO])
    await make_staff(bot, anyone, *(Right(role) for role in STAFF_ROLES))
    for pressed in (f"{feature.name}:{verb}" for feature in FEATURES for verb in feature.buttons):
        await anyone.taps_data(f"{pressed}:{argument}:no-such-request", message=anyone.last())
    traces = await bot.ground.db.read(lambda db: db.execute("SELECT trace FROM inbox WHERE trace NOTNULL").fetchall())
    assert traces == []


@pytest.mark.parametrize(("phrase", "act"), [("新建批次", "newbatch"), ("退回", "payline"), ("登记", "record")])
async def test_a_button_forged_ahead_of_its_step_is_stale(
    sandbox: Sandbox, bot: Fund, cast: Cast, phrase: str, act: str
) -> None:
    """The one-use id is right, only the step is not there yet."""
    clerk = sandbox.person("经办")
    await make_staff(bot, clerk, Right(Role.MAKER))
    verbs = next(feature.buttons for feature in FEATURES if feature.name == act)
    for verb in verbs:
        for argument in ("", "household", "paid", "returned", "closed", "today", "cash"):
            await clerk.says(phrase)
            found = await bot.accounts.meet(clerk.id, "zh_CN")
            assert found.conversation
            assert found.conversation.act == act
            forged = f"{act}:{verb}:{argument}:{found.conversation.facts['request_id']}"
            await clerk.taps_data(forged, message=clerk.last())
    traces = await bot.ground.db.read(lambda db: db.execute("SELECT trace FROM inbox WHERE trace NOTNULL").fetchall())
    assert traces == []


@pytest.mark.parametrize(
    "words", ["取消", "取消。", "取消！", "算了吧", "不捐了", "退出", "Cancel.", "stop", "/cancel"]
)
async def test_stopping_is_understood_as_people_say_it(sandbox: Sandbox, bot: Fund, cast: Cast, words: str) -> None:
    qin = sandbox.person("秦兰")
    await link(bot, qin, "member", cast.members[QIN])
    await qin.says("认捐。")
    await qin.says(words)
    assert "停下了" in qin.last().text


@pytest.mark.parametrize(
    ("words", "opens"),
    [
        ("/privacy", True),
        ("/Privacy", True),
        ("/privacy please", True),
        ("/privacy@{bot}", True),
        ("/privacy@another_bot", False),
        ("/privacy_", False),
        ("about /privacy", False),
    ],
)
async def test_a_command_is_known_at_the_beginning_in_any_case_and_said_to_us(
    sandbox: Sandbox, bot: Fund, words: str, *, opens: bool
) -> None:
    anyone = sandbox.person("阿牛")
    (meant,) = await anyone.says("/privacy")
    answers = await anyone.says(words.format(bot=sandbox.telegram.profile.username))
    assert [answer.text == meant.text for answer in answers] == [opens]


async def test_a_command_that_nobody_knows_is_no_answer_to_a_question(sandbox: Sandbox, bot: Fund, cast: Cast) -> None:
    editor = sandbox.person("编辑")
    await make_staff(bot, editor, Right(Role.NOTICE_EDITOR, "city"))
    await editor.says("/notice")
    await editor.says("/halp")
    assert "/help" in editor.last().text
    await editor.says("大家好，今天开会。")
    assert "还要英文的吗" in editor.last().text


@pytest.mark.parametrize("before", ["number of a gift", "total of a list"])
async def test_a_roll_is_known_as_one_while_a_gift_is_written_down(
    sandbox: Sandbox, bot: Fund, clock: TurnableClock, before: str
) -> None:
    samples = Path("demo/samples/clean")
    clock.forward(days=17)
    clerk = sandbox.person("经办")
    await make_staff(bot, clerk, Right(Role.MAKER))
    await clerk.uploads("members.csv", (samples / "members.csv").read_bytes())
    await clerk.taps("导入")
    if before == "number of a gift":
        await clerk.says("登记捐款")
    else:
        await clerk.uploads("gifts.csv", (samples / "branch_remittance.csv").read_bytes())
        assert "合计" in clerk.last().text
    await clerk.uploads("households.csv", (samples / "households.csv").read_bytes())
    assert "家庭名册：请核对" in clerk.last().text


async def test_a_file_that_telegram_does_not_hand_out_is_asked_for_again(sandbox: Sandbox, bot: Fund) -> None:
    clerk = sandbox.person("经办")
    await make_staff(bot, clerk, Right(Role.MAKER))
    sandbox.faults.next("getFile", Fault("status", 400))
    await clerk.uploads("members.csv", b"anything")
    assert "打不开" in clerk.last().text


def test_a_button_shows_words_as_they_were_written() -> None:
    """Facts are escaped for messages; on a button only we can undo that."""
    label = section_label(words_in("zh_CN"), ("吴中区", "甲&乙 <新村>", 3))
    assert button(label, "visits", "open").text == "吴中区 甲&乙 <新村>（3）"

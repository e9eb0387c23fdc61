"""Stray words where a button is waited for: the form stands, says so, and shows its buttons again."""

from __future__ import annotations

import pytest_asyncio

from carefund_bot.access import STAFF_ROLES, Right, Role
from carefund_bot.files.headers import RollKind
from carefund_bot.fund import Fund
from sandbox import Person, Sandbox
from tests.cast import GUO, GUO_CARD, QIN, Cast, code_for, link, make_staff
from tests.handlers.notices import TEXT, copies
from tests.payouts import write_batch
from tests.services.rosters import CLEAN, on_roll

TAP = "请点一个按钮；不办了就发 /cancel。"


@pytest_asyncio.fixture
async def clerk(sandbox: Sandbox, reader: Fund, brisk_letters: None) -> Person:
    """Somebody who may do everything."""
    person = sandbox.person("经办")
    await make_staff(reader, person, *(Right(role, "city") for role in STAFF_ROLES))
    return person


@pytest_asyncio.fixture
async def importer(sandbox: Sandbox, reader: Fund) -> Person:
    """A clerk for all six funds: the sample rolls hold them all."""
    person = sandbox.person("小周")
    await make_staff(reader, person, Right(Role.MAKER))
    return person


def first_label(person: Person) -> str:
    return next(person.last().all_buttons()).label


async def strays(person: Person, *words: str) -> None:
    """Says what is no answer: one plain line, then the same buttons as before, in a new message."""
    before = [button.label for button in person.last().all_buttons()]
    assert before
    for said in words:
        await person.says(said)
        assert person.chat[-2].text == TAP, said
        assert [button.label for button in person.last().all_buttons()] == before


async def test_a_notice_outlives_stray_words_at_every_step(
    sandbox: Sandbox, reader: Fund, clerk: Person, cast: Cast
) -> None:
    guo = sandbox.person("郭明")
    await link(reader, guo, "beneficiary", cast.beneficiaries[GUO])
    await clerk.taps("发通知")
    await clerk.says(TEXT)
    await clerk.taps("不用英文")
    await strays(clerk, "发给家庭")
    await clerk.taps("受助家庭")
    await strays(clerk, "全市的")
    await clerk.taps("整个")
    first = clerk.last()
    await strays(clerk, "6月20日八点", "好的发吧")
    await clerk.taps("确认，发给 1 人", message=first)
    assert copies(guo) == 1


async def test_the_place_is_asked_again_as_far_as_it_was(sandbox: Sandbox, reader: Fund, cast: Cast) -> None:
    editor = sandbox.person("市编辑")
    await make_staff(reader, editor, *(Right(role) for role in STAFF_ROLES))
    await editor.taps("发通知")
    await editor.says(TEXT)
    await editor.taps("不用英文")
    await editor.taps("受助家庭")
    await strays(editor, "市里的")
    await editor.taps("苏州市级")
    await strays(editor, "吴中那边的")
    await editor.taps("吴中区")
    assert "发给：受助家庭（吴中区" in editor.last().text


async def test_a_batch_outlives_stray_words(clerk: Person, cast: Cast) -> None:
    await clerk.says("新建批次")
    await strays(clerk, "给家庭的")
    await clerk.taps("家庭")
    await clerk.says("1280")
    await clerk.says("6月25日")
    await strays(clerk, "好的建吧", "这样弄好不好嘛")
    await clerk.taps("建这一批")
    assert "待复核" in clerk.last().text
    await clerk.says("/batches")
    await clerk.taps("2012")
    await clerk.taps("退回，不发这一批")
    await strays(clerk, "对，不发了")
    await clerk.taps("先不")
    await clerk.says("对，不发了")
    assert TAP not in clerk.chat[-2].text


async def test_a_payment_that_came_back_outlives_stray_words(reader: Fund, clerk: Person, cast: Cast) -> None:
    await write_batch(reader, cast.beneficiaries[GUO], "planned", "approved", "instructed")
    await clerk.says("退回")
    await clerk.says(GUO)
    await strays(clerk, "退回来了")
    await clerk.taps("银行退回")
    await strays(clerk, "卡号错了")
    await clerk.taps("户名不符")
    await strays(clerk, "是的")
    await clerk.taps("确认")
    assert "退回" in clerk.last().text
    assert "失效" not in clerk.last().text


async def test_a_roll_outlives_small_talk(reader: Fund, importer: Person) -> None:
    await importer.uploads("党员.csv", CLEAN[RollKind.MEMBERS].read_bytes())
    preview = importer.last().text
    await strays(importer, "辛苦了", "今天天气不错")
    assert importer.last().text == preview
    await importer.taps("确认导入")
    assert len(await on_roll(reader, RollKind.MEMBERS)) == 120
    await importer.says("辛苦了")
    assert TAP not in importer.chat[-2].text


async def test_a_roll_that_somebody_dropped_meanwhile_is_not_asked_for_for_ever(reader: Fund, importer: Person) -> None:
    await importer.uploads("党员.csv", CLEAN[RollKind.MEMBERS].read_bytes())
    await reader.ground.db.write(lambda db: db.execute("UPDATE roll_import SET state = 'cancelled'"))
    await importer.says("辛苦了")
    assert "失效" in importer.last().text
    await importer.says("辛苦了")
    assert "失效" not in importer.last().text


async def test_a_reversal_outlives_stray_words(clerk: Person, cast: Cast) -> None:
    await clerk.taps("登记捐款")
    await clerk.says(QIN)
    await clerk.says("300")
    await clerk.taps("今天")
    await strays(clerk, "付钱的")
    await clerk.taps("转账")
    await strays(clerk, "对的")
    await clerk.taps("确认入账")
    await clerk.taps("冲正")
    await strays(clerk, "弄错了")
    await clerk.taps(first_label(clerk))
    await strays(clerk, "好的冲吧")


async def test_an_answer_and_a_change_outlive_stray_words(
    sandbox: Sandbox, reader: Fund, clerk: Person, cast: Cast
) -> None:
    guo = sandbox.person("郭明")
    await link(reader, guo, "beneficiary", cast.beneficiaries[GUO])
    await guo.says("换卡了")
    await guo.taps("换了卡")
    await guo.taps("交给工作人员")
    await clerk.taps("打开")
    await clerk.taps("我来办")
    await clerk.taps("答复")
    await clerk.says("请带身份证来办公室。")
    await strays(clerk, "好的，发吧")
    await clerk.taps("发给对方")
    assert "请带身份证来办公室。" in guo.last().text
    await clerk.taps("登记变更")
    await strays(clerk, "换卡的")
    await clerk.taps("换收款卡")
    await strays(clerk, "看过了")
    await clerk.taps("本人身份证")
    await clerk.says(GUO_CARD[-4:])
    await strays(clerk, "没错")
    await clerk.taps("交去复核")
    assert "变更 1" in clerk.last().text


async def test_an_answer_of_the_fund_outlives_stray_words(clerk: Person) -> None:
    await clerk.taps("常见问答")
    await clerk.taps("写一条")
    await strays(clerk, "新的那种")
    await clerk.taps("认捐")
    await strays(clerk, "大家都能看")
    await clerk.taps(first_label(clerk))
    await clerk.says("去哪里交？\n交给党支部就行。")
    await clerk.taps("不用英文")
    await clerk.taps(first_label(clerk))
    await clerk.taps(first_label(clerk))
    await strays(clerk, "好的")
    await clerk.taps("同事")


async def test_a_member_and_a_stranger_are_asked_again_too(sandbox: Sandbox, reader: Fund, cast: Cast) -> None:
    qin = sandbox.person("秦兰")
    await qin.says(await code_for(reader, "member", cast.members[QIN]))
    await strays(qin, "嗯嗯")
    await qin.taps("同意并绑定")
    await qin.taps("我要认捐")
    await qin.says("每月50")
    await qin.taps("不限次数")
    await qin.taps("确认")
    await qin.taps("我的认捐")
    await qin.taps("每月")
    await qin.taps("停")
    await strays(qin, "嗯嗯")
    await qin.says("/cancel")
    await qin.says("/settings")
    await qin.taps("解除绑定")
    await strays(qin, "嗯嗯")
    await qin.taps("不解除")


async def test_a_clear_question_in_between_is_answered_and_the_form_waits(reader: Fund, importer: Person) -> None:
    await importer.uploads("党员.csv", CLEAN[RollKind.MEMBERS].read_bytes())
    await importer.says("怎么换成英文")
    assert "English" in str([button.label for button in importer.chat[-2].all_buttons()])
    await importer.taps("接着办")
    assert "请核对" in importer.last().text
    await importer.taps("确认导入")
    assert len(await on_roll(reader, RollKind.MEMBERS)) == 120


async def test_a_file_is_read_beside_a_form_and_beside_guesses(reader: Fund, importer: Person) -> None:
    await importer.says("这样弄好不好嘛")
    await importer.uploads("党员.csv", CLEAN[RollKind.MEMBERS].read_bytes())
    assert "党员名册：请核对" in importer.last().text
    await importer.taps("确认导入")
    await importer.says("新建批次")
    await importer.uploads("家庭.csv", CLEAN[RollKind.HOUSEHOLDS].read_bytes())
    assert "家庭名册：请核对" in importer.last().text
    await importer.taps("确认导入")
    await importer.taps("接着办")
    assert [button.label for button in importer.last().all_buttons()][:1] == ["苏州市级"]


PHOTO = b"\xff\xd8\xff\xe0 a photo"


async def test_a_photo_or_a_code_beside_guesses_is_taken_for_what_it_is(
    sandbox: Sandbox, reader: Fund, cast: Cast
) -> None:
    guo = sandbox.person("郭明")
    await link(reader, guo, "beneficiary", cast.beneficiaries[GUO])
    await guo.says("那个事情后来怎么说")
    await guo.sends_photo(PHOTO)
    assert "照片" in guo.last().text
    await guo.says("/cancel")
    await guo.says("那个事情后来怎么说")
    await guo.says(await code_for(reader, "member", cast.members[QIN]))
    assert "同意就点一下" in guo.last().text


async def test_a_photo_where_a_button_is_waited_for_is_a_stray_word(clerk: Person) -> None:
    await clerk.says("新建批次")
    await clerk.sends_photo(PHOTO)
    assert clerk.chat[-2].text == TAP
    await clerk.taps("家庭")
    assert "失效" not in clerk.last().text

"""What is no plain message: a picture, a voice, a sticker, a place, a file, words passed on, words changed."""

from __future__ import annotations

import pytest_asyncio

from carefund_bot.fund import Fund
from sandbox import Person, Sandbox
from tests.cast import CITY_CLERK, GUO, Cast, link, make_staff


@pytest_asyncio.fixture
async def guo(sandbox: Sandbox, bot: Fund, cast: Cast) -> Person:
    person = sandbox.person("郭明")
    await link(bot, person, "beneficiary", cast.beneficiaries[GUO])
    return person


async def test_a_photo_with_a_sentence_is_a_question_with_its_photo(sandbox: Sandbox, bot: Fund, guo: Person) -> None:
    lu = sandbox.person("陆经办")
    await make_staff(bot, lu, CITY_CLERK)
    await guo.sends_photo(b"\xff\xd8\xff\xe0 a photo", "这张单子是真的吗")
    assert "编号 1" in guo.last().text
    await lu.taps("打开")
    assert "单子是真的吗" in lu.last().text
    await lu.taps("看照片")
    assert lu.last().file is not None


async def test_what_cannot_be_read_is_said_kindly(guo: Person) -> None:
    await guo.uploads("证明.pdf", b"%PDF-1.4")
    assert "拍张照片" in guo.last().text
    await guo.shares_location()
    assert "看不了" in guo.last().text
    await guo.shares_contact("+8619500000001")
    assert "看不了" in guo.last().text
    await guo.sends_sticker()
    assert guo.last().text == "好的，有事随时说。"
    await guo.sends_voice()
    assert "语音我还听不懂" in guo.last().text


async def test_a_strangers_sticker_is_met_at_the_door(stranger: Person) -> None:
    await stranger.sends_sticker()
    assert "绑定码" in stranger.last().text


async def test_words_passed_on_are_not_the_speakers_own(bot: Fund, guo: Person) -> None:
    await guo.forwards("您的补助已到账，请点 www.example.com 领取，先交手续费")
    assert "转发来的话" in guo.last().text
    assert "从不收费" in guo.last().text
    await guo.taps("转给工作人员")
    assert "编号 1" in guo.last().text
    await guo.forwards("没收到")
    assert "转发来的话" not in guo.last().text, "a plain phrase is a phrase, whoever wrote it"


async def test_a_changed_message_is_not_done_again(bot: Fund, guo: Person) -> None:
    await guo.says("/ask")
    written = guo.chat[-2]
    assert not written.from_bot
    await guo.edits(written, "/cancel")
    assert "重新发一条" in guo.last().text
    await guo.says("什么时候发？")
    assert "编号 1" in guo.last().text, "the question went on waiting"


async def test_distress_in_a_changed_message_is_heard(guo: Person) -> None:
    await guo.says("你好")
    await guo.edits(next(message for message in reversed(guo.chat) if not message.from_bot), "我不想活了")
    assert "12356" in guo.last().text

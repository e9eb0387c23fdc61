"""A python-telegram-bot Application lives on the sandbox as it lives on Telegram."""

from collections.abc import AsyncIterator

import pytest

from sandbox import Sandbox
from tests.sandbox.little_bot import running


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox() as sandbox, running(sandbox):
        yield sandbox


async def test_a_start_link_and_a_tap(sandbox: Sandbox) -> None:
    wang = sandbox.person("王芳")
    [greeting] = await wang.opens_link("CODE-1")
    assert greeting.text == "您好,['CODE-1']"
    assert [[button.label for button in row] for row in greeting.buttons] == [["确认", "取消"]]
    assert await wang.taps("确认") == [greeting]
    assert greeting.text == "已选 confirm"
    assert greeting.edited
    assert wang.toasts == ["收到"]


async def test_an_old_button_can_still_be_pressed(sandbox: Sandbox) -> None:
    wang = sandbox.person("王芳")
    [greeting] = await wang.says("/start")
    await wang.taps("取消")
    with pytest.raises(LookupError, match=r"no button '取消'"):
        await wang.taps("取消")
    await wang.taps_data("confirm", message=greeting)
    assert wang.last().text == "已选 confirm"


async def test_the_reply_keyboard_sends_its_words(sandbox: Sandbox) -> None:
    wang = sandbox.person("王芳")
    await wang.says("随便")
    assert wang.keyboard == [["我的认捐", "帮助"]]
    [answer] = await wang.taps("我的认捐")
    assert answer.text == "我的认捐"
    with pytest.raises(LookupError, match=r"visible: .*帮助"):
        await wang.taps("没有")


async def test_a_file_goes_up_and_comes_back(sandbox: Sandbox) -> None:
    wang = sandbox.person("王芳")
    [answer] = await wang.uploads("名册.csv", b"a,b", caption="请导入")
    assert answer.document
    assert (answer.document.name, answer.document.content) == ("回执.csv", b"a,b!")
    assert answer.text == "请查收"


async def test_two_people_hear_only_their_own_answers(sandbox: Sandbox) -> None:
    wang, li = sandbox.person("王芳"), sandbox.person("李强")
    await wang.says("一")
    await li.says("二")
    assert [message.text for message in wang.chat] == ["一", "一"]
    assert [message.text for message in li.chat] == ["二", "二"]
    assert sandbox.person("王芳") is wang

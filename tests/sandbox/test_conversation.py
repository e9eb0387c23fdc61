"""A python-telegram-bot Application lives on the sandbox as it lives on Telegram."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, ReplyKeyboardMarkup, Update
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, ContextTypes, MessageHandler, filters

from sandbox import Sandbox

Bot = Application[Any, Any, Any, Any, Any, Any]


async def greet(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.effective_message
    buttons = [
        [InlineKeyboardButton("确认", callback_data="confirm"), InlineKeyboardButton("取消", callback_data="no")]
    ]
    await update.effective_message.reply_html(
        f"您好,<b>{context.args or '陌生人'}</b>",
        reply_markup=InlineKeyboardMarkup(buttons),
    )


async def confirm(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.callback_query
    await update.callback_query.answer("收到")
    await update.callback_query.edit_message_text(f"已选 {update.callback_query.data}")


async def send_back(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.message
    assert update.message.document
    file = await update.message.document.get_file()
    content = bytes(await file.download_as_bytearray())
    await update.message.reply_document(content + b"!", filename="回执.csv", caption="请查收")


async def offer(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.message
    assert update.message.text
    await update.message.reply_text(update.message.text, reply_markup=ReplyKeyboardMarkup([["我的认捐", "帮助"]]))


@asynccontextmanager
async def running(sandbox: Sandbox) -> AsyncIterator[Bot]:
    bot: Bot = (
        Application.builder()
        .token(sandbox.token)
        .base_url(f"{sandbox.url}/bot")
        .base_file_url(f"{sandbox.url}/file/bot")
        .build()
    )
    bot.add_handler(CommandHandler("start", greet))
    bot.add_handler(CallbackQueryHandler(confirm))
    bot.add_handler(MessageHandler(filters.Document.ALL, send_back))
    bot.add_handler(MessageHandler(filters.TEXT, offer))
    async with bot:
        assert bot.updater
        await bot.updater.start_polling(allowed_updates=Update.ALL_TYPES)
        await bot.start()
        yield bot
        await bot.updater.stop()
        await bot.stop()


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

"""A small real bot: greets, confirms, sends files back, offers a keyboard."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

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
    sandbox.busy_checks.append(lambda: bot.update_queue.qsize() + bot.update_processor.current_concurrent_updates > 0)
    async with bot:
        assert bot.updater
        await bot.updater.start_polling(allowed_updates=Update.ALL_TYPES)
        await bot.start()
        yield bot
        await bot.updater.stop()
        await bot.stop()

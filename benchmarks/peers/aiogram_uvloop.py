"""aiogram on uvloop, no store."""

from __future__ import annotations

import sys

import uvloop
from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import Command
from aiogram.types import Message


async def answer(message: Message) -> None:
    """Say something short."""
    await message.answer("您好")


async def main(url: str) -> None:
    """Poll until stopped."""
    dispatcher = Dispatcher()
    dispatcher.message.register(answer, Command("start", "giving"))
    session = AiohttpSession(api=TelegramAPIServer.from_base(url), limit=256)
    await dispatcher.start_polling(Bot("100200:BENCH", session=session), handle_signals=True)


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1]))

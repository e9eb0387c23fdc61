"""python-telegram-bot as its examples show it: one update at a time, the default request, no store."""

from __future__ import annotations

import sys

from telegram import Update
from telegram.ext import Application, CommandHandler, ContextTypes


async def answer(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    """Say something short."""
    if update.message:
        await update.message.reply_text("您好")


def main(url: str, slots: int = 1) -> None:
    """Poll until stopped."""
    application = (
        Application.builder()
        .token("100200:BENCH")
        .base_url(f"{url}/bot")
        .concurrent_updates(slots)
        .job_queue(None)
        .build()
    )
    application.add_handler(CommandHandler(["start", "giving"], answer))
    application.run_polling()


if __name__ == "__main__":
    main(sys.argv[1])

"""A broadcast with python-telegram-bot's own limiter at its fairest: no bucket, 29 a second, five workers.

    python -m benchmarks.peers.ptb_broadcast URL PER_SECOND WORKERS RECIPIENTS

The recipients are chats from 1,000,001 on, all in memory.
"""

from __future__ import annotations

import asyncio
import sys

from telegram.error import RetryAfter
from telegram.ext import AIORateLimiter, Application, ApplicationBuilder, CommandHandler, ExtBot

from benchmarks.peers.ptb_one_by_one import answer

FIRST_RECIPIENT = 1_000_001


async def broadcast(bot: ExtBot[int], recipients: asyncio.Queue[int]) -> None:
    """One worker."""
    while True:
        chat = await recipients.get()
        while True:
            try:
                await bot.send_message(chat, "通知")
            except RetryAfter as refusal:
                wait = refusal._retry_after  # noqa: SLF001 - the public name warns on each use
                await asyncio.sleep(wait.total_seconds())
            else:
                break


def main(url: str, per_second: int, workers: int, recipients: int) -> None:
    """Poll and broadcast until stopped."""
    waiting: asyncio.Queue[int] = asyncio.Queue()
    for chat in range(FIRST_RECIPIENT, FIRST_RECIPIENT + recipients):
        waiting.put_nowait(chat)

    async def begin(application: Application) -> None:  # type: ignore[type-arg]
        for _ in range(workers):
            application.create_task(broadcast(application.bot, waiting))

    application = (
        ApplicationBuilder()
        .token("100200:BENCH")
        .base_url(f"{url}/bot")
        .rate_limiter(AIORateLimiter(1, 1 / (per_second * 29 / 30)))
        .concurrent_updates(256)
        .job_queue(None)
        .post_init(begin)
        .build()
    )
    application.add_handler(CommandHandler(["start", "giving"], answer))
    application.run_polling()


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:5]))

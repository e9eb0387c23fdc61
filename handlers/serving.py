"""Life of the bot: start, poll, deliver, drain, stop."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from telegram.error import InvalidToken

from carefund_bot.errors import StartRefused
from carefund_bot.fund import Fund, open_fund
from carefund_bot.settings import Settings
from handlers.application import ALLOWED_UPDATES, FundApplication, build_application, introduce

log = logging.getLogger(__name__)

_POLL_S = 30


async def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT, then finish what has begun."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    async with open_fund(settings) as fund, serving(fund):
        log.info("serving; stop with Ctrl-C or SIGTERM")
        await stop.wait()
        log.info("stopping: finishing what has begun")


@asynccontextmanager
async def serving(fund: Fund) -> AsyncIterator[FundApplication]:
    """The bot polls inside this block; leaving it stops polling, drains and closes."""
    application = build_application(fund, fund.settings.telegram.read_token())
    if application.updater is None:
        raise AssertionError("built with an updater")
    try:
        await application.initialize()
    except InvalidToken:
        raise StartRefused("Telegram does not know this token: check telegram.token_file.") from None
    try:
        await introduce(application)
        await application.start()
        await application.updater.start_polling(
            timeout=_POLL_S, bootstrap_retries=-1, allowed_updates=ALLOWED_UPDATES, drop_pending_updates=False
        )
        yield application
    finally:
        if application.updater.running:
            await application.updater.stop()
        if application.running:
            await application.stop()
        await application.shutdown()

"""`run`: serve Telegram."""

from __future__ import annotations

import asyncio
import sys
from importlib import import_module

from carefund_bot.settings import Settings, load_settings
from carefund_bot.transport.first_poll import poll_first
from commands.options import DEFAULT_CONFIG, ConfigOption

if sys.platform == "win32":
    from asyncio import new_event_loop
else:
    from uvloop import new_event_loop


def run(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Serve Telegram until stopped; SIGTERM and Ctrl-C finish what has begun."""
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        runner.run(_poll_and_serve(load_settings(config)))


async def _poll_and_serve(settings: Settings) -> None:
    """Ask Telegram, and load the bot while the answer is on its way."""
    token = settings.telegram.read_token()
    first_poll = None if settings.web.webhook_url else asyncio.create_task(poll_first(settings.telegram, token))
    serving = await asyncio.to_thread(import_module, "handlers.serving")
    await serving.serve(settings, first_poll)

"""`run`: serve Telegram."""

from __future__ import annotations

import asyncio

from carefund_bot.settings import load_settings
from commands.options import DEFAULT_CONFIG, ConfigOption
from handlers.serving import serve


def run(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Serve Telegram until stopped; SIGTERM and Ctrl-C finish what has begun."""
    asyncio.run(serve(load_settings(config)))

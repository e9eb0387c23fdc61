"""`run`: serve Telegram."""

from __future__ import annotations

import asyncio
import sys

from carefund_bot.settings import load_settings
from commands.options import DEFAULT_CONFIG, ConfigOption
from handlers.serving import serve

if sys.platform == "win32":
    from asyncio import new_event_loop
else:
    from uvloop import new_event_loop


def run(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Serve Telegram until stopped; SIGTERM and Ctrl-C finish what has begun."""
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        runner.run(serve(load_settings(config)))

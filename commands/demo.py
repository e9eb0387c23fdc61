"""`demo`: a pretend Telegram, the real bot behind it, phones in the browser."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from carefund_bot.errors import StartRefused
from carefund_bot.fund import open_fund
from demo.clock import demo_clock
from demo.settings import demo_settings
from demo.story import prepare
from handlers.serving import learn_to_read, serving
from sandbox import Sandbox

FolderOption = Annotated[Path, typer.Option("--folder", help="Where the demo keeps its fund.")]
PortOption = Annotated[int, typer.Option("--port", help="The page's port on this machine.", min=1, max=65535)]


def demo(folder: FolderOption = Path("demo-data"), port: PortOption = 8080) -> None:
    """Be a member, a household, a clerk and a stranger, on phones in your browser."""
    folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(_demo(folder, port))


async def _demo(folder: Path, port: int) -> None:
    say, clock = Console(highlight=False).print, demo_clock(folder)
    sandbox = Sandbox(clock=clock, state_file=folder / "telegram.json")
    try:
        await sandbox.start(port=port)
    except OSError:
        raise StartRefused(f"Port {port} is taken: choose another one, as in make demo PORT={port + 1}.") from None
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    try:
        say("[dim]1/3[/] the pretend Telegram is up")
        async with open_fund(demo_settings(folder, sandbox.token, sandbox.url), clock=clock) as fund:
            sandbox.page_hint = await prepare(fund, sandbox, folder)
            say("[dim]2/3[/] the invented fund is ready")
            async with serving(fund, learn=learn_to_read):
                say("[dim]3/3[/] the bot is listening\n")
                say(f"  Open [bold]{sandbox.url}/phone[/] in your browser.   Ctrl-C stops.\n")
                await stop.wait()
                say("stopping: finishing what has begun")
    finally:
        await sandbox.stop()

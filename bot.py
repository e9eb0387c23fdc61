"""The front door: which commands there are, and how a refusal is said on a terminal."""

from __future__ import annotations

import logging
import sys
from importlib import import_module
from typing import Final

import typer

from carefund_bot.errors import StartRefused

COMMANDS: Final = {
    "run": "run",
    "understand": "understand",
    "demo": "demo",
    "seed-demo": "seed_demo",
    "figures": "figures",
    "import": "import_roll",
    "codes": "codes",
    "letters": "letters",
    "check": "check",
    "staff": "staff",
}
"""Name on the terminal → the module of `commands/` and the function in it."""


def front_door(*names: str) -> typer.Typer:
    """These commands, or all: the bot shall not start slower for what only the demo needs."""
    app = typer.Typer(
        help="The Telegram bot of the Party Members' Care Fund.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    app.callback()(_only_commands)
    for name in names or COMMANDS:
        command = getattr(import_module(f"commands.{COMMANDS[name]}"), COMMANDS[name])
        if isinstance(command, typer.Typer):
            app.add_typer(command, name=name)
        else:
            app.command(name)(command)
    return app


def _only_commands() -> None:
    """The Telegram bot of the Party Members' Care Fund."""  # a callback keeps the name of a command that is alone


def set_up_logs() -> None:
    """One line an event on standard error; what other people's code says below a warning may quote anybody."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s %(message)s", level=logging.INFO)
    for chatty in ("httpx", "aiosqlite", "telegram", "apscheduler"):
        logging.getLogger(chatty).setLevel(logging.WARNING)  # httpx writes the token into its URLs at INFO


def main() -> None:
    """Run a command; a refusal is one sentence on standard error and exit code 1."""
    set_up_logs()
    try:
        front_door(*(name for name in sys.argv[1:2] if name in COMMANDS))()
    except StartRefused as refusal:
        print(refusal, file=sys.stderr)  # noqa: T201 - a command speaks on the terminal
        sys.exit(1)


if __name__ == "__main__":
    main()

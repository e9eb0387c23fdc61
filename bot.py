"""The front door: which commands there are, and how a refusal is said on a terminal."""

from __future__ import annotations

import logging
import sys

import typer

from carefund_bot.errors import StartRefused
from commands.check import check
from commands.codes import codes
from commands.demo import demo
from commands.figures import figures
from commands.import_roll import import_roll
from commands.run import run
from commands.seed_demo import seed_demo
from commands.staff import staff
from commands.understand import understand

app = typer.Typer(
    help="The Telegram bot of the Party Members' Care Fund.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(run)
app.command()(understand)
app.command()(demo)
app.command()(seed_demo)
app.command()(figures)
app.command("import")(import_roll)
app.command()(codes)
app.command()(check)
app.add_typer(staff, name="staff")


@app.callback()
def front_door() -> None:
    """The Telegram bot of the Party Members' Care Fund."""


def set_up_logs() -> None:
    """One line an event on standard error; what other people's code says below a warning may quote anybody."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s %(message)s", level=logging.INFO)
    for chatty in ("httpx", "aiosqlite", "telegram", "apscheduler"):
        logging.getLogger(chatty).setLevel(logging.WARNING)  # httpx writes the token into its URLs at INFO


def main() -> None:
    """Run a command; a refusal is one sentence on standard error and exit code 1."""
    set_up_logs()
    try:
        app()
    except StartRefused as refusal:
        print(refusal, file=sys.stderr)  # noqa: T201 - a command speaks on the terminal
        sys.exit(1)


if __name__ == "__main__":
    main()

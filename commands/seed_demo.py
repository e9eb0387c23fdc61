"""`seed-demo`: an invented fund with the published figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from time import monotonic
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from carefund_bot.errors import StartRefused
from carefund_bot.sealing import Sealer, make_key, read_key
from carefund_bot.seeding import SCALES, seed
from carefund_bot.store import seeding as store
from carefund_bot.store.database import connect_writer
from carefund_bot.store.migrations import migrate

console = Console(stderr=True, highlight=False)
_COUNT_EVERY = 1000


class ScaleName(StrEnum):
    SMALL = "small"
    FULL = "full"


def seed_demo(
    database: Annotated[Path, typer.Argument(help="The database to make; there must be no such file yet.")],
    scale: Annotated[
        ScaleName, typer.Option(help="small: about 2,000 members; full: 500,000, paid out as published.")
    ] = ScaleName.SMALL,
    key_file: Annotated[
        Path | None, typer.Option(help="The key that seals it, made if missing; beside the database if not said.")
    ] = None,
) -> None:
    """Make an invented fund: six funds, two payouts, the published figures to the fen, nobody real."""
    if database.exists():
        raise StartRefused(f"{database} is there already: name a new file, or remove that one first.")
    key_path = key_file or database.with_suffix(".key")
    database.parent.mkdir(parents=True, exist_ok=True)
    sealer = Sealer(read_key(key_path) or make_key(key_path))
    began, unfinished = monotonic(), database.with_name(f"{database.name}.unfinished")
    try:
        _fill(unfinished, sealer, scale)
        unfinished.rename(database)
    finally:
        unfinished.unlink(missing_ok=True)
    console.print(f"{database} is ready after {monotonic() - began:.0f} s; its key is {key_path}.")


def _fill(path: Path, sealer: Sealer, scale: ScaleName) -> None:
    path.unlink(missing_ok=True)
    db = connect_writer(path)
    try:
        store.hurry(db)
        migrate(db)
        with _bars() as progress:
            seed(db, sealer, SCALES[scale], watch=lambda table, about, rows: _counted(progress, table, about, rows))
        store.settle(db)
    finally:
        db.close()


def _bars() -> Progress:
    return Progress(
        TextColumn("{task.description:20}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console
    )


def _counted(
    progress: Progress, table: str, about: int, rows: Iterable[tuple[object, ...]]
) -> Iterator[tuple[object, ...]]:
    """The rows as they are, a bar of their own growing in large steps."""
    task, number = progress.add_task(table.replace("_", " "), total=about), 0
    for number, row in enumerate(rows, 1):
        yield row
        if number % _COUNT_EVERY == 0:
            progress.update(task, completed=min(number, about))
    progress.update(task, completed=number, total=number)

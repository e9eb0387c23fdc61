"""`import`: a roll from a file, checked, compared and applied."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Annotated

import typer
from markupsafe import Markup
from rich.console import Console

from carefund_bot.access import OPERATOR
from carefund_bot.errors import Overtaken, StartRefused
from carefund_bot.files.faults import FileRefused
from carefund_bot.files.headers import RollKind
from carefund_bot.fund import Fund, open_fund
from carefund_bot.services.rolls import Preview
from carefund_bot.settings import load_settings
from carefund_bot.texts import rolls as texts
from carefund_bot.texts import rows
from carefund_bot.texts.changes import behind_roll
from carefund_bot.texts.words import Words, language_of, plain, words_in
from commands.options import DEFAULT_CONFIG, ConfigOption, Roll
from commands.progress import progress_bar

REFUSED = 2
_FAULTS_SHOWN = 200


def import_roll(
    roll: Annotated[Roll, typer.Argument(help="Which roll the file is.")],
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="XLSX or CSV.")],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check and compare; write nothing.")] = False,
    keep_missing: Annotated[
        bool, typer.Option("--keep-missing", help="Leave those on the roll whom the file does not name.")
    ] = False,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Import a roll. All or nothing: exit code 2 and a report if any row is refused."""
    words, kind = words_in(language_of(os.environ.get("LANG"))), RollKind(roll.value)
    settings = load_settings(config)

    async def work() -> bool:
        async with open_fund(settings) as fund:
            return await _import(fund, words, kind, file, dry_run=dry_run, keep_missing=keep_missing)

    try:
        is_taken = asyncio.run(work())
    except FileRefused as refusal:
        _say(rows.file_refused(words, refusal))
        is_taken = False
    except Overtaken:
        raise StartRefused(plain(texts.overtaken(words))) from None
    if not is_taken:
        raise typer.Exit(REFUSED)


async def _import(fund: Fund, words: Words, kind: RollKind, file: Path, *, dry_run: bool, keep_missing: bool) -> bool:
    with progress_bar() as bar:
        task = bar.add_task(plain(texts.kind_name(words, kind)), total=_lines(file))

        def advance(done: int) -> None:
            bar.update(task, completed=done)

        if dry_run:
            preview = await fund.rolls.check(OPERATOR, file, kind, progress=advance)
        else:
            preview = await fund.rolls.stage(OPERATOR, file, file.name, kind, progress=advance)
    _report(words, preview)
    if not preview.refused:
        behind = await fund.rolls.behind_changes(OPERATOR, kind, preview.import_id)
        if warning := behind_roll(words, behind):
            _say(warning)
    if preview.refused:
        return False
    if dry_run:
        _say(texts.dry_run_over(words))
    elif preview.import_id is not None:
        applied = await fund.rolls.apply(OPERATOR, preview.import_id, keep_missing=keep_missing)
        _say(texts.applied(words, kind, applied.by_fund))
    return True


def _report(words: Words, preview: Preview) -> None:
    if preview.refused:
        _say(texts.refused_at_length(words, preview, _FAULTS_SHOWN))
    elif preview.counts.changes_nothing:
        _say(texts.nothing_changes(words, preview))
    else:
        _say(texts.preview(words, preview))


def _say(text: Markup) -> None:
    Console(soft_wrap=True, highlight=False).print(plain(text))


def _lines(file: Path) -> int | None:
    """How many rows a text file holds, about; a workbook does not tell without being read."""
    with file.open("rb") as opened:
        if opened.read(2) == b"PK":
            return None
        return sum(chunk.count(b"\n") for chunk in iter(lambda: opened.read(1 << 20), b""))

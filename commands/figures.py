"""`figures`: the fund's public figures, as tables or as JSON."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table as Grid

from carefund_bot.clock import shanghai_day, system_clock
from carefund_bot.domain.figures import Figures, Row, Table, percent
from carefund_bot.domain.funds import FUND_BY_CODE
from carefund_bot.domain.money import Money
from carefund_bot.errors import StartRefused
from carefund_bot.services.figures import figures_of
from carefund_bot.store.database import connect_reader

_ALL = "all"
_WIDTH = 100


def figures(
    database: Annotated[Path, typer.Argument(help="The database; it is only read, and no key is needed.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object; sums in whole fen.")] = False,  # noqa: FBT002 - a flag of the command line
) -> None:
    """The public figures by year and fund: raised by source, participation, households and students paid, principal.

    JSON: {"as_of": day, "raised": [..], "participation": [..], "paid": [..], "principal": [..]}. Each entry names its
    "fund" ("all" is the total; "a+b" are funds taken together because one alone has too few people) and, except for
    principal, "first_year" and "last_year". Sums are whole fen: raised has member_fen, enterprise_fen, fiscal_fen,
    other_fen, total_fen; paid has households, household_fen, students, student_fen, total_fen; principal has
    fiscal_fen, member_fen, enterprise_fen, transfer_fen, total_fen. Participation has gave, on_list, listed_on (the
    day of the list) and percent (text, one decimal; null where nobody is listed).
    """
    found = _read(database)
    if as_json:
        print(json.dumps(_as_json(found), indent=1))  # noqa: T201 - a command speaks on the terminal
    else:
        _show(found)


def _read(database: Path) -> Figures:
    today: date = shanghai_day(system_clock())
    if not database.is_file():
        raise StartRefused(f"There is no database {database}.")
    try:
        with closing(connect_reader(database)) as db:
            return figures_of(db, today)
    except sqlite3.DatabaseError:
        raise StartRefused(f"{database} is not a database of this program, or of another version of it.") from None


def _as_json(found: Figures) -> dict[str, Any]:
    return {
        "as_of": found.as_of.isoformat(),
        "raised": [entry for table in found.raised for entry in _entries(table)],
        "participation": [entry for table in found.participation for entry in _entries(table)],
        "paid": [entry for table in found.paid for entry in _entries(table)],
        "principal": _entries(found.principal),
    }


def _entries(table: Table) -> list[dict[str, Any]]:
    frame: dict[str, Any] = {"first_year": table.first_year, "last_year": table.last_year} if table.first_year else {}
    entries = []
    for name, row in _named(table):
        entry = frame | {"fund": name} | row.numbers
        if table.listed_on:
            entry |= {"listed_on": table.listed_on.isoformat(), "percent": percent(row)}
        entries.append(entry)
    return entries


def _named(table: Table) -> list[tuple[str, Row]]:
    rows = [("+".join(row.funds), row) for row in table.rows]
    return [*rows, (_ALL, table.total)] if table.total else rows


def _show(found: Figures) -> None:
    console = Console(width=max(Console().width, _WIDTH))
    for title, tables in (
        ("Raised", found.raised),
        ("Participation", found.participation),
        ("Paid", found.paid),
        ("Principal", (found.principal,)),
    ):
        for table in tables:
            console.print(_grid(title, table))


def _grid(title: str, table: Table) -> Grid:
    heading = f"{title} {_years(table)}".strip()
    if table.listed_on:
        heading += f" (list of {table.listed_on})"
    if table.total is None:
        return Grid(title=f"{heading}: too few people to show", title_justify="left")
    grid = Grid(title=heading, title_justify="left")
    grid.add_column("fund", no_wrap=True)
    for name in table.total.numbers:
        grid.add_column(name.removesuffix("_fen").replace("_", " "), justify="right")
    if table.listed_on:
        grid.add_column("%", justify="right")
    for name, row in _named(table):
        cells = [_cell(column, number) for column, number in row.numbers.items()]
        share = [percent(row) or "no data"] if table.listed_on else []
        grid.add_row(_said(name), *cells, *share, style="bold" if name == _ALL else None)
    return grid


def _years(table: Table) -> str:
    if table.first_year == table.last_year:
        return str(table.first_year or "")
    return f"{table.first_year}-{table.last_year}"


def _cell(column: str, number: int) -> str:
    return Money(number).plain() if column.endswith("_fen") else f"{number:,}"


def _said(name: str) -> str:
    return " + ".join(FUND_BY_CODE[code].en if code in FUND_BY_CODE else "All funds" for code in name.split("+"))

"""The fund's public figures: nothing personal goes in, so reading them needs neither a key nor a right."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from typing import Final

from carefund_bot.clock import SHANGHAI
from carefund_bot.domain.figures import (
    Figures,
    Row,
    Table,
    never_too_few,
    publishable,
    too_few_members,
    too_few_payees,
)
from carefund_bot.domain.funds import FUNDS
from carefund_bot.store import figures as store

SOURCES: Final = ("member", "enterprise", "fiscal", "other")
PRINCIPAL_SOURCES: Final = ("fiscal", "member", "enterprise", "transfer")
_PAYEES: Final = {"household": "households", "student": "students"}


def figures_of(db: sqlite3.Connection, today: date) -> Figures:
    """Raised, participation and paid by year and fund, and the principal, as the books stand."""
    raised = store.raised(db)
    years = sorted({cell.year for cell in raised})
    return Figures(
        as_of=today,
        raised=tuple(
            _table(
                SOURCES,
                ((cell.fund, {cell.donor_kind: cell.fen}) for cell in raised if cell.year == year),
                never_too_few,
                (year, year),
            )
            for year in years
        ),
        participation=_participation(db, years, today) if years else (),
        paid=_paid(db),
        principal=_table(
            PRINCIPAL_SOURCES, ((cell.fund, {cell.source: cell.fen}) for cell in store.principal(db)), never_too_few
        ),
    )


def _table(
    sources: tuple[str, ...],
    cells: Iterable[tuple[str, dict[str, int]]],
    is_small: Callable[[Row], bool],
    years: tuple[int, int] | tuple[None, None] = (None, None),
) -> Table:
    """Sums of money by fund and source, with each row's own total."""
    numbers = {fund.code: dict.fromkeys([*(f"{source}_fen" for source in sources), "total_fen"], 0) for fund in FUNDS}
    for fund, sums in cells:
        for source, fen in sums.items():
            numbers[fund][f"{source}_fen"] += fen
            numbers[fund]["total_fen"] += fen
    rows, total = publishable([Row((fund,), row) for fund, row in numbers.items()], is_small)
    return Table(rows, total, *years)


def _paid(db: sqlite3.Connection) -> tuple[Table, ...]:
    cells = store.paid(db)
    return tuple(_paid_in(year, cells) for year in sorted({cell.year for cell in cells}))


def _paid_in(year: int, cells: list[store.PaidCell]) -> Table:
    numbers = {
        fund.code: {"households": 0, "household_fen": 0, "students": 0, "student_fen": 0, "total_fen": 0}
        for fund in FUNDS
    }
    for cell in cells:
        if cell.year == year:
            numbers[cell.fund][_PAYEES[cell.kind]] += cell.payees
            numbers[cell.fund][f"{cell.kind}_fen"] += cell.fen
            numbers[cell.fund]["total_fen"] += cell.fen
    rows, total = publishable([Row((fund,), row) for fund, row in numbers.items()], too_few_payees)
    return Table(rows, total, year, year)


def _participation(db: sqlite3.Connection, years: list[int], today: date) -> tuple[Table, ...]:
    """Each year alone, then all years together, against the list of the span's last day."""
    spans = [(year, year) for year in years]
    if len(years) > 1:
        spans.append((years[0], years[-1]))
    known: dict[int, list[store.GivingCell]] = {}
    tables = []
    for first, last in spans:
        listed_on = min(date(last, 12, 31), today)
        listed_before = _end_of(listed_on)
        applied = store.count_member_lists(db, listed_before)
        if applied not in known:  # the same list again gives the same answer, and it is the dear one
            known[applied] = store.giving(db, years[0], listed_before)
        wanted = sum(1 << (year - years[0]) for year in range(first, last + 1))
        tables.append(_participation_in(known[applied], wanted, (first, last), listed_on))
    return tuple(tables)


def _participation_in(cells: list[store.GivingCell], wanted: int, span: tuple[int, int], listed_on: date) -> Table:
    numbers = {fund.code: {"gave": 0, "on_list": 0} for fund in FUNDS}
    for cell in cells:
        numbers[cell.fund]["on_list"] += cell.members
        numbers[cell.fund]["gave"] += cell.members if cell.years & wanted else 0
    rows, total = publishable([Row((fund,), row) for fund, row in numbers.items()], too_few_members)
    return Table(rows, total, *span, listed_on)


def _end_of(day: date) -> int:
    """The first instant after a day in Suzhou."""
    return int(datetime.combine(day + timedelta(days=1), time(), SHANGHAI).timestamp())

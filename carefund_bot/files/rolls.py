"""Rolls row by row: every row of a file becomes a typed row, or all the faults it has."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from datetime import date
from itertools import chain, islice
from operator import itemgetter
from pathlib import Path
from typing import Any

from carefund_bot.domain.funds import AREAS
from carefund_bot.domain.people import IdentityNumber
from carefund_bot.files import cells
from carefund_bot.files.faults import BadCell, FileReason, FileRefused, Reason, RowFault
from carefund_bot.files.headers import COLUMNS, TOP_ROWS, Heading, RollKind, find_heading
from carefund_bot.files.rows import HouseholdRow, MemberRow, RemittanceRow, Row, StudentRow
from carefund_bot.files.spreadsheet import read_rows
from carefund_bot.files.taken import Key, Taken, Unread, suspects_among

__all__ = [
    "FileReason",
    "FileRefused",
    "HouseholdRow",
    "MemberRow",
    "Reason",
    "RemittanceRow",
    "RollKind",
    "Row",
    "RowFault",
    "StudentRow",
    "read_roll",
    "recognise",
]


def recognise(path: Path) -> RollKind:
    """The kind of roll whose headers the file has; FileRefused if none fits."""
    with closing(read_rows(path)) as table:
        return find_heading(islice(table, TOP_ROWS), RollKind).kind


def read_roll(path: Path, kind: RollKind, *, today: date) -> Iterator[Row | RowFault]:
    """Rows and faults in the order of the file; FileRefused at the first step if it is no such roll, or headers only.

    A row with faults yields only its faults, all of them. Where rows share a number, an identity number or an account,
    the first is taken. `today` bounds birth dates and the dates of gifts. Blank rows are passed over.
    """
    with closing(read_rows(path)) as table:
        top = list(islice(table, TOP_ROWS))
        heading = find_heading(top, (kind,))
        reader = _RowReader(heading, today)
        suspects = suspects_among(chain.from_iterable(map(reader.keys, chain(top[heading.row :], table))))
    with closing(read_rows(path)) as table:
        rows = _RollCheck(reader, suspects).rows(islice(table, heading.row, None))
        first = next(rows, None)
        if first is None:
            raise FileRefused(FileReason.EMPTY)
        yield first
        yield from rows


def _by_identity(make: Callable[..., Row]) -> Callable[..., Row]:
    """Spreads a checked identity number over the two fields of a row that speak of it."""

    def made(row: int, number: str, name: str, identity: IdentityNumber, *rest: Any) -> Row:
        return make(row, number, name, identity.number, *rest, identity.legacy)

    return made


_MAKERS: dict[RollKind, Callable[..., Row]] = {
    RollKind.MEMBERS: MemberRow,
    RollKind.HOUSEHOLDS: _by_identity(HouseholdRow),
    RollKind.STUDENTS: _by_identity(StudentRow),
    RollKind.REMITTANCE: RemittanceRow,
}
_UNIQUE = {"identity_number": Reason.IDENTITY_TAKEN, "card": Reason.CARD_TAKEN}
_FUND_OF_AREA = {area.name_zh: area.fund.zh for area in AREAS}


class _RowReader:
    """The columns of one file: which cell of a record is which, and how each is read."""

    def __init__(self, heading: Heading, today: date) -> None:
        fields = [column.field for column in COLUMNS[heading.kind]]
        self.heading = heading
        self.readers = _readers(heading, today)
        self.places_of_fund_and_area = (fields.index("fund"), fields.index("area")) if "area" in fields else None
        self.unique_places = {place: _UNIQUE[field] for place, field in enumerate(fields) if field in _UNIQUE}
        self.number_may_repeat = heading.kind is RollKind.REMITTANCE
        self._pick = itemgetter(*heading.places)
        self._complete = None if heading.width in heading.places else heading.width

    def cells(self, record: list[str]) -> tuple[str, ...]:
        """One cell for each column."""
        picked: tuple[str, ...] = self._pick(
            record if len(record) == self._complete else _fitted(record, self.heading.width)
        )
        return picked

    def keys(self, record: list[str]) -> Iterable[Key]:
        """What no other row may share with this one."""
        cells = self.cells(record)
        if self.number_may_repeat:
            return ((0, tuple(self._value(place, cells) for place in range(len(cells)))),)
        return [(place, self._value(place, cells)) for place in (0, *self.unique_places)]

    def _value(self, place: int, cells: Sequence[str]) -> Any:
        try:
            return self.readers[place](cells[place])
        except BadCell:
            return Unread(cells[place])


class _RollCheck:
    """One file going by: its rows, and what they have taken so far."""

    def __init__(self, reader: _RowReader, suspects: frozenset[int]) -> None:
        self._reader = reader
        self._heading = reader.heading
        self._taken = Taken(reader.unique_places, suspects, number_may_repeat=reader.number_may_repeat)

    def rows(self, table: Iterable[list[str]]) -> Iterator[Row | RowFault]:
        readers, cells_of, make = self._reader.readers, self._reader.cells, _MAKERS[self._heading.kind]
        for row, record in enumerate(table, self._heading.row + 1):
            cells = cells_of(record)
            try:
                values: list[Any] = [read(cell) for read, cell in zip(readers, cells, strict=True)]
            except BadCell:
                yield from self._faults_of_bad_cells(row, record, cells)
                continue
            faults = self._faults_between_cells(row, record, values)
            if faults:
                yield from faults
            else:
                yield make(row, *values)

    def _faults_of_bad_cells(self, row: int, record: list[str], cells: Sequence[str]) -> Iterator[RowFault]:
        """The slow way: every cell of the row by itself. A blank row comes here too, and has no fault."""
        if not any(map(str.strip, record)):
            return
        values: list[Any] = []
        for read, cell, column in zip(self._reader.readers, cells, self._heading.names, strict=True):
            try:
                values.append(read(cell))
            except BadCell as bad:
                values.append(Unread(cell))
                yield RowFault(row, column, bad.reason, bad.hint)
        yield from self._faults_between_cells(row, record, values)

    def _faults_between_cells(self, row: int, record: list[str], values: Sequence[Any]) -> list[RowFault]:
        """What no single cell shows: an area of another fund, cells beyond the columns, what another row has taken."""
        names = self._heading.names
        faults = [
            RowFault(row, names[clash.place], clash.reason, str(clash.first_row))
            for clash in self._taken.claim(row, values)
        ]
        if self._reader.places_of_fund_and_area:
            fund, area = self._reader.places_of_fund_and_area
            own_fund = _FUND_OF_AREA.get(values[area], values[fund])
            if own_fund != values[fund] and not isinstance(values[fund], Unread):
                faults.append(RowFault(row, names[area], Reason.AREA_NOT_IN_FUND, own_fund))
        if len(record) > self._heading.width and any(map(str.strip, record[self._heading.width :])):
            faults.append(RowFault(row, "", Reason.EXTRA_CELLS))
        return faults


def _fitted(record: list[str], width: int) -> list[str]:
    """`width` cells, and a blank one more for what the file has no column for."""
    return [*record[:width], *[""] * (width - len(record)), ""]


def _readers(heading: Heading, today: date) -> list[Callable[[str], Any]]:
    """One reader per column; those of columns whose words repeat remember what they have read."""
    by_field: dict[str, Callable[[str], Any]] = {
        "number": cells.read_roll_number,
        "student_no": cells.read_roll_number,
        "name": cells.read_name,
        "identity_number": cells.read_identity(today),
        "card": cells.read_card if "卡" in heading.name_of("card") else cells.read_account,
        "phone": cells.read_phone,
        "fund": cells.Remembered(cells.read_fund).__getitem__,
        "area": cells.Remembered(cells.read_area).__getitem__,
        "category": cells.Remembered(cells.read_category).__getitem__,
        "size": cells.Remembered(cells.read_size).__getitem__,
        "determined_on": cells.Remembered(cells.read_date).__getitem__,
        "given_on": cells.Remembered(cells.read_past_date(today)).__getitem__,
        "amount": cells.Remembered(cells.read_amount).__getitem__,
        "channel": cells.Remembered(cells.read_channel).__getitem__,
    }
    return [
        by_field.get(column.field) or cells.Remembered(cells.read_text).__getitem__ for column in COLUMNS[heading.kind]
    ]

"""XLSX, read by calamine, which holds a whole sheet in memory: so what a file may unpack to is bounded first."""

import re
import zipfile
import zlib
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from carefund_bot.files.faults import FileReason, FileRefused

MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED_BYTES = 200 * 1024 * 1024
MAX_ROWS = 199_999

_CHUNK_BYTES = 1024 * 1024
_OVERLAP_BYTES = 32
_FAR_CELL = re.compile(
    rb"\sr\s*=\s*[\"'](?:(?:[b-z][a-z]|[a-z]{3,})[0-9]|[a-z]{0,3}(?:[2-9][0-9]{5}|[0-9]{7}))", re.IGNORECASE
)
"""A cell beyond column AZ or row 199,999: one alone, in a tiny file, has calamine lay out everything before it."""

_DIGITS_KEPT = 10**15
"""Excel keeps 15 digits of a number; from here on the last ones are lost."""


def read_rows(path: Path) -> Generator[list[str], None, None]:
    """The rows of the one visible sheet that holds any; long numbers come as 6.29E+18, dates as 2012-05-31."""
    if path.stat().st_size > MAX_BYTES:
        raise FileRefused(FileReason.TOO_BIG)
    _refuse_bombs(path)
    with _refusing_damage():
        sheet = _only_sheet(CalamineWorkbook.from_path(path))
    for row in sheet.iter_rows():
        yield [cell if type(cell) is str else _text(cell) for cell in row]


def _only_sheet(book: CalamineWorkbook) -> CalamineSheet:
    visible = [sheet.name for sheet in book.sheets_metadata if sheet.visible is SheetVisibleEnum.Visible]
    filled = [sheet for sheet in map(book.get_sheet_by_name, visible) if sheet.start is not None]
    if not filled:
        raise FileRefused(FileReason.EMPTY)
    if len(filled) > 1:
        raise FileRefused(FileReason.SEVERAL_SHEETS, "、".join(sheet.name for sheet in filled))
    return filled[0]


def _refuse_bombs(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if "xl/workbook.xml" not in archive.namelist():
                raise FileRefused(FileReason.NOT_A_TABLE)
            if sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
                raise FileRefused(FileReason.TOO_BIG)
            for entry in entries:
                _walk(archive, entry)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError):
        raise FileRefused(FileReason.DAMAGED) from None


def _walk(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Unpacks an entry once: a size that lies fails the checksum here, and far cells or endless rows are seen."""
    tail = b""
    rows = 0
    with archive.open(entry) as unpacked:
        while chunk := unpacked.read(_CHUNK_BYTES):
            rows += chunk.count(b"<row")
            if rows > MAX_ROWS or _FAR_CELL.search(tail + chunk):
                raise FileRefused(FileReason.TOO_MANY_ROWS)
            tail = chunk[-_OVERLAP_BYTES:]


@contextmanager
def _refusing_damage() -> Iterator[None]:
    try:
        yield
    except CalamineError:
        raise FileRefused(FileReason.DAMAGED) from None
    except BaseException as failure:
        # A panic inside the reader derives from BaseException and would end the whole program.
        if type(failure).__name__ == "PanicException":
            raise FileRefused(FileReason.DAMAGED) from None
        raise


def _text(cell: Any) -> str:
    if isinstance(cell, float):
        return _number(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _number(cell: float) -> str:
    if abs(cell) >= _DIGITS_KEPT:
        return f"{cell:.14E}"
    return str(int(cell)) if cell.is_integer() else repr(cell)

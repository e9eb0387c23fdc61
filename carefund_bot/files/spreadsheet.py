"""Any table an office may send, told by its content and not by its name, as rows of text cells."""

from collections.abc import Generator
from pathlib import Path

from carefund_bot.files import delimited
from carefund_bot.files.faults import FileReason, FileRefused

_ZIP = b"PK\x03\x04"
_COMPOUND = b"\xd0\xcf\x11\xe0"
_HEAD_BYTES = 8192


def read_rows(path: Path) -> Generator[list[str], None, None]:
    """Every row from the first, blank ones as blank, so that counting from 1 gives the number that Excel shows."""
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if not head.strip():
        raise FileRefused(FileReason.EMPTY)
    if head.startswith(_COMPOUND):
        raise FileRefused(FileReason.OLD_EXCEL)
    if not head.startswith(_ZIP):
        return delimited.read_rows(path, head)
    from carefund_bot.files import workbook  # noqa: PLC0415 - its reader is large, and most bots never meet a workbook

    return workbook.read_rows(path)

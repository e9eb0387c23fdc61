"""Tables that leave the house: Excel opens them as they are, and takes no cell for a formula."""

import csv
import io
from collections.abc import Iterable

FORMULA_STARTS = tuple("=+-@＝＋－＠")
_GUARD = "'"


def table_file(rows: Iterable[Iterable[object]]) -> bytes:
    """The rows as CSV, its head first."""
    table = io.StringIO()
    csv.writer(table).writerows([_harmless(str(cell)) for cell in row] for row in rows)
    return table.getvalue().encode("utf-8-sig")


def as_meant(cell: str) -> str:
    """A cell of such a table that came back, as it was before it was made harmless."""
    return cell[1:] if cell.startswith(_GUARD) and cell[1:].startswith(FORMULA_STARTS) else cell


def _harmless(cell: str) -> str:
    return f"{_GUARD}{cell}" if cell.startswith((*FORMULA_STARTS, "\t", "\r")) else cell

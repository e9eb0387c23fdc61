"""Imports: begun, staged, then applied or dropped; each change of state can succeed only once."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict, dataclass

from carefund_bot.domain.rolls import Counts, ExitReason, total


@dataclass(frozen=True, slots=True)
class RollImport:
    """One import; `based_on` is the newest applied import of its kind when it was compared, 0 for none."""

    id: int
    kind: str
    state: str
    based_on: int
    staff_id: int | None
    by_fund: dict[str, Counts]


def newest_applied(db: sqlite3.Connection, kind: str) -> int:
    """The newest import that is the roll of this kind; 0 if there is none yet."""
    newest: int = db.execute(
        "SELECT coalesce(max(id), 0) FROM roll_import WHERE state = 'applied' AND kind = ?", (kind,)
    ).fetchone()[0]
    return newest


def begin(
    db: sqlite3.Connection, kind: str, file_name: str, file_digest: bytes, staff_id: int | None, at: int
) -> RollImport:
    based_on = newest_applied(db, kind)
    (import_id,) = db.execute(
        """
        INSERT INTO roll_import (kind, state, file_name, file_digest, based_on, staff_id, started_at)
        VALUES (?, 'staging', ?, ?, ?, ?, ?) RETURNING id
        """,
        (kind, file_name, file_digest, based_on, staff_id, at),
    ).fetchone()
    return RollImport(import_id, kind, "staging", based_on, staff_id, {})


def find(db: sqlite3.Connection, import_id: int) -> RollImport | None:
    row = db.execute(
        "SELECT id, kind, state, based_on, staff_id, counts FROM roll_import WHERE id = ?", (import_id,)
    ).fetchone()
    if row is None:
        return None
    number, kind, state, based_on, staff_id, counts = row
    by_fund = {fund: Counts(**each) for fund, each in json.loads(counts).items()}
    return RollImport(number, kind, state, based_on, staff_id, by_fund)


def turn(db: sqlite3.Connection, import_id: int, before: str, after: str, by_fund: dict[str, Counts]) -> bool:
    """Move an import from one state to the next; true for exactly one caller."""
    moved = db.execute(
        "UPDATE roll_import SET state = ?, counts = ? WHERE id = ? AND state = ?",
        (after, _counts(by_fund), import_id, before),
    )
    return moved.rowcount == 1


def apply(db: sqlite3.Connection, import_id: int, by_fund: dict[str, Counts], at: int) -> bool:
    """The one small act: the staged versions are the roll, unless the roll has moved on since they were compared."""
    applied = db.execute(
        """
        UPDATE roll_import
           SET state = 'applied', applied_at = ?, counts = ?, exit_reason = ?
         WHERE id = ? AND state = 'staged'
           AND based_on = (SELECT coalesce(max(newer.id), 0)
                             FROM roll_import AS newer
                            WHERE newer.state = 'applied' AND newer.kind = roll_import.kind)
        """,
        (at, _counts(by_fund), ExitReason.NOT_ON_LIST if total(by_fund).leaving else None, import_id),
    )
    return applied.rowcount == 1


def unfinished(db: sqlite3.Connection) -> list[tuple[RollImport, int]]:
    """Imports that neither became the roll nor were dropped, each with the instant it began."""
    rows = db.execute("SELECT id, started_at FROM roll_import WHERE state IN ('staging', 'staged')").fetchall()
    return [(found, started_at) for import_id, started_at in rows if (found := find(db, import_id))]


def _counts(by_fund: dict[str, Counts]) -> str:
    return json.dumps({fund: asdict(counts) for fund, counts in sorted(by_fund.items())})

"""Small rolls to import, made of the samples' rows."""

from __future__ import annotations

import csv
from pathlib import Path

from carefund_bot.access import OPERATOR, Actor, Right, Role
from carefund_bot.files.headers import RollKind
from carefund_bot.fund import Fund
from carefund_bot.store.roll_imports import RollImport

SAMPLES = Path(__file__).parents[2] / "demo" / "samples"
CLEAN: dict[RollKind, Path] = {
    kind: SAMPLES / "clean" / f"{kind}.csv" for kind in RollKind if kind is not RollKind.REMITTANCE
}
MESSY: dict[RollKind, Path] = {kind: SAMPLES / "messy" / f"{kind}.csv" for kind in CLEAN}


def clerk_of(fund: str, area: str | None = None) -> Actor:
    return Actor(user_id=1, staff_rights=(Right(Role.MAKER, fund, area),))


def read_table(kind: RollKind) -> list[dict[str, str]]:
    """A clean sample as rows by header."""
    with CLEAN[kind].open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def write_table(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        sheet = csv.DictWriter(file, list(rows[0]))
        sheet.writeheader()
        sheet.writerows(rows)
    return path


async def bring_in(fund: Fund, kind: RollKind, path: Path | None = None, actor: Actor = OPERATOR) -> RollImport:
    """Stage and apply a file."""
    preview = await fund.rolls.stage(actor, path or CLEAN[kind], "roll.csv", kind)
    assert preview.import_id is not None
    return await fund.rolls.apply(actor, preview.import_id)


async def on_roll(fund: Fund, kind: RollKind) -> set[str]:
    """The numbers on a roll as everybody else reads it: newest applied version, still there."""
    person, version = (
        ("member", "member_version") if kind is RollKind.MEMBERS else ("beneficiary", "beneficiary_version")
    )
    rows = await fund.ground.db.read(
        lambda db: db.execute(
            f"""
            SELECT {person}.number, version.standing
              FROM {version} AS version
              JOIN {person} ON {person}.id = version.{person}_id
              JOIN roll_import ON roll_import.id = version.import_id
             WHERE roll_import.state = 'applied' AND roll_import.kind = ?
             ORDER BY version.import_id
            """,
            (kind,),
        ).fetchall()
    )
    return {number for number, standing in dict(rows).items() if standing == "on_roll"}


async def versions_left(fund: Fund) -> int:
    """How many versions there are of imports that did not become the roll."""
    (count,) = await fund.ground.db.read(
        lambda db: db.execute(
            """
            WITH unapplied AS (SELECT id FROM roll_import WHERE state <> 'applied')
            SELECT (SELECT count(*) FROM member_version WHERE import_id IN unapplied)
                 + (SELECT count(*) FROM beneficiary_version WHERE import_id IN unapplied)
            """
        ).fetchone()
    )
    return int(count)

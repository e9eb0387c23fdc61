"""From a checked row to what the store keeps of it: prints to compare by, the personal fields sealed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import date
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from carefund_bot.domain.funds import FUND_BY_NAME
from carefund_bot.files.faults import RowFault
from carefund_bot.files.headers import RollKind
from carefund_bot.files.rolls import read_roll
from carefund_bot.files.rows import HouseholdRow, MemberRow, StudentRow
from carefund_bot.sealing import Sealer
from carefund_bot.store.versions import Value

BATCH_ROWS = 20_000
STUDENTS_FUND = "city"
_BETWEEN = "\x1f"
_NO_PRINT = b""
Kept = dict[str, str | int | None]


class Entry(NamedTuple):
    """One row of a file, ready for the store; a plain tuple, as there are half a million of them."""

    row: int
    number: str
    fund: str
    area: str
    content_print: bytes
    identity_print: bytes
    card_print: bytes
    values: tuple[Value, ...]
    legacy_identity: bool = False

    def __repr__(self) -> str:
        return f"Entry(row={self.row})"


class Batch(NamedTuple):
    """Entries in the order of their numbers, so that a commit touches few pages of the index; faults row by row."""

    entries: list[Entry]
    faults: list[list[RowFault]]


def read_batches(path: Path, kind: RollKind, sealer: Sealer, *, today: date) -> Iterator[Batch]:
    """The file in batches; `FileRefused` if it is no such roll."""
    seal_row = _MAKERS[kind]
    batch = Batch([], [])
    for item in read_roll(path, kind, today=today):
        if not isinstance(item, RowFault):
            batch.entries.append(seal_row(sealer, item))
        elif batch.faults and batch.faults[-1][0].row == item.row:
            batch.faults[-1].append(item)
        else:
            batch.faults.append([item])
        if len(batch.entries) + len(batch.faults) > BATCH_ROWS:
            yield _sorted(batch)
            batch = Batch([], [])
    yield _sorted(batch)


def _sorted(batch: Batch) -> Batch:
    batch.entries.sort(key=attrgetter("number"))
    return batch


def _member(sealer: Sealer, row: MemberRow) -> Entry:
    fund = FUND_BY_NAME[row.fund].code
    place = (fund, row.area, row.committee, row.branch)
    content = sealer.fingerprint("member-row", _BETWEEN.join((row.name, row.phone or "", *place)))
    sealed = sealer.seal("member", {"name": row.name, "phone": row.phone})
    values = (row.number, *place, content, sealed)
    return Entry(row.row, row.number, fund, row.area, content, _NO_PRINT, _NO_PRINT, values)


def _household(sealer: Sealer, row: HouseholdRow) -> Entry:
    place = (FUND_BY_NAME[row.fund].code, row.area, row.town, row.community)
    kept: Kept = {"category": row.category, "size": row.size, "school": None, "student_no": None}
    return _beneficiary(sealer, row, (*place, row.source, row.determined_on.isoformat()), kept)


def _student(sealer: Sealer, row: StudentRow) -> Entry:
    """A student belongs to no area: the school stands where a household's community does."""
    place = (STUDENTS_FUND, "", "", row.school)
    kept: Kept = {"category": "困难大学生", "size": 1, "school": row.school, "student_no": row.student_no}
    return _beneficiary(sealer, row, (*place, row.school, row.determined_on.isoformat()), kept)


def _beneficiary(sealer: Sealer, row: HouseholdRow | StudentRow, open_fields: tuple[str, ...], kept: Kept) -> Entry:
    personal = kept | {
        "name": row.name,
        "identity_number": row.identity_number,
        "bank": row.bank,
        "card": row.card,
        "phone": row.phone,
    }
    content = sealer.fingerprint("beneficiary-row", _BETWEEN.join(map(str, (*open_fields, *personal.values()))))
    identity = sealer.fingerprint("identity", row.identity_number)
    card = sealer.fingerprint("card", row.card)
    return Entry(
        row=row.row,
        number=row.number,
        fund=open_fields[0],
        area=open_fields[1],
        content_print=content,
        identity_print=identity,
        card_print=card,
        values=(row.number, *open_fields, identity, card, content, sealer.seal("beneficiary", personal)),
        legacy_identity=row.legacy_identity,
    )


_MAKERS: dict[RollKind, Callable[..., Entry]] = {
    RollKind.MEMBERS: _member,
    RollKind.HOUSEHOLDS: _household,
    RollKind.STUDENTS: _student,
}


def digest_of(path: Path) -> bytes:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()

"""Versions under an import: what is known of a list of numbers, what is added, what is dropped again.

Each question about many rows is one statement with one row of answer, where it can be: SQLite lets go of Python's lock
once per step, and while a thread prepares the next rows every step would have to wait for that lock.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Protocol

Value = str | bytes


@dataclass(frozen=True, slots=True)
class Known:
    """Whom a number stands for, and what the newest applied import says of them; `print` is None if nothing yet."""

    id: int
    kind: str
    on_roll: bool
    content_print: bytes | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Somebody on the roll, and the import whose version says so."""

    id: int
    import_id: int
    fund: str
    area: str


class Versions(Protocol):
    """The versions of one kind of roll."""

    def last_id(self, db: sqlite3.Connection) -> int: ...

    def known(self, db: sqlite3.Connection, numbers: Sequence[str]) -> dict[str, Known]: ...

    def add(self, db: sqlite3.Connection, import_id: int, rows: Sequence[tuple[Value, ...]]) -> None: ...

    def on_roll(self, db: sqlite3.Connection, after_id: int, until_id: int) -> list[Standing]: ...

    def add_leaving(self, db: sqlite3.Connection, import_id: int, leaving: Sequence[Standing]) -> None: ...

    def drop(self, db: sqlite3.Connection, import_id: int, limit: int) -> int: ...

    def drop_leaving(self, db: sqlite3.Connection, import_id: int, limit: int) -> int: ...

    def count_leaving(self, db: sqlite3.Connection, import_id: int) -> int: ...


def rows_of(count: int, width: int) -> str:
    """The inside of VALUES: `count` rows of `width` places."""
    row = f"({','.join('?' * width)})"
    return ",".join([row] * count)


def flat(rows: Sequence[tuple[Value, ...]]) -> list[Value]:
    return list(chain.from_iterable(rows))


def read_known(answer: str) -> dict[str, Known]:
    """From [[number, id, kind, standing or null, print in hexadecimal or null], ...]."""
    return {
        number: Known(person_id, kind, standing == "on_roll", bytes.fromhex(content_print) if content_print else None)
        for number, person_id, kind, standing, content_print in json.loads(answer)
    }

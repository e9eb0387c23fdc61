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
from typing import ClassVar

Value = str | bytes


@dataclass(frozen=True, slots=True)
class Known:
    """Whom a number stands for, and what the newest applied import says of them: `None` where there is none yet."""

    id: int
    kind: str
    on_roll: bool
    content_print: bytes | None
    fund: str | None
    area: str | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Somebody on the roll, and the import whose version says so."""

    id: int
    import_id: int
    fund: str
    area: str


class Versions:
    """The versions of one kind of roll: `person` is the table of numbers, and the first word of the names beside it."""

    person: ClassVar[str]
    kind_column: ClassVar[str]
    """What kind of person a number stands for."""
    area_column: ClassVar[str]
    """Where a version's area stands."""
    carried: ClassVar[str]
    """What of a version goes on into the next when somebody leaves."""

    def last_id(self, db: sqlite3.Connection) -> int:
        last: int = db.execute(f"SELECT coalesce(max(id), 0) FROM {self.person}").fetchone()[0]  # noqa: S608
        return last

    def known(self, db: sqlite3.Connection, numbers: Sequence[str]) -> dict[str, Known]:
        """Whom numbers stand for; of another kind too, so that nobody becomes a student by a household's number."""
        (answer,) = db.execute(
            f"""
            SELECT json_group_array(
                       json_array(person.number, person.id, {self.kind_column}, version.standing,
                                  hex(version.content_print), version.fund, {self.area_column}))
              FROM json_each(?) AS asked
             CROSS JOIN {self.person} AS person ON person.number = asked.value
              LEFT JOIN {self.person}_version AS version
                ON version.{self.person}_id = person.id AND {self.is_newest("person.id")}
            """,  # noqa: S608 - names of tables and columns only
            (json.dumps(numbers),),
        ).fetchone()
        return {
            number: Known(
                person_id, kind, standing == "on_roll", bytes.fromhex(content_print) if content_print else None, *place
            )
            for number, person_id, kind, standing, content_print, *place in json.loads(answer)
        }

    def add(self, db: sqlite3.Connection, import_id: int, rows: Sequence[tuple[Value, ...]]) -> None:
        raise NotImplementedError

    def on_roll(self, db: sqlite3.Connection, after_id: int, until_id: int) -> list[Standing]:
        """People on the roll today with ids in (after, until]."""
        raise NotImplementedError

    def add_leaving(self, db: sqlite3.Connection, import_id: int, leaving: Sequence[Standing]) -> None:
        """A last version for each: as before, but no longer on the roll."""
        db.executemany(
            f"""
            INSERT INTO {self.person}_version
            SELECT {self.person}_id, ?, 'left', {self.carried}
              FROM {self.person}_version
             WHERE {self.person}_id = ? AND import_id = ?
            """,  # noqa: S608 - as above
            [(import_id, each.id, each.import_id) for each in leaving],
        )

    def drop(self, db: sqlite3.Connection, import_id: int, limit: int) -> int:
        """Take back up to `limit` versions of an import, and numbers that nothing else speaks of; returns how many."""
        found = db.execute(
            f"SELECT {self.person}_id FROM {self.person}_version WHERE import_id = ? LIMIT ?",  # noqa: S608
            (import_id, limit),
        )
        ids = json.dumps([person_id for (person_id,) in found])
        dropped = db.execute(
            f"""
            DELETE FROM {self.person}_version
             WHERE import_id = ? AND {self.person}_id IN (SELECT value FROM json_each(?))
            """,  # noqa: S608 - as above
            (import_id, ids),
        ).rowcount
        db.execute(
            f"""
            DELETE FROM {self.person} AS person
             WHERE id IN (SELECT value FROM json_each(?))
               AND NOT EXISTS (SELECT 1 FROM {self.person}_version WHERE {self.person}_id = person.id)
            """,  # noqa: S608 - as above
            (ids,),
        )
        return dropped

    def drop_leaving(self, db: sqlite3.Connection, import_id: int, limit: int) -> int:
        return db.execute(
            f"""
            DELETE FROM {self.person}_version
             WHERE import_id = ?
               AND {self.person}_id IN (SELECT {self.person}_id
                                          FROM {self.person}_version
                                         WHERE import_id = ? AND standing = 'left'
                                         LIMIT ?)
            """,  # noqa: S608 - as above
            (import_id, import_id, limit),
        ).rowcount

    def count_leaving(self, db: sqlite3.Connection, import_id: int) -> int:
        count: int = db.execute(
            f"SELECT count(*) FROM {self.person}_version WHERE import_id = ? AND standing = 'left'",  # noqa: S608
            (import_id,),
        ).fetchone()[0]
        return count

    def is_newest(self, whose: str) -> str:
        """The condition that `version` is what the newest applied import says of the person with this id."""
        return f"""version.import_id = (SELECT max(each.import_id)
                                        FROM {self.person}_version AS each
                                        JOIN roll_import ON roll_import.id = each.import_id
                                       WHERE each.{self.person}_id = {whose} AND roll_import.state = 'applied')"""  # noqa: S608


def rows_of(count: int, width: int) -> str:
    """The inside of VALUES: `count` rows of `width` places."""
    row = f"({','.join('?' * width)})"
    return ",".join([row] * count)


def flat(rows: Sequence[tuple[Value, ...]]) -> list[Value]:
    return list(chain.from_iterable(rows))

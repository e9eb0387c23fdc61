"""The rolls of households and students as an import sees them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from carefund_bot.store.versions import Known, Standing, Value, flat, read_known, rows_of

_WIDTH = 11


@dataclass(frozen=True, slots=True)
class Holder:
    """A number of the file, and the other person on the roll that holds the same identity number or account."""

    asked_number: str
    id: int
    number: str


@dataclass(frozen=True, slots=True)
class BeneficiaryVersions:
    """Rows to add are (number, fund, area, town, community, source, determined on, three prints, sealed)."""

    kind: str

    def last_id(self, db: sqlite3.Connection) -> int:
        last: int = db.execute("SELECT coalesce(max(id), 0) FROM beneficiary").fetchone()[0]
        return last

    def known(self, db: sqlite3.Connection, numbers: Sequence[str]) -> dict[str, Known]:
        """Numbers of another kind too, so that nobody becomes a student by a household's number."""
        (answer,) = db.execute(
            """
            SELECT json_group_array(
                       json_array(beneficiary.number, beneficiary.id, beneficiary.kind, version.standing,
                                  hex(version.content_print)))
              FROM json_each(?) AS asked
             CROSS JOIN beneficiary ON beneficiary.number = asked.value
              LEFT JOIN beneficiary_version AS version
                ON version.beneficiary_id = beneficiary.id
               AND version.import_id = (SELECT max(each.import_id)
                                          FROM beneficiary_version AS each
                                          JOIN roll_import ON roll_import.id = each.import_id
                                         WHERE each.beneficiary_id = beneficiary.id AND roll_import.state = 'applied')
            """,
            (json.dumps(numbers),),
        ).fetchone()
        return read_known(answer)

    def holders_of_identity(self, db: sqlite3.Connection, asked: Sequence[tuple[str, bytes]]) -> list[Holder]:
        """Others of this kind on the roll with the identity number of an asked (number, print)."""
        return self._holders(db, "identity_print", asked)

    def holders_of_card(self, db: sqlite3.Connection, asked: Sequence[tuple[str, bytes]]) -> list[Holder]:
        return self._holders(db, "card_print", asked)

    def _holders(self, db: sqlite3.Connection, column: str, asked: Sequence[tuple[str, bytes]]) -> list[Holder]:
        rows = db.execute(
            f"""
            WITH asked (number, print) AS (VALUES {rows_of(len(asked), 2)})
            SELECT asked.number, holder.id, holder.number
              FROM asked
             CROSS JOIN beneficiary_version AS version ON version.{column} = asked.print
              JOIN beneficiary AS holder ON holder.id = version.beneficiary_id
             WHERE holder.kind = ? AND holder.number <> asked.number AND version.standing = 'on_roll'
               AND version.import_id = (SELECT max(each.import_id)
                                          FROM beneficiary_version AS each
                                          JOIN roll_import ON roll_import.id = each.import_id
                                         WHERE each.beneficiary_id = holder.id AND roll_import.state = 'applied')
            """,  # noqa: S608 - places and one of two column names
            [*flat(asked), self.kind],
        )
        return [Holder(*row) for row in rows]

    def add(self, db: sqlite3.Connection, import_id: int, rows: Sequence[tuple[Value, ...]]) -> None:
        db.execute(
            """
            INSERT INTO beneficiary (kind, number)
            SELECT ?, value FROM json_each(?) WHERE true ON CONFLICT (number) DO NOTHING
            """,
            (self.kind, json.dumps([row[0] for row in rows])),
        )
        db.execute(
            f"""
            WITH given (number, fund, area, town, community, source, determined_on,
                        identity_print, card_print, content_print, sealed)
              AS (VALUES {rows_of(len(rows), _WIDTH)})
            INSERT INTO beneficiary_version
            SELECT beneficiary.id, ?, 'on_roll', fund, area, town, community, source, determined_on,
                   identity_print, card_print, content_print, sealed
              FROM given
             CROSS JOIN beneficiary ON beneficiary.number = given.number
            """,  # noqa: S608 - places only
            [*flat(rows), import_id],
        )

    def on_roll(self, db: sqlite3.Connection, after_id: int, until_id: int) -> list[Standing]:
        """People of this kind on the roll today with ids in (after, until]."""
        rows = db.execute(
            """
            SELECT version.beneficiary_id, version.import_id, version.fund, version.area
              FROM beneficiary_version AS version
              JOIN beneficiary ON beneficiary.id = version.beneficiary_id
             WHERE version.beneficiary_id > ? AND version.beneficiary_id <= ? AND version.standing = 'on_roll'
               AND beneficiary.kind = ?
               AND version.import_id = (SELECT max(each.import_id)
                                          FROM beneficiary_version AS each
                                          JOIN roll_import ON roll_import.id = each.import_id
                                         WHERE each.beneficiary_id = version.beneficiary_id
                                           AND roll_import.state = 'applied')
            """,
            (after_id, until_id, self.kind),
        )
        return [Standing(*row) for row in rows]

    def add_leaving(self, db: sqlite3.Connection, import_id: int, leaving: Sequence[Standing]) -> None:
        """A last version for each: as before, but no longer on the roll."""
        db.executemany(
            """
            INSERT INTO beneficiary_version
            SELECT beneficiary_id, ?, 'left', fund, area, town, community, source, determined_on,
                   identity_print, card_print, content_print, sealed
              FROM beneficiary_version
             WHERE beneficiary_id = ? AND import_id = ?
            """,
            [(import_id, each.id, each.import_id) for each in leaving],
        )

    def drop(self, db: sqlite3.Connection, import_id: int, limit: int) -> int:
        """Take back up to `limit` versions of an import, and numbers that nothing else speaks of; returns how many."""
        ids = json.dumps(
            [
                beneficiary_id
                for (beneficiary_id,) in db.execute(
                    "SELECT beneficiary_id FROM beneficiary_version WHERE import_id = ? LIMIT ?", (import_id, limit)
                )
            ]
        )
        dropped = db.execute(
            """
            DELETE FROM beneficiary_version
             WHERE import_id = ? AND beneficiary_id IN (SELECT value FROM json_each(?))
            """,
            (import_id, ids),
        ).rowcount
        db.execute(
            """
            DELETE FROM beneficiary
             WHERE id IN (SELECT value FROM json_each(?))
               AND NOT EXISTS (SELECT 1 FROM beneficiary_version WHERE beneficiary_id = beneficiary.id)
            """,
            (ids,),
        )
        return dropped

    def drop_leaving(self, db: sqlite3.Connection, import_id: int, limit: int) -> int:
        return db.execute(
            """
            DELETE FROM beneficiary_version
             WHERE import_id = ?
               AND beneficiary_id IN (SELECT beneficiary_id
                                        FROM beneficiary_version
                                       WHERE import_id = ? AND standing = 'left'
                                       LIMIT ?)
            """,
            (import_id, import_id, limit),
        ).rowcount

    def count_leaving(self, db: sqlite3.Connection, import_id: int) -> int:
        count: int = db.execute(
            "SELECT count(*) FROM beneficiary_version WHERE import_id = ? AND standing = 'left'", (import_id,)
        ).fetchone()[0]
        return count

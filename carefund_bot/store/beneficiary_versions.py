"""The rolls of households and students as an import sees them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from carefund_bot.store.versions import Standing, Value, Versions, flat, rows_of

_WIDTH = 11


@dataclass(frozen=True, slots=True)
class Holder:
    """A number of the file, and the other person on the roll that holds the same identity number or account."""

    asked_number: str
    id: int
    number: str


class BeneficiaryVersions(Versions):
    """Rows to add are (number, fund, area, town, community, source, determined on, three prints, sealed)."""

    person = "beneficiary"
    kind_column = "person.kind"
    area_column = "version.area"
    carried = "fund, area, town, community, source, determined_on, identity_print, card_print, content_print, sealed"

    def __init__(self, kind: str) -> None:
        self._kind = kind

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
               AND {self.is_newest("holder.id")}
            """,  # noqa: S608 - places and one of two column names
            [*flat(asked), self._kind],
        )
        return [Holder(*row) for row in rows]

    def add(self, db: sqlite3.Connection, import_id: int, rows: Sequence[tuple[Value, ...]]) -> None:
        db.execute(
            """
            INSERT INTO beneficiary (kind, number)
            SELECT ?, value FROM json_each(?) WHERE true ON CONFLICT (number) DO NOTHING
            """,
            (self._kind, json.dumps([row[0] for row in rows])),
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
        rows = db.execute(
            f"""
            SELECT version.beneficiary_id, version.import_id, version.fund, version.area
              FROM beneficiary_version AS version
              JOIN beneficiary ON beneficiary.id = version.beneficiary_id
             WHERE version.beneficiary_id > ? AND version.beneficiary_id <= ? AND version.standing = 'on_roll'
               AND beneficiary.kind = ? AND {self.is_newest("version.beneficiary_id")}
            """,  # noqa: S608 - names only
            (after_id, until_id, self._kind),
        )
        return [Standing(*row) for row in rows]

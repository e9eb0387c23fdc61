"""The members' roll as an import sees it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

from carefund_bot.store.versions import Standing, Value, Versions, flat, rows_of

_WIDTH = 7


class MemberVersions(Versions):
    """Rows to add are (number, fund, area, committee, branch, content print, sealed). One per import: it learns."""

    person = "member"
    kind_column = "'member'"
    area_column = "(SELECT area FROM party_branch WHERE party_branch.id = version.branch_id)"
    carried = "fund, branch_id, content_print, sealed"

    def __init__(self) -> None:
        self._branches_there: set[tuple[Value, ...]] = set()

    def add(self, db: sqlite3.Connection, import_id: int, rows: Sequence[tuple[Value, ...]]) -> None:
        db.execute(
            "INSERT INTO member (number) SELECT value FROM json_each(?) WHERE true ON CONFLICT (number) DO NOTHING",
            (json.dumps([row[0] for row in rows]),),
        )
        self._add_branches(db, {row[1:5] for row in rows} - self._branches_there)
        db.execute(
            f"""
            WITH given (number, fund, area, committee, branch, content_print, sealed)
              AS (VALUES {rows_of(len(rows), _WIDTH)})
            INSERT INTO member_version
            SELECT member.id, ?, 'on_roll', given.fund, party_branch.id, given.content_print, given.sealed
              FROM given
             CROSS JOIN member ON member.number = given.number
             CROSS JOIN party_branch
                ON (party_branch.fund, party_branch.area, party_branch.committee, party_branch.name)
                 = (given.fund, given.area, given.committee, given.branch)
            """,  # noqa: S608 - places only
            [*flat(rows), import_id],
        )

    def _add_branches(self, db: sqlite3.Connection, branches: set[tuple[Value, ...]]) -> None:
        """An import writes a branch once, not with each of its members: that was a quarter of the time."""
        if not branches:
            return
        db.execute(
            f"""
            INSERT INTO party_branch (fund, area, committee, name)
            VALUES {rows_of(len(branches), 4)} ON CONFLICT DO NOTHING
            """,  # noqa: S608 - places only
            flat(sorted(branches)),
        )
        self._branches_there |= branches

    def on_roll(self, db: sqlite3.Connection, after_id: int, until_id: int) -> list[Standing]:
        rows = db.execute(
            f"""
            SELECT version.member_id, version.import_id, version.fund, party_branch.area
              FROM member_version AS version
              JOIN party_branch ON party_branch.id = version.branch_id
             WHERE version.member_id > ? AND version.member_id <= ? AND version.standing = 'on_roll'
               AND {self.is_newest("version.member_id")}
            """,  # noqa: S608 - names only
            (after_id, until_id),
        )
        return [Standing(*row) for row in rows]

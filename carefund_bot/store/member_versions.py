"""The members' roll as an import sees it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

from carefund_bot.store.versions import Known, Standing, Value, flat, read_known, rows_of

_WIDTH = 7


class MemberVersions:
    """Rows to add are (number, fund, area, committee, branch, content print, sealed). One per import: it learns."""

    def __init__(self) -> None:
        self._branches_there: set[tuple[Value, ...]] = set()

    def last_id(self, db: sqlite3.Connection) -> int:
        last: int = db.execute("SELECT coalesce(max(id), 0) FROM member").fetchone()[0]
        return last

    def known(self, db: sqlite3.Connection, numbers: Sequence[str]) -> dict[str, Known]:
        (answer,) = db.execute(
            """
            SELECT json_group_array(
                       json_array(member.number, member.id, 'member', version.standing, hex(version.content_print)))
              FROM json_each(?) AS asked
             CROSS JOIN member ON member.number = asked.value
              LEFT JOIN member_version AS version
                ON version.member_id = member.id
               AND version.import_id = (SELECT max(each.import_id)
                                          FROM member_version AS each
                                          JOIN roll_import ON roll_import.id = each.import_id
                                         WHERE each.member_id = member.id AND roll_import.state = 'applied')
            """,
            (json.dumps(numbers),),
        ).fetchone()
        return read_known(answer)

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
        """Members on the roll today with ids in (after, until]."""
        rows = db.execute(
            """
            SELECT version.member_id, version.import_id, version.fund, party_branch.area
              FROM member_version AS version
              JOIN party_branch ON party_branch.id = version.branch_id
             WHERE version.member_id > ? AND version.member_id <= ? AND version.standing = 'on_roll'
               AND version.import_id = (SELECT max(each.import_id)
                                          FROM member_version AS each
                                          JOIN roll_import ON roll_import.id = each.import_id
                                         WHERE each.member_id = version.member_id AND roll_import.state = 'applied')
            """,
            (after_id, until_id),
        )
        return [Standing(*row) for row in rows]

    def add_leaving(self, db: sqlite3.Connection, import_id: int, leaving: Sequence[Standing]) -> None:
        """A last version for each: as before, but no longer on the roll."""
        db.executemany(
            """
            INSERT INTO member_version
            SELECT member_id, ?, 'left', fund, branch_id, content_print, sealed
              FROM member_version
             WHERE member_id = ? AND import_id = ?
            """,
            [(import_id, each.id, each.import_id) for each in leaving],
        )

    def drop(self, db: sqlite3.Connection, import_id: int, limit: int) -> int:
        """Take back up to `limit` versions of an import, and numbers that nothing else speaks of; returns how many."""
        ids = json.dumps(
            [
                member_id
                for (member_id,) in db.execute(
                    "SELECT member_id FROM member_version WHERE import_id = ? LIMIT ?", (import_id, limit)
                )
            ]
        )
        dropped = db.execute(
            "DELETE FROM member_version WHERE import_id = ? AND member_id IN (SELECT value FROM json_each(?))",
            (import_id, ids),
        ).rowcount
        db.execute(
            """
            DELETE FROM member
             WHERE id IN (SELECT value FROM json_each(?))
               AND NOT EXISTS (SELECT 1 FROM member_version WHERE member_id = member.id)
            """,
            (ids,),
        )
        return dropped

    def drop_leaving(self, db: sqlite3.Connection, import_id: int, limit: int) -> int:
        return db.execute(
            """
            DELETE FROM member_version
             WHERE import_id = ?
               AND member_id IN (SELECT member_id FROM member_version WHERE import_id = ? AND standing = 'left' LIMIT ?)
            """,
            (import_id, import_id, limit),
        ).rowcount

    def count_leaving(self, db: sqlite3.Connection, import_id: int) -> int:
        count: int = db.execute(
            "SELECT count(*) FROM member_version WHERE import_id = ? AND standing = 'left'", (import_id,)
        ).fetchone()[0]
        return count

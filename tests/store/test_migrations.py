"""The schema is brought up to date once, or not at all; facts can be neither changed nor deleted."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from importlib.resources import files
from pathlib import Path

import pytest

from carefund_bot.errors import StartRefused
from carefund_bot.store.database import connect_writer
from carefund_bot.store.migrations import applied, known, migrate

FACTS = {
    "audit_event",
    "batch",
    "case_event",
    "case_message",
    "batch_event",
    "beneficiary_version",
    "desk_case",
    "faq_decision",
    "faq_entry",
    "faq_version",
    "change_event",
    "change_request",
    "consent",
    "consent_end",
    "contribution",
    "contribution_reversal",
    "delivery_decision",
    "member_version",
    "notice",
    "notice_event",
    "notice_reading",
    "notice_visit",
    "payment_event",
    "payment_line",
    "pledge",
    "pledge_event",
    "principal_entry",
    "proxy_end",
    "proxy_mandate",
    "remittance",
    "staff_right",
    "staff_right_end",
    "staff_word",
}
STATES = {
    "account": "goes when its owner asks",
    "asked": "counted by day",
    "beat": "one number, see pulse",
    "beneficiary": "a number and an id, guarded by a trigger of its own",
    "case_chat": "goes when its owner asks",
    "case_now": "where a case stands",
    "conversation": "where a person stands in an act",
    "inbox": "updates on their way",
    "link": "deleted at unbinding",
    "link_code": "used or revoked once, guarded by a trigger of its own",
    "link_failure": "counted for a while",
    "member": "a number and an id, guarded by a trigger of its own",
    "meta": "what the database knows of itself",
    "notice_card": "messages that follow a notice for a while",
    "notice_flow": "made from a notice's steps, with them",
    "unclear_text": "nobody's words, for a while",
    "topic_off": "what an account wants to read",
    "migration": "the schema's own record",
    "outbox": "messages on their way",
    "party_branch": "a name and an id",
    "proxy_code": "used or revoked once, guarded by a trigger of its own",
    "proxy_link": "deleted at unbinding, and when the mandate ends",
    "roll_import": "staged, then applied and guarded by triggers of its own",
    "staff": "an id and a sealed name",
}
_A_VALUE = {"INTEGER": 1, "TEXT": "2012-06-01", "BLOB": b"\x00"}


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(connect_writer(tmp_path / "fund.db")) as opened:
        yield opened


def tables(db: sqlite3.Connection) -> set[str]:
    return {
        name
        for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    }


def put_any_row(db: sqlite3.Connection, table: str) -> None:
    """A row that is well-typed and otherwise nonsense, past all checks: it is the triggers that are looked at."""
    columns = db.execute(f"PRAGMA table_info({table})").fetchall()
    names = ", ".join(name for _, name, *_ in columns)
    values = [_A_VALUE[kind] for _, _, kind, *_ in columns]
    db.execute(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(values))})", values)


def without_checks(db: sqlite3.Connection) -> None:
    db.executescript("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON;")
    inserts = db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger' AND sql LIKE '%BEFORE INSERT%'")
    for (name,) in inserts.fetchall():
        db.execute(f"DROP TRIGGER {name}")


def test_a_fresh_file_gets_every_migration_once(db: sqlite3.Connection) -> None:
    assert applied(db) == 0
    migrate(db)
    records = db.execute("SELECT number, name FROM migration ORDER BY number").fetchall()
    assert records == sorted(known().items())
    assert applied(db) == max(known())


def test_no_two_migrations_share_a_number() -> None:
    folder = files("carefund_bot.store.migrations")
    assert sorted(known().values()) == sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))


def test_a_second_start_changes_nothing(db: sqlite3.Connection) -> None:
    migrate(db)
    before = list(db.iterdump())
    migrate(db)
    assert list(db.iterdump()) == before


def test_a_newer_database_is_refused_with_a_sentence(db: sqlite3.Connection) -> None:
    migrate(db)
    db.execute("INSERT INTO migration VALUES (9999, '9999_future.sql', 0)")
    before = list(db.iterdump())
    with pytest.raises(StartRefused, match=r"schema version 9999.*start the newer program"):
        migrate(db)
    assert list(db.iterdump()) == before


def test_a_migration_that_fails_leaves_nothing_of_itself(db: sqlite3.Connection) -> None:
    db.execute("CREATE TABLE member (something_else INTEGER)")
    with pytest.raises(sqlite3.OperationalError, match="member already exists"):
        migrate(db)
    assert applied(db) == 1
    assert not tables(db) & {"party_branch", "roll_import", "beneficiary"}
    db.execute("DROP TABLE member")
    migrate(db)
    assert applied(db) == max(known())


def test_every_table_is_strict(db: sqlite3.Connection) -> None:
    migrate(db)
    loose = db.execute("SELECT name FROM pragma_table_list WHERE type = 'table' AND NOT strict").fetchall()
    assert {name for (name,) in loose if not name.startswith("sqlite_")} == set()


def test_every_table_is_a_fact_or_a_state(db: sqlite3.Connection) -> None:
    migrate(db)
    unknown = tables(db) - FACTS - set(STATES)
    assert not unknown, f"say in this file what {unknown} is: a fact (with triggers) or a state (with a reason)"
    assert tables(db) >= FACTS


@pytest.mark.parametrize("table", sorted(FACTS))
def test_a_fact_is_neither_changed_nor_deleted(db: sqlite3.Connection, table: str) -> None:
    migrate(db)
    without_checks(db)
    put_any_row(db, "roll_import")
    db.execute("UPDATE roll_import SET state = 'applied'")
    put_any_row(db, table)
    column = db.execute(f"PRAGMA table_info({table})").fetchone()[1]
    for change in (
        f"UPDATE {table} SET {column} = {column}",
        f"DELETE FROM {table}",
        f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
    ):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            db.execute(change)


@pytest.mark.parametrize("state", ["applied", "refused", "cancelled"])
def test_an_ended_import_does_not_change(db: sqlite3.Connection, state: str) -> None:
    migrate(db)
    without_checks(db)
    put_any_row(db, "roll_import")
    db.execute("UPDATE roll_import SET state = ?", (state,))
    with pytest.raises(sqlite3.IntegrityError, match="ended import"):
        db.execute("UPDATE roll_import SET state = 'staged'")
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        db.execute("DELETE FROM roll_import")


@pytest.mark.parametrize("table", ["member_version", "beneficiary_version"])
def test_what_was_only_staged_may_be_dropped(db: sqlite3.Connection, table: str) -> None:
    migrate(db)
    without_checks(db)
    put_any_row(db, "roll_import")
    db.execute("UPDATE roll_import SET state = 'staging'")
    put_any_row(db, table)
    db.execute(f"DELETE FROM {table}")
    assert db.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)

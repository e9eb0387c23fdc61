"""One writer that commits many together, each for itself; readers that cannot write."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path

import pytest
import pytest_asyncio

from carefund_bot.store.database import Database, cannot_write_now
from tests.full_disk import full_disk

SCHEMA = """
CREATE TABLE parent (id INTEGER PRIMARY KEY) STRICT;
CREATE TABLE note (
    word   TEXT PRIMARY KEY,
    parent INTEGER REFERENCES parent DEFERRABLE INITIALLY DEFERRED
) STRICT;
"""
PATIENCE_S = 20


class OddError(Exception):
    """A unit's own trouble."""


def make_tables(db: sqlite3.Connection) -> None:
    db.executescript(SCHEMA)


@pytest_asyncio.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = await Database.open(tmp_path / "notes.db", prepare=make_tables)
    yield opened
    await opened.close()


def write(word: str) -> Callable[[sqlite3.Connection], str]:
    def work(db: sqlite3.Connection) -> str:
        db.execute("INSERT INTO note (word) VALUES (?)", (word,))
        return word

    return work


def fail_after(word: str) -> Callable[[sqlite3.Connection], None]:
    def work(db: sqlite3.Connection) -> None:
        db.execute("INSERT INTO note (word) VALUES (?)", (word,))
        raise OddError

    return work


def note(order: list[str], word: str) -> Callable[[sqlite3.Connection], None]:
    """Writes nothing; remembers when its turn came."""
    return lambda _: order.append(word)


def leave_an_orphan(db: sqlite3.Connection) -> None:
    """Only the commit finds this out."""
    db.execute("INSERT INTO note VALUES ('orphan', 99)")


def words_on_disk(path: Path) -> set[str]:
    """What somebody else sees who opens the file now."""
    with closing(sqlite3.connect(path)) as db:
        return {word for (word,) in db.execute("SELECT word FROM note")}


class Gate:
    """A unit of work that keeps the writer busy until it is opened, so that others wait together behind it."""

    def __init__(self, database: Database) -> None:
        self._entered, self._open = threading.Event(), threading.Event()
        self.task = asyncio.create_task(database.write(self._work))

    def _work(self, db: sqlite3.Connection) -> None:
        del db
        self._entered.set()
        assert self._open.wait(PATIENCE_S)

    async def reached(self) -> None:
        assert await asyncio.to_thread(self._entered.wait, PATIENCE_S)

    def open(self) -> None:
        self._open.set()


async def behind_a_gate(database: Database, *works: Callable[[sqlite3.Connection], object]) -> list[object]:
    """Outcomes of units that were committed as one group."""
    gate = Gate(database)
    await gate.reached()
    waiting = [asyncio.create_task(database.write(work)) for work in works]
    await asyncio.sleep(0)
    gate.open()
    return await asyncio.gather(*waiting, return_exceptions=True)


async def test_one_units_failure_is_its_own(database: Database) -> None:
    first, failed, last = await behind_a_gate(database, write("first"), fail_after("failed"), write("last"))
    assert (first, last) == ("first", "last")
    assert isinstance(failed, OddError)
    assert words_on_disk(database.path) == {"first", "last"}


async def test_a_unit_that_breaks_a_rule_takes_only_itself_back(database: Database) -> None:
    outcomes = await behind_a_gate(database, write("same"), write("same"), write("other"))
    assert [type(outcome) for outcome in outcomes] == [str, sqlite3.IntegrityError, str]
    assert words_on_disk(database.path) == {"same", "other"}


async def test_what_was_awaited_is_on_disk(database: Database) -> None:
    async def write_and_look(word: str) -> bool:
        await database.write(write(word))
        return word in words_on_disk(database.path)

    assert all(await asyncio.gather(*(write_and_look(f"word {number}") for number in range(40))))


async def test_nothing_is_on_disk_before_the_commit(database: Database) -> None:
    gate = Gate(database)
    await gate.reached()
    waiting = asyncio.create_task(database.write(write("waiting")))
    await asyncio.sleep(0)
    assert words_on_disk(database.path) == set()
    assert not waiting.done()
    gate.open()
    await waiting
    assert words_on_disk(database.path) == {"waiting"}


async def test_a_commit_that_fails_is_told_to_everybody_in_it(database: Database) -> None:
    outcomes = await behind_a_gate(database, write("innocent"), leave_an_orphan)
    assert [type(outcome) for outcome in outcomes] == [sqlite3.IntegrityError] * 2
    assert words_on_disk(database.path) == set()
    assert await database.write(write("after")) == "after"


async def test_bulk_work_waits_for_everybody_else(database: Database) -> None:
    order: list[str] = []
    gate = Gate(database)
    await gate.reached()
    bulk = [asyncio.create_task(database.write(note(order, f"bulk {number}"), bulk=True)) for number in (1, 2)]
    await asyncio.sleep(0)
    person = asyncio.create_task(database.write(note(order, "person")))
    await asyncio.sleep(0)
    gate.open()
    await asyncio.gather(person, *bulk)
    assert order == ["person", "bulk 1", "bulk 2"]


async def test_a_caller_who_gives_up_leaves_the_others_alone(database: Database) -> None:
    gate = Gate(database)
    await gate.reached()
    impatient = asyncio.create_task(database.write(write("impatient")))
    patient = asyncio.create_task(database.write(write("patient")))
    await asyncio.sleep(0)
    impatient.cancel()
    gate.open()
    assert await patient == "patient"
    assert "patient" in words_on_disk(database.path)


async def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        await database.read(write("sneaky"))
    assert words_on_disk(database.path) == set()


async def test_a_readers_trouble_leaves_the_reader_usable(database: Database) -> None:
    with pytest.raises(sqlite3.OperationalError):
        await database.read(lambda db: db.execute("SELECT * FROM nothing_here"))
    assert await database.read(lambda db: db.execute("SELECT 1").fetchone()) == (1,)


async def test_nobody_waits_for_a_long_read(database: Database) -> None:
    may_end = threading.Event()
    long_read = asyncio.create_task(database.read(lambda _: may_end.wait(), long=True))
    try:
        async with asyncio.timeout(10):
            assert await database.read(lambda db: db.execute("SELECT 1").fetchone()) == (1,)
        assert not long_read.done()
    finally:
        may_end.set()
    await long_read


async def test_a_disk_that_fills_up_in_the_middle_of_a_unit_is_named_to_all(database: Database) -> None:
    """SQLite takes the whole transaction back by itself then: there is no savepoint left to go back to."""
    await database.write(lambda db: db.execute("PRAGMA cache_size = 1"))
    with full_disk():
        good, bad = asyncio.create_task(database.write(write("one"))), asyncio.create_task(database.write(_write_much))
        failures = await asyncio.gather(good, bad, return_exceptions=True)
    assert [isinstance(failure, Exception) and cannot_write_now(failure) for failure in failures] == [True, True]
    assert await database.write(write("afterwards")) == "afterwards"
    assert words_on_disk(database.path) == {"afterwards"}


def _write_much(db: sqlite3.Connection) -> None:
    for number in range(200):
        write(f"{number} {'w' * 5_000}")(db)


async def test_closing_commits_what_waits(tmp_path: Path) -> None:
    database = await Database.open(tmp_path / "notes.db", prepare=make_tables)
    waiting = asyncio.create_task(database.write(write("last words")))
    await asyncio.sleep(0)
    await database.close()
    assert await waiting == "last words"
    assert words_on_disk(tmp_path / "notes.db") == {"last words"}


async def test_the_writer_is_careful(database: Database) -> None:
    def pragmas(db: sqlite3.Connection) -> list[object]:
        return [db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous", "foreign_keys")]

    assert await database.write(pragmas) == ["wal", 2, 1]


async def test_what_bulk_work_writes_is_copied_into_the_file_in_small_parts(database: Database) -> None:
    word = "w" * 50_000
    for number in range(60):
        await database.write(write(f"{number} {word}"), bulk=True)
    log = database.path.with_name(f"{database.path.name}-wal")
    assert log.stat().st_size < 60 * len(word) / 2


async def test_bulk_work_can_tell_whether_others_would_have_to_wait(database: Database) -> None:
    await database.write(write("bulk"), bulk=True)
    assert not database.has_company
    await database.write(lambda db: db.execute("SELECT word FROM note").fetchall())
    assert not database.has_company, "who changes nothing is nobody"
    await database.write(write("somebody"))
    assert database.has_company

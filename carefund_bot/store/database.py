"""One SQLite file, one writer, read-only readers; the only importer of aiosqlite.

A unit of work is a plain function of a `sqlite3.Connection`. It crosses to the connection's thread once, whatever
it does there (a hop per statement costs more than the statement). Writes that wait together are committed together:
each in its own savepoint, so that one's failure is its own, all under one durable commit. Whoever awaits a write
hears of it only after that commit. `bulk` work (an import's rows) goes alone and only when nobody else waits. What bulk
work leaves in the write-ahead log is copied into the file by a connection of its own, in small parts, while only bulk
work waits: else a pledge would now and then have to do it for the whole log.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections import deque
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar

import aiosqlite

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]

GROUP_LIMIT = 256
_BULK_BETWEEN_COPIES = 12
_COMPANY_S = 1.0
_NO_WRITES_NOW = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_BUSY})
_Waiting = tuple[Work[Any], "asyncio.Future[Any]"]


def cannot_write_now(error: BaseException) -> bool:
    """Whether a write failed on a full or failing disk, or on another process that holds the file: it may go later."""
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and (code & 0xFF) in _NO_WRITES_NOW  # the rest says which call it was


class _Hand(aiosqlite.Connection):
    """A connection on its own thread that runs whole functions, which aiosqlite's public calls cannot."""

    async def run(self, work: Callable[..., T], *arguments: object) -> T:
        outcome: T = await self._execute(work, self._conn, *arguments)  # type: ignore[no-untyped-call]
        return outcome


class Database:
    """Readers and the writer of one file; made by `Database.open`, ended by `close`."""

    def __init__(self, path: Path, writer: _Hand, reader: _Hand, long_reader: _Hand) -> None:
        self.path = path
        self._writer = writer
        self._reader = reader
        self._long_reader = long_reader
        self._waiting: deque[_Waiting] = deque()
        self._waiting_bulk: deque[_Waiting] = deque()
        self._committing: asyncio.Task[None] | None = None
        self._bulk_since_copy = 0
        self._company_until = 0.0

    @classmethod
    async def open(cls, path: Path, *, prepare: Callable[[sqlite3.Connection], None]) -> Database:
        """Open the file, let `prepare` bring its schema up to date, then open the readers."""
        writer = _Hand(lambda: connect_writer(path), 64)
        await writer
        try:
            await writer.run(prepare)
            reader, long_reader = (_Hand(lambda: connect_reader(path), 64) for _ in range(2))
            await reader
            await long_reader
        except BaseException:
            await writer.close()
            raise
        return cls(path, writer, reader, long_reader)

    async def close(self) -> None:
        """Commit what waits, then close the connections."""
        while self._committing is not None:
            await asyncio.shield(self._committing)
        await self._reader.close()
        await self._long_reader.close()
        await self._writer.close()

    async def read(self, work: Work[T], *, long: bool = False) -> T:
        """Run a read-only unit of work on one consistent snapshot.

        What looks through a whole roll is `long` and has a connection apart: nobody who asks something waits for it.
        """
        return await (self._long_reader if long else self._reader).run(_in_snapshot, work)

    async def write(self, work: Work[T], *, bulk: bool = False) -> T:
        """Run a unit of work in a transaction; returns once it is on disk, or raises what it raised."""
        if bulk:
            await self._copy_now_and_then()
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        (self._waiting_bulk if bulk else self._waiting).append((work, future))
        if self._committing is None:
            self._committing = asyncio.create_task(self._commit_waiting())
        return await future

    @property
    def has_company(self) -> bool:
        """Whether somebody wrote within the last second who will not like to wait for bulk work.

        The bot itself looks every second for what is to be sent: whoever changes nothing is nobody.
        """
        return asyncio.get_running_loop().time() < self._company_until

    async def _copy_now_and_then(self) -> None:
        self._bulk_since_copy += 1
        if self._bulk_since_copy >= _BULK_BETWEEN_COPIES:
            self._bulk_since_copy = 0
            await asyncio.to_thread(_copy_log_into_file, self.path)

    async def _commit_waiting(self) -> None:
        while self._waiting or self._waiting_bulk:
            is_bulk, group = not self._waiting, self._next_group()
            works = [work for work, _ in group]
            try:
                outcomes, changed = await self._writer.run(_commit_group, works)
            except BaseException as error:  # noqa: BLE001 - the commit itself failed: each waiting caller is told
                outcomes, changed = [error] * len(group), False
            if changed and not is_bulk:
                self._company_until = asyncio.get_running_loop().time() + _COMPANY_S
            for (_, future), outcome in zip(group, outcomes, strict=True):
                if future.done():
                    continue
                if isinstance(outcome, BaseException):
                    future.set_exception(outcome)
                else:
                    future.set_result(outcome)
        self._committing = None

    def _next_group(self) -> list[_Waiting]:
        if not self._waiting:
            return [self._waiting_bulk.popleft()]
        return [self._waiting.popleft() for _ in range(min(GROUP_LIMIT, len(self._waiting)))]


def connect_writer(path: Path) -> sqlite3.Connection:
    """A connection for the one writer; also what commands use that work offline."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=512)
    connection.executescript(
        """
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        PRAGMA foreign_keys = ON;
        PRAGMA recursive_triggers = ON; -- without it, INSERT OR REPLACE takes a fact away past its guards
        PRAGMA busy_timeout = 10000;
        PRAGMA mmap_size = 0;
        PRAGMA cache_size = -16384;
        PRAGMA wal_autocheckpoint = 4000;
        """
    )
    return connection


def connect_reader(path: Path) -> sqlite3.Connection:
    """A connection that cannot write."""
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None, check_same_thread=False
    )
    connection.executescript(
        "PRAGMA query_only = ON; PRAGMA busy_timeout = 10000; PRAGMA mmap_size = 0; PRAGMA cache_size = -16384;"
    )
    return connection


def _copy_log_into_file(path: Path) -> None:
    with closing(connect_writer(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)")


def _in_snapshot(connection: sqlite3.Connection, work: Work[T]) -> T:
    connection.execute("BEGIN")
    try:
        return work(connection)
    finally:
        if connection.in_transaction:
            connection.execute("COMMIT")


def _commit_group(connection: sqlite3.Connection, works: list[Work[Any]]) -> tuple[list[object], bool]:
    """What each unit gave or raised, and whether any changed a row."""
    rows_before = connection.total_changes
    connection.execute("BEGIN IMMEDIATE")
    try:
        outcomes = [_in_savepoint(connection, work) for work in works]
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return outcomes, connection.total_changes > rows_before


def _in_savepoint(connection: sqlite3.Connection, work: Work[Any]) -> object:
    connection.execute("SAVEPOINT unit")
    try:
        outcome: object = work(connection)
    except Exception as error:
        if not connection.in_transaction:  # a full disk took the whole transaction back
            raise
        connection.execute("ROLLBACK TO unit")
        outcome = error  # handed to the caller who waits for this unit
    connection.execute("RELEASE unit")
    return outcome

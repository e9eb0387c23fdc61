"""Pledges made at once: our grouped commits beside one aiosqlite connection that commits each of them.

    python -m benchmarks.committing WAY FOLDER

Each way runs in a process of its own and prints pledges a second.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import Any, Final

import aiosqlite

from benchmarks.figures import Figure, compare
from benchmarks.processes import ROOT
from benchmarks.store import SPEAKERS, store
from carefund_bot.access import Actor
from carefund_bot.domain.money import Money
from carefund_bot.domain.pledges import Rhythm, Terms
from carefund_bot.store import people
from carefund_bot.store import pledges as store_pledges
from carefund_bot.store.database import Database, connect_writer

_AT_ONCE: Final = 64
_SECONDS: Final = 4.0
_AT: Final = 1_338_500_000
_TERMS: Final = Terms(Rhythm.MONTHLY, Money(5_000), 12)

Statement = tuple[str, tuple[Any, ...]]


class _Dictated:
    """Stands in for a connection and notes what it is asked; nothing is there, and a new row's id is 1."""

    def __init__(self) -> None:
        self.statements: list[Statement] = []

    def execute(self, sql: str, parameters: tuple[Any, ...] = ()) -> _Dictated:
        """Note a statement."""
        self.statements.append((sql, parameters))
        return self

    def fetchone(self) -> tuple[int] | None:
        """The id of what was just inserted, if it was."""
        return (1,) if "RETURNING" in self.statements[-1][0] else None


def measure(rounds: int) -> list[Figure]:
    """Pledges a second with 64 waiting, each on disk before its maker hears of it."""
    runs = [(_in_own_process("ours"), _in_own_process("usual")) for _ in range(rounds)]
    return [
        compare(
            "pledge commits/s, 64 waiting, synchronous = FULL",
            "one aiosqlite connection, one commit each",
            "/s",
            [mine for mine, _ in runs],
            [usual for _, usual in runs],
            must=5,
            goal=12,
        )
    ]


def _in_own_process(way: str) -> float:
    with store() as folder:
        answer = subprocess.run(  # noqa: S603 - ourselves
            [sys.executable, "-m", "benchmarks.committing", way, str(folder)], cwd=ROOT, check=True, capture_output=True
        )
    per_second: float = json.loads(answer.stdout)
    return per_second


def write_pledge(db: Any, actor: Actor, number: int) -> None:
    """What confirming a pledge writes, without what its maker is then shown."""
    request_id = f"bench-{number}"
    if store_pledges.made_by(db, request_id) is None:
        member_id = actor.member_id or 0
        pledge_id = store_pledges.add(db, request_id, member_id, "city", _TERMS, date(2012, 6, 1), _AT, None)
        people.add_audit(db, actor, "pledge_made", _AT, subject="member", subject_id=member_id, pledge=pledge_id)


async def ours(folder: Path) -> float:
    """Through the real database: units that wait together are committed together."""
    database = await Database.open(folder / "fund.db", prepare=lambda _: None)
    actors = await database.read(_actors)

    async def pledge(number: int) -> None:
        await database.write(lambda db: write_pledge(db, actors[number % SPEAKERS], number))

    try:
        return await _per_second(pledge)
    finally:
        await database.close()


async def usual(folder: Path) -> float:
    """The same statements, each awaited, under a lock, with a commit."""
    connection = connect_writer(folder / "fund.db")
    actors = _actors(connection)
    async with aiosqlite.connect(folder / "fund.db", isolation_level=None) as db:
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "cache_size = -32768", "foreign_keys = ON"):
            await db.execute(f"PRAGMA {pragma}")
        lock = asyncio.Lock()

        async def pledge(number: int) -> None:
            dictated = _Dictated()
            write_pledge(dictated, actors[number % SPEAKERS], number)
            async with lock:
                await db.execute("BEGIN IMMEDIATE")
                for sql, parameters in dictated.statements:
                    await db.execute_fetchall(sql, parameters)
                await db.execute("COMMIT")

        return await _per_second(pledge)


def _actors(db: sqlite3.Connection) -> list[Actor]:
    return [people.actor_of(db, user) for user in range(1, SPEAKERS + 1)]


async def _per_second(pledge: Callable[[int], Awaitable[None]]) -> float:
    """`_AT_ONCE` tasks, each one pledge after another."""
    began = time.monotonic()
    done = 0

    async def keep_pledging(first: int) -> None:
        nonlocal done
        number = first
        while time.monotonic() - began < _SECONDS:
            await pledge(number)
            number += _AT_ONCE
            done += 1

    await asyncio.gather(*(keep_pledging(first) for first in range(_AT_ONCE)))
    return done / (time.monotonic() - began)


if __name__ == "__main__":
    run = {"ours": ours, "usual": usual}[sys.argv[1]]
    sys.stdout.write(json.dumps(asyncio.run(run(Path(sys.argv[2])))))

"""A large roll through the real service, beside `sqlite3 .import` of the same file; and how pledges fare meanwhile.

Run as `python -m benchmarks.import_roll`. Each import runs in a process of its own, so that its memory is its own.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from benchmarks.rolls import write_members
from carefund_bot.access import OPERATOR, Actor
from carefund_bot.domain.money import Money
from carefund_bot.domain.pledges import Rhythm, Terms
from carefund_bot.domain.rolls import total
from carefund_bot.files.headers import RollKind
from carefund_bot.fund import Fund, open_fund
from carefund_bot.services.entries import read_batches
from carefund_bot.services.ground import new_request_id
from carefund_bot.settings import Settings
from carefund_bot.store import roll_imports
from carefund_bot.store.member_versions import MemberVersions

AIM = 0.2
PLEDGES_A_SECOND = 50
MEMBERS_WHO_PLEDGE = 200
TERMS = Terms(Rhythm.MONTHLY, Money.yuan(50))

DOT_IMPORT = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA cache_size = -32768;
PRAGMA wal_autocheckpoint = 4000;
CREATE TABLE roll (number TEXT, name TEXT, fund TEXT, area TEXT, committee TEXT, branch TEXT, phone TEXT);
CREATE UNIQUE INDEX roll_by_number ON roll (number);
CREATE UNIQUE INDEX roll_by_phone ON roll (phone);
.mode csv
.import --skip 1 {file} roll
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """Wall and processor seconds and peak resident megabytes of one import; waits of pledges in milliseconds."""

    rows: int
    seconds: float
    cpu_seconds: float
    peak_mb: float
    waits_ms: tuple[float, ...] = ()

    @property
    def rows_a_second(self) -> float:
        return self.rows / self.seconds

    def wait_ms(self, share: float) -> float:
        ordered = sorted(self.waits_ms)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0


async def through_the_service(fund: Fund, file: Path) -> int:
    """Checked, compared, sealed, staged in small commits, applied; returns how many rows."""
    preview = await fund.rolls.stage(OPERATOR, file, file.name, RollKind.MEMBERS)
    if preview.import_id is None:
        raise AssertionError("the invented roll has faults")
    return total((await fund.rolls.apply(OPERATOR, preview.import_id)).by_fund).new


async def in_one_transaction(fund: Fund, file: Path) -> int:
    """The same rows into the same tables, all in one commit."""
    ground, versions = fund.ground, MemberVersions()
    reading = partial(read_batches, file, RollKind.MEMBERS, ground.sealer, today=ground.today())
    batches = await asyncio.to_thread(lambda: list(reading()))
    rows = [entry.values for batch in batches for entry in batch.entries]

    def work(db: sqlite3.Connection) -> None:
        begun = roll_imports.begin(db, RollKind.MEMBERS, file.name, b"", None, ground.now())
        for start in range(0, len(rows), 1000):
            versions.add(db, begun.id, rows[start : start + 1000])

    await ground.db.write(work, bulk=True)
    return len(rows)


WAYS = {"service": through_the_service, "one-transaction": in_one_transaction}


async def measure(way: str, file: Path, *, with_pledges: bool) -> Measured:
    waits: list[float] = []
    with tempfile.TemporaryDirectory(dir=file.parent) as folder:
        store = {"database": Path(folder) / "fund.db", "key_file": Path(folder) / "fund.key"}
        async with open_fund(Settings.model_validate({"store": store})) as fund:
            members = await some_members(fund, file) if with_pledges else []
            gc.freeze()  # as the bot does when it begins to serve
            async with pledging_steadily(fund, members, waits):
                started, cpu_started = time.perf_counter(), time.process_time()
                rows = await WAYS[way](fund, file)
                seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - cpu_started
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Measured(rows, seconds, cpu_seconds, peak_mb, tuple(waits))


async def some_members(fund: Fund, file: Path) -> list[Actor]:
    """The first ones of the file are the roll of yesterday: they pledge while the whole file comes in."""
    small = file.with_name("yesterday.csv")
    with file.open(encoding="utf-8") as whole:
        small.write_text("".join(islice(whole, MEMBERS_WHO_PLEDGE + 1)), encoding="utf-8")
    await through_the_service(fund, small)
    ids = await fund.ground.db.read(lambda db: db.execute("SELECT id FROM member").fetchall())
    return [Actor(user_id=member_id, member_id=member_id) for (member_id,) in ids]


@asynccontextmanager
async def pledging_steadily(fund: Fund, members: list[Actor], waits: list[float]) -> AsyncIterator[None]:
    """Members pledge through the real service, 50 a second, until the block ends; timed from when each was due."""
    loop, pledges = asyncio.get_running_loop(), set()
    start = loop.time()

    async def pledge(member: Actor, due: float) -> None:
        await fund.pledging.make(member, new_request_id(), TERMS)
        waits.append((loop.time() - due) * 1000)

    async def go_on() -> None:
        for number, member in enumerate(cycle(members), 1):
            due = start + number / PLEDGES_A_SECOND
            await asyncio.sleep(due - loop.time())
            pledges.add(asyncio.create_task(pledge(member, due)))

    going_on = asyncio.create_task(go_on())
    try:
        yield
    finally:
        going_on.cancel()
        with suppress(asyncio.CancelledError):
            await going_on
        await asyncio.gather(*pledges)


def in_own_process(way: str, file: Path, *, with_pledges: bool = False) -> Measured:
    arguments = [sys.executable, "-m", __spec__.name, "--way", way, "--file", str(file)]
    if with_pledges:
        arguments.append("--with-pledges")
    answer = subprocess.run(arguments, check=True, capture_output=True, text=True)  # noqa: S603 - ourselves
    return Measured(**json.loads(answer.stdout))


def dot_import(file: Path) -> Measured | None:
    """`sqlite3 .import` into a table with two unique indexes; None where there is no sqlite3 program."""
    program = shutil.which("sqlite3")
    if program is None:
        return None
    with tempfile.TemporaryDirectory(dir=file.parent) as folder:
        database = Path(folder) / "roll.db"
        started = time.perf_counter()
        subprocess.run(  # noqa: S603 - found on the path, told our own script
            [program, "-bail", str(database)],
            input=DOT_IMPORT.format(file=file),
            text=True,
            check=True,
            capture_output=True,
        )
        seconds = time.perf_counter() - started
        with sqlite3.connect(database) as db:
            (rows,) = db.execute("SELECT count(*) FROM roll").fetchone()
        db.close()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Measured(rows, seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def compare(rows: int, fewer_rows: int, rounds: int) -> None:
    console = Console()
    with tempfile.TemporaryDirectory() as folder:
        small, large = Path(folder) / "small.csv", Path(folder) / "large.csv"
        console.print(f"writing an invented roll of {rows:,} members")
        write_members(small, fewer_rows)
        write_members(large, rows)
        _compare_speed(console, small, large)
        _compare_waits(console, large, rounds)


def _compare_speed(console: Console, small: Path, large: Path) -> None:
    plain, service, fewer = dot_import(large), in_own_process("service", large), in_own_process("service", small)
    table = Table("way", "rows", "rows/s", "CPU us/row", "peak MB")
    for name, measured in (("sqlite3 .import", plain), ("the service", service), ("the service, fewer rows", fewer)):
        if measured is not None:
            cpu_us = measured.cpu_seconds / measured.rows * 1e6
            figures = (f"{measured.rows:,}", f"{measured.rows_a_second:,.0f}", f"{cpu_us:.1f}")
            table.add_row(name, *figures, f"{measured.peak_mb:.0f}")
    console.print(table)
    if plain is None:
        console.print("There is no sqlite3 program here (Debian: apt install sqlite3): nothing to compare with.")
    else:
        ratio = service.rows_a_second / plain.rows_a_second
        console.print(f"checked, sealed and versioned at {ratio:.2f} x sqlite3 .import (aim: {AIM} or more)")


def _compare_waits(console: Console, file: Path, rounds: int) -> None:
    """The two ways take turns, so that other work on the machine meets both."""
    runs = [{way: in_own_process(way, file, with_pledges=True) for way in WAYS} for _ in range(rounds)]
    table = Table(f"{PLEDGES_A_SECOND} pledges/s meanwhile, medians of {rounds}", "p50 ms", "p99 ms", "max ms")
    for way in WAYS:
        table.add_row(way, *(f"{median(run[way].wait_ms(share) for run in runs):.1f}" for share in (0.5, 0.99, 1)))
    console.print(table)
    ratio = median(run["one-transaction"].wait_ms(0.99) / run["service"].wait_ms(0.99) for run in runs)
    console.print(f"a pledge's p99 is 1/{ratio:.0f} of that beside one big transaction (aim: 1/30 or less)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=500_000)
    parser.add_argument("--fewer-rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--with-pledges", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.way:
        measured = asyncio.run(measure(given.way, given.file, with_pledges=given.with_pledges))
        sys.stdout.write(json.dumps(asdict(measured)))
    else:
        compare(given.rows, given.fewer_rows, given.rounds)


if __name__ == "__main__":
    main()

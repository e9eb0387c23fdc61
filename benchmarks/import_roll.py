"""A large roll through the real service, beside `sqlite3 .import` of the same file; and who has to wait meanwhile.

Run as `python -m benchmarks.import_roll`. Each import runs in a process of its own, so that its memory is its own.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.rolls import write_members
from carefund_bot.access import OPERATOR
from carefund_bot.files.headers import RollKind
from carefund_bot.fund import Fund, open_fund
from carefund_bot.services.entries import read_batches
from carefund_bot.settings import Settings
from carefund_bot.store import roll_imports
from carefund_bot.store.member_versions import MemberVersions

AIM = 0.2
WRITES_A_SECOND = 50

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
    """Wall and processor seconds and peak resident megabytes of one import; waits of others in milliseconds."""

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


async def in_one_transaction(fund: Fund, file: Path) -> None:
    """The same rows into the same tables, all in one commit."""
    ground, versions = fund.ground, MemberVersions()
    batches = list(read_batches(file, RollKind.MEMBERS, ground.sealer, today=ground.today()))

    def work(db: sqlite3.Connection) -> None:
        begun = roll_imports.begin(db, RollKind.MEMBERS, file.name, b"", None, ground.now())
        rows = [entry.values for batch in batches for entry in batch.entries]
        for start in range(0, len(rows), 1000):
            versions.add(db, begun.id, rows[start : start + 1000])

    await ground.db.write(work, bulk=True)


WAYS = {"service": through_the_service, "one-transaction": in_one_transaction}


async def measure(way: str, file: Path, *, with_others: bool) -> Measured:
    waits: list[float] = []
    with tempfile.TemporaryDirectory(dir=file.parent) as folder:
        store = {"database": Path(folder) / "fund.db", "key_file": Path(folder) / "fund.key"}
        async with open_fund(Settings.model_validate({"store": store})) as fund:
            others = asyncio.create_task(write_now_and_then(fund, waits)) if with_others else None
            started, cpu_started = time.perf_counter(), time.process_time()
            await WAYS[way](fund, file)
            seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - cpu_started
            if others is not None:
                others.cancel()
                with suppress(asyncio.CancelledError):
                    await others
            rows = await fund.ground.db.read(lambda db: db.execute("SELECT count(*) FROM member_version").fetchone()[0])
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Measured(rows, seconds, cpu_seconds, peak_mb, tuple(waits))


async def write_now_and_then(fund: Fund, waits: list[float]) -> None:
    """Somebody's small write, 50 a second, whoever else is writing; each is timed until it is on disk."""
    loop, pending = asyncio.get_running_loop(), set()
    start, count = loop.time(), 0

    async def one(due: float) -> None:
        at = fund.ground.now()
        await fund.ground.db.write(
            lambda db: db.execute("INSERT INTO audit_event (at, act) VALUES (?, 'benchmark')", (at,)).rowcount
        )
        waits.append((loop.time() - due) * 1000)

    try:
        while True:
            count += 1
            due = start + count / WRITES_A_SECOND
            await asyncio.sleep(due - loop.time())
            task = asyncio.create_task(one(due))
            pending.add(task)
            task.add_done_callback(pending.discard)
    finally:
        await asyncio.gather(*pending)


def in_own_process(way: str, file: Path, *, with_others: bool = False) -> Measured:
    arguments = [sys.executable, "-m", __spec__.name, "--way", way, "--file", str(file)]
    if with_others:
        arguments.append("--with-others")
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


def compare(rows: int, others_rows: int) -> None:
    console = Console()
    with tempfile.TemporaryDirectory() as folder:
        small, large = Path(folder) / "small.csv", Path(folder) / "large.csv"
        console.print(f"writing an invented roll of {rows:,} members")
        write_members(small, others_rows)
        write_members(large, rows)
        plain = dot_import(large)
        service = in_own_process("service", large)
        service_small = in_own_process("service", small)
        table = Table("way", "rows", "rows/s", "CPU us/row", "peak MB")
        for name, measured in (
            ("sqlite3 .import", plain),
            ("the service", service),
            ("the service, smaller file", service_small),
        ):
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
        waits = Table(f"{WRITES_A_SECOND} small writes/s meanwhile, {others_rows:,} rows", "p50 ms", "p99 ms", "max ms")
        for name, way in (("the service", "service"), ("one transaction", "one-transaction")):
            measured = in_own_process(way, small, with_others=True)
            waits.add_row(name, *(f"{measured.wait_ms(share):.1f}" for share in (0.5, 0.99, 1)))
        console.print(waits)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=500_000)
    parser.add_argument("--others-rows", type=int, default=100_000)
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--with-others", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.way:
        measured = asyncio.run(measure(given.way, given.file, with_others=given.with_others))
        sys.stdout.write(json.dumps(asdict(measured)))
    else:
        compare(given.rows, given.others_rows)


if __name__ == "__main__":
    main()

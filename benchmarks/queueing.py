"""A notice to everybody who is linked: from its audience to a row for each, beside the bare `INSERT … SELECT` of those.

    python -m benchmarks.queueing WAY FOLDER

Each way runs in a process of its own and prints seconds and rows. Before it, both have counted whom it would reach, as
an editor has seen it counted.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from benchmarks.figures import Figure, compare
from benchmarks.processes import ROOT
from benchmarks.store import SPEAKERS, store
from carefund_bot.access import OPERATOR
from carefund_bot.domain.notices import Audience, Place, Reader
from carefund_bot.fund import Fund, open_fund
from carefund_bot.seeding import FULL
from carefund_bot.settings import Settings
from carefund_bot.store import notices
from carefund_bot.store.database import connect_writer
from carefund_bot.store.notices import Content

_RECIPIENTS: Final = 48_704
_CONTENT: Final = Content(audience=Audience((Reader.MEMBER,), Place()), text_zh="各位好，下周一休息。", text_en=None)
_BARE: Final = """
    INSERT INTO outbox (reference, user_id, kind, notice_id, lane, facts, queued_at, changed_at)
    SELECT 'notice:' || :notice_id || ':' || user_id, user_id, 'notice', :notice_id, 2, x'', :now, :now FROM account
"""


def measure(rounds: int) -> list[Figure]:
    """Seconds until all is on disk."""
    runs = [(_in_own_process("service"), _in_own_process("bare")) for _ in range(rounds)]
    return [
        compare(
            f"{_RECIPIENTS:,} recipients of a notice queued",
            "INSERT … SELECT into the same table",
            "s",
            [service for service, _ in runs],
            [bare for _, bare in runs],
            must=3,
            goal=2,
        )
    ]


def _in_own_process(way: str) -> float:
    with store() as folder:
        _link_more(folder)
        answer = subprocess.run(  # noqa: S603 - ourselves
            [sys.executable, "-m", "benchmarks.queueing", way, str(folder)], cwd=ROOT, check=True, capture_output=True
        )
    seconds, rows = json.loads(answer.stdout)
    if rows != _RECIPIENTS:
        raise AssertionError(f"{way} queued {rows} rows")
    measured: float = seconds
    return measured


def _link_more(folder: Path) -> None:
    """So many accounts in all, each a member's; `store` has linked every 25th member."""
    first, last, every = SPEAKERS + 1, _RECIPIENTS, FULL.members // SPEAKERS
    db = connect_writer(folder / "fund.db")
    db.execute("BEGIN")
    db.executemany(
        "INSERT INTO account (user_id, language, first_seen_at) VALUES (?, 'zh_CN', 0)",
        ((number,) for number in range(first, last + 1)),
    )
    db.executemany(
        "INSERT INTO link (user_id, subject, subject_id, linked_at) VALUES (?, 'member', ?, 0)",
        ((number, 1 + number % SPEAKERS * every + number // SPEAKERS) for number in range(first, last + 1)),
    )
    db.execute("COMMIT")
    db.close()


async def service(fund: Fund) -> None:
    """As the confirm button does it."""
    await fund.notices.send(OPERATOR, "bench", _CONTENT)


async def bare(fund: Fund) -> None:
    """The rows and nothing else."""
    now = fund.ground.now()

    def write(db: sqlite3.Connection) -> None:
        db.execute(_BARE, {"notice_id": 1, "now": now})

    await fund.ground.db.write(write)


async def _write_notice(fund: Fund) -> None:
    """A row for the bare rows to point to."""
    await fund.ground.db.write(
        lambda db: notices.add(db, "bench", _CONTENT, None, fund.ground.now(), alone_at_most=_RECIPIENTS)
    )


async def _time(way: str, folder: Path) -> tuple[float, int]:
    settings = Settings.model_validate(
        {
            "store": {"database": folder / "fund.db", "key_file": folder / "fund.key"},
            "notices": {"alone_at_most": _RECIPIENTS},
        }
    )
    async with open_fund(settings) as fund:
        await fund.notices.look(OPERATOR, _CONTENT.audience)
        if way == "bare":
            await _write_notice(fund)
        began = time.monotonic()
        await {"service": service, "bare": bare}[way](fund)
        seconds = time.monotonic() - began
        (rows,) = await fund.ground.db.read(lambda db: db.execute("SELECT count(*) FROM outbox").fetchone())
        return seconds, rows


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(_time(sys.argv[1], Path(sys.argv[2])))))

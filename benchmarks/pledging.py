"""A pledge confirmed by a button: on disk before its answer goes out, beside the same handler that writes none."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from benchmarks.fake_api import Load
from benchmarks.figures import Figure
from benchmarks.processes import BOT_CORE, Api, Program, program
from benchmarks.store import SPEAKERS, bot_arguments, store
from benchmarks.updates import Start, compare_speeds, take_turns
from carefund_bot.domain.pledges import Rhythm
from carefund_bot.sealing import Sealer, read_key
from carefund_bot.store import conversations
from carefund_bot.store.database import connect_writer

_CONFIRMING: Final = Load(button="pledge:confirm::bench-{person}", updates=SPEAKERS - 1_000, people=SPEAKERS)
"""Everybody presses once."""


def measure(rounds: int) -> list[Figure]:
    """Confirmed pledges a second."""
    mine, without = take_turns(rounds, _bot("bot.py"), _bot("-m", "benchmarks.without_writing"), _CONFIRMING)
    return [
        compare_speeds(
            "pledges confirmed/s, synchronous = FULL before the answer",
            "our own handler without the write",
            mine,
            without,
            must=0.8,
            goal=0.95,
        )
    ]


def _bot(*program_arguments: str) -> Start:
    @contextmanager
    def start(api: Api) -> Iterator[Program]:
        with store() as folder:
            _open_forms(folder)
            _, *arguments = bot_arguments(api.url, folder, replies_per_second=10_000)
            with program(BOT_CORE, *program_arguments, *arguments) as bot:
                yield bot

    return start


def _open_forms(folder: Path) -> None:
    """Everybody stands before the last question of a pledge."""
    sealer, now = Sealer(read_key(folder / "fund.key") or b""), int(time.time())
    db = connect_writer(folder / "fund.db")
    db.execute("BEGIN")
    for person in range(1, SPEAKERS + 1):
        draft = {
            "request_id": f"bench-{person}",
            "replaces": None,
            "fen": 5_000,
            "is_total": False,
            "times": 12,
            "rhythm": Rhythm.MONTHLY,
        }
        conversations.put(db, person, "pledge", "confirm", sealer.seal("conversation", draft), now)
    db.execute("COMMIT")
    db.close()

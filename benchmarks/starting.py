"""From the command to the first poll, and what the bot holds in memory once all of it is there."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from benchmarks.fake_api import Load
from benchmarks.figures import Figure, compare
from benchmarks.processes import BOT_CORE, Api, Program, fake_api, program
from benchmarks.store import SPEAKERS, bot_arguments, store
from benchmarks.updates import SETTLING_S, Start, ours, peer

_BACKLOG: Final = {"queued": 100_000, "waiting": 10_000}
_ANSWER_S: Final = 60
_MINIMAL: Final = "a minimal python-telegram-bot bot"


def measure_start(rounds: int) -> list[Figure]:
    """To the first poll, beside a minimal bot of python-telegram-bot; the note says when each first answered."""
    runs = [(_start(ours), _start(peer("ptb_one_by_one"))) for _ in range(rounds)]
    mine, theirs = [mine for mine, _ in runs], [theirs for _, theirs in runs]
    answered, answered_theirs = (sorted(round(reply_s, 2) for _, reply_s in starts) for starts in (mine, theirs))
    return [
        compare(
            "start to first poll",
            _MINIMAL,
            "s",
            [poll_s for poll_s, _ in mine],
            [poll_s for poll_s, _ in theirs],
            must=2,
            goal=1.3,
            note=f"start to the first answer, to somebody who wrote before: {answered} s, theirs {answered_theirs} s",
        )
    ]


def measure_memory(rounds: int) -> list[Figure]:
    """Everything loaded but the sentence encoder, and a hundred people answered."""
    runs = [(_resident_mb(without_encoder), _resident_mb(peer("ptb_one_by_one"))) for _ in range(rounds)]
    return [
        compare(
            "resident memory without the sentence encoder",
            _MINIMAL,
            "MB",
            [mine for mine, _ in runs],
            [theirs for _, theirs in runs],
            must=2,
            goal=1.3,
        )
    ]


def measure_backlog(rounds: int) -> list[Figure]:
    """To the first reply, with a full outbox and inbox beside an empty start."""
    runs = [(_first_reply(**_BACKLOG), _first_reply()) for _ in range(rounds)]
    return [
        compare(
            "start to first reply with 100,000 in the outbox and 10,000 in the inbox",
            "the same bot with neither",
            "s",
            [full for full, _ in runs],
            [empty for _, empty in runs],
            must=2,
            goal=1.2,
        )
    ]


@contextmanager
def without_encoder(api: Api) -> Iterator[Program]:
    """The real bot as it is where the extra `encoder` is not installed."""
    with store() as folder:
        _, *arguments = bot_arguments(api.url, folder)
        with program(BOT_CORE, "-m", "benchmarks.without_encoder", *arguments) as bot:
            yield bot


def _start(start: Start) -> tuple[float, float]:
    """Seconds to the first poll, and to the first answer."""
    with fake_api() as api:
        api.begin(Load(text="/giving", updates=1, people=SPEAKERS))
        with start(api) as bot:
            api.wait_for("answered", 1, _ANSWER_S)
            report = api.report()
            return report["first_poll_at"] - bot.started_at, report["last_at"] - bot.started_at


def _resident_mb(start: Start) -> float:
    with fake_api() as api, start(api) as bot:
        api.wait_for("first_poll_at", 0.001, _ANSWER_S)
        time.sleep(SETTLING_S)
        api.begin(Load(text="/giving", updates=100, people=SPEAKERS))
        api.wait_for("answered", 100, _ANSWER_S)
        return bot.resident_mb()


def _first_reply(queued: int = 0, waiting: int = 0) -> float:
    """Seconds from the start until somebody who asks for the first time has an answer."""
    with fake_api() as api, store(queued=queued, waiting=waiting) as folder:
        api.begin(Load(text="/giving", updates=1, people=SPEAKERS, first_id=1_000_000))
        with program(BOT_CORE, *bot_arguments(api.url, folder)) as bot:
            api.wait_for("answered", 1, _ANSWER_S)
            last_at: float = api.report()["last_at"]
            return last_at - bot.started_at

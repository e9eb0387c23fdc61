"""From the command to the first poll, and what it then holds in memory."""

from __future__ import annotations

from typing import Final

from benchmarks.fake_api import Load
from benchmarks.figures import Figure, compare
from benchmarks.processes import BOT_CORE, fake_api, program
from benchmarks.store import SPEAKERS, bot_arguments, store
from benchmarks.updates import Start, ours, peer

_BACKLOG: Final = {"queued": 100_000, "waiting": 10_000}
_ANSWER_S: Final = 60


def measure(rounds: int) -> list[Figure]:
    """Beside a minimal bot of python-telegram-bot; then with a full outbox and inbox beside an empty start."""
    mine = [_start(ours) for _ in range(rounds)]
    theirs = [_start(peer("ptb_one_by_one")) for _ in range(rounds)]
    full = [_first_reply(**_BACKLOG) for _ in range(rounds)]
    empty = [_first_reply() for _ in range(rounds)]
    minimal = "a minimal python-telegram-bot bot"
    return [
        compare(
            "start to first poll", minimal, "s", [at for at, _ in mine], [at for at, _ in theirs], must=2, goal=1.3
        ),
        compare("resident memory", minimal, "MB", [mb for _, mb in mine], [mb for _, mb in theirs], must=2, goal=1.3),
        compare(
            "start to first reply with 100,000 in the outbox and 10,000 in the inbox",
            "the same bot with neither",
            "s",
            full,
            empty,
            must=2,
            goal=1.2,
        ),
    ]


def _start(start: Start) -> tuple[float, float]:
    """Seconds to the first poll, megabytes then."""
    with fake_api() as api, start(api) as bot:
        api.wait_for("first_poll_at", 0.001, 60)
        return api.report()["first_poll_at"] - bot.started_at, bot.resident_mb()


def _first_reply(queued: int = 0, waiting: int = 0) -> float:
    """Seconds from the start until somebody who asks for the first time has an answer."""
    with fake_api() as api, store(queued=queued, waiting=waiting) as folder:
        api.begin(Load(text="/giving", updates=1, people=SPEAKERS, first_id=1_000_000))
        with program(BOT_CORE, *bot_arguments(api.url, folder)) as bot:
            api.wait_for("answered", 1, _ANSWER_S)
            last_at: float = api.report()["last_at"]
            return last_at - bot.started_at

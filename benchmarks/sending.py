"""A notice to many while people ask: how much of Telegram's measure is used, and how long people wait meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Final

from benchmarks.fake_api import Load
from benchmarks.figures import Figure, compare, percentile
from benchmarks.processes import BOT_CORE, Api, Program, fake_api, program
from benchmarks.store import SPEAKERS, bot_arguments, store

_LATENCY_S: Final = 0.08
_PUNISH_S: Final = 3.0
_WORKERS: Final = {30: 5, 1_000: 256}


@dataclass(frozen=True, slots=True)
class Run:
    """All sends as a share of the limit, refusals, and the 99th percentile of people's wait in milliseconds."""

    used: float
    refused: int
    wait_p99_ms: float
    still_waiting: int


@contextmanager
def ours(api: Api, per_second: int, recipients: int) -> Iterator[Program]:
    """The real bot with an outbox full of messages."""
    with (
        store(queued=recipients) as folder,
        program(BOT_CORE, *bot_arguments(api.url, folder, messages_per_second=per_second)) as bot,
    ):
        yield bot


def peer(api: Api, per_second: int, recipients: int) -> AbstractContextManager[Program]:
    """python-telegram-bot's own limiter without its bucket, and as many workers as suit it."""
    numbers = (str(number) for number in (per_second, _WORKERS[per_second], recipients))
    return program(BOT_CORE, "-m", "benchmarks.peers.ptb_broadcast", api.url, *numbers)


def measure_run(
    start: Callable[[Api, int, int], AbstractContextManager[Program]], per_second: int, asking: float, seconds: float
) -> Run:
    """Broadcast against a strict window for some seconds; `asking` people a second want an answer."""
    load = Load(
        text="/giving",
        updates=int(asking * seconds),
        people=SPEAKERS,
        per_second=asking,
        latency_s=_LATENCY_S,
        limit=per_second,
        punish_s=_PUNISH_S,
        seconds=seconds,
    )
    recipients = int(per_second * seconds * 1.5)
    with fake_api() as api:
        api.begin(load)
        with start(api, per_second, recipients):
            api.wait_for("elapsed_s", seconds + 1, seconds + 90)
            report = api.report()
    waits = report["waits"]
    return Run(
        report["sends"] / seconds / per_second,
        report["refused"],
        percentile(waits, 0.99) * 1_000,
        report["still_waiting"],
    )


def measure_at_thirty(rounds: int) -> list[Figure]:
    """What Telegram lets a bot send for nothing, with 2 people asking."""
    mine, theirs = _take_turns(rounds, 30, 2, 60)
    return [
        _share_of_limit("all sends at 30 a second, strict window, 2 people a second asking", mine, theirs, 0.92, 0.97),
        compare(
            "wait of those who ask meanwhile, p99",
            "python-telegram-bot's limiter (1, 1/29), 5 workers",
            "ms",
            [run.wait_p99_ms for run in mine],
            [run.wait_p99_ms for run in theirs],
            must=0.5,
            goal=0.2,
            note=_unanswered(mine, theirs),
        ),
    ]


def measure_at_a_thousand(rounds: int) -> list[Figure]:
    """What it lets a bot send for money, with 20 people asking."""
    mine, theirs = _take_turns(rounds, 1_000, 20, 15)
    return [
        _share_of_limit("all sends at 1,000 a second, 20 people a second asking", mine, theirs, 0.9, 0.96),
        compare(
            "wait of those who ask meanwhile, p99",
            "one millisecond",
            "ms",
            [run.wait_p99_ms for run in mine],
            [1.0],
            must=50,
            goal=20,
            note=_unanswered(mine, theirs),
        ),
    ]


def _take_turns(rounds: int, per_second: int, asking: float, seconds: float) -> tuple[list[Run], list[Run]]:
    runs = [
        (measure_run(ours, per_second, asking, seconds), measure_run(peer, per_second, asking, seconds))
        for _ in range(rounds)
    ]
    return [mine for mine, _ in runs], [theirs for _, theirs in runs]


def _share_of_limit(what: str, mine: list[Run], theirs: list[Run], must: float, goal: float) -> Figure:
    note = (
        f"refused {[run.refused for run in mine]}; python-telegram-bot's limiter used "
        f"{[round(run.used, 2) for run in theirs]}, refused {[run.refused for run in theirs]}"
    )
    return compare(what, "the limit", "of it", [run.used for run in mine], [1.0], must=must, goal=goal, note=note)


def _unanswered(mine: list[Run], theirs: list[Run]) -> str:
    left, left_by_theirs = ([run.still_waiting for run in runs] for runs in (mine, theirs))
    return f"still waiting at the end {left}, theirs {left_by_theirs}"

"""How many people it can answer: a text command in, a message out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from typing import Final

from benchmarks.fake_api import Load
from benchmarks.figures import Figure, compare
from benchmarks.processes import BOT_CORE, Api, Program, fake_api, program
from benchmarks.store import SPEAKERS, bot_arguments, store

_WARM_UP: Final = 300
_SECONDS: Final = 8.0
SETTLING_S: Final = 5
"""Until the model of free words is there; a peer has nothing to load."""
_SLOW_API_S: Final = 0.05

Start = Callable[[Api], AbstractContextManager[Program]]


@dataclass(frozen=True, slots=True)
class Speed:
    """Updates answered a second, and milliseconds of processor for each."""

    per_second: float
    cpu_ms: float


@contextmanager
def ours(api: Api) -> Iterator[Program]:
    """The real bot on its store, with no limit on its answers."""
    with store() as folder, program(BOT_CORE, *bot_arguments(api.url, folder, replies_per_second=10_000)) as bot:
        yield bot


def peer(name: str) -> Start:
    """A program of `benchmarks.peers`."""
    return lambda api: program(BOT_CORE, "-m", f"benchmarks.peers.{name}", api.url)


GIVING: Final = Load(text="/giving", updates=20_000, people=SPEAKERS)
"""A backlog of one command from many people."""


def measure_speed(start: Start, load: Load = GIVING) -> Speed:
    """Work a backlog off for some seconds, once all is loaded: what a start costs is measured apart."""
    with fake_api() as api, start(api) as bot:
        api.wait_for("first_poll_at", 0.001, 60)
        time.sleep(SETTLING_S)
        api.begin(replace(load, updates=_WARM_UP))
        api.wait_for("answered", _WARM_UP, 60)
        cpu_before_s = bot.cpu_s()
        api.begin(load)
        api.wait_for("answered", load.updates, _SECONDS)
        report = api.report()
        cpu_s = bot.cpu_s() - cpu_before_s
    answered: int = report["answered"]
    return Speed(answered / (report["last_at"] - report["first_at"]), cpu_s / answered * 1_000)


def take_turns(rounds: int, mine: Start, theirs: Start, load: Load = GIVING) -> tuple[list[Speed], list[Speed]]:
    """The runs of both, in turn."""
    runs = [(measure_speed(mine, load), measure_speed(theirs, load)) for _ in range(rounds)]
    return [speed for speed, _ in runs], [speed for _, speed in runs]


def measure_speeds(rounds: int) -> list[Figure]:
    """Updates a second, beside aiogram."""
    mine, theirs = take_turns(rounds, ours, peer("aiogram_uvloop"))
    return [
        compare_speeds(
            "updates/s: command, durable inbox, indexed read among 500,000 members, reply",
            "aiogram + uvloop, no store",
            mine,
            theirs,
            must=1.5,
            goal=3,
        )
    ]


def measure_slow_api(rounds: int) -> list[Figure]:
    """The same where each call takes its time, beside python-telegram-bot with many slots."""
    load = replace(GIVING, latency_s=_SLOW_API_S)
    mine, theirs = take_turns(rounds, ours, peer("ptb_256_slots"), load)
    return [
        compare_speeds(
            "the same, a Bot API that answers in 50 ms",
            "python-telegram-bot, 256 slots, default request, no store",
            mine,
            theirs,
            must=5,
            goal=15,
        )
    ]


def measure_processor(rounds: int) -> list[Figure]:
    """Processor time for each update, beside python-telegram-bot as its examples show it."""
    mine, theirs = take_turns(rounds, ours, peer("ptb_one_by_one"))
    return [
        compare(
            "processor time per update",
            "python-telegram-bot, one by one, no store",
            "ms",
            [speed.cpu_ms for speed in mine],
            [speed.cpu_ms for speed in theirs],
            must=0.6,
            goal=0.35,
        )
    ]


def compare_speeds(
    what: str, peer_name: str, mine: list[Speed], theirs: list[Speed], *, must: float, goal: float
) -> Figure:
    """Updates a second; other work on the machine moves these, but hardly the processor time in the note."""
    ours_ms, theirs_ms = (sorted(round(speed.cpu_ms, 2) for speed in speeds) for speeds in (mine, theirs))
    return compare(
        what,
        peer_name,
        "/s",
        [speed.per_second for speed in mine],
        [speed.per_second for speed in theirs],
        must=must,
        goal=goal,
        note=f"processor ms per update: {ours_ms}, theirs {theirs_ms}",
    )

"""How many people it can answer: a text command in, a message out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Final

from benchmarks.fake_api import Load
from benchmarks.figures import Figure, compare
from benchmarks.processes import BOT_CORE, Api, Program, fake_api, program
from benchmarks.store import SPEAKERS, bot_arguments, store

_WARM_UP: Final = 300
_UPDATES: Final = 20_000
_SECONDS: Final = 8.0
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


def measure_speed(start: Start, latency_s: float = 0) -> Speed:
    """A backlog of /giving from many people, for some seconds."""
    with fake_api() as api, start(api) as bot:
        api.wait_for("first_poll_at", 0.001, 60)
        api.begin(Load(text="/giving", updates=_WARM_UP, people=SPEAKERS, latency_s=latency_s))
        api.wait_for("answered", _WARM_UP, 60)
        cpu_before_s = bot.cpu_s()
        api.begin(Load(text="/giving", updates=_UPDATES, people=SPEAKERS, latency_s=latency_s))
        api.wait_for("answered", _UPDATES, _SECONDS)
        report = api.report()
        cpu_s = bot.cpu_s() - cpu_before_s
    answered: int = report["answered"]
    return Speed(answered / (report["last_at"] - report["first_at"]), cpu_s / answered * 1_000)


def measure(rounds: int) -> list[Figure]:
    """Ours beside aiogram, python-telegram-bot with 256 slots and with one, in turn."""
    mine, mine_slow, aiogram, many_slow, one = [], [], [], [], []
    for _ in range(rounds):
        mine.append(measure_speed(ours))
        aiogram.append(measure_speed(peer("aiogram_uvloop")))
        one.append(measure_speed(peer("ptb_one_by_one")))
        mine_slow.append(measure_speed(ours, _SLOW_API_S))
        many_slow.append(measure_speed(peer("ptb_256_slots"), _SLOW_API_S))
    return [
        compare(
            "updates/s: command, durable inbox, indexed read among 500,000 members, reply",
            "aiogram + uvloop, no store",
            "/s",
            [speed.per_second for speed in mine],
            [speed.per_second for speed in aiogram],
            must=1.5,
            goal=3,
            note=_processor_note(mine, aiogram),
        ),
        compare(
            "the same, a Bot API that answers in 50 ms",
            "python-telegram-bot, 256 slots, default request, no store",
            "/s",
            [speed.per_second for speed in mine_slow],
            [speed.per_second for speed in many_slow],
            must=5,
            goal=15,
            note=_processor_note(mine_slow, many_slow),
        ),
        compare(
            "processor time per update",
            "python-telegram-bot, one by one, no store",
            "ms",
            [speed.cpu_ms for speed in mine],
            [speed.cpu_ms for speed in one],
            must=0.6,
            goal=0.35,
        ),
    ]


def _processor_note(mine: list[Speed], theirs: list[Speed]) -> str:
    """Other work on the machine moves the speed, but hardly the processor time."""
    ours_ms, theirs_ms = (sorted(round(speed.cpu_ms, 2) for speed in speeds) for speeds in (mine, theirs))
    return f"processor ms per update: {ours_ms}, theirs {theirs_ms}"

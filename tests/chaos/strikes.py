"""When the process is killed, and in what weather it lives until then."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum

import aiohttp

from sandbox.faults import EVERY_METHOD, Fault, Faults, flood, hang, reset, server_error, slow, torn
from tests.chaos.bot_process import BotProcess
from tests.chaos.chronicle import QUEUED_MARKS, WEBHOOK, ChronicleSandbox, Moments

NOTICE_KINDS = frozenset({"notice"})
FACT_KINDS = frozenset(QUEUED_MARKS.values()) - NOTICE_KINDS
REPLIES = frozenset({"sendMessage", "editMessageText"})


STARTS_WITHIN_S = 20


class Target(StrEnum):
    """What the process is in the middle of when it is killed."""

    START = "start"
    INBOX = "inbox: between the coming of updates and their commit"
    HANDLERS = "handlers: between an update and its mark"
    OUTBOX = "outbox: around the send of what a fact caused"
    NOTICES = "notices: around the send of a copy"
    ANYWHERE = "anywhere: at a random moment"


WEIGHTS = {
    Target.START: 6,
    Target.INBOX: 20,
    Target.HANDLERS: 34,
    Target.OUTBOX: 20,
    Target.NOTICES: 20,
    Target.ANYWHERE: 8,
}


class Mishap(StrEnum):
    """What else may happen in a life, beside the weather."""

    FULL_DISK = "disk full for a moment"
    RIVAL = "another bot polling for a moment"


MISHAP_CHANCE = 0.15
"""The share of lives that have one."""
DISK_FULL_S = 0.05, 0.4


@dataclass(slots=True)
class Strike:
    """Kill at the `countdown`-th call that `hits` says is one, `delay_s` later (0: in that very moment)."""

    target: Target
    hits: Callable[[str, str, str | None], bool]
    countdown: int
    delay_s: float


LONGEST_LIFE_S = {
    Target.START: (0, 0.15),
    Target.INBOX: (0.5, 1),
    Target.HANDLERS: (0.5, 1),
    Target.OUTBOX: (0.8, 1.6),
    Target.NOTICES: (0.8, 1.6),
    Target.ANYWHERE: (0.05, 0.6),
}
"""A life in which no such moment comes ends after so long all the same, counted from when it begins to listen."""


def choose_strike(chance: random.Random, kills: Counter[Target]) -> Strike:
    """At what was struck least so far for its weight, most of the time."""
    least = min(Target, key=lambda target: kills[target] / WEIGHTS[target])
    target = least if chance.random() < 0.7 else chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
    delay_s = chance.choice((0.0, 0.0, chance.uniform(0, 0.004)))
    moment = chance.choice((Moments.BEFORE, Moments.AFTER))
    match target:
        case Target.INBOX:
            return Strike(target, _brings_updates, chance.randint(1, 4), chance.uniform(0, 0.005))
        case Target.HANDLERS if chance.random() < 0.5:
            return Strike(target, _brings_updates, chance.randint(1, 4), chance.uniform(0.004, 0.03))
        case Target.HANDLERS:
            return Strike(target, lambda *call: _is_reply(moment, *call), chance.randint(1, 30), delay_s)
        case Target.OUTBOX:
            return Strike(target, lambda *call: _is_queued(moment, FACT_KINDS, *call), chance.randint(1, 2), delay_s)
        case Target.NOTICES:
            return Strike(target, lambda *call: _is_queued(moment, NOTICE_KINDS, *call), chance.randint(1, 12), delay_s)
    return Strike(target, lambda *_: False, 1, 0)


def _brings_updates(moment: str, method: str, kind: str | None) -> bool:
    del kind
    return (moment, method) in {(Moments.AFTER, "getUpdates"), (Moments.BEFORE, WEBHOOK)}


def _is_reply(wanted: str, moment: str, method: str, kind: str | None) -> bool:
    return moment == wanted and kind is None and method in REPLIES


def _is_queued(wanted: str, kinds: frozenset[str], moment: str, method: str, kind: str | None) -> bool:
    return moment == wanted and method == "sendMessage" and kind in kinds


async def befall(mishap: Mishap | None, sandbox: ChronicleSandbox, bot: BotProcess, chance: random.Random) -> None:
    """Let it happen somewhere in the life that listens; to be cancelled with that life."""
    if mishap is None:
        return
    await asyncio.sleep(chance.uniform(0, 0.5))
    if mishap is Mishap.FULL_DISK:
        bot.fill_disk(is_full=True)
        await asyncio.sleep(chance.uniform(*DISK_FULL_S))
        bot.fill_disk(is_full=False)
        return
    async with aiohttp.ClientSession() as rival:
        with suppress(aiohttp.ClientError):
            await rival.get(f"{sandbox.url}/bot{sandbox.token}/getUpdates")


async def _once(begun: asyncio.Event, then: Callable[[], Awaitable[None]]) -> None:
    await begun.wait()
    await then()


async def strike(
    sandbox: ChronicleSandbox,
    planned: Strike,
    bot: BotProcess,
    longest_s: float,
    befalls: Callable[[], Awaitable[None]],
) -> Target:
    """Return once the process was killed; where that was. A mishap may come once the process listens."""
    loop, listening, done = asyncio.get_running_loop(), asyncio.Event(), asyncio.Event()
    aimed: list[asyncio.TimerHandle] = []
    misfortune = asyncio.create_task(_once(listening, befalls))

    def hit() -> None:
        bot.kill()
        done.set()

    def on_call(moment: str, method: str, kind: str | None) -> None:
        if method in {"getUpdates", "getWebhookInfo"}:
            listening.set()
        if not listening.is_set() or not planned.hits(moment, method, kind):
            return  # Telegram knocks at a webhook's door before anybody is there
        planned.countdown -= 1
        if planned.countdown == 0 and planned.delay_s:
            aimed.append(loop.call_later(planned.delay_s, hit))
        elif planned.countdown == 0:
            hit()

    sandbox.on_call = on_call
    try:
        if planned.target is not Target.START:
            await asyncio.wait_for(listening.wait(), STARTS_WITHIN_S)
        await asyncio.wait_for(done.wait(), longest_s)
    except TimeoutError:
        bot.kill()
        return planned.target if planned.target in (Target.START, Target.ANYWHERE) else Target.ANYWHERE
    finally:
        sandbox.on_call = lambda *_: None
        misfortune.cancel()
        for shot in aimed:
            shot.cancel()  # it would hit the next life
    return planned.target


def change_weather(faults: Faults, chance: random.Random) -> None:
    """Some trouble of each sort, more on some days than on others."""
    faults.clear()
    share = chance.choice((0, 0.01, 0.03))
    for method, fault, weight in TROUBLES:
        faults.every(method, fault, chance=share * weight)


TROUBLES: tuple[tuple[str, Fault, float], ...] = (
    ("sendMessage", flood(1), 0.5),
    ("sendMessage", flood(3_000), 0.1),
    (EVERY_METHOD, server_error(500), 1),
    (EVERY_METHOD, server_error(502), 0.5),
    (EVERY_METHOD, reset(), 0.5),
    (EVERY_METHOD, reset(after=True), 1),
    (EVERY_METHOD, torn(), 1),
    (EVERY_METHOD, hang(), 0.3),
    (EVERY_METHOD, hang(after=True), 0.3),
    (EVERY_METHOD, slow(0.2), 2),
    (EVERY_METHOD, slow(0.3, after=True), 2),
    ("getUpdates", reset(after=True), 2),
    ("getUpdates", torn(), 2),
    ("getUpdates", server_error(502), 1),
    ("getUpdates", flood(1), 0.5),
    ("getUpdates", flood(3_000), 0.05),
)

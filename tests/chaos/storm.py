"""A storm over a town: people at their phones, the bot killed again and again, then calm, then the count."""

from __future__ import annotations

import asyncio
import random
import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from carefund_bot.fund import open_fund
from carefund_bot.settings import Settings, load_settings
from sandbox import Person
from tests.chaos.bot_process import BotProcess
from tests.chaos.chronicle import ChronicleSandbox
from tests.chaos.ledger import Ledger
from tests.chaos.strikes import LONGEST_LIFE_S, Target, change_weather, choose_strike, strike
from tests.chaos.town import Town, settle_town
from tests.chaos.townspeople import Clerk, Editor, Hasty, Household, Member, Mover, Polyglot, Townsman

QUIET_WITHIN_S = 90
MESSAGES_PER_SECOND = 100
TALKATIVE = 8
"""Of the households; the others only read notices."""
_DAY_S = 86_400
HELD = """
    coalesce((SELECT step FROM notice_event WHERE notice_event.notice_id = outbox.notice_id ORDER BY id DESC LIMIT 1)
             = 'paused', 0)
"""
"""A notice that found days gone by at a start goes on when somebody says so."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """How bad it gets. `clock_jumps`: both clocks are turned on by days, every so many kills."""

    seed: int
    kills: int
    clock_jumps_every: int


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What is left to be counted."""

    sandbox: ChronicleSandbox
    ledger: Ledger
    town: Town
    settings: Settings
    people: list[Townsman]
    kills: Counter[Target]
    deaths: list[int]
    exit_code: int
    seconds: float


async def let_storm_rage(folder: Path, forecast: Forecast, note_kill: Callable[[], None] = lambda: None) -> Aftermath:
    """Run a whole storm in a folder of its own."""
    began = time.monotonic()
    async with ChronicleSandbox() as sandbox:
        config = write_config(folder, sandbox)
        settings, ledger = load_settings(config), Ledger()
        town = found_town(sandbox)
        async with open_fund(settings) as fund:
            await settle_town(fund, town)
        sandbox.watch(settings.store.database)
        people = send_out(sandbox, ledger, town, forecast.seed)
        bot = await BotProcess.open(config, folder / "bot.log")
        is_over = False
        living = [asyncio.create_task(person.live(lambda: is_over)) for person in people]
        try:
            kills = await _kill_again_and_again(sandbox, bot, forecast, living, note_kill)
            sandbox.faults.clear()
            await bot.start()
            is_over = True
            await _all_have_done_what_they_began(people, living)
            await _all_is_quiet(settings.store.database)
            exit_code = await bot.stop()
        finally:
            for task in living:
                task.cancel()
            await bot.close()
        seconds = time.monotonic() - began
        return Aftermath(sandbox, ledger, town, settings, people, kills, bot.deaths, exit_code, seconds)


async def _kill_again_and_again(
    sandbox: ChronicleSandbox,
    bot: BotProcess,
    forecast: Forecast,
    living: list[asyncio.Task[None]],
    note_kill: Callable[[], None],
) -> Counter[Target]:
    chance, kills, ahead_s = random.Random(forecast.seed), Counter[Target](), 0.0
    for number in range(1, forecast.kills + 1):
        change_weather(sandbox.faults, chance)
        planned = choose_strike(chance, kills)
        longest_s = chance.uniform(*LONGEST_LIFE_S[planned.target])
        await bot.start(clock_ahead_s=ahead_s)
        kills[await strike(sandbox, planned, bot.kill, longest_s)] += 1
        note_kill()
        for task in living:
            if task.done():
                task.result()
        if forecast.clock_jumps_every and number % forecast.clock_jumps_every == 0:
            sandbox.jump(1.1 * _DAY_S)
            ahead_s += 3 * _DAY_S
    return kills


async def _all_have_done_what_they_began(people: list[Townsman], living: list[asyncio.Task[None]]) -> None:
    done, _ = await asyncio.wait(living, timeout=QUIET_WITHIN_S)
    stuck = [person for person, life in zip(people, living, strict=True) if life not in done]
    assert not stuck, f"still waiting in calm weather: {stuck}"
    await asyncio.gather(*living)


async def _all_is_quiet(database: Path) -> None:
    """Nothing waits any more, neither to be handled nor to be sent, but what waits for a person."""
    waiting = f"""
        SELECT (SELECT count(*) FROM inbox WHERE state = 'waiting')
             + (SELECT count(*) FROM outbox WHERE state = 'sending' OR state = 'pending' AND NOT {HELD})
    """
    db = sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)
    async with asyncio.timeout(QUIET_WITHIN_S):
        while db.execute(waiting).fetchone() != (0,):  # noqa: ASYNC110 - a database has no event
            await asyncio.sleep(0.05)
    db.close()


def write_config(
    folder: Path,
    sandbox: ChronicleSandbox,
    *,
    messages_per_second: int = MESSAGES_PER_SECOND,
    drain_timeout_s: float = 5,
) -> Path:
    config = folder / "config.toml"
    config.write_text(
        f"""
        [telegram]
        token = "{sandbox.token}"
        api_base_url = "{sandbox.url}"
        messages_per_second = {messages_per_second}
        drain_timeout_s = {drain_timeout_s}
        [store]
        database = "{folder / "fund.db"}"
        key_file = "{folder / "fund.key"}"
        [linking]
        tries_per_account = 100000
        tries_overall = 100000
        [funds.city]
        office_phone = "0512-0000-1234"
        preset_sums = ["20", "50"]
        """,
        encoding="utf-8",
    )
    return config


def found_town(sandbox: ChronicleSandbox) -> Town:
    def some(what: str, number: int) -> list[Person]:
        return [sandbox.person(f"{what}{place}") for place in range(1, number + 1)]

    movers = list(zip(some("甲", 4), some("乙", 4), strict=True))
    town = Town(
        some("党员", 20),
        some("家庭", 10),
        some("译者", 3),
        some("经办", 3),
        some("编辑", 2),
        movers,
        some("急人", 1),
        [],
        [],
        {},
    )
    town.households[-1].account.is_deactivated = True
    sandbox.editors |= {editor.id for editor in town.editors}
    return town


def send_out(sandbox: ChronicleSandbox, ledger: Ledger, town: Town, seed: int) -> list[Townsman]:
    people: list[Townsman] = []
    for kind, phones in (
        (Member, town.members),
        (Household, town.households[:TALKATIVE]),
        (Polyglot, town.polyglots),
        (Clerk, town.clerks),
        (Editor, town.editors),
        (Hasty, town.hasty),
    ):
        people += [kind(sandbox, ledger, phone, f"{seed} {phone.name}") for phone in phones]
    for person in people:
        if isinstance(person, Clerk):
            person.numbers = town.numbers
    for pair, codes in zip(town.movers, town.codes, strict=True):
        turn = asyncio.Lock()
        for phone in pair:
            mover = Mover(sandbox, ledger, phone, f"{seed} {phone.name}")
            mover.codes, mover.turn = codes, turn
            people.append(mover)
    return people

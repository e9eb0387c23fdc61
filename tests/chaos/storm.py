"""A storm over a town: people at their phones, the bot killed again and again, then calm, then the count."""

from __future__ import annotations

import asyncio
import random
import socket
import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from carefund_bot.fund import open_fund
from carefund_bot.settings import Settings, load_settings
from sandbox import Person
from tests.chaos.bot_process import BotProcess
from tests.chaos.chronicle import ChronicleSandbox
from tests.chaos.ledger import Ledger
from tests.chaos.officials import ChangeChecker, Clerk, DeskClerk, Editor, ListClerk, Payer
from tests.chaos.strikes import (
    LONGEST_LIFE_S,
    MISHAP_CHANCE,
    Mishap,
    Target,
    befall,
    change_weather,
    choose_strike,
    strike,
)
from tests.chaos.town import Town, settle_town
from tests.chaos.townspeople import Asker, Chooser, Hasty, Household, Member, Mover, Polyglot, Townsman

QUIET_WITHIN_S = 240
"""Only something that hangs takes so long, on a busy machine too."""
MESSAGES_PER_SECOND = 100
WEBHOOK_SECRET = "a-secret-of-the-storm"
BY_WEBHOOK = 0.3
"""The share of lives in which Telegram calls the bot; in the others the bot asks."""
BOT_JUMPS_DAYS = 3, 3, -2
"""Telegram's clock goes on by a day and an hour or two at each jump, the bot's also goes back."""
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
class Death:
    """One kill: where it hit, in which arrangement and mishap, and how many messages were under way at Telegram.

    `interrupted_before` is how many messages kills had left uncertain until then.
    """

    target: Target
    by_webhook: bool
    mishap: Mishap | None
    under_way: int
    interrupted_before: int


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What is left to be counted."""

    sandbox: ChronicleSandbox
    ledger: Ledger
    town: Town
    settings: Settings
    people: list[Townsman]
    kills: list[Death]
    deaths: list[int]
    exit_code: int
    seconds: float

    def kills_at(self, target: Target) -> int:
        return sum(death.target is target for death in self.kills)


async def let_storm_rage(folder: Path, forecast: Forecast, note_kill: Callable[[], None] = lambda: None) -> Aftermath:
    """Run a whole storm in a folder of its own."""
    began = time.monotonic()
    async with ChronicleSandbox(forecast.seed) as sandbox:
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
            lives = _Lives(folder, sandbox)
            kills, ahead_s = await _kill_again_and_again(sandbox, bot, forecast, lives, living, note_kill)
            sandbox.faults.clear()
            await bot.start(clock_ahead_s=ahead_s)
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


class _Lives:
    """The two ways in which the bot hears, as configurations."""

    def __init__(self, folder: Path, sandbox: ChronicleSandbox) -> None:
        self.polling = folder / "config.toml"
        self.webhook = write_config(folder, sandbox, webhook_port=_free_port())


def _free_port() -> int:
    """One below those from which the system takes the other ends of connections: it stays free between two lives."""
    while True:
        port = random.randrange(20_000, 30_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


async def _kill_again_and_again(
    sandbox: ChronicleSandbox,
    bot: BotProcess,
    forecast: Forecast,
    lives: _Lives,
    living: list[asyncio.Task[None]],
    note_kill: Callable[[], None],
) -> tuple[list[Death], float]:
    """All deaths, and how far ahead the bot's clock is after the last one."""
    chance, kills, ahead_s = random.Random(forecast.seed), list[Death](), 0.0
    for number in range(1, forecast.kills + 1):
        change_weather(sandbox.faults, chance)
        planned = choose_strike(chance, Counter(death.target for death in kills))
        longest_s = chance.uniform(*LONGEST_LIFE_S[planned.target])
        by_webhook = chance.random() < BY_WEBHOOK
        mishap = chance.choice(list(Mishap)) if chance.random() < MISHAP_CHANCE else None
        await bot.start(clock_ahead_s=ahead_s, config=lives.webhook if by_webhook else lives.polling)
        misfortune = partial(befall, mishap, sandbox, bot, random.Random(number))
        target = await strike(sandbox, planned, bot, longest_s, misfortune)
        kills.append(Death(target, by_webhook, mishap, sandbox.under_way, sandbox.interrupted()))
        note_kill()
        for task in living:
            if task.done():
                task.result()
        if forecast.clock_jumps_every and number % forecast.clock_jumps_every == 0:
            sandbox.jump(1.1 * _DAY_S)
            ahead_s = max(ahead_s + chance.choice(BOT_JUMPS_DAYS) * _DAY_S, 0)
    return kills, ahead_s


async def _all_have_done_what_they_began(people: list[Townsman], living: list[asyncio.Task[None]]) -> None:
    done, _ = await asyncio.wait(living, timeout=QUIET_WITHIN_S)
    stuck = [person for person, life in zip(people, living, strict=True) if life not in done]
    assert not stuck, f"still waiting in calm weather: {stuck}"
    await asyncio.gather(*living)


async def _all_is_quiet(database: Path) -> None:
    """Nothing waits any more, neither to be handled nor to be sent, but what waits for a person."""
    waiting = f"""
        SELECT (SELECT count(*) FROM inbox WHERE state = 'waiting')
             + (SELECT count(*) FROM outbox
                 WHERE state = 'sending' OR state = 'pending' AND NOT {HELD} OR recall IN ('wanted', 'underway'))
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
    webhook_port: int = 0,
) -> Path:
    config = folder / ("webhook.toml" if webhook_port else "config.toml")
    secret_file = folder / "webhook.secret"
    secret_file.write_text(WEBHOOK_SECRET, encoding="utf-8")
    config.write_text(
        f"""
        [telegram]
        token = "{sandbox.token}"
        api_base_url = "{sandbox.url}"
        messages_per_second = {messages_per_second}
        drain_timeout_s = {drain_timeout_s}
        [web]
        port = {webhook_port}
        webhook_url = "{f"http://127.0.0.1:{webhook_port}/telegram" if webhook_port else ""}"
        webhook_secret_file = "{secret_file}"
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

    town = Town(
        members=some("党员", 20),
        choosers=some("挑选", 2),
        households=some("家庭", 10),
        askers=some("问事", 4),
        polyglots=some("译者", 3),
        clerks=some("经办", 3),
        list_clerks=some("收款", 1),
        desk_clerks=some("答复", 2),
        change_checkers=some("核对", 1),
        makers=some("制单", 1),
        checkers=some("复核", 2),
        releasers=some("放款", 1),
        editors=some("编辑", 2),
        movers=list(zip(some("甲", 4), some("乙", 4), strict=True)),
        hasty=some("急人", 1),
    )
    town.households[-1].account.is_deactivated = True
    sandbox.editors |= {editor.id for editor in town.editors}
    return town


OPENINGS = {
    "makers": ("新建批次", "新建批次", "/batches", "退回", "退回"),
    "checkers": ("/batches",),
    "releasers": ("/batches", "补发"),
}
"""What each hand of a payout may begin with."""


def send_out(sandbox: ChronicleSandbox, ledger: Ledger, town: Town, seed: int) -> list[Townsman]:
    people: list[Townsman] = []
    for kind, phones in (
        (Member, town.members),
        (Chooser, town.choosers),
        (Household, town.households[:TALKATIVE]),
        (Asker, town.askers),
        (Polyglot, town.polyglots),
        (Clerk, town.clerks),
        (ListClerk, town.list_clerks),
        (DeskClerk, town.desk_clerks),
        (ChangeChecker, town.change_checkers),
        (Editor, town.editors),
        (Hasty, town.hasty),
    ):
        people += [kind(sandbox, ledger, phone, f"{seed} {phone.name}") for phone in phones]
    for person in people:
        if isinstance(person, Clerk | ListClerk):
            person.numbers = town.numbers
        if isinstance(person, ListClerk):
            person.names = [phone.name for phone in (*town.members, *town.choosers)]
    for pair, codes in zip(town.movers, town.codes, strict=True):
        turn = asyncio.Lock()
        for phone in pair:
            mover = Mover(sandbox, ledger, phone, f"{seed} {phone.name}")
            mover.codes, mover.turn = codes, turn
            people.append(mover)
    for hands, openings in OPENINGS.items():
        for phone in getattr(town, hands):
            payer = Payer(sandbox, ledger, phone, f"{seed} {phone.name}")
            payer.openings, payer.payees = openings, town.payees
            people.append(payer)
    return people

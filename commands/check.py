"""`check`: is everything there that the bot needs? One line each, with what to do where not."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import typer
from rich.console import Console
from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from carefund_bot.domain.funds import FUNDS
from carefund_bot.errors import StartRefused
from carefund_bot.sealing import Sealer, read_key
from carefund_bot.services.pulse import is_of_a_copy, read_beat
from carefund_bot.settings import FundSettings, Settings, load_settings
from carefund_bot.store import migrations, outbox
from carefund_bot.store.database import connect_reader
from carefund_bot.transport.request import AiohttpRequest
from commands.options import DEFAULT_CONFIG, ConfigOption

Look = Callable[[Settings], str]

console = Console(highlight=False, markup=False, soft_wrap=True)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was looked at, whether it will do, and one sentence."""

    name: str
    ok: bool
    words: str

    def __str__(self) -> str:
        return f"{'OK     ' if self.ok else 'PROBLEM'}  {self.name:9} {self.words}"


def check(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Look at the configuration, the database, its key, its schema, and whether Telegram answers.

    Exit code 0 if all is well, 1 if anything is not; nothing is changed, and the token is never printed.
    """
    verdicts = verdicts_on(config)
    for verdict in verdicts:
        console.print(str(verdict))
    if not all(verdict.ok for verdict in verdicts):
        raise typer.Exit(1)


def verdicts_on(config: Path) -> list[Verdict]:
    """Without a readable configuration there is nothing else to look at."""
    try:
        settings = load_settings(config)
    except StartRefused as refusal:
        return [Verdict("config", ok=False, words=str(refusal))]
    return [
        Verdict("config", ok=True, words=f"{config} is read."),
        *(_verdict(name, look, settings) for name, look in _LOOKS.items()),
    ]


def _verdict(name: str, look: Look, settings: Settings) -> Verdict:
    try:
        return Verdict(name, ok=True, words=look(settings))
    except StartRefused as refusal:
        return Verdict(name, ok=False, words=str(refusal))


def _look_at_office(settings: Settings) -> str:
    invented = [fund.code for fund in FUNDS if settings.fund(fund.code).office_phone == FundSettings().office_phone]
    if invented:
        raise StartRefused(
            "People would read an invented telephone number: set "
            + ", ".join(f"funds.{code}.office_phone" for code in invented)
            + "."
        )
    return "every fund has its own telephone number."


def _look_at_key(settings: Settings) -> str:
    path, database = settings.store.key_file, settings.store.database
    key = read_key(path)
    if key is None and database.exists():
        raise StartRefused(f"The key file {path} is missing: put it back from its safe place, {database} needs it.")
    if key is None:
        return f"{path} will be made with the database, at the first start."
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise StartRefused(f"Others on this machine may read the key: chmod 600 {path}.")
    if database.exists() and _meta(database, "key_check") not in (None, Sealer(key).key_check()):
        raise StartRefused(f"The key in {path} is not the one that {database} was sealed with: find the right file.")
    return f"{path} fits, and only its owner may read it."


def _look_at_database(settings: Settings) -> str:
    path = settings.store.database
    if not path.exists():
        return f"{path} will be made at the first start."
    _ask(path, "SELECT count(*) FROM sqlite_schema")
    return f"{path} opens, {path.stat().st_size / 1_000_000:,.1f} MB."


def _look_at_schema(settings: Settings) -> str:
    path, newest = settings.store.database, max(migrations.known())
    if not path.exists():
        return f"version {newest} will be made."
    with closing(_open(path)) as db:
        applied = migrations.applied(db)
    if applied > newest:
        raise StartRefused(
            f"The database has version {applied}, this program knows {newest}: start the newer program instead."
        )
    return f"version {applied}." if applied == newest else f"version {applied}; the next start brings it to {newest}."


def _look_at_beat(settings: Settings) -> str:
    path, known = settings.store.database, read_beat(settings.store.beat_file)  # the file first: it is never ahead
    if not path.exists() or not _has_table(path, "beat"):
        return "the first start begins to count."
    (number,) = _ask(path, "SELECT number FROM beat") or (0,)
    if is_of_a_copy(int(number), known):
        raise StartRefused(
            f"{path} is not the database that ran last, but restored or copied: whatever had not gone will wait for a "
            "person (/notices and /uncertain in the chat); see docs/operations.md."
        )
    with closing(_open(path)) as db:
        waiting = outbox.count_restored(db)
    if waiting:
        return f"{waiting} messages of a restored copy wait for a decision: /uncertain in the chat."
    return f"{path} is the database that ran last."


def _look_at_telegram(settings: Settings) -> str:
    return asyncio.run(_get_me(settings))


async def _get_me(settings: Settings) -> str:
    telegram = settings.telegram
    request = AiohttpRequest(1, proxy=telegram.proxy_address)
    bot = Bot(telegram.read_token(), base_url=f"{telegram.api_base_url}/bot", request=request)
    try:
        async with bot:
            return f"{telegram.api_base_url} answers; the bot is @{bot.username}."
    except InvalidToken:
        raise StartRefused("Telegram does not know this token: check telegram.token_file.") from None
    except TelegramError as error:
        raise StartRefused(
            f"{telegram.api_base_url} does not answer ({type(error).__name__}): check the network, "
            "telegram.api_base_url and telegram.proxy."
        ) from None


def _meta(path: Path, key: str) -> bytes | None:
    """What a database remembers under a key; `None` also for a database that is still empty."""
    if not _has_table(path, "meta"):
        return None
    found = _ask(path, "SELECT value FROM meta WHERE key = ?", key)
    return bytes(found[0]) if found else None


def _has_table(path: Path, name: str) -> bool:
    return _ask(path, "SELECT 1 FROM sqlite_schema WHERE name = ?", name) is not None


def _ask(path: Path, question: str, *facts: str) -> tuple[bytes, ...] | None:
    with closing(_open(path)) as db:
        answer: tuple[bytes, ...] | None = db.execute(question, facts).fetchone()
        return answer


def _open(path: Path) -> sqlite3.Connection:
    try:
        db = connect_reader(path)
        db.execute("SELECT count(*) FROM sqlite_schema")
    except sqlite3.Error:
        raise StartRefused(f"{path} cannot be read as a database: check the path and the rights of the file.") from None
    return db


_LOOKS: Final[dict[str, Look]] = {
    "office": _look_at_office,
    "key": _look_at_key,
    "database": _look_at_database,
    "schema": _look_at_schema,
    "beat": _look_at_beat,
    "telegram": _look_at_telegram,
}

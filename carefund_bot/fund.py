"""The fund: every service over one open database. `open_fund` joins the parts and closes them."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path

from carefund_bot.clock import Clock, system_clock
from carefund_bot.errors import StartRefused
from carefund_bot.files.faq import read_starting_entries
from carefund_bot.sealing import Sealer, make_key, read_key
from carefund_bot.services.accounts import Accounts
from carefund_bot.services.aid import Aid
from carefund_bot.services.asking import Asking
from carefund_bot.services.changing import Changing
from carefund_bot.services.codes import Codes
from carefund_bot.services.correcting import Correcting
from carefund_bot.services.delivering import Delivering
from carefund_bot.services.desk import Desk
from carefund_bot.services.faq import Faq
from carefund_bot.services.giving import Giving
from carefund_bot.services.ground import Ground
from carefund_bot.services.learning import Learning
from carefund_bot.services.letters import Letters
from carefund_bot.services.linking import Linking
from carefund_bot.services.minding import Minding
from carefund_bot.services.newcomers import Newcomers
from carefund_bot.services.notice_board import NoticeBoard
from carefund_bot.services.notice_clock import NoticeClock
from carefund_bot.services.notice_runs import NoticeRuns
from carefund_bot.services.notices import Notices
from carefund_bot.services.payout_lines import PayoutLines
from carefund_bot.services.payout_runs import PayoutRuns
from carefund_bot.services.pledging import Pledging
from carefund_bot.services.proxies import Proxies
from carefund_bot.services.pulse import Pulse
from carefund_bot.services.recording import Recording
from carefund_bot.services.rolls import Rolls
from carefund_bot.services.staffing import Staffing
from carefund_bot.services.visiting import Visiting
from carefund_bot.services.week import Week
from carefund_bot.settings import Settings, StoreSettings
from carefund_bot.store import faq
from carefund_bot.store.database import Database, connect_writer
from carefund_bot.store.migrations import migrate


class Fund:
    """What handlers and commands may ask."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.settings = ground.settings
        self.accounts = Accounts(ground)
        self.linking = Linking(ground)
        self.staffing = Staffing(ground, self.linking)
        self.newcomers = Newcomers(ground)
        self.delivering = Delivering(ground)
        self.notices = Notices(ground)
        self.notice_runs = NoticeRuns(ground)
        self.notice_clock = NoticeClock(ground)
        self.pulse = Pulse(ground, self.notice_clock)
        self.notice_board = NoticeBoard(ground)
        self.visiting = Visiting(ground)
        self.aid = Aid(ground)
        self.pledging = Pledging(ground)
        self.giving = Giving(ground)
        self.codes = Codes(ground, self.linking)
        self.letters = Letters(ground, self.linking)
        self.rolls = Rolls(ground)
        self.payout_runs = PayoutRuns(ground)
        self.payout_lines = PayoutLines(ground)
        self.asking = Asking(ground)
        self.desk = Desk(ground)
        self.changing = Changing(ground)
        self.proxies = Proxies(ground, self.linking)
        self.minding = Minding(ground)
        self.faq = Faq(ground)
        self.week = Week(ground)
        self.learning = Learning(ground)
        self.recording = Recording(ground)
        self.correcting = Correcting(ground)


@asynccontextmanager
async def open_fund(settings: Settings, *, clock: Clock = system_clock) -> AsyncIterator[Fund]:
    """Open the key and the database, bring the schema up to date, hand out the fund, close all."""
    path = settings.store.database
    try:
        sealer = open_sealer(settings.store)
        _make_private(path)
        connect_writer(path).close()  # what is no database shows here, before it has threads
        database = await Database.open(path, prepare=partial(_prepare, sealer=sealer, store=settings.store))
    except (OSError, sqlite3.Error) as error:
        raise StartRefused(
            f"{path} cannot be opened as a database ({error}): check store.database, store.key_file, "
            "and who may read and write there."
        ) from None
    try:
        await database.write(lambda db: _load_first_answers(db, int(clock())))
        yield Fund(Ground(database, sealer, clock, settings))
    finally:
        await database.close()


def _make_private(path: Path) -> None:
    """An empty file that only its owner may read, if there is none; SQLite gives those beside it the same rights."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def _prepare(db: sqlite3.Connection, *, sealer: Sealer, store: StoreSettings) -> None:
    migrate(db)
    _check_key(db, sealer, store)


def _load_first_answers(db: sqlite3.Connection, at: int) -> None:
    """A new book starts with the answers that come with the program."""
    if faq.is_empty(db):
        faq.load(db, read_starting_entries(), at)


def open_sealer(store: StoreSettings) -> Sealer:
    """The sealer for a store: its key is made with the database and never after it."""
    key = read_key(store.key_file)
    if key is None:
        if store.database.exists():
            raise StartRefused(
                f"The key file {store.key_file} is missing: without it the sealed names and numbers in "
                f"{store.database} cannot be read. Put the file back from its safe place."
            )
        key = make_key(store.key_file)
    return Sealer(key)


def _check_key(db: sqlite3.Connection, sealer: Sealer, store: StoreSettings) -> None:
    db.execute("INSERT INTO meta VALUES ('key_check', ?) ON CONFLICT DO NOTHING", (sealer.key_check(),))
    (kept,) = db.execute("SELECT value FROM meta WHERE key = 'key_check'").fetchone()
    if kept != sealer.key_check():
        raise StartRefused(f"The key in {store.key_file} is not the one that {store.database} was sealed with.")

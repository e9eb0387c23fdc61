"""The fund: every service over one open database. `open_fund` joins the parts and closes them."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from carefund_bot.clock import Clock, system_clock
from carefund_bot.errors import StartRefused
from carefund_bot.sealing import Sealer, make_key, read_key
from carefund_bot.services.accounts import Accounts
from carefund_bot.services.aid import Aid
from carefund_bot.services.asking import Asking
from carefund_bot.services.codes import Codes
from carefund_bot.services.correcting import Correcting
from carefund_bot.services.delivering import Delivering
from carefund_bot.services.desk import Desk
from carefund_bot.services.giving import Giving
from carefund_bot.services.ground import Ground
from carefund_bot.services.linking import Linking
from carefund_bot.services.minding import Minding
from carefund_bot.services.notices import Notices
from carefund_bot.services.payout_lines import PayoutLines
from carefund_bot.services.payout_runs import PayoutRuns
from carefund_bot.services.pledging import Pledging
from carefund_bot.services.recording import Recording
from carefund_bot.services.rolls import Rolls
from carefund_bot.services.staffing import Staffing
from carefund_bot.settings import Settings, StoreSettings
from carefund_bot.store.database import Database
from carefund_bot.store.migrations import migrate


class Fund:
    """What handlers and commands may ask."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.settings = ground.settings
        self.accounts = Accounts(ground)
        self.linking = Linking(ground)
        self.staffing = Staffing(ground, self.linking)
        self.delivering = Delivering(ground)
        self.notices = Notices(ground)
        self.aid = Aid(ground)
        self.pledging = Pledging(ground)
        self.giving = Giving(ground)
        self.codes = Codes(ground, self.linking)
        self.rolls = Rolls(ground)
        self.payout_runs = PayoutRuns(ground)
        self.payout_lines = PayoutLines(ground)
        self.asking = Asking(ground)
        self.desk = Desk(ground)
        self.minding = Minding(ground)
        self.recording = Recording(ground)
        self.correcting = Correcting(ground)


@asynccontextmanager
async def open_fund(settings: Settings, *, clock: Clock = system_clock) -> AsyncIterator[Fund]:
    """Open the key and the database, bring the schema up to date, hand out the fund, close all."""
    sealer = open_sealer(settings.store)
    settings.store.database.parent.mkdir(parents=True, exist_ok=True)

    def prepare(db: sqlite3.Connection) -> None:
        migrate(db)
        _check_key(db, sealer, settings.store)

    database = await Database.open(settings.store.database, prepare=prepare)
    try:
        yield Fund(Ground(database, sealer, clock, settings))
    finally:
        await database.close()


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

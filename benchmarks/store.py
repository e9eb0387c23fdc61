"""The store under the bot: half a million invented members, seeded once, copied for each measurement."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from benchmarks.fake_api import update
from benchmarks.processes import ROOT
from carefund_bot.sealing import Sealer, make_key, read_key
from carefund_bot.seeding import FULL, seed
from carefund_bot.services.telling import OUTBOX_PLACE
from carefund_bot.store import inbox, outbox
from carefund_bot.store.database import connect_writer
from carefund_bot.store.migrations import migrate

SPEAKERS: Final = 20_000
"""Accounts 1 to 20,000 belong to members."""
FIRST_READER: Final = 1_000_001
_KEPT: Final = ROOT / ".benchmarks"
_LINKED_AT: Final = 1_338_000_000


@contextmanager
def store(*, queued: int = 0, waiting: int = 0) -> Iterator[Path]:
    """A folder with `fund.db` and `fund.key`; `queued` messages in the outbox, `waiting` updates in the inbox."""
    seeded = _seeded()
    with tempfile.TemporaryDirectory(dir=_KEPT) as name:
        folder = Path(name)
        shutil.copyfile(seeded, folder / "fund.db")
        shutil.copyfile(seeded.with_suffix(".key"), folder / "fund.key")
        if queued or waiting:
            _fill(folder, queued, waiting)
        yield folder


def bot_arguments(url: str, folder: Path, **telegram: int) -> tuple[str, ...]:
    """How the real bot is started on this store and this Bot API."""
    config = folder / "config.toml"
    rest = "".join(f"{name} = {value}\n" for name, value in telegram.items())
    config.write_text(
        f'[telegram]\ntoken = "100200:BENCH"\napi_base_url = "{url}"\n{rest}\n'
        f'[store]\ndatabase = "{folder / "fund.db"}"\nkey_file = "{folder / "fund.key"}"\n'
    )
    return "bot.py", "run", "--config", str(config)


def _seeded() -> Path:
    """The seeded file, made anew when the schema has changed."""
    schema = b"".join(path.read_bytes() for path in sorted((ROOT / "carefund_bot/store/migrations").glob("*.sql")))
    path = _KEPT / f"{hashlib.sha256(schema).hexdigest()[:12]}.db"
    if not path.exists():
        shutil.rmtree(_KEPT, ignore_errors=True)
        _KEPT.mkdir()
        sealer = Sealer(read_key(path.with_suffix(".key")) or make_key(path.with_suffix(".key")))
        unfinished = path.with_suffix(".unfinished")
        db = connect_writer(unfinished)
        migrate(db)
        seed(db, sealer, FULL)
        db.execute("BEGIN")
        db.executemany(
            "INSERT INTO account (user_id, language, first_seen_at) VALUES (?, 'zh_CN', ?)",
            ((number, _LINKED_AT) for number in range(1, SPEAKERS + 1)),
        )
        db.executemany(
            "INSERT INTO link (user_id, subject, subject_id, linked_at) VALUES (?, 'member', ?, ?)",
            ((number, number * (FULL.members // SPEAKERS), _LINKED_AT) for number in range(1, SPEAKERS + 1)),
        )
        db.execute("COMMIT")
        db.close()
        unfinished.rename(path)
    return path


def _fill(folder: Path, queued: int, waiting: int) -> None:
    sealer = Sealer(read_key(folder / "fund.key") or b"")
    db = connect_writer(folder / "fund.db")
    now = int(time.time())
    db.execute("BEGIN")
    db.executemany(
        "INSERT INTO account (user_id, language, first_seen_at) VALUES (?, 'zh_CN', ?)",
        ((FIRST_READER + number, now) for number in range(queued)),
    )
    for number in range(queued):
        facts = sealer.seal(OUTBOX_PLACE, {"phone": "0512-0000-0000"})
        outbox.queue(db, f"bench:{number}", FIRST_READER + number, "moved_away", facts, now)
    _fill_inbox(db, sealer, waiting, now)
    db.execute("COMMIT")
    db.close()


def _fill_inbox(db: sqlite3.Connection, sealer: Sealer, waiting: int, now: int) -> None:
    for number in range(waiting):
        content = update(number + 1, 1 + number % SPEAKERS, "/giving")
        inbox.add(db, number + 1, 1 + number % SPEAKERS, sealer.seal("inbox", content), now)


__all__ = ["FIRST_READER", "SPEAKERS", "bot_arguments", "store"]

"""Whether this is the database that ran last, or a copy of it from before (F5): such a one must not speak by itself.

While the bot runs a number counts up, in the database first and then in a small file beside the key. So the file is
never ahead of a database that only crashed. A database that lies behind the file, or has run and finds none, was
restored or copied. It counts at each start and end, every minute, and within a second of anything that was queued, sent
or decided: so what a copy would say again was counted after the copy was taken. Only the bot's own clockwork asks here,
never a person: so there is no actor.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from carefund_bot.errors import StartRefused
from carefund_bot.services.ground import Ground
from carefund_bot.services.notice_clock import NoticeClock
from carefund_bot.store import beats, outbox

LOOK_EVERY_S: Final = 1.0
COUNTS_ANYWAY_AT: Final = 60
"""So many looks apart it counts though nothing was queued, sent or decided."""


@dataclass(frozen=True, slots=True)
class Waking:
    """How the database was found at a start, and how much waits for a person because of it."""

    is_copy: bool
    notices: int
    messages: int


class Pulse:
    """To be asked once at the start, every `LOOK_EVERY_S` seconds from then on, and once more at the end."""

    def __init__(self, ground: Ground, notice_clock: NoticeClock) -> None:
        self._ground = ground
        self._notice_clock = notice_clock
        self._file = ground.settings.store.beat_file
        self._looks = 0
        self._one_at_a_time = threading.Lock()
        """Held by who writes the file: a thread goes on when the task that waits for it is cancelled."""

    async def wake(self) -> Waking:
        """Before anything goes out: hold what has stood still too long; in a copy everything that had not gone."""
        known = await asyncio.to_thread(read_beat, self._file)

        def write(db: sqlite3.Connection) -> Waking:
            is_copy = is_of_a_copy(beats.number(db), known)
            messages = 0
            if is_copy:
                messages = outbox.doubt_restored(db, self._ground.now())
                beats.catch_up(db, known or 0)
            return Waking(is_copy, self._notice_clock.hold(db, is_copy=is_copy), messages)

        return await self._ground.db.write(write)

    async def look(self) -> None:
        """Count if the bell has rung, at the first look and each minute."""
        is_due = self._looks % COUNTS_ANYWAY_AT == 0
        self._looks += 1
        if self._ground.bell.has_rung_since_asked() or is_due:
            await self.beat()

    async def beat(self) -> None:
        """Count one more. The file is there before the first beat: a database that has beaten expects it."""
        if not self._file.exists():
            await asyncio.to_thread(self._keep, 0)
        number = await self._ground.db.write(beats.go_on)
        await asyncio.to_thread(self._keep, number)

    def _keep(self, number: int) -> None:
        with self._one_at_a_time:
            keep_beat(self._file, number)


def is_of_a_copy(number: int, known: int | None) -> bool:
    """Whether a database with this last beat is not the one that ran last; `known`: what the file says, if any."""
    return number > 0 if known is None else number < known


def read_beat(path: Path) -> int | None:
    """The last beat that was kept; `None` if there is no such file."""
    try:
        return int(path.read_text(encoding="ascii"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise StartRefused(
            f"{path} cannot be read ({type(error).__name__}). If it is beyond repair remove it: then what had not gone "
            "waits for a person."
        ) from None


def keep_beat(path: Path, number: int) -> None:
    """Write it down as a whole or not at all, on the disk itself, readable by its owner alone."""
    unfinished = path.with_name(f"{path.name}.unfinished")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
        file.write(f"{number}\n")
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
    with suppress(PermissionError):  # Windows opens no folders, and needs it not
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

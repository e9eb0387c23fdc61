"""The bot as a process that can be killed and started again at once: everything is imported, then each life is a fork.

Reads lines: seconds to add to the clock and a configuration start a life (`pid status`, the status of the life before
it); `end` waits for the last one to finish. Usage: python -m tests.chaos.runner LOG
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import time
import traceback
from functools import lru_cache
from pathlib import Path
from typing import NoReturn

from carefund_bot.settings import Settings, load_settings
from carefund_bot.transport import pace
from carefund_bot.understanding.reading import Understanding
from handlers.serving import serve

NO_LIFE_BEFORE = -1


def main() -> None:
    log = Path(sys.argv[1])
    _read_once_for_all()
    pace._REPLIES_IN_A_ROW = 10_000  # type: ignore[misc]  # the storm's people write many times a second, that more of it falls on the kills
    pid, status = 0, NO_LIFE_BEFORE
    for line in sys.stdin:
        if pid:
            status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        if line.strip() == "end":
            pid = 0
        else:
            ahead_s, _, config = line.strip().partition(" ")
            settings = _settings(config)
            pid = os.fork()
            if pid == 0:
                _live(settings, log, float(ahead_s))
        sys.stdout.write(f"{pid} {status}\n")
        sys.stdout.flush()


def _read_once_for_all() -> None:
    """What understands words takes longer to load than most lives last, and never changes."""
    understanding = Understanding.load()
    Understanding.load = lambda: understanding  # type: ignore[method-assign, assignment, misc]


@lru_cache
def _settings(config: str) -> Settings:
    return load_settings(Path(config))


def _live(settings: Settings, log: Path, clock_ahead_s: float) -> NoReturn:
    with Path(os.devnull).open() as nothing:
        os.dup2(nothing.fileno(), sys.stdin.fileno())
    logging.raiseExceptions = False  # a full disk takes no log either
    logging.basicConfig(filename=log, level=logging.WARNING, format="%(process)d %(levelname)s %(name)s %(message)s")
    try:
        asyncio.run(serve(settings, clock=lambda: time.time() + clock_ahead_s))
    except BaseException:  # noqa: BLE001 - whatever ended it, the driver shall read it
        with log.open("a") as file:
            traceback.print_exc(file=file)
        os._exit(1)
    os._exit(0)


if __name__ == "__main__":
    main()

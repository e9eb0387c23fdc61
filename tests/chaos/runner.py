"""The bot as a process that can be killed and started again at once: everything is imported, then each life is a fork.

Reads lines: seconds to add to the clock starts a life (`pid status`, the status of the life before it); `end` waits for
the last one to finish. Usage: python -m tests.chaos.runner CONFIG LOG
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import time
import traceback
from pathlib import Path
from typing import NoReturn

from carefund_bot.settings import Settings, load_settings
from handlers.serving import serve

NO_LIFE_BEFORE = -1


def main() -> None:
    settings, log = load_settings(Path(sys.argv[1])), Path(sys.argv[2])
    pid, status = 0, NO_LIFE_BEFORE
    for line in sys.stdin:
        if pid:
            status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        if line.strip() == "end":
            pid = 0
        else:
            pid = os.fork()
            if pid == 0:
                _live(settings, log, float(line))
        sys.stdout.write(f"{pid} {status}\n")
        sys.stdout.flush()


def _live(settings: Settings, log: Path, clock_ahead_s: float) -> NoReturn:
    with Path(os.devnull).open() as nothing:
        os.dup2(nothing.fileno(), sys.stdin.fileno())
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

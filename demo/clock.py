"""The demo's days: it begins on 18 June 2012 and goes on from there, also while nobody looks."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path

from carefund_bot.clock import SHANGHAI, Clock

FIRST_DAY = (2012, 6, 18)


def demo_clock(folder: Path) -> Clock:
    """A clock as far behind ours as it was at the first start in this folder."""
    kept = folder / "clock-offset-s"
    if not kept.exists():
        now = datetime.now(SHANGHAI)
        first = now.replace(year=FIRST_DAY[0], month=FIRST_DAY[1], day=FIRST_DAY[2])
        kept.write_text(str(int((now - first).total_seconds())), encoding="ascii")
    offset_s = int(kept.read_text(encoding="ascii"))
    return lambda: time.time() - offset_s

"""The short storm; `make chaos` is the long one."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from tests.chaos.counting import take_count
from tests.chaos.ledger import Act
from tests.chaos.storm import Forecast, let_storm_rage


async def test_killed_again_and_again_nothing_is_lost_and_nothing_done_twice(tmp_path: Path) -> None:
    """A seed that was unlucky can be given again: CHAOS_SEED=123."""
    seed = int(os.environ.get("CHAOS_SEED", secrets.randbelow(1_000_000)))
    after = await let_storm_rage(tmp_path, Forecast(seed, kills=16, clock_jumps_every=7))
    count = take_count(after)
    assert not count.wrongs, f"seed {seed}: {count.wrongs}\n{(tmp_path / 'bot.log').read_text()[-4_000:]}"
    assert len(after.kills) == 16
    assert all(count.acts[act].done for act in (Act.PLEDGE, Act.GIFT, Act.NOTICE))

"""The long storm: `python -m tests.chaos [--seed N] [--kills N] [--write docs/chaos.md]`."""

from __future__ import annotations

import argparse
import asyncio
import secrets
import sys
import tempfile
from pathlib import Path

from rich.progress import Progress

from tests.chaos.counting import take_count
from tests.chaos.report import as_page
from tests.chaos.storm import Aftermath, Forecast, let_storm_rage


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000))
    parser.add_argument("--kills", type=int, default=600)
    parser.add_argument("--write", type=Path)
    given = parser.parse_args()
    forecast = Forecast(given.seed, given.kills, clock_jumps_every=60)
    sys.stdout.write(f"seed {forecast.seed}\n")
    with tempfile.TemporaryDirectory(prefix="carefund-chaos-") as folder:
        try:
            after = asyncio.run(_rage(Path(folder), forecast))
        except BaseException:
            sys.stdout.write((Path(folder) / "bot.log").read_text()[-6_000:])
            raise
        count = take_count(after)
        log = (Path(folder) / "bot.log").read_text()
    page = as_page(forecast, after, count)
    sys.stdout.write(page)
    if given.write:
        given.write.write_text(page, encoding="utf-8")
    if count.wrongs:
        sys.stdout.write(log[-6_000:])
        sys.exit(1)


async def _rage(folder: Path, forecast: Forecast) -> Aftermath:
    with Progress() as progress:
        task = progress.add_task("kills", total=forecast.kills)
        return await let_storm_rage(folder, forecast, lambda: progress.advance(task))


if __name__ == "__main__":
    main()

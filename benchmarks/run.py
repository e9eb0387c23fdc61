"""Measures figures by name, all if none is named, prints them, and writes them down.

python -m benchmarks.run [NAME ...] [--rounds N] [--write]
"""

from __future__ import annotations

import argparse
import compileall
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from rich.console import Console

from benchmarks import committing, pledging, queueing, sending, starting, updates
from benchmarks.figures import Figure
from benchmarks.processes import ROOT

MEASURES: Final = {
    "updates": updates.measure_speeds,
    "updates-slow-api": updates.measure_slow_api,
    "processor": updates.measure_processor,
    "pledge-handler": pledging.measure,
    "pledge-commits": committing.measure,
    "sends-30": sending.measure_at_thirty,
    "sends-1000": sending.measure_at_a_thousand,
    "recipients": queueing.measure,
    "start": starting.measure_start,
    "memory": starting.measure_memory,
    "backlog": starting.measure_backlog,
}
_OURS: Final = ("carefund_bot", "handlers", "commands", "benchmarks")
_COLUMNS: Final = ("figure", "ours", "beside", "peer", "ratio", "must", "goal", "reached", "spread")
_PAGE: Final = ROOT / "docs" / "benchmarks.md"


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", choices=[*MEASURES, []], help=", ".join(MEASURES))
    parser.add_argument("--rounds", type=int, default=3, help="how often ours and the peer take turns (%(default)s)")
    parser.add_argument("--write", action="store_true", help=f"write {_PAGE.relative_to(ROOT)}")
    given = parser.parse_args()
    console, figures = Console(highlight=False), []
    for folder in _OURS:  # as an installation leaves it; the peers' libraries have theirs
        compileall.compile_dir(ROOT / folder, quiet=1)
    for name in given.names or MEASURES:
        console.print(f"[bold]{name}[/]: measuring, {given.rounds} rounds")
        measured = MEASURES[name](given.rounds)
        for figure in measured:
            _say(console, figure)
        figures += measured
    if given.write:
        _PAGE.write_text(_page(figures, given.rounds), encoding="utf-8")


def _cells(figure: Figure) -> tuple[str, ...]:
    return (
        figure.what,
        f"{_number(figure.ours)} {figure.unit}",
        figure.peer_name,
        f"{_number(figure.peer)} {figure.unit}",
        f"{figure.ratio:.2f} x",
        f"{figure.must:g} x",
        f"{figure.goal:g} x",
        figure.verdict,
        f"{figure.spread:.0%}",
    )


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _say(console: Console, figure: Figure) -> None:
    what, ours, peer_name, theirs, ratio, must, goal, verdict, spread = _cells(figure)
    console.print(f"\n{what}\n  [bold]{ours}[/], {peer_name}: {theirs}")
    console.print(f"  [bold]{ratio}[/] (must {must}, goal {goal}): {verdict}; spread {spread}")
    if figure.note:
        console.print(f"  {figure.note}")


def _page(figures: Sequence[Figure], rounds: int) -> str:
    rows = "\n".join(f"| {' | '.join(_cells(figure))} |" for figure in figures)
    notes = "\n".join(f"- {figure.what}: {figure.note}" for figure in figures if figure.note)
    return _TEXT.format(
        day=datetime.now(UTC).date(),
        cores=os.cpu_count(),
        rounds=rounds,
        head=" | ".join(_COLUMNS),
        rule="|".join(" --- " for _ in _COLUMNS),
        rows=rows,
        notes=notes,
    )


_TEXT: Final = """# Benchmarks

Written by `python -m benchmarks.run --write` on {day}, on a machine with {cores} cores; medians of {rounds} rounds in
which ours and the peers take turns. Bot and pretended Bot API have a core each, loopback, no TLS. Ours is the real bot:
every update is on disk before it is handled, on a store with half a million members; the peers keep nothing.

| {head} |
|{rule}|
{rows}

`ratio` is ours in terms of the peer's; `spread` is (largest - smallest) / median of our runs. Compare ratios, not
absolute numbers: other work on the machine moves both.

{notes}
"""


if __name__ == "__main__":
    main()

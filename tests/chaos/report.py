"""The count as a page of tables."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from tests.chaos.counting import IN_FLIGHT, Count
from tests.chaos.storm import Aftermath, Forecast
from tests.chaos.strikes import Target

_STATES = ("sent", "uncertain", "unreachable", "failed", "held", "accepted by Telegram", "uncertain, arrived", "twice")


def as_page(forecast: Forecast, after: Aftermath, count: Count) -> str:
    date = datetime.now(UTC).date().isoformat()
    parts = (
        "# Chaos: killed again and again, nothing lost\n",
        f"`make chaos SEED={forecast.seed} KILLS={forecast.kills}`, {date}, 2 cores, {after.seconds:.0f} s.\n",
        _INTRODUCTION,
        "## Kills\n",
        _table(("in the middle of", "kills"), [(target, after.kills[target]) for target in Target]),
        f"{after.kills.total()} kills (SIGKILL), each followed by a start on the same database.\n",
        "## Acts\n",
        _table(
            ("act", "confirm buttons tapped", "done", "acknowledged", "refused kindly", "tap lost by Telegram"),
            [
                (act, each.tapped, each.done, each.acknowledged, each.refused, each.never_arrived)
                for act, each in count.acts.items()
            ],
        ),
        "Done once each, and each acknowledged to the person who tapped; refused: the button belonged to an earlier step.\n",
        "## Updates\n",
        _table(("", "number"), count.updates.items()),
        _ON_UPDATES,
        "## Messages from the outbox\n",
        _table(
            ("kind", *_STATES),
            [(kind, *(states[state] for state in _STATES)) for kind, states in sorted(count.messages.items())],
        ),
        _on_messages(after, count),
        "## What is wrong\n",
        "".join(f"- {wrong}\n" for wrong in count.wrongs) or "Nothing.\n",
    )
    return "\n".join(parts)


_INTRODUCTION = """\
People at their phones pledge, change their minds, take a household to another chat, ask, switch languages, record
contributions and send notices, all at once and without waiting for one another, while the bot runs as a process of its
own against the pretend Telegram and is killed again and again. Meanwhile Telegram answers some calls with 429, 500 and
502, drops connections before and after the effect, tears its JSON, hangs, is slow, and both clocks jump by days. At the
end the bot is left alone until nothing waits, is stopped by SIGTERM, and everything is counted from its database and
from Telegram's own log.
"""


_ON_UPDATES = """\
Confirmed: Telegram was told that the bot has them, and each was on the bot's disk by then. The bot forgets those it
handled two days ago and more, and its clock jumps: so fewer are left than were confirmed. Dismissed: from somebody who
sends 40 at once, and was told so.
"""


def _on_messages(after: Aftermath, count: Count) -> str:
    interrupted = count.updates["messages interrupted by a kill"]
    return (
        f"A kill left {interrupted / max(after.kills.total(), 1):.2f} messages uncertain on average, {IN_FLIGHT} sends may"
        " be under way. Uncertain messages are shown to staff and never sent again by themselves, so none comes twice.\n"
    )


def _table(head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join(f"| {' | '.join(str(cell) for cell in line)} |\n" for line in lines)

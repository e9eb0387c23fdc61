"""The count as a page of tables."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from tests.chaos.counting import IN_FLIGHT, Count
from tests.chaos.storm import Aftermath, Forecast
from tests.chaos.strikes import Mishap, Target

_STATES = (
    "sent",
    "uncertain",
    "unreachable",
    "failed",
    "cancelled",
    "held",
    "accepted by Telegram",
    "uncertain, arrived",
    "twice",
)


def as_page(forecast: Forecast, after: Aftermath, count: Count) -> str:
    date = datetime.now(UTC).date().isoformat()
    parts = (
        "# Chaos: killed again and again, nothing lost\n",
        f"`make chaos SEED={forecast.seed} KILLS={forecast.kills}`, {date}, 2 cores, {after.seconds:.0f} s.\n",
        _INTRODUCTION,
        "## Kills\n",
        _table(("in the middle of", "kills"), [(target, after.kills_at(target)) for target in Target]),
        _on_kills(after),
        "## Acts\n",
        _table(
            ("act", "buttons tapped", "done", "acknowledged", "refused kindly", "tap lost by Telegram"),
            [
                (act, each.tapped, each.done, each.acknowledged, each.refused, each.never_arrived)
                for act, each in count.acts.items()
            ],
        ),
        _ON_ACTS,
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
People at their phones pledge, change their minds, take a household to another chat, bring questions to the desk, rate
its answers, stop a change of account, choose languages and topics; the office answers, registers new accounts and
checks them, records contributions one by one and as lists, brings rolls up to date, makes, checks, releases and pays
payouts, sends single payments again, writes notices, pauses, cancels and takes them back: all at once and without
waiting for one another, while the bot runs as a process of its own against the pretend Telegram and is killed again and
again. It asks for its updates in some lives and is called by Telegram in others. Meanwhile Telegram answers some calls
with 429 (a second, or 3,000), 500 and 502, drops connections before and after the effect, tears its JSON, hangs, is
slow, brings updates twice, and both clocks jump by days. At the end the bot is left alone until nothing waits, is
stopped by SIGTERM, and everything is counted from its database and from Telegram's own log.
"""


def _on_kills(after: Aftermath) -> str:
    by_webhook = sum(death.by_webhook for death in after.kills)
    mishaps = ", ".join(f"{mishap}: {sum(death.mishap is mishap for death in after.kills)}" for mishap in Mishap)
    return (
        f"{len(after.kills)} kills (SIGKILL), each followed by a start on the same database; {by_webhook} of these lives"
        f" were called by a webhook, the others polled. Lives with a mishap: {mishaps}.\n"
    )


_ON_ACTS = """\
Done once each, and each acknowledged to the person who tapped; refused: the button belonged to an earlier step, or
somebody else was first. Beyond the taps: no household has two living payments of a year, three people stand behind
every payout, every household heard of every step of its money, every answer went out, every question in words came to
the desk once and its bringer knows its number, no cancelled copy went on, no import is half done.
"""


_ON_UPDATES = """\
Confirmed: Telegram was told that the bot has them, and each was on the bot's disk by then. The bot forgets those it
handled two days ago and more, and its clock jumps: so fewer are left than were confirmed. Dismissed: from somebody who
sends 40 at once, and was told so.
"""


def _on_messages(after: Aftermath, count: Count) -> str:
    lives = max(len(count.interrupted), 1)
    at_telegram = sum(death.under_way for death in after.kills) / lives
    return (
        f"A kill left {sum(count.interrupted) / lives:.2f} messages uncertain on average and {max(count.interrupted)} at"
        f" most; {IN_FLIGHT} may be under way, {at_telegram:.2f} were at Telegram on average. Uncertain messages are shown"
        " to staff and never sent again by themselves, so none comes twice.\n"
    )


def _table(head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join(f"| {' | '.join(str(cell) for cell in line)} |\n" for line in lines)

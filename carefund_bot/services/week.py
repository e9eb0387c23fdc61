"""The week at a glance: what was asked, what the bot answered, what people answered, what waits. Figures, no words."""

from __future__ import annotations

import sqlite3
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from carefund_bot.access import NO_BRANCH, Actor, Permission, require
from carefund_bot.domain.cases import CaseKind
from carefund_bot.services.ground import Ground
from carefund_bot.store import asked

DAYS: Final = 7
_DAY_S: Final = 86_400
_TOP: Final = 5


class Outcome(StrEnum):
    """How a question to the bot ended."""

    ANSWERED = "answered"
    OFFERED = "offered"
    HANDED_OVER = "handed_over"
    NOT_UNDERSTOOD = "not_understood"


@dataclass(frozen=True, slots=True)
class WeekReport:
    """Of the last seven days; the questions to the bot are of all funds, the cases of the reader's."""

    outcomes: dict[Outcome, int]
    top_intents: tuple[tuple[str, int], ...]
    opened: int
    answered: int
    waiting: int
    top_kinds: tuple[tuple[CaseKind, int], ...]


class Week:
    """Counting is open to whoever writes to the bot; the report is for administrators."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    async def note_asked(self, actor: Actor, intent: str, outcome: Outcome) -> None:
        """Count one question under its day; nothing of who asked or in which words is kept."""
        del actor
        today = self._ground.today()
        await self._ground.db.write(lambda db: asked.count_asked(db, today, intent, outcome))

    async def report(self, actor: Actor) -> WeekReport:
        """The last seven days, today with them."""
        require(actor, Permission.SEE_DESK_REPORT)
        today, since = self._ground.today(), self._ground.now() - DAYS * _DAY_S

        def read(db: sqlite3.Connection) -> WeekReport:
            outcomes: Counter[Outcome] = Counter()
            intents: Counter[str] = Counter()
            for intent, outcome, times in asked.asked_since(db, today - timedelta(days=DAYS - 1)):
                outcomes[Outcome(outcome)] += times
                intents[intent] += times
            kinds: Counter[CaseKind] = Counter()
            for fund, area, kind, count in asked.cases_opened(db, since):
                if _sees(actor, fund, area):
                    kinds[CaseKind(kind)] += count
            return WeekReport(
                dict(outcomes),
                tuple(intents.most_common(_TOP)),
                opened=kinds.total(),
                answered=_seen(actor, asked.cases_answered(db, since)),
                waiting=_seen(actor, asked.cases_waiting(db)),
                top_kinds=tuple(kinds.most_common(_TOP)),
            )

        return await self._ground.db.read(read, long=True)


def _seen(actor: Actor, counted: list[tuple[str, str | None, int]]) -> int:
    return sum(count for fund, area, count in counted if _sees(actor, fund, area))


def _sees(actor: Actor, fund: str, area: str | None) -> bool:
    return actor.may(Permission.SEE_DESK_REPORT, fund=fund, area=area, branch_id=NO_BRANCH)

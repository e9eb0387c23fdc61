"""上门告知: whom a notice did not reach, by community, and who has been told at the door."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from carefund_bot.access import Actor, Permission, require
from carefund_bot.domain.notices import Step
from carefund_bot.domain.people import mask_name
from carefund_bot.errors import NotAllowed
from carefund_bot.services.ground import Ground
from carefund_bot.services.notice_steps import Progress, progress_of
from carefund_bot.store import notice_roll, notice_runs
from carefund_bot.store.notice_roll import Asked
from carefund_bot.store.notices import Notice


@dataclass(frozen=True, slots=True)
class Rounds:
    """The whole roll of a notice in three parts, why those to visit were not reached, and where they live.

    `read_later` are those of the reached who looked it up by themselves. `sections` holds (area, community or branch,
    people to visit); `still_there` counts copies that could not be taken back.
    """

    notice: Notice
    step: Step
    reached: int
    read_later: int
    visited: int
    reasons: Mapping[str, int]
    sections: tuple[tuple[str, str, int], ...]
    still_there: int

    @property
    def to_visit(self) -> int:
        return sum(self.reasons.values())

    @property
    def on_roll(self) -> int:
        return self.reached + self.visited + self.to_visit


@dataclass(frozen=True, slots=True)
class Door:
    """One person to visit, by number and masked name; `reason` is why the notice did not arrive."""

    subject: str
    subject_id: int
    number: str
    name: str
    area: str
    section: str
    reason: str


@dataclass(frozen=True, slots=True)
class Home:
    """Where somebody who was visited is found on the lists."""

    area: str
    section: str
    number: str


class Visiting:
    """For notice editors, each inside the scope of the right."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    async def rounds(self, actor: Actor, notice_id: int) -> Rounds:
        """Reached, to visit and visited: together the roll as it stood when the notice started."""
        require(actor, Permission.COMPOSE_NOTICE)

        def read(db: sqlite3.Connection) -> Rounds:
            progress, asked = self._asked(db, actor, notice_id)
            people: Counter[str] = Counter()
            to_visit: Counter[tuple[str, str]] = Counter()
            for area, section, state, number in notice_roll.tally(db, asked):
                people[state] += number
                if state not in notice_roll.DONE:
                    to_visit[area, section] += number
            sent, read, visited = (people.pop(state, 0) for state in notice_roll.DONE)
            sections = tuple((area, section, number) for (area, section), number in to_visit.items())
            still_there = sum(notice_runs.count_still_there(db, notice_id).values())
            return Rounds(
                progress.notice, progress.step, sent + read, read, visited, dict(people), sections, still_there
            )

        return await self._ground.db.read(read, long=True)

    async def doors(
        self, actor: Actor, notice_id: int, area: str | None = None, section: str | None = None
    ) -> list[Door]:
        """Everybody to visit, section by section, or those of one section."""
        require(actor, Permission.COMPOSE_NOTICE)

        def read(db: sqlite3.Connection) -> list[Door]:
            _, asked = self._asked(db, actor, notice_id)
            return [self._door(person) for person in notice_roll.to_visit(db, asked, area, section)]

        return await self._ground.db.read(read, long=True)

    async def listed(self, actor: Actor, notice_id: int) -> list[Door]:
        """Everybody for the office's list: whom to visit, and who has a copy that could not be taken back."""
        require(actor, Permission.COMPOSE_NOTICE)

        def read(db: sqlite3.Connection) -> list[Door]:
            _, asked = self._asked(db, actor, notice_id)
            people = (*notice_roll.to_visit(db, asked), *notice_roll.still_holding(db, asked))
            return sorted(map(self._door, people), key=lambda door: (door.area, door.section, door.number))

        return await self._ground.db.read(read, long=True)

    def _door(self, person: notice_roll.Person) -> Door:
        name = mask_name(self._ground.sealer.open(person.subject, person.sealed)["name"])
        return Door(person.subject, person.subject_id, person.number, name, person.area, person.section, person.state)

    async def tick(self, actor: Actor, notice_id: int, subject: str, subject_id: int) -> Home:
        """Somebody was told at the door: where that was. A second tick changes nothing."""
        require(actor, Permission.COMPOSE_NOTICE)

        def write(db: sqlite3.Connection) -> Home:
            _, asked = self._asked(db, actor, notice_id)
            home = notice_roll.home_of(db, asked, subject, subject_id)
            if home is None:
                raise NotAllowed
            notice_roll.add_visit(db, notice_id, subject, subject_id, actor.staff_id, self._ground.now())
            return Home(*home)

        return await self._ground.db.write(write)

    def _asked(self, db: sqlite3.Connection, actor: Actor, notice_id: int) -> tuple[Progress, Asked]:
        progress = progress_of(self._ground, db, actor, notice_id)
        started_at = notice_runs.started_at(db, notice_id)
        if started_at is None:
            raise NotAllowed
        notice = progress.notice
        return progress, Asked(notice_id, notice.audience, notice.content.topic, started_at)

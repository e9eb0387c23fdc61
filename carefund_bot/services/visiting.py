"""上门告知: whom a notice did not reach, by community, and who has been told at the door."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from carefund_bot.access import Actor, Permission, require
from carefund_bot.domain.people import mask_name
from carefund_bot.errors import NotAllowed
from carefund_bot.services.ground import Ground
from carefund_bot.services.notice_steps import progress_of
from carefund_bot.store import notice_roll, notice_runs
from carefund_bot.store.notice_roll import Asked
from carefund_bot.store.notices import Notice


@dataclass(frozen=True, slots=True)
class Rounds:
    """The whole roll of a notice in three parts, why those to visit were not reached, and where they live.

    `sections` holds (area, community or branch, people to visit). `still_there`: copies that could not be taken back.
    """

    notice: Notice
    reached: int
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


class Visiting:
    """For notice editors, each inside the scope of the right."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    async def rounds(self, actor: Actor, notice_id: int) -> Rounds:
        """Reached, to visit and visited: together the roll as it stood when the notice started."""
        require(actor, Permission.COMPOSE_NOTICE)

        def read(db: sqlite3.Connection) -> Rounds:
            notice, asked = self._asked(db, actor, notice_id)
            reasons = notice_roll.tally(db, asked)
            reached, visited = reasons.pop("sent", 0), reasons.pop("visited", 0)
            still_there = sum(notice_runs.count_still_there(db, notice_id).values())
            return Rounds(notice, reached, visited, reasons, tuple(notice_roll.sections(db, asked)), still_there)

        return await self._ground.db.read(read)

    async def doors(self, actor: Actor, notice_id: int) -> list[Door]:
        """Everybody to visit, section by section."""
        require(actor, Permission.COMPOSE_NOTICE)

        def read(db: sqlite3.Connection) -> list[Door]:
            _, asked = self._asked(db, actor, notice_id)
            return [self._door(person) for person in notice_roll.to_visit(db, asked)]

        return await self._ground.db.read(read)

    async def listed(self, actor: Actor, notice_id: int) -> list[Door]:
        """Everybody for the office's list: whom to visit, and who has a copy that could not be taken back."""
        require(actor, Permission.COMPOSE_NOTICE)

        def read(db: sqlite3.Connection) -> list[Door]:
            _, asked = self._asked(db, actor, notice_id)
            people = (*notice_roll.to_visit(db, asked), *notice_roll.still_holding(db, asked))
            return sorted(map(self._door, people), key=lambda door: (door.area, door.section, door.number))

        return await self._ground.db.read(read)

    def _door(self, person: notice_roll.Person) -> Door:
        name = mask_name(self._ground.sealer.open(person.subject, person.sealed)["name"])
        return Door(person.subject, person.subject_id, person.number, name, person.area, person.section, person.state)

    async def tick(self, actor: Actor, notice_id: int, subject: str, subject_id: int) -> None:
        """Somebody was told at the door. A second tick changes nothing."""
        require(actor, Permission.COMPOSE_NOTICE)

        def write(db: sqlite3.Connection) -> None:
            _, asked = self._asked(db, actor, notice_id)
            if not notice_roll.is_on_roll(db, asked, subject, subject_id):
                raise NotAllowed
            notice_roll.add_visit(db, notice_id, subject, subject_id, actor.staff_id, self._ground.now())

        await self._ground.db.write(write)

    def _asked(self, db: sqlite3.Connection, actor: Actor, notice_id: int) -> tuple[Notice, Asked]:
        notice = progress_of(self._ground, db, actor, notice_id).notice
        started_at = notice_runs.started_at(db, notice_id)
        if started_at is None:
            raise NotAllowed
        return notice, Asked(notice_id, notice.audience, notice.content.topic, started_at)

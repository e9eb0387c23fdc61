"""Writing to many: what may be said, to whom, how many that are, and how far it has got."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from carefund_bot.access import Actor, Permission, require
from carefund_bot.domain.funds import FUND_BY_CODE
from carefund_bot.domain.notices import CATCH_UP_WITHIN_S, Audience, Branch, Letter, Place, Reach, Step, Topic
from carefund_bot.domain.outgoing import Fault
from carefund_bot.errors import BadAnswer
from carefund_bot.services.ground import Ground
from carefund_bot.services.guard import faults_of
from carefund_bot.services.notice_steps import (
    Progress,
    checked_place,
    editors_of,
    may_write_to,
    progress_of,
    start,
    submit,
    would_take_two,
)
from carefund_bot.services.offices import places_of
from carefund_bot.settings import Settings
from carefund_bot.store import notice_runs, notices, people
from carefund_bot.store.notices import Content, Notice

BRANCHES_SHOWN: Final = 8
NOTICES_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Listed:
    """A notice and where it stands."""

    notice: Notice
    step: Step


class Notices:
    """For notice editors, each inside the scope of the right."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    async def check(self, actor: Actor, text: str) -> tuple[Fault, ...]:
        """What must not stand in a text (Telegram's HTML)."""
        require(actor, Permission.COMPOSE_NOTICE)
        return faults_of(self._ground.settings, text)

    async def letter(self, actor: Actor, text_zh: str, text_en: str | None, fund: str | None) -> Letter:
        """The notice as it will be signed."""
        require(actor, Permission.COMPOSE_NOTICE, fund=fund)
        return signed(self._ground.settings, text_zh, text_en, fund)

    async def places(self, actor: Actor) -> list[Place]:
        """Where an editor may write to, the widest first; all six funds and each of them for an open right."""
        require(actor, Permission.COMPOSE_NOTICE)
        return places_of(actor, Permission.COMPOSE_NOTICE)

    async def branches(self, actor: Actor, fund: str, words: str) -> list[Branch]:
        """A fund's branches whose name holds these words."""
        require(actor, Permission.COMPOSE_NOTICE, fund=fund)
        found = await self._ground.db.read(lambda db: notices.branches_named(db, fund, words, BRANCHES_SHOWN))
        return [branch for branch in found if may_write_to(actor, Place(fund, branch.area, branch.id))]

    async def look(
        self, actor: Actor, audience: Audience, topic: Topic = Topic.GENERAL
    ) -> tuple[Audience, Branch | None, Reach]:
        """How many a notice would reach now; a branch's audience comes back with the fund and area it stands in."""
        require(actor, Permission.COMPOSE_NOTICE)

        def read(db: sqlite3.Connection) -> tuple[Audience, Branch | None, Reach]:
            place, branch = checked_place(db, actor, audience.place)
            now = self._ground.now()
            receiving, switched_off, opted_out, linked = notices.count_accounts(db, audience, topic, now)
            reach = Reach(receiving, notices.count_on_roll(db, audience, now) - linked, switched_off, opted_out)
            return replace(audience, place=place), branch, reach

        return await self._ground.db.read(read, long=True)

    async def send(self, actor: Actor, request_id: str, content: Content) -> Progress:
        """Send it, keep it for its time or submit it to a second person; the same request again gives what was made.

        What the guard stops goes only as it was shown: `content.overruled` must name every fault there is.
        """
        require(actor, Permission.COMPOSE_NOTICE)
        if faults_of(self._ground.settings, content.text_zh, content.text_en) != content.overruled:
            raise BadAnswer("unfit_notice")

        def write(db: sqlite3.Connection) -> Progress:
            made = notices.id_of_request(db, request_id)
            if made is None:
                made = self._add(db, actor, request_id, content)
            return progress_of(self._ground, db, actor, made)

        return await self._ground.db.write(write)

    def _add(self, db: sqlite3.Connection, actor: Actor, request_id: str, content: Content) -> int:
        if content.due_at is not None and content.due_at <= self._ground.now():
            raise BadAnswer("time_is_past")
        place, _ = checked_place(db, actor, content.audience.place)
        content = replace(content, audience=replace(content.audience, place=place))
        notice_id = notices.add(
            db,
            request_id,
            content,
            actor.staff_id,
            self._ground.now(),
            alone_at_most=self._ground.settings.notices.alone_at_most,
            expires_at=content.due_at and content.due_at + CATCH_UP_WITHIN_S,
        )
        notice = notices.find(db, notice_id)
        assert notice is not None, "just written"
        if content.due_at is None:
            start(self._ground, db, actor, notice, request_id)
        elif would_take_two(self._ground, db, notice):
            submit(self._ground, db, actor, notice, request_id)
        else:
            notice_runs.add_step(db, request_id, notice_id, Step.SCHEDULED, actor.staff_id, self._ground.now())
        return notice_id

    async def progress(self, actor: Actor, notice_id: int) -> Progress:
        """How far a notice has got; not there and not yours are the same refusal."""
        require(actor, Permission.COMPOSE_NOTICE)
        return await self._ground.db.read(lambda db: progress_of(self._ground, db, actor, notice_id), long=True)

    async def made_by(self, actor: Actor, request_id: str) -> Progress | None:
        """The notice that a confirm button has already sent, if it has."""
        require(actor, Permission.COMPOSE_NOTICE)

        def read(db: sqlite3.Connection) -> Progress | None:
            notice_id = notices.id_of_request(db, request_id)
            return None if notice_id is None else progress_of(self._ground, db, actor, notice_id)

        return await self._ground.db.read(read)

    async def recent(self, actor: Actor, before_id: int | None = None) -> list[Listed]:
        """The newest notices in the editor's scope, or those before one: what is shown, and one more if there is."""
        require(actor, Permission.COMPOSE_NOTICE)

        def read(db: sqlite3.Connection) -> list[Listed]:
            own = (each for each in notices.newest(db, before_id) if may_write_to(actor, each.audience.place))
            return [
                Listed(notice, notice_runs.newest_step(db, notice.id).step) for notice in islice(own, NOTICES_SHOWN + 1)
            ]

        return await self._ground.db.read(read)

    async def count_colleagues(self, actor: Actor, place: Place) -> int:
        """How many others may confirm what the actor writes to a place, and can be told so."""
        require(actor, Permission.COMPOSE_NOTICE)

        def read(db: sqlite3.Connection) -> int:
            checked_place(db, actor, place)
            others = editors_of(db, place) - {actor.staff_id}
            return sum(people.account_of(db, "staff", staff_id) is not None for staff_id in others)

        return await self._ground.db.read(read)


def signed(settings: Settings, text_zh: str, text_en: str | None, fund: str | None) -> Letter:
    """A notice with the fund's name and phone; a notice of all six carries the city's."""
    office = settings.fund(fund or "city")
    if fund is None:
        return Letter(text_zh, text_en, settings.name_zh, settings.name_en, office.office_phone)
    name = FUND_BY_CODE[fund]
    return Letter(
        text_zh, text_en, f"{settings.name_zh}（{name.zh}）", f"{settings.name_en} ({name.en})", office.office_phone
    )

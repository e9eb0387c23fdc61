"""Writing to many: what may be said, to whom, how many that are, and how far it has got."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from carefund_bot.access import Actor, Permission, Right, require
from carefund_bot.domain.funds import FUND_BY_CODE, FUNDS
from carefund_bot.domain.notices import Audience, Branch, Letter, Place, Reach
from carefund_bot.domain.outgoing import Fault
from carefund_bot.errors import BadAnswer, NotAllowed
from carefund_bot.services.ground import Ground
from carefund_bot.services.guard import faults_of
from carefund_bot.settings import Settings
from carefund_bot.store import notices, people
from carefund_bot.store.notices import Notice

BRANCHES_SHOWN: Final = 8
NOTICES_SHOWN: Final = 5
_NOTICES_LOOKED_THROUGH: Final = 100
_UNFINISHED: Final = ("pending", "sending")


@dataclass(frozen=True, slots=True)
class Progress:
    """A notice, the branch it is for if it is for one, and how many copies are in each state."""

    notice: Notice
    branch: Branch | None
    copies: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.copies.values())

    @property
    def waiting(self) -> int:
        return sum(self.copies.get(state, 0) for state in _UNFINISHED)


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
        scope = actor.scope(Permission.COMPOSE_NOTICE)
        wide = [Place(), *(Place(fund.code) for fund in FUNDS)]
        narrow = [Place(right.fund, right.area, right.branch_id) for right in scope]
        return list(dict.fromkeys(place for place in wide + narrow if _may_write_to(actor, place)))

    async def branches(self, actor: Actor, fund: str, words: str) -> list[Branch]:
        """A fund's branches whose name holds these words."""
        require(actor, Permission.COMPOSE_NOTICE, fund=fund)
        found = await self._ground.db.read(lambda db: notices.branches_named(db, fund, words, BRANCHES_SHOWN))
        return [branch for branch in found if _may_write_to(actor, Place(fund, branch.area, branch.id))]

    async def look(self, actor: Actor, audience: Audience) -> tuple[Audience, Branch | None, Reach]:
        """How many a notice would reach now; a branch's audience comes back with the fund and area it stands in."""
        require(actor, Permission.COMPOSE_NOTICE)

        def read(db: sqlite3.Connection) -> tuple[Audience, Branch | None, Reach]:
            place, branch = _checked_place(db, actor, audience.place)
            receiving, switched_off, linked = notices.count_accounts(db, audience)
            reach = Reach(receiving, notices.count_on_roll(db, audience) - linked, switched_off)
            return Audience(audience.readers, place), branch, reach

        return await self._ground.db.read(read)

    async def send(
        self, actor: Actor, request_id: str, audience: Audience, text_zh: str, text_en: str | None
    ) -> Progress:
        """Freeze the recipients and queue a copy for each; the same request again gives the notice already made."""
        require(actor, Permission.COMPOSE_NOTICE)
        if faults_of(self._ground.settings, text_zh, text_en):
            raise BadAnswer("unfit_notice")
        now = self._ground.now()

        def write(db: sqlite3.Connection) -> Progress:
            made = notices.id_of_request(db, request_id)
            if made is not None:
                return _progress(db, actor, made)
            whom = Audience(audience.readers, _checked_place(db, actor, audience.place)[0])
            notice_id = notices.add(db, request_id, whom, text_zh, text_en, actor.staff_id, now)
            copies = notices.freeze_recipients(db, notice_id, whom, now)
            people.add_audit(db, actor, "notice_sent", now, subject="notice", subject_id=notice_id, copies=copies)
            return _progress(db, actor, notice_id)

        progress = await self._ground.db.write(write)
        self._ground.bell.ring()
        return progress

    async def progress(self, actor: Actor, notice_id: int) -> Progress:
        """How far a notice has got; not there and not yours are the same refusal."""
        require(actor, Permission.COMPOSE_NOTICE)
        return await self._ground.db.read(lambda db: _progress(db, actor, notice_id))

    async def made_by(self, actor: Actor, request_id: str) -> Progress | None:
        """The notice that a confirm button has already sent, if it has."""
        require(actor, Permission.COMPOSE_NOTICE)

        def read(db: sqlite3.Connection) -> Progress | None:
            notice_id = notices.id_of_request(db, request_id)
            return None if notice_id is None else _progress(db, actor, notice_id)

        return await self._ground.db.read(read)

    async def recent(self, actor: Actor) -> list[Notice]:
        """The newest notices inside the editor's scope."""
        require(actor, Permission.COMPOSE_NOTICE)
        found = await self._ground.db.read(lambda db: notices.newest(db, _NOTICES_LOOKED_THROUGH))
        return [notice for notice in found if _may_write_to(actor, notice.audience.place)][:NOTICES_SHOWN]


def signed(settings: Settings, text_zh: str, text_en: str | None, fund: str | None) -> Letter:
    """A notice with the fund's name and phone; a notice of all six carries the city's."""
    office = settings.fund(fund or "city")
    if fund is None:
        return Letter(text_zh, text_en, settings.name_zh, settings.name_en, office.office_phone)
    name = FUND_BY_CODE[fund]
    return Letter(
        text_zh, text_en, f"{settings.name_zh}（{name.zh}）", f"{settings.name_en} ({name.en})", office.office_phone
    )


def _may_write_to(actor: Actor, place: Place) -> bool:
    return actor.operator or any(_takes_in(right, place) for right in actor.scope(Permission.COMPOSE_NOTICE))


def _takes_in(right: Right, place: Place) -> bool:
    """Whether the whole of a place lies inside a right's scope: a fund's editor does not speak for all six."""
    return (
        right.fund in (None, place.fund)
        and right.area in (None, place.area)
        and right.branch_id in (None, place.branch_id)
    )


def _checked_place(db: sqlite3.Connection, actor: Actor, place: Place) -> tuple[Place, Branch | None]:
    """`NotAllowed` if a place is not there or not the actor's; a branch stands where the roll says."""
    branch = None
    if place.branch_id is not None:
        branch = notices.find_branch(db, place.branch_id)
        if branch is None:
            raise NotAllowed
        place = Place(branch.fund, branch.area, branch.id)
    if not _may_write_to(actor, place):
        raise NotAllowed
    return place, branch


def _progress(db: sqlite3.Connection, actor: Actor, notice_id: int) -> Progress:
    notice = notices.find(db, notice_id)
    if notice is None:
        raise NotAllowed
    _, branch = _checked_place(db, actor, notice.audience.place)
    return Progress(notice, branch, notices.tally(db, notice_id))

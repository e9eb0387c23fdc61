"""A member's promises: making one, and changing one's mind about it. Nobody else reads or changes them (R28)."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import date, timedelta

from carefund_bot.access import Actor, Permission, require
from carefund_bot.domain import pledges as domain
from carefund_bot.domain.pledges import EventKind, PledgeEvent, PledgeState, Rhythm, Standing, Terms
from carefund_bot.errors import NotAllowed, NotOnRoll, Overtaken, TooManyPledges
from carefund_bot.services.ground import Ground
from carefund_bot.store import contributions, people, rolls
from carefund_bot.store import pledges as store
from carefund_bot.store.contributions import Contribution

MOST_LIVE = 12
"""Pledges of one member at a time: more than anybody keeps track of, and each is reckoned through at every look."""


@dataclass(frozen=True, slots=True)
class Book:
    """All of one member's giving: promises as they stand, money newest first, and which money filled what."""

    pledges: tuple[PledgeState, ...]
    contributions: tuple[Contribution, ...]
    allocation: domain.Allocation

    def state_of(self, pledge_id: int) -> PledgeState:
        return next(state for state in self.pledges if state.pledge.id == pledge_id)


def read_book(db: sqlite3.Connection, member_id: int, today: date) -> Book:
    """What a member promised and gave, as of today."""
    made, given = store.of_member(db, member_id), contributions.of_member(db, member_id)
    allocation = domain.allocate_all(made, [gift.gift for gift in given if gift.counts], today)
    return Book(tuple(domain.state(pledge, allocation, today) for pledge in made), tuple(given), allocation)


def own_member(actor: Actor) -> int:
    """The member who is speaking; others have no giving of their own."""
    if actor.member_id is None:
        raise NotAllowed
    return actor.member_id


class Pledging:
    """Open to members, each for themselves."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    async def fund_of(self, actor: Actor) -> str:
        """The code of the fund that the member gives to."""
        require(actor, Permission.MAKE_PLEDGE)
        return await self._ground.db.read(lambda db: _fund_of(db, own_member(actor)))

    async def require_on_roll(self, actor: Actor) -> None:
        """NotOnRoll for a member who has left: the giving stays theirs, a new pledge begins with the branch."""
        require(actor, Permission.MAKE_PLEDGE)
        await self._ground.db.read(lambda db: self._require_on_roll(db, own_member(actor)))

    async def mine(self, actor: Actor) -> list[PledgeState]:
        """The member's pledges, newest first."""
        require(actor, Permission.SEE_OWN_GIVING)
        member_id, today = own_member(actor), self._ground.today()
        return list(reversed((await self._ground.db.read(lambda db: read_book(db, member_id, today))).pledges))

    async def one(self, actor: Actor, pledge_id: int) -> PledgeState:
        """One of the member's pledges; NotAllowed for another's and for none."""
        require(actor, Permission.SEE_OWN_GIVING)
        return await self._ground.db.read(lambda db: self._own_state(db, actor, pledge_id))

    async def first_due_on(self, actor: Actor, replaces_id: int | None) -> date:
        """The first day of a pledge made now: today, or where it takes over from the one it replaces."""
        require(actor, Permission.MAKE_PLEDGE)
        if replaces_id is None:
            return self._ground.today()
        return self._takes_over_on(await self.one(actor, replaces_id))

    async def made(self, actor: Actor, request_id: str) -> PledgeState | None:
        """What this confirmation already made, if it came before."""
        require(actor, Permission.MAKE_PLEDGE)

        def read(db: sqlite3.Connection) -> PledgeState | None:
            pledge = store.made_by(db, request_id)
            return self._own_state(db, actor, pledge.id) if pledge else None

        return await self._ground.db.read(read)

    async def make(self, actor: Actor, request_id: str, terms: Terms, *, replaces_id: int | None = None) -> PledgeState:
        """Write a pledge down once per `request_id`; with `replaces_id` it takes over from that one at once.

        Overtaken if the pledge to replace is over already; NotOnRoll for a new one of a member who has left;
        TooManyPledges past `MOST_LIVE`.
        """
        require(actor, Permission.MAKE_PLEDGE)
        member_id, now = own_member(actor), self._ground.now()

        def write(db: sqlite3.Connection) -> int:
            made = store.made_by(db, request_id)
            if made is not None:
                return made.id
            first_due_on = self._ground.today()
            if replaces_id is None:
                self._require_on_roll(db, member_id)
                if self._count_live(db, member_id) >= MOST_LIVE:
                    raise TooManyPledges(MOST_LIVE)
            else:
                former = self._own_live_state(db, actor, replaces_id)
                first_due_on = self._takes_over_on(former)
                event = PledgeEvent(EventKind.REPLACED, self._ground.today(), now)
                store.add_event(db, request_id, replaces_id, event)
            pledge_id = store.add(
                db, request_id, member_id, _fund_of(db, member_id), terms, first_due_on, now, replaces_id
            )
            people.add_audit(db, actor, "pledge_made", now, subject="member", subject_id=member_id, pledge=pledge_id)
            return pledge_id

        pledge_id = await self._ground.db.write(write)
        return await self._ground.db.read(lambda db: self._own_state(db, actor, pledge_id))

    async def changed(self, actor: Actor, request_id: str) -> PledgeState | None:
        """What this confirmation already paused, resumed or closed."""
        require(actor, Permission.MAKE_PLEDGE)

        def read(db: sqlite3.Connection) -> PledgeState | None:
            pledge = store.changed_by(db, request_id)
            return self._own_state(db, actor, pledge.id) if pledge else None

        return await self._ground.db.read(read)

    async def change(self, actor: Actor, request_id: str, pledge_id: int, kind: EventKind) -> PledgeState:
        """Pause, resume, end or release a pledge, once per `request_id`. Overtaken if it does not stand so any more."""
        require(actor, Permission.MAKE_PLEDGE)
        now = self._ground.now()

        def write(db: sqlite3.Connection) -> PledgeState:
            changed = store.changed_by(db, request_id)
            if changed is not None:
                return self._own_state(db, actor, changed.id)
            before = self._own_live_state(db, actor, pledge_id)
            if kind not in changes_open_to(before):
                raise Overtaken(before.standing)
            store.add_event(db, request_id, pledge_id, PledgeEvent(kind, self._in_force_on(kind, before), now))
            people.add_audit(db, actor, f"pledge_{kind}", now, subject="member", subject_id=before.pledge.member_id)
            return self._own_state(db, actor, pledge_id)

        return await self._ground.db.write(write)

    def _require_on_roll(self, db: sqlite3.Connection, member_id: int) -> None:
        member = rolls.find_member(db, member_id)
        if member is None:
            raise NotAllowed
        if member.exit is not None:
            raise NotOnRoll(member.exit.on_day, self._ground.settings.fund(member.fund).office_phone)

    def _own_state(self, db: sqlite3.Connection, actor: Actor, pledge_id: int) -> PledgeState:
        pledge = store.find(db, pledge_id)
        if pledge is None or pledge.member_id != own_member(actor):
            raise NotAllowed
        return read_book(db, pledge.member_id, self._ground.today()).state_of(pledge_id)

    def _count_live(self, db: sqlite3.Connection, member_id: int) -> int:
        return sum(state.is_live for state in read_book(db, member_id, self._ground.today()).pledges)

    def _own_live_state(self, db: sqlite3.Connection, actor: Actor, pledge_id: int) -> PledgeState:
        found = self._own_state(db, actor, pledge_id)
        if not found.is_live:
            raise Overtaken(found.standing)
        return found

    def _takes_over_on(self, former: PledgeState) -> date:
        """What the former pledge still had to come begins the new one; nobody is asked twice for the same month."""
        return former.next_due_on or self._ground.today()

    def _in_force_on(self, kind: EventKind, before: PledgeState) -> date:
        """Today; but a pause leaves alone an instalment of today that is paid."""
        today = self._ground.today()
        if kind is EventKind.PAUSED and before.next_due_on != today:
            return today + timedelta(days=1)
        return today


def changes_open_to(found: PledgeState) -> tuple[EventKind, ...]:
    """What a member may do with a pledge as it stands, beside replacing it."""
    if not found.is_live:
        return ()
    closing = EventKind.ENDED if found.pledge.terms.times is None else EventKind.RELEASED
    if found.pledge.terms.rhythm is Rhythm.ONCE:
        return (closing,)
    return (EventKind.RESUMED if found.standing is Standing.PAUSED else EventKind.PAUSED, closing)


def _fund_of(db: sqlite3.Connection, member_id: int) -> str:
    fund = rolls.fund_of(db, "member", member_id)
    if fund is None:
        raise NotAllowed
    return fund

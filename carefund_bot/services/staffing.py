"""Colleagues: who may do what and where, given and ended by an administrator of that place."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from carefund_bot.access import Actor, Permission, Right, require
from carefund_bot.domain.notices import Place
from carefund_bot.errors import NotAllowed
from carefund_bot.services.colleagues import STAFF_PLACE, masked_colleague
from carefund_bot.services.ground import Ground
from carefund_bot.services.linking import HandedOut, Linking, new_code
from carefund_bot.services.newcomers import tell_overseers
from carefund_bot.services.offices import places_of
from carefund_bot.store import people, staffing
from carefund_bot.store.staffing import HeldRight


@dataclass(frozen=True, slots=True, repr=False)
class NewColleague(HandedOut):
    """`code` binds the colleague's chat, once."""

    id: int
    code: str


@dataclass(frozen=True, slots=True)
class Colleague:
    """A name as it may be shown (张*), the rights that the asker may see; `waits`: the chat, for a second person.

    `right_ids` are the rights' own, in their order.
    """

    id: int
    masked_name: str
    rights: tuple[Right, ...]
    right_ids: tuple[int, ...]
    waits: bool


class Staffing:
    """Rights are given and ended only inside the administrator's own scope."""

    def __init__(self, ground: Ground, linking: Linking) -> None:
        self._ground = ground
        self._linking = linking

    async def places(self, actor: Actor) -> list[Place]:
        """Where the administrator may give rights, the widest first."""
        require(actor, Permission.MANAGE_STAFF)
        return places_of(actor, Permission.MANAGE_STAFF)

    async def add(
        self, actor: Actor, name: str, rights: Sequence[Right], request_id: str | None = None
    ) -> NewColleague:
        """A new colleague with these rights, and the one-time code for their chat; the same request, the same two."""
        require(actor, Permission.MANAGE_STAFF)
        if not rights or not all(_in_scope(actor, right) for right in rights):
            raise NotAllowed
        code, now = self._code_for("added", request_id), self._ground.now()
        sealed = self._ground.sealer.seal(STAFF_PLACE, {"name": name})

        def write(db: sqlite3.Connection) -> int:
            made = self._linking.holder_of(db, code)
            if made is not None:
                return made
            staff_id = people.add_staff(db, sealed, now)
            for right in rights:
                people.grant(db, staff_id, right, actor.staff_id, now)
            self._linking.add_code(db, actor, STAFF_PLACE, staff_id, code, now)
            roles = [right.role.value for right in rights]
            people.add_audit(db, actor, "staff_added", now, subject=STAFF_PLACE, subject_id=staff_id, roles=roles)
            tell_overseers(self._ground, db, actor, "added", staff_id, f"staff-added:{staff_id}")
            return staff_id

        return NewColleague(await self._ground.db.write(write), code)

    async def colleagues(self, actor: Actor) -> list[Colleague]:
        """Everybody with a right in the asker's scope."""
        require(actor, Permission.MANAGE_STAFF)

        def read(db: sqlite3.Connection) -> list[Colleague]:
            held: dict[int, list[HeldRight]] = {}
            for one in staffing.rights_held(db):
                if _in_scope(actor, one.right):
                    held.setdefault(one.staff_id, []).append(one)
            return [self._colleague(db, rights) for rights in held.values()]

        return await self._ground.db.read(read)

    async def look(self, actor: Actor, staff_id: int) -> Colleague:
        """One of them; not there and not yours are the same refusal."""
        require(actor, Permission.MANAGE_STAFF)

        def read(db: sqlite3.Connection) -> Colleague:
            held = [one for one in _held_by(db, staff_id) if _in_scope(actor, one.right)]
            if not held:
                raise NotAllowed
            return self._colleague(db, held)

        return await self._ground.db.read(read)

    async def end(self, actor: Actor, staff_id: int, right_id: int | None = None) -> Colleague:
        """End a colleague's rights in the asker's scope, or one of them; the last one takes the chat's binding with it.

        Gives what was ended. Who ended it already gets the same answer.
        """
        require(actor, Permission.MANAGE_STAFF)
        now = self._ground.now()

        def write(db: sqlite3.Connection) -> Colleague:
            held = _held_by(db, staff_id)
            ending = [one for one in held if _in_scope(actor, one.right) and right_id in (None, one.id)]
            if not ending:
                return self._ended_before(db, actor, staff_id, right_id)
            rights = [one.right for one in ending]
            tell_overseers(self._ground, db, actor, "ended", staff_id, f"staff-ended:{ending[-1].id}", rights=rights)
            for one in ending:
                staffing.end_right(db, one.id, actor.staff_id, now)
            if len(ending) == len(held):
                staffing.withdraw(db, staff_id, now)
            roles = [right.role.value for right in rights]
            people.add_audit(db, actor, "staff_ended", now, subject=STAFF_PLACE, subject_id=staff_id, roles=roles)
            return self._colleague(db, ending)

        return await self._ground.db.write(write)

    def _ended_before(self, db: sqlite3.Connection, actor: Actor, staff_id: int, right_id: int | None) -> Colleague:
        ended = [] if actor.staff_id is None else staffing.rights_ended_by(db, staff_id, actor.staff_id)
        meant = {ended_id: right for ended_id, right in ended if right_id in (None, ended_id)}
        if not meant:
            raise NotAllowed
        name = masked_colleague(self._ground, db, staff_id)
        return Colleague(staff_id, name, tuple(meant.values()), tuple(meant), waits=False)

    async def renew_code(self, actor: Actor, staff_id: int, request_id: str | None = None) -> NewColleague:
        """A new one-time code for a colleague who has lost the chat, or the code; an unused one lapses.

        So nobody comes back as another colleague, who could then check their own work. Only an administrator of every
        place the colleague has a right in: a code is all those rights. The same request gives the same code.
        """
        require(actor, Permission.MANAGE_STAFF)
        code, now = self._code_for(f"renewed:{staff_id}", request_id), self._ground.now()

        def write(db: sqlite3.Connection) -> None:
            held = [one.right for one in _held_by(db, staff_id)]
            if not held or not all(_in_scope(actor, right) for right in held):
                raise NotAllowed
            if self._linking.holder_of(db, code) is not None:
                return
            self._linking.add_code(db, actor, STAFF_PLACE, staff_id, code, now)
            people.add_audit(db, actor, "staff_code_renewed", now, subject=STAFF_PLACE, subject_id=staff_id)
            tell_overseers(self._ground, db, actor, "renewed", staff_id, f"staff-renewed:{staff_id}:{now}")

        await self._ground.db.write(write)
        return NewColleague(staff_id, code)

    def _code_for(self, what: str, request_id: str | None) -> str:
        return self._linking.code_of(f"staff:{what}:{request_id}") if request_id else new_code()

    def _colleague(self, db: sqlite3.Connection, held: Sequence[HeldRight]) -> Colleague:
        staff_id = held[0].staff_id
        return Colleague(
            staff_id,
            masked_colleague(self._ground, db, staff_id),
            tuple(one.right for one in held),
            tuple(one.id for one in held),
            waits=not held[0].is_open,
        )


def _held_by(db: sqlite3.Connection, staff_id: int) -> list[HeldRight]:
    return [one for one in staffing.rights_held(db) if one.staff_id == staff_id]


def _in_scope(actor: Actor, right: Right) -> bool:
    """Whether a right lies wholly inside one of the administrator's own: an open side needs an open side."""
    return actor.reaches(Permission.MANAGE_STAFF, right)

"""A colleague's chat opens once a second person has said that it is theirs; who looks after the staff hears of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from carefund_bot.access import OPERATOR, PERMISSIONS, Actor, Permission, Right, require
from carefund_bot.errors import NotAllowed, Overtaken, OwnCode, SameHands
from carefund_bot.services.colleagues import STAFF_PLACE, masked_colleague
from carefund_bot.services.ground import Ground
from carefund_bot.services.offices import fund_of
from carefund_bot.services.telling import tell, tell_account
from carefund_bot.store import people, staffing
from carefund_bot.store.staffing import Binding, HeldRight

_NEAR_S: Final = 7 * 86_400
"""A chat that the same hand has bound so lately may be that hand's own: it is not yet a second person's."""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A chat that waits: masked names, the rights it would open; `code_from` is None for the operator's code."""

    code_id: int
    staff_id: int
    masked_name: str
    rights: tuple[Right, ...]
    code_from: str | None
    linked_at: int


class Newcomers:
    """Asked by administrators and auditors; by the operator where there is no other."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    async def waiting(self, actor: Actor) -> list[Newcomer]:
        """The chats in the asker's scope that wait."""
        require(actor, Permission.CONFIRM_STAFF)

        def read(db: sqlite3.Connection) -> list[Newcomer]:
            waiting = [each for each in staffing.bindings(db) if each.is_theirs is None]
            return [self._newcomer(db, each) for each in waiting if _takes_in(actor, _held_by(db, each.staff_id))]

        return await self._ground.db.read(read)

    async def look(self, actor: Actor, code_id: int) -> Newcomer:
        """One that waits; not there and not yours are the same refusal, `Overtaken` if it waits no more."""
        require(actor, Permission.CONFIRM_STAFF)

        def read(db: sqlite3.Connection) -> Newcomer:
            found = _found(db, actor, code_id)
            if found.is_theirs is not None or found.user_id is None:
                raise Overtaken("said")
            return self._newcomer(db, found)

        return await self._ground.db.read(read)

    async def decide(self, actor: Actor, code_id: int, *, is_theirs: bool) -> Newcomer:
        """The one word on a chat: it opens, or is unbound; either way it hears so. The same word again is the same.

        `SameHands` to whoever had a hand in it: gave the code or a right, or is bound by a fresh code of who did.
        """
        require(actor, Permission.CONFIRM_STAFF)
        now = self._ground.now()

        def write(db: sqlite3.Connection) -> Newcomer:
            found = _found(db, actor, code_id)
            newcomer = self._newcomer(db, found)
            if found.is_theirs == is_theirs and found.said_by == actor.staff_id:
                return newcomer
            _check_second(db, actor, found, now)
            if not staffing.say_whose(db, code_id, actor.staff_id, now, is_theirs=is_theirs):
                raise Overtaken("said")
            self._note(db, actor, found, is_theirs=is_theirs)
            return newcomer

        return await self._ground.db.write(write)

    def _note(self, db: sqlite3.Connection, actor: Actor, found: Binding, *, is_theirs: bool) -> None:
        news = "confirmed" if is_theirs else "refused"
        people.add_audit(
            db,
            actor,
            f"staff_{news}",
            self._ground.now(),
            subject=STAFF_PLACE,
            subject_id=found.staff_id,
            code_id=found.code_id,
        )
        tell_overseers(self._ground, db, actor, news, found.staff_id, f"staff-{news}:{found.code_id}")
        assert found.user_id is not None, "the word fell on a chat"
        phone = self._ground.settings.fund(fund_of(db, STAFF_PLACE, found.staff_id) or "city").office_phone
        reference = f"staff-word:{found.code_id}"
        tell_account(self._ground, db, reference, found.user_id, "staff_word", is_theirs=int(is_theirs), phone=phone)

    def _newcomer(self, db: sqlite3.Connection, found: Binding) -> Newcomer:
        return Newcomer(
            found.code_id,
            found.staff_id,
            masked_colleague(self._ground, db, found.staff_id),
            tuple(one.right for one in _held_by(db, found.staff_id)),
            masked_colleague(self._ground, db, found.issued_by) if found.issued_by is not None else None,
            found.linked_at,
        )


def arrive(ground: Ground, db: sqlite3.Connection, code_id: int) -> None:
    """A code has just bound a colleague's chat: it waits, unless the operator gave it and no second person is there."""
    found, now = staffing.find_binding(db, code_id), ground.now()
    assert found is not None, "just bound"
    second = _second_persons(db, found, now)
    news = "waits" if second else "waits_for_operator" if _givers(db, found) else "arrived"
    if news == "arrived":
        staffing.say_whose(db, code_id, None, now, is_theirs=True)
        people.add_audit(
            db, OPERATOR, "staff_open_alone", now, subject=STAFF_PLACE, subject_id=found.staff_id, code_id=code_id
        )
    asked = dict.fromkeys(second, code_id)
    tell_overseers(ground, db, OPERATOR, news, found.staff_id, f"staff-arrived:{code_id}", asked)


def tell_overseers(
    ground: Ground,
    db: sqlite3.Connection,
    actor: Actor,
    news: str,
    staff_id: int,
    reference: str,
    asked: Mapping[int, int] | None = None,
    rights: Sequence[Right] | None = None,
) -> None:
    """Queue a change among the staff to all administrators and auditors but those it is by, or about.

    `asked`: of whom a word is asked, and on which code. `rights`: which it concerns; not said: all that are held.
    """
    concerned = rights or [one.right for one in _held_by(db, staff_id)]
    roles = " ".join(dict.fromkeys(right.role for right in concerned))
    in_force = staffing.rights_in_force(db)
    overseers = {one.staff_id for one in in_force if Permission.CONFIRM_STAFF in PERMISSIONS[one.right.role]}
    for overseer in sorted(overseers - {actor.staff_id, staff_id}):
        tell(
            ground,
            db,
            f"{reference}:{overseer}",
            STAFF_PLACE,
            overseer,
            "staff_news",
            news=news,
            name=masked_colleague(ground, db, staff_id),
            roles=roles,
            by=masked_colleague(ground, db, actor.staff_id) if actor.staff_id is not None else None,
            code_id=(asked or {}).get(overseer),
        )


def _found(db: sqlite3.Connection, actor: Actor, code_id: int) -> Binding:
    found = staffing.find_binding(db, code_id)
    if found is None or not _takes_in(actor, _held_by(db, found.staff_id)):
        raise NotAllowed
    return found


def _check_second(db: sqlite3.Connection, actor: Actor, found: Binding, now: int) -> None:
    """The operator is a second person only where nobody else is."""
    if actor.operator:
        if _second_persons(db, found, now):
            raise SameHands
        return
    if actor.staff_id is None:
        raise NotAllowed
    givers = _givers(db, found)
    if actor.staff_id in {found.staff_id, *givers}:
        raise SameHands
    if actor.staff_id in _bound_lately_by(db, givers, now):
        raise OwnCode


def _second_persons(db: sqlite3.Connection, found: Binding, now: int) -> set[int]:
    """Who may confirm a chat and has one to do it in."""
    givers, held = _givers(db, found), _held_by(db, found.staff_id)
    rights: dict[int, list[Right]] = {}
    for one in staffing.rights_in_force(db):
        rights.setdefault(one.staff_id, []).append(one.right)
    there = {each.staff_id for each in staffing.bindings(db) if each.is_theirs}
    fitting = {each for each in there & set(rights) if _takes_in(Actor(staff_rights=tuple(rights[each])), held)}
    return fitting - {found.staff_id} - givers - _bound_lately_by(db, givers, now)


def _givers(db: sqlite3.Connection, found: Binding) -> set[int]:
    """Colleagues who gave the code or the rights; nobody if all of it is the operator's."""
    hands = {found.issued_by, *(one.granted_by for one in _held_by(db, found.staff_id))}
    return {each for each in hands if each is not None}


def _bound_lately_by(db: sqlite3.Connection, givers: set[int], now: int) -> set[int]:
    """Colleagues whose chat was bound within a week by a code of one of these."""
    since = now - _NEAR_S
    return {each.staff_id for each in staffing.bindings(db) if each.issued_by in givers and each.linked_at > since}


def _held_by(db: sqlite3.Connection, staff_id: int) -> list[HeldRight]:
    return [one for one in staffing.rights_held(db) if one.staff_id == staff_id]


def _takes_in(actor: Actor, held: list[HeldRight]) -> bool:
    """Whether all of a colleague's rights lie inside what the actor may confirm."""
    return bool(held) and all(actor.reaches(Permission.CONFIRM_STAFF, one.right) for one in held)

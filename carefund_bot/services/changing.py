"""Changes of account, phone or proxy: one sees the papers in person, another approves, the old contact is told and may
stop it, then the cooling time passes (R49, R50). What is in force is for the office to carry into its next roll.
"""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import date
from typing import Final

from carefund_bot.access import NO_BRANCH, PERMISSIONS, Actor, Permission, require
from carefund_bot.domain.changes import (
    EVIDENCE_FOR,
    HOUSEHOLDS_PER_PROXY,
    Change,
    ChangeState,
    Detail,
    Evidence,
    What,
)
from carefund_bot.errors import NotAllowed, Overtaken, OwnHousehold, ProxyRefused, SameHands
from carefund_bot.services.ground import Ground
from carefund_bot.services.own_matters import is_own_household
from carefund_bot.services.telling import tell
from carefund_bot.store import cases, changes, proxies, staffing
from carefund_bot.store.cases import CaseRow
from carefund_bot.store.changes import ChangeRow

PLACE: Final = "change_request"
_HOUR_S: Final = 3_600
_OVER: Final = (ChangeState.REFUSED, ChangeState.STOPPED)


class Changing:
    """Proposed by the clerk who has the case in hand, approved by a checker of the fund, stopped by the household."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    async def propose(
        self, actor: Actor, request_id: str, case_id: int, what: What, evidence: Evidence, detail: Detail
    ) -> Change:
        """The papers were seen in person; those who approve are told. The same request again is the same change."""
        require(actor, Permission.ANSWER_CASES)
        staff_id = actor.staff_id
        if staff_id is None or evidence not in EVIDENCE_FOR[what] or (what is What.PROXY and not detail.person):
            raise NotAllowed
        papers, secret = (what, evidence), self._sealed(detail)

        def write(db: sqlite3.Connection) -> Change:
            row, household_id = _case_of_household(db, actor, case_id)
            made = changes.change_of_request(db, request_id)
            if made is None:
                if row.staff_id != staff_id:
                    raise Overtaken(row.state)
                if what is What.PROXY:
                    self._check_person(db, detail.person, household_id)
                made = changes.add(db, request_id, case_id, household_id, papers, secret, staff_id, self._ground.now())
                if what is What.PROXY and detail.from_on is not None:
                    proxies.add(db, made, detail.from_on, self._person_print(detail.person))
                self._tell_approvers(db, _found(db, made))
            return self._change(_found(db, made))

        return await self._ground.db.write(write)

    def _sealed(self, detail: Detail) -> tuple[bytes, str | None]:
        """What is secret of it, and a proxy's last day."""
        from_on = detail.from_on.isoformat() if detail.from_on else None
        sealed = self._ground.sealer.seal(PLACE, {"detail": detail.text, "from_on": from_on})
        return sealed, detail.until_on.isoformat() if detail.until_on else None

    async def undecided(self, actor: Actor) -> list[Change]:
        """What waits for a second person in the actor's scope."""
        require(actor, Permission.APPROVE_CHANGES)

        def read(db: sqlite3.Connection) -> list[Change]:
            return [self._change(row) for row in changes.undecided(db) if _may_approve(db, actor, row)]

        return await self._ground.db.read(read)

    async def look(self, actor: Actor, change_id: int) -> Change:
        """One change; not there and not yours are the same refusal."""
        require(actor, Permission.APPROVE_CHANGES)

        def read(db: sqlite3.Connection) -> Change:
            change = self._change(_approvable(db, actor, change_id))
            return replace(change, has_namesake=change.what is What.PROXY and self._is_colleagues(db, change.detail))

        return await self._ground.db.read(read)

    async def decide(self, actor: Actor, request_id: str, change_id: int, *, approve: bool) -> Change:
        """Approve or refuse, never by whoever saw the papers; the household's contact of today is told at once."""
        require(actor, Permission.APPROVE_CHANGES)
        state = ChangeState.APPROVED if approve else ChangeState.REFUSED

        def write(db: sqlite3.Connection) -> Change:
            row = _approvable(db, actor, change_id)
            if changes.is_taken(db, request_id):
                return self._change(row)
            if row.state is not None and row.state != state:
                raise Overtaken(row.state)
            if row.state is None:
                if actor.staff_id is None or actor.staff_id == row.staff_id:
                    raise SameHands
                changes.add_event(db, request_id, change_id, state, actor.staff_id, self._ground.now())
                row = _found(db, change_id)
                if approve:
                    tell_payee(self._ground, db, row, "change_approved")
                tell_of_change(self._ground, db, row, row.staff_id)
            return self._change(row)

        return await self._ground.db.write(write)

    async def stop(self, actor: Actor, request_id: str, change_id: int) -> Change:
        """The household says that this was not their doing; only until it is in force."""
        require(actor, Permission.SEE_OWN_AID)

        def write(db: sqlite3.Connection) -> Change:
            row = changes.find(db, change_id)
            if row is None or row.beneficiary_id not in actor.beneficiary_ids:
                raise NotAllowed
            if row.state == ChangeState.APPROVED:
                changes.add_event(db, request_id, change_id, ChangeState.STOPPED, None, self._ground.now())
                row = _found(db, change_id)
                for staff_id in {row.staff_id, *_approvers(db, row)}:
                    tell_of_change(self._ground, db, row, staff_id)
            elif row.state != ChangeState.STOPPED:
                raise Overtaken(row.state or ChangeState.PROPOSED)
            return self._change(row)

        return await self._ground.db.write(write)

    def _check_person(self, db: sqlite3.Connection, person: str, beneficiary_id: int) -> None:
        """`ProxyRefused` if somebody already stands for as many other households as one may."""
        standing = {
            each.beneficiary_id
            for each in proxies.of_person(db, self._person_print(person))
            if each.state not in _OVER and not each.is_ended and each.until_on >= self._ground.today()
        }
        if len(standing - {beneficiary_id}) >= HOUSEHOLDS_PER_PROXY:
            raise ProxyRefused("too_many")

    def _person_print(self, person: str) -> bytes:
        return self._ground.sealer.fingerprint("proxy", person)

    def _is_colleagues(self, db: sqlite3.Connection, detail: Detail) -> bool:
        """Whether somebody on the staff has the proxy's name."""
        name, _, _ = detail.text.partition("，")
        sealed = {one.sealed for one in staffing.rights_held(db)}
        return name in {self._ground.sealer.open("staff", each)["name"] for each in sealed}

    def _tell_approvers(self, db: sqlite3.Connection, row: ChangeRow) -> None:
        for staff_id in _approvers(db, row):
            if staff_id != row.staff_id:
                tell_of_change(self._ground, db, row, staff_id)

    def _change(self, row: ChangeRow) -> Change:
        return read_change(self._ground, row)


def read_change(ground: Ground, row: ChangeRow) -> Change:
    """A row as staff see it."""
    secret = ground.sealer.open(PLACE, row.sealed)
    from_on = secret.get("from_on")
    return Change(
        row.id,
        row.case_id,
        row.fund,
        row.number,
        What(row.what),
        Evidence(row.evidence),
        Detail(
            secret["detail"],
            date.fromisoformat(row.until_on) if row.until_on else None,
            date.fromisoformat(from_on) if from_on else None,
        ),
        ChangeState(row.state or ChangeState.PROPOSED),
        in_force_at(ground, row),
    )


def in_force_at(ground: Ground, row: ChangeRow) -> int | None:
    """When the cooling time ends; `None` before the approval."""
    cooling_s = ground.settings.desk.cooling_hours * _HOUR_S
    return row.moved_at + cooling_s if row.state == ChangeState.APPROVED and row.moved_at is not None else row.moved_at


def put_in_force(ground: Ground, db: sqlite3.Connection) -> int:
    """What has cooled down takes effect, and is said to household and clerk, once; how many that were."""
    cooled = changes.cooled_down(db, ground.now() - ground.settings.desk.cooling_hours * _HOUR_S)
    for row in cooled:
        changes.add_event(db, f"in-force:{row.id}", row.id, ChangeState.IN_FORCE, None, ground.now())
        now_row = _found(db, row.id)
        tell_payee(ground, db, now_row, "change_in_force")
        tell_of_change(ground, db, now_row, row.staff_id)
    return len(cooled)


def tell_payee(ground: Ground, db: sqlite3.Connection, row: ChangeRow, news: str) -> None:
    """Queue `change_approved` or `change_in_force` to the household's chat of today: the old contact (E5)."""
    reference, phone = f"change:{row.id}:{news}:payee", ground.settings.fund(row.fund).office_phone
    at, secret = in_force_at(ground, row), ground.sealer.open(PLACE, row.sealed)
    tell(
        ground,
        db,
        reference,
        "beneficiary",
        row.beneficiary_id,
        "change_for_payee",
        news=news,
        change_id=row.id,
        what=row.what,
        detail=str(secret["detail"]),
        from_on=secret.get("from_on"),
        until_on=row.until_on,
        at=at,
        phone=phone,
    )


def tell_of_change(ground: Ground, db: sqlite3.Connection, row: ChangeRow, staff_id: int) -> None:
    """Queue to a colleague where a change stands now; nothing of its detail goes along."""
    state = row.state or ChangeState.PROPOSED
    tell(
        ground,
        db,
        f"change:{row.id}:{state}:{staff_id}",
        "staff",
        staff_id,
        "change_for_staff",
        change_id=row.id,
        case_id=row.case_id,
        what=row.what,
        state=state,
    )


def _found(db: sqlite3.Connection, change_id: int) -> ChangeRow:
    row = changes.find(db, change_id)
    if row is None:
        raise AssertionError("a change just written is there")
    return row


def _case_of_household(db: sqlite3.Connection, actor: Actor, case_id: int) -> tuple[CaseRow, int]:
    """A case in the actor's scope and the household it is about; `OwnHousehold` if that is the actor's (R42)."""
    row = cases.find(db, case_id)
    if row is None or not actor.may(Permission.ANSWER_CASES, fund=row.fund, area=row.area, branch_id=NO_BRANCH):
        raise NotAllowed
    if row.subject != "beneficiary" or row.subject_id is None:
        raise NotAllowed
    if is_own_household(db, actor, row.subject_id):
        raise OwnHousehold
    return row, row.subject_id


def _may_approve(db: sqlite3.Connection, actor: Actor, row: ChangeRow) -> bool:
    """In scope, and of no own household (R42)."""
    in_scope = actor.may(Permission.APPROVE_CHANGES, fund=row.fund, area=row.area, branch_id=NO_BRANCH)
    return in_scope and not is_own_household(db, actor, row.beneficiary_id)


def _approvable(db: sqlite3.Connection, actor: Actor, change_id: int) -> ChangeRow:
    row = changes.find(db, change_id)
    if row is None or not _may_approve(db, actor, row):
        raise NotAllowed
    return row


def _approvers(db: sqlite3.Connection, row: ChangeRow) -> list[int]:
    own_hands = staffing.at_the_chat_of(db, "beneficiary", row.beneficiary_id)
    found = (
        one.staff_id
        for one in staffing.rights_in_force(db)
        if Permission.APPROVE_CHANGES in PERMISSIONS[one.right.role]
        and one.right.covers(row.fund, row.area, NO_BRANCH)
        and one.staff_id not in own_hands
    )
    return list(dict.fromkeys(found))

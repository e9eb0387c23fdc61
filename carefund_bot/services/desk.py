"""The desk's side of a case: the work list, one pair of hands at a time, answers that are looked at before they go."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace
from html import escape
from typing import Final

from carefund_bot.access import NO_BRANCH, Actor, Permission, require
from carefund_bot.domain.cases import Case, CaseState, DeskCase, DeskName, EventKind, Said, Standing, Who
from carefund_bot.domain.outgoing import Fault
from carefund_bot.domain.people import mask_name
from carefund_bot.errors import BadAnswer, NotAllowed, Overtaken
from carefund_bot.services.case_files import (
    NEEDED,
    account_of_asker,
    is_brought_by,
    read_case,
    seal_said,
    staff_of,
    tell_asker,
    tell_staff,
)
from carefund_bot.services.colleagues import masked_colleague
from carefund_bot.services.ground import Ground
from carefund_bot.services.guard import faults_of
from carefund_bot.services.own_matters import is_own_household
from carefund_bot.store import cases, people, rolls
from carefund_bot.store.cases import CaseRow, NewEvent

LISTED: Final = 10
ANSWER_LIMIT: Final = 1_500


@dataclass(frozen=True, slots=True)
class WorkList:
    """What this person may handle, oldest due first; `more` are not listed."""

    listed: tuple[DeskCase, ...]
    more: int


@dataclass(frozen=True, slots=True)
class DeskColleague:
    """Somebody a case may be passed to."""

    staff_id: int
    masked_name: str


class Desk:
    """For those who answer, each inside the scope of the right; complaints about staff for discipline alone."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    async def work_list(self, actor: Actor) -> WorkList:
        """What waits for the desk; the own cases and those nobody has stand before colleagues'."""
        require(actor, Permission.SEE_DESK)

        def read(db: sqlite3.Connection) -> WorkList:
            mine = [row for row in cases.to_do(db) if _may_handle(db, actor, row)]
            mine.sort(key=lambda row: row.staff_id not in (None, actor.staff_id))
            shown = tuple(self._for_desk(db, actor, row) for row in mine[:LISTED])
            return WorkList(shown, max(len(mine) - LISTED, 0))

        return await self._ground.db.read(read)

    async def look(self, actor: Actor, case_id: int) -> DeskCase:
        """One case; not there and not yours are the same refusal (R13)."""
        require(actor, Permission.SEE_DESK)
        return await self._ground.db.read(lambda db: self._for_desk(db, actor, _row(db, actor, case_id)))

    async def done_by(self, actor: Actor, request_id: str) -> DeskCase | None:
        """The case that a request has already moved; `None` if there was no such request."""
        require(actor, Permission.SEE_DESK)

        def read(db: sqlite3.Connection) -> DeskCase | None:
            case_id = cases.case_of_request(db, request_id)
            return None if case_id is None else self._for_desk(db, actor, _row(db, actor, case_id))

        return await self._ground.db.read(read)

    async def check(self, actor: Actor, text: str) -> tuple[Fault, ...]:
        """What must not stand in an answer (plain text)."""
        require(actor, Permission.SEE_DESK)
        return self._faults(text)

    def _faults(self, text: str) -> tuple[Fault, ...]:
        return faults_of(self._ground.settings, escape(text, quote=False))

    async def claim(self, actor: Actor, request_id: str, case_id: int) -> DeskCase:
        """Take a case in hand; whoever comes second is told that it has gone (`Overtaken`)."""
        require(actor, Permission.SEE_DESK)

        def write(db: sqlite3.Connection) -> DeskCase:
            row = _row(db, actor, case_id)
            is_mine = row.staff_id == actor.staff_id and row.state == CaseState.IN_HAND
            if is_mine or cases.case_of_request(db, request_id) == case_id:
                return self._for_desk(db, actor, row)
            if not cases.claim(db, case_id, _staff_id(actor)):
                raise Overtaken(row.state)
            self._note(db, actor, request_id, case_id, NewEvent(EventKind.CLAIMED))
            return self._for_desk(db, actor, _row(db, actor, case_id))

        return await self._ground.db.write(write)

    async def answer(self, actor: Actor, request_id: str, case_id: int, text: str, *, asks_back: bool) -> DeskCase:
        """Answer, or ask back, through the bot; only with the case in hand. `BadAnswer` for words that may not go."""
        require(actor, Permission.SEE_DESK)
        if not text or len(text) > ANSWER_LIMIT or self._faults(text):
            raise BadAnswer("unfit_answer")
        sealed = seal_said(self._ground, Said(text))
        kind, state = (
            (EventKind.ASKED_BACK, CaseState.ASKED_BACK) if asks_back else (EventKind.ANSWERED, CaseState.ANSWERED)
        )

        def write(db: sqlite3.Connection) -> DeskCase:
            row = _row(db, actor, case_id)
            if cases.case_of_request(db, request_id) is None:
                _check_in_hand(actor, row)
                event_id = self._note(db, actor, request_id, case_id, NewEvent(kind, sealed=sealed))
                cases.stand(db, case_id, state, actor.staff_id, row.desk)
                tell_asker(self._ground, db, row, event_id, text, is_question=asks_back)
            return self._for_desk(db, actor, _row(db, actor, case_id))

        return await self._ground.db.write(write)

    async def colleagues(self, actor: Actor, case_id: int) -> list[DeskColleague]:
        """Who else might take this case."""
        require(actor, Permission.SEE_DESK)

        def read(db: sqlite3.Connection) -> list[DeskColleague]:
            row = _row(db, actor, case_id)
            others = [staff_id for staff_id in staff_of(db, row) if staff_id != actor.staff_id]
            return [DeskColleague(staff_id, masked_colleague(self._ground, db, staff_id)) for staff_id in others]

        return await self._ground.db.read(read)

    async def pass_on(self, actor: Actor, request_id: str, case_id: int, to: int | DeskName | None) -> Case:
        """Hand a case in hand to a colleague or another desk, or (None) put it back; whoever gets it is told.

        An administrator may put back a colleague's case.
        """
        require(actor, Permission.SEE_DESK)

        def write(db: sqlite3.Connection) -> Case:
            if cases.case_of_request(db, request_id) == case_id and (row := cases.find(db, case_id)):
                return read_case(self._ground, db, row)
            row = _row(db, actor, case_id)
            if to is not None or not _is_in_scope(actor, Permission.MANAGE_STAFF, row):
                _check_in_hand(actor, row)
            self._hand_over(db, actor, request_id, row, to)
            moved = cases.find(db, case_id)
            if moved is None:
                raise AssertionError("a case just passed on is there")
            return read_case(self._ground, db, moved)

        return await self._ground.db.write(write)

    def _hand_over(
        self, db: sqlite3.Connection, actor: Actor, request_id: str, row: CaseRow, to: int | DeskName | None
    ) -> None:
        if to is None:
            self._note(db, actor, request_id, row.id, NewEvent(EventKind.PUT_BACK))
            cases.stand(db, row.id, CaseState.WAITING, None, row.desk)
            return
        if isinstance(to, DeskName):
            event_id = self._note(db, actor, request_id, row.id, NewEvent(EventKind.PASSED, to_desk=to))
            cases.stand(db, row.id, CaseState.WAITING, None, to)
        else:
            if to not in staff_of(db, row):
                raise NotAllowed
            event_id = self._note(db, actor, request_id, row.id, NewEvent(EventKind.PASSED, to_staff_id=to))
            cases.stand(db, row.id, CaseState.IN_HAND, to, row.desk)
        moved = cases.find(db, row.id) or row
        receivers = staff_of(db, moved) if isinstance(to, DeskName) else [to]
        tell_staff(self._ground, db, moved, receivers, "passed", reference=f"case-passed:{event_id}")

    async def close(self, actor: Actor, request_id: str, case_id: int) -> DeskCase:
        """Nothing is left to do; the asker may open it again by saying more."""
        require(actor, Permission.SEE_DESK)

        def write(db: sqlite3.Connection) -> DeskCase:
            row = _row(db, actor, case_id)
            if row.state != CaseState.CLOSED and cases.case_of_request(db, request_id) is None:
                _check_in_hand(actor, row)
                self._note(db, actor, request_id, case_id, NewEvent(EventKind.CLOSED))
                cases.stand(db, case_id, CaseState.CLOSED, row.staff_id, row.desk)
            return self._for_desk(db, actor, _row(db, actor, case_id))

        return await self._ground.db.write(write)

    def _note(self, db: sqlite3.Connection, actor: Actor, request_id: str, case_id: int, event: NewEvent) -> int:
        by_actor = replace(event, staff_id=_staff_id(actor))
        return cases.add_event(db, request_id, case_id, by_actor, self._ground.now())

    def _for_desk(self, db: sqlite3.Connection, actor: Actor, row: CaseRow) -> DeskCase:
        user_id = account_of_asker(db, row)
        account = people.find_account(db, user_id) if user_id is not None else None
        return DeskCase(
            case=read_case(self._ground, db, row),
            standing=Standing(
                DeskName(row.desk),
                masked_colleague(self._ground, db, row.staff_id) if row.staff_id is not None else None,
                row.staff_id is not None and row.staff_id == actor.staff_id,
            ),
            who=self._who(db, row),
            language=account.language if account and account.reachability == "reachable" else None,
            notice_id=row.notice_id,
        )

    def _who(self, db: sqlite3.Connection, row: CaseRow) -> Who:
        """Masked, and nothing at all of somebody who chose to stay unnamed."""
        if row.anonymous or row.subject is None or row.subject_id is None:
            return Who(None)
        if row.subject == "beneficiary" and (person := rolls.find_beneficiary(db, row.subject_id)):
            return Who(row.subject, person.number, self._masked(row.subject, person.sealed), person.community)
        if row.subject == "member" and (member := rolls.find_member(db, row.subject_id)):
            place = f"{member.committee} {member.branch}"
            return Who(row.subject, member.number, self._masked(row.subject, member.sealed), place)
        name = masked_colleague(self._ground, db, row.subject_id) if row.subject == "staff" else None
        return Who(row.subject, None, name)

    def _masked(self, place: str, sealed: bytes) -> str:
        return mask_name(str(self._ground.sealer.open(place, sealed)["name"]))


def _may_handle(db: sqlite3.Connection, actor: Actor, row: CaseRow) -> bool:
    """In scope, at the own desk, and no own matter (R42)."""
    return _is_in_scope(actor, NEEDED[DeskName(row.desk)], row) and not _is_own(db, actor, row)


def _is_in_scope(actor: Actor, permission: Permission, row: CaseRow) -> bool:
    return actor.may(permission, fund=row.fund, area=row.area, branch_id=NO_BRANCH)


def _is_own(db: sqlite3.Connection, actor: Actor, row: CaseRow) -> bool:
    if row.subject == "beneficiary" and row.subject_id is not None:
        return is_own_household(db, actor, row.subject_id)
    return is_brought_by(actor, row)


def _row(db: sqlite3.Connection, actor: Actor, case_id: int) -> CaseRow:
    row = cases.find(db, case_id)
    if row is None or not _may_handle(db, actor, row):
        raise NotAllowed
    return row


def _check_in_hand(actor: Actor, row: CaseRow) -> None:
    if row.staff_id is None or row.staff_id != actor.staff_id or row.state == CaseState.CLOSED:
        raise Overtaken(row.state)


def _staff_id(actor: Actor) -> int:
    """Cases are answered by people, never by the command line."""
    if actor.staff_id is None:
        raise NotAllowed
    return actor.staff_id

"""The asker's side of the desk: bring something, see where it stands, say more, close it, rate it."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from carefund_bot.access import Actor
from carefund_bot.domain.cases import (
    GO_ON,
    MOST_OPEN_CASES,
    OF_GIVING,
    OF_PAYOUTS,
    URGENT,
    Case,
    CaseKind,
    CaseState,
    EventKind,
    Said,
    desk_of,
)
from carefund_bot.domain.people import has_private_number
from carefund_bot.errors import NotAllowed, PrivateNumber, StaleButton, TooManyCases
from carefund_bot.services.case_files import (
    ANSWER_REFERENCE,
    above,
    due_from,
    is_brought_by,
    read_case,
    seal_said,
    staff_of,
    tell_staff,
)
from carefund_bot.services.ground import Ground
from carefund_bot.services.offices import fund_of
from carefund_bot.store import cases, notice_board, outbox, payouts, rolls
from carefund_bot.store.cases import CaseRow, NewCase, NewEvent


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: a person on a roll with fund and area, or (`subject` None) a chat that nobody has vouched for."""

    subject: str | None
    subject_id: int | None
    fund: str
    area: str | None


@dataclass(frozen=True, slots=True)
class RepliedTo:
    """What a message of ours was that somebody replied to: a notice, or an answer in a case of theirs."""

    notice_id: int | None
    case_id: int | None


class Asking:
    """Open to everybody: each method concerns only what the account that is speaking has brought."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    async def open(
        self,
        actor: Actor,
        request_id: str,
        kind: CaseKind,
        said: Said,
        *,
        beneficiary_id: int | None = None,
        contribution_id: int | None = None,
        notice_id: int | None = None,
        anonymous: bool = False,
    ) -> Case:
        """Bring something to the desk; the same request again gives the same case.

        A payout's worry, a reply to a notice, distress or a fraud that is open already goes on in its case.
        `PrivateNumber` and `TooManyCases` write nothing.
        """
        _check_words(said)
        sealed = seal_said(self._ground, said)

        def write(db: sqlite3.Connection) -> Case:
            made = cases.case_of_request(db, request_id)
            if made is not None:
                return self._own(db, actor, made)
            asker = self._asker(db, actor, kind, beneficiary_id)
            mine = [row for row in _brought_by(db, actor) if row.state != CaseState.CLOSED]
            line_id = _newest_line(db, asker) if kind in OF_PAYOUTS else None
            former = next((row for row in mine if _goes_on(row, kind, asker, line_id, notice_id)), None)
            if former is not None:
                return self._go_on(db, actor, request_id, former, sealed)
            if len(mine) >= MOST_OPEN_CASES and kind not in URGENT:
                raise TooManyCases
            new = NewCase(
                request_id,
                kind,
                asker.fund,
                asker.area,
                asker.subject,
                asker.subject_id,
                anonymous,
                line_id,
                contribution_id,
                notice_id,
            )
            return self._begin(db, actor, new, sealed)

        return await self._ground.db.write(write)

    async def mine(self, actor: Actor) -> list[Case]:
        """Everything this person has brought, newest first."""

        def read(db: sqlite3.Connection) -> list[Case]:
            return [read_case(self._ground, db, row) for row in _brought_by(db, actor)]

        return await self._ground.db.read(read)

    async def look(self, actor: Actor, case_id: int) -> Case:
        """One of them; not there and not yours are the same refusal (R13)."""
        return await self._ground.db.read(lambda db: self._own(db, actor, case_id))

    async def replied_to(self, actor: Actor, message_id: int) -> RepliedTo | None:
        """What a message in this chat was; `None` if it was neither a notice nor an answer of the desk."""
        user_id = actor.user_id

        def read(db: sqlite3.Connection) -> RepliedTo | None:
            sent = outbox.find_sent(db, user_id, message_id) if user_id is not None else None
            if sent is None:
                looked_up = notice_board.notice_shown_as(db, user_id, message_id) if user_id is not None else None
                return None if looked_up is None else RepliedTo(looked_up, None)
            prefix, _, event_id = sent.reference.partition(":")
            if prefix == ANSWER_REFERENCE:
                case_id = cases.case_of_event(db, int(event_id))
                return RepliedTo(None, case_id) if case_id in {row.id for row in _brought_by(db, actor)} else None
            return RepliedTo(sent.notice_id, None) if sent.notice_id is not None else None

        return await self._ground.db.read(read)

    async def add(self, actor: Actor, request_id: str, case_id: int, said: Said) -> Case:
        """Say more; a closed case opens again, and the desk owes an answer anew once it had answered."""
        _check_words(said)
        sealed = seal_said(self._ground, said)

        def write(db: sqlite3.Connection) -> Case:
            row = _own_row(db, actor, case_id)
            if cases.case_of_request(db, request_id) is not None:
                return read_case(self._ground, db, row)
            return self._go_on(db, actor, request_id, row, sealed)

        return await self._ground.db.write(write)

    async def close(self, actor: Actor, request_id: str, case_id: int) -> Case:
        """The matter is settled for the asker; closing what is closed changes nothing."""

        def write(db: sqlite3.Connection) -> Case:
            row = _own_row(db, actor, case_id)
            if row.state != CaseState.CLOSED:
                cases.add_event(db, request_id, case_id, NewEvent(EventKind.CLOSED), self._ground.now())
                cases.stand(db, case_id, CaseState.CLOSED, row.staff_id, row.desk)
            return self._own(db, actor, case_id)

        return await self._ground.db.write(write)

    async def rate(self, actor: Actor, request_id: str, case_id: int, rating: int) -> Case:
        """One to five, once, after an answer or the close; a second rating changes nothing."""

        def write(db: sqlite3.Connection) -> Case:
            case = self._own(db, actor, case_id)
            if case.rating is None and case.state in (CaseState.ANSWERED, CaseState.CLOSED) and 1 <= rating <= 5:
                cases.add_event(db, request_id, case_id, NewEvent(EventKind.RATED, rating=rating), self._ground.now())
            elif case.rating is None:
                raise StaleButton
            return self._own(db, actor, case_id)

        return await self._ground.db.write(write)

    def _begin(self, db: sqlite3.Connection, actor: Actor, new: NewCase, sealed: bytes | None) -> Case:
        kind, now = CaseKind(new.kind), self._ground.now()
        stranger = actor.user_id if new.subject is None else None
        case_id = cases.add_case(db, new, desk_of(kind), due_from(self._ground, kind), stranger, now)
        cases.add_event(db, new.request_id, case_id, NewEvent(EventKind.OPENED, sealed=sealed), now)
        row = _own_row(db, actor, case_id)
        desk = staff_of(db, row) or above(db, row)
        if kind in URGENT:
            everybody = list(dict.fromkeys([*desk, *above(db, row)]))
            tell_staff(self._ground, db, row, everybody, "urgent", reference=f"case-urgent:{case_id}")
        elif not _somebody_waits_there(db, row):
            tell_staff(self._ground, db, row, desk, "new", reference=f"case-new:{case_id}")
        return self._own(db, actor, case_id)

    def _go_on(self, db: sqlite3.Connection, actor: Actor, request_id: str, row: CaseRow, sealed: bytes | None) -> Case:
        """Something more in a case; nothing more if nothing was said and it is open."""
        if sealed is None and row.state != CaseState.CLOSED:
            return read_case(self._ground, db, row)
        event_id = cases.add_event(db, request_id, row.id, NewEvent(EventKind.ADDED, sealed=sealed), self._ground.now())
        holder = None if row.state == CaseState.CLOSED else row.staff_id
        state = CaseState.WAITING if holder is None else CaseState.IN_HAND
        cases.stand(db, row.id, state, holder, row.desk)
        if row.state not in (CaseState.WAITING, CaseState.IN_HAND):
            cases.set_due(db, row.id, due_from(self._ground, CaseKind(row.kind)))
        now_row = _own_row(db, actor, row.id)
        if CaseKind(row.kind) in URGENT:
            everybody = list(dict.fromkeys([*staff_of(db, now_row), *above(db, now_row)]))
            tell_staff(self._ground, db, now_row, everybody, "urgent", reference=f"case-added:{event_id}")
        elif holder is not None:
            tell_staff(self._ground, db, now_row, [holder], "added", reference=f"case-added:{event_id}")
        return read_case(self._ground, db, now_row)

    def _own(self, db: sqlite3.Connection, actor: Actor, case_id: int) -> Case:
        return read_case(self._ground, db, _own_row(db, actor, case_id))

    def _asker(self, db: sqlite3.Connection, actor: Actor, kind: CaseKind, beneficiary_id: int | None) -> Asker:
        """As whom somebody asks who may be several: named, or by the kind of the matter."""
        if beneficiary_id is not None and beneficiary_id not in actor.beneficiary_ids:
            raise NotAllowed
        own = beneficiary_id or next(iter(actor.beneficiary_ids), None)
        if kind in OF_GIVING and actor.member_id is not None:
            own = None
        if own is not None and (person := rolls.find_beneficiary(db, own)):
            return Asker("beneficiary", own, person.fund, person.area or None)
        if actor.member_id is not None and (member := rolls.find_member(db, actor.member_id)):
            return Asker("member", actor.member_id, member.fund, member.area)
        fund = (actor.staff_id is not None and fund_of(db, "staff", actor.staff_id)) or "city"
        if actor.staff_id is not None and not actor.is_newcomer:
            return Asker("staff", actor.staff_id, fund, None)
        if actor.user_id is None:
            raise NotAllowed
        return Asker(None, None, fund, None)


def _check_words(said: Said) -> None:
    if has_private_number(said.words):
        raise PrivateNumber


def _goes_on(row: CaseRow, kind: CaseKind, asker: Asker, line_id: int | None, notice_id: int | None) -> bool:
    return (
        kind in GO_ON
        and row.kind == kind
        and (row.subject, row.subject_id) == (asker.subject, asker.subject_id)
        and (row.line_id, row.notice_id) == (line_id, notice_id)
    )


def _newest_line(db: sqlite3.Connection, asker: Asker) -> int | None:
    if asker.subject != "beneficiary" or asker.subject_id is None:
        return None
    return next((line.id for line in payouts.lines_of(db, asker.subject_id)), None)


def _somebody_waits_there(db: sqlite3.Connection, row: CaseRow) -> bool:
    """Whether the desk has been told already that somebody waits in this fund."""
    return any(
        other.id != row.id and other.state == CaseState.WAITING and (other.fund, other.desk) == (row.fund, row.desk)
        for other in cases.to_do(db)
    )


def _own_row(db: sqlite3.Connection, actor: Actor, case_id: int) -> CaseRow:
    row = cases.find(db, case_id)
    if row is None or not is_brought_by(actor, row):
        raise NotAllowed
    return row


def _brought_by(db: sqlite3.Connection, actor: Actor) -> list[CaseRow]:
    found = cases.of_chat(db, actor.user_id) if actor.user_id is not None else []
    for subject, own_id in actor.subjects:
        found += cases.of_subject(db, subject, own_id)
    return sorted(found, key=lambda row: row.id, reverse=True)

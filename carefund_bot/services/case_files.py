"""What the asker's side and the desk's side of a case have in common: reading one, its time, telling who must know."""

from __future__ import annotations

import sqlite3
from typing import Final

from carefund_bot.access import NO_BRANCH, PERMISSIONS, Actor, Permission, Role
from carefund_bot.clock import shanghai_time
from carefund_bot.domain.cases import Case, CaseKind, CaseState, DeskName, EventKind, Line, Said, answer_within
from carefund_bot.services.ground import Ground
from carefund_bot.services.telling import tell, tell_account
from carefund_bot.store import cases, people, staffing
from carefund_bot.store.cases import CaseRow, EventRow

MESSAGE_PLACE: Final = "case_message"
ANSWER_REFERENCE: Final = "case-answer"
NEEDED: Final = {
    DeskName.OFFICE: Permission.ANSWER_CASES,
    DeskName.DISCIPLINE: Permission.READ_COMPLAINTS,
}
"""What reading and answering takes at each desk."""


def due_from(ground: Ground, kind: CaseKind) -> int:
    """The instant by which a case of this kind, brought now, is to be answered."""
    hours = ground.settings.desk.office_hours()
    return int(hours.after(shanghai_time(ground.now()), answer_within(kind)).timestamp())


def is_brought_by(actor: Actor, row: CaseRow) -> bool:
    """Whether a case is of somebody whom this chat is bound to, or came from it while no roll knew it."""
    if row.subject is None or row.subject_id is None:
        return row.user_id is not None and row.user_id == actor.user_id
    return (row.subject, row.subject_id) in actor.subjects


def seal_said(ground: Ground, said: Said) -> bytes | None:
    """Sealed words and photo; `None` if nothing was said."""
    if said.is_empty:
        return None
    return ground.sealer.seal(MESSAGE_PLACE, {"words": said.words, "photo": said.photo})


def read_case(ground: Ground, db: sqlite3.Connection, row: CaseRow) -> Case:
    """A case with all that was said in it."""
    events = cases.events_of(db, row.id)
    return Case(
        id=row.id,
        kind=CaseKind(row.kind),
        state=CaseState(row.state),
        fund=row.fund,
        opened_at=row.opened_at,
        due_at=row.due_at,
        rating=next((event.rating for event in events if event.rating), None),
        lines=tuple(_line(ground, event, event.sealed) for event in events if event.sealed),
    )


def _line(ground: Ground, event: EventRow, sealed: bytes) -> Line:
    fields = ground.sealer.open(MESSAGE_PLACE, sealed)
    by_desk = event.kind in (EventKind.ANSWERED, EventKind.ASKED_BACK)
    return Line(event.id, by_desk, Said(fields["words"], fields["photo"]), event.at)


def account_of_asker(db: sqlite3.Connection, row: CaseRow) -> int | None:
    """The chat that an answer would reach now: the binding's of today, or a stranger's own."""
    if row.subject is None or row.subject_id is None:
        return row.user_id
    return people.account_of(db, row.subject, row.subject_id)


def tell_asker(
    ground: Ground, db: sqlite3.Connection, row: CaseRow, event_id: int, words: str, *, is_question: bool
) -> bool:
    """Queue what the desk said; false if no chat can be reached."""
    reference = f"{ANSWER_REFERENCE}:{event_id}"
    facts: dict[str, str | int | None] = {
        "case_id": row.id,
        "about": row.kind,
        "words": words,
        "is_question": int(is_question),
        "phone": ground.settings.fund(row.fund).office_phone,
    }
    if row.subject is not None and row.subject_id is not None:
        return tell(ground, db, reference, row.subject, row.subject_id, "case_answer", **facts)
    if row.user_id is None:
        return False
    tell_account(ground, db, reference, row.user_id, "case_answer", **facts)
    return True


def staff_of(db: sqlite3.Connection, row: CaseRow) -> list[int]:
    """Who may handle a case: not its asker, nobody it is an own matter of (R42), nor who only looks after the staff."""
    return _holders(db, row, NEEDED[DeskName(row.desk)], but=Role.ADMINISTRATOR)


def above(db: sqlite3.Connection, row: CaseRow) -> list[int]:
    """Who hears of a case that nobody answered in time: administrators; for discipline its own people again."""
    if row.desk == DeskName.DISCIPLINE:
        return staff_of(db, row)
    return _holders(db, row, Permission.MANAGE_STAFF)


def tell_staff(
    ground: Ground, db: sqlite3.Connection, row: CaseRow, staff_ids: list[int], news: str, *, reference: str
) -> None:
    """Queue a line about a case to colleagues: `news` is `urgent`, `new`, `added`, `passed`, `near` or `overdue`.

    Nothing of what was said goes along.
    """
    for staff_id in staff_ids:
        tell(
            ground,
            db,
            f"{reference}:{staff_id}",
            "staff",
            staff_id,
            "desk_news",
            news=news,
            case_id=row.id,
            about=row.kind,
            due_at=row.due_at,
        )


def _holders(db: sqlite3.Connection, row: CaseRow, permission: Permission, *, but: Role | None = None) -> list[int]:
    own_hands = staffing.at_the_chat_of(db, row.subject, row.subject_id, row.user_id)
    found = (
        one.staff_id
        for one in staffing.rights_in_force(db)
        if permission in PERMISSIONS[one.right.role]
        and one.right.role is not but
        and one.right.covers(row.fund, row.area, NO_BRANCH)
        and one.staff_id not in own_hands
        and (row.subject, row.subject_id) != ("staff", one.staff_id)
    )
    return list(dict.fromkeys(found))

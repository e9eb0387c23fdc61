"""What every service that moves a notice shares: how it starts, what it looks like, whose it is.

All of it runs inside the caller's transaction.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from carefund_bot.access import OPERATOR, Actor, Permission
from carefund_bot.domain.notices import Branch, Place, Step, moves_of
from carefund_bot.errors import NotAllowed
from carefund_bot.sealing import Sealer
from carefund_bot.services.ground import Ground, request_id_of
from carefund_bot.services.offices import reaches
from carefund_bot.services.telling import tell
from carefund_bot.store import notice_board, notice_runs, notices, people, staffing
from carefund_bot.store.notices import Notice

_UNFINISHED: Final = ("pending", "sending")


@dataclass(frozen=True, slots=True)
class Progress:
    """A notice, the branch it is for if it is for one, where it stands and how many copies are in each state.

    `still_there`: copies that could not be taken back, by why.
    `request_id` is the one-use id of this moment: of several people who press a button, one takes the next step.
    """

    notice: Notice
    branch: Branch | None
    copies: Mapping[str, int]
    recalls: Mapping[str, int]
    still_there: Mapping[str, int]
    step: Step
    moves: tuple[Step, ...]
    request_id: str

    @property
    def total(self) -> int:
        return sum(self.copies.values())

    @property
    def waiting(self) -> int:
        return sum(self.copies.get(state, 0) for state in _UNFINISHED)

    @property
    def coming_back(self) -> int:
        """Copies that are still to be taken back."""
        return self.recalls.get("wanted", 0) + self.recalls.get("underway", 0)

    @property
    def is_at_rest(self) -> bool:
        """Whether nothing more will happen to it by itself or is waited for."""
        if self.step in (Step.CANCELLED, Step.RECALLED):
            return not self.waiting and not self.coming_back
        return self.step in (Step.STARTED, Step.RESUMED) and not self.waiting


def progress_of(ground: Ground, db: sqlite3.Connection, actor: Actor, notice_id: int) -> Progress:
    """Not there and not the actor's are the same refusal."""
    notice = notices.find(db, notice_id)
    if notice is None:
        raise NotAllowed
    _, branch = checked_place(db, actor, notice.audience.place)
    newest, copies = notice_runs.newest_step(db, notice_id), notices.tally(db, notice_id)
    moves = moves_of(
        newest.step,
        waiting=sum(copies.get(state, 0) for state in _UNFINISHED),
        recallable=notice_runs.count_recallable(db, notice_id, ground.now())
        + notice_board.count_shown(db, notice_id, ground.now()),
        is_own=actor.staff_id in (None, notice.staff_id),
    )
    recalls = notice_runs.count_recalls(db, notice_id)
    moment = moment_id(ground.sealer, notice_id, newest.id)
    still_there = notice_runs.count_still_there(db, notice_id)
    return Progress(notice, branch, copies, recalls, still_there, newest.step, moves, moment)


def moment_id(sealer: Sealer, notice_id: int, event_id: int) -> str:
    """The one-use id of whatever follows a step of a notice."""
    return request_id_of(sealer, f"notice:{notice_id}:{event_id}")


def start(ground: Ground, db: sqlite3.Connection, actor: Actor, notice: Notice, request_id: str) -> None:
    """Freeze the recipients and let the copies go; hand it to a second person if they have become too many for one."""
    now, is_confirmed = ground.now(), notice_runs.is_confirmed(db, notice.id)
    copies = None
    if is_confirmed or not notice.content.overruled:
        copies = notices.freeze_recipients(db, notice, now, None if is_confirmed else notice.alone_at_most)
    if copies is None:
        submit(ground, db, actor, notice, request_id)
        return
    notice_runs.add_step(db, request_id, notice.id, Step.STARTED, actor.staff_id, now)
    people.add_audit(db, actor, "notice_sent", now, subject="notice", subject_id=notice.id, copies=copies)
    ground.bell.ring()


def submit(ground: Ground, db: sqlite3.Connection, actor: Actor, notice: Notice, request_id: str) -> None:
    """Ask for a second person and tell everybody who may be that."""
    notice_runs.add_step(db, request_id, notice.id, Step.SUBMITTED, actor.staff_id, ground.now())
    for staff_id in editors_of(db, notice.audience.place) - {notice.staff_id}:
        tell(
            ground, db, f"notice-waits:{request_id}:{staff_id}", "staff", staff_id, "notice_waits", notice_id=notice.id
        )


def would_take_two(ground: Ground, db: sqlite3.Connection, notice: Notice) -> bool:
    """Whether a scheduled notice, if it went now, would not be one person's: then it is confirmed before its time.

    When it goes, `start` asks again of those really frozen, and the trigger `notice_not_alone` holds it to that.
    """
    receiving, *_ = notices.count_accounts(db, notice.audience, notice.content.topic, ground.now())
    return bool(notice.content.overruled) or receiving > notice.alone_at_most


def editors_of(db: sqlite3.Connection, place: Place) -> set[int]:
    """Colleagues who may write to the whole of a place."""
    found = staffing.rights_in_force(db)
    return {each.staff_id for each in found if may_write_to(Actor(staff_rights=(each.right,)), place)}


def is_still_vouched_for(db: sqlite3.Connection, notice: Notice) -> bool:
    """Whether somebody answers for a notice that goes by itself: a second person, or an author who still may write."""
    if notice.staff_id is None or notice_runs.is_confirmed(db, notice.id):
        return True
    held = tuple(one.right for one in staffing.rights_held(db) if one.staff_id == notice.staff_id)
    return may_write_to(Actor(staff_rights=held), notice.audience.place)


def may_write_to(actor: Actor, place: Place) -> bool:
    return reaches(actor, Permission.COMPOSE_NOTICE, place)


def checked_place(db: sqlite3.Connection, actor: Actor, place: Place) -> tuple[Place, Branch | None]:
    """`NotAllowed` if a place is not there or not the actor's; a branch stands where the roll says."""
    branch = None
    if place.branch_id is not None:
        branch = notices.find_branch(db, place.branch_id)
        if branch is None:
            raise NotAllowed
        place = Place(branch.fund, branch.area, branch.id)
    if not may_write_to(actor, place):
        raise NotAllowed
    return place, branch


CLOCK: Final = OPERATOR
"""Steps that time takes are recorded without a colleague, as the operator's are."""

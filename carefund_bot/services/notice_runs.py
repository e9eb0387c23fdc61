"""A notice on its way: confirmed by a second person, paused, cancelled, taken back, sent again to those it missed."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Final

from carefund_bot.access import Actor, Permission, require, require_for_whole
from carefund_bot.domain.notices import RUNNING, Step
from carefund_bot.errors import BadAnswer, NotAllowed, Overtaken
from carefund_bot.services.ground import Ground
from carefund_bot.services.notice_steps import Progress, progress_of, start
from carefund_bot.store import notice_board, notice_runs, outbox, people
from carefund_bot.store.notice_runs import Card, Decision
from carefund_bot.store.outbox import Doubt

DOUBTS_SHOWN: Final = 8
RETRIED: Final = ("failed", "unreachable", "uncertain")


@dataclass(frozen=True, slots=True)
class Decided:
    """What came of a decision: how many copies wait again, or were left."""

    progress: Progress
    copies: int


class NoticeRuns:
    """For notice editors, each inside the scope of the right; single messages are the administrators'."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    async def move(self, actor: Actor, request_id: str, notice_id: int, step: Step) -> Progress:
        """Take the next step; the same request again gives what it led to, another's step before it is `Overtaken`.

        Once a pause or a cancellation is written no further copy begins its way.
        """
        require(actor, Permission.COMPOSE_NOTICE)

        def write(db: sqlite3.Connection) -> Progress:
            progress = progress_of(self._ground, db, actor, notice_id)
            if notice_runs.notice_of_request(db, request_id) == notice_id:
                return progress
            if request_id != progress.request_id or step not in progress.moves:
                raise Overtaken(progress.step)
            self._take(db, actor, progress, step)
            return progress_of(self._ground, db, actor, notice_id)

        moved = await self._ground.db.write(write)
        self._ground.bell.ring()
        return moved

    def _take(self, db: sqlite3.Connection, actor: Actor, progress: Progress, step: Step) -> None:
        notice, request_id, now = progress.notice, progress.request_id, self._ground.now()
        if step is Step.CONFIRMED:
            self._confirm(db, actor, progress)
        elif step is Step.STARTED:
            start(self._ground, db, actor, notice, request_id)
        else:
            notice_runs.add_step(db, request_id, notice.id, step, actor.staff_id, now)
            cancelled = taken_back = 0
            if step in (Step.CANCELLED, Step.RECALLED):
                cancelled = notice_runs.cancel_waiting(db, notice.id, now)
            if step is Step.RECALLED:
                taken_back = notice_runs.want_back(db, notice.id, now)
                taken_back += notice_board.want_shown_back(db, notice.id, now)
            people.add_audit(
                db,
                actor,
                f"notice_{step}",
                now,
                subject="notice",
                subject_id=notice.id,
                cancelled=cancelled,
                taken_back=taken_back,
            )

    def _confirm(self, db: sqlite3.Connection, actor: Actor, progress: Progress) -> None:
        """The second person's word; it goes at once, or at its time."""
        notice, request_id, now = progress.notice, progress.request_id, self._ground.now()
        notice_runs.add_step(db, request_id, notice.id, Step.CONFIRMED, actor.staff_id, now, notice.digest)
        overruled = [[fault.unfit, fault.line] for fault in notice.content.overruled]
        people.add_audit(
            db, actor, "notice_confirmed", now, subject="notice", subject_id=notice.id, overruled=overruled
        )
        if notice.goes_at is not None and notice.goes_at > now:
            notice_runs.add_step(db, f"{request_id}:time", notice.id, Step.SCHEDULED, actor.staff_id, now)
        else:
            start(self._ground, db, actor, notice, f"{request_id}:start")

    async def moved_by(self, actor: Actor, request_id: str) -> Progress | None:
        """The notice that a request has already moved, as it stands now; `None` if there was no such request."""
        require(actor, Permission.COMPOSE_NOTICE)

        def read(db: sqlite3.Connection) -> Progress | None:
            notice_id = notice_runs.notice_of_request(db, request_id)
            return None if notice_id is None else progress_of(self._ground, db, actor, notice_id)

        return await self._ground.db.read(read)

    async def put_on_time(self, actor: Actor, request_id: str, notice_id: int, due_at: int) -> Progress:
        """Let one that waits for a person go at a moment (Unix seconds); repeated or overtaken as in `move`."""
        require(actor, Permission.COMPOSE_NOTICE)

        def write(db: sqlite3.Connection) -> Progress:
            progress, now = progress_of(self._ground, db, actor, notice_id), self._ground.now()
            if notice_runs.notice_of_request(db, request_id) == notice_id:
                return progress
            if request_id != progress.request_id or progress.step is not Step.OVERDUE:
                raise Overtaken(progress.step)
            if due_at <= now:
                raise BadAnswer("time_is_past")
            notice_runs.add_step(db, request_id, notice_id, Step.SCHEDULED, actor.staff_id, now, due_at=due_at)
            people.add_audit(
                db, actor, "notice_put_on_time", now, subject="notice", subject_id=notice_id, due_at=due_at
            )
            return progress_of(self._ground, db, actor, notice_id)

        return await self._ground.db.write(write)

    async def retry(self, actor: Actor, request_id: str, notice_id: int, state: str) -> Decided:
        """Send the copies that ended in a state again, to who can be written to now; uncertain ones may double."""
        require(actor, Permission.COMPOSE_NOTICE)
        if state not in RETRIED:
            raise NotAllowed

        def write(db: sqlite3.Connection) -> Decided:
            progress = progress_of(self._ground, db, actor, notice_id)
            if notice_runs.notice_of_request(db, request_id) == notice_id:
                return Decided(progress, 0)
            if progress.step not in RUNNING:
                raise Overtaken(progress.step)
            copies = notice_runs.send_again(db, notice_id, state, self._ground.now())
            made = Decision(request_id=request_id, state=state, decision="again", copies=copies, notice_id=notice_id)
            notice_runs.add_decision(db, made, actor.staff_id, self._ground.now())
            return Decided(progress_of(self._ground, db, actor, notice_id), copies)

        decided = await self._ground.db.write(write)
        self._ground.bell.ring()
        return decided

    async def leave(self, actor: Actor, request_id: str, notice_id: int) -> Decided:
        """Let uncertain copies be: whoever did not get one is not told again."""
        require(actor, Permission.COMPOSE_NOTICE)

        def write(db: sqlite3.Connection) -> Decided:
            progress = progress_of(self._ground, db, actor, notice_id)
            if notice_runs.notice_of_request(db, request_id) == notice_id:
                return Decided(progress, 0)
            copies = notice_runs.leave_in_doubt(db, notice_id, self._ground.now())
            made = Decision(
                request_id=request_id, state="uncertain", decision="left", copies=copies, notice_id=notice_id
            )
            notice_runs.add_decision(db, made, actor.staff_id, self._ground.now())
            return Decided(progress, copies)

        return await self._ground.db.write(write)

    async def follow(self, actor: Actor, notice_id: int, message_id: int) -> None:
        """Let a message in the actor's chat follow a notice."""
        require(actor, Permission.COMPOSE_NOTICE)

        def write(db: sqlite3.Connection) -> None:
            progress_of(self._ground, db, actor, notice_id)
            if actor.user_id is not None:
                notice_runs.keep_card(db, Card(actor.user_id, message_id, notice_id))

        await self._ground.db.write(write)

    async def doubts(self, actor: Actor) -> list[Doubt]:
        """Single messages of which nobody knows whether they arrived, oldest first."""
        require(actor, Permission.MANAGE_STAFF)
        require_for_whole(actor, Permission.MANAGE_STAFF, None)  # a single message is no fund's
        return await self._ground.db.read(lambda db: outbox.doubts(db, DOUBTS_SHOWN))

    async def decide(self, actor: Actor, request_id: str, outbox_id: int, *, again: bool) -> bool:
        """Send an uncertain single message again, or leave it; false if that was decided before."""
        require(actor, Permission.MANAGE_STAFF)
        require_for_whole(actor, Permission.MANAGE_STAFF, None)  # a single message is no fund's

        def write(db: sqlite3.Connection) -> bool:
            now = self._ground.now()
            if not outbox.end_doubt(db, outbox_id, now, again=again):
                return False
            decision = "again" if again else "left"
            made = Decision(request_id=request_id, state="uncertain", decision=decision, copies=1, outbox_id=outbox_id)
            notice_runs.add_decision(db, made, actor.staff_id, now)
            return True

        decided = await self._ground.db.write(write)
        self._ground.bell.ring()
        return decided

    async def restored(self, actor: Actor) -> int:
        """How many single messages waited in a copy of an older database: they may have gone since then."""
        require(actor, Permission.MANAGE_STAFF)
        require_for_whole(actor, Permission.MANAGE_STAFF, None)  # a single message is no fund's
        return await self._ground.db.read(outbox.count_restored)

    async def decide_restored(self, actor: Actor, request_id: str, *, again: bool) -> int:
        """Send all of those again, or leave them; how many, 0 if that was decided before."""
        require(actor, Permission.MANAGE_STAFF)
        require_for_whole(actor, Permission.MANAGE_STAFF, None)  # a single message is no fund's

        def write(db: sqlite3.Connection) -> int:
            now = self._ground.now()
            notice_runs.add_decision_on_restored(db, request_id, "again" if again else "left", actor.staff_id, now)
            return outbox.end_restored(db, now, again=again)

        decided = await self._ground.db.write(write)
        self._ground.bell.ring()
        return decided

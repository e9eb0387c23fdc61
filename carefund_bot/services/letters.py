"""Letters for the doors: what a notice said, and a one-time code for whoever no chat reaches."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from carefund_bot.access import Actor, Permission, require, require_for_whole
from carefund_bot.clock import shanghai_day
from carefund_bot.domain.notices import RUNNING, Letter, Place
from carefund_bot.domain.office_hours import OfficeHours
from carefund_bot.errors import NotAllowed, Overtaken
from carefund_bot.services.codes import IssuedCode
from carefund_bot.services.ground import Ground
from carefund_bot.services.linking import Linking
from carefund_bot.services.notice_steps import checked_place
from carefund_bot.services.notices import signed
from carefund_bot.services.visiting import Door
from carefund_bot.store import notice_runs, notices, people, rolls
from carefund_bot.store.notices import Notice

LETTERS_A_COMMIT: Final = 100


@dataclass(frozen=True, slots=True)
class Original:
    """What the letters repeat: the notice as signed, the day it went out, and when its office can be called."""

    letter: Letter
    day: date
    office_hours: OfficeHours
    has_attachment: bool


@dataclass(frozen=True, slots=True)
class DoorLetter:
    """A letter for one door; without a code if the person's chat is there to read it in."""

    door: Door
    issued: IssuedCode | None


class Letters:
    """For whoever may issue codes over the whole of a notice's fund: the operator."""

    def __init__(self, ground: Ground, linking: Linking) -> None:
        self._ground = ground
        self._linking = linking

    async def original(self, actor: Actor, notice_id: int) -> Original:
        """The notice to repeat; `Overtaken` unless it has been sent to its end and still stands."""
        require(actor, Permission.ISSUE_CODES)

        def read(db: sqlite3.Connection) -> Original:
            content = self._finished(db, actor, notice_id).content
            started_at, fund = notice_runs.started_at(db, notice_id), content.audience.place.fund
            assert started_at is not None, "a finished notice has begun"
            return Original(
                letter=signed(self._ground.settings, content.text_zh, content.text_en, fund),
                day=shanghai_day(started_at),
                office_hours=self._ground.settings.desk.office_hours(),
                has_attachment=content.attachment is not None,
            )

        return await self._ground.db.read(read)

    async def write(self, actor: Actor, notice_id: int, doors: Sequence[Door]) -> list[DoorLetter]:
        """Letters for a few doors. Written again, a letter holds the same code for as long as that is good.

        A code makes every earlier one of the same person void, as codes do.
        """
        require(actor, Permission.ISSUE_CODES)

        def write(db: sqlite3.Connection) -> list[DoorLetter]:
            place = self._finished(db, actor, notice_id).audience.place
            letters = [DoorLetter(door, self._code_for(db, actor, notice_id, place, door)) for door in doors]
            people.add_audit(
                db,
                actor,
                "letters_written",
                self._ground.now(),
                subject="notice",
                subject_id=notice_id,
                letters=len(letters),
                codes=sum(letter.issued is not None for letter in letters),
            )
            return letters

        return await self._ground.db.write(write, bulk=True)

    def _finished(self, db: sqlite3.Connection, actor: Actor, notice_id: int) -> Notice:
        notice = notices.find(db, notice_id)
        if notice is None:
            raise NotAllowed
        place, _ = checked_place(db, actor, notice.audience.place)
        require_for_whole(actor, Permission.ISSUE_CODES, place.fund)
        step = notice_runs.newest_step(db, notice_id).step
        if step not in RUNNING or notices.has_waiting(db, notice_id):
            raise Overtaken(step)
        return notice

    def _code_for(
        self, db: sqlite3.Connection, actor: Actor, notice_id: int, place: Place, door: Door
    ) -> IssuedCode | None:
        """A code, unless a chat that can be written to is bound to the person."""
        _check_fund(db, place, door)
        user_id, now = people.account_of(db, door.subject, door.subject_id), self._ground.now()
        account = people.find_account(db, user_id) if user_id is not None else None
        if account is not None and account.reachability == "reachable":
            return None
        occasion = f"letter:{notice_id}:{door.subject}:{door.subject_id}"
        code, expires_at = self._linking.add_code_of(db, actor, door.subject, door.subject_id, occasion, now)
        return IssuedCode(door.subject_id, door.number, door.name, door.section, code, shanghai_day(expires_at))


def _check_fund(db: sqlite3.Connection, place: Place, door: Door) -> None:
    """`NotAllowed` unless the person stands on a roll of the notice's fund."""
    find = rolls.find_member if door.subject == "member" else rolls.find_beneficiary
    person = find(db, door.subject_id)
    if person is None or place.fund not in (None, person.fund):
        raise NotAllowed

"""What time does to notices. Asked by the bot's own clock, never by a person: so there is no actor.

A scheduled notice starts once, because its step is written with its copies. One whose time passed long ago waits for a
person, and so does one whose author has lost the right to it, and each in a copy of an older database (see `pulse`).
"""

from __future__ import annotations

import sqlite3
from typing import Final

from carefund_bot.domain.notices import STALE_AFTER_S, Step
from carefund_bot.errors import NotAllowed
from carefund_bot.services.ground import Ground
from carefund_bot.services.notice_steps import CLOCK, Progress, editors_of, is_still_vouched_for, progress_of, start
from carefund_bot.services.telling import tell
from carefund_bot.store import notice_runs, notices, people
from carefund_bot.store.notice_runs import Card
from carefund_bot.store.notices import Notice

_NEVER: Final = 2**62
"""A moment that everything lies before."""


class NoticeClock:
    """Looks at rows each time; remembers nothing between two looks."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    async def start_due(self) -> int:
        """Start each notice whose time has come; how many have been looked at."""
        due = await self._ground.db.read(lambda db: notice_runs.due_notices(db, self._ground.now()))
        return await self._ground.db.write(self._start_all) if due else 0

    def _start_all(self, db: sqlite3.Connection) -> int:
        now = self._ground.now()
        due = notice_runs.due_notices(db, now)
        for notice_id in due:
            notice = _found(db, notice_id)
            is_late = notice.expires_at is not None and now > notice.expires_at
            if is_late or not is_still_vouched_for(db, notice):
                self._wait_for_a_person(db, notice_id, Step.OVERDUE)
            else:
                request_id = f"due:{notice_id}:{notice_runs.newest_step(db, notice_id).id}"
                start(self._ground, db, CLOCK, notice, request_id)
        return len(due)

    def hold(self, db: sqlite3.Connection, *, is_copy: bool) -> int:
        """At start: pause what stood still in its middle for a day; how many notices wait for a person now.

        In a copy of an older database that is all that flows, and whatever has a time: it may all have gone since then.
        """
        flowing = notice_runs.stale_notices(db, _NEVER if is_copy else self._ground.now() - STALE_AFTER_S)
        for notice_id in flowing:
            self._wait_for_a_person(db, notice_id, Step.PAUSED)
        scheduled = notice_runs.due_notices(db, _NEVER) if is_copy else []
        for notice_id in scheduled:
            self._wait_for_a_person(db, notice_id, Step.OVERDUE)
        return len(flowing) + len(scheduled)

    def _wait_for_a_person(self, db: sqlite3.Connection, notice_id: int, step: Step) -> None:
        moment = f"{notice_id}:{notice_runs.newest_step(db, notice_id).id}"
        notice_runs.add_step(db, f"{step}:{moment}", notice_id, step, None, self._ground.now())
        for staff_id in editors_of(db, _found(db, notice_id).audience.place):
            reference = f"notice-stands:{moment}:{staff_id}"
            tell(self._ground, db, reference, "staff", staff_id, "notice_stands", notice_id=notice_id)

    async def cards(self) -> list[Card]:
        """The messages that follow a notice."""
        return await self._ground.db.read(notice_runs.cards)

    async def look_at_card(self, card: Card) -> tuple[str, Progress] | None:
        """The language of the card's reader and how far the notice has got; `None` if the reader may not see it now."""

        def read(db: sqlite3.Connection) -> tuple[str, Progress] | None:
            account = people.find_account(db, card.chat_id)
            if account is None or account.reachability != "reachable":
                return None
            try:
                return account.language, progress_of(
                    self._ground, db, people.actor_of(db, card.chat_id), card.notice_id
                )
            except NotAllowed:
                return None

        return await self._ground.db.read(read, long=True)

    async def drop_card(self, card: Card) -> None:
        """The message follows nothing any more."""
        await self._ground.db.write(lambda db: notice_runs.drop_card(db, card))


def _found(db: sqlite3.Connection, notice_id: int) -> Notice:
    notice = notices.find(db, notice_id)
    assert notice is not None, "its row is never deleted"
    return notice

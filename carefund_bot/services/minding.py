"""Minding the desk's promises: who must be reminded, and who must hear that nobody answered.

Only the bot's own clockwork asks here, never a person: so there is no actor. What was said once is marked in the row
in the same transaction that queues it, so that no second look, and no restart, says it again.
"""

from __future__ import annotations

import sqlite3

from carefund_bot.clock import shanghai_time
from carefund_bot.domain.cases import ALARM_AGAIN_AFTER_S
from carefund_bot.services.case_files import above, staff_of, tell_staff
from carefund_bot.services.changing import put_in_force
from carefund_bot.services.ground import Ground
from carefund_bot.services.learning import oldest_kept
from carefund_bot.services.proxies import end_what_is_over
from carefund_bot.store import cases, unclear
from carefund_bot.store.cases import CaseRow


class Minding:
    """Asked every minute or so while the bot runs; whatever came due while it stood still is found at the next look."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    async def look(self) -> int:
        """Put in force what has cooled down, call distress out again at any hour; remind and escalate in office hours.

        Gives how many were spoken of.
        """
        in_force = await self._ground.db.write(self._at_any_hour)
        now, desk = self._ground.now(), self._ground.settings.desk
        hours = desk.office_hours()
        if not hours.is_open_at(shanghai_time(now)):
            return in_force
        near = int(hours.after(shanghai_time(now), desk.remind_before_minutes).timestamp())

        def write(db: sqlite3.Connection) -> int:
            overdue = cases.escalate_once(db, now)
            reminded = cases.remind_once(db, near, now)
            for row in overdue:
                everybody = list(dict.fromkeys([*_in_charge(db, row), *above(db, row)]))
                tell_staff(self._ground, db, row, everybody, "overdue", reference=f"case-overdue:{row.id}:{row.due_at}")
            for row in reminded:
                if row.due_at > now:
                    tell_staff(
                        self._ground,
                        db,
                        row,
                        _in_charge(db, row),
                        "near",
                        reference=f"case-near:{row.id}:{row.due_at}",
                    )
            return len(overdue) + len(reminded)

        return in_force + await self._ground.db.write(write)

    def _at_any_hour(self, db: sqlite3.Connection) -> int:
        unclear.forget(db, oldest_kept(self._ground))
        return put_in_force(self._ground, db) + end_what_is_over(self._ground, db) + self._call_again(db)

    def _call_again(self, db: sqlite3.Connection) -> int:
        now = self._ground.now()
        unheard = cases.call_again_once(db, now - ALARM_AGAIN_AFTER_S, now)
        for row in unheard:
            everybody = list(dict.fromkeys([*staff_of(db, row), *above(db, row)]))
            tell_staff(self._ground, db, row, everybody, "urgent", reference=f"case-unheard:{row.id}:{row.due_at}")
        return len(unheard)


def _in_charge(db: sqlite3.Connection, row: CaseRow) -> list[int]:
    """Whoever has it in hand, or everybody at the desk."""
    return [row.staff_id] if row.staff_id is not None else staff_of(db, row)

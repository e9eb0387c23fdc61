"""Whose office somebody asks."""

from __future__ import annotations

import sqlite3

from carefund_bot.store import people, rolls


def fund_of(db: sqlite3.Connection, subject: str, subject_id: int) -> str | None:
    """The fund of a member, a beneficiary or a colleague; `None` if no roll and no right names one.

    A colleague whose chat waits has a place already: the rights are held, though not yet in force.
    """
    if subject == "staff":
        return next((right.fund for right in people.rights_of(db, subject_id) if right.fund), None)
    return rolls.fund_of(db, subject, subject_id)

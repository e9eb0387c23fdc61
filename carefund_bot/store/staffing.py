"""Colleagues and the rights they hold; giving them is in `people`, this is the list and the end."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from carefund_bot.access import Right, Role


@dataclass(frozen=True, slots=True)
class RightInForce:
    """One right of one colleague; `sealed` holds the colleague's name (place `staff`)."""

    id: int
    staff_id: int
    sealed: bytes
    right: Right


def rights_in_force(db: sqlite3.Connection) -> list[RightInForce]:
    """Every right that has not ended, colleague by colleague."""
    rows = db.execute(
        """
        SELECT staff_right.id, staff.id, staff.sealed, role, fund, area, branch_id
          FROM staff
          JOIN staff_right ON staff_right.staff_id = staff.id
         WHERE NOT EXISTS (SELECT 1 FROM staff_right_end WHERE right_id = staff_right.id)
         ORDER BY staff.id, staff_right.id
        """
    )
    return [
        RightInForce(right_id, staff_id, sealed, Right(Role(role), fund, area, branch_id))
        for right_id, staff_id, sealed, role, fund, area, branch_id in rows
    ]


def at_the_chat_of(
    db: sqlite3.Connection, subject: str | None, subject_id: int | None, user_id: int | None = None
) -> frozenset[int]:
    """Staff whose chat is a person's too, stands for this household, or is the one named."""
    rows = db.execute(
        """
        SELECT subject_id
          FROM link
         WHERE subject = 'staff'
           AND user_id IN (SELECT user_id FROM link WHERE subject = ? AND subject_id = ?
                           UNION
                           SELECT user_id
                             FROM proxy_link
                            CROSS JOIN change_request ON change_request.id = proxy_link.change_id
                            WHERE ? = 'beneficiary' AND beneficiary_id = ?
                           UNION
                           SELECT ?)
        """,
        (subject, subject_id, subject, subject_id, user_id),
    )
    return frozenset(staff_id for (staff_id,) in rows)


def end_right(db: sqlite3.Connection, right_id: int, ended_by: int | None, at: int) -> None:
    db.execute("INSERT INTO staff_right_end (right_id, ended_by, ended_at) VALUES (?, ?, ?)", (right_id, ended_by, at))


def withdraw(db: sqlite3.Connection, staff_id: int, at: int) -> None:
    """Unbind a colleague who holds no right any more, and let an unused code lapse."""
    db.execute("DELETE FROM link WHERE subject = 'staff' AND subject_id = ?", (staff_id,))
    db.execute(
        """
        UPDATE link_code SET revoked_at = ?
         WHERE subject = 'staff' AND subject_id = ? AND used_at IS NULL AND revoked_at IS NULL
        """,
        (at, staff_id),
    )

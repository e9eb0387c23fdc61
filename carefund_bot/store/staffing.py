"""Colleagues, the rights they hold, and the second person's word on a new chat; giving rights is in `people`."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from carefund_bot.access import Right, Role


@dataclass(frozen=True, slots=True)
class HeldRight:
    """One right of one colleague; `sealed` holds the colleague's name (place `staff`).

    `granted_by` is None for the operator; `is_open`: no chat of this colleague's waits for a second person.
    """

    id: int
    staff_id: int
    sealed: bytes
    right: Right
    granted_by: int | None
    is_open: bool


def rights_in_force(db: sqlite3.Connection) -> list[HeldRight]:
    """The rights that have not ended, but for those of colleagues whose chat waits for a second person."""
    return [each for each in rights_held(db) if each.is_open]


def rights_held(db: sqlite3.Connection) -> list[HeldRight]:
    """Every right that has not ended, colleague by colleague."""
    rows = db.execute(
        """
        SELECT staff_right.id, staff.id, staff.sealed, role, fund, area, branch_id, granted_by,
               link.user_id IS NULL OR link.code_id IN (SELECT code_id FROM staff_word WHERE is_theirs)
          FROM staff
          JOIN staff_right ON staff_right.staff_id = staff.id
          LEFT JOIN link ON link.subject = 'staff' AND link.subject_id = staff.id
         WHERE NOT EXISTS (SELECT 1 FROM staff_right_end WHERE right_id = staff_right.id)
         ORDER BY staff.id, staff_right.id
        """
    )
    return [
        HeldRight(right_id, staff_id, sealed, Right(Role(role), fund, area, branch_id), granted_by, bool(is_open))
        for right_id, staff_id, sealed, role, fund, area, branch_id, granted_by, is_open in rows
    ]


@dataclass(frozen=True, slots=True)
class Binding:
    """What a colleague's code bound, and the second person's word on it: `is_theirs` is None before there is one.

    Once the chat is no longer bound by this code, `user_id` is None. For the operator `issued_by` and `said_by` are.
    """

    code_id: int
    staff_id: int
    user_id: int | None
    linked_at: int
    issued_by: int | None
    is_theirs: int | None
    said_by: int | None


_BINDING = """
    SELECT code.id, code.subject_id, link.user_id, coalesce(linked_at, 0), issued_by, is_theirs, said_by
      FROM link_code AS code
      LEFT JOIN link ON link.subject = 'staff' AND link.subject_id = code.subject_id AND link.code_id = code.id
      LEFT JOIN staff_word ON staff_word.code_id = code.id
     WHERE code.subject = 'staff' AND used_at IS NOT NULL
"""


def find_binding(db: sqlite3.Connection, code_id: int) -> Binding | None:
    row = db.execute(f"{_BINDING} AND code.id = ?", (code_id,)).fetchone()
    return row and Binding(*row)


def bindings(db: sqlite3.Connection) -> list[Binding]:
    """The chats that colleagues have now, in the order of their codes."""
    bound = "AND code.id IN (SELECT code_id FROM link WHERE subject = 'staff') ORDER BY code.id"
    return [Binding(*row) for row in db.execute(f"{_BINDING} {bound}")]


def say_whose(db: sqlite3.Connection, code_id: int, said_by: int | None, at: int, *, is_theirs: bool) -> bool:
    """The one word on the chat that a code has bound; true for exactly one caller, and for none once it let go.

    A chat that is not theirs is unbound.
    """
    said = db.execute(
        """
        INSERT INTO staff_word
        SELECT code_id, ?, ?, ? FROM link WHERE subject = 'staff' AND code_id = ?
        ON CONFLICT (code_id) DO NOTHING
        """,
        (int(is_theirs), said_by, at, code_id),
    )
    if said.rowcount == 1 and not is_theirs:
        db.execute("DELETE FROM link WHERE subject = 'staff' AND code_id = ?", (code_id,))
    return said.rowcount == 1


def sealed_name(db: sqlite3.Connection, staff_id: int) -> bytes:
    """A colleague's name (place `staff`), whatever became of their rights."""
    (sealed,) = db.execute("SELECT sealed FROM staff WHERE id = ?", (staff_id,)).fetchone()
    return bytes(sealed)


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


def rights_ended_by(db: sqlite3.Connection, staff_id: int, ended_by: int) -> list[tuple[int, Right]]:
    """The rights of a colleague that another one has ended, with their ids."""
    rows = db.execute(
        """
        SELECT staff_right.id, role, fund, area, branch_id
          FROM staff_right
          JOIN staff_right_end ON right_id = staff_right.id
         WHERE staff_id = ? AND ended_by = ?
         ORDER BY staff_right.id
        """,
        (staff_id, ended_by),
    )
    return [(right_id, Right(Role(role), *place)) for right_id, role, *place in rows]


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

"""Whose office somebody asks, and which places a permission reaches."""

from __future__ import annotations

import sqlite3

from carefund_bot.access import Actor, Permission, Right, Role
from carefund_bot.domain.funds import FUNDS
from carefund_bot.domain.notices import Place
from carefund_bot.store import people, rolls


def fund_of(db: sqlite3.Connection, subject: str, subject_id: int) -> str | None:
    """The fund of a member, a beneficiary or a colleague; `None` if no roll and no right names one.

    A colleague whose chat waits has a place already: the rights are held, though not yet in force.
    """
    if subject == "staff":
        return next((right.fund for right in people.rights_of(db, subject_id) if right.fund), None)
    return rolls.fund_of(db, subject, subject_id)


def reaches(actor: Actor, permission: Permission, place: Place) -> bool:
    """Whether the whole of a place lies inside a right's scope: who is a fund's alone does not speak for all six."""
    return actor.reaches(permission, Right(Role.ADMINISTRATOR, place.fund, place.area, place.branch_id))


def places_of(actor: Actor, permission: Permission) -> list[Place]:
    """Where somebody has a permission, the widest first; all six funds and each of them for an open right."""
    wide = [Place(), *(Place(fund.code) for fund in FUNDS)]
    narrow = [Place(right.fund, right.area, right.branch_id) for right in actor.scope(permission)]
    return list(dict.fromkeys(place for place in wide + narrow if reaches(actor, permission, place)))

"""Members as the staff who take their money may see them: inside their hands, masked."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from carefund_bot.access import Actor, Permission
from carefund_bot.domain.people import clean_name, mask_name
from carefund_bot.errors import NotAllowed
from carefund_bot.sealing import Sealer
from carefund_bot.store import rolls


@dataclass(frozen=True, slots=True)
class Giver:
    """Whom a clerk is about to credit; `branch` with its committee."""

    member_id: int
    masked_name: str
    fund: str
    branch: str


def member_in_hands(db: sqlite3.Connection, actor: Actor, number: str) -> rolls.MemberOnRoll | None:
    """The member of a number if the clerk may record money for them; None for others and for none alike."""
    member_id = rolls.member_id_of(db, number)
    member = rolls.find_member(db, member_id) if member_id is not None else None
    return member if member and _is_in_hands(actor, member) else None


def require_in_hands(db: sqlite3.Connection, actor: Actor, member_id: int) -> rolls.MemberOnRoll:
    """As `member_in_hands`, by row id; raises NotAllowed."""
    member = rolls.find_member(db, member_id)
    if member is None or not _is_in_hands(actor, member):
        raise NotAllowed
    return member


def giver_of(sealer: Sealer, member: rolls.MemberOnRoll) -> Giver:
    return Giver(member.id, mask_name(name_of(sealer, member)), member.fund, f"{member.committee} {member.branch}")


def name_of(sealer: Sealer, member: rolls.MemberOnRoll) -> str:
    """The name on the roll, in full: to compare with a list, never to show."""
    return clean_name(sealer.open("member", member.sealed)["name"])


def _is_in_hands(actor: Actor, member: rolls.MemberOnRoll) -> bool:
    return actor.may(Permission.RECORD_MONEY, fund=member.fund, area=member.area, branch_id=member.branch_id)

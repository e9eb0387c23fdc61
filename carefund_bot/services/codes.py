"""Handing out one-time codes: a list for the offices, or one for the person at the counter."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import date
from typing import Final

from carefund_bot.access import NO_BRANCH, Actor, Permission, require, require_for_whole
from carefund_bot.clock import shanghai_day
from carefund_bot.domain.people import mask_name
from carefund_bot.errors import NotAllowed, OwnHousehold
from carefund_bot.files.headers import RollKind
from carefund_bot.services.comparing import SUBJECT_KIND
from carefund_bot.services.ground import Ground
from carefund_bot.services.linking import HandedOut, Linking, new_code
from carefund_bot.services.own_matters import is_own_household
from carefund_bot.store import rolls
from carefund_bot.store.rolls import CodeHolder

CODES_A_COMMIT: Final = 100


@dataclass(frozen=True, slots=True, repr=False)
class IssuedCode(HandedOut):
    """A code for one person; the name is masked. `place` is the branch, community or school that hands it over."""

    id: int
    number: str
    masked_name: str
    place: str
    code: str
    expires_on: date


class Codes:
    """Codes are shown once, here; the database keeps their prints."""

    def __init__(self, ground: Ground, linking: Linking) -> None:
        self._ground = ground
        self._linking = linking

    async def issue_next(
        self, actor: Actor, kind: RollKind, *, after_id: int = 0, fund: str | None = None, renew: bool = False
    ) -> list[IssuedCode]:
        """Codes for the next people on a roll whom no chat is bound to; empty when there is nobody left.

        Only for a fund, or all six, that is wholly the actor's. Whoever holds a live code is passed over unless
        `renew`, which makes the old one void.
        """
        require(actor, Permission.ISSUE_CODES, fund=fund)
        require_for_whole(actor, Permission.ISSUE_CODES, fund)
        now = self._ground.now()

        def write(db: sqlite3.Connection) -> list[IssuedCode]:
            holders = rolls.holders_for_codes(
                db, SUBJECT_KIND[kind], after_id, CODES_A_COMMIT, now, fund=fund, renew=renew
            )
            return [self._issue(db, actor, _subject(kind), holder, now, new_code()) for holder in holders]

        return await self._ground.db.write(write, bulk=True)

    async def issue_one(self, actor: Actor, number: str, request_id: str | None = None) -> IssuedCode:
        """A code for one member, household or student by number; `NotAllowed` for nobody's and for another fund's.

        `OwnHousehold` for one of the speaker's own: a colleague hands that code over (R42).
        The same person under the same `request_id` gets the same code: the one already read out stays good.
        """
        require(actor, Permission.ISSUE_CODES)
        now = self._ground.now()

        def write(db: sqlite3.Connection) -> IssuedCode:
            found = _find(db, number) or _find(db, number.upper())
            if found is None:
                raise NotAllowed
            subject, holder, branch_id = found
            require(actor, Permission.ISSUE_CODES, fund=holder.fund, area=holder.area, branch_id=branch_id)
            if subject == "beneficiary" and is_own_household(db, actor, holder.id):
                raise OwnHousehold
            code = self._linking.code_of(f"{request_id}:{subject}:{holder.id}") if request_id else new_code()
            return self._issue(db, actor, subject, holder, now, code)

        return await self._ground.db.write(write)

    def _issue(
        self, db: sqlite3.Connection, actor: Actor, subject: str, holder: CodeHolder, now: int, code: str
    ) -> IssuedCode:
        self._linking.add_code(db, actor, subject, holder.id, code, now)
        return IssuedCode(
            id=holder.id,
            number=holder.number,
            masked_name=mask_name(self._ground.sealer.open(subject, holder.sealed)["name"]),
            place=holder.place,
            code=code,
            expires_on=shanghai_day(now + self._ground.settings.linking.code_days * 86_400),
        )


def _subject(kind: RollKind) -> str:
    return "member" if kind is RollKind.MEMBERS else "beneficiary"


def _find(db: sqlite3.Connection, number: str) -> tuple[str, CodeHolder, int] | None:
    """What a number stands for, who holds it, and in which branch."""
    member_id = rolls.member_id_of(db, number)
    member = rolls.find_member(db, member_id) if member_id is not None else None
    if member is not None and member.standing == "on_roll":
        place = f"{member.committee} {member.branch}"
        return "member", CodeHolder(member.id, number, member.fund, member.area, place, member.sealed), member.branch_id
    beneficiary_id = rolls.beneficiary_id_of(db, number)
    found = rolls.find_beneficiary(db, beneficiary_id) if beneficiary_id is not None else None
    if found is None or found.standing != "on_roll":
        return None
    place = f"{found.town} {found.community}".strip()
    return "beneficiary", CodeHolder(found.id, number, found.fund, found.area, place, found.sealed), NO_BRANCH

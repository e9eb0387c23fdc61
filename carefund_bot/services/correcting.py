"""Taking back what was recorded wrongly: a contra entry with a reason; nothing is edited or deleted (R24)."""

from __future__ import annotations

import sqlite3

from carefund_bot.access import Actor, Permission, require
from carefund_bot.domain.remittances import ReversalReason
from carefund_bot.errors import NotAllowed, Overtaken
from carefund_bot.services.givers import Giver, giver_of, member_in_hands, require_in_hands
from carefund_bot.services.ground import Ground
from carefund_bot.services.telling import tell
from carefund_bot.store import contributions, people
from carefund_bot.store.contributions import Contribution


class Correcting:
    """Open to those who record money, for the members in their hands."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    async def gifts_of(self, actor: Actor, number: str) -> tuple[Giver, list[Contribution]] | None:
        """A member and their gifts, newest first; None for one on no roll and for one in other hands alike."""
        require(actor, Permission.RECORD_MONEY)

        def read(db: sqlite3.Connection) -> tuple[Giver, list[Contribution]] | None:
            member = member_in_hands(db, actor, number)
            if member is None:
                return None
            gifts = [
                gift
                for gift in contributions.of_member(db, member.id)
                if actor.may(Permission.RECORD_MONEY, fund=gift.fund)
            ]
            return giver_of(self._ground.sealer, member), gifts

        return await self._ground.db.read(read)

    async def gift(self, actor: Actor, contribution_id: int) -> tuple[Giver, Contribution]:
        """One gift in the clerk's hands; NotAllowed for others and for none."""
        require(actor, Permission.RECORD_MONEY)
        return await self._ground.db.read(lambda db: self._gift_in_hands(db, actor, contribution_id))

    async def reverse(
        self, actor: Actor, request_id: str, contribution_id: int, reason: ReversalReason
    ) -> Contribution:
        """Take a gift back by a contra entry, once per `request_id`, and tell the member. Overtaken if it is."""
        require(actor, Permission.RECORD_MONEY)
        now = self._ground.now()

        def write(db: sqlite3.Connection) -> Contribution:
            done = contributions.reversed_by(db, request_id)
            if done is not None:
                return self._gift_in_hands(db, actor, done.id)[1]
            _, gift = self._gift_in_hands(db, actor, contribution_id)
            if not gift.counts:
                raise Overtaken("reversed")
            contributions.add_reversal(db, gift.id, request_id, reason, actor.staff_id, now)
            people.add_audit(
                db, actor, "contribution_reversed", now, subject="member", subject_id=gift.member_id, reason=reason
            )
            tell(
                self._ground,
                db,
                f"contribution-reversed:{gift.id}",
                "member",
                gift.member_id,
                "contribution_reversed",
                amount_fen=gift.amount.fen,
                received_on=gift.received_on.isoformat(),
                reason=reason,
                phone=self._ground.settings.fund(gift.fund).office_phone,
            )
            return self._gift_in_hands(db, actor, gift.id)[1]

        return await self._ground.db.write(write)

    async def reversed(self, actor: Actor, request_id: str) -> Contribution | None:
        """What this confirmation already took back."""
        require(actor, Permission.RECORD_MONEY)

        def read(db: sqlite3.Connection) -> Contribution | None:
            done = contributions.reversed_by(db, request_id)
            return self._gift_in_hands(db, actor, done.id)[1] if done else None

        return await self._ground.db.read(read)

    def _gift_in_hands(self, db: sqlite3.Connection, actor: Actor, contribution_id: int) -> tuple[Giver, Contribution]:
        gift = contributions.find(db, contribution_id)
        if gift is None:
            raise NotAllowed
        member = require_in_hands(db, actor, gift.member_id)
        require(actor, Permission.RECORD_MONEY, fund=gift.fund)
        return giver_of(self._ground.sealer, member), gift

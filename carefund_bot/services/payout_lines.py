"""One payee's line: the bank sent it back, the account was corrected, it went out again, it arrived."""

from __future__ import annotations

import sqlite3
from typing import Final

from carefund_bot.access import Actor, Permission, require, require_for_whole
from carefund_bot.domain.aid import Stage
from carefund_bot.domain.money import Money
from carefund_bot.domain.payouts import LINE_MOVES, BatchState, LineCard, LineState, ReturnReason, line_state
from carefund_bot.errors import NotAllowed, Overtaken, OwnHousehold, OwnRelease, RollBehind, SameHands
from carefund_bot.services.account_changes import behind_roll
from carefund_bot.services.aid import EVENT_PLACE, account_tail
from carefund_bot.services.ground import Ground
from carefund_bot.services.own_matters import is_own_household
from carefund_bot.services.payout_news import tell_of_line
from carefund_bot.store import payouts, people, rolls

_NEEDED: Final = {
    LineState.PAID: Permission.RECORD_PAYOUT_RESULT,
    LineState.RETURNED: Permission.RECORD_PAYOUT_RESULT,
    LineState.CORRECTED: Permission.RECORD_PAYOUT_RESULT,
    LineState.RE_INSTRUCTED: Permission.RELEASE_PAYOUT,
}
"""Who may record what of a single line; cancelling and recovering are not done in chat."""
_WHAT_CAME_OF_IT: Final = (LineState.PAID, LineState.RETURNED)
_TO_THE_ROLLS_ACCOUNT: Final = (LineState.CORRECTED, LineState.RE_INSTRUCTED)
_STAGE_TOLD: Final = {
    LineState.PAID: Stage.ARRIVED,
    LineState.RETURNED: Stage.RETURNED,
    LineState.CORRECTED: Stage.CORRECTED,
    LineState.RE_INSTRUCTED: Stage.SENT_AGAIN,
}


class PayoutLines:
    """Found by the household's number; every move is one transaction: the event and the news of it, once."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    async def find(self, actor: Actor, number: str) -> LineCard | None:
        """The newest line of a number; `None` for none, and for another fund's alike (R13)."""
        require(actor, Permission.SEE_PAYOUTS)

        def read(db: sqlite3.Connection) -> LineCard | None:
            beneficiary_id = rolls.beneficiary_id_of(db, number)
            lines = payouts.lines_of(db, beneficiary_id) if beneficiary_id is not None else []
            cards = (self._card(db, actor, line) for line in lines)
            return next((card for card in cards if card and card.state is not LineState.CANCELLED), None)

        return await self._ground.db.read(read)

    async def done_by(self, actor: Actor, request_id: str) -> LineCard | None:
        """The line that a request has already moved; `None` if there was no such request."""
        require(actor, Permission.SEE_PAYOUTS)

        def read(db: sqlite3.Connection) -> LineCard | None:
            line_id = payouts.line_of_request(db, request_id)
            return None if line_id is None else self._look(db, actor, line_id)[1]

        return await self._ground.db.read(read)

    async def look(self, actor: Actor, line_id: int) -> LineCard:
        require(actor, Permission.SEE_PAYOUTS)
        return await self._ground.db.read(lambda db: self._look(db, actor, line_id)[1])

    async def consider(self, actor: Actor, line_id: int, to: LineState) -> LineCard:
        """The line, if this person could move it so now; otherwise the refusal that `record` would give."""
        require(actor, _needed(to))

        def read(db: sqlite3.Connection) -> LineCard:
            line, card = self._look(db, actor, line_id)
            self._check_move(db, actor, line, card, to)
            return card

        return await self._ground.db.read(read)

    async def record(
        self, actor: Actor, request_id: str, line_id: int, to: LineState, reason: ReturnReason | None = None
    ) -> LineCard:
        """Write down what happened and tell the payee. `Overtaken` if the line stands elsewhere, `SameHands`.

        `OwnHousehold` for a line of the speaker's own, `OwnRelease` for what came of money that they sent, `RollBehind`
        where the account of the roll is one that the household has given up.

        A correction takes the account from today's roll. `reason` goes with a return, and with nothing else.
        """
        require(actor, _needed(to))
        now, today = self._ground.now(), self._ground.today()

        def write(db: sqlite3.Connection) -> LineCard:
            line, card = self._look(db, actor, line_id)
            if payouts.line_of_request(db, request_id) == line_id:
                return card
            self._check_move(db, actor, line, card, to)
            sealed = self._account_on_roll(db, line) if to is LineState.CORRECTED else None
            event = payouts.Event(to, today, actor.staff_id, reason, sealed)
            event_id = payouts.add_line_event(db, request_id, line_id, event, now)
            people.add_audit(db, actor, f"line_{to}", now, line_id=line_id, reason=reason)
            tell_of_line(self._ground, db, line, event_id, _STAGE_TOLD[to], reason)
            return self._look(db, actor, line_id)[1]

        return await self._ground.db.write(write)

    def _look(self, db: sqlite3.Connection, actor: Actor, line_id: int) -> tuple[payouts.LineInBatch, LineCard]:
        line = payouts.find_line(db, line_id)
        card = self._card(db, actor, line) if line else None
        if line is None or card is None:
            raise NotAllowed
        return line, card

    def _card(self, db: sqlite3.Connection, actor: Actor, line: payouts.LineInBatch) -> LineCard | None:
        """The line as this person may see it; `None` if it is another fund's, or its payee is on no roll."""
        payee = rolls.find_beneficiary(db, line.beneficiary_id)
        if payee is None or not actor.may_for_whole(Permission.SEE_PAYOUTS, line.fund):
            return None
        batch = [BatchState(event.state) for event in payouts.batch_events(db, line.batch_id)]
        own = payouts.line_events(db, line.id)
        state = line_state(batch, [LineState(event.state) for event in own])
        corrected = next((event.sealed for event in reversed(own) if event.sealed), None)
        reason = next((event.reason for event in reversed(own) if event.reason), None)
        return LineCard(
            id=line.id,
            batch_id=line.batch_id,
            number=payee.number,
            fund=line.fund,
            year=line.cycle_year,
            amount=Money(line.amount_fen),
            account_tail=account_tail(self._ground.sealer, line.sealed, corrected),
            roll_tail=str(self._ground.sealer.open("beneficiary", payee.sealed)["card"])[-4:],
            state=state,
            reason=ReturnReason.read(reason) if state is LineState.RETURNED else None,
            moves=tuple(
                to
                for to, permission in _NEEDED.items()
                if to in LINE_MOVES[state] and actor.may_for_whole(permission, line.fund)
            ),
        )

    def _check_move(
        self, db: sqlite3.Connection, actor: Actor, line: payouts.LineInBatch, card: LineCard, to: LineState
    ) -> None:
        _check_move(db, actor, line, card, to)
        if to in _TO_THE_ROLLS_ACCOUNT and any(
            each.beneficiary_id == line.beneficiary_id for each in behind_roll(self._ground, db)
        ):
            raise RollBehind

    def _account_on_roll(self, db: sqlite3.Connection, line: payouts.LineInBatch) -> bytes:
        payee = rolls.find_beneficiary(db, line.beneficiary_id)
        if payee is None:
            raise NotAllowed
        fields = self._ground.sealer.open("beneficiary", payee.sealed)
        return self._ground.sealer.seal(EVENT_PLACE, {name: fields[name] for name in ("name", "bank", "card")})


def _needed(to: LineState) -> Permission:
    if to not in _NEEDED:
        raise NotAllowed
    return _NEEDED[to]


def _check_move(db: sqlite3.Connection, actor: Actor, line: payouts.LineInBatch, card: LineCard, to: LineState) -> None:
    require_for_whole(actor, _needed(to), card.fund)
    if actor.staff_id is None:
        raise NotAllowed
    if is_own_household(db, actor, line.beneficiary_id):
        raise OwnHousehold
    if to not in LINE_MOVES[card.state]:
        raise Overtaken(card.state)
    newest = payouts.line_events(db, card.id)[-1:]
    if to is LineState.RE_INSTRUCTED and newest[0].staff_id == actor.staff_id:
        raise SameHands
    if to in _WHAT_CAME_OF_IT and actor.staff_id == payouts.sender_of(db, card.id):
        raise OwnRelease

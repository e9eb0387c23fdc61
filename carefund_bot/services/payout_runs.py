"""Batches as the staff see and move them: made, checked, handed to the bank, paid; nobody does two steps in a row."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Final, TypeVar

from carefund_bot.access import Actor, Permission, require, require_for_whole
from carefund_bot.domain.funds import FUNDS
from carefund_bot.domain.money import Money
from carefund_bot.domain.payouts import (
    BATCH_MOVES,
    BatchCard,
    BatchPlan,
    BatchState,
    Count,
    LineState,
    line_state,
)
from carefund_bot.errors import NotAllowed, Overtaken, OwnRelease, SameHands, TooEarly
from carefund_bot.services.account_changes import behind_roll
from carefund_bot.services.aid import LINE_PLACE
from carefund_bot.services.ground import Ground
from carefund_bot.services.payout_news import BatchNews
from carefund_bot.store import batches, payouts, people

T = TypeVar("T")

_NEEDED: Final = {
    BatchState.PLANNED: Permission.PREPARE_PAYOUT,
    BatchState.APPROVED: Permission.CHECK_PAYOUT,
    BatchState.VOIDED: Permission.CHECK_PAYOUT,
    BatchState.INSTRUCTED: Permission.RELEASE_PAYOUT,
    BatchState.PAID: Permission.RECORD_PAYOUT_RESULT,
}
_THREE_HANDS: Final = (BatchState.PLANNED, BatchState.APPROVED, BatchState.INSTRUCTED)
_NOT_BEFORE: Final = timedelta(days=60)
"""How long before its day money may go to the bank: a line counts for the year of that day, so next year's waits."""
_LISTED: Final = 8
_PAGE: Final = 500
"""Ids a page of the roll: other readers wait a few milliseconds at most."""


class PayoutRuns:
    """Every move is one transaction: the event and the news of it, once."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    async def newest(self, actor: Actor) -> list[BatchCard]:
        """The newest batches of the funds this person looks after."""
        require(actor, Permission.SEE_PAYOUTS)
        funds = self.funds_of(actor, Permission.SEE_PAYOUTS)

        def read(db: sqlite3.Connection) -> list[BatchCard]:
            return [_card(batch, {}, ()) for batch in batches.newest_batches(db, funds, _LISTED)]

        return await self._ground.db.read(read)

    def funds_of(self, actor: Actor, permission: Permission) -> list[str]:
        """The funds in which a person has a right, as a whole."""
        require(actor, permission)
        return [fund.code for fund in FUNDS if actor.may_for_whole(permission, fund.code)]

    async def look(self, actor: Actor, batch_id: int) -> BatchCard:
        require(actor, Permission.SEE_PAYOUTS)
        return await self._ground.db.read(lambda db: _look_closely(db, actor, batch_id), long=True)

    async def done_by(self, actor: Actor, request_id: str) -> BatchCard | None:
        """The batch that a request has already made or moved; `None` if there was no such request."""
        require(actor, Permission.SEE_PAYOUTS)

        def read(db: sqlite3.Connection) -> BatchCard | None:
            batch_id = batches.batch_of_request(db, request_id)
            return None if batch_id is None else _look(db, actor, batch_id)

        return await self._ground.db.read(read)

    async def count(self, actor: Actor, plan: BatchPlan) -> Count:
        """How many payees and how much a plan would come to today; writes nothing."""
        require(actor, Permission.PREPARE_PAYOUT, fund=plan.fund)
        require_for_whole(actor, Permission.PREPARE_PAYOUT, plan.fund)
        roll = await self._roll(plan)
        held = await self._held()
        lined = await self._walk(plan, lambda payee: None if payee.has_line else payee.beneficiary_id in held)
        payees = lined.count(False)
        return Count(payees, plan.amount * payees, lined.count(None), roll, held=lined.count(True))

    async def prepare(self, actor: Actor, request_id: str, plan: BatchPlan, counted: Count) -> BatchCard:
        """Make the batch that was counted, a snapshot of each payee's name and account.

        The roll is read and sealed page by page first, so that the one transaction only inserts. `Overtaken` if the
        roll or the other batches have changed since the count, or nobody was counted.
        """
        require(actor, Permission.PREPARE_PAYOUT, fund=plan.fund)
        require_for_whole(actor, Permission.PREPARE_PAYOUT, plan.fund)
        done = await self.done_by(actor, request_id)
        if done is not None:
            return done
        news = BatchNews(self._ground, plan, BatchState.PLANNED)
        found = await self._walk(plan, partial(self._snapshot, plan, news, await self._held()))
        payees = [payee for payee in found if payee is not None]
        staff_id, now, today = _staff(actor), self._ground.now(), self._ground.today()

        def write(db: sqlite3.Connection) -> BatchCard:
            made = batches.batch_of_request(db, request_id)
            if made is not None:
                return _look(db, actor, made)
            if batches.newest_roll(db, plan.programme) != counted.roll or len(payees) != counted.payees:
                raise Overtaken("roll")
            if not payees:
                raise Overtaken("nobody")
            batch_id = batches.add_batch(db, request_id, plan, staff_id, now)
            batches.add_lines(db, batch_id, plan, payees)
            batches.add_batch_event(db, request_id, batch_id, BatchState.PLANNED, staff_id, today, now)
            people.add_audit(db, actor, "batch_planned", now, batch_id=batch_id, lines=len(payees))
            news.queue(db, batch_id, request_id)
            return _look(db, actor, batch_id)

        try:
            return await self._ground.db.write(write, bulk=True)
        except sqlite3.IntegrityError as error:
            if "live line" not in str(error):
                raise
            raise Overtaken("roll") from None  # a payee got a line in another batch meanwhile

    async def consider(self, actor: Actor, batch_id: int, to: BatchState) -> BatchCard:
        """The batch, if this person could move it so now; otherwise the refusal that `move` would give."""
        require(actor, _NEEDED[to])

        def read(db: sqlite3.Connection) -> BatchCard:
            _check_move(db, actor, batch_id, to, self._ground.today())
            return _look_closely(db, actor, batch_id)

        return await self._ground.db.read(read, long=True)

    async def move(self, actor: Actor, request_id: str, batch_id: int, to: BatchState) -> BatchCard:
        """Take a batch one step on and tell its payees. `Overtaken` if it stands elsewhere, or a `SameHands`."""
        require(actor, _NEEDED[to])
        done = await self.done_by(actor, request_id)
        if done is not None:
            return done
        news = await self._news(actor, batch_id, to)
        now, today = self._ground.now(), self._ground.today()

        def write(db: sqlite3.Connection) -> BatchCard:
            if batches.batch_of_request(db, request_id) is not None:
                return _look(db, actor, batch_id)
            _check_move(db, actor, batch_id, to, self._ground.today())
            batches.add_batch_event(db, request_id, batch_id, to, _staff(actor), today, now)
            people.add_audit(db, actor, f"batch_{to}", now, batch_id=batch_id)
            news.queue(db, batch_id, request_id)
            return _look(db, actor, batch_id)

        return await self._ground.db.write(write, bulk=True)

    async def _news(self, actor: Actor, batch_id: int, to: BatchState) -> BatchNews:
        def read(db: sqlite3.Connection) -> batches.Batch:
            _check_move(db, actor, batch_id, to, self._ground.today())
            return _find(db, actor, batch_id)

        news = BatchNews(self._ground, await self._ground.db.read(read), to)
        await news.add_all(batch_id)
        return news

    async def _roll(self, plan: BatchPlan) -> int:
        return await self._ground.db.read(lambda db: batches.newest_roll(db, plan.programme))

    async def _walk(self, plan: BatchPlan, see: Callable[[batches.OnRoll], T]) -> list[T]:
        """What `see` makes of everybody on the roll, one short read a page."""
        last = await self._ground.db.read(batches.last_beneficiary)
        seen: list[T] = []
        for after in range(0, last, _PAGE):
            seen += await self._ground.db.read(partial(_page, plan, after, see))
        return seen

    async def _held(self) -> set[int]:
        """Who is not paid into an account that was changed at the desk: the roll must carry the new one first."""
        behind = await self._ground.db.read(lambda db: behind_roll(self._ground, db))
        return {each.beneficiary_id for each in behind}

    def _snapshot(
        self, plan: BatchPlan, news: BatchNews, held: set[int], payee: batches.OnRoll
    ) -> tuple[int, bytes] | None:
        """Name, bank and card as they are now, sealed for a line; `None` for who has a line already, or is held."""
        if payee.has_line or payee.beneficiary_id in held:
            return None
        fields = self._ground.sealer.open("beneficiary", payee.sealed)
        account = {name: fields[name] for name in ("name", "bank", "card")}
        if payee.user_id is not None:
            news.add(payee.user_id, payee.beneficiary_id, payee.number, plan.amount.fen, str(fields["card"])[-4:])
        return payee.beneficiary_id, self._ground.sealer.seal(LINE_PLACE, account)


def _page(plan: BatchPlan, after: int, see: Callable[[batches.OnRoll], T], db: sqlite3.Connection) -> list[T]:
    return [see(payee) for payee in batches.page_of_roll(db, plan, after, after + _PAGE)]


def _find(db: sqlite3.Connection, actor: Actor, batch_id: int) -> batches.Batch:
    """The batch, if there is one and this person may see it: two cases nobody tells apart."""
    batch = batches.find_batch(db, batch_id)
    if batch is None:
        raise NotAllowed
    require_for_whole(actor, Permission.SEE_PAYOUTS, batch.fund)
    return batch


def _look(db: sqlite3.Connection, actor: Actor, batch_id: int) -> BatchCard:
    batch = _find(db, actor, batch_id)
    moves = tuple(
        state
        for state in BatchState
        if state in BATCH_MOVES[BatchState(batch.state)] and actor.may_for_whole(_NEEDED[state], batch.fund)
    )
    return _card(batch, batches.lines_by_own_state(db, batch_id), moves)


def _look_closely(db: sqlite3.Connection, actor: Actor, batch_id: int) -> BatchCard:
    """With what is other than last time: whoever checks or releases must see it."""
    return replace(_look(db, actor, batch_id), difference=batches.difference(db, batch_id))


def _card(batch: batches.Batch, own_states: dict[str | None, int], moves: tuple[BatchState, ...]) -> BatchCard:
    state = BatchState(batch.state)
    split: dict[LineState, int] = {}
    for own, lines in own_states.items():
        stands = line_state([state], [LineState(own)] if own else [])
        split[stands] = split.get(stands, 0) + lines
    return BatchCard(
        id=batch.id,
        fund=batch.fund,
        programme=batch.programme,
        year=batch.cycle_year,
        expected_on=batch.expected_on,
        state=state,
        lines=batch.lines,
        total=Money(batch.total_fen),
        split=split,
        moves=moves,
    )


def _check_move(db: sqlite3.Connection, actor: Actor, batch_id: int, to: BatchState, today: date) -> None:
    batch = _find(db, actor, batch_id)
    require_for_whole(actor, _NEEDED[to], batch.fund)
    if to not in BATCH_MOVES[BatchState(batch.state)]:
        raise Overtaken(batch.state)
    hands = {event.state: event.staff_id for event in payouts.batch_events(db, batch_id) if event.state in _THREE_HANDS}
    if to in _THREE_HANDS and _staff(actor) in hands.values():
        raise SameHands
    if to is BatchState.INSTRUCTED and batch.expected_on - today > _NOT_BEFORE:
        raise TooEarly(batch.expected_on - _NOT_BEFORE)
    if to is BatchState.PAID and _staff(actor) == hands[BatchState.INSTRUCTED]:
        raise OwnRelease


def _staff(actor: Actor) -> int:
    """Steps of a batch are done by named people, not by the operator's command line."""
    if actor.staff_id is None:
        raise NotAllowed
    return actor.staff_id

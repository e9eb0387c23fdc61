"""Telling households what happened to their money.

A batch's letters are sealed page by page before its transaction, which then queues them all at once with the event
they tell of; whoever let go of the chat in between, or whose line has meanwhile gone its own way, gets none.
"""

from __future__ import annotations

import sqlite3
from functools import partial
from typing import Final

from carefund_bot.domain.aid import Outlook, Stage, outlook
from carefund_bot.domain.payouts import BatchPlan, BatchState, ReturnReason
from carefund_bot.services.aid import account_tail
from carefund_bot.services.ground import Ground
from carefund_bot.services.telling import OUTBOX_PLACE, tell
from carefund_bot.store import batches, payout_letters, payouts

_STAGES: Final = {
    BatchState.PLANNED: Stage.IN_BATCH,
    BatchState.APPROVED: Stage.APPROVED,
    BatchState.INSTRUCTED: Stage.SENT_TO_BANK,
    BatchState.PAID: Stage.ARRIVED,
}
_NOT_YET_THERE: Final = (Stage.IN_BATCH, Stage.APPROVED, Stage.SENT_TO_BANK)
"""Stages in which money may be late; later ones have news of their own."""
_PAGE: Final = 500
Facts = dict[str, str | int | None]
Run = BatchPlan | batches.Batch


class BatchNews:
    """The letters of one move of one batch."""

    def __init__(self, ground: Ground, run: Run, to: BatchState) -> None:
        self._ground = ground
        self._kind = "payout_withdrawn" if to is BatchState.VOIDED else "payout_stage"
        self._shared = _run_facts(ground, run) if to is BatchState.VOIDED else _stage_facts(ground, run, _STAGES[to])
        self._letters: list[payout_letters.Letter] = []

    def add(self, user_id: int, beneficiary_id: int, number: str | None, amount_fen: int, account: str) -> None:
        """Seal one payee's letter; `account` is its last four digits."""
        facts = self._shared | _own_facts(number, amount_fen, account)
        sealed = self._ground.sealer.seal(OUTBOX_PLACE, facts)
        self._letters.append(payout_letters.Letter(user_id, beneficiary_id, sealed))

    async def add_all(self, batch_id: int) -> None:
        """A letter for each bound payee of a batch whose line goes with it."""
        last: int | None = 0
        while last is not None:
            last = await self._ground.db.read(partial(self._add_page, batch_id, last))

    def _add_page(self, batch_id: int, after: int, db: sqlite3.Connection) -> int | None:
        """The last id of the page, to go on from; `None` after the last page."""
        last = None
        for reader in payout_letters.page_of_readers(db, batch_id, after, _PAGE):
            account = account_tail(self._ground.sealer, reader.sealed, reader.corrected)
            self.add(reader.user_id, reader.beneficiary_id, reader.number, reader.amount_fen, account)
            last = reader.beneficiary_id
        return last

    def queue(self, db: sqlite3.Connection, batch_id: int, request_id: str) -> None:
        """Inside the move's own transaction."""
        payout_letters.queue_letters(db, batch_id, request_id, self._kind, self._letters, self._ground.now())
        self._ground.bell.ring()


def tell_of_line(
    ground: Ground,
    db: sqlite3.Connection,
    line: payouts.LineInBatch,
    event_id: int,
    stage: Stage,
    reason: ReturnReason | None,
) -> None:
    """What happened to one line, to its payee if bound to a chat; inside the event's own transaction."""
    batch, reader = batches.find_batch(db, line.batch_id), payout_letters.reader_of_line(db, line.id)
    if batch is None or reader is None:
        return
    account = account_tail(ground.sealer, reader.sealed, reader.corrected)
    facts = _stage_facts(ground, batch, stage) | _own_facts(reader.number, reader.amount_fen, account)
    told = facts | {"reason": reason}
    tell(ground, db, f"payout-event:{event_id}", "beneficiary", reader.beneficiary_id, "payout_stage", **told)


def _run_facts(ground: Ground, run: Run) -> Facts:
    return {"year": run.cycle_year, "phone": ground.settings.fund(run.fund).office_phone}


def _stage_facts(ground: Ground, run: Run, stage: Stage) -> Facts:
    today = ground.today()
    look = outlook(run.programme, run.cycle_year, stage, today) if stage in _NOT_YET_THERE else Outlook()
    return _run_facts(ground, run) | {
        "programme": run.programme,
        "stage": stage,
        "expected_on": run.expected_on.isoformat(),
        "on_day": today.isoformat(),
        "days_late": look.days_late,
        "reason": None,
    }


def _own_facts(number: str | None, amount_fen: int, account: str) -> Facts:
    return {"number": number, "amount_fen": amount_fen, "account": account}

"""What a household or a student may know of its own aid: where this year's money is, and the years before."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from carefund_bot.access import Actor, Permission, require
from carefund_bot.domain.aid import AidNow, Happening, PastAid, Stage, history, outlook, stage_of, track
from carefund_bot.domain.money import Money
from carefund_bot.domain.payouts import BatchState, LineState, ReturnReason
from carefund_bot.errors import NotAllowed
from carefund_bot.sealing import Sealer
from carefund_bot.services.ground import Ground
from carefund_bot.store import payouts, proxies, rolls

LINE_PLACE: Final = "payment_line"
EVENT_PLACE: Final = "payment_event"
_OVER: Final = (Stage.ARRIVED, Stage.TAKEN_BACK)


@dataclass(frozen=True, slots=True)
class _Told:
    """A line with all that happened to it."""

    line: payouts.LineInBatch
    stage: Stage
    events: list[Happening]
    account: bytes | None
    reason: str | None

    @property
    def on_day(self) -> date:
        return self.events[-1].day


@dataclass(frozen=True, slots=True)
class ProxyAid:
    """What a proxy sees of one household, until the mandate's last day."""

    until_on: date
    aid: AidNow


class Aid:
    """The household's view; nobody sees another's."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    async def mine(self, actor: Actor) -> list[AidNow]:
        """The answer for each household or student bound to this chat."""
        require(actor, Permission.SEE_OWN_AID)
        return await self._ground.db.read(lambda db: self._answers(db, actor.beneficiary_ids))

    async def of(self, actor: Actor, beneficiary_id: int) -> AidNow:
        """The answer for one of them; not there and not yours are the same refusal (R13)."""
        require(actor, Permission.SEE_OWN_AID)
        if beneficiary_id not in actor.beneficiary_ids:
            raise NotAllowed
        answers = await self._ground.db.read(lambda db: self._answers(db, (beneficiary_id,)))
        if not answers:
            raise NotAllowed
        return answers[0]

    async def as_proxy(self, actor: Actor) -> list[ProxyAid]:
        """Where others' money is, for whoever stands for them today: no sum, no account, no years before (R50)."""
        require(actor, Permission.SEE_AID_AS_PROXY)
        today = self._ground.today()

        def read(db: sqlite3.Connection) -> list[ProxyAid]:
            mandates = [proxies.find(db, change_id) for change_id in actor.proxy_ids]
            return [
                ProxyAid(each.until_on, replace(aid, amount=None, account_tail=None, reason=None, past=()))
                for each in mandates
                if each is not None and each.holds_on(today)
                for aid in self._answers(db, (each.beneficiary_id,))
            ]

        return await self._ground.db.read(read)

    def _answers(self, db: sqlite3.Connection, beneficiary_ids: tuple[int, ...]) -> list[AidNow]:
        on_roll = (rolls.find_beneficiary(db, beneficiary_id) for beneficiary_id in beneficiary_ids)
        return [self._answer(db, person) for person in on_roll if person is not None]

    def _answer(self, db: sqlite3.Connection, person: rolls.BeneficiaryOnRoll) -> AidNow:
        today = self._ground.today()
        told = [line for line in (_tell(db, line) for line in payouts.lines_of(db, person.id)) if line is not None]
        now = next((line for line in told if line.line.cycle_year == today.year or line.stage not in _OVER), None)
        past = tuple(_past(line) for line in told if line is not now)
        if now is not None:
            return self._from_line(person, now, past, today)
        stage = Stage.ON_ROLL if person.standing == "on_roll" else Stage.LEFT
        return AidNow(
            beneficiary_id=person.id,
            number_tail=person.number[-4:],
            fund=person.fund,
            programme=person.kind,
            year=today.year,
            stage=stage,
            outlook=outlook(person.kind, today.year, stage, today),
            steps=track(stage, ()),
            past=past,
            exit=person.exit,
        )

    def _from_line(self, person: rolls.BeneficiaryOnRoll, now: _Told, past: tuple[PastAid, ...], today: date) -> AidNow:
        line = now.line
        sent_on = next((event.day for event in now.events if event.state == BatchState.INSTRUCTED), None)
        return AidNow(
            beneficiary_id=person.id,
            number_tail=person.number[-4:],
            fund=line.fund,
            programme=line.programme,
            year=line.cycle_year,
            stage=now.stage,
            outlook=outlook(
                line.programme, line.cycle_year, now.stage, today, expected_on=line.expected_on, sent_on=sent_on
            ),
            steps=track(now.stage, now.events),
            on_day=now.on_day,
            amount=Money(line.amount_fen),
            account_tail=account_tail(self._ground.sealer, line.sealed, now.account),
            expected_on=line.expected_on,
            reason=ReturnReason.read(now.reason) if now.stage is Stage.RETURNED else None,
            past=past,
        )


def account_tail(sealer: Sealer, line: bytes, corrected: bytes | None) -> str:
    """The last four digits of the account as it was snapshot, or as it was last corrected."""
    fields = sealer.open(EVENT_PLACE, corrected) if corrected else sealer.open(LINE_PLACE, line)
    return str(fields["card"])[-4:]


def _tell(db: sqlite3.Connection, line: payouts.LineInBatch) -> _Told | None:
    batch = [Happening(event.state, event.on_day) for event in payouts.batch_events(db, line.batch_id)]
    own = payouts.line_events(db, line.id)
    happened = [Happening(event.state, event.on_day) for event in own]
    stage = stage_of(batch, happened)
    if stage is None:
        return None
    account = next((event.sealed for event in reversed(own) if event.state == LineState.CORRECTED), None)
    reason = next((event.reason for event in reversed(own) if event.state == LineState.RETURNED), None)
    return _Told(line, stage, history(batch, happened), account, reason)


def _past(told: _Told) -> PastAid:
    return PastAid(told.line.cycle_year, Money(told.line.amount_fen), told.stage, told.on_day)

"""The fund as a newcomer finds it: rolls from office files, this year's payout on its way, codes to link with."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final

from carefund_bot.access import OPERATOR, Actor, Right, Role
from carefund_bot.clock import SHANGHAI
from carefund_bot.domain.money import Money
from carefund_bot.domain.payouts import BatchPlan, BatchState
from carefund_bot.files.headers import RollKind
from carefund_bot.fund import Fund
from carefund_bot.services.ground import new_request_id
from sandbox import Sandbox

SAMPLES: Final = Path(__file__).parent / "samples"
MEMBER, HOUSEHOLD = "DY100000", "HU200002"
MEMBER_NAME, HOUSEHOLD_NAME, CLERK_NAME, STRANGER_NAME = "付平红", "郭明霞", "陆静", "阿牛"

Hint = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of the staff, and the code that binds their chat."""

    actor: Actor
    code: str


async def prepare(fund: Fund, sandbox: Sandbox, folder: Path) -> list[Hint]:
    """Write the fund at the first start; the hints shown above the phones, every time."""
    for name in (MEMBER_NAME, HOUSEHOLD_NAME, CLERK_NAME, STRANGER_NAME):
        sandbox.person(name)
    sandbox.telegram.profile.names.update({"": fund.settings.name_zh, "en": fund.settings.name_en})
    kept = folder / "hints.json"
    if not kept.exists():
        hints = await _write_fund(fund)
        kept.write_text(json.dumps(hints, ensure_ascii=False, indent=1), encoding="utf-8")
    hints = json.loads(kept.read_text(encoding="utf-8"))
    return [hint | {"files": [str(SAMPLES / name) for name in hint.get("files", [])]} for hint in hints]


async def _write_fund(fund: Fund) -> list[Hint]:
    hands = await _hire(fund)
    await _live_through(fund, 2011, hands, [BatchState.APPROVED, BatchState.INSTRUCTED, BatchState.PAID])
    await _live_through(fund, 2012, hands, [BatchState.APPROVED, BatchState.INSTRUCTED])
    member = await fund.codes.issue_one(OPERATOR, MEMBER)
    household = await fund.codes.issue_one(OPERATOR, HOUSEHOLD)
    return _hints(member.code, household.code, hands[BatchState.PLANNED].code)


async def _hire(fund: Fund) -> dict[BatchState, Colleague]:
    """Who takes a batch to each of its states: three people, as it must be."""
    clerk = await _colleague(fund, CLERK_NAME, Role.MAKER, Role.NOTICE_EDITOR, Role.ADMINISTRATOR)
    checker = await _colleague(fund, "周远", Role.CHECKER)
    releaser = await _colleague(fund, "顾青", Role.RELEASER)
    return {
        BatchState.PLANNED: clerk,
        BatchState.APPROVED: checker,
        BatchState.INSTRUCTED: releaser,
        BatchState.PAID: clerk,
    }


async def _colleague(fund: Fund, name: str, *roles: Role) -> Colleague:
    rights = tuple(Right(role) for role in roles)
    added = await fund.staffing.add(OPERATOR, name, rights)
    return Colleague(Actor(staff_id=added.id, staff_rights=rights), added.code)


async def _live_through(fund: Fund, year: int, hands: dict[BatchState, Colleague], states: list[BatchState]) -> None:
    """A year as the offices live it: the rolls in May, the payout in June."""
    for kind in (RollKind.MEMBERS, RollKind.HOUSEHOLDS, RollKind.STUDENTS):
        await _take_over(_on(fund, date(year, 5, 20)), kind)
    plan = BatchPlan("city", "household", Money.yuan(1300 if year == 2011 else 1350), date(year, 6, 25))
    then = _on(fund, date(year, 6, 4))
    maker = hands[BatchState.PLANNED].actor
    batch = await then.payout_runs.prepare(maker, new_request_id(), plan, await then.payout_runs.count(maker, plan))
    for step, state in enumerate(states):
        then = _on(fund, date(year, 6, 8 + 4 * step))
        await then.payout_runs.move(hands[state].actor, new_request_id(), batch.id, state)


def _on(fund: Fund, day: date) -> Fund:
    """The same fund on an earlier day, at ten in the morning."""
    instant = datetime.combine(day, time(10), SHANGHAI).timestamp()
    return Fund(replace(fund.ground, clock=lambda: instant))


async def _take_over(fund: Fund, kind: RollKind) -> None:
    path = SAMPLES / "clean" / f"{kind}.csv"
    preview = await fund.rolls.stage(OPERATOR, path, path.name, kind)
    if preview.import_id is not None:
        await fund.rolls.apply(OPERATOR, preview.import_id)


def _hints(member_code: str, household_code: str, clerk_code: str) -> list[Hint]:
    """What each phone suggests, in the page's two languages: a link to open, words to say, files to send."""
    return [
        {
            "person": MEMBER_NAME,
            "title": "党员",
            "title_en": "Member",
            "text": "扫码绑定，再认捐",
            "text_en": "Link, then pledge",
            "start": member_code,
            "say": "我要认捐",
            "say_en": "Make a pledge",
        },
        {
            "person": HOUSEHOLD_NAME,
            "title": "受助家庭",
            "title_en": "Household",
            "text": "扫码绑定，再问一句",
            "text_en": "Link, then ask",
            "start": household_code,
            "say": "钱呢",
            "say_en": "where is my money",
        },
        {
            "person": CLERK_NAME,
            "title": "经办人",
            "title_en": "Clerk",
            "text": "扫码绑定，发名册",
            "text_en": "Link, send a roll",
            "start": clerk_code,
            "files": ["messy/students.csv", "messy/households.csv", "clean/branch_remittance.csv"],
        },
        {
            "person": STRANGER_NAME,
            "title": "陌生人",
            "title_en": "Stranger",
            "text": "猜一个码",
            "text_en": "Guess a code",
            "say": "ABCDE-23456",
        },
    ]

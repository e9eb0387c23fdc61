"""Staff write down money that has come: a gift at a time or a branch's list, all of it or nothing (R22-R24)."""

from __future__ import annotations

import asyncio
import hashlib
import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from carefund_bot.access import Actor, Permission, Role, require
from carefund_bot.clock import shanghai_day
from carefund_bot.domain.funds import FUND_BY_NAME
from carefund_bot.domain.money import Money
from carefund_bot.domain.people import clean_name
from carefund_bot.domain.pledges import total
from carefund_bot.domain.remittances import (
    DUES_WORD,
    CheckedList,
    Entry,
    FundTotal,
    Problem,
    ProblemKind,
    channel_named,
    totals_by_fund,
)
from carefund_bot.domain.typed_days import FIRST_DAY
from carefund_bot.errors import NotAllowed, Overtaken, TotalDiffers
from carefund_bot.files.faults import RowFault
from carefund_bot.files.headers import RollKind
from carefund_bot.files.rolls import read_roll
from carefund_bot.files.rows import RemittanceRow
from carefund_bot.services.givers import Giver, giver_of, member_in_hands, name_of, require_in_hands
from carefund_bot.services.ground import Ground
from carefund_bot.services.telling import tell
from carefund_bot.store import contributions, people, rolls
from carefund_bot.store.contributions import Remittance

LONGEST_LIST = 3_000
"""Rows; a list is recorded in one transaction, and others wait for it meanwhile (about a third of a second)."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was written down under one confirmation. `contribution_id` if it was a single gift."""

    count: int
    sum: Money
    by_fund: tuple[FundTotal, ...]
    recorded_on: date
    contribution_id: int | None


@dataclass(frozen=True, slots=True)
class ListLook:
    """What a list holds, before anything is written.

    `checked` is None if anything stands against it: `faults` of reading, `problems` with the roll, a file recorded
    before (`recorded_on`), or more rows than `LONGEST_LIST`. `likely_twice` are rows to look at, no obstacle.
    """

    checked: CheckedList | None
    row_count: int
    faults: tuple[RowFault, ...] = ()
    problems: tuple[Problem, ...] = ()
    likely_twice: tuple[int, ...] = ()
    recorded_on: date | None = None


class Recording:
    """Open to makers and branch collectors, inside their fund, area and branch."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    async def find_giver(self, actor: Actor, number: str) -> Giver | None:
        """The member of a number; None for one on no roll and for one in other hands alike."""
        require(actor, Permission.RECORD_MONEY)
        member = await self._ground.db.read(lambda db: member_in_hands(db, actor, number))
        return giver_of(self._ground.sealer, member) if member else None

    async def has_twin(self, actor: Actor, entry: Entry) -> bool:
        """Whether the same member's same sum of that day is recorded already: perhaps the same money."""
        require(actor, Permission.RECORD_MONEY)

        def read(db: sqlite3.Connection) -> bool:
            require_in_hands(db, actor, entry.member_id)
            return contributions.has_twin(db, entry)

        return await self._ground.db.read(read)

    async def record(self, actor: Actor, request_id: str, entry: Entry) -> Recorded:
        """Write one gift down, once per `request_id`, and tell the member."""
        require(actor, Permission.RECORD_MONEY)
        return await self._ground.db.write(lambda db: self._record(db, actor, request_id, (entry,), None))

    async def recorded(self, actor: Actor, request_id: str) -> Recorded | None:
        """What this confirmation of the same clerk already wrote down."""
        require(actor, Permission.RECORD_MONEY)
        found = await self._ground.db.read(lambda db: contributions.remittance_of(db, request_id))
        return _recorded(actor, found) if found else None

    async def look_at_list(self, actor: Actor, path: Path, file_name: str) -> ListLook:
        """Read a branch's list and hold it against the roll; writes nothing. FileRefused if it is no such list."""
        require(actor, Permission.RECORD_MONEY)
        digest, rows, faults = await asyncio.to_thread(_read_list, path, self._ground.today())

        def read(db: sqlite3.Connection) -> ListLook:
            before = contributions.remittance_with(db, digest)
            if before is not None:
                return ListLook(None, len(rows), recorded_on=shanghai_day(before.recorded_at))
            entries, problems = self._held_against_roll(db, actor, rows)
            is_sound = not faults and not problems and 0 < len(rows) <= LONGEST_LIST
            return ListLook(
                checked=CheckedList(digest, file_name, entries) if is_sound else None,
                row_count=len(rows) + len({fault.row for fault in faults}),
                faults=faults,
                problems=problems,
                likely_twice=_likely_twice(db, entries),
            )

        return await self._ground.db.read(read)

    async def record_list(self, actor: Actor, request_id: str, checked: CheckedList, announced: Money) -> Recorded:
        """Write a whole list down, once per `request_id` and per file; TotalDiffers leaves it open (R23).

        Overtaken if the same file was recorded meanwhile, or the roll has changed since it was looked at.
        """
        require(actor, Permission.RECORD_MONEY)
        if announced != checked.sum:
            raise TotalDiffers(announced.fen, checked.sum.fen)
        return await self._ground.db.write(
            lambda db: self._record(db, actor, request_id, checked.entries, checked), bulk=True
        )

    def _record(
        self,
        db: sqlite3.Connection,
        actor: Actor,
        request_id: str,
        entries: Sequence[Entry],
        checked: CheckedList | None,
    ) -> Recorded:
        before = contributions.remittance_of(db, request_id)
        if before is not None:
            return _recorded(actor, before)
        if checked is not None and contributions.remittance_with(db, checked.digest):
            raise Overtaken("recorded")
        now, funds = self._ground.now(), {entry.fund for entry in entries}
        remittance_id = contributions.add_remittance(
            db, request_id, funds.pop() if len(funds) == 1 else None, checked, actor.staff_id, now
        )
        origin = checked.digest.hex() if checked else f"hand:{request_id}"
        for entry in entries:
            member = require_in_hands(db, actor, entry.member_id)
            if member.fund != entry.fund:
                raise Overtaken("moved")
            reference = origin if entry.row is None else f"{origin}:{entry.row}"
            contribution_id = contributions.add(db, reference, remittance_id, entry, _collector(actor, member), now)
            self._tell_giver(db, contribution_id, entry)
        people.add_audit(db, actor, "money_recorded", now, remittance=remittance_id, count=len(entries))
        written = contributions.remittance_of(db, request_id)
        if written is None:
            raise AssertionError("a remittance just written is there")
        return _recorded(actor, written)

    def _tell_giver(self, db: sqlite3.Connection, contribution_id: int, entry: Entry) -> None:
        tell(
            self._ground,
            db,
            f"contribution:{contribution_id}",
            "member",
            entry.member_id,
            "contribution_recorded",
            amount_fen=entry.amount.fen,
            received_on=entry.received_on.isoformat(),
            fund=entry.fund,
        )

    def _held_against_roll(
        self, db: sqlite3.Connection, actor: Actor, rows: Sequence[RemittanceRow]
    ) -> tuple[tuple[Entry, ...], tuple[Problem, ...]]:
        """Entries for the rows that fit the roll, and what is wrong with the others."""
        entries, problems = [], []
        for row in rows:
            member = member_in_hands(db, actor, row.number)
            fund = FUND_BY_NAME[row.fund].code
            if member is None:
                problems.append(Problem(row.row, ProblemKind.UNKNOWN_NUMBER))
                continue
            if name_of(self._ground.sealer, member) != clean_name(row.name):
                problems.append(Problem(row.row, ProblemKind.NAME_DIFFERS))
            if member.fund != fund:
                problems.append(Problem(row.row, ProblemKind.FUND_DIFFERS))
            if row.given_on < FIRST_DAY:
                problems.append(Problem(row.row, ProblemKind.BEFORE_FIRST_DAY))
            if DUES_WORD in row.channel:
                problems.append(Problem(row.row, ProblemKind.PARTY_DUES))
            entries.append(Entry(member.id, fund, row.amount, row.given_on, channel_named(row.channel), row.row))
        return tuple(entries), tuple(problems)


def _read_list(path: Path, today: date) -> tuple[bytes, list[RemittanceRow], tuple[RowFault, ...]]:
    """Digest of the file, the rows that read well, the faults of the others; reading ends where a list is too long."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").digest()
    rows: list[RemittanceRow] = []
    faults: list[RowFault] = []
    seen: set[int] = set()
    for row in read_roll(path, RollKind.REMITTANCE, today=today):
        if isinstance(row, RemittanceRow):
            rows.append(row)
        elif isinstance(row, RowFault):
            faults.append(row)
        seen.add(row.row)
        if len(seen) > LONGEST_LIST:
            break
    return digest, rows, tuple(faults)


def _collector(actor: Actor, member: rolls.MemberOnRoll) -> int | None:
    """The clerk, where it is as the branch's collector that they hand the money in."""
    collects = any(
        right.role is Role.COLLECTOR and right.covers(member.fund, member.area, member.branch_id)
        for right in actor.staff_rights
    )
    return actor.staff_id if collects else None


def _likely_twice(db: sqlite3.Connection, entries: Sequence[Entry]) -> tuple[int, ...]:
    """Rows whose member, day and sum stand on the list twice, or are recorded already."""

    def same(entry: Entry) -> tuple[int, date, Money]:
        return entry.member_id, entry.received_on, entry.amount

    counts = Counter(map(same, entries))
    return tuple(
        entry.row
        for entry in entries
        if entry.row is not None and (counts[same(entry)] > 1 or contributions.has_twin(db, entry))
    )


def _recorded(actor: Actor, found: Remittance) -> Recorded:
    """As its own clerk may see it again."""
    if found.staff_id != actor.staff_id:
        raise NotAllowed
    by_fund = totals_by_fund(found.amounts)
    return Recorded(
        count=len(found.amounts),
        sum=total(amount for _, amount in found.amounts),
        by_fund=by_fund,
        recorded_on=shanghai_day(found.recorded_at),
        contribution_id=found.contribution_ids[0] if found.file_name is None else None,
    )

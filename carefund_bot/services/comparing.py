"""One file against the roll: what would change, what speaks against it, and the changed rows staged."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
import time
from collections import Counter, defaultdict
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing, suppress
from functools import cache, partial
from pathlib import Path
from typing import Final, TypeVar

from carefund_bot.access import NO_BRANCH, Actor, Permission
from carefund_bot.domain.funds import FUND_BY_CODE
from carefund_bot.domain.people import mask_tail
from carefund_bot.domain.rolls import Change, Counts
from carefund_bot.files.faults import Reason, RowFault
from carefund_bot.files.headers import RollKind
from carefund_bot.services.entries import Batch, Entry, read_batches
from carefund_bot.services.ground import Ground
from carefund_bot.store import roll_imports
from carefund_bot.store.beneficiary_versions import BeneficiaryVersions, Holder
from carefund_bot.store.member_versions import MemberVersions
from carefund_bot.store.roll_imports import RollImport
from carefund_bot.store.versions import Known, Standing, Versions

T = TypeVar("T")
Progress = Callable[[int], None]
"""Told how many rows are done."""

PERMISSION_FOR: Final = {
    RollKind.MEMBERS: Permission.IMPORT_MEMBERS,
    RollKind.HOUSEHOLDS: Permission.IMPORT_BENEFICIARIES,
    RollKind.STUDENTS: Permission.IMPORT_BENEFICIARIES,
}
SUBJECT_KIND: Final = {RollKind.MEMBERS: "member", RollKind.HOUSEHOLDS: "household", RollKind.STUDENTS: "student"}
FAULTS_KEPT: Final = 5_000
_IDS_A_PAGE: Final = 1_000
_USUAL_TURN_S: Final = sys.getswitchinterval()
_TURN_S: Final = 0.0005
"""How long the preparing thread may keep Python from the others, who hold the database meanwhile."""


def versions_of(kind: RollKind) -> Versions:
    """The store's side of one import."""
    return MemberVersions() if kind is RollKind.MEMBERS else BeneficiaryVersions(SUBJECT_KIND[kind])


class Pace:
    """How many rows a commit may hold: as many as others will wait for without noticing, if there are any."""

    alone_s, in_company_s = 0.015, 0.005
    fewest, most = 50, 1_600

    def __init__(self) -> None:
        self.rows = 100

    def note(self, took_s: float, *, in_company: bool) -> None:
        """Steps are doublings, so that SQLite's prepared statements are met again."""
        budget_s = self.in_company_s if in_company else self.alone_s
        if took_s > budget_s:
            self.rows = max(self.rows // 2, self.fewest)
        elif took_s < budget_s / 2:
            self.rows = min(self.rows * 2, self.most)


class Comparison:
    """Reads a file once. With `staged` the differences are written under that import; without it nothing is."""

    def __init__(
        self, ground: Ground, actor: Actor, kind: RollKind, staged: RollImport | None, progress: Progress | None
    ) -> None:
        self._ground = ground
        self._kind = kind
        self._versions = versions_of(kind)
        self._staged = staged
        self._progress = progress
        self._pace = Pace()
        self._may_touch = _scope(actor, PERMISSION_FOR[kind])
        self._based_on = 0
        self._is_anybody_known = False
        self._seen = bytearray()
        self._held: list[tuple[Entry, Reason, Holder]] = []
        self._tallies: defaultdict[str, Counter[Change]] = defaultdict(Counter)
        self.rows = 0
        self.refused = 0
        self.faults: list[RowFault] = []
        self.legacy_rows: list[int] = []

    @property
    def by_fund(self) -> dict[str, Counts]:
        return {
            fund: Counts(tally[Change.NEW], tally[Change.CHANGED], tally[Change.UNCHANGED], tally[Change.LEAVING])
            for fund, tally in sorted(self._tallies.items())
        }

    async def run(self, path: Path) -> None:
        """Compare the whole file."""
        self._based_on, last_id = await self._ground.db.read(self._look_at_roll)
        self._is_anybody_known = last_id > 0
        self._seen = bytearray(last_id + 1)
        batches = read_batches(path, self._kind, self._ground.sealer, today=self._ground.today())
        async with aclosing(_read_ahead(batches)) as ahead:
            async for batch in ahead:
                await self._take(batch)
        self._judge_holders()
        self.faults.sort(key=lambda fault: fault.row)
        if not self.refused:
            await self._find_leaving()

    def _look_at_roll(self, db: sqlite3.Connection) -> tuple[int, int]:
        return roll_imports.newest_applied(db, self._kind), self._versions.last_id(db)

    async def _take(self, batch: Batch) -> None:
        for faults in batch.faults:
            self._refuse(*faults)
        self.rows += len(batch.faults)
        start = 0
        while piece := batch.entries[start : start + self._pace.rows]:
            start += len(piece)
            own = self._own(piece)
            self.legacy_rows.extend(entry.row for entry in own if entry.legacy_identity)
            if own:
                await self._stage(await self._differing(own))
            self.rows += len(piece)
            if self._progress:
                self._progress(self.rows)

    def _own(self, entries: list[Entry]) -> list[Entry]:
        """The entries inside the speaker's scope; the others are refused."""
        foreign = {place for place in {(entry.fund, entry.area) for entry in entries} if not self._may_touch(*place)}
        if not foreign:
            return entries
        own = []
        for entry in entries:
            if (entry.fund, entry.area) in foreign:
                self._refuse(RowFault(entry.row, "基金", Reason.NOT_YOUR_FUND, FUND_BY_CODE[entry.fund].zh))
            else:
                own.append(entry)
        return own

    def _refuse(self, *faults: RowFault) -> None:
        """One row's faults."""
        self.refused += 1
        if len(self.faults) < FAULTS_KEPT:
            self.faults.extend(faults)

    async def _differing(self, piece: list[Entry]) -> list[Entry]:
        """The entries that are new or changed; all are counted, and whom they clash with is noted."""
        if not self._is_anybody_known:
            for fund, count in Counter(entry.fund for entry in piece).items():
                self._tallies[fund][Change.NEW] += count
            return piece
        known, held = await self._ground.db.read(lambda db: self._ask(db, piece))
        self._held.extend(held)
        differing = []
        for entry in piece:
            change = self._change(entry, known.get(entry.number))
            if change is None:
                continue
            self._tallies[entry.fund][change] += 1
            if change is not Change.UNCHANGED:
                differing.append(entry)
        return differing

    def _ask(
        self, db: sqlite3.Connection, piece: list[Entry]
    ) -> tuple[dict[str, Known], list[tuple[Entry, Reason, Holder]]]:
        known = self._versions.known(db, [entry.number for entry in piece])
        if not isinstance(self._versions, BeneficiaryVersions):
            return known, []
        by_number = {entry.number: entry for entry in piece}
        identities = self._versions.holders_of_identity(db, [(entry.number, entry.identity_print) for entry in piece])
        cards = self._versions.holders_of_card(db, [(entry.number, entry.card_print) for entry in piece])
        return known, [
            *((by_number[holder.asked_number], Reason.IDENTITY_ON_ROLL, holder) for holder in identities),
            *((by_number[holder.asked_number], Reason.CARD_ON_ROLL, holder) for holder in cards),
        ]

    def _change(self, entry: Entry, known: Known | None) -> Change | None:
        if known is None:
            return Change.NEW
        if known.kind != SUBJECT_KIND[self._kind]:
            self._refuse(RowFault(entry.row, "编号", Reason.NUMBER_ON_OTHER_ROLL))
            return None
        if known.id < len(self._seen):
            self._seen[known.id] = True
        if not known.on_roll:
            return Change.NEW
        if not self._may_touch(known.fund or "", known.area or ""):
            self._refuse(RowFault(entry.row, "编号", Reason.NUMBER_IN_OTHER_HANDS))
            return None
        return Change.UNCHANGED if known.content_print == entry.content_print else Change.CHANGED

    async def _stage(self, entries: list[Entry]) -> None:
        if not entries or self._staged is None or self.refused:
            return
        rows = [entry.values for entry in entries]
        await self._write(partial(self._versions.add, import_id=self._staged.id, rows=rows))

    async def _write(self, work: Callable[[sqlite3.Connection], None]) -> None:
        """One commit of the import, and what it teaches about the size of the next."""

        def timed(db: sqlite3.Connection) -> float:
            started = time.perf_counter()
            work(db)
            return started

        started = await self._ground.db.write(timed, bulk=True)
        self._pace.note(time.perf_counter() - started, in_company=self._ground.db.has_company)

    def _judge_holders(self) -> None:
        """Whoever holds the same identity number or account is a clash unless this very file changes them (R32)."""
        clashes: defaultdict[int, list[RowFault]] = defaultdict(list)
        for entry, reason, holder in self._held:
            if holder.id >= len(self._seen) or not self._seen[holder.id]:
                column = "身份证号" if reason is Reason.IDENTITY_ON_ROLL else "银行卡号"
                clashes[entry.row].append(RowFault(entry.row, column, reason, mask_tail(holder.number)))
        for faults in clashes.values():
            self._refuse(*faults)

    async def _find_leaving(self) -> None:
        """Whoever stands on the roll in a fund of this file, inside the speaker's scope, and is not in the file."""
        for after in range(0, len(self._seen) if self._based_on else 0, _IDS_A_PAGE):
            page = await self._ground.db.read(
                partial(self._versions.on_roll, after_id=after, until_id=after + _IDS_A_PAGE)
            )
            leaving = [each for each in page if self._is_missing(each)]
            for each in leaving:
                self._tallies[each.fund][Change.LEAVING] += 1
            await self._stage_leaving(leaving)

    async def _stage_leaving(self, leaving: list[Standing]) -> None:
        start = 0
        while self._staged is not None and (piece := leaving[start : start + self._pace.rows]):
            start += len(piece)
            await self._write(partial(self._versions.add_leaving, import_id=self._staged.id, leaving=piece))

    def _is_missing(self, each: Standing) -> bool:
        in_file = each.id < len(self._seen) and self._seen[each.id]
        return not in_file and each.fund in self._tallies and self._may_touch(each.fund, each.area)


def _scope(actor: Actor, permission: Permission) -> Callable[[str, str], bool]:
    @cache
    def may_touch(fund: str, area: str) -> bool:
        return actor.may(permission, fund=fund, area=area, branch_id=NO_BRANCH)

    return may_touch


async def _read_ahead(batches: Iterator[T]) -> AsyncGenerator[T, None]:
    """Each batch, while a thread already prepares the next."""
    coming = asyncio.ensure_future(asyncio.to_thread(next, batches, None))
    sys.setswitchinterval(_TURN_S)
    try:
        while (batch := await coming) is not None:
            coming = asyncio.ensure_future(asyncio.to_thread(next, batches, None))
            yield batch
    finally:
        sys.setswitchinterval(_USUAL_TURN_S)
        with suppress(Exception):
            await coming

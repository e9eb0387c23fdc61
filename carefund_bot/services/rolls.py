"""Rolls: a file is compared and staged, shown as a preview, then becomes the roll by one small act or is dropped."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from carefund_bot.access import NO_BRANCH, Actor, require
from carefund_bot.domain.rolls import Counts, total
from carefund_bot.errors import NotAllowed, Overtaken
from carefund_bot.files.faults import RowFault
from carefund_bot.files.headers import RollKind
from carefund_bot.services.account_changes import Behind, behind_roll
from carefund_bot.services.comparing import PERMISSION_FOR, SUBJECT_KIND, Comparison, Progress, versions_of
from carefund_bot.services.entries import digest_of
from carefund_bot.services.ground import Ground
from carefund_bot.store import people, roll_imports
from carefund_bot.store.roll_imports import RollImport

_ROWS_DROPPED: Final = 200
_STAGING_GIVEN_UP_S: Final = 15 * 60
_STAGED_GIVEN_UP_S: Final = 24 * 3600


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file would do. `import_id` is None where there is nothing to confirm: a dry run, faults, no change.

    `faults` are the first `FAULTS_KEPT`; `refused` counts rows. `legacy_rows` held 15-digit identity numbers.
    """

    import_id: int | None
    kind: RollKind
    rows: int
    by_fund: dict[str, Counts]
    refused: int
    faults: tuple[RowFault, ...]
    legacy_rows: tuple[int, ...]

    @property
    def counts(self) -> Counts:
        return total(self.by_fund)


class Rolls:
    """All or nothing: one refused row and the roll stays as it is (B1). Clerks touch their own funds only (H5)."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._being_staged: set[int] = set()

    async def check(self, actor: Actor, path: Path, kind: RollKind, *, progress: Progress | None = None) -> Preview:
        """Compare a file with the roll and write nothing at all; `FileRefused` if it is no such roll."""
        require(actor, PERMISSION_FOR[kind])
        comparison = Comparison(self._ground, actor, kind, None, progress)
        await comparison.run(path)
        return _preview(comparison, kind, None)

    async def stage(
        self, actor: Actor, path: Path, file_name: str, kind: RollKind, *, progress: Progress | None = None
    ) -> Preview:
        """Compare a file with the roll and stage the differences, invisible until `apply`."""
        require(actor, PERMISSION_FOR[kind])
        await self._discard_abandoned(actor, kind)
        digest = await asyncio.to_thread(digest_of, path)
        now = self._ground.now()
        begun = await self._ground.db.write(
            lambda db: roll_imports.begin(db, kind, file_name, digest, actor.staff_id, now)
        )
        self._being_staged.add(begun.id)
        comparison = Comparison(self._ground, actor, kind, begun, progress)
        try:
            await comparison.run(path)
            return await self._conclude(comparison, begun)
        except Exception:
            await self._drop(begun, "refused")
            raise
        finally:
            self._being_staged.discard(begun.id)

    async def _conclude(self, comparison: Comparison, begun: RollImport) -> Preview:
        kind, by_fund = RollKind(begun.kind), comparison.by_fund
        if comparison.refused or total(by_fund).changes_nothing:
            await self._drop(begun, "refused" if comparison.refused else "cancelled", by_fund)
            return _preview(comparison, kind, None)
        if not await self._turn(begun.id, "staging", "staged", by_fund):
            raise Overtaken("cancelled")
        return _preview(comparison, kind, begun.id)

    async def apply(self, actor: Actor, import_id: int, *, keep_missing: bool = False) -> RollImport:
        """Make a staged import the roll. Asked again, or after the fact, it answers with what was done.

        `keep_missing` leaves those on the roll whom the file does not name. `Overtaken` if the roll has changed since
        the preview, or the import was cancelled.
        """
        _require_any(actor)
        found = await self.look_at(actor, import_id)
        if found.state == "applied":
            return found
        if found.state != "staged":
            raise Overtaken(found.state)
        for fund in found.by_fund:  # a right may have ended since the preview
            require(actor, PERMISSION_FOR[RollKind(found.kind)], fund=fund, branch_id=NO_BRANCH)
        versions, by_fund = versions_of(RollKind(found.kind)), found.by_fund
        if keep_missing:
            by_fund = {fund: replace(counts, leaving=0) for fund, counts in by_fund.items()}
            await self._in_small_steps(lambda db: versions.drop_leaving(db, found.id, _ROWS_DROPPED))
        now = self._ground.now()

        def write(db: sqlite3.Connection) -> RollImport:
            is_whole = versions.count_leaving(db, found.id) == total(by_fund).leaving
            if not is_whole or not roll_imports.apply(db, found.id, by_fund, now):
                raise Overtaken("changed")
            people.add_audit(db, actor, "roll_applied", now, subject="roll_import", subject_id=found.id)
            return replace(found, state="applied", by_fund=by_fund)

        try:
            return await self._ground.db.write(write)
        except Overtaken:
            newest = await self.look_at(actor, import_id)
            if newest.state == "applied":
                return newest
            await self._drop(newest, "cancelled")
            raise

    async def behind_changes(self, actor: Actor, kind: RollKind, import_id: int | None) -> list[Behind]:
        """Whom the roll, with a staged import or as it is, carries with an account that has been changed since."""
        require(actor, PERMISSION_FOR[kind])
        if kind is RollKind.MEMBERS:
            return []
        if import_id is not None:
            await self.look_at(actor, import_id)
        found = await self._ground.db.read(lambda db: behind_roll(self._ground, db, import_id))
        return [
            each
            for each in found
            if each.kind == SUBJECT_KIND[kind]
            and actor.may(PERMISSION_FOR[kind], fund=each.fund, area=each.area, branch_id=NO_BRANCH)
        ]

    async def cancel(self, actor: Actor, import_id: int) -> RollImport:
        """Drop a staged import; one that already is the roll stays, and the answer says so."""
        _require_any(actor)
        found = await self.look_at(actor, import_id)
        if found.state == "staged":
            await self._drop(found, "cancelled")
        return await self.look_at(actor, import_id)

    async def look_at(self, actor: Actor, import_id: int) -> RollImport:
        """What became of an import of the speaker's own; another's is as one that never was."""
        _require_any(actor)
        found = await self._ground.db.read(lambda db: roll_imports.find(db, import_id))
        if found is None or found.staff_id != actor.staff_id:
            raise NotAllowed
        require(actor, PERMISSION_FOR[RollKind(found.kind)])
        return found

    async def _discard_abandoned(self, actor: Actor, kind: RollKind) -> None:
        """Drop what a crash or a clerk left behind: the speaker's own at once, others' when they are surely given up.

        An import that another process is still staging finds out at its end, and takes its rows back too.
        """
        now = self._ground.now()
        for found, started_at in await self._ground.db.read(roll_imports.unfinished):
            patience_s = _STAGING_GIVEN_UP_S if found.state == "staging" else _STAGED_GIVEN_UP_S
            is_own = found.staff_id == actor.staff_id and found.kind == kind
            if found.id not in self._being_staged and (is_own or started_at < now - patience_s):
                await self._drop(found, "cancelled")

    async def _drop(self, dropped: RollImport, state: str, by_fund: dict[str, Counts] | None = None) -> None:
        """End an import without a trace on the roll: it can be confirmed no more, then its versions go bit by bit."""
        await self._turn(dropped.id, "staged", "staging", dropped.by_fund)
        versions = versions_of(RollKind(dropped.kind))
        await self._in_small_steps(lambda db: versions.drop(db, dropped.id, _ROWS_DROPPED))
        await self._turn(dropped.id, "staging", state, by_fund or dropped.by_fund)

    async def _turn(self, import_id: int, before: str, after: str, by_fund: dict[str, Counts]) -> bool:
        return await self._ground.db.write(lambda db: roll_imports.turn(db, import_id, before, after, by_fund))

    async def _in_small_steps(self, step: Callable[[sqlite3.Connection], int]) -> None:
        while await self._ground.db.write(step, bulk=True):
            pass


def _require_any(actor: Actor) -> None:
    """Before it is known which roll is meant."""
    if not any(actor.may(permission) for permission in PERMISSION_FOR.values()):
        raise NotAllowed


def _preview(comparison: Comparison, kind: RollKind, import_id: int | None) -> Preview:
    return Preview(
        import_id=import_id,
        kind=kind,
        rows=comparison.rows,
        by_fund=comparison.by_fund,
        refused=comparison.refused,
        faults=tuple(comparison.faults),
        legacy_rows=tuple(comparison.legacy_rows),
    )

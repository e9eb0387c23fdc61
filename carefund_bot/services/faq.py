"""The fund's own answers: read by everybody, written by one and approved by another."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from html import escape
from typing import Final

from carefund_bot.access import Actor, Permission, Right, require
from carefund_bot.domain.faq import NEAR_ENOUGH, FaqEntry, FaqRole, NewEntry, Topic, closeness
from carefund_bot.domain.outgoing import Fault
from carefund_bot.errors import BadAnswer, NotAllowed, Overtaken, SameHands
from carefund_bot.files.faq import SentEntry
from carefund_bot.services.ground import Ground
from carefund_bot.services.guard import faults_of
from carefund_bot.store import faq, rolls

FOUND_AT_MOST: Final = 3


class Faq:
    """Reading is open to everybody; keeping is for notice editors, each inside the scope of the right."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    async def entries(self, actor: Actor, topic: Topic | None = None) -> list[FaqEntry]:
        """What concerns this reader: by roles and fund; for a stranger everything."""
        return await self._ground.db.read(
            lambda db: [entry for entry in self._for(db, actor) if topic in (None, entry.written.topic)]
        )

    async def entry(self, actor: Actor, entry_id: int) -> FaqEntry | None:
        """One entry as it holds today; `None` if it no longer does."""
        return await self._ground.db.read(
            lambda db: next((entry for entry in self._for(db, actor) if entry.entry_id == entry_id), None)
        )

    async def best_for(self, actor: Actor, intent: str, words: str) -> FaqEntry | None:
        """The answer to an intent for this reader: the nearest to the words, then the own fund's, the own role's."""

        def read(db: sqlite3.Connection) -> FaqEntry | None:
            fitting = [entry for entry in self._for(db, actor) if intent in entry.written.intents]
            fitting.sort(
                key=lambda entry: (
                    -closeness(words, entry.written),
                    entry.written.fund is None,
                    entry.written.role is None,
                )
            )
            return next(iter(fitting), None)

        return await self._ground.db.read(read)

    async def search(self, actor: Actor, words: str) -> list[FaqEntry]:
        """The nearest few to what somebody wrote, nearest first; none if nothing is near."""

        def read(db: sqlite3.Connection) -> list[FaqEntry]:
            ranked = sorted(
                ((closeness(words, entry.written), entry) for entry in self._for(db, actor)),
                key=lambda pair: -pair[0],
            )
            return [entry for near, entry in ranked[:FOUND_AT_MOST] if near >= NEAR_ENOUGH]

        return await self._ground.db.read(read)

    def _for(self, db: sqlite3.Connection, actor: Actor) -> list[FaqEntry]:
        roles, fund = _reader(db, actor)
        return [entry for entry in faq.in_force(db, self._ground.today()) if entry.written.is_for(roles, fund)]

    async def own_fund(self, actor: Actor) -> str | None:
        """The fund an editor writes for; `None` is all six."""
        require(actor, Permission.KEEP_FAQ)
        return _scope_of(actor)

    async def check(self, actor: Actor, text: str) -> tuple[Fault, ...]:
        """What must not stand in an entry (plain text)."""
        require(actor, Permission.KEEP_FAQ)
        return self._faults(text)

    def _faults(self, *texts: str) -> tuple[Fault, ...]:
        return faults_of(self._ground.settings, *(escape(text, quote=False) for text in texts))

    async def write(self, actor: Actor, request_id: str, written: NewEntry, entry_id: int | None = None) -> FaqEntry:
        """A new entry, or a new version of one; shown once somebody else has approved it."""
        require(actor, Permission.KEEP_FAQ)
        if not _may_keep(actor, written.fund):
            raise NotAllowed
        texts = _texts_of(written)
        if not all(texts) or self._faults(*texts):
            raise BadAnswer("unfit_entry")
        now = self._ground.now()

        def write(db: sqlite3.Connection) -> FaqEntry:
            version_id = faq.version_of_request(db, request_id)
            if version_id is None:
                kept = faq.entry_fund(db, entry_id) if entry_id is not None else (written.fund,)
                if kept is None or not _may_keep(actor, kept[0]):
                    raise NotAllowed
                whose = entry_id if entry_id is not None else faq.add_entry(db, now)
                version_id = faq.add_version(db, request_id, whose, written, actor.staff_id, now)
            return self._version(db, actor, version_id)

        return await self._ground.db.write(write)

    async def kept(self, actor: Actor) -> list[FaqEntry]:
        """What an editor keeps: the own fund's entries, or for all six those of all six; with those yet to begin."""
        require(actor, Permission.KEEP_FAQ)
        fund = _scope_of(actor)
        return [entry for entry in await self._ground.db.read(faq.newest) if entry.written.fund == fund]

    async def unfit_rows(self, actor: Actor, sent: Sequence[SentEntry]) -> list[int]:
        """The rows of a table that hold what must not stand in an entry, or a number that is not the editor's."""
        require(actor, Permission.KEEP_FAQ)
        own = {entry.entry_id for entry in await self.kept(actor)}
        return [
            one.row
            for one in sent
            if self._faults(*_texts_of(one.written)) or (one.entry_id is not None and one.entry_id not in own)
        ]

    async def write_table(self, actor: Actor, request_id: str, sent: Sequence[SentEntry]) -> int:
        """Hand every row that is new or changed to a colleague, all or none; how many those are."""
        require(actor, Permission.KEEP_FAQ)
        if not all(_may_keep(actor, one.written.fund) for one in sent):
            raise NotAllowed
        if await self.unfit_rows(actor, sent):
            raise BadAnswer("unfit_entry")
        now = self._ground.now()

        def write(db: sqlite3.Connection) -> int:
            known = {entry.entry_id: entry.written for entry in faq.newest(db)}
            changed = 0
            for one in sent:
                before = known.get(one.entry_id) if one.entry_id is not None else None
                written = replace(one.written, intents=before.intents) if before else one.written
                if written == before:
                    continue
                changed += 1
                request = f"{request_id}:{one.row}"
                if faq.version_of_request(db, request) is None:
                    whose = one.entry_id if one.entry_id is not None else faq.add_entry(db, now)
                    faq.add_version(db, request, whose, written, actor.staff_id, now)
            return changed

        return await self._ground.db.write(write)

    async def undecided(self, actor: Actor) -> list[FaqEntry]:
        """What waits for a second person in the editor's scope."""
        require(actor, Permission.KEEP_FAQ)
        found = await self._ground.db.read(faq.undecided)
        return [entry for entry in found if _may_keep(actor, entry.written.fund)]

    async def version(self, actor: Actor, version_id: int) -> FaqEntry:
        """A version as it was written; not there and not yours are the same refusal."""
        require(actor, Permission.KEEP_FAQ)
        return await self._ground.db.read(lambda db: self._version(db, actor, version_id))

    async def decide(self, actor: Actor, version_id: int, *, approve: bool) -> FaqEntry:
        """Approve or turn down what a colleague wrote; the writer may not (`SameHands`), and once is once."""
        require(actor, Permission.KEEP_FAQ)

        def write(db: sqlite3.Connection) -> FaqEntry:
            entry = self._version(db, actor, version_id)
            decided = faq.decision_of(db, version_id)
            if decided is not None and decided is not approve:
                raise Overtaken("approved" if decided else "turned_down")
            if decided is None:
                if actor.staff_id is None or actor.staff_id == entry.staff_id:
                    raise SameHands
                faq.decide(db, version_id, approved=approve, staff_id=actor.staff_id, at=self._ground.now())
            return entry

        return await self._ground.db.write(write)

    def _version(self, db: sqlite3.Connection, actor: Actor, version_id: int) -> FaqEntry:
        entry = faq.find_version(db, version_id)
        if entry is None or not _may_keep(actor, entry.written.fund):
            raise NotAllowed
        return entry


def _texts_of(written: NewEntry) -> list[str]:
    return [text for pair in (written.zh, written.en) if pair for text in (pair.question, pair.answer)]


def _reader(db: sqlite3.Connection, actor: Actor) -> tuple[frozenset[FaqRole], str | None]:
    """The reader's roles and fund; staff and strangers have no role here and see every entry."""
    roles, fund = set(), None
    if actor.member_id is not None and (member := rolls.find_member(db, actor.member_id)):
        roles.add(FaqRole.MEMBER)
        fund = member.fund
    for beneficiary_id in actor.beneficiary_ids:
        if person := rolls.find_beneficiary(db, beneficiary_id):
            roles.add(FaqRole.BENEFICIARY)
            fund = person.fund
    return (frozenset() if actor.staff_rights else frozenset(roles)), fund


def _scope_of(actor: Actor) -> str | None:
    funds = [right.fund for right in actor.scope(Permission.KEEP_FAQ)]
    return None if None in funds else funds[0]


def _may_keep(actor: Actor, fund: str | None) -> bool:
    """An editor of one fund does not write for all six."""
    return any(_reaches(right, fund) for right in actor.scope(Permission.KEEP_FAQ))


def _reaches(right: Right, fund: str | None) -> bool:
    return right.fund in (None, fund) and right.area is None and right.branch_id is None

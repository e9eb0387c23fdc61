"""Chat partners: who is speaking, in which language, and where they stand in an act."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from carefund_bot.access import Actor
from carefund_bot.domain.notices import Topic
from carefund_bot.services.ground import Ground
from carefund_bot.services.in_hand import leave
from carefund_bot.services.offices import fund_of
from carefund_bot.store import changes, conversations, people

_PLACE = "conversation"
_OFFER_LANGUAGE_EVERY_S = 24 * 3600


@dataclass(frozen=True, slots=True)
class Conversation:
    """An act in progress: its feature's name, the step that waits for an answer, what was said so far."""

    act: str
    step: str
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Speaker:
    """`fund`: whose office this person asks."""

    actor: Actor
    language: str
    conversation: Conversation | None
    fund: str


class Accounts:
    """Open to everybody: each method concerns only the account that is speaking."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    async def meet(self, user_id: int, language: str) -> Speaker:
        """Who is speaking; an account never seen, or one that had blocked us, is written down as reachable."""
        found = await self._ground.db.read(lambda db: self._find(db, user_id))
        if found is not None:
            return found

        def write(db: sqlite3.Connection) -> Speaker | None:
            people.add_account(db, user_id, language, self._ground.now())
            people.set_reachability(db, user_id, "reachable")
            return self._find(db, user_id)

        speaker = await self._ground.db.write(write)
        if speaker is None:
            raise AssertionError("an account just written is there")
        return speaker

    def _find(self, db: sqlite3.Connection, user_id: int) -> Speaker | None:
        account = people.find_account(db, user_id)
        if account is None or account.reachability != "reachable":
            return None
        kept = conversations.find(db, user_id)
        conversation = kept and Conversation(kept[0], kept[1], self._ground.sealer.open(_PLACE, kept[2]))
        actor = people.actor_of(db, user_id)
        return Speaker(actor, account.language, conversation, _own_fund(db, actor))

    async def choose_language(self, user_id: int, language: str) -> None:
        await self._ground.db.write(lambda db: people.set_language(db, user_id, language))

    async def offer_language(self, user_id: int, request_id: str) -> bool:
        """Whether the other language may be offered now under this id: once a day is enough."""
        now = self._ground.now()
        return await self._ground.db.write(
            lambda db: people.put_language_offer(
                db, user_id, request_id, now, unless_since=now - _OFFER_LANGUAGE_EVERY_S
            )
        )

    async def take_language_offer(self, user_id: int, request_id: str, language: str) -> bool:
        """Once per id; false if it was used, or has given way to a newer one."""
        return await self._ground.db.write(lambda db: people.take_language_offer(db, user_id, request_id, language))

    async def topics_off(self, user_id: int) -> frozenset[Topic]:
        """The topics that the account does not want to read of."""
        return await self._ground.db.read(lambda db: people.topics_off(db, user_id))

    async def choose_topic(self, user_id: int, topic: Topic, *, wanted: bool) -> None:
        """Service messages are no topic: they always come."""
        await self._ground.db.write(lambda db: people.set_topic(db, user_id, topic, wanted=wanted))

    async def note_reachability(self, user_id: int, reachability: str) -> None:
        """`reachable`, `blocked` or `gone`; an account never met is not written down for this."""
        await self._ground.db.write(lambda db: people.set_reachability(db, user_id, reachability))

    async def keep(self, user_id: int, act: str, step: str, facts: dict[str, Any]) -> None:
        """Wait at a step of an act; `facts` is what was said so far, kept sealed."""
        sealed = self._ground.sealer.seal(_PLACE, facts)
        await leave(self._ground.db, lambda db: conversations.put(db, user_id, act, step, sealed, self._ground.now()))

    async def end(self, user_id: int) -> None:
        """Leave whatever act was in progress."""
        await leave(self._ground.db, lambda db: conversations.drop(db, user_id))


def _own_fund(db: sqlite3.Connection, actor: Actor) -> str:
    """The first that is known; whoever belongs to none asks the city's office."""
    return next((fund for fund in _funds_of(db, actor) if fund is not None), "city")


def _funds_of(db: sqlite3.Connection, actor: Actor) -> Iterator[str | None]:
    """A household's before a member's, these before the place of work and the household that somebody stands for."""
    for beneficiary_id in actor.beneficiary_ids:
        yield fund_of(db, "beneficiary", beneficiary_id)
    if actor.member_id is not None:
        yield fund_of(db, "member", actor.member_id)
    if actor.staff_id is not None:
        yield fund_of(db, "staff", actor.staff_id)
    for change_id in actor.proxy_ids:
        mandate = changes.find(db, change_id)
        yield mandate.fund if mandate else None

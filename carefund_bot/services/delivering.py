"""Handing queued messages to the one who sends them, and writing down how each went.

Only the delivery worker asks here, never a person: so there is no actor. To look for what may go marks
nothing; a row is marked in the moment it leaves, and again when it is known how that ended.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from carefund_bot.domain.notices import Attachment, Letter
from carefund_bot.services.ground import Ground
from carefund_bot.services.notices import signed
from carefund_bot.services.telling import OUTBOX_PLACE
from carefund_bot.store import outbox, people
from carefund_bot.store.notices import attachment_of


@dataclass(frozen=True, slots=True)
class Parcel:
    """One message on its way: worded by `kind` in the reader's `language`, from sealed facts or a notice's letter.

    With `taking_back` it is a message that stands in the chat under this id and shall go.
    """

    id: int
    user_id: int
    kind: str
    language: str
    sealed: bytes
    letter: Letter | None
    attachment: Attachment | None = None
    taking_back: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a send ended: `sent`, `failed`, `unreachable` or `uncertain`.

    `reachability` is what it taught us of the account: `blocked`, `gone`, or nothing.
    """

    state: str
    reason: str | None = None
    message_id: int | None = None
    reachability: str | None = None


class Delivering:
    """The outbox as the worker sees it."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    async def take_up(self) -> int:
        """At start: what was on its way when a process ended becomes uncertain. How many rows that were."""
        return await self._ground.db.write(lambda db: outbox.doubt_unfinished(db, self._ground.now()))

    async def look(self, limit: int, busy: Collection[int] = ()) -> list[Parcel]:
        """Up to `limit` messages that may go now, one to a reader and none to the `busy`.

        Who cannot be reached is not tried.
        """

        def write(db: sqlite3.Connection) -> list[Parcel]:
            parcels: dict[int, Parcel] = {}
            while not parcels and (rows := outbox.due(db, limit, busy)):
                for row in rows:
                    if row.message_id is None and (row.language is None or row.reachability != "reachable"):
                        outbox.settle(db, row.id, "unreachable", row.reachability or "gone", None, self._ground.now())
                    else:
                        parcels.setdefault(row.user_id, self._parcel(row))
            if len(parcels) < limit:
                outbox.forget_dry_notices(db)
            return list(parcels.values())

        return await self._ground.db.write(write)

    def _parcel(self, row: outbox.Due) -> Parcel:
        letter = None
        if row.text_zh is not None:
            letter = signed(self._ground.settings, row.text_zh, row.text_en, row.fund)
        return Parcel(
            id=row.id,
            user_id=row.user_id,
            kind=row.kind,
            language=row.language or "",
            sealed=row.sealed,
            letter=letter,
            attachment=attachment_of(row.attachment),
            taking_back=row.message_id,
        )

    async def mark_leaving(self, parcel: Parcel) -> bool:
        """Mark a message as on its way, right before it leaves; false: it shall not go any more, or not now."""
        if parcel.taking_back is not None:
            return await self._ground.db.write(lambda db: outbox.mark_taking_back(db, parcel.id))
        return await self._ground.db.write(lambda db: outbox.mark_leaving(db, parcel.id, self._ground.now()))

    def facts(self, parcel: Parcel) -> Mapping[str, Any]:
        """What the message is worded from."""
        if parcel.letter is not None:
            return asdict(parcel.letter)
        return self._ground.sealer.open(OUTBOX_PLACE, parcel.sealed)

    async def settle(self, parcel: Parcel, outcome: Outcome) -> None:
        def write(db: sqlite3.Connection) -> None:
            outbox.settle(db, parcel.id, outcome.state, outcome.reason, outcome.message_id, self._ground.now())
            if outcome.reachability is not None:
                people.set_reachability(db, parcel.user_id, outcome.reachability)

        await self._ground.db.write(write)

    async def put_back(self, parcel: Parcel) -> None:
        """The message certainly did not go, or was certainly not taken back: it waits again."""
        if parcel.taking_back is not None:
            await self._ground.db.write(lambda db: outbox.settle_recall(db, parcel.id, "wanted"))
        else:
            await self._ground.db.write(lambda db: outbox.put_back(db, parcel.id, self._ground.now()))

    async def note_taken_back(self, parcel: Parcel, why_not: str | None) -> None:
        """The message is gone from its chat, or never will be: `too_old`, `blocked`, `chat_gone` or `refused`."""
        recall = "failed" if why_not else "done"
        await self._ground.db.write(lambda db: outbox.settle_recall(db, parcel.id, recall, why_not))

"""The latest notices, for whoever was not linked when they went out, or wants to read them once more."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Final

from carefund_bot.access import Actor, Permission, require
from carefund_bot.clock import shanghai_day
from carefund_bot.domain.notices import SHOWN_FOR_S, Attachment, Letter
from carefund_bot.services.ground import Ground
from carefund_bot.services.notices import signed
from carefund_bot.store import notice_board
from carefund_bot.store.notice_board import Posted

SHOWN_AT_ONCE: Final = 3


@dataclass(frozen=True, slots=True)
class Sheet:
    """One notice on the board, signed as it went out; `place` is where it hangs, to look at what is older."""

    notice_id: int
    place: int
    day: date
    letter: Letter
    attachment: Attachment | None


@dataclass(frozen=True, slots=True)
class Page:
    """A few sheets, newest first, and whether there are earlier ones."""

    sheets: tuple[Sheet, ...]
    has_earlier: bool


class NoticeBoard:
    """For members, households and students: what is for them today, and nothing of anybody else's."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    async def look(self, actor: Actor, before_place: int | None = None) -> Page:
        """The newest sheets, or those before a place."""
        require(actor, Permission.READ_NOTICES)

        def read(db: sqlite3.Connection) -> Page:
            found = list(islice(self._posted(db, actor, before_place), SHOWN_AT_ONCE + 1))
            sheets = tuple(self._sheet(posted) for posted in found[:SHOWN_AT_ONCE])
            return Page(sheets, has_earlier=len(found) > SHOWN_AT_ONCE)

        return await self._ground.db.read(read)

    async def has_news(self, actor: Actor) -> bool:
        """Whether something hangs there that has never come to this chat."""
        require(actor, Permission.READ_NOTICES)
        user_id = actor.user_id

        def read(db: sqlite3.Connection) -> bool:
            return user_id is not None and any(
                not notice_board.has_come(db, user_id, posted) for posted in self._posted(db, actor)
            )

        return await self._ground.db.read(read)

    async def note_read(self, actor: Actor, notice_id: int, message_id: int) -> None:
        """A sheet was shown under this message: whoever it is for need not be told at the door."""
        require(actor, Permission.READ_NOTICES)

        def write(db: sqlite3.Connection) -> None:
            for posted in self._posted(db, actor):
                if posted.notice.id == notice_id:
                    notice_board.add_reading(db, posted, message_id, self._ground.now())

        await self._ground.db.write(write)

    def _posted(self, db: sqlite3.Connection, actor: Actor, before_place: int | None = None) -> Iterator[Posted]:
        if actor.user_id is None:
            return iter(())
        now = self._ground.now()
        return notice_board.posted_for(db, actor.user_id, now - SHOWN_FOR_S, now, before_place)

    def _sheet(self, posted: Posted) -> Sheet:
        content = posted.notice.content
        return Sheet(
            notice_id=posted.notice.id,
            place=posted.event_id,
            day=shanghai_day(posted.started_at),
            letter=signed(self._ground.settings, content.text_zh, content.text_en, content.audience.place.fund),
            attachment=content.attachment,
        )

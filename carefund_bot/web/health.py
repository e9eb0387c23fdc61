"""Whether the bot is well: not that the process exists, but that Telegram was heard lately, queues move, all work."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Final

from carefund_bot.services.ground import Ground
from carefund_bot.store import inbox, outbox

POLL_TOO_OLD_S: Final = 120
INBOX_TOO_OLD_S: Final = 300
OUTBOX_TOO_OLD_S: Final = 6 * 3600
"""A notice to half a million takes four and a half hours."""


@dataclass(frozen=True, slots=True)
class Health:
    """Ages in seconds; `None` where nothing waits, or nothing was heard yet. `ended`: workers that work no more."""

    last_update_call_age_s: float | None
    inbox_waiting: int
    inbox_oldest_age_s: int | None
    outbox_waiting: int
    outbox_oldest_age_s: int | None
    ended: Sequence[str]

    @property
    def is_well(self) -> bool:
        return (
            not self.ended
            and self.last_update_call_age_s is not None
            and self.last_update_call_age_s <= POLL_TOO_OLD_S
            and (self.inbox_oldest_age_s or 0) <= INBOX_TOO_OLD_S
            and (self.outbox_oldest_age_s or 0) <= OUTBOX_TOO_OLD_S
        )

    def as_json(self) -> dict[str, object]:
        return {"ok": self.is_well, **asdict(self)}


async def look(ground: Ground, last_heard: Callable[[], float | None], ended: Sequence[str]) -> Health:
    """The bot's health now; `last_heard` gives the monotonic time of Telegram's last good answer."""
    waiting, oldest = await ground.db.read(inbox.backlog)
    unsent, oldest_unsent = await ground.db.read(outbox.backlog)
    heard, now = last_heard(), ground.now()
    return Health(
        last_update_call_age_s=None if heard is None else round(time.monotonic() - heard, 1),
        inbox_waiting=waiting,
        inbox_oldest_age_s=None if oldest is None else now - oldest,
        outbox_waiting=unsent,
        outbox_oldest_age_s=None if oldest_unsent is None else now - oldest_unsent,
        ended=ended,
    )

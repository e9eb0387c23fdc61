"""The update in hand: what its handling leaves to be written is written together with the mark that it was handled.

Facts carry a one-use id and are written at once; doing them again does nothing. All else that a handler changes
(where its conversation stands) is left here and committed in one transaction with the mark, so that after a crash an
update is either wholly handled or handled again from the same state.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from carefund_bot.store.database import Database, Work


@dataclass(slots=True)
class InHand:
    """One update being handled: what is left to write, and what went wrong."""

    left: list[Work[Any]] = field(default_factory=list)
    failure: Exception | None = None


_in_hand: ContextVar[InHand | None] = ContextVar("in_hand", default=None)


@contextmanager
def taken_in_hand() -> Iterator[InHand]:
    """Everything inside handles one update."""
    hand = InHand()
    token = _in_hand.set(hand)
    try:
        yield hand
    finally:
        _in_hand.reset(token)


async def leave(db: Database, work: Work[Any]) -> None:
    """Write with the mark of the update in hand; at once if there is none."""
    hand = _in_hand.get()
    if hand is None:
        await db.write(work)
    else:
        hand.left.append(work)


def note_failure(error: Exception) -> None:
    """Tell whoever handed us the update that it failed."""
    hand = _in_hand.get()
    if hand is not None:
        hand.failure = error

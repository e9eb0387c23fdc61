"""What people asked to be done, as they remember it: every tap on a confirm button."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from sandbox.messages import Message
from tests.chaos.chronicle import CARD, Shown


class Act(StrEnum):
    """What a confirm button does."""

    PLEDGE = "pledge made"
    CHANGE = "pledge paused, resumed, ended"
    LINK = "chat bound by a code"
    GIFT = "contribution recorded"
    NOTICE = "notice sent"


@dataclass(slots=True)
class Tap:
    """A confirm button that was pressed, once or more; `asked` is what stood above it."""

    act: Act
    request_id: str
    user_id: int
    message_id: int
    asked: str
    about: str
    at: float
    update_ids: list[int] = field(default_factory=list)


class Ledger:
    """Taps by one-use id, and the last language each person chose."""

    def __init__(self) -> None:
        self.taps: dict[str, Tap] = {}
        self.languages: dict[int, dict[int, str]] = {}
        """By person: update_id of a tap and the language it chose."""

    def tap(self, act: Act, request_id: str, message: Message, about: str, at: float) -> Tap:
        tap = Tap(act, request_id, message.chat_id, message.message_id, message.text, about, at)
        return self.taps.setdefault(request_id, tap)


def is_acknowledged(tap: Tap, shown: list[Shown]) -> bool:
    """Whether the pressed button's message has turned from the question into words that say it is done."""
    asks_for: frozenset[str] = frozenset()
    for each in shown:
        if each.message_id != tap.message_id:
            continue
        says_done = each.kind == CARD if tap.act is Act.NOTICE else each.text.startswith("✅")
        if says_done and tap.request_id in asks_for:
            return True
        asks_for = each.request_ids
    return False

"""Cases: what people bring to the desk, whose desk that is, and how soon it owes an answer."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final


class CaseKind(StrEnum):
    PAYOUT_MISSING = "payout_missing"
    PAYOUT_AMOUNT = "payout_amount"
    ACCOUNT_CHANGE = "account_change"
    PHONE_CHANGE = "phone_change"
    PROXY = "proxy"
    ELIGIBILITY = "eligibility"
    PLEDGE_PROBLEM = "pledge_problem"
    GIFT_PROBLEM = "gift_problem"
    RECEIPT = "receipt"
    OWN_DATA = "own_data"
    REPLY_TO_NOTICE = "reply_to_notice"
    QUESTION = "question"
    COMPLAINT = "complaint"
    STAFF_COMPLAINT = "staff_complaint"
    FRAUD = "fraud"
    DISTRESS = "distress"


class CaseState(StrEnum):
    """`asked_back` and `answered` wait for the asker; the others for the desk, but for `closed`."""

    WAITING = "waiting"
    IN_HAND = "in_hand"
    ASKED_BACK = "asked_back"
    ANSWERED = "answered"
    CLOSED = "closed"


class DeskName(StrEnum):
    """Whose work list a case stands in; complaints about staff are read by discipline alone (投诉, 涉纪)."""

    OFFICE = "office"
    DISCIPLINE = "discipline"


class EventKind(StrEnum):
    OPENED = "opened"
    ADDED = "added"
    CLAIMED = "claimed"
    PUT_BACK = "put_back"
    PASSED = "passed"
    ASKED_BACK = "asked_back"
    ANSWERED = "answered"
    CLOSED = "closed"
    RATED = "rated"


URGENT: Final = frozenset({CaseKind.DISTRESS, CaseKind.FRAUD})
"""Whoever is at the desk is told at once, at any hour."""
ALARM_AGAIN_AFTER_S: Final = 15 * 60
"""Distress that nobody has taken in hand by then is called out once more, to those above as well."""
OF_GIVING: Final = frozenset({CaseKind.PLEDGE_PROBLEM, CaseKind.GIFT_PROBLEM, CaseKind.RECEIPT})
"""Asked as a member, by whoever is both."""
OF_PAYOUTS: Final = frozenset({CaseKind.PAYOUT_MISSING, CaseKind.PAYOUT_AMOUNT, CaseKind.ACCOUNT_CHANGE})
"""Linked to the household's newest payout line."""
GO_ON: Final = OF_PAYOUTS | {CaseKind.REPLY_TO_NOTICE, CaseKind.DISTRESS, CaseKind.FRAUD}
"""The same again while one is open adds to that one."""
OPEN_STATES: Final = frozenset({CaseState.WAITING, CaseState.IN_HAND, CaseState.ASKED_BACK, CaseState.ANSWERED})
MOST_OPEN_CASES: Final = 8
"""For one person at a time: a household's worries fit, a flood does not. Distress is never refused."""

_DESPERATE: Final = re.compile(
    r"不想活|活不下去|活着没意思|活着没有意思|想死|寻死|去死算了|死了算了|自杀|轻生|跳楼|跳河|喝农药|割腕|结束生命|"
    r"想不開|想不开|自殺|輕生|kill myself|end my life|want to die|suicide|don'?t want to live",
    re.IGNORECASE,
)


def sounds_desperate(text: str) -> bool:
    """Words that leave no doubt, whatever else is understood; a joke taken for earnest does no harm."""
    return _DESPERATE.search(text) is not None


_HOUR: Final = 60
_DAY: Final = 6 * _HOUR
"""An office day has six hours in the default settings."""
_ANSWER_WITHIN: Final = {
    CaseKind.DISTRESS: 1 * _HOUR,
    CaseKind.FRAUD: 2 * _HOUR,
    CaseKind.PAYOUT_MISSING: 2 * _DAY,
    CaseKind.PAYOUT_AMOUNT: 2 * _DAY,
    CaseKind.PLEDGE_PROBLEM: 2 * _DAY,
    CaseKind.GIFT_PROBLEM: 2 * _DAY,
    CaseKind.QUESTION: 2 * _DAY,
    CaseKind.REPLY_TO_NOTICE: 2 * _DAY,
    CaseKind.RECEIPT: 3 * _DAY,
    CaseKind.ACCOUNT_CHANGE: 5 * _DAY,
    CaseKind.PHONE_CHANGE: 5 * _DAY,
    CaseKind.PROXY: 5 * _DAY,
    CaseKind.ELIGIBILITY: 5 * _DAY,
    CaseKind.COMPLAINT: 5 * _DAY,
    CaseKind.STAFF_COMPLAINT: 5 * _DAY,
    CaseKind.OWN_DATA: 10 * _DAY,
}


def answer_within(kind: CaseKind) -> int:
    """Minutes of office time until somebody must have answered."""
    return _ANSWER_WITHIN[kind]


def desk_of(kind: CaseKind) -> DeskName:
    return DeskName.DISCIPLINE if kind is CaseKind.STAFF_COMPLAINT else DeskName.OFFICE


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody brought: words and perhaps a photo (Telegram's file_id). Personal: never shown by repr."""

    words: str = field(repr=False)
    photo: str | None = field(default=None, repr=False)

    @property
    def is_empty(self) -> bool:
        return not self.words and self.photo is None


@dataclass(frozen=True, slots=True)
class Line:
    """One thing said in a case, by the desk or by the asker; `at` in Unix seconds."""

    event_id: int
    by_desk: bool
    said: Said
    at: int


@dataclass(frozen=True, slots=True)
class Case:
    """A case as its asker sees it. `due_at` in Unix seconds; `rating` 1 to 5 once it was given."""

    id: int
    kind: CaseKind
    state: CaseState
    fund: str
    opened_at: int
    due_at: int
    rating: int | None = None
    lines: tuple[Line, ...] = ()

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def waits_for_desk(self) -> bool:
        return self.state in (CaseState.WAITING, CaseState.IN_HAND)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a case stands at the desk: `holder` the colleague's masked name, `is_mine` for the reader."""

    desk: DeskName
    holder: str | None
    is_mine: bool


@dataclass(frozen=True, slots=True)
class Who:
    """Who asks, as the desk may see it: the roll's number, a masked name, where from; all `None` for a stranger.

    `subject` is `member`, `beneficiary`, `staff` or `None`; anonymous ones are strangers too.
    """

    subject: str | None
    number: str | None = None
    masked_name: str | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class DeskCase:
    """A case as the desk sees it. `language` is the asker's, `None` if no chat can be reached now."""

    case: Case
    standing: Standing
    who: Who
    language: str | None
    notice_id: int | None

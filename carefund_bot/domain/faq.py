"""The fund's own answers: an entry in both languages, for whom and until when, and how near it is to a question."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final


class Topic(StrEnum):
    PAYOUT = "payout"
    CARD = "card"
    APPLY = "apply"
    GIVING = "giving"
    RECEIPT = "receipt"
    PRIVACY = "privacy"
    SAFETY = "safety"
    FUND = "fund"


class FaqRole(StrEnum):
    """Whom an entry is written for, if not for everybody."""

    MEMBER = "member"
    BENEFICIARY = "beneficiary"


@dataclass(frozen=True, slots=True)
class QuestionAnswer:
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class NewEntry:
    """What is written; `fund` None: all six. `from_on`, `until_on`: the first and the last day it holds."""

    topic: Topic
    zh: QuestionAnswer
    en: QuestionAnswer | None = None
    role: FaqRole | None = None
    fund: str | None = None
    intents: tuple[str, ...] = ()
    until_on: date | None = None
    from_on: date | None = None

    def text(self, *, chinese: bool) -> QuestionAnswer:
        """The Chinese one if there is none in the reader's language."""
        return self.zh if chinese or self.en is None else self.en

    def is_for(self, roles: frozenset[FaqRole], fund: str | None) -> bool:
        """Whether it concerns a reader; of somebody unknown nothing speaks against it."""
        return (not roles or self.role is None or self.role in roles) and (self.fund in (None, fund) or fund is None)


@dataclass(frozen=True, slots=True)
class FaqEntry:
    """A version of an entry as it was written."""

    entry_id: int
    version_id: int
    written: NewEntry
    staff_id: int | None


_HAN: Final = re.compile(r"[\u3400-\u9fff]+")
_WORD: Final = re.compile(r"[a-z]{3,}")
_SMALL_WORDS: Final = re.compile(
    r"the|and|you|your|are|was|for|can|could|how|what|when|where|who|why|does|did|have|has|had|get|with|from|that|this|"
    r"there|will|would|any|not|but|our|they|them|its|about|please|want|need"
)
_STEM: Final = 5
NEAR_ENOUGH: Final = 0.34
"""Near enough to be offered as what was perhaps meant."""
_SURELY_MEANT: Final = 0.55


def closeness(words: str, entry: NewEntry) -> float:
    """How much of what was asked stands in an entry, 0 to 1: by Chinese signs in pairs, and weightier English words.

    What stands in the question counts double.
    """
    asked = _pairs(words)
    if not asked:
        return 0.0
    texts = [text for text in (entry.zh, entry.en) if text is not None]
    in_question = max(len(asked & _pairs(text.question)) for text in texts)
    in_all = max(len(asked & _pairs(text.question + " " + text.answer)) for text in texts)
    return (in_question + in_all) / (2 * len(asked))


def surely_answers(words: str, entry: NewEntry) -> bool:
    """Near enough to be the answer, where nothing else is surer; a single word is never enough."""
    return len(_pairs(words)) > 1 and closeness(words, entry) >= _SURELY_MEANT


def _pairs(text: str) -> set[str]:
    plain = text.casefold()
    pairs = {run[place : place + 2] for run in _HAN.findall(plain) for place in range(len(run) - 1)}
    return pairs | {word[:_STEM] for word in _WORD.findall(plain) if not _SMALL_WORDS.fullmatch(word)}

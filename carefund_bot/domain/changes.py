"""Changes of what the roll says of a payee: what, on which papers, and how far each has got."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from carefund_bot.domain.days import read_day
from carefund_bot.domain.people import clean_cell


class What(StrEnum):
    ACCOUNT = "account"
    PHONE = "phone"
    PROXY = "proxy"


class Evidence(StrEnum):
    """What the clerk saw in person: the payee with card, a guardian's papers, or a signed letter with both cards."""

    OWN = "own"
    GUARDIAN = "guardian"
    PROXY_LETTER = "proxy_letter"


class ChangeState(StrEnum):
    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"
    STOPPED = "stopped"
    IN_FORCE = "in_force"


@dataclass(frozen=True, slots=True)
class Detail:
    """The last four digits of a new account or phone; or a proxy's name, matter and last day."""

    text: str = field(repr=False)
    until_on: date | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A change as staff see it; `number` is the roll's, `in_force_at` in Unix seconds once it is approved."""

    id: int
    case_id: int
    fund: str
    number: str
    what: What
    evidence: Evidence
    detail: Detail
    state: ChangeState
    in_force_at: int | None


_TAIL: Final = re.compile(r"[0-9]{4}")


def read_detail(what: What, text: str, today: date) -> Detail | None:
    """Four digits; for a proxy three lines: name, matter, last day. `None`: not understood, or a day that is over."""
    if what is not What.PROXY:
        tail = clean_cell(text)
        return Detail(tail) if _TAIL.fullmatch(tail) else None
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    until_on = read_day(lines[-1], today) if len(lines) == 3 else None
    if until_on is None or until_on < today:
        return None
    return Detail("，".join(lines[:2]), until_on)

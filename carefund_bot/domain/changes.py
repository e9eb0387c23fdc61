"""Changes of what the roll says of a payee: what, on which papers, and how far each has got."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from carefund_bot.domain.days import read_day
from carefund_bot.domain.people import clean_cell, clean_name


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


EVIDENCE_FOR: Final = {
    What.ACCOUNT: (Evidence.OWN, Evidence.GUARDIAN, Evidence.PROXY_LETTER),
    What.PHONE: (Evidence.OWN, Evidence.GUARDIAN, Evidence.PROXY_LETTER),
    What.PROXY: (Evidence.PROXY_LETTER, Evidence.GUARDIAN),
}
"""Which papers are enough: nobody is made a proxy without a signature, or guardianship."""
HOUSEHOLDS_PER_PROXY: Final = 2
LONGEST_MANDATE: Final = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Detail:
    """The last four digits of a new account or phone; or a proxy's name and matter, with the days it holds.

    `person`: who a proxy is, to know the same one again: the name and the last four places of the identity number.
    """

    text: str = field(repr=False)
    until_on: date | None = None
    from_on: date | None = None
    person: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Change:
    """A change as staff see it; `number` is the roll's, `in_force_at` in Unix seconds once it is approved.

    `has_namesake`: a colleague has the proxy's name, and staff are never proxies (R50).
    """

    id: int
    case_id: int
    fund: str
    number: str
    what: What
    evidence: Evidence
    detail: Detail
    state: ChangeState
    in_force_at: int | None
    has_namesake: bool = False


_TAIL: Final = re.compile(r"[0-9]{4}")


_IDENTITY_TAIL: Final = re.compile(r"[0-9]{3}[0-9X]")
_SPAN: Final = re.compile(r"\s*(?:到|至|—+|–|~|～|\bto\b)\s*")


def read_detail(what: What, text: str, today: date) -> Detail | None:
    """Four digits; for a proxy four lines: name, identity number's last four, matter, from one day to another.

    `None`: not understood, days that are over or the wrong way round, or more than a year.
    """
    if what is not What.PROXY:
        tail = clean_cell(text)
        return Detail(tail) if _TAIL.fullmatch(tail) else None
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) != 4:
        return None
    name, tail, matter, span = clean_name(lines[0]), clean_cell(lines[1]).upper(), lines[2], lines[3]
    days = [read_day(day, today) for day in _SPAN.split(span)]
    from_on, until_on = days if len(days) == 2 else (None, None)
    if not name or not _IDENTITY_TAIL.fullmatch(tail) or from_on is None or until_on is None:
        return None
    if not max(from_on, today) <= until_on <= from_on + LONGEST_MANDATE:
        return None
    return Detail(f"{name}，{matter}", until_on, from_on, f"{name} {tail}")

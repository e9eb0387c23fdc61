"""Money that staff write down: one gift at a time, or a branch's list that counts as a whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from carefund_bot.domain.money import ZERO, Money
from carefund_bot.domain.pledges import total


class Channel(StrEnum):
    """How a gift came. Deduction from wages is not a way of giving (R20)."""

    CASH = "cash"
    BANK = "bank"
    OTHER = "other"


class ReversalReason(StrEnum):
    """Why a contribution is taken back: a closed list."""

    WRONG_MEMBER = "wrong_member"
    WRONG_SUM = "wrong_sum"
    WRONG_DAY = "wrong_day"
    ENTERED_TWICE = "entered_twice"
    NOT_RECEIVED = "not_received"


DUES_WORD = "党费"
_BANK_WORDS = ("转账", "银行", "汇款", "网银", "电汇", "刷卡")


def channel_named(text: str) -> Channel:
    """The channel that a list's own word stands for."""
    if "现金" in text:
        return Channel.CASH
    return Channel.BANK if any(word in text for word in _BANK_WORDS) else Channel.OTHER


def campaign_year(received_on: date) -> int:
    """The campaign year a gift belongs to: the calendar year in which it was received."""
    return received_on.year


@dataclass(frozen=True, slots=True)
class Entry:
    """A gift about to be recorded; `row` is its row on a list, None if entered by hand."""

    member_id: int
    fund: str
    amount: Money
    received_on: date
    channel: Channel
    row: int | None = None


class ProblemKind(StrEnum):
    UNKNOWN_NUMBER = "unknown_number"  # on no roll, or not in the clerk's hands: told apart by nobody
    NAME_DIFFERS = "name_differs"
    FUND_DIFFERS = "fund_differs"
    BEFORE_FIRST_DAY = "before_first_day"
    PARTY_DUES = "party_dues"  # gifts and dues never share a list (R23)


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that reads well and does not fit the roll."""

    row: int
    kind: ProblemKind


@dataclass(frozen=True, slots=True)
class FundTotal:
    fund: str
    count: int
    sum: Money


@dataclass(frozen=True, slots=True)
class CheckedList:
    """A list without faults, ready to be recorded once its control total is confirmed."""

    digest: bytes
    file_name: str
    entries: tuple[Entry, ...]

    @property
    def sum(self) -> Money:
        return total(entry.amount for entry in self.entries)

    @property
    def by_fund(self) -> tuple[FundTotal, ...]:
        return totals_by_fund((entry.fund, entry.amount) for entry in self.entries)


def totals_by_fund(amounts: Iterable[tuple[str, Money]]) -> tuple[FundTotal, ...]:
    """Count and sum for each fund, in order of appearance: six books never mix."""
    found: dict[str, FundTotal] = {}
    for fund, amount in amounts:
        so_far = found.get(fund, FundTotal(fund, 0, ZERO))
        found[fund] = FundTotal(fund, so_far.count + 1, so_far.sum + amount)
    return tuple(found.values())

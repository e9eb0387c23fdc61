"""Pledges: what is due when, which money fills it, and how a pledge stands. A promise is never counted as money."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import count, takewhile

from carefund_bot.domain.money import ZERO, Money, split

MOST_TIMES = 600
Moment = tuple[date, int]
"""A day in Suzhou and, within it, the Unix second at which it was written down."""


class Rhythm(StrEnum):
    ONCE = "once"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"


_MONTHS_APART = {Rhythm.MONTHLY: 1, Rhythm.QUARTERLY: 3, Rhythm.YEARLY: 12}


class EventKind(StrEnum):
    PAUSED = "paused"
    RESUMED = "resumed"
    ENDED = "ended"
    RELEASED = "released"
    REPLACED = "replaced"


CLOSING = frozenset({EventKind.ENDED, EventKind.RELEASED, EventKind.REPLACED})
"""After one of these the paid part stays and nothing is open."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What is promised: `amount` each time for as long as the member likes, or, with `times`, `amount` in all."""

    rhythm: Rhythm
    amount: Money
    times: int | None = None

    def __post_init__(self) -> None:
        if self.times is None:
            sound = self.rhythm is not Rhythm.ONCE and self.amount.fen > 0
        else:
            sound = 1 <= self.times <= MOST_TIMES and self.amount.fen >= self.times
            sound = sound and (self.rhythm is not Rhythm.ONCE or self.times == 1)
        if not sound:
            raise ValueError("no such pledge can be kept")

    @property
    def shares(self) -> list[Money]:
        """The instalments of a number of times: whole fen, the odd fen go to the first ones."""
        return split(self.amount, self.times) if self.times else []


@dataclass(frozen=True, slots=True)
class PledgeEvent:
    """Something that happened to a pledge, in force from a day on; `at` orders it within the day."""

    kind: EventKind
    from_on: date
    at: int = 0


@dataclass(frozen=True, slots=True)
class Pledge:
    id: int
    member_id: int
    fund: str
    terms: Terms
    first_due_on: date
    made: Moment
    replaces_id: int | None = None
    events: tuple[PledgeEvent, ...] = ()

    @property
    def closing(self) -> PledgeEvent | None:
        return next((event for event in self.events if event.kind in CLOSING), None)

    @property
    def is_paused(self) -> bool:
        return bool(self.events) and self.events[-1].kind is EventKind.PAUSED

    def takes(self, gift: Gift) -> bool:
        """Whether a gift may count towards this pledge: same fund, given while the promise stood."""
        closing = self.closing
        return (
            self.fund == gift.fund
            and self.made <= gift.moment
            and (closing is None or gift.moment < (closing.from_on, closing.at))
        )


@dataclass(frozen=True, slots=True)
class Instalment:
    """One part of a pledge. `due_on` is None while a pause has put it off without a day."""

    pledge: Pledge
    place: int
    due_on: date | None
    amount: Money


@dataclass(frozen=True, slots=True)
class Gift:
    """Confirmed money of the member that has not been taken back."""

    id: int
    fund: str
    moment: Moment
    amount: Money


@dataclass(frozen=True, slots=True)
class Share:
    """So much of a gift fills an instalment."""

    gift: Gift
    instalment: Instalment
    amount: Money


@dataclass(frozen=True, slots=True)
class Allocation:
    """Where every fen of the gifts went: to an instalment, or to the surplus of its gift."""

    shares: tuple[Share, ...] = ()
    surplus: dict[int, Money] = field(default_factory=dict)

    def filled(self, pledge: Pledge) -> dict[int, Money]:
        """Place of an instalment -> what is paid of it; unpaid places are missing."""
        filled: dict[int, Money] = {}
        for share in self.shares:
            if share.instalment.pledge.id == pledge.id:
                filled[share.instalment.place] = filled.get(share.instalment.place, ZERO) + share.amount
        return filled


class Standing(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    FULFILLED = "fulfilled"
    ENDED = "ended"
    RELEASED = "released"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class PledgeState:
    """How a pledge stands on a day.

    `due` is what has come due and is not paid; `left` what a number of times still holds, due or not (None: no end);
    `given_up` the part that closing released. paid + left + given_up is the pledge.
    """

    pledge: Pledge
    standing: Standing
    paid: Money
    due: Money
    left: Money | None
    given_up: Money
    next_due_on: date | None

    @property
    def is_live(self) -> bool:
        return self.standing in {Standing.RUNNING, Standing.PAUSED}


def total(amounts: Iterable[Money]) -> Money:
    return sum(amounts, start=ZERO)


def yearly_total(terms: Terms) -> Money | None:
    """What an open-ended promise comes to in a year."""
    return terms.amount * (12 // _MONTHS_APART[terms.rhythm]) if terms.times is None else None


def due_days(rhythm: Rhythm, first: date) -> Iterator[date]:
    """The days of a rhythm, each reckoned from the first: 31 January, 29 February, 31 March."""
    if rhythm is Rhythm.ONCE:
        return iter([first])
    return (_months_after(first, step * _MONTHS_APART[rhythm]) for step in count())


def last_due_on(terms: Terms, first: date) -> date:
    """The day of the last of a number of times, if nothing is ever put off."""
    days = due_days(terms.rhythm, first)
    return [next(days) for _ in range(terms.times or 1)][-1]


def schedule(pledge: Pledge, until: date) -> list[Instalment]:
    """All instalments of a number of times, or those of an open-ended pledge due up to `until` or its end.

    A pause puts instalments off and loses none: the next one is due on the first day of the rhythm after it.
    """
    days = _days_not_paused(pledge)
    if pledge.terms.times is None:
        last = min(until, pledge.closing.from_on) if pledge.closing else until
        due = takewhile(lambda day: day <= last, days)
        return [Instalment(pledge, place, day, pledge.terms.amount) for place, day in enumerate(due)]
    return [Instalment(pledge, place, next(days, None), amount) for place, amount in enumerate(pledge.terms.shares)]


def allocate(instalments: Iterable[Instalment], gifts: Iterable[Gift]) -> Allocation:
    """Fill the oldest open instalment first, gift by gift; what no promise takes stays visible as surplus."""
    waiting = [
        (part, part.amount)
        for part in sorted(instalments, key=lambda part: (part.due_on or date.max, part.pledge.id, part.place))
    ]
    shares: list[Share] = []
    surplus: dict[int, Money] = {}
    for gift in sorted(gifts, key=lambda gift: (gift.moment, gift.id)):
        rest, still_waiting = gift.amount, []
        for place, (part, needed) in enumerate(waiting):
            if not rest:
                still_waiting += waiting[place:]
                break
            used = min(rest, needed) if part.pledge.takes(gift) else ZERO
            if used:
                shares.append(Share(gift, part, used))
                rest -= used
            if used != needed:
                still_waiting.append((part, needed - used))
        waiting = still_waiting
        if rest:
            surplus[gift.id] = rest
    return Allocation(tuple(shares), surplus)


def allocate_all(pledges: Iterable[Pledge], gifts: Iterable[Gift], today: date) -> Allocation:
    """All gifts of a member over all their pledges, as of today; a pledge that no gift can fill is not laid out."""
    given = list(gifts)
    fillable = (pledge for pledge in pledges if any(pledge.takes(gift) for gift in given))
    return allocate([part for pledge in fillable for part in schedule(pledge, today)], given)


def state(pledge: Pledge, allocation: Allocation, today: date) -> PledgeState:
    """How a pledge stands once the member's gifts are allocated."""
    filled, is_closed = allocation.filled(pledge), pledge.closing is not None
    paid = total(filled.values())
    rest = None if pledge.terms.times is None else pledge.terms.amount - paid
    waiting = [
        (part, part.amount - filled.get(part.place, ZERO))
        for part in ([] if is_closed else schedule(pledge, today))
        if part.amount != filled.get(part.place)
    ]
    return PledgeState(
        pledge=pledge,
        standing=_standing(pledge, rest),
        paid=paid,
        due=total(amount for part, amount in waiting if part.due_on and part.due_on <= today),
        left=ZERO if is_closed and rest is not None else rest,
        given_up=rest if is_closed and rest is not None else ZERO,
        next_due_on=None if is_closed else _next_due_on(pledge, [part for part, _ in waiting], today),
    )


def _standing(pledge: Pledge, rest: Money | None) -> Standing:
    if pledge.closing is not None:
        return Standing(pledge.closing.kind)
    if rest == ZERO:
        return Standing.FULFILLED
    return Standing.PAUSED if pledge.is_paused else Standing.RUNNING


def _next_due_on(pledge: Pledge, waiting: Iterable[Instalment], today: date) -> date | None:
    for part in waiting:
        if part.due_on and part.due_on >= today:
            return part.due_on
    if pledge.terms.times is None:
        return next((day for day in _days_not_paused(pledge) if day > today), None)
    return None


def _days_not_paused(pledge: Pledge) -> Iterator[date]:
    """The days of the rhythm without those inside a pause; they end where a pause has no end yet."""
    pauses = _pauses(pledge.events)
    for day in due_days(pledge.terms.rhythm, pledge.first_due_on):
        if pauses and pauses[-1][1] is None and day >= pauses[-1][0]:
            return
        if not any(start <= day and (end is None or day < end) for start, end in pauses):
            yield day


def _pauses(events: Iterable[PledgeEvent]) -> list[tuple[date, date | None]]:
    """(first day, first day after) of each pause; None while it lasts."""
    pauses: list[tuple[date, date | None]] = []
    for event in events:
        if event.kind is EventKind.PAUSED:
            pauses.append((event.from_on, None))
        elif event.kind is EventKind.RESUMED:
            pauses[-1] = (pauses[-1][0], event.from_on)
    return pauses


def _months_after(first: date, months: int) -> date:
    """The same day of a later month, or that month's last day."""
    year, month = divmod(first.month - 1 + months, 12)
    year, month = first.year + year, month + 1
    return date(year, month, min(first.day, calendar.monthrange(year, month)[1]))

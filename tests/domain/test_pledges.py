"""A pledge's parts sum to it, money fills the oldest first, and nothing is lost or invented on the way."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carefund_bot.domain.money import ZERO, Money
from carefund_bot.domain.pledges import (
    MOST_TIMES,
    EventKind,
    Gift,
    Pledge,
    PledgeEvent,
    Rhythm,
    Standing,
    Terms,
    allocate_all,
    due_days,
    last_due_on,
    schedule,
    state,
    total,
    yearly_total,
)

FIRST = date(2012, 6, 1)
FAR = date(2100, 1, 1)

rhythms = st.sampled_from([Rhythm.MONTHLY, Rhythm.QUARTERLY, Rhythm.YEARLY])


def a_pledge(terms: Terms, *events: PledgeEvent, first: date = FIRST, pledge_id: int = 1) -> Pledge:
    return Pledge(pledge_id, 1, "city", terms, first, (FIRST, 0), events=events)


def a_gift(gift_id: int, day: date, yuan: int, fund: str = "city") -> Gift:
    return Gift(gift_id, fund, (day, 1), Money.yuan(yuan))


def monthly(yuan: int, times: int | None = None) -> Terms:
    return Terms(Rhythm.MONTHLY, Money.yuan(yuan), times)


@given(st.integers(1, MOST_TIMES), st.integers(0, 10**12), rhythms)
def test_the_parts_sum_to_the_pledge_for_every_number_of_times(times: int, more: int, rhythm: Rhythm) -> None:
    terms = Terms(rhythm, Money(times + more), times)
    parts = [part.amount for part in schedule(a_pledge(terms), FIRST)]
    assert len(parts) == times
    assert total(parts) == terms.amount
    assert max(parts).fen - min(parts).fen <= 1
    assert parts == sorted(parts, reverse=True), "the odd fen go to the first ones"


@pytest.mark.parametrize(
    ("rhythm", "times", "fen"),
    [
        ("once", None, 100),
        ("once", 2, 100),
        ("monthly", 0, 100),
        ("monthly", 601, 1000),
        ("monthly", 3, 2),
        ("yearly", None, 0),
    ],
)
def test_what_cannot_be_kept_is_no_pledge(rhythm: str, times: int | None, fen: int) -> None:
    with pytest.raises(ValueError, match="no such pledge"):
        Terms(Rhythm(rhythm), Money(fen), times)


def test_the_end_of_a_month_comes_back_after_february() -> None:
    days = list(islice(due_days(Rhythm.MONTHLY, date(2012, 1, 31)), 4))
    assert days == [date(2012, 1, 31), date(2012, 2, 29), date(2012, 3, 31), date(2012, 4, 30)]
    assert last_due_on(Terms(Rhythm.QUARTERLY, Money(300), 2), date(2012, 11, 30)) == date(2013, 2, 28)
    assert list(due_days(Rhythm.ONCE, FIRST)) == [FIRST]


def test_what_a_promise_comes_to_in_a_year() -> None:
    assert yearly_total(monthly(50)) == Money.yuan(600)
    assert yearly_total(Terms(Rhythm.QUARTERLY, Money.yuan(50))) == Money.yuan(200)
    assert yearly_total(Terms(Rhythm.YEARLY, Money.yuan(50))) == Money.yuan(50)
    assert yearly_total(monthly(50, 6)) is None


def test_an_open_ended_pledge_asks_for_nothing_before_its_day() -> None:
    assert [part.due_on for part in schedule(a_pledge(monthly(50)), date(2012, 7, 31))] == [FIRST, date(2012, 7, 1)]


def test_a_pause_puts_off_and_loses_nothing() -> None:
    pause = PledgeEvent(EventKind.PAUSED, date(2012, 6, 15))
    resumed = PledgeEvent(EventKind.RESUMED, date(2012, 9, 1))
    paused = schedule(a_pledge(monthly(300, 3), pause), FAR)
    assert [part.due_on for part in paused] == [FIRST, None, None]
    again = schedule(a_pledge(monthly(300, 3), pause, resumed), FAR)
    assert [part.due_on for part in again] == [FIRST, date(2012, 9, 1), date(2012, 10, 1)]


def test_the_oldest_open_part_is_filled_first_and_a_surplus_stays_in_sight() -> None:
    early, late = (
        a_pledge(monthly(50), pledge_id=9),
        a_pledge(Terms(Rhythm.ONCE, Money.yuan(100), 1), first=date(2012, 7, 1), pledge_id=2),
    )
    gifts = [a_gift(1, date(2012, 6, 2), 30), a_gift(2, date(2012, 6, 3), 200)]
    allocation = allocate_all([late, early], gifts, date(2012, 6, 3))
    assert [(share.gift.id, share.instalment.pledge.id, share.amount) for share in allocation.shares] == [
        (1, 9, Money.yuan(30)),
        (2, 9, Money.yuan(20)),
        (2, 2, Money.yuan(100)),
    ]
    assert allocation.surplus == {2: Money.yuan(80)}


def test_money_from_before_the_promise_and_of_another_fund_does_not_count() -> None:
    pledge = a_pledge(monthly(50))
    gifts = [a_gift(1, date(2012, 5, 31), 50), a_gift(2, FIRST, 50, "changshu")]
    assert allocate_all([pledge], gifts, FIRST).shares == ()


def test_closing_keeps_the_paid_part_and_opens_nothing_later() -> None:
    closing = PledgeEvent(EventKind.RELEASED, date(2012, 7, 2), at=5)
    pledge = a_pledge(monthly(300, 3), closing)
    gifts = [
        a_gift(1, FIRST, 100),
        a_gift(2, date(2012, 7, 2), 20),
        Gift(3, "city", (date(2012, 7, 2), 6), Money.yuan(80)),
    ]
    allocation = allocate_all([pledge], gifts, date(2012, 8, 1))
    found = state(pledge, allocation, date(2012, 8, 1))
    assert (found.paid, found.due, found.left, found.given_up) == (Money.yuan(120), ZERO, ZERO, Money.yuan(180))
    assert found.standing is Standing.RELEASED
    assert found.next_due_on is None
    assert allocation.surplus == {3: Money.yuan(80)}


def test_how_a_running_pledge_stands() -> None:
    pledge, today = a_pledge(monthly(50)), date(2012, 7, 10)
    found = state(pledge, allocate_all([pledge], [a_gift(1, FIRST, 70)], today), today)
    assert (found.paid, found.due, found.left) == (Money.yuan(70), Money.yuan(30), None)
    assert found.next_due_on == date(2012, 8, 1)
    paused = a_pledge(monthly(50), PledgeEvent(EventKind.PAUSED, today))
    assert state(paused, allocate_all([paused], [], today), today).next_due_on is None


def test_a_pledge_paid_in_full_ahead_is_fulfilled() -> None:
    pledge = a_pledge(monthly(300, 3))
    found = state(pledge, allocate_all([pledge], [a_gift(1, FIRST, 300)], FIRST), FIRST)
    assert (found.standing, found.left, found.next_due_on) == (Standing.FULFILLED, ZERO, None)


days_on = st.integers(0, 900).map(lambda days: FIRST + timedelta(days=days))


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Pledge], list[Gift], date]:
    """Up to three pledges with pauses and perhaps an end, gifts in any order, and a day to look from."""
    pledges = []
    for pledge_id in range(1, draw(st.integers(1, 3)) + 1):
        days = sorted(draw(st.lists(days_on, max_size=5)))
        turns = [EventKind.PAUSED, EventKind.RESUMED] * 3
        events = [PledgeEvent(kind, day, at=9) for kind, day in zip(turns, days, strict=False)]
        if days and draw(st.sampled_from([True, False])):
            events[-1] = PledgeEvent(EventKind.RELEASED, days[-1], at=9)
        times = draw(st.none() | st.integers(1, 30))
        terms = Terms(draw(rhythms), Money((times or 1) + draw(st.integers(0, 100_000))), times)
        pledges.append(a_pledge(terms, *events, first=draw(days_on), pledge_id=pledge_id))
    gifts = [
        Gift(gift_id, "city", (draw(days_on), draw(st.integers(1, 20))), Money(draw(st.integers(1, 200_000))))
        for gift_id in range(draw(st.integers(0, 12)))
    ]
    return pledges, gifts, draw(days_on)


@given(histories())
def test_after_any_history_the_balance_is_the_pledge_less_what_was_paid(
    history: tuple[list[Pledge], list[Gift], date],
) -> None:
    pledges, gifts, today = history
    allocation = allocate_all(pledges, gifts, today)
    spent = total(share.amount for share in allocation.shares) + total(allocation.surplus.values())
    assert spent == total(gift.amount for gift in gifts), "nothing lost or invented"
    for pledge in pledges:
        found = state(pledge, allocation, today)
        assert found.paid == total(share.amount for share in allocation.shares if share.instalment.pledge is pledge)
        assert found.due >= ZERO
        if found.left is not None:
            assert found.left >= ZERO
            assert found.paid + found.left + found.given_up == pledge.terms.amount
        for part in schedule(pledge, today):
            assert total(share.amount for share in allocation.shares if share.instalment == part) <= part.amount


@given(histories(), st.data())
def test_taking_a_gift_back_is_as_if_it_had_never_come(
    history: tuple[list[Pledge], list[Gift], date], data: st.DataObject
) -> None:
    pledges, gifts, today = history
    kept = [gift for gift in gifts if data.draw(st.booleans())]
    spent = allocate_all(pledges, kept, today)
    assert {share.gift.id for share in spent.shares} | set(spent.surplus) == {gift.id for gift in kept}
    assert total(state(pledge, spent, today).paid for pledge in pledges) + total(spent.surplus.values()) == total(
        gift.amount for gift in kept
    )

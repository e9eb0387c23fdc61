"""No order of events leads outside the table of moves, nor pays more than is due."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carefund_bot.domain.aid import Happening, Mark, Stage, Stop, history, outlook, stage_of, track
from carefund_bot.domain.days import read_day
from carefund_bot.domain.payouts import BATCH_MOVES, LINE_MOVES, BatchState, LineState, ReturnReason, line_state

DAY = date(2012, 6, 20)
SENT = [Happening(state, DAY) for state in ("planned", "approved", "instructed")]


@given(st.lists(st.sampled_from(LineState), max_size=30))
def test_moves_in_any_order_never_pay_more_than_is_due(asked: list[LineState]) -> None:
    state, with_payee = LineState.PLANNED, 0
    for to in asked:
        if to not in LINE_MOVES[state]:
            continue
        if to is LineState.PAID:
            with_payee += 1
        elif state is LineState.PAID:  # sent back after all, or recovered: it is with the fund again
            with_payee -= 1
        state = to
        assert with_payee in (0, 1)
        assert (state is LineState.PAID) == (with_payee == 1)


def test_every_state_can_be_reached_and_the_last_ones_are_last() -> None:
    assert {to for moves in LINE_MOVES.values() for to in moves} | {LineState.PLANNED} == set(LineState)
    assert {to for moves in BATCH_MOVES.values() for to in moves} | {BatchState.PLANNED} == set(BatchState)
    assert [state for state, moves in LINE_MOVES.items() if not moves] == [LineState.CANCELLED, LineState.RECOVERED]
    assert BatchState.VOIDED not in BATCH_MOVES[BatchState.INSTRUCTED]


@given(st.sampled_from(BatchState), st.lists(st.sampled_from(list(LineState)[2:]), max_size=4))
def test_a_line_s_own_event_speaks_before_its_batch(batch: BatchState, own: list[LineState]) -> None:
    state = line_state([BatchState.PLANNED, batch], own)
    if batch is BatchState.VOIDED:
        assert state is LineState.CANCELLED
    elif own:
        assert state is own[-1]
    else:
        assert state.value in (batch.value, "planned")


@st.composite
def stories(draw: st.DrawFn) -> tuple[list[Happening], list[Happening]]:
    """A lawful story of a batch and one of its lines."""
    batch = [BatchState.PLANNED]
    while len(BATCH_MOVES[batch[-1]]) > 0 and draw(st.booleans()):
        batch.append(draw(st.sampled_from(sorted(BATCH_MOVES[batch[-1]]))))
    own: list[LineState] = []
    state = line_state(batch, own)
    while batch[-1] in (BatchState.INSTRUCTED, BatchState.PAID) and LINE_MOVES[state] and draw(st.booleans()):
        state = draw(st.sampled_from(sorted(LINE_MOVES[state])))
        own.append(state)
    return [Happening(state, DAY) for state in batch], [Happening(state, DAY) for state in own]


@given(stories())
def test_every_lawful_story_can_be_shown(story: tuple[list[Happening], list[Happening]]) -> None:
    batch, own = story
    stage = stage_of(batch, own)
    if stage is None:
        assert "voided" in [event.state for event in batch] or own[-1].state == "cancelled"
        return
    steps = track(stage, history(batch, own))
    marks = [step.mark for step in steps]
    assert len(steps) in (0, 5)
    assert marks.count(Mark.NOW) <= 1
    assert marks == sorted(marks, key=[Mark.STUCK, Mark.DONE, Mark.NOW, Mark.LATER].index) or stage in (
        Stage.RETURNED,
        Stage.CORRECTED,
        Stage.SENT_AGAIN,
    )


def test_a_return_after_the_bank_s_paid_is_a_return() -> None:
    batch = [*SENT, Happening("paid", DAY)]
    returned = [Happening("returned", DAY)]
    assert stage_of(batch, returned) is Stage.RETURNED
    stuck = [step.stop for step in track(Stage.RETURNED, history(batch, returned)) if step.mark is Mark.STUCK]
    assert stuck == [Stop.RETURNED]


@pytest.mark.parametrize(
    ("today", "sent_on", "late"),
    [
        (date(2012, 6, 30), None, None),
        (date(2012, 7, 1), None, 1),
        (date(2012, 7, 5), None, 5),
        (date(2012, 7, 5), date(2012, 6, 30), None),
        (date(2012, 7, 9), date(2012, 7, 2), 2),
    ],
)
def test_late_is_counted_until_the_money_went_to_the_bank(today: date, sent_on: date | None, late: int | None) -> None:
    assert outlook("household", 2012, Stage.SENT_TO_BANK, today, sent_on=sent_on).days_late == late
    assert outlook("household", 2011, Stage.SENT_TO_BANK, today, sent_on=sent_on).days_late is None
    assert outlook("student", 2012, Stage.SENT_TO_BANK, today, sent_on=sent_on).days_late is None
    assert outlook("household", 2012, Stage.ARRIVED, today, sent_on=sent_on).days_late is None


def test_a_code_that_is_not_on_the_list_means_ask_the_office() -> None:
    assert [ReturnReason.read(code) for code in ("closed", "E42", "", None)] == [
        ReturnReason.CLOSED,
        ReturnReason.UNKNOWN,
        ReturnReason.UNKNOWN,
        ReturnReason.UNKNOWN,
    ]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("6月25日", date(2012, 6, 25)),
        ("２０１２－６－２５", date(2012, 6, 25)),
        ("2012年6月25号", date(2012, 6, 25)),
        ("6/25", date(2012, 6, 25)),
        ("5月1日", date(2013, 5, 1)),
        ("2月30日", None),
        ("下周", None),
        ("25", None),
        ("", None),
    ],
)
def test_a_typed_day(text: str, day: date | None) -> None:
    assert read_day(text, date(2012, 6, 1)) == day

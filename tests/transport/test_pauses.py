"""Whose trouble it is: the row's own, or everybody's."""

from __future__ import annotations

from carefund_bot.transport.pauses import _TRIES, Pauses


def in_trouble(pauses: Pauses, times: int) -> None:
    for _ in range(times):
        pauses.note_trouble()
        pauses.hold_s(1)


def test_a_row_is_given_up_only_if_others_went_since_its_last_trouble() -> None:
    pauses = Pauses()
    in_trouble(pauses, 1)
    pauses.note_success()
    in_trouble(pauses, _TRIES)
    assert not pauses.is_hopeless(1)
    pauses.note_success()
    assert pauses.is_hopeless(1)
    pauses.forget(1)
    assert not pauses.is_hopeless(1)


def test_one_trouble_holds_up_its_row_and_the_next_one_everybody() -> None:
    pauses = Pauses()
    in_trouble(pauses, 1)
    assert pauses.left_s() == 0
    in_trouble(pauses, 1)
    assert pauses.left_s() > 0

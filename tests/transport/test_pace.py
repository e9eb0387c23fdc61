"""Turns to send: so many a second in all, one a second to a chat."""

from __future__ import annotations

import pytest

from carefund_bot.transport.delivery import Pace


class Seconds:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


def test_messages_to_many_are_evenly_spaced(seconds: Seconds) -> None:
    pace = Pace(25, seconds)
    assert [pace.turn(chat) for chat in range(4)] == pytest.approx([0, 0.04, 0.08, 0.12])


def test_a_pause_in_use_earns_no_burst(seconds: Seconds) -> None:
    pace = Pace(25, seconds)
    pace.turn(1)
    seconds.now += 10
    assert [pace.turn(chat) for chat in (2, 3)] == pytest.approx([0, 0.04])


def test_one_chat_gets_one_a_second(seconds: Seconds) -> None:
    pace = Pace(25, seconds)
    assert [pace.turn(7) for _ in range(3)] == pytest.approx([0, 1, 2])
    assert pace.turn(8) == pytest.approx(0.12)


def test_a_pause_only_grows(seconds: Seconds) -> None:
    pace = Pace(25, seconds)
    pace.pause(60)
    pace.pause(5)
    seconds.now += 59
    assert pace.closed_for() == pytest.approx(1)
    seconds.now += 2
    assert pace.closed_for() == 0


def test_chats_of_the_past_are_forgotten(seconds: Seconds) -> None:
    pace = Pace(1e9, seconds)
    for chat in range(3_000):
        pace.turn(chat)
        seconds.now += 0.01
    assert len(pace._next_of_chat) < 1_200

"""Notices: what is reckoned without a database."""

from __future__ import annotations

from carefund_bot.domain.notices import Reach


def test_time_is_rounded_up() -> None:
    assert [Reach(people, 0, 0).seconds(25) for people in (0, 1, 25, 26, 48_704)] == [0, 1, 1, 2, 1949]

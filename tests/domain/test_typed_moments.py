"""Times as staff type them."""

from __future__ import annotations

from datetime import datetime

import pytest

from carefund_bot.clock import SHANGHAI
from carefund_bot.domain.typed_moments import NotMoment, read_moment

NOW = datetime(2012, 6, 1, 10, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("typed", "month_day_time"),
    [
        ("14:30", "06-01 14:30"),
        ("9:00", "06-02 09:00"),
        ("今天下午两点半", "06-01 14:30"),
        ("今晚八点", "06-01 20:00"),
        ("明天上午9点半", "06-02 09:30"),
        ("明早8点", "06-02 08:00"),
        ("后天 中午12点", "06-03 12:00"),
        ("6月5日 14:00", "06-05 14:00"),
        ("6月5日下午2点", "06-05 14:00"),
        ("６月５日１４：００", "06-05 14:00"),
        ("2012-06-05 14:00", "06-05 14:00"),
        ("tomorrow 9:30 am", "06-02 09:30"),
        ("tomorrow 2 pm", "06-02 14:00"),
        ("十点十五分", "06-01 10:15"),
        ("周五下午3点", "06-01 15:00"),
        ("周五 9:00", "06-08 09:00"),
        ("星期一上午9点", "06-04 09:00"),
        ("这周日 9点", "06-03 09:00"),
        ("下周一上午9点", "06-04 09:00"),
        ("下个礼拜五 14:00", "06-08 14:00"),
        ("5号上午9点", "06-05 09:00"),
        ("6月5号下午2点半", "06-05 14:30"),
        ("1号下午2点", "06-01 14:00"),
        ("Monday 9:00", "06-04 09:00"),
        ("next Friday at 9 am", "06-08 09:00"),
        ("tomorrow at 9 am", "06-02 09:00"),
        ("5 June 14:00", "06-05 14:00"),
        ("June 5th, 2 pm", "06-05 14:00"),
    ],
)
def test_moments(typed: str, month_day_time: str) -> None:
    assert f"{read_moment(typed, NOW):%m-%d %H:%M}" == month_day_time


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "九",
        "9",
        "今天",
        "今天 9:00",
        "25:00",
        "9:61",
        "2011-06-05 9:00",
        "2012-09-01 9:00",
        "明天",
        "6月31日 9:00",
        "周五",
        "这周四 9:00",
        "32号 9:00",
        "5 June",
        "May 5 9:00",
    ],
)
def test_what_is_no_coming_moment(typed: str) -> None:
    with pytest.raises(NotMoment):
        read_moment(typed, NOW)

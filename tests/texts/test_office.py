"""Office hours as each reader says them."""

from datetime import time

import pytest

from carefund_bot.domain.office_hours import OfficeHours
from carefund_bot.texts.office import office_hours
from carefund_bot.texts.words import words_in

MORNING, AFTERNOON = (time(9), time(11, 30)), (time(13, 30), time(17))


@pytest.mark.parametrize(
    ("weekdays", "chinese", "english"),
    [
        ({1, 2, 3, 4, 5}, "周一至周五", "Mon to Fri"),
        ({1, 2, 3, 4, 5, 6, 7}, "每天", "daily"),
        ({1, 3}, "周一、周三", "Mon, Wed"),
        ({2, 3}, "周二、周三", "Tue, Wed"),
        ({7, 1, 2, 3}, "周一至周三、周日", "Mon to Wed, Sun"),
    ],
)
def test_the_days_of_the_week(weekdays: set[int], chinese: str, english: str) -> None:
    hours = OfficeHours((MORNING, AFTERNOON), frozenset(weekdays))
    assert office_hours(words_in("zh_CN"), hours) == f"{chinese} 9:00-11:30、13:30-17:00"
    assert office_hours(words_in("en"), hours) == f"{english} 9:00-11:30, 13:30-17:00"

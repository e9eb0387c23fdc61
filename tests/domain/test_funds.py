"""Six funds, and areas that change with the reform of September 2012."""

from datetime import date

from carefund_bot.domain.funds import AREAS, FUND_BY_NAME, FUNDS, area_named, areas_on


def test_six_funds_under_the_names_that_rolls_write() -> None:
    assert [fund.zh for fund in FUNDS] == ["苏州市级", "张家港市", "常熟市", "太仓市", "昆山市", "吴江市"]
    assert len({fund.code for fund in FUNDS}) == 6
    assert FUND_BY_NAME["吴江市"].code == "wujiang"


def test_seven_districts_and_five_cities_before_the_reform() -> None:
    before = areas_on(date(2012, 8, 31))
    assert sum(area.fund.code == "city" for area in before) == 7
    assert len(before) == 12


def test_gusu_replaces_three_and_wujiang_keeps_its_own_fund() -> None:
    after = {area.name_zh: area for area in areas_on(date(2012, 9, 1))}
    assert "姑苏区" in after
    assert not {"平江区", "沧浪区", "金阊区", "吴江市"} & after.keys()
    assert after["吴江区"].fund.code == "wujiang"
    assert len(after) == 10


def test_areas_are_found_by_old_new_and_other_names() -> None:
    assert all(area_named(area.name_zh) is area for area in AREAS)
    assert area_named("虎丘区") is area_named("高新区")
    assert area_named("吴县市") is None

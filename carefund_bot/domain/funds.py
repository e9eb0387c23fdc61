"""The six funds, and the dated areas of Suzhou whose people each of them serves."""

from dataclasses import dataclass
from datetime import date

REFORM = date(2012, 9, 1)
"""The day Gusu replaced three districts and Wujiang became a district, yet kept its own fund."""


@dataclass(frozen=True, slots=True)
class Fund:
    """One of six independent books; `code` is what is stored, `zh` what every roll writes."""

    code: str
    zh: str
    en: str


FUNDS = (
    Fund("city", "苏州市级", "Suzhou city level"),
    Fund("zhangjiagang", "张家港市", "Zhangjiagang"),
    Fund("changshu", "常熟市", "Changshu"),
    Fund("taicang", "太仓市", "Taicang"),
    Fund("kunshan", "昆山市", "Kunshan"),
    Fund("wujiang", "吴江市", "Wujiang"),
)
FUND_BY_NAME = {fund.zh: fund for fund in FUNDS}
FUND_BY_CODE = {fund.code: fund for fund in FUNDS}


@dataclass(frozen=True, slots=True)
class Area:
    """A district or county-level city, in being from `since` up to but not including `until` (None: open)."""

    name_zh: str
    name_en: str
    fund: Fund
    since: date | None = None
    until: date | None = None

    def stood_on(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)


_CITY = FUND_BY_CODE["city"]
_WUJIANG = FUND_BY_CODE["wujiang"]
AREAS = (
    Area("平江区", "Pingjiang", _CITY, until=REFORM),
    Area("沧浪区", "Canglang", _CITY, until=REFORM),
    Area("金阊区", "Jinchang", _CITY, until=REFORM),
    Area("姑苏区", "Gusu", _CITY, since=REFORM),
    Area("吴中区", "Wuzhong", _CITY),
    Area("相城区", "Xiangcheng", _CITY),
    Area("高新区", "Huqiu (New District)", _CITY),
    Area("工业园区", "Industrial Park", _CITY),
    *(Area(fund.zh, fund.en, fund) for fund in FUNDS if fund not in (_CITY, _WUJIANG)),
    Area("吴江市", "Wujiang", _WUJIANG, until=REFORM),
    Area("吴江区", "Wujiang", _WUJIANG, since=REFORM),
)
_OTHER_NAMES = {"虎丘区": "高新区", "苏州高新区": "高新区", "苏州工业园区": "工业园区"}
_AREA_BY_NAME = {area.name_zh: area for area in AREAS}


def area_named(name: str) -> Area | None:
    """The area of this name, old or new; 虎丘区 is 高新区."""
    return _AREA_BY_NAME.get(_OTHER_NAMES.get(name, name))


def areas_on(day: date) -> list[Area]:
    """The areas in being on a day: seven districts and five cities in April 2012."""
    return [area for area in AREAS if area.stood_on(day)]

"""Places on an editor's buttons: how they are written there and read back, and how a fund may be narrowed."""

from __future__ import annotations

from datetime import date
from typing import Final

from carefund_bot.domain.funds import AREAS, FUND_BY_CODE, areas_on
from carefund_bot.domain.notices import Place
from carefund_bot.errors import NotAllowed

_BRANCH_MARK: Final = "b"


def written(place: Place) -> str:
    """A place in a button's data: `` for all six funds, `city`, `city.吴中区`, `b12`."""
    if place.branch_id is not None:
        return f"{_BRANCH_MARK}{place.branch_id}"
    return ".".join(part for part in (place.fund, place.area) if part)


def place_of(argument: str) -> Place:
    """The place that `written` wrote; the service checks that the speaker may write there."""
    if argument.removeprefix(_BRANCH_MARK).isdecimal():
        return Place(branch_id=int(argument.removeprefix(_BRANCH_MARK)))
    fund, _, area = argument.partition(".")
    if fund and fund not in FUND_BY_CODE:
        raise NotAllowed
    return Place(fund or None, area or None)


def is_whole_fund(place: Place) -> bool:
    return place.fund is not None and place.area is None and place.branch_id is None


def areas_of(place: Place, today: date) -> list[Place]:
    """The areas inside a fund, those of old rolls too; none if the fund has but one today."""
    if not is_whole_fund(place) or sum(area.fund.code == place.fund for area in areas_on(today)) < 2:
        return []
    return [Place(place.fund, area.name_zh) for area in AREAS if area.fund.code == place.fund]

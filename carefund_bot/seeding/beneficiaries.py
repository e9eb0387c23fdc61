"""Who is paid: invented households and students, and what each roll says of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from carefund_bot.domain.funds import areas_on
from carefund_bot.seeding.calendar import FOUNDED
from carefund_bot.seeding.people import Inventor, card_number, identity_number
from carefund_bot.seeding.plan import DIBAO_FEN, MARGIN_FEN, STUDENT_FEN, FundPlan, Scale

DIBAO: Final = "低保户"
MARGIN: Final = "低保边缘户"
STUDENT: Final = "困难大学生"
STANDARD_FEN: Final = {DIBAO: DIBAO_FEN, MARGIN: MARGIN_FEN, STUDENT: STUDENT_FEN}
AREAS_OF: Final = {
    code: tuple(area.name_zh for area in areas_on(FOUNDED) if area.fund.code == code)
    for code in ("city", "zhangjiagang", "changshu", "taicang", "kunshan", "wujiang")
}
_CAMPUS_AREA: Final = "工业园区"


@dataclass(frozen=True, slots=True, repr=False)
class Beneficiary:
    """A household or student; `categories` holds a year's category, `None` = not on that year's roll."""

    id: int
    kind: str
    number: str
    fund: str
    area: str
    town: str
    community: str
    source: str
    categories: dict[int, str | None]
    personal: dict[str, Any]

    @property
    def account(self) -> dict[str, Any]:
        """What a payment line remembers."""
        return {field: self.personal[field] for field in ("name", "bank", "card")}

    def sealed_fields(self, year: int) -> dict[str, Any]:
        """What the roll of a year says, or the last thing it said."""
        category = self.categories[year] or self.categories[2010]
        return self.personal | {"category": category}


def households(plans: list[FundPlan]) -> Iterator[Beneficiary]:
    """All households, the same ones at each call; ids count from 1, fund by fund."""
    invent, number = Inventor("households"), 0
    for plan in plans:
        areas = AREAS_OF[plan.fund]
        for place in range(plan.dibao_2010 + plan.margin_2010 + plan.newcomers):
            number += 1
            yield Beneficiary(
                number,
                "household",
                f"HU{2_000_000 + number}",
                plan.fund,
                areas[place % len(areas)],
                invent.town(),
                invent.community(),
                "民政局",
                _household_categories(plan, place),
                _personal(invent, number, size=invent.size(), school=None),
            )


def _household_categories(plan: FundPlan, place: int) -> dict[int, str | None]:
    """First the dibao households, then the margin ones (the first of them move up, the last leave), then newcomers."""
    there_in_2010 = plan.dibao_2010 + plan.margin_2010
    if place >= there_in_2010:
        return {2010: None, 2011: DIBAO}
    if place < plan.dibao_2010:
        return {2010: DIBAO, 2011: DIBAO}
    if place < plan.dibao_2010 + plan.upgraded:
        return {2010: MARGIN, 2011: DIBAO}
    return {2010: MARGIN, 2011: MARGIN if place < there_in_2010 - plan.leavers else None}


def students(scale: Scale, first_id: int) -> Iterator[Beneficiary]:
    """All students, the same ones at each call; half of the second year's were there in the first."""
    invent = Inventor("students")
    staying = scale.students_2011 // 2
    for place in range(scale.students_2010 + scale.students_2011 - staying):
        number = first_id + place
        yield Beneficiary(
            number,
            "student",
            f"XS{3_000_000 + place + 1}",
            "city",
            _CAMPUS_AREA,
            "",
            "",
            "高校",
            {
                2010: STUDENT if place < scale.students_2010 else None,
                2011: STUDENT if place >= scale.students_2010 - staying else None,
            },
            _personal(invent, number, size=None, school=invent.school()),
        )


def _personal(invent: Inventor, number: int, *, size: int | None, school: str | None) -> dict[str, Any]:
    return {
        "name": invent.name(),
        "identity_number": identity_number(number),
        "size": size,
        "school": school,
        "bank": invent.bank(),
        "card": card_number(number),
        "phone": invent.phone(),
    }

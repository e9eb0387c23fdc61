"""The numbers of the invented fund.

Published are the counts and sums of the two payouts, the participation of 96.1 % over the whole period, "nearly 130
million" raised and the principal of 610 million. Everything finer is invented so that those come out exactly:

- A standard a year and category (dibao 1,400, dibao-margin 1,200, student 1,000 yuan). The mix of categories follows:
  48,704 households and 1,594 students are paid 64,540,000.00 yuan with 22,506 dibao households among them.
- Households that leave after the first year are margin households, newcomers are dibao households, and a few move from
  margin to dibao.
- A member who gives gives 200 yuan in the mean over both years, by the repeating `GIVING_PATTERN`.
- Every count is shared among the six funds by `WEIGHTS`, the largest remainder first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

YEARS: Final = (2010, 2011)
WEIGHTS: Final = {"city": 40, "zhangjiagang": 13, "changshu": 15, "taicang": 7, "kunshan": 14, "wujiang": 11}
"""Each fund's share of people and money, in hundredths."""

DIBAO_FEN: Final = 1400_00
MARGIN_FEN: Final = 1200_00
STUDENT_FEN: Final = 1000_00

GIVING_PATTERN: Final = (
    (100_00, 100_00),
    (50_00, 50_00),
    (100_00, 0),
    (0, 100_00),
    (200_00, 100_00),
    (50_00, 0),
    (0, 50_00),
    (300_00, 200_00),
    (100_00, 100_00),
    (200_00, 200_00),
)
"""What ten members in a row give in 2010 and 2011: 2,000 yuan in all. Members beyond the last ten give as the first."""
GIFTS_OF_TEN: Final = sum(fen > 0 for pair in GIVING_PATTERN for fen in pair)

PRINCIPAL_YUAN: Final = {
    "city": 250_000_000,
    "zhangjiagang": 90_000_000,
    "changshu": 75_000_000,
    "taicang": 45_000_000,
    "kunshan": 90_000_000,
    "wujiang": 60_000_000,
}
PRINCIPAL_SHARES: Final = {"fiscal": 60, "member": 15, "enterprise": 25}
"""Hundredths of each fund's principal by source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How large the invented fund is; counts are of the whole fund, `_fen` is one gift's sum."""

    name: str
    members: int
    givers: int
    dibao_2010: int
    margin_2010: int
    leavers: int
    newcomers: int
    upgraded: int
    students_2010: int
    students_2011: int
    enterprise_gifts: int
    enterprise_fen: int
    other_gifts: int
    other_fen: int
    fiscal_fen: int
    principal_divisor: int

    def principal_fen(self, fund: str, source: str) -> int:
        return PRINCIPAL_YUAN[fund] * PRINCIPAL_SHARES[source] // self.principal_divisor

    @property
    def students(self) -> dict[int, int]:
        return {2010: self.students_2010, 2011: self.students_2011}


FULL: Final = Scale(
    name="full",
    members=500_000,
    givers=480_500,
    dibao_2010=22_506,
    margin_2010=26_198,
    leavers=2_704,
    newcomers=2_680,
    upgraded=394,
    students_2010=1_594,
    students_2011=1_458,
    enterprise_gifts=460,
    enterprise_fen=50_000_00,
    other_gifts=47_700,
    other_fen=100_00,
    fiscal_fen=500_000_00,
    principal_divisor=1,
)
SMALL: Final = Scale(
    name="small",
    members=2_000,
    givers=1_922,
    dibao_2010=90,
    margin_2010=105,
    leavers=11,
    newcomers=11,
    upgraded=6,
    students_2010=6,
    students_2011=6,
    enterprise_gifts=46,
    enterprise_fen=2_000_00,
    other_gifts=200,
    other_fen=100_00,
    fiscal_fen=2_000_00,
    principal_divisor=250,
)
SCALES: Final = {scale.name: scale for scale in (SMALL, FULL)}


@dataclass(frozen=True, slots=True)
class FundPlan:
    """One fund's share of a scale."""

    fund: str
    members: int
    givers: int
    dibao_2010: int
    margin_2010: int
    leavers: int
    newcomers: int
    upgraded: int
    enterprise_gifts: int
    other_gifts: int


def shares(scale: Scale) -> list[FundPlan]:
    """The scale shared among the six funds; each column adds up to the scale's number."""
    columns = [
        apportion(count)
        for count in (
            scale.members,
            scale.givers,
            scale.dibao_2010,
            scale.margin_2010,
            scale.leavers,
            scale.newcomers,
            scale.upgraded,
            scale.enterprise_gifts,
            scale.other_gifts,
        )
    ]
    return [FundPlan(fund, *row) for fund, *row in zip(WEIGHTS, *columns, strict=True)]


def apportion(count: int) -> list[int]:
    """Whole shares by `WEIGHTS` that add up to `count`: what is left over goes to the largest remainders."""
    whole = sum(WEIGHTS.values())
    parts = [divmod(count * weight, whole) for weight in WEIGHTS.values()]
    left = count - sum(share for share, _ in parts)
    first = sorted(range(len(parts)), key=lambda place: (-parts[place][1], place))[:left]
    return [share + (place in first) for place, (share, _) in enumerate(parts)]


def gifts_of(giver: int, givers: int) -> tuple[int, int]:
    """What a fund's giver of this place (from 0) gives in 2010 and 2011, in fen; 0 = nothing that year."""
    length = len(GIVING_PATTERN)
    return GIVING_PATTERN[giver % length if giver < givers - givers % length else 0]

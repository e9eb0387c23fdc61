"""Invented people: names of common parts, identity numbers of an area that does not exist, cards of no bank."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Final

from carefund_bot.domain.people import check_character

_FAMILY: Final = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏"
    "陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳"
)
_GIVEN: Final = (
    "安柏晨丹恩芳刚海慧佳静凯兰敏宁平琴蓉松婷伟霞燕洋逸颖云泽志梅红明强丽娜飞亮玉文华国建春秋雪峰林英杰莉超萍辉斌琳欣"
)
_NO_SUCH_AREA: Final = "990105"
_NO_SUCH_BANK: Final = "629999"
_BANKS: Final = ("太湖示例银行", "江南示例银行", "运河示例农商行")
_SCHOOLS: Final = ("苏州示例大学", "姑苏示例学院", "太湖示例职业学院")
_TOWNS: Final = tuple(f"{side}{place}街道" for side in "东西南北" for place in "园桥塘浜湖")
_COMMUNITIES: Final = tuple(f"{flower}{place}社区" for flower in "梅兰竹菊桂松" for place in "花香溪")
_BIRTHDAYS: Final = 20_000
_FIRST_BIRTHDAY: Final = date(1930, 1, 1)
_MOBILE: Final = 19_500_000_000
_LINES: Final = 10_000_000
_DOUBLED: Final = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)


class Inventor:
    """Makes up people; the same `chance` makes up the same ones. `place` counts them, so that numbers never repeat."""

    def __init__(self, use: str) -> None:
        self._chance = Random(f"carefund {use}")  # noqa: S311 - made-up people need no cryptographic chance

    def name(self) -> str:
        draw = self._chance.random
        name = _FAMILY[int(draw() * len(_FAMILY))] + _GIVEN[int(draw() * len(_GIVEN))]
        return name + _GIVEN[int(draw() * len(_GIVEN))] if draw() < 0.6 else name

    def phone(self) -> str:
        return str(_MOBILE + int(self._chance.random() * _LINES))

    def size(self) -> int:
        """People in a household: 1 to 5."""
        return 1 + int(self._chance.random() * 5)

    def bank(self) -> str:
        return _BANKS[int(self._chance.random() * len(_BANKS))]

    def school(self) -> str:
        return _SCHOOLS[int(self._chance.random() * len(_SCHOOLS))]

    def town(self) -> str:
        return _TOWNS[int(self._chance.random() * len(_TOWNS))]

    def community(self) -> str:
        return _COMMUNITIES[int(self._chance.random() * len(_COMMUNITIES))]


def identity_number(place: int) -> str:
    """A well-formed number whose area code nobody has; each place its own."""
    born = _FIRST_BIRTHDAY + timedelta(days=place * 7919 % _BIRTHDAYS)
    body = f"{_NO_SUCH_AREA}{born:%Y%m%d}{place // _BIRTHDAYS + 1:03}"
    return body + check_character(body)


def card_number(place: int) -> str:
    """19 digits that pass the card check under a bank number that nobody has."""
    body = f"{_NO_SUCH_BANK}{place * 7_368_787 % 10**12:012}"
    figures = [int(digit) for digit in body]
    return f"{body}{-(sum(figures[::2]) + sum(map(_DOUBLED.__getitem__, figures[1::2]))) % 10}"

"""A members' roll of any size, invented from a seed; numbers and phones are unique and in no order."""

from __future__ import annotations

import csv
import random
from pathlib import Path

from carefund_bot.domain.funds import AREAS, REFORM
from carefund_bot.files.headers import COLUMNS, RollKind

_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀兰霞平刚桂英"
_COMMITTEES, _BRANCHES = 30, 40


def write_members(path: Path, rows: int, seed: int = 2012) -> None:
    """A CSV with the headers of the samples."""
    chance = random.Random(seed)  # noqa: S311 - invented people
    areas = [area for area in AREAS if area.since != REFORM]
    numbers, phones = list(range(rows)), list(range(rows))
    chance.shuffle(numbers)
    chance.shuffle(phones)
    with path.open("w", encoding="utf-8", newline="") as file:
        sheet = csv.writer(file)
        sheet.writerow(column.name for column in COLUMNS[RollKind.MEMBERS])
        for number, phone in zip(numbers, phones, strict=True):
            area = chance.choice(areas)
            name = chance.choice(_SURNAMES) + chance.choice(_GIVEN) + chance.choice(_GIVEN)
            committee = f"{area.name_zh}示例第{chance.randint(1, _COMMITTEES)}党委"
            branch = f"第{chance.randint(1, _BRANCHES)}党支部"
            sheet.writerow((f"DY{number:07}", name, area.fund.zh, area.name_zh, committee, branch, f"19{phone:09}"))

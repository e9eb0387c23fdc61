"""The fund as a newcomer finds it: rolls from office files, this year's payout on its way, codes to link with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from carefund_bot.access import OPERATOR, Right, Role
from carefund_bot.files.headers import RollKind
from carefund_bot.fund import Fund
from sandbox import Sandbox

SAMPLES: Final = Path(__file__).parent / "samples"
MEMBER, HOUSEHOLD = "DY100000", "HU200002"
MEMBER_NAME, HOUSEHOLD_NAME, CLERK_NAME, STRANGER_NAME = "付平红", "郭明霞", "陆静", "阿牛"

Hint = dict[str, Any]


async def prepare(fund: Fund, sandbox: Sandbox, folder: Path) -> list[Hint]:
    """Write the fund at the first start; the hints shown above the phones, every time."""
    for name in (MEMBER_NAME, HOUSEHOLD_NAME, CLERK_NAME, STRANGER_NAME):
        sandbox.person(name)
    sandbox.telegram.profile.names.update({"": fund.settings.name_zh, "en": fund.settings.name_en})
    kept = folder / "hints.json"
    if not kept.exists():
        hints = await _write_fund(fund)
        kept.write_text(json.dumps(hints, ensure_ascii=False, indent=1), encoding="utf-8")
    hints = json.loads(kept.read_text(encoding="utf-8"))
    return [hint | {"files": [str(SAMPLES / name) for name in hint.get("files", [])]} for hint in hints]


async def _write_fund(fund: Fund) -> list[Hint]:
    for kind in (RollKind.MEMBERS, RollKind.HOUSEHOLDS, RollKind.STUDENTS):
        await _take_over(fund, kind)
    clerk = await fund.staffing.add(
        OPERATOR, CLERK_NAME, [Right(Role.MAKER), Right(Role.NOTICE_EDITOR), Right(Role.ADMINISTRATOR)]
    )
    member_code = (await fund.codes.issue_one(OPERATOR, MEMBER)).code
    household_code = (await fund.codes.issue_one(OPERATOR, HOUSEHOLD)).code
    return _hints(member_code, household_code, clerk.code)


async def _take_over(fund: Fund, kind: RollKind) -> None:
    path = SAMPLES / "clean" / f"{kind}.csv"
    preview = await fund.rolls.stage(OPERATOR, path, path.name, kind)
    if preview.import_id is None:
        raise AssertionError("the demo's own rolls are clean")
    await fund.rolls.apply(OPERATOR, preview.import_id)


def _hints(member_code: str, household_code: str, clerk_code: str) -> list[Hint]:
    """What each phone suggests: a link to open, words to say, files to send."""
    return [
        {
            "person": MEMBER_NAME,
            "title": "党员 Member",
            "text": "扫码绑定，再认捐 Link, then pledge",
            "start": member_code,
            "say": "我的捐款",
        },
        {
            "person": HOUSEHOLD_NAME,
            "title": "受助家庭 Household",
            "text": "扫码绑定，再问一句 Link, then ask",
            "start": household_code,
            "say": "钱什么时候到",
        },
        {
            "person": CLERK_NAME,
            "title": "经办人 Clerk",
            "text": "扫码绑定，发名册 Link, send a roll",
            "start": clerk_code,
            "files": ["clean/members.csv", "messy/households.csv", "clean/branch_remittance.csv"],
        },
        {"person": STRANGER_NAME, "title": "陌生人 Stranger", "text": "猜一个码 Guess a code", "say": "ABCDE-23456"},
    ]

"""Canaries: a story full of personal data and trouble, after which no log line holds any of it."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest

from bot import set_up_logs
from carefund_bot.fund import Fund
from carefund_bot.seeding.people import card_number, identity_number
from carefund_bot.services.linking import new_code
from carefund_bot.transport.malfunctions import place_of
from sandbox import Sandbox
from sandbox.faults import reset, server_error, torn
from tests.cast import CITY_CLERK, GUO, GUO_CARD, QIN, Cast, code_for, link, make_staff
from tests.payouts import write_batch

NAME, PHONE = "金丝雀", "19511112222"
CARD, IDENTITY = card_number(424_242), identity_number(424_242)
OURS = ("bot", "carefund_bot", "commands", "handlers")
ROLL = f"""户编号,户主姓名,身份证号,困难类别,家庭人口,基金,区(市),街道(镇),社区(村),开户行,银行卡号,手机号,名册来源,认定日期
HU900001,{NAME},{IDENTITY}9,低保户,2,苏州市级,吴中区,南桥街道,菊花社区,太湖示例银行,{CARD}7,{PHONE}1,民政局,2012-05-31
"""


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """Everything that `main` would let through, and our own down to the last word."""
    written, root = io.StringIO(), logging.getLogger()
    ear = logging.StreamHandler(written)
    ear.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    names = (*OURS, "httpx", "aiosqlite", "telegram", "apscheduler")
    levels = {name: logging.getLogger(name).level for name in names}
    root_level = root.level
    root.addHandler(ear)
    set_up_logs()
    root.setLevel(logging.INFO)
    for name in OURS:
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield written
    root.removeHandler(ear)
    root.setLevel(root_level)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def canaries_in(text: str, *more: str) -> list[str]:
    return [canary for canary in (NAME, PHONE, CARD, IDENTITY, GUO_CARD, *more) if canary in text]


async def test_no_log_line_holds_anybodys_data(logged: io.StringIO, sandbox: Sandbox, bot: Fund, cast: Cast) -> None:
    canary, clerk, household = sandbox.person(NAME), sandbox.person(f"{NAME}的同事"), sandbox.person("郭明")
    wrong_code, code = new_code(), await code_for(bot, "member", cast.members[QIN])
    await canary.says(wrong_code)
    await canary.says(f"/start {code}")
    await canary.taps("同意")
    for private in (IDENTITY, CARD, f"我叫{NAME}，电话{PHONE}"):
        await canary.says(private)
    await make_staff(bot, clerk, CITY_CLERK)
    await clerk.uploads(f"{NAME}.csv", ROLL.encode())
    for trouble in (server_error(), reset(), torn()):
        sandbox.faults.next("sendMessage", trouble)
        await canary.says(f"{NAME} {PHONE}")
    await link(bot, household, "beneficiary", cast.beneficiaries[GUO])
    await write_batch(bot, cast.beneficiaries[GUO], "planned", "approved", card=GUO_CARD)
    await bot.ground.db.write(lambda db: db.execute("ALTER TABLE payment_line RENAME TO mislaid").close())
    await household.says("/start")
    lines = logged.getvalue()
    assert "ERROR" in lines, "the story must go wrong somewhere, or this looks at nothing"
    assert canaries_in(lines, code, wrong_code, sandbox.token) == []


class TroubleError(Exception):
    """An error that quotes a person, as other people's errors do."""


def test_an_error_is_told_by_class_and_place_only() -> None:
    with pytest.raises(TroubleError) as raised:
        raise TroubleError(f"{NAME} {CARD}")
    assert place_of(raised.value).startswith("TroubleError at test_canaries.py")
    assert canaries_in(place_of(raised.value)) == []

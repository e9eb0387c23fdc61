"""`staff` as it is typed, and what its codes do in a chat."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot import front_door
from carefund_bot.access import OPERATOR, Actor, Right, Role
from carefund_bot.clock import Clock
from carefund_bot.errors import NotAllowed, StartRefused
from carefund_bot.fund import Fund, open_fund
from carefund_bot.services.linking import CODE_LENGTH
from carefund_bot.settings import load_settings

CODE = re.compile(rf"^    ([2-9A-Z]{{{CODE_LENGTH}}})$", re.MULTILINE)
CITY_ADMINISTRATOR = Actor(staff_id=None, staff_rights=(Right(Role.ADMINISTRATOR, "city"),))


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(f"[store]\ndatabase = '{tmp_path / 'fund.db'}'\nkey_file = '{tmp_path / 'fund.key'}'\n")
    return path


def staff(config: Path, *arguments: str) -> Result:
    return CliRunner().invoke(front_door(), ["staff", *arguments, "--config", str(config)])


def refused(answer: Result) -> str:
    assert isinstance(answer.exception, StartRefused), answer.output
    return str(answer.exception)


def rights(config: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(config.with_name("fund.db"))) as db:
        return db.execute("SELECT role, fund, area FROM staff_right ORDER BY id").fetchall()


def test_a_colleague_is_added_with_several_roles_in_one_scope(config: Path) -> None:
    answer = staff(
        config, "add", "张小明", "--role", "maker", "--role", "auditor", "--fund", "city", "--area", "吴中区"
    )
    assert answer.exit_code == 0, answer.output
    assert CODE.search(answer.stdout)
    assert "/start" in answer.stdout
    assert rights(config) == [("maker", "city", "吴中区"), ("auditor", "city", "吴中区")]


def test_the_name_is_sealed_and_shown_masked(config: Path) -> None:
    staff(config, "add", "张小明", "--role", "maker")
    for file in config.parent.glob("fund.db*"):
        assert "张小明".encode() not in file.read_bytes()
    listed = staff(config, "list").stdout
    assert "张*明" in listed
    assert "张小明" not in listed


def test_an_area_names_its_fund(config: Path) -> None:
    staff(config, "add", "张小明", "--role", "maker", "--area", "昆山市")
    assert rights(config) == [("maker", "kunshan", "昆山市")]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--role", "boss"], "The roles are: maker, checker, releaser"),
        (["--role", "member"], "The roles are: maker"),
        (["--role", "maker", "--fund", "nanjing"], "The funds are: city, zhangjiagang"),
        (["--role", "maker", "--area", "玄武区"], "The areas are: 平江区"),
        (["--role", "maker", "--fund", "city", "--area", "昆山市"], "The areas are: 平江区"),
    ],
)
def test_an_unknown_word_is_refused_with_the_known_ones(config: Path, arguments: list[str], words: str) -> None:
    assert words in refused(staff(config, "add", "张小明", *arguments))
    assert not config.with_name("fund.db").exists()


def test_without_a_role_nobody_is_added(config: Path) -> None:
    assert staff(config, "add", "张小明").exit_code == 2


def test_ended_rights_are_gone_and_stay_on_record(config: Path) -> None:
    staff(config, "add", "张小明", "--role", "maker")
    answer = staff(config, "end", "1")
    assert answer.exit_code == 0, answer.output
    assert "no colleagues" in staff(config, "list").stdout
    assert rights(config) == [("maker", None, None)]
    assert "no rights in force" in refused(staff(config, "end", "1"))


def test_nobody_there_is_said_plainly(config: Path) -> None:
    assert "no rights in force" in refused(staff(config, "end", "7"))


async def test_the_code_binds_a_chat_and_an_end_unbinds_it(config: Path, clock: Clock) -> None:
    async with open_fund(load_settings(config), clock=clock) as fund:
        added = await fund.staffing.add(OPERATOR, "张小明", [Right(Role.MAKER, "city")])
        speaker = await fund.accounts.meet(7, "zh_CN")
        assert (await fund.linking.accept(speaker.actor, added.code)).subject == "staff"
        assert (await fund.accounts.meet(7, "zh_CN")).actor.staff_rights == (Right(Role.MAKER, "city"),)
        await fund.staffing.end(OPERATOR, added.id)
        assert (await fund.accounts.meet(7, "zh_CN")).actor.is_stranger


async def test_an_unused_code_dies_with_the_rights(fund: Fund) -> None:
    added = await fund.staffing.add(OPERATOR, "张小明", [Right(Role.MAKER, "city")])
    await fund.staffing.end(OPERATOR, added.id)
    live = await fund.ground.db.read(
        lambda db: db.execute("SELECT count(*) FROM link_code WHERE revoked_at IS NULL").fetchone()
    )
    assert live == (0,)


@pytest.mark.parametrize("right", [Right(Role.MAKER), Right(Role.MAKER, "changshu"), Right(Role.ADMINISTRATOR)])
async def test_an_administrator_gives_nothing_beyond_the_own_scope(fund: Fund, right: Right) -> None:
    with pytest.raises(NotAllowed):
        await fund.staffing.add(CITY_ADMINISTRATOR, "张小明", [Right(Role.MAKER, "city"), right])
    assert await fund.staffing.colleagues(OPERATOR) == []


async def test_an_administrator_sees_and_ends_only_inside_the_own_scope(fund: Fund) -> None:
    here = await fund.staffing.add(OPERATOR, "张小明", [Right(Role.MAKER, "city"), Right(Role.AUDITOR)])
    there = await fund.staffing.add(OPERATOR, "何静", [Right(Role.MAKER, "changshu")])
    seen = await fund.staffing.colleagues(CITY_ADMINISTRATOR)
    assert [(one.id, one.rights) for one in seen] == [(here.id, (Right(Role.MAKER, "city"),))]
    with pytest.raises(NotAllowed):
        await fund.staffing.end(CITY_ADMINISTRATOR, there.id)
    await fund.staffing.end(CITY_ADMINISTRATOR, here.id)
    assert [one.rights for one in await fund.staffing.colleagues(OPERATOR)] == [
        (Right(Role.AUDITOR),),
        (Right(Role.MAKER, "changshu"),),
    ]


async def test_a_colleague_with_a_new_phone_stays_the_same_colleague(fund: Fund) -> None:
    added = await fund.staffing.add(OPERATOR, "张小明", [Right(Role.MAKER, "city")])
    old = await fund.accounts.meet(7, "zh_CN")
    await fund.linking.accept(old.actor, added.code)
    renewed = await fund.staffing.renew_code(CITY_ADMINISTRATOR, added.id)
    new = await fund.accounts.meet(8, "zh_CN")
    await fund.linking.accept(new.actor, renewed.code)
    assert (await fund.accounts.meet(8, "zh_CN")).actor.staff_id == added.id
    assert (await fund.accounts.meet(7, "zh_CN")).actor.is_stranger


async def test_an_administrator_takes_over_nobody_with_rights_beyond_the_own_scope(fund: Fund) -> None:
    """A code is all of a colleague's rights."""
    both = await fund.staffing.add(OPERATOR, "张小明", [Right(Role.MAKER, "city"), Right(Role.AUDITOR)])
    for staff_id in (both.id, 7):
        with pytest.raises(NotAllowed):
            await fund.staffing.renew_code(CITY_ADMINISTRATOR, staff_id)
    await fund.linking.look_at(Actor(user_id=7), both.code)


def test_a_new_code_is_typed_by_number(config: Path) -> None:
    first = CODE.findall(staff(config, "add", "张小明", "--role", "maker").stdout)
    again = staff(config, "code", "1")
    assert again.exit_code == 0, again.output
    assert CODE.findall(again.stdout) != first
    assert "no rights in force" in refused(staff(config, "code", "7"))


async def waits_for_operator(config: Path) -> None:
    """What an administrator gave and nobody but the operator can confirm."""
    async with open_fund(load_settings(config)) as fund:
        first = await fund.staffing.add(OPERATOR, "顾青", [Right(Role.ADMINISTRATOR)])
        giver = Actor(staff_id=first.id, staff_rights=(Right(Role.ADMINISTRATOR),))
        added = await fund.staffing.add(giver, "张小明", [Right(Role.MAKER, "city")])
        await fund.linking.accept((await fund.accounts.meet(7, "zh_CN")).actor, added.code)


def test_a_chat_that_waits_is_marked_and_confirmed_by_number(config: Path) -> None:
    asyncio.run(waits_for_operator(config))
    assert "waits" in staff(config, "list").stdout
    answer = staff(config, "confirm", "2")
    assert answer.exit_code == 0, answer.output
    assert "张*明 (2) is open" in answer.stdout
    assert "waits" not in staff(config, "list").stdout
    assert "No chat of colleague 2 waits" in refused(staff(config, "confirm", "2"))


def test_a_chat_of_somebody_else_s_is_refused_by_number(config: Path) -> None:
    """It is unbound, the rights stay, and a new code lets the right one in."""
    asyncio.run(waits_for_operator(config))
    answer = staff(config, "refuse", "2")
    assert answer.exit_code == 0, answer.output
    assert "张*明 (2) is unbound" in answer.stdout
    assert "waits" not in staff(config, "list").stdout
    with closing(sqlite3.connect(config.with_name("fund.db"))) as db:
        assert db.execute("SELECT count(*) FROM link WHERE subject = 'staff'").fetchone() == (0,)
    assert staff(config, "code", "2").exit_code == 0
    assert "No chat of colleague 2 waits" in refused(staff(config, "refuse", "2"))


def test_the_operator_leaves_it_to_an_administrator_who_is_there(config: Path) -> None:
    asyncio.run(waits_for_operator(config))

    async def second_administrator() -> None:
        async with open_fund(load_settings(config)) as fund:
            added = await fund.staffing.add(OPERATOR, "沈悦", [Right(Role.AUDITOR)])
            await fund.linking.accept((await fund.accounts.meet(8, "zh_CN")).actor, added.code)

    asyncio.run(second_administrator())
    for word in ("confirm", "refuse"):
        assert "they send /newcomers in their own chat" in refused(staff(config, word, "2"))

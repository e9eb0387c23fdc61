"""A second person's word: whose it may be, in which funds, and what the database itself refuses."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from carefund_bot.access import OPERATOR, Actor, Right, Role
from carefund_bot.errors import NotAllowed, Overtaken, SameHands
from carefund_bot.fund import Fund
from carefund_bot.store import migrations, people, staffing
from carefund_bot.store.database import connect_writer
from tests.cast import write_link

EVERYWHERE = Right(Role.ADMINISTRATOR)


async def hired(fund: Fund, user_id: int, *rights: Right) -> Actor:
    """A colleague with an open chat."""

    def write(db: sqlite3.Connection) -> None:
        staff_id = people.add_staff(db, fund.ground.sealer.seal("staff", {"name": "某某"}), 0)
        for right in rights:
            people.grant(db, staff_id, right, None, 0)
        people.add_account(db, user_id, "zh_CN", 0)
        write_link(db, user_id, "staff", staff_id)

    await fund.ground.db.write(write)
    return (await fund.accounts.meet(user_id, "zh_CN")).actor


async def arrived(fund: Fund, by: Actor, user_id: int, *rights: Right) -> Actor:
    """A colleague whom somebody has just added, and who has used the code."""
    added = await fund.staffing.add(by, "新来的", rights)
    speaker = await fund.accounts.meet(user_id, "zh_CN")
    await fund.linking.accept(speaker.actor, added.code)
    return (await fund.accounts.meet(user_id, "zh_CN")).actor


async def the_code(fund: Fund) -> int:
    (waiting,) = await fund.newcomers.waiting(OPERATOR)
    return waiting.code_id


async def acts(fund: Fund) -> list[tuple[str, int | None]]:
    return await fund.ground.db.read(
        lambda db: db.execute("SELECT act, staff_id FROM audit_event WHERE act LIKE 'staff%' ORDER BY id").fetchall()
    )


async def test_a_right_opens_with_the_word_and_not_before(fund: Fund) -> None:
    giver, second = await hired(fund, 1, EVERYWHERE), await hired(fund, 2, EVERYWHERE)
    newcomer = await arrived(fund, giver, 3, Right(Role.CHECKER, "city"))
    assert (newcomer.is_newcomer, newcomer.staff_rights, newcomer.is_stranger) == (True, (), False)
    assert newcomer.staff_id not in await fund.ground.db.read(
        lambda db: {one.staff_id for one in staffing.rights_in_force(db)}
    )
    await fund.newcomers.decide(second, await the_code(fund), is_theirs=True)
    assert (await fund.accounts.meet(3, "zh_CN")).actor.staff_rights == (Right(Role.CHECKER, "city"),)
    assert await acts(fund) == [("staff_added", giver.staff_id), ("staff_confirmed", second.staff_id)]


@pytest.mark.parametrize(
    "own",
    [
        Right(Role.ADMINISTRATOR, "city", "吴中区"),
        Right(Role.AUDITOR, "city"),
        Right(Role.AUDITOR, "changshu"),
        Right(Role.DISCIPLINE),
        Right(Role.RELEASER),
    ],
)
async def test_the_word_is_an_administrator_s_or_auditor_s_of_every_place(fund: Fund, own: Right) -> None:
    giver, other = await hired(fund, 1, EVERYWHERE), await hired(fund, 2, own)
    await arrived(fund, giver, 3, Right(Role.MAKER, "city"), Right(Role.CHECKER, "changshu"))
    code_id = await the_code(fund)
    for ask in (fund.newcomers.look(other, code_id), fund.newcomers.decide(other, code_id, is_theirs=False)):
        with pytest.raises(NotAllowed):
            await ask
    auditor = await hired(fund, 4, Right(Role.AUDITOR))
    await fund.newcomers.decide(auditor, code_id, is_theirs=True)


async def test_the_operator_speaks_only_where_nobody_else_can(fund: Fund) -> None:
    giver, auditor = await hired(fund, 1, EVERYWHERE), await hired(fund, 2, Right(Role.AUDITOR))
    await arrived(fund, giver, 3, Right(Role.MAKER))
    code_id = await the_code(fund)
    with pytest.raises(SameHands):
        await fund.newcomers.decide(OPERATOR, code_id, is_theirs=True)
    assert auditor.staff_id is not None
    await fund.staffing.end(giver, auditor.staff_id)
    await fund.newcomers.decide(OPERATOR, code_id, is_theirs=True)
    assert (await fund.accounts.meet(3, "zh_CN")).actor.staff_rights == (Right(Role.MAKER),)


async def test_what_an_administrator_gives_never_opens_by_itself(fund: Fund) -> None:
    """Not even where nobody is left to say the word; the operator's own code does, and it is recorded."""
    giver = await hired(fund, 1, EVERYWHERE)
    assert (await arrived(fund, giver, 2, Right(Role.AUDITOR))).is_newcomer
    assert giver.staff_id is not None
    await fund.staffing.end(OPERATOR, giver.staff_id)
    assert (await arrived(fund, OPERATOR, 3, EVERYWHERE)).staff_rights == (EVERYWHERE,)
    assert ("staff_open_alone", None) in await acts(fund)


async def test_who_gave_the_rights_does_not_confirm_a_later_code(fund: Fund) -> None:
    giver, second = await hired(fund, 1, EVERYWHERE), await hired(fund, 2, EVERYWHERE)
    newcomer = await arrived(fund, giver, 3, Right(Role.MAKER))
    assert newcomer.staff_id is not None
    renewed = await fund.staffing.renew_code(second, newcomer.staff_id)
    await fund.linking.accept(newcomer, renewed.code)
    for hand in (giver, second):
        with pytest.raises(SameHands):
            await fund.newcomers.decide(hand, await the_code(fund), is_theirs=True)
    await fund.newcomers.decide(await hired(fund, 4, Right(Role.AUDITOR)), await the_code(fund), is_theirs=True)


async def test_of_two_words_at_once_one_counts(fund: Fund) -> None:
    giver = await hired(fund, 1, EVERYWHERE)
    seconds = [await hired(fund, user_id, Right(Role.AUDITOR)) for user_id in (2, 3)]
    await arrived(fund, giver, 4, Right(Role.MAKER))
    code_id = await the_code(fund)
    said = await asyncio.gather(
        *(fund.newcomers.decide(each, code_id, is_theirs=each is seconds[0]) for each in seconds),
        return_exceptions=True,
    )
    assert [type(each) for each in said].count(Overtaken) == 1
    assert await fund.newcomers.waiting(OPERATOR) == []


async def test_ended_rights_end_the_waiting(fund: Fund) -> None:
    """Revoking needs no second person, and works at once."""
    giver = await hired(fund, 1, EVERYWHERE)
    newcomer = await arrived(fund, giver, 2, Right(Role.MAKER))
    assert newcomer.staff_id is not None
    await fund.staffing.end(giver, newcomer.staff_id)
    assert await fund.newcomers.waiting(OPERATOR) == []
    assert (await fund.accounts.meet(2, "zh_CN")).actor.is_stranger


async def test_the_database_itself_refuses_the_giver_the_colleague_and_those_without_the_office(fund: Fund) -> None:
    giver, clerk = await hired(fund, 1, EVERYWHERE), await hired(fund, 2, Right(Role.MAKER))
    former = await hired(fund, 3, Right(Role.AUDITOR))
    assert former.staff_id is not None
    await fund.staffing.end(OPERATOR, former.staff_id)
    newcomer = await arrived(fund, giver, 4, EVERYWHERE)
    code_id = await the_code(fund)
    for said_by in (giver.staff_id, clerk.staff_id, former.staff_id, newcomer.staff_id):
        with pytest.raises(sqlite3.IntegrityError, match="by a second person"):
            await fund.ground.db.write(write_word(code_id, said_by))
    unused = await fund.staffing.add(OPERATOR, "没用过码的", [Right(Role.MAKER)])
    with pytest.raises(sqlite3.IntegrityError, match="by a second person"):
        await fund.ground.db.write(
            lambda db: write_word(
                db.execute("SELECT id FROM link_code WHERE subject_id = ?", (unused.id,)).fetchone()[0], None
            )(db)
        )


def write_word(code_id: int, said_by: int | None) -> Callable[[sqlite3.Connection], object]:
    """As somebody with a database tool would."""
    return lambda db: db.execute("INSERT INTO staff_word VALUES (?, 1, ?, 0)", (code_id, said_by))


def test_who_had_a_chat_before_keeps_it_and_an_old_unused_code_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = {number: name for number, name in migrations.known().items() if number < 22}
    with closing(connect_writer(tmp_path / "fund.db")) as db:
        with monkeypatch.context() as before:
            before.setattr(migrations, "known", lambda: old)
            migrations.migrate(db)
        write_old_staff(db)
        migrations.migrate(db)
        assert [(each.code_id, each.is_theirs) for each in staffing.bindings(db)] == [(1, 1)]
        assert [one.staff_id for one in staffing.rights_in_force(db)] == [1, 2]
        people.use_code(db, 2, 1)
        people.bind(db, 8, "staff", 2, 2, 1)
        assert [one.staff_id for one in staffing.rights_in_force(db)] == [1]
        assert people.actor_of(db, 7).staff_rights
        assert people.actor_of(db, 8).is_newcomer


def write_old_staff(db: sqlite3.Connection) -> None:
    """Two colleagues of the time before: one with a chat, one with a code that was never used."""
    for user_id, digest in ((7, b"used"), (8, b"unused")):
        staff_id = people.add_staff(db, b"sealed", 0)
        people.grant(db, staff_id, Right(Role.CHECKER), None, 0)
        people.add_account(db, user_id, "zh_CN", 0)
        people.add_code(db, digest, "staff", staff_id, None, 0, 9)
    people.use_code(db, 1, 0)
    people.bind(db, 7, "staff", 1, 1, 0)

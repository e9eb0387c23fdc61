"""Whom a notice reaches, and who may write one."""

from __future__ import annotations

import sqlite3

import pytest

from carefund_bot.access import Actor, Right, Role
from carefund_bot.domain.notices import Audience, Place, Reach, Reader
from carefund_bot.errors import BadAnswer, NotAllowed
from carefund_bot.fund import Fund
from carefund_bot.store import people
from carefund_bot.store.notices import Content
from tests.cast import GUO, HE, JIANG, QIN, Cast, write_link

EVERYBODY = tuple(Reader)
CITY = Actor(user_id=1, staff_rights=(Right(Role.NOTICE_EDITOR, "city"),))
ALL_SIX = Actor(user_id=1, staff_rights=(Right(Role.NOTICE_EDITOR),))
WUZHONG = Actor(user_id=1, staff_rights=(Right(Role.NOTICE_EDITOR, "city", "吴中区"),))
CHANGSHU = Actor(user_id=1, staff_rights=(Right(Role.NOTICE_EDITOR, "changshu"),))
STRANGER = Actor(user_id=1)
MAKER = Actor(user_id=1, staff_rights=(Right(Role.MAKER, "city"),))
WHOLE_CITY_FUND = Audience(EVERYBODY, Place("city"))


async def bind(fund: Fund, user_id: int, subject: str, subject_id: int) -> None:
    def write(db: sqlite3.Connection) -> None:
        people.add_account(db, user_id, "zh_CN", 0)
        write_link(db, user_id, subject, subject_id)

    await fund.ground.db.write(write)


@pytest.fixture
async def linked(fund: Fund, cast: Cast) -> Cast:
    """11 is 秦兰 and household 郭明 at once, 12 何静, 22 蒋飞; 戴强 has no chat."""
    await bind(fund, 11, "member", cast.members[QIN])
    await bind(fund, 12, "member", cast.members[HE])
    await bind(fund, 11, "beneficiary", cast.beneficiaries[GUO])
    await bind(fund, 22, "beneficiary", cast.beneficiaries[JIANG])
    return cast


async def recipients(fund: Fund) -> list[int]:
    rows = await fund.ground.db.read(lambda db: db.execute("SELECT user_id FROM outbox ORDER BY user_id").fetchall())
    return [user_id for (user_id,) in rows]


async def reach(fund: Fund, audience: Audience) -> Reach:
    _, _, found = await fund.notices.look(ALL_SIX, audience)
    return found


async def test_member_and_household_in_one_person_is_one_copy(fund: Fund, linked: Cast) -> None:
    assert await reach(fund, WHOLE_CITY_FUND) == Reach(receiving=1, not_linked=1, switched_off=0)
    progress = await fund.notices.send(CITY, "r1", Content(audience=WHOLE_CITY_FUND, text_zh="各位好", text_en=None))
    assert progress.copies == {"pending": 1}
    assert await recipients(fund) == [11]


async def test_the_count_is_what_is_queued(fund: Fund, linked: Cast) -> None:
    await fund.accounts.note_reachability(12, "blocked")
    everywhere = Audience(EVERYBODY, Place())
    assert await reach(fund, everywhere) == Reach(receiving=2, not_linked=1, switched_off=1)
    assert (
        await fund.notices.send(ALL_SIX, "r1", Content(audience=everywhere, text_zh="各位好", text_en=None))
    ).total == 2
    assert await recipients(fund) == [11, 22]


async def test_who_has_left_the_roll_gets_nothing_and_is_not_counted(fund: Fund, linked: Cast) -> None:
    await _next_version(fund, linked.members[QIN], "left", "applied")
    assert await reach(fund, Audience((Reader.MEMBER,), Place())) == Reach(1, 0, 0)


async def test_a_roll_that_is_not_applied_yet_changes_nothing(fund: Fund, linked: Cast) -> None:
    await _next_version(fund, linked.members[QIN], "left", "staged")
    assert await reach(fund, Audience((Reader.MEMBER,), Place())) == Reach(2, 0, 0)


async def _next_version(fund: Fund, member_id: int, standing: str, state: str) -> None:
    def write(db: sqlite3.Connection) -> None:
        (import_id,) = db.execute(
            """
            INSERT INTO roll_import (kind, state, file_name, file_digest, based_on, started_at)
            VALUES ('members', ?, 'next', x'00', 1, 0) RETURNING id
            """,
            (state,),
        ).fetchone()
        db.execute(
            """
            INSERT INTO member_version
            SELECT member_id, ?, ?, fund, branch_id, content_print, sealed FROM member_version WHERE member_id = ?
            """,
            (import_id, standing, member_id),
        )

    await fund.ground.db.write(write)


async def test_one_request_is_one_notice(fund: Fund, linked: Cast) -> None:
    first = await fund.notices.send(CITY, "same", Content(audience=WHOLE_CITY_FUND, text_zh="各位好", text_en=None))
    again = await fund.notices.send(CITY, "same", Content(audience=WHOLE_CITY_FUND, text_zh="别的话", text_en=None))
    assert again == first
    assert await recipients(fund) == [11]


async def test_an_unfit_text_is_refused_here_too(fund: Fund, linked: Cast) -> None:
    for texts in (("看 example.com", None), ("各位好", "call 19500007353")):
        with pytest.raises(BadAnswer):
            await fund.notices.send(CITY, "r1", Content(audience=WHOLE_CITY_FUND, text_zh=texts[0], text_en=texts[1]))
    assert await recipients(fund) == []


@pytest.mark.parametrize("actor", [STRANGER, MAKER, Actor(user_id=1, member_id=1, beneficiary_ids=(1,))])
async def test_without_the_right_nothing_is_open(fund: Fund, linked: Cast, actor: Actor) -> None:
    notices = fund.notices
    for asked in (
        notices.check(actor, "各位好"),
        notices.letter(actor, "各位好", None, "city"),
        notices.places(actor),
        notices.branches(actor, "city", "第"),
        notices.look(actor, WHOLE_CITY_FUND),
        notices.send(actor, "r1", Content(audience=WHOLE_CITY_FUND, text_zh="各位好", text_en=None)),
        notices.progress(actor, 1),
        notices.made_by(actor, "r1"),
        notices.recent(actor),
    ):
        with pytest.raises(NotAllowed):
            await asked
    assert await recipients(fund) == []


@pytest.mark.parametrize(
    ("actor", "foreign"),
    [
        (CHANGSHU, Place("city")),
        (CHANGSHU, Place()),
        (CHANGSHU, Place(branch_id=1)),
        (CHANGSHU, Place("changshu", branch_id=1)),
        (CHANGSHU, Place(branch_id=999)),
        (CITY, Place()),
        (CITY, Place("changshu")),
        (WUZHONG, Place("city")),
        (WUZHONG, Place("city", "姑苏区")),
    ],
)
async def test_an_editor_writes_inside_the_own_scope_only(
    fund: Fund, linked: Cast, actor: Actor, foreign: Place
) -> None:
    audience = Audience(EVERYBODY, foreign)
    with pytest.raises(NotAllowed):
        await fund.notices.look(actor, audience)
    with pytest.raises(NotAllowed):
        await fund.notices.send(actor, "r1", Content(audience=audience, text_zh="各位好", text_en=None))
    assert await recipients(fund) == []


async def test_anothers_notice_and_none_at_all_are_the_same_refusal(fund: Fund, linked: Cast) -> None:
    sent = await fund.notices.send(CITY, "r1", Content(audience=WHOLE_CITY_FUND, text_zh="各位好", text_en=None))
    for notice_id in (sent.notice.id, 999):
        with pytest.raises(NotAllowed):
            await fund.notices.progress(CHANGSHU, notice_id)
    with pytest.raises(NotAllowed):
        await fund.notices.made_by(CHANGSHU, "r1")
    assert await fund.notices.recent(CHANGSHU) == []
    assert [each.notice.id for each in await fund.notices.recent(CITY)] == [sent.notice.id]
    assert len(await fund.notices.recent(ALL_SIX)) == 1


async def test_places_are_those_of_the_scope(fund: Fund, linked: Cast) -> None:
    assert await fund.notices.places(CITY) == [Place("city")]
    assert await fund.notices.places(WUZHONG) == [Place("city", "吴中区")]
    assert len(await fund.notices.places(ALL_SIX)) == 7


async def test_a_branch_is_filed_under_its_fund(fund: Fund, linked: Cast) -> None:
    members = (Reader.MEMBER,)
    sent = await fund.notices.send(
        CITY, "r1", Content(audience=Audience(members, Place(branch_id=1)), text_zh="各位好", text_en=None)
    )
    assert sent.notice.audience.place == Place("city", "吴中区", 1)
    assert sent.total == 1
    assert [branch.id for branch in await fund.notices.branches(CITY, "city", "第1党支部")] == [1]


async def test_households_have_no_branch(fund: Fund, linked: Cast) -> None:
    assert await reach(fund, Audience((Reader.HOUSEHOLD,), Place(branch_id=1))) == Reach(0, 0, 0)


async def test_the_signature_is_the_funds(fund: Fund) -> None:
    city, changshu, six = [await fund.notices.letter(ALL_SIX, "", None, code) for code in ("city", "changshu", None)]
    assert (city.name_zh, city.phone) == ("党员关爱基金（苏州市级）", "0512-0000-1234")
    assert (changshu.name_en, changshu.phone) == ("Party Members' Care Fund (Changshu)", "0512-0000-5678")
    assert (six.name_zh, six.phone) == ("党员关爱基金", "0512-0000-1234")


async def test_letting_go_takes_what_waits_with_it(fund: Fund, linked: Cast) -> None:
    await fund.notices.send(CITY, "r1", Content(audience=WHOLE_CITY_FUND, text_zh="各位好", text_en=None))
    await fund.linking.let_go(Actor(user_id=11))
    assert await recipients(fund) == []

"""What was looked up is remembered of the person, and of the chat only while that chat is the person's."""

from __future__ import annotations

import sqlite3

from carefund_bot.access import OPERATOR, Actor
from carefund_bot.domain.notices import Audience, Place, Reader
from carefund_bot.fund import Fund
from carefund_bot.store.notice_board import count_shown
from carefund_bot.store.notices import Content
from tests.cast import GUO, QIN, Cast
from tests.conftest import TurnableClock
from tests.services.test_notices import bind

HOUSEHOLDS = Content(audience=Audience((Reader.HOUSEHOLD,), Place("city")), text_zh="各位好", text_en=None)
MESSAGE_ID = 7


async def rebind(fund: Fund, user_id: int, beneficiary_id: int) -> None:
    """The household moves to another chat."""
    await bind(fund, user_id, "member", 1)

    def write(db: sqlite3.Connection) -> None:
        db.execute(
            "UPDATE link SET user_id = ?, linked_at = ? WHERE subject = 'beneficiary' AND subject_id = ?",
            (user_id, fund.ground.now(), beneficiary_id),
        )

    await fund.ground.db.write(write)


async def test_another_chats_message_of_the_same_number_is_not_the_notice(
    fund: Fund, cast: Cast, clock: TurnableClock
) -> None:
    guo = cast.beneficiaries[GUO]
    await bind(fund, 22, "beneficiary", guo)
    before = Actor(user_id=22, beneficiary_ids=(guo,))
    notice_id = (await fund.notices.send(OPERATOR, "r1", HOUSEHOLDS)).notice.id
    await fund.notice_board.note_read(before, notice_id, MESSAGE_ID)
    replied_to = await fund.asking.replied_to(before, MESSAGE_ID)
    assert replied_to is not None
    assert replied_to.notice_id == notice_id
    clock.forward(days=1)
    await rebind(fund, 33, guo)
    after = Actor(user_id=33, beneficiary_ids=(guo,))
    assert await fund.asking.replied_to(after, MESSAGE_ID) is None
    assert (await fund.visiting.rounds(OPERATOR, notice_id)).read_later == 1, "the household has read it all the same"


async def test_only_those_whom_it_was_for_have_read_it(fund: Fund, cast: Cast) -> None:
    guo, qin = cast.beneficiaries[GUO], cast.members[QIN]
    notice_id = (await fund.notices.send(OPERATOR, "r1", HOUSEHOLDS)).notice.id
    await bind(fund, 22, "beneficiary", guo)
    await bind(fund, 22, "member", qin)
    both = Actor(user_id=22, member_id=qin, beneficiary_ids=(guo,))
    assert await fund.notice_board.has_news(both)
    await fund.notice_board.note_read(both, notice_id, MESSAGE_ID)
    assert not await fund.notice_board.has_news(both)
    readings = await fund.ground.db.read(
        lambda db: db.execute("SELECT subject, subject_id, message_id FROM notice_reading").fetchall()
    )
    assert readings == [("beneficiary", guo, MESSAGE_ID)]


async def test_a_card_finds_where_its_notice_was_looked_up_without_going_through_all_readings(fund: Fund) -> None:
    def steps(db: sqlite3.Connection) -> list[str]:
        asked: list[str] = []
        db.set_trace_callback(asked.append)
        count_shown(db, 1, 0)
        db.set_trace_callback(None)
        return [step for *_, step in db.execute(f"EXPLAIN QUERY PLAN {asked[-1]}")]

    plan = await fund.ground.db.read(steps)
    assert "SEARCH reading USING INDEX notice_reading_of_notice (notice_id=? AND at>?)" in plan


async def test_a_notice_for_others_is_not_noted_as_read(fund: Fund, cast: Cast) -> None:
    notice_id = (await fund.notices.send(OPERATOR, "r1", HOUSEHOLDS)).notice.id
    await bind(fund, 11, "member", cast.members[QIN])
    await fund.notice_board.note_read(Actor(user_id=11, member_id=cast.members[QIN]), notice_id, MESSAGE_ID)
    assert await fund.ground.db.read(lambda db: db.execute("SELECT 1 FROM notice_reading").fetchall()) == []

"""Reached, to visit and visited are the whole roll, whatever happened."""

from __future__ import annotations

import random
import sqlite3

import pytest

from carefund_bot.access import OPERATOR, Actor
from carefund_bot.domain.notices import Audience, Place, Reader
from carefund_bot.errors import NotAllowed
from carefund_bot.fund import Fund
from carefund_bot.store import people
from carefund_bot.store.notices import Content
from tests.cast import GUO, HE, QIN, Cast
from tests.services.test_notices import bind

EVERYBODY = Content(audience=Audience(tuple(Reader), Place()), text_zh="各位好", text_en=None)
ROLL = 5


async def test_a_notice_divides_the_roll(fund: Fund, cast: Cast) -> None:
    await bind(fund, 11, "member", cast.members[QIN])
    await bind(fund, 12, "member", cast.members[HE])
    await fund.accounts.note_reachability(12, "blocked")
    notice_id = (await fund.notices.send(OPERATOR, "r1", EVERYBODY)).notice.id
    before = await fund.visiting.rounds(OPERATOR, notice_id)
    assert (before.on_roll, before.reached, before.visited) == (ROLL, 0, 0)
    assert before.reasons == {"pending": 1, "unreachable": 1, "not_linked": 3}
    await fund.visiting.tick(OPERATOR, notice_id, "beneficiary", cast.beneficiaries[GUO])
    await fund.visiting.tick(OPERATOR, notice_id, "beneficiary", cast.beneficiaries[GUO])
    after = await fund.visiting.rounds(OPERATOR, notice_id)
    assert (after.visited, after.to_visit) == (1, 4)
    doors = await fund.visiting.doors(OPERATOR, notice_id)
    assert len(doors) == 4
    assert {door.name for door in doors} == {"秦*", "何*", "蒋*", "戴*"}


@pytest.mark.parametrize("seed", range(25))
async def test_the_three_parts_are_always_the_roll(fund: Fund, cast: Cast, seed: int) -> None:
    chance = random.Random(seed)
    everybody = [("member", number) for number in cast.members.values()]
    everybody += [("beneficiary", number) for number in cast.beneficiaries.values()]
    for subject, subject_id in everybody:
        if chance.random() < 0.7:
            await bind(fund, chance.randint(1, 6) * 10 + (subject == "member") * subject_id, subject, subject_id)
    notice_id = (await fund.notices.send(OPERATOR, "r1", EVERYBODY)).notice.id

    def stir(db: sqlite3.Connection) -> None:
        for (user_id,) in db.execute("SELECT user_id FROM account").fetchall():
            people.set_reachability(db, user_id, chance.choice(["reachable", "blocked", "gone"]))
            state = chance.choice(["pending", "sending", "sent", "failed", "unreachable", "uncertain", "cancelled"])
            recall = chance.choice([None, "wanted", "done", "failed"]) if state == "sent" else None
            db.execute("UPDATE outbox SET state = ?, recall = ? WHERE user_id = ?", (state, recall, user_id))
            if chance.random() < 0.3:
                for subject, subject_id in people.links_of(db, user_id):
                    db.execute(
                        "INSERT INTO notice_reading (notice_id, subject, subject_id, message_id, at) VALUES (?,?,?,1,1)",
                        (notice_id, subject, subject_id),
                    )
            if chance.random() < 0.2:
                people.forget_account(db, user_id)

    await fund.ground.db.write(stir)
    for subject, subject_id in chance.sample(everybody, 2):
        await fund.visiting.tick(OPERATOR, notice_id, subject, subject_id)
    rounds = await fund.visiting.rounds(OPERATOR, notice_id)
    doors = await fund.visiting.doors(OPERATOR, notice_id)
    assert rounds.reached + rounds.to_visit + rounds.visited == ROLL
    assert len({(door.subject, door.subject_id) for door in doors}) == len(doors) == rounds.to_visit
    assert sum(number for _, _, number in rounds.sections) == rounds.to_visit


async def test_who_is_not_on_the_notices_roll_cannot_be_ticked(fund: Fund, cast: Cast) -> None:
    members_only = Content(audience=Audience((Reader.MEMBER,), Place("city")), text_zh="各位好", text_en=None)
    notice_id = (await fund.notices.send(OPERATOR, "r1", members_only)).notice.id
    for subject, subject_id in (("beneficiary", cast.beneficiaries[GUO]), ("member", cast.members[HE]), ("member", 99)):
        with pytest.raises(NotAllowed):
            await fund.visiting.tick(OPERATOR, notice_id, subject, subject_id)
    with pytest.raises(NotAllowed):
        await fund.visiting.tick(Actor(user_id=1), notice_id, "member", cast.members[QIN])

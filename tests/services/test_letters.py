"""Letters for the doors: a code for whoever no chat reaches, the same one when written again, void with the next."""

from __future__ import annotations

import pytest

from carefund_bot.access import OPERATOR, Actor
from carefund_bot.domain.notices import Audience, Place, Reader, Step
from carefund_bot.errors import CodeRefused, NotAllowed, Overtaken
from carefund_bot.fund import Fund
from carefund_bot.services.letters import DoorLetter
from carefund_bot.services.linking import normal_code
from carefund_bot.services.visiting import Door
from carefund_bot.store.notices import Content
from tests.cast import GUO, HE, JIANG, QIN, Cast
from tests.conftest import TurnableClock
from tests.services.test_notices import CHANGSHU, CITY, bind

EVERYBODY = Content(audience=Audience(tuple(Reader), Place()), text_zh="各位好", text_en=None)
NEWCOMER = Actor(user_id=99)


@pytest.fixture
async def notice_id(fund: Fund, cast: Cast) -> int:
    """Sent to its end: 何静 has it, 蒋飞 stopped the bot, nobody else is linked."""
    await bind(fund, 12, "member", cast.members[HE])
    await bind(fund, 22, "beneficiary", cast.beneficiaries[JIANG])
    await fund.accounts.note_reachability(22, "blocked")
    notice_id = (await fund.notices.send(OPERATOR, "r1", EVERYBODY)).notice.id
    await settle(fund, "sent")
    return notice_id


async def settle(fund: Fund, state: str) -> None:
    await fund.ground.db.write(lambda db: db.execute("UPDATE outbox SET state = ?", (state,)))


async def written(fund: Fund, notice_id: int) -> dict[str, DoorLetter]:
    doors = await fund.visiting.doors(OPERATOR, notice_id)
    return {letter.door.number: letter for letter in await fund.letters.write(OPERATOR, notice_id, doors)}


def code_of(letter: DoorLetter) -> str:
    assert letter.issued is not None
    return letter.issued.code


async def test_whoever_no_chat_reaches_gets_a_code_that_binds(fund: Fund, cast: Cast, notice_id: int) -> None:
    letters = await written(fund, notice_id)
    assert set(letters) == {QIN, GUO, JIANG, "XS300001"}
    await fund.accounts.meet(99, "zh_CN")
    linked = await fund.linking.accept(NEWCOMER, code_of(letters[GUO]))
    assert linked.subject == "beneficiary"
    await fund.linking.accept(NEWCOMER, code_of(letters[JIANG]))
    with pytest.raises(CodeRefused):
        await fund.linking.look_at(Actor(user_id=100), code_of(letters[GUO]))


async def test_a_chat_that_can_be_written_to_needs_no_code(fund: Fund, notice_id: int) -> None:
    await settle(fund, "failed")
    assert (await written(fund, notice_id))[HE].issued is None


async def test_written_again_a_letter_holds_the_same_code(fund: Fund, notice_id: int, clock: TurnableClock) -> None:
    first = await written(fund, notice_id)
    clock.forward(days=1)
    assert await written(fund, notice_id) == first
    clock.forward(days=60)
    later = await written(fund, notice_id)
    assert code_of(later[GUO]) != code_of(first[GUO])
    assert (await fund.linking.look_at(NEWCOMER, code_of(later[GUO]))) == "beneficiary"


async def test_a_newer_code_makes_the_letters_void_and_the_other_way_round(fund: Fund, notice_id: int) -> None:
    listed = await fund.codes.issue_one(OPERATOR, GUO)
    first = await written(fund, notice_id)
    with pytest.raises(CodeRefused):
        await fund.linking.look_at(NEWCOMER, listed.code)
    await fund.codes.issue_one(OPERATOR, GUO)
    with pytest.raises(CodeRefused):
        await fund.linking.look_at(NEWCOMER, code_of(first[GUO]))
    again = await written(fund, notice_id)
    assert (await fund.linking.look_at(NEWCOMER, code_of(again[GUO]))) == "beneficiary"


async def test_every_code_of_an_occasion_can_be_typed(fund: Fund) -> None:
    codes = [fund.linking.code_of(f"occasion {number}") for number in range(500)]
    assert [normal_code(code) for code in codes] == codes
    assert len(set(codes)) == len(codes)


async def test_codes_are_kept_as_prints_and_the_act_is_recorded(fund: Fund, notice_id: int) -> None:
    letters = await written(fund, notice_id)
    dump = "".join(await fund.ground.db.read(lambda db: list(db.iterdump())))
    assert not any(code_of(letter) in dump for letter in letters.values())
    acts = await fund.ground.db.read(
        lambda db: db.execute("SELECT staff_id, facts FROM audit_event WHERE act = 'letters_written'").fetchall()
    )
    assert acts == [(None, '{"letters": 4, "codes": 4}')]


async def test_letters_repeat_only_what_was_sent_and_stands(fund: Fund, notice_id: int) -> None:
    await settle(fund, "pending")
    with pytest.raises(Overtaken):
        await fund.letters.original(OPERATOR, notice_id)
    progress = await fund.notices.progress(OPERATOR, notice_id)
    await fund.notice_runs.move(OPERATOR, progress.request_id, notice_id, Step.CANCELLED)
    with pytest.raises(Overtaken):
        await written(fund, notice_id)
    with pytest.raises(NotAllowed):
        await fund.letters.original(OPERATOR, 999)


async def test_an_editor_has_no_codes_to_give_and_a_foreign_door_is_refused(
    fund: Fund, cast: Cast, notice_id: int
) -> None:
    for actor in (CITY, CHANGSHU, Actor(user_id=1)):
        with pytest.raises(NotAllowed):
            await fund.letters.write(actor, notice_id, [])
    of_city = Content(audience=Audience((Reader.HOUSEHOLD,), Place("city")), text_zh="各位好", text_en=None)
    city_notice = (await fund.notices.send(OPERATOR, "r2", of_city)).notice.id
    await settle(fund, "sent")
    foreign = Door("beneficiary", cast.beneficiaries[JIANG], JIANG, "蒋*", "常熟市", "菊花社区", "not_linked")
    with pytest.raises(NotAllowed):
        await fund.letters.write(OPERATOR, city_notice, [foreign])

"""The storm's own judgement: what somebody was told had been done must stand in the books, as theirs or as another's."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from carefund_bot.access import Actor, Right, Role
from carefund_bot.domain.cases import CaseKind, Said
from carefund_bot.domain.changes import Detail, Evidence, What
from carefund_bot.domain.notices import Audience, Place, Reader, Step
from carefund_bot.fund import Fund
from carefund_bot.store import people
from carefund_bot.store.notices import Content
from sandbox.messages import Message
from tests.cast import GUO, QIN, Cast
from tests.chaos.chronicle import CARD, ChronicleSandbox, Shown
from tests.chaos.counting import Count, count_act
from tests.chaos.ledger import Act, Ledger
from tests.chaos.storm import Aftermath
from tests.chaos.town import Town
from tests.services.test_notices import bind

ASKER, ONE, OTHER = 11, 21, 22
NEWS = Content(audience=Audience((Reader.MEMBER,), Place()), text_zh="各位好", text_en=None)
IN_HAND, CLOSED = "编号 1：反映问题\n在您手上", "✅ 办结了。\n\n编号 1：反映问题\n已经办结"


@pytest.fixture
def after(fund: Fund) -> Aftermath:
    return Aftermath(
        sandbox=ChronicleSandbox(),
        ledger=Ledger(),
        town=Town(),
        settings=fund.settings,
        people=[],
        kills=[],
        deaths=[],
        exit_code=0,
        seconds=0,
    )


@pytest.fixture
async def household(fund: Fund, cast: Cast) -> Actor:
    await bind(fund, ASKER, "beneficiary", cast.beneficiaries[GUO])
    asker = Actor(user_id=ASKER, beneficiary_ids=(cast.beneficiaries[GUO],))
    await fund.asking.open(asker, "opened", CaseKind.PAYOUT_MISSING, Said("没收到"))
    return asker


async def hired(fund: Fund, user_id: int, role: Role) -> Actor:
    def write(db: sqlite3.Connection) -> int:
        staff_id = people.add_staff(db, fund.ground.sealer.seal("staff", {"name": "某人"}), 0)
        people.grant(db, staff_id, Right(role), None, 0)
        return staff_id

    staff_id = await fund.ground.db.write(write)
    await bind(fund, user_id, "staff", staff_id)
    return Actor(user_id=user_id, staff_id=staff_id, staff_rights=(Right(role),))


def tap(after: Aftermath, act: Act, user_id: int, data: str, about: str) -> None:
    """Pressed, brought to the bot and handled."""
    message = Message({"message_id": 1, "chat": {"id": user_id}, "text": ""})
    pressed = after.ledger.tap(act, data, message, about, at=1)
    pressed.update_ids.append(len(after.ledger.taps))
    after.sandbox.confirmed.update(pressed.update_ids)


def told(after: Aftermath, user_id: int, text: str, *ids: str, kind: str | None = None) -> None:
    after.sandbox.shown[user_id].append(Shown(1, 1, text, frozenset(ids), is_edit=True, kind=kind))


def wrongs(after: Aftermath, act: Act) -> list[str]:
    count = Count()
    with closing(sqlite3.connect(after.settings.store.database)) as db:
        count_act(db, after, count, act)
    return count.wrongs


async def test_one_question_is_not_in_two_clerks_hands(fund: Fund, after: Aftermath, household: Actor) -> None:
    clerk = await hired(fund, ONE, Role.MAKER)
    await hired(fund, OTHER, Role.MAKER)
    await fund.desk.claim(clerk, "claim", 1)
    for user_id in (ONE, OTHER):
        tap(after, Act.CLAIM, user_id, "desk:claim:1", "1")
    told(after, ONE, IN_HAND)
    told(after, OTHER, "这件事刚刚已有别人处理过了")
    assert wrongs(after, Act.CLAIM) == []
    told(after, OTHER, IN_HAND)
    assert wrongs(after, Act.CLAIM) == [f"{Act.CLAIM}: desk:claim:1@{OTHER} was acknowledged and not done"]


async def test_a_question_that_is_called_closed_was_closed_by_somebody(
    fund: Fund, after: Aftermath, household: Actor
) -> None:
    clerk = await hired(fund, ONE, Role.MAKER)
    await fund.desk.claim(clerk, "claim", 1)
    tap(after, Act.CLOSE, ONE, "desk:close:1", "1")
    told(after, ONE, CLOSED)
    assert wrongs(after, Act.CLOSE) == [f"{Act.CLOSE}: desk:close:1@{ONE} was acknowledged and not done"]
    await fund.asking.close(household, "settled", 1)
    tap(after, Act.CLOSE, ASKER, "cases:close:1", "1")
    told(after, ASKER, "好的，编号 1 办结了。")
    assert wrongs(after, Act.CLOSE) == []


async def test_a_card_that_has_gone_on_was_moved_by_somebody(fund: Fund, after: Aftermath, cast: Cast) -> None:
    await bind(fund, ASKER, "member", cast.members[QIN])
    editor = await hired(fund, ONE, Role.NOTICE_EDITOR)
    sent = await fund.notices.send(editor, "r1", NEWS)
    for step, user_id in ((Step.PAUSED, ONE), (Step.CANCELLED, OTHER)):
        tap(after, Act.NOTICE_STEP, user_id, f"notices:do:1-{step}:{sent.request_id}", step)
        told(after, user_id, "正在发送……", sent.request_id, kind=CARD)
        told(after, user_id, "暂停了。", "later", kind=CARD)
    assert wrongs(after, Act.NOTICE_STEP) == [
        f"{Act.NOTICE_STEP}: 1-{step}:{sent.request_id} was acknowledged and not done"
        for step in (Step.PAUSED, Step.CANCELLED)
    ]
    await fund.notice_runs.move(editor, sent.request_id, 1, Step.PAUSED)
    assert wrongs(after, Act.NOTICE_STEP) == []


async def test_a_household_that_has_stopped_nothing_is_not_told_so(after: Aftermath, household: Actor) -> None:
    tap(after, Act.STOP, ASKER, "stop:change:1", "1")
    told(after, ASKER, "停下了，没有改动。")
    assert wrongs(after, Act.STOP) == [f"{Act.STOP}: stop:change:1@{ASKER} was acknowledged and not done"]


async def test_whoever_stopped_one_change_has_not_stopped_the_other(
    fund: Fund, after: Aftermath, household: Actor
) -> None:
    clerk, checker = await hired(fund, ONE, Role.MAKER), await hired(fund, OTHER, Role.CHECKER)
    await fund.desk.claim(clerk, "claim", 1)
    for number in (1, 2):
        await fund.changing.propose(clerk, f"change {number}", 1, What.ACCOUNT, Evidence.OWN, Detail("1234"))
        await fund.changing.decide(checker, f"approve {number}", number, approve=True)
        tap(after, Act.STOP, ASKER, f"stop:change:{number}", str(number))
    await fund.changing.stop(household, "stop", 1)
    told(after, ASKER, "停下了，没有改动。")
    assert wrongs(after, Act.STOP) == [f"{Act.STOP}: stop:change:2@{ASKER} was tapped and nothing came of it"]
    told(after, ASKER, "这件事刚刚已有别人处理过了")
    assert wrongs(after, Act.STOP) == []

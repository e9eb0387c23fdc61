"""The storm's own judgement: when an act counts as acknowledged."""

from __future__ import annotations

import pytest

from sandbox.messages import Message
from tests.chaos.chronicle import CARD, Shown
from tests.chaos.ledger import Act, Ledger, Tap, is_acknowledged

FIRST, SECOND, OTHER = 17, 20, 23
QUESTION = "请看一下：\n捐一次，¥1,000.19"


DONE = "✅ 记下了。\n\n2027 苏州市级 家庭 · 待放款"


def tapped(first_id: int, *more_ids: int) -> Tap:
    """One button, pressed under each of these messages."""
    ledger = Ledger()
    for message_id in (first_id, *more_ids):
        message = Message({"message_id": message_id, "chat": {"id": 7_000_000_027}, "text": QUESTION})
        tap = ledger.tap(Act.PLEDGE, "pledge:confirm::J9bM", message, "100019", at=0)
    return tap


def shown(message_id: int, text: str, *request_ids: str, kind: str | None = None) -> Shown:
    return Shown(1, message_id, text, frozenset(request_ids), bool(not request_ids), kind)


def pressed(act: Act, data: str, about: str) -> Tap:
    """A button under the first message."""
    message = Message({"message_id": FIRST, "chat": {"id": 7_000_000_027}, "text": QUESTION})
    return Ledger().tap(act, data, message, about, at=0)


ASKED_TWICE = [shown(FIRST, QUESTION, "J9bM"), shown(SECOND, QUESTION, "J9bM")]


def test_a_question_that_came_twice_is_answered_under_the_one_that_was_pressed() -> None:
    tap = tapped(FIRST, SECOND)
    assert not is_acknowledged(tap, ASKED_TWICE)
    for message_id in (FIRST, SECOND):
        assert is_acknowledged(tap, [*ASKED_TWICE, shown(message_id, "✅ 记下了，谢谢您！")])


@pytest.mark.parametrize(
    "later",
    [
        shown(FIRST, "✅ 记下了，谢谢您！"),
        shown(OTHER, "✅ 记下了，谢谢您！"),
        shown(SECOND, "这个按钮属于之前的步骤，已经失效了。"),
    ],
)
def test_only_words_of_success_in_the_pressed_message_acknowledge(later: Shown) -> None:
    assert not is_acknowledged(tapped(SECOND), [*ASKED_TWICE, later])


def test_words_of_success_under_another_id_acknowledge_nothing() -> None:
    seen = [shown(FIRST, QUESTION, "other"), shown(FIRST, "✅ 记下了，谢谢您！")]
    assert not is_acknowledged(tapped(FIRST), seen)


@pytest.mark.parametrize(("between", "is_told"), [("batches:look:1", True), ("another", False)])
def test_a_list_in_between_does_not_end_a_question_another_question_does(between: str, is_told: bool) -> None:  # noqa: FBT001 - a table
    tap = pressed(Act.BATCH, "batches:do:1-approved:mine", "1-approved")
    seen = [shown(FIRST, QUESTION, "mine"), shown(FIRST, "最近的批次", between), shown(FIRST, DONE)]
    assert is_acknowledged(tap, seen) is is_told


@pytest.mark.parametrize(("text", "is_told"), [("编号 5：提问\n在您手上", True), ("编号 2：提问\n在您手上", False)])
def test_a_question_in_hand_is_known_by_its_number(text: str, is_told: bool) -> None:  # noqa: FBT001 - a table
    tap = pressed(Act.CLAIM, "desk:claim:5", "5")
    assert is_acknowledged(tap, [shown(FIRST, text, "desk:list")]) is is_told


@pytest.mark.parametrize(
    ("text", "buttons", "is_told"),
    [
        ("暂停了。没发的都在等着", ("mine",), True),
        ("正在发送……", ("later",), True),
        ("正在发送……", ("mine",), False),
        ("发完了。", (), False),
    ],
)
def test_a_card_tells_of_a_step_by_its_words_or_by_having_gone_further(
    text: str,
    buttons: tuple[str, ...],
    is_told: bool,  # noqa: FBT001 - a table
) -> None:
    tap = pressed(Act.NOTICE_STEP, "notices:do:3-paused:mine", "paused")
    seen = [shown(FIRST, "正在发送……", "mine", kind=CARD), shown(FIRST, text, *buttons, kind=CARD)]
    assert is_acknowledged(tap, seen) is is_told


def test_a_card_that_falls_back_for_a_moment_tells_nothing() -> None:
    tap = pressed(Act.NOTICE_STEP, "notices:do:3-resumed:mine", "resumed")
    seen = [
        shown(FIRST, "正在发送……", "before", kind=CARD),
        shown(FIRST, "暂停了。", "mine", kind=CARD),
        shown(FIRST, "正在发送……", "before", kind=CARD),
    ]
    assert not is_acknowledged(tap, seen)
    assert is_acknowledged(tap, [*seen, shown(FIRST, "正在发送……", "later", kind=CARD)])

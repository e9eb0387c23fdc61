"""What people asked to be done, as they remember it: every tap on a confirm button, every matter brought in words."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from enum import StrEnum

from sandbox.messages import Message
from tests.chaos.chronicle import CARD, Shown, request_id_of


class Act(StrEnum):
    """What a confirm button does."""

    PLEDGE = "pledge made"
    CHANGE = "pledge paused, resumed, ended"
    LINK = "chat bound by a code"
    GIFT = "contribution recorded"
    LIST = "list of contributions recorded"
    ROLL = "roll brought up to date"
    NOTICE = "notice sent"
    NOTICE_STEP = "notice paused, resumed, cancelled, taken back"
    CLAIM = "question taken in hand"
    ANSWER = "question answered or asked back"
    CLOSE = "question closed"
    RATE = "answer rated"
    REGISTER = "new account registered"
    DECIDE = "new account approved or refused"
    STOP = "new account stopped by its household"
    BATCH = "payout made, checked, released, paid"
    LINE = "payment returned, corrected, sent again"


DONE = {Act.RATE: r"^记下了，谢谢您"}
"""By what words in the pressed message people see that an act was done; ✅ for those that are not here."""
DONE_ANYWHERE = {
    Act.CLAIM: r"^编号 {about}：[\s\S]*\n(在您手上|已经办结)",  # its asker may have closed it before the answer came
    Act.CLOSE: r"^✅ 办结了。\n\n编号 {about}：|^好的，编号 {about} 办结了",
    Act.DECIDE: r"^变更 {about}：[\s\S]*现在：(?!等复核)",
    Act.STOP: r"^停下了",
}
"""Words that may stand in any message: the one with the button shows other things too, or stays as it is."""
TOLD_TO_ITS_DOER = {Act.CLAIM: r"^编号 {about}：[\s\S]*\n在您手上"}
"""Where the words above are said to others too."""
STEP_DONE = {
    "paused": r"^暂停了",
    "resumed": r"^(正在发送|发完了)",
    "cancelled": r"^取消了",
    "recalled": r"^(正在收回|收回完了)",
}


@dataclass(slots=True)
class Tap:
    """A confirm button that was pressed, once or more; `asked` is what stood above it.

    `key` names the act in the books: the button's one-use id, or who pressed it and what it says. A crash may let the
    same question out twice, with the same button: `message_ids` are those it was pressed under.
    """

    act: Act
    key: str
    request_id: str
    user_id: int
    asked: str
    about: str
    at: float
    message_ids: set[int] = field(default_factory=set)
    update_ids: list[int] = field(default_factory=list)

    def is_done_by(self, shown: Shown) -> bool:
        """Whether a message says that this was done. A notice's card may say that it has gone further already."""
        if self.act is Act.NOTICE:
            return shown.kind == CARD
        if self.act is Act.NOTICE_STEP:
            has_gone_on = self.request_id not in shown.request_ids and any(map(_is_one_use, shown.request_ids))
            return shown.kind == CARD and (has_gone_on or bool(re.search(STEP_DONE[self.about], shown.text)))
        return re.search(DONE.get(self.act, r"^✅"), shown.text) is not None


def _is_one_use(request_id: str) -> bool:
    """A button without a one-use id is known by its data, which has parts."""
    return ":" not in request_id


class Ledger:
    """Taps by what they do, and what each person chose last."""

    def __init__(self) -> None:
        self.taps: dict[str, Tap] = {}
        self.languages: dict[int, dict[int, str]] = defaultdict(dict)
        """By person: update_id of a tap and the language it chose."""
        self.topics: dict[int, dict[int, str]] = defaultdict(dict)
        """By person: update_id of a tap and what it made of a topic: `on` or `off`."""
        self.matters: dict[int, list[str]] = defaultdict(list)
        """By person: what was brought to the desk in words."""

    def tap(self, act: Act, data: str, message: Message, about: str, at: float) -> Tap:
        key = key_of(act, data, message.chat_id)
        new = Tap(act, key, request_id_of(data), message.chat_id, message.text, about, at)
        tap = self.taps.setdefault(key, new)
        tap.message_ids.add(message.message_id)
        return tap


def key_of(act: Act, data: str, user_id: int) -> str:
    """How the books know what a button does."""
    _, _, argument, request_id = [*data.split(":"), "", "", ""][:4]
    if act is Act.ROLL:
        return f"roll:{argument}"
    if act is Act.NOTICE_STEP:
        return f"{argument}:{request_id}"
    if act is Act.RATE:
        return f"rate:{argument.partition('-')[0]}"
    return request_id or f"{data}@{user_id}"


def is_acknowledged(tap: Tap, shown: list[Shown]) -> bool:
    """Whether a message under which the button was pressed has turned from the question into words that say it is done.

    What has no one-use id in between (a list, a card) does not end the question; another question does. A card may for
    a moment fall back to what it showed before the question, which says nothing.
    """
    if tap.act in DONE_ANYWHERE:
        return _is_told(tap, shown, DONE_ANYWHERE[tap.act])
    asking: set[int] = set()
    earlier: set[str] = set()
    for each in shown:
        if each.message_id not in tap.message_ids or each.request_ids & earlier:
            continue
        if each.message_id in asking and tap.is_done_by(each):
            return True
        one_use = set(filter(_is_one_use, each.request_ids))
        if tap.request_id in each.request_ids:
            asking.add(each.message_id)
        elif one_use and each.message_id in asking:
            asking.remove(each.message_id)
        elif each.kind == CARD:
            earlier |= one_use
    return False


def is_told_as_done(tap: Tap, shown: list[Shown]) -> bool:
    """Whether whoever tapped was told what nobody is told who has not done it, or whose matter nobody else has settled."""
    words = TOLD_TO_ITS_DOER.get(tap.act)
    return _is_told(tap, shown, words) if words else is_acknowledged(tap, shown)


def _is_told(tap: Tap, shown: list[Shown], words: str) -> bool:
    return any(each.at >= tap.at and re.search(words.format(about=tap.about), each.text) for each in shown)

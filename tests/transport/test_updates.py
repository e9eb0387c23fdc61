"""An update that is read quickly answers every question as the library's own would."""

from __future__ import annotations

from typing import Any

import pytest
from telegram import Bot, Message, TelegramObject, Update

from carefund_bot.transport.updates import read_update

QIN = {"id": 7, "is_bot": False, "first_name": "秦兰", "language_code": "zh-hans"}
CHAT = {"id": 7, "type": "private", "first_name": "秦兰"}
HEAD = {"message_id": 3, "date": 1_700_000_000, "from": QIN, "chat": CHAT}
COMMAND = {"text": "/help 我", "entities": [{"type": "bot_command", "offset": 0, "length": 5}]}
PRESSED = {"id": "1", "from": QIN, "chat_instance": "2", "data": "pledge:open", "message": {**HEAD, "text": "您好"}}

PLAIN: list[dict[str, Any]] = [
    HEAD | {"text": "钱呢"},
    HEAD | COMMAND,
    HEAD | {"text": "好", "from": QIN | {"last_name": "秦", "username": "qin"}, "chat": CHAT | {"username": "qin"}},
]
OTHERS: list[dict[str, Any]] = [
    {"message": HEAD | {"photo": [{"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}], "caption": "看"}},
    {"message": HEAD | {"text": "好", "reply_to_message": {**HEAD, "text": "您好"}}},
    {"message": HEAD | {"text": "好", "a_field_of_next_year": 1}},
    {"message": {name: value for name, value in HEAD.items() if name != "from"} | {"text": "好"}},
    {"message": HEAD | {"text": "好", "from": QIN | {"a_field_of_next_year": 1}}},
    {"message": HEAD | {"text": "好", "chat": CHAT | {"id": -7, "type": "group", "title": "群"}}},
    {"edited_message": HEAD | {"text": "好", "edit_date": 1_700_000_001}},
    {"callback_query": PRESSED},
]


def fields(thing: TelegramObject) -> dict[str, Any]:
    """All that an object of the library holds, set or not."""
    names = {name for kind in type(thing).__mro__ for name in getattr(kind, "__slots__", ())}
    return {name: getattr(thing, name) for name in names - {"__dict__"}}


@pytest.fixture
def a_bot() -> Bot:
    return Bot("1:A")


@pytest.mark.parametrize("content", [{"message": message} for message in PLAIN] + OTHERS)
def test_it_is_what_the_library_reads(content: dict[str, Any], a_bot: Bot) -> None:
    content = {"update_id": 9, **content}
    ours, theirs = read_update(content, a_bot), Update.de_json(content, a_bot)
    assert theirs == ours
    assert ours.to_dict() == theirs.to_dict()
    for what in ("effective_user", "effective_chat", "effective_message", "effective_sender"):
        assert getattr(ours, what) == getattr(theirs, what)
    assert fields(ours) == fields(theirs)
    assert ours.get_bot() is a_bot
    if theirs.message is not None:
        assert isinstance(ours.message, Message)
        assert fields(ours.message) == fields(theirs.message)
        assert ours.message.get_bot() is a_bot
        assert fields(ours.message.chat) == fields(theirs.message.chat)
        assert ours.message.chat.get_bot() is a_bot
        if theirs.message.from_user is not None:
            assert ours.message.from_user is not None
            assert fields(ours.message.from_user) == fields(theirs.message.from_user)
            assert ours.message.from_user.full_name == theirs.message.from_user.full_name
        assert (ours.message.link, ours.message.effective_attachment) == (None, theirs.message.effective_attachment)


def test_only_plain_words_go_the_short_way(a_bot: Bot) -> None:
    def is_short(content: dict[str, Any]) -> bool:
        return type(read_update({"update_id": 9, **content}, a_bot)) is not Update

    assert all(is_short({"message": message}) for message in PLAIN)
    assert not any(is_short(content) for content in OTHERS)


def test_it_cannot_be_changed_either(a_bot: Bot) -> None:
    ours = read_update({"update_id": 9, "message": PLAIN[0]}, a_bot)
    for thing in (ours, ours.message):
        with pytest.raises(AttributeError, match="can't be set"):
            thing.text = "x"  # type: ignore[union-attr]

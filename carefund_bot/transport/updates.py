"""From what Telegram wrote to the library's `Update`.

For a message of a few words the library fills two hundred fields, nearly all with nothing: a third of the work of an
update. Here such a message gets the fields it has; what it has not it looks up in an empty one, if anybody asks.
Whatever is more than plain words is read by the library.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final, TypeVar

from telegram import Bot, Chat, Message, MessageEntity, TelegramObject, Update, User

_ONE_MESSAGE: Final = {"update_id", "message"}
_PLAIN: Final = frozenset({"message_id", "date", "from", "chat", "text", "entities"})
_NOTHING_SAID: Final = Message(0, datetime.fromtimestamp(0, UTC), Chat(0, Chat.PRIVATE))
_NOTHING_CAME: Final = Update(0)
T = TypeVar("T", bound=TelegramObject)


class _PlainMessage(Message):
    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        return getattr(_NOTHING_SAID, name)


class _PlainUpdate(Update):
    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        return getattr(_NOTHING_CAME, name)


def read_update(content: dict[str, Any], bot: Bot) -> Update:
    """As `Update.de_json`, with the same answer to whatever the update is asked."""
    if content.keys() != _ONE_MESSAGE or not _PLAIN.issuperset(content["message"]):
        return Update.de_json(content, bot)
    said = content["message"]
    chat = Chat.de_json(said["chat"], bot)
    message = _with(
        _PlainMessage,
        bot,
        message_id=said["message_id"],
        date=datetime.fromtimestamp(said["date"], UTC),
        chat=chat,
        from_user=User.de_json(said["from"], bot) if "from" in said else None,
        text=said.get("text"),
        entities=MessageEntity.de_list(said.get("entities", []), bot),
        _id_attrs=(said["message_id"], chat),
    )
    update_id = content["update_id"]
    return _with(_PlainUpdate, bot, update_id=update_id, message=message, _id_attrs=(update_id,))


def _with(kind: type[T], bot: Bot, **fields: Any) -> T:
    """An object of a kind with these fields and no others."""
    made = kind.__new__(kind)
    for name, value in fields.items():
        object.__setattr__(made, name, value)
    made.set_bot(bot)
    return made

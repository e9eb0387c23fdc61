"""From what Telegram wrote to the library's `Update`.

For a message of a few words the library fills two hundred fields, nearly all with nothing: a third of the work of an
update. Here such a message gets the fields it has; what it has not it looks up in an empty one, if anybody asks.
Whatever is more than plain words is read by the library.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final, TypeVar, cast

from telegram import Bot, Chat, Message, MessageEntity, TelegramObject, Update, User

T = TypeVar("T", bound=TelegramObject)

_ONE_MESSAGE: Final = {"update_id", "message"}
_PLAIN: Final = frozenset({"message_id", "date", "from", "chat", "text", "entities"})
_PLAIN_CHAT: Final = frozenset({"id", "type", "first_name", "last_name", "username"})
_PLAIN_USER: Final = frozenset({"id", "is_bot", "first_name", "last_name", "username", "language_code", "is_premium"})
_SOMEWHERE: Final = Chat(0, Chat.PRIVATE)


def _sparse(empty: T) -> type[T]:
    """A kind of object that answers for the fields it has not got as `empty` does."""
    kind = type(empty)
    fields = {"__slots__": (), "__getattr__": lambda _, name: getattr(empty, name)}
    return cast("type[T]", type(f"Plain{kind.__name__}", (kind,), fields))


_PlainUpdate: Final = _sparse(Update(0))
_PlainMessage: Final = _sparse(Message(0, datetime.fromtimestamp(0, UTC), _SOMEWHERE))
_PlainChat: Final = _sparse(_SOMEWHERE)
_PlainUser: Final = _sparse(User(0, "", is_bot=False))


def read_update(content: dict[str, Any], bot: Bot) -> Update:
    """As `Update.de_json`, with the same answer to whatever the update is asked."""
    if content.keys() != _ONE_MESSAGE or not _is_plain(content["message"]):
        return Update.de_json(content, bot)
    said = content["message"]
    chat = _with(_PlainChat, bot, **said["chat"], _id_attrs=(said["chat"]["id"],))
    message = _with(
        _PlainMessage,
        bot,
        message_id=said["message_id"],
        date=datetime.fromtimestamp(said["date"], UTC),
        chat=chat,
        from_user=_with(_PlainUser, bot, **said["from"], _id_attrs=(said["from"]["id"],)),
        text=said.get("text"),
        entities=MessageEntity.de_list(said.get("entities", []), bot),
        _id_attrs=(said["message_id"], chat),
    )
    update_id = content["update_id"]
    return _with(_PlainUpdate, bot, update_id=update_id, message=message, _id_attrs=(update_id,))


def _is_plain(said: dict[str, Any]) -> bool:
    """Words of a person in a private chat, and nothing that needs to be looked at more closely."""
    return (
        _PLAIN.issuperset(said)
        and "from" in said
        and _PLAIN_USER.issuperset(said["from"])
        and _PLAIN_CHAT.issuperset(said["chat"])
        and said["chat"]["type"] == Chat.PRIVATE
    )


def _with(kind: type[T], bot: Bot, **fields: Any) -> T:
    """An object of a kind with these fields and no others."""
    made = kind.__new__(kind)
    for name, value in {"_bot": bot, **fields, "_frozen": True}.items():
        object.__setattr__(made, name, value)
    return made

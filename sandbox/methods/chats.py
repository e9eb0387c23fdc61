"""Methods about a chat itself: looking, leaving, pinning, reacting."""

from sandbox.calls import Arguments, Kind, method
from sandbox.errors import Json, bad_request
from sandbox.telegram import Chat, Telegram

CHAT = {"chat_id": Kind.CHAT}


@method(needs=CHAT)
def get_chat(telegram: Telegram, call: Arguments) -> Json:
    chat = telegram.known_chat(call["chat_id"])
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
    return chat.as_chat() | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(gifts, True),
    }


@method(needs=CHAT)
def leave_chat(telegram: Telegram, call: Arguments) -> bool:
    chat = telegram.reachable_chat(call["chat_id"])
    if chat.kind == "private":
        raise bad_request("chat not found")
    chat.has_bot = False
    telegram.touch(chat)
    return True


def _newest_pinned(chat: Chat) -> int | None:
    return chat.pinned[-1] if chat.pinned else None


@method(needs=CHAT | {"message_id": Kind.INTEGER}, takes={"disable_notification": Kind.FLAG})
def pin_chat_message(telegram: Telegram, call: Arguments) -> bool:
    chat = telegram.reachable_chat(call["chat_id"])
    message = telegram.message(chat, call["message_id"], "pin")
    chat.pinned.append(message.message_id)
    telegram.touch(chat)
    return True


@method(needs=CHAT, takes={"message_id": Kind.INTEGER})
def unpin_chat_message(telegram: Telegram, call: Arguments) -> bool:
    chat = telegram.reachable_chat(call["chat_id"])
    message_id = call.get("message_id", _newest_pinned(chat))
    if message_id not in chat.pinned:
        raise bad_request("message to unpin not found")
    chat.pinned.remove(message_id)
    telegram.touch(chat)
    return True


@method(needs=CHAT)
def unpin_all_chat_messages(telegram: Telegram, call: Arguments) -> bool:
    chat = telegram.reachable_chat(call["chat_id"])
    chat.pinned.clear()
    telegram.touch(chat)
    return True

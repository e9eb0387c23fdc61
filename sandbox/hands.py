"""What a person does with a phone; each act becomes the update that Telegram would send the bot."""

import re

from sandbox.entities import detect, utf16_slice
from sandbox.errors import Json
from sandbox.files import StoredFile, Upload
from sandbox.messages import Message
from sandbox.methods.contents import TEXT_LIMIT, read_file
from sandbox.telegram import Account, CallbackQuery, Chat, Telegram


def write(telegram: Telegram, account: Account, chat: Chat, text: str, *, reply_to: Message | None = None) -> None:
    """Send text, perhaps as a reply; a long one goes as several messages, as the apps do it."""
    text = text.strip()
    if not text:
        raise ValueError("a message needs some text")
    replied = {"reply_to_message": reply_to.raw} if reply_to else {}
    for start in range(0, len(text), TEXT_LIMIT):
        part = text[start : start + TEXT_LIMIT]
        entities = detect(part)
        _send(telegram, account, chat, {"text": part} | ({"entities": entities} if entities else {}) | replied)


def open_link(telegram: Telegram, account: Account, parameter: str) -> None:
    """Press START behind t.me/bot?start=PARAMETER."""
    if not re.fullmatch(r"[A-Za-z0-9_-]{0,64}", parameter):
        raise ValueError(f"a start link cannot carry {parameter!r}")
    write(telegram, account, telegram.chat_of(account), f"/start {parameter}".strip())


def upload(telegram: Telegram, account: Account, file: Upload, *, kind: str, caption: str = "") -> None:
    """Send a file ("document") or a picture ("photo")."""
    stored = telegram.files.keep(file, kind)
    entities = detect(caption)
    content: Json = read_file(stored)
    if caption:
        content |= {"caption": caption} | ({"caption_entities": entities} if entities else {})
    _send(telegram, account, telegram.chat_of(account), content, file=stored)


def speak(telegram: Telegram, account: Account) -> None:
    """Send a voice message of a few seconds; nobody hears what it says."""
    voice = {"file_id": "VOICE", "file_unique_id": "UVOICE", "duration": 4, "mime_type": "audio/ogg"}
    _send(telegram, account, telegram.chat_of(account), {"voice": voice})


def share_contact(telegram: Telegram, account: Account, phone_number: str) -> None:
    contact = {"phone_number": phone_number, "first_name": account.name, "user_id": account.user_id}
    _send(telegram, account, telegram.chat_of(account), {"contact": contact})


def share_location(telegram: Telegram, account: Account) -> None:
    """A point in the lake."""
    location = {"latitude": 31.2, "longitude": 120.2}
    _send(telegram, account, telegram.chat_of(account), {"location": location})


def send_sticker(telegram: Telegram, account: Account) -> None:
    sticker = {
        "file_id": "STICKER",
        "file_unique_id": "USTICKER",
        "type": "regular",
        "width": 512,
        "height": 512,
        "is_animated": False,
        "is_video": False,
    }
    _send(telegram, account, telegram.chat_of(account), {"sticker": sticker})


def forward(telegram: Telegram, account: Account, text: str) -> None:
    """Words of somebody who hides the account they were written from."""
    origin = {"type": "hidden_user", "sender_user_name": "某某", "date": telegram.now()}
    entities = detect(text)
    content = {"text": text, "forward_origin": origin} | ({"entities": entities} if entities else {})
    _send(telegram, account, telegram.chat_of(account), content)


def _send(telegram: Telegram, account: Account, chat: Chat, content: Json, *, file: StoredFile | None = None) -> None:
    if account.has_blocked and chat.kind == "private":
        raise PermissionError(f"{account.name} has blocked the bot and must unblock it first")
    chat.is_open = True
    message = telegram.post(chat, account.as_user(), content, html=content.get("text", ""), file=file)
    if chat.keyboard and chat.keyboard.get("one_time_keyboard"):
        chat.keyboard = None
    if chat.kind == "private" or _bot_hears(telegram, chat, message.raw):
        telegram.updates.put("message", message.raw, chat.chat_id)


def _bot_hears(telegram: Telegram, chat: Chat, raw: Json) -> bool:
    """Privacy mode: in a group a bot hears commands and its own name only, unless it is an admin."""
    if not chat.has_bot:
        return False
    if chat.bot_is_admin:
        return True
    text, bot = raw.get("text", ""), f"@{telegram.profile.username}"
    names = [utf16_slice(text, e["offset"], e["length"]) for e in raw.get("entities", [])]
    return any(bot in name or (name.startswith("/") and "@" not in name) for name in names)


def edit(telegram: Telegram, message: Message, text: str) -> None:
    """Change one's own message; only the newest text counts, the bot is told."""
    kept = {key: value for key, value in message.raw.items() if key != "entities"}
    entities = detect(text)
    raw = kept | {"edit_date": telegram.now(), "text": text} | ({"entities": entities} if entities else {})
    telegram.change(telegram.chats[message.chat_id], message, raw)
    telegram.updates.put("edited_message", raw, message.chat_id)


def press(telegram: Telegram, account: Account, message: Message, callback_data: str) -> None:
    """Press an inline button; a message that is gone comes back as inaccessible."""
    chat = telegram.chats[message.chat_id]
    query_id = str(next(telegram.callback_ids))
    telegram.callbacks[query_id] = CallbackQuery(account, telegram.clock())
    shown = message.raw
    if chat.messages.get(message.message_id) is not message:
        shown = {"chat": chat.as_chat(), "message_id": message.message_id, "date": 0}
    body = {
        "id": query_id,
        "from": account.as_user(),
        "message": shown,
        "chat_instance": str(chat.chat_id),
        "data": callback_data,
    }
    telegram.updates.put("callback_query", body, account.user_id)


def block(telegram: Telegram, account: Account) -> None:
    account.has_blocked = True
    _tell_membership(telegram, account.as_user(), telegram.chat_of(account), "member", "kicked")


def unblock(telegram: Telegram, account: Account) -> None:
    account.has_blocked = False
    _tell_membership(telegram, account.as_user(), telegram.chat_of(account), "kicked", "member")


def add_bot(telegram: Telegram, account: Account, chat: Chat) -> None:
    """The bot has come into a group."""
    _tell_membership(telegram, account.as_user(), chat, "left", "member")


def _tell_membership(telegram: Telegram, by: Json, chat: Chat, old: str, new: str) -> None:
    telegram.touch(chat)
    body = {
        "chat": chat.as_chat(),
        "from": by,
        "date": telegram.now(),
        "old_chat_member": _membership(telegram, old),
        "new_chat_member": _membership(telegram, new),
    }
    telegram.updates.put("my_chat_member", body, chat.chat_id)


def _membership(telegram: Telegram, status: str) -> Json:
    member = {"user": telegram.profile.as_user(), "status": status}
    return member | {"until_date": 0} if status == "kicked" else member

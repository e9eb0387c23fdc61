"""Methods that change or remove what was sent."""

from sandbox.calls import Arguments, Kind, method
from sandbox.errors import Json, bad_request
from sandbox.files import StoredFile
from sandbox.messages import Message
from sandbox.methods.contents import CAPTION, TEXT, read_caption, read_file, read_keyboard, read_text
from sandbox.methods.sending import media_file
from sandbox.telegram import Chat, Telegram

DELETABLE_S = 48 * 3600
ONE_MESSAGE = {"chat_id": Kind.CHAT, "message_id": Kind.INTEGER}
KEYBOARD = {"reply_markup": Kind.OBJECT}
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


@method(needs=ONE_MESSAGE | {"text": Kind.TEXT}, takes=TEXT | KEYBOARD)
def edit_message_text(telegram: Telegram, call: Arguments) -> Json:
    chat, message = _editable(telegram, call)
    if "text" not in message.raw:
        raise bad_request("there is no text in the message to edit")
    return _edit(telegram, chat, message, read_text(call) | read_keyboard(call), html=call["text"])


@method(needs=ONE_MESSAGE, takes=CAPTION | KEYBOARD | {"show_caption_above_media": Kind.FLAG})
def edit_message_caption(telegram: Telegram, call: Arguments) -> Json:
    chat, message = _editable(telegram, call)
    if message.file is None:
        raise bad_request("there is no caption in the message to edit")
    content = read_file(message.file) | read_caption(call) | read_keyboard(call)
    return _edit(telegram, chat, message, content, html=call.get("caption", ""), file=message.file)


@method(needs=ONE_MESSAGE | {"media": Kind.OBJECT}, takes=KEYBOARD)
def edit_message_media(telegram: Telegram, call: Arguments) -> Json:
    chat, message = _editable(telegram, call)
    file = media_file(telegram, call, call["media"])
    content = read_file(file) | read_caption(call["media"]) | read_keyboard(call)
    return _edit(telegram, chat, message, content, html=call["media"].get("caption", ""), file=file)


@method(needs=ONE_MESSAGE, takes=KEYBOARD)
def edit_message_reply_markup(telegram: Telegram, call: Arguments) -> Json:
    chat, message = _editable(telegram, call)
    kept = {key: value for key, value in _content(message).items() if key != "reply_markup"}
    return _edit(telegram, chat, message, kept | read_keyboard(call), html=message.html, file=message.file)


def _editable(telegram: Telegram, call: Arguments) -> tuple[Chat, Message]:
    chat = telegram.reachable_chat(call["chat_id"])
    message = telegram.message(chat, call["message_id"], "edit")
    if not message.from_bot or "forward_origin" in message.raw or message.reply_markup:
        raise bad_request("message can't be edited")
    return chat, message


HEAD = (
    "message_id",
    "from",
    "chat",
    "date",
    "edit_date",
    "has_protected_content",
    "reply_to_message",
    "media_group_id",
)


def _content(message: Message) -> Json:
    return {key: value for key, value in message.raw.items() if key not in HEAD}


def _edit(
    telegram: Telegram,
    chat: Chat,
    message: Message,
    content: Json,
    *,
    html: str,
    file: StoredFile | None = None,
) -> Json:
    if content == _content(message):
        raise bad_request(NOT_MODIFIED)
    head = {key: message.raw[key] for key in HEAD if key in message.raw}
    message.html, message.file = html, file
    telegram.change(chat, message, head | {"edit_date": telegram.now()} | content)
    return message.raw


@method(needs=ONE_MESSAGE)
def delete_message(telegram: Telegram, call: Arguments) -> bool:
    chat = telegram.reachable_chat(call["chat_id"])
    message = telegram.message(chat, call["message_id"], "delete")
    if not _may_delete(telegram, chat, message):
        raise bad_request("message can't be deleted")
    telegram.delete(chat, message)
    return True


@method(needs={"chat_id": Kind.CHAT, "message_ids": Kind.LIST})
def delete_messages(telegram: Telegram, call: Arguments) -> bool:
    """Those that cannot be found or deleted are skipped."""
    if not 1 <= len(call["message_ids"]) <= 100:
        raise bad_request("too many messages to delete specified")
    chat = telegram.reachable_chat(call["chat_id"])
    found = (chat.messages.get(message_id) for message_id in call["message_ids"])
    for message in [message for message in found if message and _may_delete(telegram, chat, message)]:
        telegram.delete(chat, message)
    return True


def _may_delete(telegram: Telegram, chat: Chat, message: Message) -> bool:
    if telegram.clock() - message.raw["date"] > DELETABLE_S:
        return False
    return message.from_bot or chat.kind == "private" or chat.bot_is_admin

"""Methods that put new messages into a chat."""

from sandbox.calls import Arguments, Kind, method
from sandbox.errors import Json, bad_request
from sandbox.files import StoredFile, Upload
from sandbox.messages import Message
from sandbox.methods.contents import CAPTION, QUIETLY, SENDING, TEXT, read_caption, read_file, read_text, send
from sandbox.telegram import Telegram

CHAT_ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    },
)
ACTION_SHOWN_S = 5
ONE_MESSAGE = {"chat_id": Kind.CHAT, "from_chat_id": Kind.CHAT, "message_id": Kind.INTEGER}


@method(needs={"chat_id": Kind.CHAT, "text": Kind.TEXT}, takes=TEXT | SENDING)
def send_message(telegram: Telegram, call: Arguments) -> Json:
    return send(telegram, call, read_text(call), html=call["text"]).raw


@method(
    needs={"chat_id": Kind.CHAT, "photo": Kind.FILE},
    takes=CAPTION | SENDING | {"show_caption_above_media": Kind.FLAG, "has_spoiler": Kind.FLAG},
)
def send_photo(telegram: Telegram, call: Arguments) -> Json:
    return _send_file(telegram, call, "photo").raw


@method(
    needs={"chat_id": Kind.CHAT, "document": Kind.FILE},
    takes=CAPTION | SENDING | {"disable_content_type_detection": Kind.FLAG},
)
def send_document(telegram: Telegram, call: Arguments) -> Json:
    return _send_file(telegram, call, "document").raw


def _send_file(telegram: Telegram, call: Arguments, kind: str) -> Message:
    telegram.reachable_chat(call["chat_id"])
    caption = read_caption(call)
    file = telegram.files.send(call[kind], kind)
    marks = {mark: True for mark in ("show_caption_above_media", "has_spoiler") if call.get(mark)}
    marks = {"has_media_spoiler" if mark == "has_spoiler" else mark: True for mark in marks}
    return send(telegram, call, read_file(file) | caption | marks, html=call.get("caption", ""), file=file)


@method(
    needs={"chat_id": Kind.CHAT, "media": Kind.LIST},
    takes=QUIETLY | {"allow_paid_broadcast": Kind.FLAG, "reply_parameters": Kind.OBJECT},
)
def send_media_group(telegram: Telegram, call: Arguments) -> list[Json]:
    if not 2 <= len(call["media"]) <= 10:
        raise bad_request("media group must include 2-10 items")
    telegram.reachable_chat(call["chat_id"])
    ready = [(item, media_file(telegram, call, item), read_caption(item)) for item in call["media"]]
    album = {"media_group_id": str(telegram.revision + 1)}
    sent = [
        send(telegram, call, read_file(file) | caption | album, html=item.get("caption", ""), file=file)
        for item, file, caption in ready
    ]
    return [message.raw for message in sent]


def media_file(telegram: Telegram, call: Arguments, item: Json) -> StoredFile:
    """The file of an InputMedia: attached to this call, or known by id."""
    if item.get("type") not in ("photo", "document"):
        raise bad_request(f"type {item.get('type')} of the media is not known to the sandbox")
    given: Upload | str = item["media"]
    if isinstance(given, str) and given.startswith("attach://"):
        given = call.files[given.removeprefix("attach://")]
    return telegram.files.send(given, item["type"])


@method(needs={"chat_id": Kind.CHAT, "action": Kind.TEXT})
def send_chat_action(telegram: Telegram, call: Arguments) -> bool:
    if call["action"] not in CHAT_ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat = telegram.reachable_chat(call["chat_id"])
    chat.activity, chat.activity_until = call["action"], telegram.clock() + ACTION_SHOWN_S
    telegram.touch(chat)
    return True


@method(needs=ONE_MESSAGE, takes=CAPTION | SENDING | {"show_caption_above_media": Kind.FLAG})
def copy_message(telegram: Telegram, call: Arguments) -> Json:
    original = _original(telegram, call, "copy")
    content = _content(original)
    if "caption" in call and original.file:
        content = {key: content[key] for key in content if not key.startswith("caption")} | read_caption(call)
    copy = send(telegram, call, content, html=call.get("caption", original.html), file=original.file)
    return {"message_id": copy.message_id}


@method(needs=ONE_MESSAGE, takes=QUIETLY)
def forward_message(telegram: Telegram, call: Arguments) -> Json:
    original = _original(telegram, call, "forward")
    origin = {"type": "user", "sender_user": original.raw["from"], "date": original.raw["date"]}
    content = {"forward_origin": origin} | _content(original)
    return send(telegram, call, content, html=original.html, file=original.file).raw


def _original(telegram: Telegram, call: Arguments, to: str) -> Message:
    message = telegram.message(telegram.known_chat(call["from_chat_id"]), call["message_id"], to)
    if message.protected:
        raise bad_request("message can't be copied" if to == "copy" else "message can't be forwarded")
    return message


def _content(message: Message) -> Json:
    kept = ("text", "entities", "link_preview_options", "photo", "document", "caption", "caption_entities")
    return {key: message.raw[key] for key in kept if key in message.raw}

"""What the methods that write messages have in common: text, keyboard, reply, protection."""

from sandbox.calls import Arguments, Kind
from sandbox.entities import formatted
from sandbox.errors import Json, bad_request
from sandbox.files import StoredFile
from sandbox.markup import read_inline_keyboard, read_reply_markup
from sandbox.messages import Message
from sandbox.telegram import Chat, Telegram

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024

TEXT = {"parse_mode": Kind.TEXT, "entities": Kind.LIST, "link_preview_options": Kind.OBJECT}
CAPTION = {"caption": Kind.TEXT, "parse_mode": Kind.TEXT, "caption_entities": Kind.LIST}
QUIETLY = {"disable_notification": Kind.FLAG, "protect_content": Kind.FLAG}
SENDING = QUIETLY | {"allow_paid_broadcast": Kind.FLAG, "reply_parameters": Kind.OBJECT, "reply_markup": Kind.OBJECT}


def read_text(call: Arguments) -> Json:
    """The parts of a Message that come from text, parse_mode and entities."""
    text, entities = formatted(call["text"], call.get("parse_mode"), call.get("entities"))
    if not text:
        raise bad_request("message text is empty")
    if len(text) > TEXT_LIMIT:
        raise bad_request("message is too long")
    content: Json = {"text": text} | ({"entities": entities} if entities else {})
    preview = call.get("link_preview_options")
    return content | {"link_preview_options": preview} if preview else content


def read_caption(call: Json) -> Json:
    """The same of caption, parse_mode and caption_entities; {} without a caption."""
    text, entities = formatted(call.get("caption", ""), call.get("parse_mode"), call.get("caption_entities"))
    if len(text) > CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    if not text:
        return {}
    return {"caption": text} | ({"caption_entities": entities} if entities else {})


def read_file(file: StoredFile) -> Json:
    return {"photo": file.as_photo()} if file.kind == "photo" else {"document": file.as_document()}


def read_keyboard(call: Arguments) -> Json:
    keyboard = read_inline_keyboard(call.get("reply_markup"))
    return {"reply_markup": keyboard} if keyboard else {}


def send(telegram: Telegram, call: Arguments, content: Json, *, html: str, file: StoredFile | None = None) -> Message:
    """Post `content` with the keyboard, reply and protection that the call asks for."""
    chat = telegram.reachable_chat(call["chat_id"])
    markup = read_reply_markup(call.get("reply_markup"))
    inline = markup if markup and "inline_keyboard" in markup else None
    content = {
        **_reply(chat, call.get("reply_parameters")),
        **content,
        **({"has_protected_content": True} if call.get("protect_content") else {}),
        **({"reply_markup": inline} if inline else {}),
    }
    message = telegram.post(chat, telegram.profile.as_user(), content, html=html, file=file)
    chat.activity = ""
    if markup and not inline:
        message.reply_markup = markup
        chat.keyboard = None if "remove_keyboard" in markup else markup
    return message


def _reply(chat: Chat, parameters: Json | None) -> Json:
    if not parameters:
        return {}
    if parameters.get("chat_id", chat.chat_id) != chat.chat_id:
        raise bad_request("message to be replied not found")
    original = chat.messages.get(parameters["message_id"])
    if original is None:
        if parameters.get("allow_sending_without_reply"):
            return {}
        raise bad_request("message to be replied not found")
    quote = parameters.get("quote")
    if quote and quote not in original.text:
        raise bad_request("QUOTE_TEXT_INVALID")
    without_reply = {key: value for key, value in original.raw.items() if key != "reply_to_message"}
    return {"reply_to_message": without_reply}

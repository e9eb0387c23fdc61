"""Yesterday's conversations: all accounts, chats and files in one folder, so that a demo can go on."""

import json
from pathlib import Path

from sandbox.errors import Json
from sandbox.files import StoredFile
from sandbox.messages import Message
from sandbox.telegram import Account, Chat, Telegram

CHAT_FIELDS = (
    "chat_id",
    "kind",
    "title",
    "members",
    "last_message_id",
    "keyboard",
    "is_open",
    "has_bot",
    "bot_is_admin",
    "pinned",
    "revision",
)
ACCOUNT_FIELDS = ("user_id", "name", "language_code", "has_blocked", "is_deactivated")


def save(telegram: Telegram, state_file: Path) -> None:
    """Write the state; file contents go into a folder beside it, once each."""
    folder = _folder(state_file)
    folder.mkdir(parents=True, exist_ok=True)
    for stored in telegram.files.by_id.values():
        path = folder / stored.file_id
        if not path.exists():
            path.write_bytes(stored.content)
    state = {
        "revision": telegram.revision,
        "next_update_id": telegram.updates.next_id,
        "accounts": [
            {name: getattr(account, name) for name in ACCOUNT_FIELDS} for account in telegram.accounts.values()
        ],
        "chats": [_chat_as_json(chat) for chat in telegram.chats.values()],
        "files": [{"file_id": f.file_id, "name": f.name, "kind": f.kind} for f in telegram.files.by_id.values()],
    }
    unfinished = state_file.with_suffix(".new")
    unfinished.write_text(json.dumps(state, ensure_ascii=False), encoding="utf-8")
    unfinished.replace(state_file)


def load(telegram: Telegram, state_file: Path) -> None:
    """Read what `save` wrote; nothing happens if there is nothing."""
    if not state_file.exists():
        return
    state = json.loads(state_file.read_text(encoding="utf-8"))
    telegram.revision = state["revision"]
    telegram.updates.next_id = max(telegram.updates.next_id, state["next_update_id"])
    for raw in state["files"]:
        stored = StoredFile(
            raw["file_id"], raw["name"], (_folder(state_file) / raw["file_id"]).read_bytes(), raw["kind"]
        )
        telegram.files.by_id[stored.file_id] = stored
    for raw in state["accounts"]:
        telegram.accounts[raw["user_id"]] = Account(**raw)
    for raw in state["chats"]:
        telegram.chats[raw["chat_id"]] = _chat_from_json(raw, telegram)


def _folder(state_file: Path) -> Path:
    return state_file.with_suffix(".files")


def _chat_as_json(chat: Chat) -> Json:
    messages = [
        {
            "raw": message.raw,
            "html": message.html,
            "file_id": message.file.file_id if message.file else None,
            "reply_markup": message.reply_markup,
            "revision": message.revision,
        }
        for message in chat.messages.values()
    ]
    return {name: getattr(chat, name) for name in CHAT_FIELDS} | {"messages": messages}


def _chat_from_json(raw: Json, telegram: Telegram) -> Chat:
    messages = [
        Message(m["raw"], m["html"], telegram.files.by_id.get(m["file_id"]), m["reply_markup"], m["revision"])
        for m in raw.pop("messages")
    ]
    return Chat(**raw, messages={message.message_id: message for message in messages})

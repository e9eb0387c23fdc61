"""Methods by which a bot describes itself: name, descriptions, commands, menu button."""

import re

from sandbox.calls import Arguments, Kind, method
from sandbox.errors import Json, bad_request
from sandbox.profile import Scope
from sandbox.telegram import Telegram

LANGUAGE = {"language_code": Kind.TEXT}
SCOPED = {"scope": Kind.OBJECT, "language_code": Kind.TEXT}
MOST_COMMANDS = 100


def _language(call: Arguments) -> str:
    language = str(call.get("language_code", ""))
    if not re.fullmatch(r"(?:[a-z]{2})?", language):
        raise bad_request("invalid language code specified")
    return language


def _set_text(texts: dict[str, str], call: Arguments, name: str, limit: int) -> bool:
    text = call.get(name, "")
    if len(text) > limit:
        raise bad_request(f"{name.replace('_', ' ')} is too long")
    texts[_language(call)] = text
    return True


def _text(texts: dict[str, str], call: Arguments) -> str:
    return texts.get(_language(call)) or texts.get("", "")


@method(takes=LANGUAGE | {"name": Kind.TEXT})
def set_my_name(telegram: Telegram, call: Arguments) -> bool:
    if not call.get("name") and not _language(call):
        raise bad_request("name must be non-empty")
    return _set_text(telegram.profile.names, call, "name", 64)


@method(takes=LANGUAGE)
def get_my_name(telegram: Telegram, call: Arguments) -> Json:
    return {"name": _text(telegram.profile.names, call)}


@method(takes=LANGUAGE | {"description": Kind.TEXT})
def set_my_description(telegram: Telegram, call: Arguments) -> bool:
    return _set_text(telegram.profile.descriptions, call, "description", 512)


@method(takes=LANGUAGE)
def get_my_description(telegram: Telegram, call: Arguments) -> Json:
    return {"description": _text(telegram.profile.descriptions, call)}


@method(takes=LANGUAGE | {"short_description": Kind.TEXT})
def set_my_short_description(telegram: Telegram, call: Arguments) -> bool:
    return _set_text(telegram.profile.short_descriptions, call, "short_description", 120)


@method(takes=LANGUAGE)
def get_my_short_description(telegram: Telegram, call: Arguments) -> Json:
    return {"short_description": _text(telegram.profile.short_descriptions, call)}


def _scope(telegram: Telegram, call: Arguments) -> Scope:
    scope = call.get("scope", {"type": "default"})
    kind = scope.get("type")
    if kind in ("default", "all_private_chats", "all_group_chats", "all_chat_administrators"):
        return (kind,)
    if kind not in ("chat", "chat_administrators", "chat_member"):
        raise bad_request("unsupported type specified")
    chat = telegram.known_chat(scope.get("chat_id", ""))
    return (kind, chat.chat_id, scope["user_id"]) if kind == "chat_member" else (kind, chat.chat_id)


def _checked(command: Json) -> Json:
    if not re.fullmatch(r"[a-z0-9_]{1,32}", command.get("command", "")):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(command.get("description", "")) <= 256:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": command["command"], "description": command["description"]}


@method(needs={"commands": Kind.LIST}, takes=SCOPED)
def set_my_commands(telegram: Telegram, call: Arguments) -> bool:
    if len(call["commands"]) > MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    commands = [_checked(command) for command in call["commands"]]
    telegram.profile.commands[_scope(telegram, call), _language(call)] = commands
    _touch_all(telegram)
    return True


@method(takes=SCOPED)
def get_my_commands(telegram: Telegram, call: Arguments) -> list[Json]:
    return telegram.profile.commands.get((_scope(telegram, call), _language(call)), [])


@method(takes=SCOPED)
def delete_my_commands(telegram: Telegram, call: Arguments) -> bool:
    telegram.profile.commands.pop((_scope(telegram, call), _language(call)), None)
    _touch_all(telegram)
    return True


def _touch_all(telegram: Telegram) -> None:
    for chat in telegram.chats.values():
        telegram.touch(chat)


@method(takes={"chat_id": Kind.INTEGER, "menu_button": Kind.OBJECT})
def set_chat_menu_button(telegram: Telegram, call: Arguments) -> bool:
    button = call.get("menu_button", {"type": "default"})
    if button.get("type") not in ("commands", "default", "web_app"):
        raise bad_request("unsupported menu button type specified")
    if "chat_id" in call:
        telegram.known_chat(call["chat_id"]).menu_button = button
    else:
        telegram.profile.menu_button = button
    return True


@method(takes={"chat_id": Kind.INTEGER})
def get_chat_menu_button(telegram: Telegram, call: Arguments) -> Json:
    chat = telegram.known_chat(call["chat_id"]) if "chat_id" in call else None
    return (chat and chat.menu_button) or telegram.profile.menu_button

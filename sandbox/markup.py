"""Keyboards: what Telegram accepts under a message."""

from typing import Any

from sandbox.errors import Json, bad_request

ACTIONS = frozenset(
    {
        "url",
        "callback_data",
        "web_app",
        "login_url",
        "switch_inline_query",
        "switch_inline_query_current_chat",
        "switch_inline_query_chosen_chat",
        "copy_text",
        "callback_game",
        "pay",
    },
)
STYLES = frozenset({"danger", "success", "primary"})
REPLY_BUTTON_FIELDS = frozenset({"text", "style", "request_contact", "request_location", "icon_custom_emoji_id"})
REPLY_KEYBOARD_FIELDS = frozenset(
    {"keyboard", "is_persistent", "resize_keyboard", "one_time_keyboard", "input_field_placeholder", "selective"},
)
MOST_BUTTONS = 100
CALLBACK_DATA_LIMIT_BYTES = 64
COPY_TEXT_LIMIT = 256


def read_reply_markup(markup: Json | None) -> Json | None:
    """The markup, checked and in the form Telegram gives it back."""
    if not markup:
        return None
    if "inline_keyboard" in markup:
        return read_inline_keyboard(markup)
    if "keyboard" in markup:
        return _read_reply_keyboard(markup)
    if markup.get("remove_keyboard") is True or markup.get("force_reply") is True:
        return markup
    raise bad_request("object expected as reply markup")


def read_inline_keyboard(markup: Json | None) -> Json | None:
    """As `read_reply_markup`, where only an inline keyboard may stand (edits)."""
    if not markup:
        return None
    if set(markup) != {"inline_keyboard"}:
        raise bad_request("inline keyboard expected")
    rows = [[_read_inline_button(button) for button in row] for row in _rows(markup["inline_keyboard"])]
    return {"inline_keyboard": rows} if rows else None


def _rows(rows: Any) -> list[list[Any]]:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request("can't parse reply keyboard markup JSON object")
    filled = [row for row in rows if row]
    if sum(len(row) for row in filled) > MOST_BUTTONS:
        raise bad_request("reply markup is too long")
    return filled


def _read_inline_button(button: Json) -> Json:
    if not button.get("text"):
        raise bad_request('can\'t parse inline keyboard button: Field "text" must be of type String')
    if unknown := set(button) - ACTIONS - {"text", "style", "icon_custom_emoji_id"}:
        raise bad_request(f"can't parse inline keyboard button: unknown field {min(unknown)}")
    actions = ACTIONS & set(button)
    if not actions:
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise bad_request(f"can't parse inline keyboard button: only one of {', '.join(sorted(actions))} may be given")
    _check_action(button)
    _check_style(button)
    return button


def _check_action(button: Json) -> None:
    data = button.get("callback_data")
    if data is not None and not 1 <= len(data.encode()) <= CALLBACK_DATA_LIMIT_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if "copy_text" in button and not 1 <= len(button["copy_text"].get("text", "")) <= COPY_TEXT_LIMIT:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
    url = button.get("url")
    if url is not None and not url.startswith(("http://", "https://", "tg://", "t.me/")):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")


def _check_style(button: Json) -> None:
    if button.get("style", "primary") not in STYLES:
        raise bad_request("invalid button style specified")


def _read_reply_keyboard(markup: Json) -> Json:
    if unknown := set(markup) - REPLY_KEYBOARD_FIELDS:
        raise bad_request(f"can't parse reply keyboard markup: unknown field {min(unknown)}")
    if len(markup.get("input_field_placeholder", "")) > 64:
        raise bad_request("REPLY_MARKUP_PLACEHOLDER_INVALID")
    rows = [[_read_reply_button(button) for button in row] for row in _rows(markup["keyboard"])]
    return markup | {"keyboard": rows}


def _read_reply_button(button: Json | str) -> Json:
    if isinstance(button, str):
        button = {"text": button}
    if not button.get("text"):
        raise bad_request('can\'t parse keyboard button: Field "text" must be of type String')
    if unknown := set(button) - REPLY_BUTTON_FIELDS:
        raise bad_request(f"can't parse keyboard button: unknown field {min(unknown)}")
    _check_style(button)
    return button

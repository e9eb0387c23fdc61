"""A message as a phone shows it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from sandbox.errors import Json
from sandbox.files import StoredFile


@dataclass(frozen=True, slots=True)
class Button:
    """One inline button; exactly one of data, copy_text and url is set."""

    label: str
    data: str | None = None
    copy_text: str | None = None
    url: str | None = None
    style: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    name: str
    content: bytes = field(repr=False)


@dataclass(eq=False, slots=True)
class Message:
    """One message for its whole life: an edit changes it in place, `raw` is always the current Bot API Message."""

    raw: Json
    html: str = ""  # text or caption as it was sent, before parsing
    file: StoredFile | None = None
    reply_markup: Json | None = None  # what was sent that is no inline keyboard
    revision: int = 0  # of the whole Telegram when this message last changed

    @property
    def message_id(self) -> int:
        return int(self.raw["message_id"])

    @property
    def chat_id(self) -> int:
        return int(self.raw["chat"]["id"])

    @property
    def from_bot(self) -> bool:
        return bool(self.raw["from"]["is_bot"])

    @property
    def text(self) -> str:
        return str(self.raw.get("text", self.raw.get("caption", "")))

    @property
    def edited(self) -> bool:
        return "edit_date" in self.raw

    @property
    def protected(self) -> bool:
        return bool(self.raw.get("has_protected_content", False))

    @property
    def document(self) -> Document | None:
        return Document(self.file.name, self.file.content) if self.file and self.file.kind == "document" else None

    @property
    def photo(self) -> bytes | None:
        return self.file.content if self.file and self.file.kind == "photo" else None

    @property
    def buttons(self) -> list[list[Button]]:
        rows = self.raw.get("reply_markup", {}).get("inline_keyboard", [])
        return [[_button(raw) for raw in row] for row in rows]

    @property
    def keyboard(self) -> list[list[str]]:
        rows = (self.reply_markup or {}).get("keyboard", [])
        return [[button["text"] for button in row] for row in rows]

    def all_buttons(self) -> Iterator[Button]:
        for row in self.buttons:
            yield from row

    def __repr__(self) -> str:
        labels = [button.label for button in self.all_buttons()]
        return f"<Message {self.message_id} {'bot' if self.from_bot else 'person'}: {self.text!r} {labels or ''}>"


def _button(raw: Json) -> Button:
    return Button(
        label=raw["text"],
        data=raw.get("callback_data"),
        copy_text=raw.get("copy_text", {}).get("text"),
        url=raw.get("url"),
        style=raw.get("style"),
    )

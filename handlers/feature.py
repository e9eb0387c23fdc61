"""What a feature is, and the buttons it hands out."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from markupsafe import Markup
from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import InlineKeyboardButtonLimit

from carefund_bot.access import Permission
from carefund_bot.errors import StaleButton
from carefund_bot.texts.words import Words, plain

if TYPE_CHECKING:
    from telegram import Update

    from handlers.context import FundContext

Step = Callable[["Update", "FundContext"], Coroutine[Any, Any, None]]
Question = Callable[["FundContext", dict[str, Any]], Coroutine[Any, Any, None]]
"""What a form asks at a step, given the facts so far."""

Say = Callable[[Words], Markup]


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """One act. Its `name` prefixes its buttons and names its conversation.

    `command` and `summary` make a line of the command menu; `label` a key of the keyboard under the text box;
    `phrases` are plain words that open it. `steps` answer typed words or files while the act waits there, `buttons` a
    pressed button's verb, `takes_file` a file sent out of the blue. Steps named in `takes_all` take any words as they
    are; those in `words_only` leave a file to whoever takes it; those in `asks` may be left for another question, and
    are asked again afterwards. A step in `asks` alone waits for a button: stray words find its screen shown again.
    What `answers_first` is shown without being asked for: after /start, and for any words nobody else claims.
    `permission` decides who sees it (None: everybody); services check again.
    """

    name: str
    opens: Step
    command: str | None = None
    summary: Say | None = None
    label: Say | None = None
    phrases: tuple[str, ...] = ()
    permission: Permission | None = None
    steps: Mapping[str, Step] = field(default_factory=dict)
    takes_all: frozenset[str] = frozenset()
    words_only: frozenset[str] = frozenset()
    asks: Mapping[str, Question] = field(default_factory=dict)
    buttons: Mapping[str, Step] = field(default_factory=dict)
    takes_file: Step | None = None
    answers_first: bool = False


class Unclear(Exception):  # noqa: N818 - an answer, not a malfunction
    """Words that are no answer to what a step asks. `ask_again` says so, if they are no question of their own."""

    def __init__(self, ask_again: Callable[[], Coroutine[Any, Any, object]]) -> None:
        super().__init__()
        self.ask_again = ask_again


class NotWaiting(Exception):  # noqa: N818 - an answer, not a malfunction
    """A step that waits for nothing any more: its act is over, and the words are heard as if it had not stood."""


@dataclass(frozen=True, slots=True)
class Pressed:
    """A pressed button: what it asks, about what, and the one-use id of the act it belongs to."""

    verb: str
    argument: str
    request_id: str

    @property
    def number(self) -> int:
        """The argument as a row's id or a year; `StaleButton` if it is none."""
        if not self.argument.isdecimal():
            raise StaleButton
        return int(self.argument)

    @classmethod
    def read(cls, data: str) -> tuple[str, Pressed]:
        """(feature name, what was pressed); missing parts are empty."""
        name, verb, argument, request_id = [*data.split(":"), "", "", ""][:4]
        return name, cls(verb, argument, request_id)


@lru_cache(maxsize=1_024)  # the years, the amounts: the library takes long to make one, and they do not change
def button(
    label: str, feature: str, verb: str, argument: str = "", request_id: str = "", *, style: str | None = None
) -> InlineKeyboardButton:
    """A button of a feature. Buttons of an act in progress carry its one-use id; `style` is success or danger."""
    data = f"{feature}:{verb}:{argument}:{request_id}".rstrip(":")
    assert len(data.encode()) <= InlineKeyboardButtonLimit.MAX_CALLBACK_DATA, "more than a button carries"
    assert ":" not in argument, "the parts of a button's data are parted by colons"
    shown = plain(label) if isinstance(label, Markup) else label  # Telegram reads no HTML on a button
    return InlineKeyboardButton(shown, callback_data=data, style=style)


def keyboard(*rows: Sequence[InlineKeyboardButton]) -> InlineKeyboardMarkup:
    """Rows of buttons; empty rows are left out."""
    return InlineKeyboardMarkup([list(row) for row in rows if row])

"""The notice being written: what its draft holds, and its buttons."""

from __future__ import annotations

from typing import Any, Final

from telegram import InlineKeyboardButton

from carefund_bot.domain.notices import Attachment, AttachmentKind, Audience, Condition, Letter, Place, Reader, Topic
from carefund_bot.domain.outgoing import Fault
from carefund_bot.errors import StaleButton
from carefund_bot.store.notices import Content
from carefund_bot.texts import notices as texts
from handlers.context import FundContext
from handlers.feature import button

NAME: Final = "notice"

Draft = dict[str, Any]


def drafted(context: FundContext, needed: str) -> Draft:
    """The draft, once it holds what an earlier step answers."""
    draft = context.draft(NAME)
    if needed not in draft:
        raise StaleButton
    return draft


def step(draft: Draft, label: str, verb: str, argument: str = "", *, style: str | None = None) -> InlineKeyboardButton:
    return button(label, NAME, verb, argument, draft["request_id"], style=style)


def drop_row(context: FundContext) -> list[InlineKeyboardButton]:
    return [button(texts.drop_label(context.words), "cancel", "act")]


def attachment_of(draft: Draft) -> Attachment | None:
    kept = draft.get("attachment")
    return Attachment(AttachmentKind(kept[0]), kept[1]) if kept else None


async def letter_of(context: FundContext, draft: Draft) -> Letter:
    """As it will be signed."""
    return await context.fund.notices.letter(context.actor, draft["zh"], draft["en"], draft["place"][0])


async def content_of(context: FundContext, draft: Draft) -> Content:
    """All that is written down and, if it takes two, confirmed."""
    readers, condition = tuple(Reader(reader) for reader in draft["readers"]), draft.get("condition")
    faults: list[Fault] = []
    for text in (draft["zh"], draft["en"]) if draft.get("insists") else ():
        faults += await context.fund.notices.check(context.actor, text) if text else []
    return Content(
        audience=Audience(readers, Place(*draft["place"]), condition and Condition(condition)),
        text_zh=draft["zh"],
        text_en=draft["en"],
        topic=Topic(draft.get("topic", Topic.GENERAL)),
        attachment=attachment_of(draft),
        due_at=draft.get("due_at"),
        overruled=tuple(faults),
    )

"""A notice in a chat as its readers see it, picture or document and all."""

from __future__ import annotations

from markupsafe import Markup
from telegram import InlineKeyboardMarkup
from telegram.constants import ParseMode

from carefund_bot.domain.notices import Attachment, AttachmentKind
from handlers.context import FundContext


async def show_letter(
    context: FundContext, text: Markup, attachment: Attachment | None, keyboard: InlineKeyboardMarkup | None = None
) -> int:
    """In a message of its own; its id."""
    if attachment is None:
        sent_id = await context.reply(text, keyboard, fresh=True)
        assert sent_id is not None, "a fresh message has an id"
        return sent_id
    send = context.bot.send_photo if attachment.kind is AttachmentKind.PHOTO else context.bot.send_document
    sent = await send(
        context.user_id, attachment.file_id, caption=str(text), parse_mode=ParseMode.HTML, reply_markup=keyboard
    )
    return sent.message_id

"""The card of one notice: how far it has got, and what may be done with it."""

from __future__ import annotations

from telegram import Update
from telegram.constants import ParseMode

from carefund_bot.domain.notices import Attachment, AttachmentKind, Letter
from carefund_bot.services.notice_steps import Progress
from carefund_bot.texts import notice_runs as texts
from carefund_bot.texts import notices as letters
from carefund_bot.texts.words import words_in
from handlers.context import FundContext
from handlers.staff.notice_keys import card_keyboard


async def show_letter(context: FundContext, language: str, letter: Letter, attachment: Attachment | None) -> None:
    """A notice as its readers see it, picture or document and all."""
    text = letters.as_read(words_in(language), letter)
    if attachment is None:
        await context.reply(text, fresh=True)
        return
    send = context.bot.send_photo if attachment.kind is AttachmentKind.PHOTO else context.bot.send_document
    await send(context.user_id, attachment.file_id, caption=str(text), parse_mode=ParseMode.HTML)


async def show_card(update: Update, context: FundContext, progress: Progress, *, fresh: bool = False) -> None:
    """Show it and let it follow the notice."""
    words = context.words
    sent_id = await context.reply(texts.progress(words, progress), card_keyboard(words, progress), fresh=fresh)
    edited = update.callback_query and update.callback_query.message
    card_id = sent_id or (edited and edited.message_id)
    if card_id and not progress.is_at_rest:
        await context.fund.notice_runs.follow(context.actor, progress.notice.id, card_id)

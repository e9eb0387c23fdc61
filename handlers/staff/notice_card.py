"""The card of one notice: how far it has got, and what may be done with it."""

from __future__ import annotations

from telegram import Update

from carefund_bot.services.notice_steps import Progress
from carefund_bot.texts import notice_runs as texts
from handlers.context import FundContext
from handlers.staff.notice_keys import card_keyboard


async def show_card(update: Update, context: FundContext, progress: Progress, *, fresh: bool = False) -> None:
    """Show it and let it follow the notice."""
    words = context.words
    sent_id = await context.reply(texts.progress(words, progress), card_keyboard(words, progress), fresh=fresh)
    edited = update.callback_query and update.callback_query.message
    card_id = sent_id or (edited and edited.message_id)
    if card_id and not progress.is_at_rest:
        await context.fund.notice_runs.follow(context.actor, progress.notice.id, card_id)

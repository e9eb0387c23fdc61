"""/privacy: what is kept, for what, how long, and what one may ask."""

from __future__ import annotations

from telegram import Update

from carefund_bot.services.learning import KEPT_DAYS
from carefund_bot.texts import everyone as texts
from handlers.context import FundContext
from handlers.feature import Feature


async def show(update: Update, context: FundContext) -> None:
    del update
    await context.reply(texts.privacy(context.words, context.office_phone, KEPT_DAYS))


FEATURE = Feature(
    name="privacy",
    command="privacy",
    summary=texts.privacy_summary,
    opens=show,
    phrases=("隐私", "privacy"),
)

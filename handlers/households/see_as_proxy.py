"""代办进度: where the money of the households is that somebody stands for; marked as such, and nothing else."""

from __future__ import annotations

from telegram import Update

from carefund_bot.access import Permission
from carefund_bot.texts import households as texts
from handlers.context import FundContext
from handlers.feature import Feature

NAME = "proxy"


async def show(update: Update, context: FundContext) -> None:
    """One card a household, not to be passed around."""
    del update
    seen = await context.fund.aid.as_proxy(context.actor)
    if not seen:
        await context.reply(texts.no_mandate_now(context.words, context.office_phone))
    for one in seen:
        phone = context.fund.settings.fund(one.aid.fund).office_phone
        await context.reply(texts.proxy_card(context.words, one.aid, one.until_on, phone), protect=True)


FEATURE = Feature(
    name=NAME,
    command="proxy",
    summary=texts.proxy_summary,
    label=texts.proxy_label,
    opens=show,
    permission=Permission.SEE_AID_AS_PROXY,
    answers_first=True,
)

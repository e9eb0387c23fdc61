"""The year's contributions as a file to keep or print (A6)."""

from __future__ import annotations

from telegram import Update

from carefund_bot.access import Permission
from carefund_bot.texts import statement as texts
from handlers.context import FundContext
from handlers.feature import Feature

NAME = "statement"


async def send_this_year(update: Update, context: FundContext) -> None:
    del update
    await _send(context, None)


async def send_year(update: Update, context: FundContext) -> None:
    del update
    await _send(context, context.pressed.number)


async def _send(context: FundContext, year: int | None) -> None:
    found = await context.fund.giving.year(context.actor, year)
    await context.bot.send_document(
        context.user_id,
        texts.page(context.words, found, context.today),
        filename=texts.file_name(context.words, found.year),
        caption=str(texts.caption(context.words, found.year)),
        protect_content=True,
    )


FEATURE = Feature(
    name=NAME,
    opens=send_this_year,
    phrases=("捐款明细", "年度明细", "捐款清单", "对账单", "statement"),
    permission=Permission.SEE_OWN_GIVING,
    buttons={"year": send_year},
)

"""怎么交: the account with copy buttons where the law lets us show it, else the lawful ways (R19)."""

from __future__ import annotations

from telegram import CopyTextButton, InlineKeyboardButton, Update

from carefund_bot.access import Permission
from carefund_bot.texts import members as texts
from handlers.context import FundContext
from handlers.feature import Feature, keyboard

NAME = "pay"


async def show(update: Update, context: FundContext) -> None:
    del update
    words = context.words
    ways = await context.fund.giving.ways_to_pay(context.actor)
    copies = []
    if ways.account is not None:
        copies = [
            _copy(texts.copy_number(words), ways.account.number),
            _copy(texts.copy_holder(words), ways.account.holder),
            _copy(texts.copy_reference(words), ways.reference),
        ]
    await context.reply(texts.how_to_pay(words, ways), keyboard(copies), fresh=True)


def _copy(label: str, text: str) -> InlineKeyboardButton:
    return InlineKeyboardButton(str(label), copy_text=CopyTextButton(text))


FEATURE = Feature(
    name=NAME,
    command="pay",
    summary=texts.pay_summary,
    label=texts.pay_label,
    opens=show,
    phrases=("怎么交款", "账号", "怎么捐", "how to pay"),
    permission=Permission.SEE_OWN_GIVING,
    buttons={"show": show},
)

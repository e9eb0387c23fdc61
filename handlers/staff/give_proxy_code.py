"""给代办码: the proxy at the counter gets the one-time code that binds the own chat; or the mandate is ended."""

from __future__ import annotations

from telegram import CopyTextButton, InlineKeyboardButton, Update

from carefund_bot.access import Permission
from carefund_bot.texts import changes as texts
from carefund_bot.texts.codes import copy_code
from handlers.context import FundContext
from handlers.feature import Feature, button, keyboard

NAME = "proxycode"


async def give(update: Update, context: FundContext) -> None:
    """In a new message: the news stays, for the day another code is needed."""
    del update
    words, change_id = context.words, context.pressed.number
    request_id = context.new_draft()["request_id"]
    issued = await context.fund.proxies.issue_code(context.actor, request_id, change_id)
    copy = InlineKeyboardButton(str(copy_code(words)), copy_text=CopyTextButton(issued.printed))
    end = button(texts.end_proxy_label(words), NAME, "end", str(change_id), style="danger")
    await context.reply(texts.proxy_code(words, issued), keyboard([copy], [end]), fresh=True)


async def end(update: Update, context: FundContext) -> None:
    """For a household that called or came."""
    del update
    request_id = context.new_draft()["request_id"]
    await context.fund.proxies.end_for_household(context.actor, request_id, context.pressed.number)
    await context.reply(texts.proxy_ended(context.words))


FEATURE = Feature(name=NAME, opens=give, permission=Permission.ANSWER_CASES, buttons={"give": give, "end": end})

"""不是我们办的: the household stops a change before it is in force, and ends its proxy at any time."""

from __future__ import annotations

from telegram import Update

from carefund_bot.access import Permission
from carefund_bot.errors import NotAllowed
from carefund_bot.texts import changes as texts
from handlers.context import FundContext
from handlers.feature import Feature

NAME = "stop"


async def stop(update: Update, context: FundContext) -> None:
    """In a new message: what was said stays to be read again."""
    del update
    if not context.pressed.argument.isdecimal():
        raise NotAllowed
    request_id = context.new_draft()["request_id"]
    change = await context.fund.changing.stop(context.actor, request_id, int(context.pressed.argument))
    phone = context.fund.settings.fund(change.fund).office_phone
    await context.reply(texts.stopped(context.words, phone), fresh=True)


async def end_proxy(update: Update, context: FundContext) -> None:
    """A second tap hears the same."""
    del update
    request_id = context.new_draft()["request_id"]
    await context.fund.proxies.end(context.actor, request_id, context.pressed.number)
    await context.reply(texts.proxy_ended(context.words), fresh=True)


FEATURE = Feature(
    name=NAME, opens=stop, permission=Permission.SEE_OWN_AID, buttons={"change": stop, "proxy": end_proxy}
)

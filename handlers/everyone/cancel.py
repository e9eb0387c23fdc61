"""/cancel and 取消: stop whatever was begun; nothing has happened."""

from __future__ import annotations

from telegram import Update

from carefund_bot.texts import everyone as texts
from handlers.context import FundContext
from handlers.feature import Feature


async def cancel(update: Update, context: FundContext) -> None:
    del update
    was_busy = context.conversation is not None
    await context.end_all()
    say = texts.cancelled if was_busy else texts.nothing_to_cancel
    await context.reply(say(context.words), context.keys())


FEATURE = Feature(
    name="cancel",
    command="cancel",
    summary=texts.cancel_summary,
    opens=cancel,
    phrases=("取消", "算了", "算了吧", "不办了", "不捐了", "退出", "停", "cancel", "stop"),
    buttons={"act": cancel},
)

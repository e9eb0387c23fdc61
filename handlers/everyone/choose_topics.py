"""Which notices an account wants to read: a step of /settings."""

from __future__ import annotations

from telegram import Update

from carefund_bot.domain.notices import Topic
from carefund_bot.errors import NotAllowed
from carefund_bot.texts import topics as texts
from handlers.context import FundContext
from handlers.feature import Feature, button, keyboard

NAME = "topics"


async def show(update: Update, context: FundContext) -> None:
    """One button a topic, which says what a tap makes of it."""
    del update
    words, off = context.words, await context.fund.accounts.topics_off(context.user_id)
    rows = (
        [button(texts.turn_label(words, topic, is_off=topic in off), NAME, "on" if topic in off else "off", topic)]
        for topic in Topic
    )
    await context.reply(texts.topics(words, off), keyboard(*rows))


async def turn_off(update: Update, context: FundContext) -> None:
    await context.fund.accounts.choose_topic(context.user_id, _topic(context), wanted=False)
    await show(update, context)


async def turn_on(update: Update, context: FundContext) -> None:
    await context.fund.accounts.choose_topic(context.user_id, _topic(context), wanted=True)
    await show(update, context)


def _topic(context: FundContext) -> Topic:
    if context.pressed.argument not in set(Topic):
        raise NotAllowed
    return Topic(context.pressed.argument)


FEATURE = Feature(
    name=NAME,
    opens=show,
    phrases=("通知设置", "不要通知", "topics"),
    buttons={"show": show, "off": turn_off, "on": turn_on},
)

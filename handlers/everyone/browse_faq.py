"""大家常问的: by topic, a tap at a time; below each answer the way to a person."""

from __future__ import annotations

from telegram import InlineKeyboardButton, Update

from carefund_bot.domain.faq import FaqEntry, Topic
from carefund_bot.errors import NotAllowed
from carefund_bot.texts import faq as texts
from carefund_bot.texts.cases import ask_label
from handlers.context import FundContext
from handlers.everyone import ask_question
from handlers.feature import Feature, button, keyboard

NAME = "faq"
_TOPICS_PER_ROW = 2


async def show_topics(update: Update, context: FundContext) -> None:
    """Topics that hold something for this reader."""
    del update
    there = {entry.written.topic for entry in await context.fund.faq.entries(context.actor)}
    labels = [button(texts.topic_name(context.words, topic), NAME, "topic", topic) for topic in Topic if topic in there]
    rows = [labels[start : start + _TOPICS_PER_ROW] for start in range(0, len(labels), _TOPICS_PER_ROW)]
    await context.reply(texts.topics_heading(context.words), keyboard(*rows))


async def show_topic(update: Update, context: FundContext) -> None:
    del update
    words, topic = context.words, context.pressed.argument
    if topic not in list(Topic):
        raise NotAllowed
    entries = await context.fund.faq.entries(context.actor, Topic(topic))
    await context.reply(
        texts.topic_heading(words, Topic(topic)),
        keyboard(
            *([entry_button(context, entry)] for entry in entries),
            [button(texts.other_topics(words), NAME, "topics")],
        ),
    )


def entry_button(context: FundContext, entry: FaqEntry) -> InlineKeyboardButton:
    """Its question; also for whoever found it by meaning."""
    return button(texts.question(context.words, entry), NAME, "entry", str(entry.entry_id))


async def show_entry(update: Update, context: FundContext) -> None:
    del update
    if not context.pressed.argument.isdecimal():
        raise NotAllowed
    entry = await context.fund.faq.entry(context.actor, int(context.pressed.argument))
    if entry is None:
        await context.reply(texts.gone(context.words))
        return
    await show_answer(context, entry)


async def show_answer(context: FundContext, entry: FaqEntry) -> None:
    """One answer; also for whoever found it by meaning."""
    words = context.words
    await context.reply(
        texts.answer(words, entry, context.office_phone),
        keyboard(
            [button(texts.other_topics(words), NAME, "topic", entry.written.topic)],
            [button(ask_label(words), ask_question.NAME, "open")],
        ),
    )


FEATURE = Feature(
    name=NAME,
    command="faq",
    summary=texts.summary,
    opens=show_topics,
    phrases=("常见问题", "大家常问的", "faq", "questions"),
    buttons={"topics": show_topics, "topic": show_topic, "entry": show_entry},
)

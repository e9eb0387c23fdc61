"""/help: what this person can do here, made from the table of features."""

from __future__ import annotations

from telegram import Update

from carefund_bot.texts import everyone as texts
from carefund_bot.texts.words import joined
from handlers.context import FundContext
from handlers.feature import Feature


async def show_help(update: Update, context: FundContext) -> None:
    del update
    words = context.words
    lines = [
        texts.help_line(words, feature.command, feature.summary(words))
        for feature in context.open_features()
        if feature.command and feature.summary
    ]
    hours = context.fund.settings.desk.office_hours()
    await context.reply(
        joined(
            texts.help_heading(words),
            "",
            *lines,
            "",
            texts.help_footer(words, context.office_phone, hours),
        ),
        context.keys(),
    )


FEATURE = Feature(
    name="help",
    command="help",
    summary=texts.help_summary,
    opens=show_help,
    phrases=("帮助", "怎么用", "help"),
)

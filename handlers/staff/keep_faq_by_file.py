"""用文件改: the answers as a table to take away; what comes back changed goes to a colleague, row by row."""

from __future__ import annotations

import asyncio

from telegram import Update
from telegram.constants import ParseMode

from carefund_bot.access import Permission
from carefund_bot.domain.faq import FaqRole, Topic
from carefund_bot.files.faq import Names, read_table, table_of
from carefund_bot.files.faults import FileRefused
from carefund_bot.texts import faq as texts
from carefund_bot.texts.rows import file_refused
from carefund_bot.texts.words import LANGUAGES, plain, words_in
from handlers.context import FundContext
from handlers.feature import Feature
from handlers.staff.sent_file import downloaded

NAME = "faqfile"
_ROLES = (None, *FaqRole)


async def give_table(update: Update, context: FundContext) -> None:
    """All that the editor keeps, with the numbers by which a row is known again."""
    del update
    words, kept = context.words, await context.fund.faq.kept(context.actor)
    topics = {topic: plain(texts.topic_name(words, topic)) for topic in Topic}
    roles = {role: plain(texts.role_name(words, role)) for role in _ROLES}
    await context.keep(NAME, "file", context.new_draft())
    await context.bot.send_document(
        context.user_id,
        table_of(kept, topics, roles),
        filename=plain(texts.table_name(words)),
        caption=str(texts.send_table_back(words)),
        parse_mode=ParseMode.HTML,
    )


async def take_table(update: Update, context: FundContext) -> None:
    """Nothing is handed on while one cell is unclear; a row as it was changes nothing."""
    draft, words = context.draft(NAME), context.words
    document = update.effective_message.document if update.effective_message else None
    if document is None:
        await context.reply(texts.send_table_back(words))
        return
    fund = await context.fund.faq.own_fund(context.actor)
    try:
        async with downloaded(context, document) as path:
            sent, faults = await asyncio.to_thread(read_table, path, _names(), fund, context.today)
    except FileRefused as refusal:
        await context.reply(file_refused(words, refusal))
        return
    unfit = [] if faults else await context.fund.faq.unfit_rows(context.actor, sent)
    if faults or unfit:
        await context.reply(texts.table_refused(words, faults, unfit))
        return
    handed = await context.fund.faq.write_table(context.actor, draft["request_id"], sent)
    await context.end_act()
    await context.reply(texts.table_taken(words, handed, len(sent) - handed))


def _names() -> Names:
    """What either language calls them."""
    both = [words_in(language) for language in LANGUAGES]
    return Names(
        {plain(texts.topic_name(words, topic)): topic for words in both for topic in Topic},
        {plain(texts.role_name(words, role)): role for words in both for role in _ROLES},
    )


FEATURE = Feature(
    name=NAME,
    opens=give_table,
    permission=Permission.KEEP_FAQ,
    steps={"file": take_table},
    buttons={"give": give_table},
)

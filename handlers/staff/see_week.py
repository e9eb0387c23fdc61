"""/week: what was asked and answered in the last seven days."""

from __future__ import annotations

from telegram import Update
from telegram.constants import ParseMode

from carefund_bot.access import Permission
from carefund_bot.files.tables import table_file
from carefund_bot.services.learning import KEPT_DAYS
from carefund_bot.services.week import Outcome
from carefund_bot.texts import faq as texts
from handlers.context import FundContext
from handlers.feature import Feature, button, keyboard

NAME = "week"


async def show(update: Update, context: FundContext) -> None:
    del update
    report = await context.fund.week.report(context.actor)
    answered, offered, handed_over, not_understood = (report.outcomes.get(outcome, 0) for outcome in Outcome)
    sees_all_six = context.actor.may_for_whole(Permission.SEE_DESK_REPORT, None)
    await context.reply(
        texts.week(
            context.words,
            (answered, offered, handed_over, not_understood),
            (report.opened, report.answered, report.waiting),
            report.top_kinds,
            report.top_intents,
        ),
        keyboard([button(texts.unclear_label(context.words), NAME, "unclear")]) if sees_all_six else None,
    )


async def send_unclear(update: Update, context: FundContext) -> None:
    """A table in the shape of the training phrases: who knows what was meant writes it into the first column."""
    del update
    found = await context.fund.learning.unclear(context.actor)
    if not found:
        await context.reply(texts.nothing_unclear(context.words), fresh=True)
        return
    head = ("intent", "speaker", "text", "guess", "times")
    await context.bot.send_document(
        context.user_id,
        table_file([head, *(("", one.asker, one.text, one.guess, one.times) for one in found)]),
        filename=f"unclear-{context.today}.csv",
        caption=str(texts.unclear_caption(context.words, len(found), KEPT_DAYS)),
        parse_mode=ParseMode.HTML,
        protect_content=True,
    )


FEATURE = Feature(
    name=NAME,
    command="week",
    summary=texts.week_summary,
    opens=show,
    phrases=("周报", "weekly report"),
    permission=Permission.SEE_DESK_REPORT,
    buttons={"unclear": send_unclear},
)

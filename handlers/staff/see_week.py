"""/week: what was asked and answered in the last seven days."""

from __future__ import annotations

from telegram import Update

from carefund_bot.access import Permission
from carefund_bot.services.week import Outcome
from carefund_bot.texts import faq as texts
from handlers.context import FundContext
from handlers.feature import Feature


async def show(update: Update, context: FundContext) -> None:
    del update
    report = await context.fund.week.report(context.actor)
    answered, offered, handed_over, not_understood = (report.outcomes.get(outcome, 0) for outcome in Outcome)
    await context.reply(
        texts.week(
            context.words,
            (answered, offered, handed_over, not_understood),
            (report.opened, report.answered, report.waiting),
            report.top_kinds,
            report.top_intents,
        )
    )


FEATURE = Feature(
    name="week",
    command="week",
    summary=texts.week_summary,
    opens=show,
    phrases=("周报", "weekly report"),
    permission=Permission.SEE_DESK_REPORT,
)

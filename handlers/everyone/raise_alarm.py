"""Somebody is in distress: calm words and numbers to call, and the desk is told at once, at any hour."""

from __future__ import annotations

from carefund_bot.clock import shanghai_time
from carefund_bot.domain.cases import CaseKind, Said
from carefund_bot.texts import cases as texts
from handlers.context import FundContext
from handlers.feature import button, keyboard

_MY_CASES = "cases"
"""handlers/everyone/my_cases.py, which itself raises alarms."""


async def raise_alarm(context: FundContext, said: Said, *, anonymous: bool = False) -> None:
    """Whatever was being filled in is laid down: nobody is asked for a sum now."""
    request_id = context.new_draft()["request_id"]
    case = await context.fund.asking.open(context.actor, request_id, CaseKind.DISTRESS, said, anonymous=anonymous)
    await context.end_all()
    context.leave_it_at_that()
    hours = context.fund.settings.desk.office_hours()
    now = shanghai_time(context.fund.ground.now())
    opens = None if hours.is_open_at(now) else hours.after(now, 0)
    await context.reply(
        texts.taken_in_distress(context.words, case, context.fund.settings.fund(case.fund).office_phone, opens),
        keyboard([button(texts.add_label(context.words), _MY_CASES, "add", str(case.id))]),
        fresh=True,
    )

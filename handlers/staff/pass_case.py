"""转交: a case goes to a colleague, to discipline, or back to where anybody may take it."""

from __future__ import annotations

from telegram import Update

from carefund_bot.access import Permission
from carefund_bot.domain.cases import DeskName
from carefund_bot.errors import NotAllowed
from carefund_bot.texts import desk as texts
from handlers.context import FundContext
from handlers.feature import Feature, button, keyboard
from handlers.staff.answer_cases import pressed_case

NAME = "pass"
_NOBODY = "0"


async def ask_whom(update: Update, context: FundContext) -> None:
    del update
    words, case_id = context.words, pressed_case(context)
    colleagues = await context.fund.desk.colleagues(context.actor, case_id)
    await context.reply(
        texts.pass_to_whom(words),
        keyboard(
            *([button(each.masked_name, NAME, "to", f"{case_id}-{each.staff_id}")] for each in colleagues),
            [button(texts.discipline_label(words), NAME, "to", f"{case_id}-{DeskName.DISCIPLINE}")],
            [button(texts.put_back_label(words), NAME, "to", f"{case_id}-{_NOBODY}")],
        ),
    )


async def pass_to(update: Update, context: FundContext) -> None:
    del update
    number, _, target = context.pressed.argument.partition("-")
    if not number.isdecimal() or not (target.isdecimal() or target == DeskName.DISCIPLINE):
        raise NotAllowed
    to = DeskName.DISCIPLINE if target == DeskName.DISCIPLINE else int(target) or None
    request_id = context.new_draft()["request_id"]
    case = await context.fund.desk.pass_on(context.actor, request_id, int(number), to)
    await context.reply(texts.passed(context.words, case))


FEATURE = Feature(name=NAME, opens=ask_whom, permission=Permission.SEE_DESK, buttons={"whom": ask_whom, "to": pass_to})

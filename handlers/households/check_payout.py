"""我的补助: where this year's money is; shown without being asked for."""

from __future__ import annotations

from telegram import InlineKeyboardMarkup, Update

from carefund_bot.access import Permission
from carefund_bot.domain.aid import AidNow, Stage
from carefund_bot.errors import NotAllowed
from carefund_bot.texts import households as texts
from carefund_bot.texts.household_problems import problem_label
from handlers.context import FundContext
from handlers.feature import Feature, button, keyboard
from handlers.households import report_problem

NAME = "payout"


async def show(update: Update, context: FundContext) -> None:
    """One card for each household of this chat."""
    del update
    answers = await context.fund.aid.mine(context.actor)
    if not answers:
        raise NotAllowed
    for aid in answers:
        phone = context.fund.settings.fund(aid.fund).office_phone
        await context.reply(
            texts.card(context.words, aid, phone, one_of_several=len(answers) > 1),
            _buttons(context, aid),
            protect=True,
        )


async def has_left(context: FundContext) -> bool:
    """Whether a household of this chat is no longer on the roll: its card then says since when, why, and what to do."""
    if not context.actor.may(Permission.SEE_OWN_AID):
        return False
    return any(aid.stage is Stage.LEFT for aid in await context.fund.aid.mine(context.actor))


async def show_past_years(update: Update, context: FundContext) -> None:
    del update
    aid = await context.fund.aid.of(context.actor, report_problem.household_pressed(context))
    await context.reply(texts.past_years(context.words, aid), protect=True)


def _buttons(context: FundContext, aid: AidNow) -> InlineKeyboardMarkup:
    which = str(aid.beneficiary_id)
    has_many_years = len(aid.past) > texts.PAST_YEARS_ON_CARD
    return keyboard(
        [button(problem_label(context.words), report_problem.NAME, "open", which)],
        [button(texts.past_label(context.words), NAME, "past", which)] if has_many_years else [],
    )


FEATURE = Feature(
    name=NAME,
    command="payout",
    summary=texts.summary,
    opens=show,
    label=texts.label,
    phrases=(
        "钱什么时候到",
        "钱呢",
        "我的钱呢",
        "钱到哪了",
        "钱到哪儿了",
        "我的钱到哪了",
        "我的钱到哪儿了",
        "钱收到没",
        "到账了吗",
        "什么时候发",
        "什么时候到账",
        "补助",
        "补助呢",
        "发了没有",
        "发了吗",
        "钱到了吗",
        "多少钱",
        "payout",
        "money",
        "when",
        "where is my money",
        "where's my money",
        "where is the money",
        "where's the money",
        "when will it arrive",
        "has it arrived",
    ),
    permission=Permission.SEE_OWN_AID,
    buttons={"past": show_past_years},
    answers_first=True,
)

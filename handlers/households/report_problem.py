"""没收到 / 有问题: what to do now, what to bring, whom to call."""

from __future__ import annotations

from telegram import Update

from carefund_bot.access import Permission
from carefund_bot.domain.aid import Problem
from carefund_bot.domain.cases import CaseKind, Said
from carefund_bot.errors import NotAllowed
from carefund_bot.texts import household_problems as texts
from carefund_bot.texts.cases import hand_over_label
from handlers.context import FundContext
from handlers.everyone import ask_question
from handlers.feature import Feature, button, keyboard

NAME = "problem"
_KINDS = {
    Problem.NOT_RECEIVED: CaseKind.PAYOUT_MISSING,
    Problem.WRONG_SUM: CaseKind.PAYOUT_AMOUNT,
    Problem.NEW_CARD: CaseKind.ACCOUNT_CHANGE,
}


def household_pressed(context: FundContext) -> int:
    """The household a button is about; the service checks that it is the speaker's."""
    household, _, _ = context.pressed.argument.partition("-")
    if not household.isdecimal():
        raise NotAllowed
    return int(household)


async def open_problem(update: Update, context: FundContext) -> None:
    """Asked in words: with several households, which one first."""
    del update
    answers = await context.fund.aid.mine(context.actor)
    if len(answers) == 1:
        await _ask_what(context, answers[0].beneficiary_id)
        return
    await context.reply(
        texts.which_household(context.words),
        keyboard(
            *(
                [button(texts.household_label(context.words, aid.number_tail), NAME, "open", str(aid.beneficiary_id))]
                for aid in answers
            )
        ),
    )


async def ask_what(update: Update, context: FundContext) -> None:
    del update
    aid = await context.fund.aid.of(context.actor, household_pressed(context))
    await _ask_what(context, aid.beneficiary_id)


async def _ask_what(context: FundContext, beneficiary_id: int) -> None:
    """In a new message: the card stays on the screen."""
    await context.reply(
        texts.problem_question(context.words),
        keyboard(
            *(
                [button(texts.problem_choice(context.words, problem), NAME, "is", f"{beneficiary_id}-{problem}")]
                for problem in Problem
            )
        ),
        fresh=True,
    )


async def answer(update: Update, context: FundContext) -> None:
    del update
    _, _, problem = context.pressed.argument.partition("-")
    if problem not in list(Problem):
        raise NotAllowed
    aid = await context.fund.aid.of(context.actor, household_pressed(context))
    settings = context.fund.settings
    told = texts.problem_answer(
        context.words, Problem(problem), aid, settings.fund(aid.fund), settings.desk.office_hours()
    )
    hand_over = button(
        hand_over_label(context.words),
        NAME,
        "hand",
        f"{aid.beneficiary_id}-{problem}",
        context.new_draft()["request_id"],
    )
    await context.reply(told, keyboard([hand_over]))


async def hand_over(update: Update, context: FundContext) -> None:
    """One tap makes it a case; words may follow, and a second tap shows the same case. Anything else is asked for."""
    _, _, problem = context.pressed.argument.partition("-")
    if problem == Problem.OTHER:
        await ask_question.begin(update, context)
        return
    if problem not in _KINDS:
        raise NotAllowed
    case = await ask_question.hand_over(
        context,
        _KINDS[Problem(problem)],
        Said(""),
        request_id=context.pressed.request_id,
        beneficiary_id=household_pressed(context),
    )
    await ask_question.say_taken_in(context, case)


FEATURE = Feature(
    name=NAME,
    command="problem",
    summary=texts.problem_summary,
    opens=open_problem,
    phrases=(
        "没收到",
        "我没收到",
        "没有收到",
        "没到账",
        "没收到钱",
        "钱没到",
        "钱少了",
        "钱不对",
        "换卡了",
        "有问题",
        "金额不对",
        "not received",
        "wrong amount",
        "problem",
    ),
    permission=Permission.SEE_OWN_AID,
    buttons={"open": ask_what, "is": answer, "hand": hand_over},
)

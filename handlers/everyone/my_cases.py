"""我问过的事: where each stands; say more, close, rate; a reply to what we wrote goes to its case."""

from __future__ import annotations

from telegram import InlineKeyboardMarkup, Update

from carefund_bot.domain.cases import Case, CaseKind, Said
from carefund_bot.errors import NotAllowed
from carefund_bot.texts import cases as texts
from handlers import listening
from handlers.context import FundContext
from handlers.everyone.raise_alarm import raise_alarm
from handlers.feature import Feature, button, keyboard

NAME = "cases"
_SHOWN = 10
_RATINGS = range(1, 6)


def said_in(update: Update, context: FundContext) -> Said:
    """The words of a message and its photo, by file_id; the picture itself stays with Telegram."""
    message = update.effective_message
    return Said(context.said, message.photo[-1].file_id if message and message.photo else None)


async def show(update: Update, context: FundContext) -> None:
    del update
    mine = (await context.fund.asking.mine(context.actor))[:_SHOWN]
    if not mine:
        await context.reply(texts.no_cases(context.words), context.keys())
        return
    rows = ([button(texts.case_label(context.words, case), NAME, "look", str(case.id))] for case in mine)
    await context.reply(texts.my_cases(context.words), keyboard(*rows))


async def look(update: Update, context: FundContext) -> None:
    del update
    case = await context.fund.asking.look(context.actor, _pressed_case(context))
    await context.reply(texts.case_card(context.words, case, _phone(context, case)), _buttons(context, case))


def _buttons(context: FundContext, case: Case) -> InlineKeyboardMarkup:
    words, which = context.words, str(case.id)
    return keyboard(
        [button(texts.add_label(words), NAME, "add", which)],
        [button(texts.close_label(words), NAME, "close", which)] if case.is_open else [],
    )


async def ask_more(update: Update, context: FundContext) -> None:
    """In a new message: the answer stays on the screen."""
    del update
    case = await context.fund.asking.look(context.actor, _pressed_case(context))
    await context.keep(NAME, "more", context.new_draft() | {"case_id": case.id})
    await context.reply(texts.ask_more(context.words, case.id), fresh=True)


async def take_more(update: Update, context: FundContext) -> None:
    draft, said = context.draft(NAME), said_in(update, context)
    if said.is_empty:
        await context.reply(texts.ask_more(context.words, draft["case_id"]))
        return
    case = await context.fund.asking.add(context.actor, draft["request_id"], draft["case_id"], said)
    await context.end_act()
    await _say_added(context, case)


async def _say_added(context: FundContext, case: Case) -> None:
    """Distress does not wait until the case's turn comes."""
    await context.reply(texts.added(context.words, case))
    if case.kind is not CaseKind.DISTRESS and await listening.hears_distress(context):
        await raise_alarm(context, Said(context.said))


async def take_reply(update: Update, context: FundContext) -> bool:
    """Words that reply to a notice or to the desk's answer; false if they reply to neither."""
    message = update.effective_message
    original = message.reply_to_message if message else None
    said = said_in(update, context)
    if original is None or said.is_empty:
        return False
    replied_to = await context.fund.asking.replied_to(context.actor, original.message_id)
    if replied_to is None:
        return False
    request_id = context.new_draft()["request_id"]
    if replied_to.case_id is not None:
        await _say_added(context, await context.fund.asking.add(context.actor, request_id, replied_to.case_id, said))
        return True
    if await listening.hears_distress(context):
        await raise_alarm(context, said)
        return True
    case = await context.fund.asking.open(
        context.actor, request_id, CaseKind.REPLY_TO_NOTICE, said, notice_id=replied_to.notice_id
    )
    await context.reply(texts.taken_in(context.words, case, _phone(context, case)))
    return True


async def close(update: Update, context: FundContext) -> None:
    del update
    request_id = context.new_draft()["request_id"]
    case = await context.fund.asking.close(context.actor, request_id, _pressed_case(context))
    stars = [button(f"{rating} ⭐", NAME, "rate", f"{case.id}-{rating}") for rating in _RATINGS]
    await context.reply(
        texts.closed(context.words, case.id), keyboard(stars if case.rating is None else []), fresh=True
    )


async def rate(update: Update, context: FundContext) -> None:
    del update
    number, _, rating = context.pressed.argument.partition("-")
    if not (number.isdecimal() and rating.isdecimal()):
        raise NotAllowed
    request_id = context.new_draft()["request_id"]
    await context.fund.asking.rate(context.actor, request_id, int(number), int(rating))
    await context.reply(texts.rated(context.words))


def _pressed_case(context: FundContext) -> int:
    if not context.pressed.argument.isdecimal():
        raise NotAllowed
    return int(context.pressed.argument)


def _phone(context: FundContext, case: Case) -> str:
    return context.fund.settings.fund(case.fund).office_phone


FEATURE = Feature(
    name=NAME,
    command="cases",
    summary=texts.my_cases_summary,
    opens=show,
    phrases=("我问过的事", "我的问题", "有答复吗", "my cases", "my questions"),
    steps={"more": take_more},
    takes_all=frozenset({"more"}),
    buttons={"look": look, "add": ask_more, "close": close, "rate": rate},
)

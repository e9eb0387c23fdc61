"""常用答复: an approved answer of the fund's own, put before the clerk as the asker will read it."""

from __future__ import annotations

from telegram import Update

from carefund_bot.access import Permission
from carefund_bot.domain.cases import CaseKind
from carefund_bot.domain.faq import Topic
from carefund_bot.errors import NotAllowed
from carefund_bot.texts import faq as texts
from handlers.context import FundContext
from handlers.feature import Feature, button, keyboard
from handlers.staff import answer_cases

NAME = "canned"
_TOPICS = {
    CaseKind.PAYOUT_MISSING: Topic.PAYOUT,
    CaseKind.PAYOUT_AMOUNT: Topic.PAYOUT,
    CaseKind.ACCOUNT_CHANGE: Topic.CARD,
    CaseKind.PHONE_CHANGE: Topic.CARD,
    CaseKind.PROXY: Topic.CARD,
    CaseKind.ELIGIBILITY: Topic.APPLY,
    CaseKind.PLEDGE_PROBLEM: Topic.GIVING,
    CaseKind.GIFT_PROBLEM: Topic.GIVING,
    CaseKind.RECEIPT: Topic.RECEIPT,
    CaseKind.OWN_DATA: Topic.PRIVACY,
    CaseKind.FRAUD: Topic.SAFETY,
}


async def show_topics(update: Update, context: FundContext) -> None:
    """Nothing is ready for a case whose topic is open: the clerk chooses one."""
    del update
    which = str(answer_cases.pressed_case(context))
    rows = ([button(texts.topic_name(context.words, topic), NAME, "topic", f"{which}-{topic}")] for topic in Topic)
    await context.reply(texts.which_topic(context.words), keyboard(*rows), fresh=True)


async def show(update: Update, context: FundContext) -> None:
    """The answers on the case's own topic."""
    case_id = answer_cases.pressed_case(context)
    topic = _TOPICS.get((await context.fund.desk.look(context.actor, case_id)).case.kind)
    if topic is None:
        await show_topics(update, context)
    else:
        await _show(context, case_id, topic)


async def show_topic(update: Update, context: FundContext) -> None:
    del update
    number, _, topic = context.pressed.argument.partition("-")
    if not number.isdecimal() or topic not in list(Topic):
        raise NotAllowed
    await _show(context, int(number), Topic(topic))


async def _show(context: FundContext, case_id: int, topic: Topic) -> None:
    entries = await context.fund.faq.entries(context.actor, topic)
    await context.reply(
        texts.topic_heading(context.words, topic),
        keyboard(
            *(
                [button(texts.question(context.words, entry), NAME, "take", f"{case_id}-{entry.entry_id}")]
                for entry in entries
            ),
            [button(texts.other_topics(context.words), NAME, "topics", str(case_id))],
        ),
        fresh=True,
    )


async def take(update: Update, context: FundContext) -> None:
    """In the asker's language; it goes only after a look and a tap."""
    del update
    number, _, entry_id = context.pressed.argument.partition("-")
    if not (number.isdecimal() and entry_id.isdecimal()):
        raise NotAllowed
    item = await context.fund.desk.look(context.actor, int(number))
    entry = await context.fund.faq.entry(context.actor, int(entry_id))
    if entry is None:
        await context.reply(texts.gone(context.words))
        return
    told = entry.written.text(chinese=item.language != "en").answer
    await answer_cases.preview(context, {"case_id": item.case.id, "asks_back": False}, told)


FEATURE = Feature(
    name=NAME,
    opens=show,
    permission=Permission.SEE_DESK,
    buttons={"list": show, "topics": show_topics, "topic": show_topic, "take": take},
)

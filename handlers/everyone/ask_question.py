"""找人问: what somebody writes, or a photo, is handed to the desk; the door for whoever else hands something over."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup
from telegram import Update

from carefund_bot.domain.cases import Case, CaseKind, Said
from carefund_bot.texts import cases as texts
from carefund_bot.texts.wishes import never_tell
from carefund_bot.understanding.verdicts import Flag
from handlers import listening
from handlers.context import FundContext
from handlers.everyone import my_cases
from handlers.everyone.raise_alarm import raise_alarm
from handlers.feature import Feature, button, keyboard

NAME = "ask"


async def begin(update: Update, context: FundContext) -> None:
    del update
    draft = context.new_draft() | {"kind": CaseKind.QUESTION}
    await context.keep(NAME, "words", draft)
    await context.reply(
        _ask_words(context),
        keyboard(
            [
                _step(draft, texts.fraud_label(context.words), "kind", CaseKind.FRAUD),
                _step(draft, texts.about_staff_label(context.words), "kind", CaseKind.STAFF_COMPLAINT),
            ]
        ),
        fresh=True,
    )


async def choose_kind(update: Update, context: FundContext) -> None:
    """Fraud and complaints about staff have words of their own."""
    del update
    draft, words = context.draft(NAME), context.words
    if context.pressed.argument == CaseKind.STAFF_COMPLAINT:
        await context.keep(NAME, "words", draft | {"kind": CaseKind.STAFF_COMPLAINT})
        unnamed = _step(draft, texts.unnamed_label(words), "unnamed")
        await context.reply(texts.ask_staff_complaint(words), keyboard([unnamed]))
        return
    await context.keep(NAME, "words", draft | {"kind": CaseKind.FRAUD})
    await context.reply(texts.ask_fraud(words, context.office_phone))


async def stay_unnamed(update: Update, context: FundContext) -> None:
    del update
    draft = context.draft(NAME)
    await context.keep(NAME, "words", draft | {"anonymous": True})
    await context.reply(texts.will_be_unnamed(context.words))


async def take_words(update: Update, context: FundContext) -> None:
    """The question itself; a photo alone waits for its sentence."""
    draft, said = context.draft(NAME), my_cases.said_in(update, context)
    photo = said.photo or draft.get("photo")
    if not said.words:
        await context.keep(NAME, "words", draft | {"photo": photo})
        say = texts.ask_about_photo(context.words) if photo else _ask_words(context)
        await context.reply(say)
        return
    await _hand_in(context, draft, Said(said.words, photo))


async def _hand_in(context: FundContext, draft: dict[str, Any], said: Said) -> None:
    """To the desk; distress at once, though what is said of staff stays with discipline."""
    kind, anonymous = CaseKind(draft["kind"]), draft.get("anonymous", False)
    reading = await listening.read(context)
    is_distress = listening.is_distress(context, reading)
    if not is_distress or kind is CaseKind.STAFF_COMPLAINT:
        case = await hand_over(context, kind, said, request_id=draft["request_id"], anonymous=anonymous)
        await context.end_act()
        await say_taken_in(context, case)
    if is_distress:
        words = Said("") if kind is CaseKind.STAFF_COMPLAINT else said
        await raise_alarm(context, words, anonymous=anonymous)
    elif listening.tells_of(reading, Flag.FRAUD_REPORT):
        await context.reply(never_tell(context.words, context.office_phone), fresh=True)


async def take_photo(update: Update, context: FundContext) -> None:
    """A photo out of the blue: with a sentence it is a question; alone it is kept, and asked what it is about."""
    draft, said = context.new_draft() | {"kind": CaseKind.QUESTION}, my_cases.said_in(update, context)
    photo = said.photo
    if said.words:
        await _hand_in(context, draft, said)
        return
    await context.keep(NAME, "words", draft | {"photo": photo})
    await context.reply(texts.ask_about_photo(context.words))


async def hand_over(
    context: FundContext,
    kind: CaseKind,
    said: Said,
    *,
    request_id: str,
    beneficiary_id: int | None = None,
    anonymous: bool = False,
) -> Case:
    """Bring something to the desk for whoever is speaking; the same request again is the same case."""
    return await context.fund.asking.open(
        context.actor, request_id, kind, said, beneficiary_id=beneficiary_id, anonymous=anonymous
    )


async def say_taken_in(context: FundContext, case: Case) -> None:
    """Its number and by when somebody answers."""
    phone = context.fund.settings.fund(case.fund).office_phone
    await context.reply(
        texts.taken_in(context.words, case, phone),
        keyboard([button(texts.add_label(context.words), my_cases.NAME, "add", str(case.id))]),
    )


def _ask_words(context: FundContext) -> Markup:
    return texts.ask_words(context.words, context.office_phone, context.fund.settings.desk.office_hours())


def _step(draft: dict[str, Any], label: str, verb: str, argument: str = "") -> Any:
    return button(label, NAME, verb, argument, draft["request_id"])


FEATURE = Feature(
    name=NAME,
    command="ask",
    summary=texts.ask_summary,
    label=texts.ask_label,
    opens=begin,
    phrases=("人工", "转人工", "我要投诉", "投诉", "工作人员", "ask", "talk to a person", "human", "complaint"),
    steps={"words": take_words},
    takes_all=frozenset({"words"}),
    buttons={"open": begin, "kind": choose_kind, "unnamed": stay_unnamed},
)

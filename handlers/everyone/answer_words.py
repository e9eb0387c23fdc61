"""Free words: what they most likely want is opened, asked back with buttons, or handed to a person.

A reading question is answered at once from the asker's own record. What would change a promise opens its own flow,
filled in with what was understood, and asks for the confirm there. Nothing is ever done on a guess.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from telegram import InlineKeyboardButton, Update

from carefund_bot.access import Permission
from carefund_bot.domain.cases import CaseKind, Said, sounds_desperate
from carefund_bot.domain.faq import FaqEntry, surely_answers
from carefund_bot.domain.pledges import Rhythm
from carefund_bot.errors import StaleButton
from carefund_bot.services.accounts import Conversation
from carefund_bot.services.week import Outcome
from carefund_bot.texts import everyone
from carefund_bot.texts import wishes as texts
from carefund_bot.texts.splitting import MESSAGE_LIMIT
from carefund_bot.understanding.courtesies import courtesy_of
from carefund_bot.understanding.intents import Intent
from carefund_bot.understanding.slots import read_slots
from carefund_bot.understanding.verdicts import Flag, Tier
from handlers import fallback, listening
from handlers.context import FundContext
from handlers.everyone import (
    ask_question,
    browse_faq,
    cancel,
    choose_settings,
    get_help,
    go_on,
    read_notices,
    read_privacy,
)
from handlers.everyone.home import welcome_stranger
from handlers.everyone.raise_alarm import raise_alarm
from handlers.feature import Feature, Step, button, keyboard
from handlers.households import check_payout, see_as_proxy
from handlers.members import change_pledge, check_contributions, how_to_pay, make_pledge

if TYPE_CHECKING:  # its tools take long to load: the bot answers before it reads
    from carefund_bot.understanding.reading import Reading

NAME = "words"
_BUTTONS = 3
_ANSWERS_OFFERED = 2
_ASKING = "?？"
_SMALL_TALK = frozenset({Intent.GREETING_THANKS, Intent.OUT_OF_SCOPE})
_GENERAL = frozenset({Intent.OUT_OF_SCOPE, Intent.PRIVACY_DATA})
"""Surely understood, and yet an answer of the fund's own may be nearer."""
_OF_PLEDGE_FORM = frozenset({Intent.PLEDGE_NEW, Intent.PLEDGE_CHANGE})


@dataclass(frozen=True, slots=True)
class Room:
    """Where a wish is answered, and the permission that opens it."""

    opens: Step
    permission: Permission | None = None


_OWN_GIVING = Permission.SEE_OWN_GIVING
ROOMS: dict[Intent, Room] = {
    Intent.PLEDGE_CHANGE: Room(change_pledge.FEATURE.opens, Permission.MAKE_PLEDGE),
    Intent.PLEDGE_CANCEL: Room(change_pledge.begin_to_end, Permission.MAKE_PLEDGE),
    Intent.PLEDGE_STATUS: Room(change_pledge.FEATURE.opens, Permission.MAKE_PLEDGE),
    Intent.CONTRIBUTION_HISTORY: Room(check_contributions.FEATURE.opens, _OWN_GIVING),
    Intent.CONTRIBUTION_TOTAL: Room(check_contributions.FEATURE.opens, _OWN_GIVING),
    Intent.PAYMENT_HOW: Room(how_to_pay.FEATURE.opens, _OWN_GIVING),
    Intent.PAYOUT_STATUS: Room(check_payout.FEATURE.opens, Permission.SEE_OWN_AID),
    Intent.PAYOUT_DATE: Room(check_payout.FEATURE.opens, Permission.SEE_OWN_AID),
    Intent.PAYOUT_AMOUNT: Room(check_payout.FEATURE.opens, Permission.SEE_OWN_AID),
    Intent.PAYOUT_MISSING: Room(check_payout.FEATURE.opens, Permission.SEE_OWN_AID),
    Intent.NOTICE_LATEST: Room(read_notices.FEATURE.opens, Permission.READ_NOTICES),
    Intent.LANGUAGE_SWITCH: Room(choose_settings.LANGUAGE.opens),
    Intent.PRIVACY_DATA: Room(read_privacy.FEATURE.opens),
    Intent.HELP_USAGE: Room(get_help.FEATURE.opens),
    Intent.TALK_TO_STAFF: Room(ask_question.FEATURE.opens),
}
_PERSONAL = frozenset(
    {intent for intent, room in ROOMS.items() if room.permission} | {Intent.BIND_ACCOUNT, Intent.PLEDGE_NEW}
)
"""What only a linked chat can be answered."""
_OF_AID = frozenset(intent for intent, room in ROOMS.items() if room.permission is Permission.SEE_OWN_AID)
_WHEN = frozenset({Intent.PAYOUT_DATE, Intent.PAYOUT_STATUS})


async def answer(update: Update, context: FundContext) -> None:
    """Read the words and do the most that is sure."""
    if not any(sign.isalnum() or sign in _ASKING for sign in context.said):
        await _answer_for_anybody(update, context, Intent.GREETING_THANKS, context.said)
        return
    reading = await listening.read(context)
    if await _alert(context, reading):
        return
    if reading is None or not any(sign.isalpha() for sign in context.said):
        await _answer_unread(update, context)
        return
    if context.actor.is_newcomer and not _is_sure_and_open(context, reading):
        await fallback.answer_anything(update, context)
        return
    outcome = await _do_what_is_sure(update, context, reading)
    if outcome is Outcome.ANSWERED and _stands_here(context) and not context.has_begun_act:
        await context.end_act()
    await context.fund.week.note_asked(context.actor, reading.intent, outcome)


async def _answer_unread(update: Update, context: FundContext) -> None:
    if fallback.has_first_answer(context):
        await context.show_first_answer(update)
    else:
        await fallback.answer_anything(update, context)


async def answer_forwarded(update: Update, context: FundContext) -> None:
    """Somebody else's words: not taken for a wish of the speaker's, and perhaps a swindler's."""
    del update
    if await listening.hears_distress(context):
        await raise_alarm(context, Said(context.said))
        return
    draft = context.new_draft() | {"said": context.said}
    await context.keep(NAME, "which", draft)
    await context.reply(
        texts.forwarded(context.words, context.office_phone),
        keyboard([button(texts.hand_over(context.words), NAME, "person", request_id=draft["request_id"])]),
    )


async def answer_beside(update: Update, context: FundContext, form: Conversation) -> bool:
    """Words that are no answer to a form: if they clearly want something else, that, and the form waits.

    In distress nothing waits any more, whatever else was said; of a colleague at work it takes more than a low flag.
    """
    reading = await listening.read(context)
    if _is_at_work(context, reading):
        reading = None if reading is None else replace(reading, flags=frozenset())
    if await _alert(context, reading) or listening.is_distress(context, reading):
        return True
    if reading is None or reading.tier is not Tier.ACT or _belongs_to(form, reading.intent):
        return False
    if not _may_want(context, reading.intent):
        return False
    if form.act == make_pledge.NAME and reading.intent is Intent.PLEDGE_CANCEL:
        await cancel.cancel(update, context)
        return True
    context.park(form)
    await _act(update, context, reading.intent, context.said)
    await context.fund.week.note_asked(context.actor, reading.intent, Outcome.ANSWERED)
    if not context.has_begun_act:
        await go_on.offer(context, form)
    return True


async def answer_wish(update: Update, context: FundContext, wish: Intent, form: Conversation | None) -> None:
    """Words that are clear without being read, though the act they name is not open to the speaker."""
    if form is not None:
        context.park(form)
    await _act(update, context, wish, context.said)
    await context.fund.week.note_asked(context.actor, wish, Outcome.ANSWERED)
    if form is not None and not context.has_begun_act:
        await go_on.offer(context, form)


def wish_met_by(feature: Feature) -> Intent | None:
    """The first wish that a feature meets; `None` if it meets none by itself."""
    return next((intent for intent, room in ROOMS.items() if room.opens is feature.opens), None)


def _belongs_to(form: Conversation, intent: Intent) -> bool:
    """What is better met by the form's own question than by an answer beside it."""
    return intent in _SMALL_TALK or (form.act == make_pledge.NAME and intent in _OF_PLEDGE_FORM)


async def _do_what_is_sure(update: Update, context: FundContext, reading: Reading) -> Outcome:
    near = await _near_answers(context, reading)
    if near and surely_answers(context.said, near[0].written):
        await browse_faq.show_answer(context, near[0])
        return Outcome.ANSWERED
    if reading.tier is Tier.ACT and not (near and reading.intent is Intent.OUT_OF_SCOPE):
        await _act(update, context, reading.intent, context.said)
        if reading.second is not None:
            await _offer_second(context, reading.second)
        return Outcome.ANSWERED
    wishes = _wishes(context, reading, near)
    if (near or (wishes and reading.tier is Tier.ASK)) and not _was_asked_back(context):
        await _ask_which(context, reading, near, wishes)
        return Outcome.OFFERED
    await _offer_person(context)
    await _note_unclear(context, context.said, reading.intent)
    return Outcome.NOT_UNDERSTOOD


def _stands_here(context: FundContext) -> bool:
    """Whether something of ours waits for a button."""
    return context.conversation is not None and context.conversation.act == NAME


def _was_asked_back(context: FundContext) -> bool:
    """Whether these words follow a question back: unsure again, and a person is better than more buttons.

    After a person was offered they are a new matter.
    """
    return context.conversation is not None and _stands_here(context) and "guess" in context.conversation.facts


async def _near_answers(context: FundContext, reading: Reading) -> list[FaqEntry]:
    """The fund's own answers near to words that are not surely understood, or surely about something else."""
    if reading.tier is Tier.ACT and reading.intent not in _GENERAL:
        return []
    return (await context.fund.faq.search(context.actor, context.said))[:_ANSWERS_OFFERED]


async def _alert(context: FundContext, reading: Reading | None) -> bool:
    """Calm words and the desk for distress, a warning for a swindle; true if nothing else is to be said."""
    if listening.is_distress(context, reading):
        await raise_alarm(context, Said(context.said))
        is_all = reading is None or reading.tier is not Tier.ACT or reading.intent is Intent.URGENT_DISTRESS
        return is_all or sounds_desperate(context.said)
    if reading is not None and listening.tells_of(reading, Flag.FRAUD_REPORT):
        await context.reply(texts.never_tell(context.words, context.office_phone))
        return reading.intent is Intent.FRAUD_REPORT
    return False


async def _act(update: Update, context: FundContext, intent: Intent, said: str) -> None:
    room, slots = ROOMS.get(intent), read_slots(said, context.today)
    if intent is Intent.PLEDGE_NEW and context.actor.may(Permission.MAKE_PLEDGE):
        await make_pledge.begin_with(context, slots.amount, Rhythm(slots.rhythm) if slots.rhythm else None)
    elif intent is Intent.PLEDGE_CHANGE and context.actor.may(Permission.MAKE_PLEDGE):
        rhythm = Rhythm(slots.rhythm) if slots.rhythm else None
        await change_pledge.begin_to_change(update, context, slots.amount, rhythm)
    elif intent in (Intent.CONTRIBUTION_HISTORY, Intent.CONTRIBUTION_TOTAL) and context.actor.may(_OWN_GIVING):
        await check_contributions.show(context, slots.year)
    elif intent is Intent.ELIGIBILITY and await check_payout.has_left(context):
        await check_payout.show(update, context)
    elif room is not None and (room.permission is None or context.actor.may(room.permission)):
        await room.opens(update, context)
    else:
        await _answer_for_anybody(update, context, intent, said)


async def _answer_for_anybody(update: Update, context: FundContext, intent: Intent, said: str) -> None:
    """What can be said without a record of one's own: the fund's answers, how to link, or whom to ask.

    A proxy is shown the household's way of the money instead of the calendar.
    """
    words = context.words
    if intent is Intent.GREETING_THANKS and context.actor.is_stranger:
        await welcome_stranger(update, context)
    elif intent is Intent.GREETING_THANKS:
        await context.reply(texts.courtesy(words, courtesy_of(said)), context.keys())
    elif intent is Intent.OUT_OF_SCOPE:
        await context.reply(texts.out_of_scope(words, context.office_phone), context.keys())
    elif context.actor.is_stranger and intent in _PERSONAL:
        await context.reply(texts.link_first(words, context.office_phone))
    elif intent in _OF_AID and context.actor.may(Permission.SEE_AID_AS_PROXY):
        await see_as_proxy.show(update, context)
    elif intent in _WHEN:
        await context.reply(texts.payout_calendar(words, gives=context.actor.member_id is not None))
    elif (entry := await context.fund.faq.best_for(context.actor, intent, said)) is not None:
        await browse_faq.show_answer(context, entry)
    else:
        await _offer_person(context)


def _wishes(context: FundContext, reading: Reading, near: list[FaqEntry]) -> list[Intent]:
    """The likeliest that this person may do and that no near answer answers."""
    answered = {intent for entry in near for intent in entry.written.intents} - set(ROOMS)
    return [
        intent
        for intent, _ in reading.top
        if _has_label(context, intent) and intent not in answered and _may_want(context, intent)
    ]


async def _ask_which(context: FundContext, reading: Reading, near: list[FaqEntry], likely: list[Intent]) -> None:
    """The likeliest as buttons, the fund's own near answers first; the words are kept sealed until one is pressed."""
    draft = context.new_draft() | {"said": context.said, "guess": reading.intent}
    await context.keep(NAME, "which", draft)
    answers = [[browse_faq.entry_button(context, entry)] for entry in near]
    wishes = [[_want(context, intent, draft["request_id"])] for intent in likely]
    await context.reply(
        texts.which(context.words),
        keyboard(*[*answers, *wishes][:_BUTTONS], [_none_of_these(context, draft["request_id"])]),
    )


def _none_of_these(context: FundContext, request_id: str) -> InlineKeyboardButton:
    """On to a person; a colleague, who is that person, on to what there is to do."""
    if _is_colleague(context):
        return button(texts.rather_my_work(context.words), NAME, "want", Intent.HELP_USAGE, request_id)
    return button(texts.none_of_these(context.words), NAME, "person", request_id=request_id)


async def _offer_second(context: FundContext, second: Reading) -> None:
    if not (_has_label(context, second.intent) and _may_want(context, second.intent)):
        return
    if context.conversation is None and not context.has_begun_act:
        draft = context.new_draft() | {"said": context.said}
        await context.keep(NAME, "which", draft)
        key = _want(context, second.intent, draft["request_id"])
    else:
        key = button(str(texts.wish(context.words, second.intent)), NAME, "also", second.intent)
    await context.reply(texts.also(context.words), keyboard([key]), fresh=True)


async def _offer_person(context: FundContext) -> None:
    """With what was said before a question back, if these words follow one; of much, the newest.

    A colleague is shown the keys.
    """
    if context.actor.staff_id is not None and context.actor.member_id is None:
        await context.reply(everyone.not_understood(context.words, context.office_phone), context.keys())
        return
    before = context.conversation.facts["said"] if context.conversation and _was_asked_back(context) else ""
    draft = context.new_draft() | {"said": f"{before}\n{context.said}".strip()[-MESSAGE_LIMIT:]}
    await context.keep(NAME, "which", draft)
    await context.reply(
        texts.offer_person(context.words, context.office_phone),
        keyboard([button(texts.hand_over(context.words), NAME, "person", request_id=draft["request_id"])]),
        fresh=True,
    )


def _may_want(context: FundContext, intent: Intent) -> bool:
    """Whether this person may do what is wanted. A colleague wants nothing that only the fund's own people do."""
    actor, room = context.actor, ROOMS.get(intent)
    if actor.is_stranger or (intent in _OF_AID | _WHEN and not _is_colleague(context)):
        return True
    if intent is Intent.PLEDGE_NEW:
        return actor.may(Permission.MAKE_PLEDGE)
    if room is None:
        return not _is_colleague(context)
    return room.permission is None or actor.may(room.permission)


def _is_sure_and_open(context: FundContext, reading: Reading) -> bool:
    return reading.tier is Tier.ACT and _may_want(context, reading.intent)


def _is_at_work(context: FundContext, reading: Reading | None) -> bool:
    """A colleague whose words are about others', unless they leave no doubt."""
    is_sure = reading is not None and reading.intent is Intent.URGENT_DISTRESS
    return _is_colleague(context) and not is_sure


def _is_colleague(context: FundContext) -> bool:
    """On the staff and nothing else: whatever is asked here is asked for others."""
    actor = context.actor
    return actor.staff_id is not None and actor.member_id is None and not (actor.beneficiary_ids or actor.proxy_ids)


def _has_label(context: FundContext, intent: Intent) -> bool:
    return texts.wish(context.words, intent) is not None


def _want(context: FundContext, intent: Intent, request_id: str) -> InlineKeyboardButton:
    return button(str(texts.wish(context.words, intent)), NAME, "want", intent, request_id)


async def want(update: Update, context: FundContext) -> None:
    """One of the buttons: answer that, with whatever else was said."""
    draft = context.draft(NAME)
    if context.pressed.argument not in list(Intent):
        raise StaleButton
    await context.end_act()
    await _act(update, context, Intent(context.pressed.argument), draft["said"])


async def see_also(update: Update, context: FundContext) -> None:
    """The second wish beside a form: only the wish is known, for the form must not give way to what was said."""
    if context.pressed.argument not in list(Intent):
        raise StaleButton
    await _act(update, context, Intent(context.pressed.argument), "")


async def pass_on(update: Update, context: FundContext) -> None:
    """To a person, with the very words."""
    del update
    draft = context.draft(NAME)
    case = await ask_question.hand_over(context, CaseKind.QUESTION, Said(draft["said"]), request_id=draft["request_id"])
    await context.end_act()
    await context.fund.week.note_asked(context.actor, Intent.TALK_TO_STAFF, Outcome.HANDED_OVER)
    if "guess" in draft:  # none of the offered was meant
        await _note_unclear(context, draft["said"], draft["guess"])
    await ask_question.say_taken_in(context, case)


async def _note_unclear(context: FundContext, said: str, guess: str) -> None:
    """For the list to learn from; nothing of who said it goes along."""
    await context.fund.learning.note_unclear(context.actor, said, guess, context.called)


FEATURE = Feature(name=NAME, opens=answer, buttons={"want": want, "also": see_also, "person": pass_on})
"""Its buttons stand beside free words and no step waits: whatever comes next is heard as if they were not there."""

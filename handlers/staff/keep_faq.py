"""常见问答: one writes or changes an answer, another looks and lets everybody see it."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from telegram import InlineKeyboardButton, Update

from carefund_bot.access import Permission
from carefund_bot.domain.days import read_day
from carefund_bot.domain.faq import FaqRole, NewEntry, QuestionAnswer, Topic
from carefund_bot.errors import NotAllowed
from carefund_bot.texts import faq as texts
from handlers.context import FundContext
from handlers.feature import Feature, Unclear, button, keyboard

NAME = "keepfaq"
_EVERYBODY = "everybody"
Draft = dict[str, Any]


async def show(update: Update, context: FundContext) -> None:
    del update
    words, waiting = context.words, await context.fund.faq.undecided(context.actor)
    await context.reply(
        texts.keep_heading(words, len(waiting)),
        keyboard(
            *([button(texts.to_check_label(words, entry), NAME, "check", str(entry.version_id))] for entry in waiting),
            [
                button(texts.write_new_label(words), NAME, "new"),
                button(texts.change_label(words), NAME, "change"),
            ],
            [button(texts.by_file_label(words), "faqfile", "give")],
        ),
    )


async def ask_topic(update: Update, context: FundContext) -> None:
    """For a new entry the topic it stands in; to change one the topic to look in."""
    del update
    goes_on = "in" if context.pressed.verb == "change" else "topic"
    await _ask_topic(context, context.new_draft() | {"goes_on": goes_on})


async def _ask_topic(context: FundContext, draft: Draft) -> None:
    await context.keep(NAME, "topic", draft)
    rows = ([_step(draft, texts.topic_name(context.words, topic), draft["goes_on"], topic)] for topic in Topic)
    await context.reply(texts.which_topic(context.words), keyboard(*rows))


async def choose_entry(update: Update, context: FundContext) -> None:
    del update
    draft = context.draft(NAME)
    fund = await context.fund.faq.own_fund(context.actor)
    rows = (
        [_step(draft, texts.question(context.words, entry), "entry", str(entry.entry_id))]
        for entry in await context.fund.faq.entries(context.actor, _topic(context))
        if entry.written.fund == fund
    )
    await context.reply(texts.topic_heading(context.words, _topic(context)), keyboard(*rows))


async def take_entry(update: Update, context: FundContext) -> None:
    del update
    draft = context.draft(NAME)
    entry = await context.fund.faq.entry(context.actor, context.pressed.number)
    if entry is None:
        raise NotAllowed
    kept = {
        "entry_id": entry.entry_id,
        "topic": entry.written.topic,
        "role": entry.written.role,
        "intents": list(entry.written.intents),
    }
    await context.keep(NAME, "zh", draft | kept)
    await context.reply(texts.as_written(context.words, entry.written))
    await context.reply(texts.ask_chinese(context.words), fresh=True)


async def ask_role(update: Update, context: FundContext) -> None:
    del update
    await _ask_role(context, context.draft(NAME) | {"topic": _topic(context)})


async def _ask_role(context: FundContext, draft: Draft) -> None:
    await context.keep(NAME, "role", draft)
    rows = (
        [_step(draft, texts.role_name(context.words, role), "role", role or _EVERYBODY)] for role in (None, *FaqRole)
    )
    await context.reply(texts.for_whom(context.words), keyboard(*rows))


async def take_role(update: Update, context: FundContext) -> None:
    del update
    role = context.pressed.argument
    draft = context.draft(NAME) | {"role": role if role in list(FaqRole) else None}
    await context.keep(NAME, "zh", draft)
    await context.reply(texts.ask_chinese(context.words))


async def take_chinese(update: Update, context: FundContext) -> None:
    del update
    draft, parts = context.draft(NAME), await _two_parts(context)
    if parts is not None:
        await context.keep(NAME, "en", draft | {"zh": parts})
        await context.reply(
            texts.ask_english(context.words), keyboard([_step(draft, texts.no_english(context.words), "noenglish")])
        )


async def take_english(update: Update, context: FundContext) -> None:
    del update
    draft, parts = context.draft(NAME), await _two_parts(context)
    if parts is not None:
        await _ask_from(context, draft | {"en": parts})


async def skip_english(update: Update, context: FundContext) -> None:
    del update
    await _ask_from(context, context.draft(NAME, "en") | {"en": None})


async def _ask_from(context: FundContext, draft: Draft) -> None:
    await context.keep(NAME, "from", draft)
    await context.reply(
        texts.ask_from(context.words), keyboard([_step(draft, texts.from_now_on(context.words), "fromnow")])
    )


async def take_from(update: Update, context: FundContext) -> None:
    del update
    draft, day = context.draft(NAME), read_day(context.said, context.today)
    if day is None:
        raise Unclear(partial(context.reply, texts.not_a_day(context.words)))
    await _ask_until(context, draft | {"from": day.isoformat()})


async def take_from_now(update: Update, context: FundContext) -> None:
    del update
    await _ask_until(context, context.draft(NAME, "from") | {"from": None})


async def _ask_until(context: FundContext, draft: Draft) -> None:
    await context.keep(NAME, "until", draft)
    await context.reply(
        texts.ask_until(context.words), keyboard([_step(draft, texts.for_good(context.words), "forgood")])
    )


async def take_until(update: Update, context: FundContext) -> None:
    del update
    draft, day = context.draft(NAME), read_day(context.said, context.today)
    if day is None:
        raise Unclear(partial(context.reply, texts.not_a_day(context.words)))
    if day.isoformat() < (draft.get("from") or context.today.isoformat()):
        await context.reply(texts.ends_before_it_begins(context.words))
        return
    await _preview(context, draft | {"until": day.isoformat()})


async def take_for_good(update: Update, context: FundContext) -> None:
    del update
    await _preview(context, context.draft(NAME, "until") | {"until": None})


async def _preview(context: FundContext, draft: Draft) -> None:
    await context.keep(NAME, "confirm", draft)
    written = _written(draft, await context.fund.faq.own_fund(context.actor))
    hand = _step(draft, texts.hand_to_colleague_label(context.words), "hand", style="success")
    await context.reply(texts.as_written(context.words, written), keyboard([hand]), fresh=True)


async def hand_to_colleague(update: Update, context: FundContext) -> None:
    del update
    draft = context.draft(NAME, "confirm")
    written = _written(draft, await context.fund.faq.own_fund(context.actor))
    await context.fund.faq.write(context.actor, draft["request_id"], written, draft.get("entry_id"))
    await context.end_act()
    await context.reply(texts.handed_to_colleague(context.words))


async def look_at(update: Update, context: FundContext) -> None:
    del update
    entry = await context.fund.faq.version(context.actor, context.pressed.number)
    words, which = context.words, str(entry.version_id)
    await context.reply(
        texts.as_written(words, entry.written),
        keyboard(
            [button(texts.approve_label(words), NAME, "approve", which, style="success")],
            [button(texts.turn_down_label(words), NAME, "turndown", which)],
        ),
    )


async def approve(update: Update, context: FundContext) -> None:
    del update
    await context.fund.faq.decide(context.actor, context.pressed.number, approve=True)
    await context.reply(texts.approved(context.words))


async def turn_down(update: Update, context: FundContext) -> None:
    del update
    await context.fund.faq.decide(context.actor, context.pressed.number, approve=False)
    await context.reply(texts.turned_down(context.words))


async def _two_parts(context: FundContext) -> list[str] | None:
    """Question and answer; `None`, and said why, if the words are not both or hold what must not stand there."""
    asked, _, told = context.said.partition("\n")
    if not asked.strip() or not told.strip():
        await context.reply(texts.not_two_parts(context.words))
        return None
    faults = await context.fund.faq.check(context.actor, context.said)
    if faults:
        await context.reply(texts.unfit(context.words, faults))
        return None
    return [asked.strip(), told.strip()]


def _written(draft: Draft, fund: str | None) -> NewEntry:
    return NewEntry(
        Topic(draft["topic"]),
        QuestionAnswer(*draft["zh"]),
        QuestionAnswer(*draft["en"]) if draft["en"] else None,
        FaqRole(draft["role"]) if draft["role"] else None,
        fund,
        tuple(draft.get("intents", ())),
        date.fromisoformat(draft["until"]) if draft["until"] else None,
        date.fromisoformat(draft["from"]) if draft.get("from") else None,
    )


def _topic(context: FundContext) -> Topic:
    if context.pressed.argument not in list(Topic):
        raise NotAllowed
    return Topic(context.pressed.argument)


def _step(draft: Draft, label: str, verb: str, argument: str = "", *, style: str | None = None) -> InlineKeyboardButton:
    return button(label, NAME, verb, argument, draft["request_id"], style=style)


FEATURE = Feature(
    name=NAME,
    command="keepfaq",
    summary=texts.keep_summary,
    label=texts.keep_label,
    opens=show,
    permission=Permission.KEEP_FAQ,
    steps={"zh": take_chinese, "en": take_english, "from": take_from, "until": take_until},
    asks={"topic": _ask_topic, "role": _ask_role, "from": _ask_from, "until": _ask_until, "confirm": _preview},
    takes_all=frozenset({"zh", "en"}),
    buttons={
        "new": ask_topic,
        "change": ask_topic,
        "in": choose_entry,
        "entry": take_entry,
        "topic": ask_role,
        "role": take_role,
        "noenglish": skip_english,
        "fromnow": take_from_now,
        "forgood": take_for_good,
        "hand": hand_to_colleague,
        "check": look_at,
        "approve": approve,
        "turndown": turn_down,
    },
)

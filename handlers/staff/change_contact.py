"""登记变更: the clerk who saw the papers writes down a new account, phone or proxy for a second person to approve."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from telegram import InlineKeyboardButton, Update

from carefund_bot.access import Permission
from carefund_bot.domain.changes import EVIDENCE_FOR, Detail, Evidence, What, read_detail
from carefund_bot.errors import NotAllowed
from carefund_bot.texts import changes as texts
from handlers.context import FundContext
from handlers.feature import Feature, Unclear, button, keyboard
from handlers.staff.answer_cases import pressed_case

NAME = "change"
Draft = dict[str, Any]


async def begin(update: Update, context: FundContext) -> None:
    del update
    item = await context.fund.desk.look(context.actor, pressed_case(context))
    await _ask_what(context, context.new_draft() | {"case_id": item.case.id})


async def _ask_what(context: FundContext, draft: Draft) -> None:
    await context.keep(NAME, "what", draft)
    rows = ([_step(draft, texts.what_name(context.words, what), "what", what)] for what in What)
    await context.reply(texts.ask_what(context.words), keyboard(*rows), fresh=True)


async def choose_what(update: Update, context: FundContext) -> None:
    del update
    draft = context.draft(NAME, "what")
    await _ask_evidence(context, draft | {"what": _one_of(What, context.pressed.argument)})


async def _ask_evidence(context: FundContext, draft: Draft) -> None:
    await context.keep(NAME, "evidence", draft)
    rows = (
        [_step(draft, texts.evidence_name(context.words, seen), "seen", seen)]
        for seen in EVIDENCE_FOR[What(draft["what"])]
    )
    await context.reply(texts.ask_evidence(context.words), keyboard(*rows))


async def choose_evidence(update: Update, context: FundContext) -> None:
    del update
    draft = context.draft(NAME, "evidence") | {"evidence": _one_of(Evidence, context.pressed.argument)}
    await _ask_detail(context, draft)


async def _ask_detail(context: FundContext, draft: Draft) -> None:
    await context.keep(NAME, "detail", draft)
    await context.reply(texts.ask_detail(context.words, What(draft["what"])))


async def take_detail(update: Update, context: FundContext) -> None:
    del update
    draft, words = context.draft(NAME), context.words
    what = What(draft["what"])
    detail = read_detail(what, context.said, context.fund.ground.today())
    if detail is None:
        raise Unclear(partial(context.reply, texts.not_understood(words, what)))
    told = {
        "detail": detail.text,
        "until": detail.until_on.isoformat() if detail.until_on else None,
        "from": detail.from_on.isoformat() if detail.from_on else None,
        "person": detail.person,
    }
    await _ask_to_hand_in(context, draft | told)


async def _ask_to_hand_in(context: FundContext, draft: Draft) -> None:
    words, what = context.words, What(draft["what"])
    await context.keep(NAME, "confirm", draft)
    await context.reply(
        texts.preview(words, what, Evidence(draft["evidence"]), _detail(draft)),
        keyboard([_step(draft, texts.hand_in_label(words), "hand", style="success")]),
    )


async def hand_in(update: Update, context: FundContext) -> None:
    del update
    draft = context.draft(NAME, "confirm")
    change = await context.fund.changing.propose(
        context.actor,
        draft["request_id"],
        draft["case_id"],
        What(draft["what"]),
        Evidence(draft["evidence"]),
        _detail(draft),
    )
    await context.end_act()
    await context.reply(texts.handed_in(context.words, change))


def _detail(draft: Draft) -> Detail:
    until_on, from_on = (date.fromisoformat(draft[day]) if draft.get(day) else None for day in ("until", "from"))
    return Detail(draft["detail"], until_on, from_on, draft.get("person", ""))


def _one_of(kinds: type[What | Evidence], text: str) -> str:
    if text not in list(kinds):
        raise NotAllowed
    return text


def _step(draft: Draft, label: str, verb: str, argument: str = "", *, style: str | None = None) -> InlineKeyboardButton:
    return button(label, NAME, verb, argument, draft["request_id"], style=style)


FEATURE = Feature(
    name=NAME,
    opens=begin,
    permission=Permission.ANSWER_CASES,
    steps={"detail": take_detail},
    asks={"what": _ask_what, "evidence": _ask_evidence, "detail": _ask_detail, "confirm": _ask_to_hand_in},
    buttons={"open": begin, "what": choose_what, "seen": choose_evidence, "hand": hand_in},
)

"""我要认捐: sum, rhythm, times, what it means, confirm. Four taps, or words at any step."""

from __future__ import annotations

from functools import partial
from typing import Any

from markupsafe import Markup
from telegram import InlineKeyboardButton, Update

from carefund_bot.access import Permission
from carefund_bot.domain.money import Money, NotMoney
from carefund_bot.domain.pledges import Pledge, Rhythm, Terms
from carefund_bot.domain.typed_pledges import NotTimes, TypedPledge, read_rhythm, read_times, read_typed_pledge
from carefund_bot.errors import StaleButton
from carefund_bot.texts import members as member_texts
from carefund_bot.texts import pledging as texts
from carefund_bot.texts.sums import not_money
from carefund_bot.texts.words import LANGUAGES, words_in
from handlers.context import FundContext
from handlers.feature import Feature, Step, Unclear, button, keyboard

NAME = "pledge"
_SOFTENERS = "吧的呢啊呀哦嘛啦 。！!"
"""What people put behind a short answer."""
_AROUND_BACK = f"« {_SOFTENERS}."
_BACK = frozenset(str(texts.back(words_in(language))).strip(_AROUND_BACK).casefold() for language in LANGUAGES)
_TIMES_OFFERED = {Rhythm.MONTHLY: (3, 6, 12), Rhythm.QUARTERLY: (2, 4, 8), Rhythm.YEARLY: (2, 3, 5)}


async def open_pledge(update: Update, context: FundContext) -> None:
    del update
    await begin(context)


async def begin(context: FundContext, replaces_id: int | None = None) -> None:
    """Ask for the sum of a new pledge, which may take over from one that stands."""
    if replaces_id is None:
        await context.fund.pledging.require_on_roll(context.actor)
    await _ask_sum(context, context.new_draft() | {"replaces": replaces_id})


async def begin_with(context: FundContext, amount: Money | None, rhythm: Rhythm | None) -> None:
    """Begin with what was already understood of somebody's words; the rest is asked, and the confirm always."""
    await context.fund.pledging.require_on_roll(context.actor)
    draft = context.new_draft() | {"replaces": None}
    if amount is None:
        await _ask_sum(context, draft)
    else:
        await _take_sum(context, draft, TypedPledge(amount, rhythm=rhythm))


async def begin_instead_of(
    context: FundContext, former: Pledge, amount: Money | None, rhythm: Rhythm | None = None
) -> None:
    """Take over from a pledge with another sum; what it leaves unsaid stays, if the former has no end."""
    draft = context.new_draft() | {"replaces": former.id}
    if amount is None:
        await _ask_sum(context, draft)
    elif former.terms.times is None:
        rhythm = rhythm or former.terms.rhythm
        draft |= {"fen": amount.fen, "is_total": False, "times": None, "rhythm": rhythm}
        await _take_times(context, draft, 1 if rhythm is Rhythm.ONCE else None)
    else:
        await _take_sum(context, draft, TypedPledge(amount, rhythm=rhythm))


async def _ask_sum(context: FundContext, draft: dict[str, Any], hint: Markup | None = None) -> None:
    """The question with its presets; a hint stands in its place when the answer was not understood."""
    pledging, words = context.fund.pledging, context.words
    fund, replaces_id = await pledging.fund_of(context.actor), draft["replaces"]
    former = (await pledging.one(context.actor, replaces_id)).pledge.terms if replaces_id else None
    await context.keep(NAME, "sum", draft)
    await context.reply(
        hint or texts.ask_sum(words, fund, former),
        keyboard(
            [
                _button(texts.sum_label(words, amount), "sum", str(amount.fen), draft)
                for amount in context.fund.settings.fund(fund).presets
            ],
            [_button(texts.other_sum(words), "other", "", draft)],
            [_cancel_button(context)],
        ),
    )


async def choose_sum(update: Update, context: FundContext) -> None:
    del update
    draft = context.draft(NAME)
    fund = await context.fund.pledging.fund_of(context.actor)
    chosen = [
        amount for amount in context.fund.settings.fund(fund).presets if str(amount.fen) == context.pressed.argument
    ]
    if not chosen:
        raise StaleButton
    await _take_sum(context, draft, TypedPledge(chosen[0]))


async def ask_other_sum(update: Update, context: FundContext) -> None:
    del update
    draft = context.draft(NAME)
    await context.keep(NAME, "sum", draft)
    await context.reply(texts.ask_other_sum(context.words), keyboard(_last_row(context, draft, "sum")))


async def read_sum(update: Update, context: FundContext) -> None:
    del update
    draft = context.draft(NAME)
    try:
        typed = read_typed_pledge(context.said)
    except NotMoney as refusal:
        hint = not_money(context.words, refusal.reason, context.office_phone)
        raise Unclear(partial(_ask_sum, context, draft, hint)) from None
    await _take_sum(context, draft, typed)


async def _take_sum(context: FundContext, draft: dict[str, Any], typed: TypedPledge) -> None:
    draft |= {"fen": typed.amount.fen, "is_total": typed.is_total, "times": typed.times, "rhythm": typed.rhythm}
    if typed.rhythm is None:
        await _ask_rhythm(context, draft)
    else:
        await _take_rhythm(context, draft, typed.rhythm)


async def _ask_rhythm(context: FundContext, draft: dict[str, Any], hint: Markup | None = None) -> None:
    words, times = context.words, draft["times"]
    await context.keep(NAME, "rhythm", draft)
    rhythms = [rhythm for rhythm in Rhythm if rhythm is not Rhythm.ONCE or times is None]
    await context.reply(
        hint or texts.ask_rhythm(words, Money(draft["fen"]), times, is_total=draft["is_total"]),
        keyboard(
            [_button(texts.rhythm(words, rhythm), "rhythm", rhythm, draft) for rhythm in rhythms],
            _last_row(context, draft, "sum"),
        ),
    )


async def choose_rhythm(update: Update, context: FundContext) -> None:
    del update
    draft = context.draft(NAME)
    if context.pressed.argument not in list(Rhythm) or "fen" not in draft:
        raise StaleButton
    await _take_rhythm(context, draft, Rhythm(context.pressed.argument))


async def read_rhythm_or_sum(update: Update, context: FundContext) -> None:
    """A rhythm in words; another sum is taken too."""
    draft, rhythm = context.draft(NAME), read_rhythm(context.said.rstrip(_SOFTENERS))
    if rhythm is not None and (rhythm is not Rhythm.ONCE or draft["times"] is None):
        await _take_rhythm(context, draft, rhythm)
        return
    try:
        read_typed_pledge(context.said)
    except NotMoney:
        raise Unclear(partial(_ask_rhythm, context, draft, texts.ask_rhythm_again(context.words))) from None
    await read_sum(update, context)


async def _take_rhythm(context: FundContext, draft: dict[str, Any], rhythm: Rhythm) -> None:
    draft |= {"rhythm": rhythm}
    if rhythm is Rhythm.ONCE:
        draft |= {"times": 1}
    if draft["times"] is None:
        await _ask_times(context, draft)
    else:
        await _take_times(context, draft, draft["times"])


async def _ask_times(context: FundContext, draft: dict[str, Any], hint: Markup | None = None) -> None:
    words, rhythm = context.words, Rhythm(draft["rhythm"])
    await context.keep(NAME, "times", draft)
    await context.reply(
        hint or texts.ask_times(words, rhythm, Money(draft["fen"]), is_total=draft["is_total"]),
        keyboard(
            [] if draft["is_total"] else [_button(texts.without_end(words), "times", "", draft)],
            [_button(texts.times(words, times), "times", str(times), draft) for times in _TIMES_OFFERED[rhythm]],
            _last_row(context, draft, "rhythm"),
        ),
    )


async def choose_times(update: Update, context: FundContext) -> None:
    """A button of an earlier screen is stale once the pledge is for one time only."""
    del update
    draft = context.draft(NAME)
    offered = _TIMES_OFFERED.get(draft.get("rhythm", Rhythm.ONCE))
    if offered is None or context.pressed.argument not in {"", *map(str, offered)}:
        raise StaleButton
    await _take_times(context, draft, int(context.pressed.argument) if context.pressed.argument else None)


async def read_typed_times(update: Update, context: FundContext) -> None:
    del update
    draft = context.draft(NAME)
    try:
        times = read_times(context.said.rstrip(_SOFTENERS))
    except NotTimes:
        raise Unclear(partial(_ask_times, context, draft, texts.ask_times_again(context.words))) from None
    await _take_times(context, draft, times)


async def _take_times(context: FundContext, draft: dict[str, Any], times: int | None) -> None:
    """A total must be parted in some number of times, and a fen is the least that one of them can be."""
    if draft["is_total"] and times is None:
        await _ask_times(context, draft, texts.ask_times_again(context.words))
    elif draft["is_total"] and draft["fen"] < times:
        await _ask_sum(context, draft, texts.too_thin(context.words))
    else:
        await _ask_to_confirm(context, draft | context.new_draft() | {"times": times})


async def _ask_to_confirm(context: FundContext, draft: dict[str, Any]) -> None:
    """The button's id belongs to these terms and no others: an older question cannot confirm a newer pledge."""
    words, replaces_id = context.words, draft["replaces"]
    first = await context.fund.pledging.first_due_on(context.actor, replaces_id)
    await context.keep(NAME, "confirm", draft)
    await context.reply(
        texts.confirm_question(words, _terms(draft), first, replaces=replaces_id is not None),
        keyboard(
            [_button(texts.confirm(words), "confirm", "", draft, style="success")],
            [_button(texts.change_it(words), "back", "sum", draft), _cancel_button(context)],
        ),
    )


async def hear_at_confirm(update: Update, context: FundContext) -> None:
    """Words where a button is waited for."""
    del update
    raise Unclear(partial(_ask_to_confirm, context, context.draft(NAME)))


async def confirm(update: Update, context: FundContext) -> None:
    """Once per id: a second tap shows the pledge that the first one made."""
    del update
    made = await context.fund.pledging.made(context.actor, context.pressed.request_id)
    if made is None:
        draft = context.draft(NAME, "confirm")
        made = await context.fund.pledging.make(
            context.actor, draft["request_id"], _terms(draft), replaces_id=draft["replaces"]
        )
    await context.end_act_of_button()
    await context.reply(
        texts.made(context.words, made),
        keyboard([button(member_texts.pay_label(context.words), "pay", "show")]),
    )


async def go_back(update: Update, context: FundContext) -> None:
    del update
    await _go_back(context, context.pressed.argument)


def _or_back(step: Step, step_before: str) -> Step:
    """The step, but for 上一步 in words, which is the button."""

    async def hear(update: Update, context: FundContext) -> None:
        if context.said.strip(_AROUND_BACK).casefold() in _BACK:
            await _go_back(context, step_before)
        else:
            await step(update, context)

    return hear


async def _go_back(context: FundContext, step_before: str) -> None:
    draft = context.draft(NAME)
    if step_before == "rhythm" and "fen" in draft:
        await _ask_rhythm(context, draft)
    else:
        await _ask_sum(context, draft)


def _terms(draft: dict[str, Any]) -> Terms:
    amount, times = Money(draft["fen"]), draft["times"]
    return Terms(Rhythm(draft["rhythm"]), amount if draft["is_total"] or times is None else amount * times, times)


def _button(
    label: str, verb: str, argument: str, draft: dict[str, Any], *, style: str | None = None
) -> InlineKeyboardButton:
    return button(label, NAME, verb, argument, draft["request_id"], style=style)


def _last_row(context: FundContext, draft: dict[str, Any], step_before: str) -> list[InlineKeyboardButton]:
    return [_button(texts.back(context.words), "back", step_before, draft), _cancel_button(context)]


def _cancel_button(context: FundContext) -> InlineKeyboardButton:
    return button(texts.cancel(context.words), "cancel", "act")


FEATURE = Feature(
    name=NAME,
    command="pledge",
    summary=texts.pledge_summary,
    label=texts.pledge_label,
    opens=open_pledge,
    phrases=("认捐", "我要捐款", "捐款", "pledge"),
    permission=Permission.MAKE_PLEDGE,
    steps={
        "sum": _or_back(read_sum, "sum"),
        "rhythm": _or_back(read_rhythm_or_sum, "sum"),
        "times": _or_back(read_typed_times, "rhythm"),
        "confirm": _or_back(hear_at_confirm, "sum"),
    },
    asks={
        "sum": _ask_sum,
        "rhythm": _ask_rhythm,
        "times": _ask_times,
        "confirm": _ask_to_confirm,
    },
    buttons={
        "open": open_pledge,
        "sum": choose_sum,
        "other": ask_other_sum,
        "rhythm": choose_rhythm,
        "times": choose_times,
        "back": go_back,
        "confirm": confirm,
    },
)

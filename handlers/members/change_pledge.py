"""我的认捐: see, change, pause, resume, end. Each says what it means before it is done, once per id."""

from __future__ import annotations

from typing import Any

from telegram import InlineKeyboardButton, Update

from carefund_bot.access import Permission
from carefund_bot.domain.money import Money
from carefund_bot.domain.pledges import EventKind, PledgeState, Rhythm
from carefund_bot.errors import StaleButton
from carefund_bot.services.pledging import changes_open_to
from carefund_bot.texts import members as member_texts
from carefund_bot.texts import pledging as texts
from handlers.context import FundContext
from handlers.feature import Feature, button, keyboard
from handlers.members import make_pledge

NAME = "pledges"
_MOST_SHOWN = 8


async def show_pledges(update: Update, context: FundContext) -> None:
    """Those that stand; those that are over wait behind one button."""
    del update
    await _leave_question(context)
    words = context.words
    found = await context.fund.pledging.mine(context.actor)
    live = [state for state in found if state.is_live]
    over = len(found) - len(live)
    await context.reply(
        texts.pledges_heading(words, len(live)) if live else texts.no_pledges(words),
        keyboard(
            *_rows(context, live),
            [] if live else [button(texts.pledge_label(words), make_pledge.NAME, "open")],
            [button(texts.over_label(words, over), NAME, "over")] if over else [],
        ),
    )


async def show_over(update: Update, context: FundContext) -> None:
    """The latest that are over."""
    del update
    found = await context.fund.pledging.mine(context.actor)
    await context.reply(
        texts.over_heading(context.words),
        keyboard(*_rows(context, [state for state in found if not state.is_live]), _last_row(context)),
    )


def _rows(context: FundContext, found: list[PledgeState]) -> list[list[InlineKeyboardButton]]:
    return [
        [button(texts.pledge_in_a_line(context.words, state), NAME, "one", str(state.pledge.id))]
        for state in found[:_MOST_SHOWN]
    ]


async def begin_to_end(update: Update, context: FundContext) -> None:
    """Words that ask for the end: of the one pledge there is, else which."""
    only = await _only_one(context)
    if only is None:
        await show_pledges(update, context)
        return
    *_, closing = changes_open_to(only)
    await _ask_to_confirm(context, context.new_draft() | {"pledge": only.pledge.id, "kind": closing})


async def begin_to_change(update: Update, context: FundContext, amount: Money | None, rhythm: Rhythm | None) -> None:
    """Words that ask for other terms: of the one pledge there is, as far as they were said, else which."""
    only = await _only_one(context)
    if only is None:
        await show_pledges(update, context)
    else:
        await make_pledge.begin_instead_of(context, only.pledge, amount, rhythm)


async def _only_one(context: FundContext) -> PledgeState | None:
    live = [state for state in await context.fund.pledging.mine(context.actor) if state.is_live]
    return live[0] if len(live) == 1 else None


async def show_one(update: Update, context: FundContext) -> None:
    """One pledge; a question about it that was open is left."""
    del update
    await _leave_question(context)
    await _show(context, await context.fund.pledging.one(context.actor, _pledge_id(context.pressed.argument)))


async def _show(context: FundContext, found: PledgeState) -> None:
    words, pledge_id = context.words, str(found.pledge.id)
    changes = [
        button(texts.change_label(words, kind), NAME, "ask", f"{kind}-{pledge_id}") for kind in changes_open_to(found)
    ]
    await context.reply(
        texts.pledge_details(words, found),
        keyboard(
            [button(texts.change_label(words, EventKind.REPLACED), NAME, "replace", pledge_id)]
            if found.is_live
            else [],
            changes,
            _last_row(context),
        ),
    )


async def replace(update: Update, context: FundContext) -> None:
    """A new pledge takes over from the old one when it is confirmed, not before."""
    del update
    await make_pledge.begin(context, replaces_id=_pledge_id(context.pressed.argument))


async def ask(update: Update, context: FundContext) -> None:
    """What it means, and a button that does it once."""
    del update
    kind_name, _, pledge_id = context.pressed.argument.partition("-")
    await _ask_to_confirm(context, context.new_draft() | {"pledge": _pledge_id(pledge_id), "kind": kind_name})


async def _ask_to_confirm(context: FundContext, draft: dict[str, Any]) -> None:
    words, found = context.words, await context.fund.pledging.one(context.actor, draft["pledge"])
    if draft["kind"] not in changes_open_to(found):
        await _leave_question(context)
        await _show(context, found)
        return
    kind = EventKind(draft["kind"])
    await context.keep(NAME, "confirm", draft)
    await context.reply(
        texts.change_question(words, found, kind),
        keyboard(
            [button(texts.change_confirm(words, kind), NAME, "do", request_id=draft["request_id"], style="success")],
            [button(texts.leave_it(words), NAME, "one", str(found.pledge.id))],
        ),
    )


async def do(update: Update, context: FundContext) -> None:
    """Once per id: a second tap shows what the first one did."""
    del update
    done = await context.fund.pledging.changed(context.actor, context.pressed.request_id)
    if done is None:
        draft = context.draft(NAME, "confirm")
        done = await context.fund.pledging.change(
            context.actor, draft["request_id"], draft["pledge"], EventKind(draft["kind"])
        )
    await context.end_act_of_button()
    await context.reply(texts.changed(context.words, done), keyboard(_last_row(context)))


async def _leave_question(context: FundContext) -> None:
    if context.conversation is not None and context.conversation.act == NAME:
        await context.end_act()


def _last_row(context: FundContext) -> list[InlineKeyboardButton]:
    words = context.words
    return [
        button(texts.list_label(words), NAME, "list"),
        button(member_texts.pay_label(words), "pay", "show"),
    ]


def _pledge_id(argument: str) -> int:
    if not argument.isdecimal():
        raise StaleButton
    return int(argument)


FEATURE = Feature(
    name=NAME,
    command="pledges",
    summary=texts.pledges_summary,
    label=texts.pledges_label,
    opens=show_pledges,
    phrases=("停捐", "改认捐", "pledges"),
    permission=Permission.SEE_OWN_GIVING,
    asks={"confirm": _ask_to_confirm},
    buttons={"list": show_pledges, "over": show_over, "one": show_one, "replace": replace, "ask": ask, "do": do},
)

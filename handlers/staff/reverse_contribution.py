"""冲正: a clerk takes one gift back, with a reason from a closed list; the original stays (R24)."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup
from telegram import InlineKeyboardButton, Update

from carefund_bot.access import Permission
from carefund_bot.domain.remittances import ReversalReason
from carefund_bot.errors import StaleButton
from carefund_bot.texts import members as member_texts
from carefund_bot.texts import pledging as pledge_texts
from carefund_bot.texts import recording as texts
from handlers.context import FundContext
from handlers.feature import Feature, button, keyboard

NAME = "reverse"
_GIFTS_PER_PAGE = 8


async def begin(update: Update, context: FundContext) -> None:
    del update
    await _ask_number(context, context.new_draft(), texts.ask_number_to_reverse(context.words))


async def _ask_number(context: FundContext, draft: dict[str, Any], question: Markup) -> None:
    await context.keep(NAME, "number", draft)
    await context.reply(question, keyboard(_last_row(context)))


async def read_number(update: Update, context: FundContext) -> None:
    """Whose gift it is."""
    del update
    draft = context.draft(NAME) | {"number": context.said.upper().replace(" ", "")}
    await _show_gifts(context, draft, 0)


async def show_page(update: Update, context: FundContext) -> None:
    del update
    draft = context.draft(NAME, "number")
    if "number" not in draft:
        raise StaleButton
    await _show_gifts(context, draft, context.pressed.number)


async def _show_gifts(context: FundContext, draft: dict[str, Any], page: int) -> None:
    """The member's gifts that still count, newest first, to pick one."""
    words, found = context.words, await context.fund.correcting.gifts_of(context.actor, draft["number"])
    if found is None:
        await _ask_number(context, draft, texts.no_such_member(words))
        return
    giver, gifts = found
    counting = [gift for gift in gifts if gift.counts]
    first, end = page * _GIFTS_PER_PAGE, (page + 1) * _GIFTS_PER_PAGE
    await context.keep(NAME, "number", draft)
    await context.reply(
        texts.pick_gift(words, giver, len(counting)),
        keyboard(
            *([button(texts.gift_label(words, gift), NAME, "one", str(gift.id))] for gift in counting[first:end]),
            [
                *([_button(member_texts.later_page(words), "page", str(page - 1), draft)] if page else []),
                *([_button(member_texts.earlier_page(words), "page", str(page + 1), draft)] if counting[end:] else []),
            ],
            _last_row(context),
        ),
    )


async def ask_reason(update: Update, context: FundContext) -> None:
    """Begins with the gift, whether it was picked from a list or just recorded."""
    del update
    if not context.pressed.argument.isdecimal():
        raise StaleButton
    await _ask_reason(context, context.new_draft() | {"gift": int(context.pressed.argument)})


async def _ask_reason(context: FundContext, draft: dict[str, Any]) -> None:
    words = context.words
    giver, gift = await context.fund.correcting.gift(context.actor, draft["gift"])
    await context.keep(NAME, "reason", draft)
    await context.reply(
        texts.ask_reason(words, giver, gift),
        keyboard(
            *([_button(texts.reason(words, reason), "reason", reason, draft)] for reason in ReversalReason),
            _last_row(context),
        ),
        fresh=True,
    )


async def choose_reason(update: Update, context: FundContext) -> None:
    del update
    draft = context.draft(NAME, "reason")
    if context.pressed.argument not in list(ReversalReason):
        raise StaleButton
    await _ask_to_confirm(context, draft | {"reason": context.pressed.argument})


async def _ask_to_confirm(context: FundContext, draft: dict[str, Any]) -> None:
    words, reason = context.words, ReversalReason(draft["reason"])
    giver, gift = await context.fund.correcting.gift(context.actor, draft["gift"])
    await context.keep(NAME, "confirm", draft)
    await context.reply(
        texts.confirm_reversal(words, giver, gift, reason),
        keyboard([_button(texts.reverse_yes(words), "confirm", "", draft, style="danger")], _last_row(context)),
    )


async def confirm(update: Update, context: FundContext) -> None:
    """Once per id: a second tap shows what the first one took back."""
    del update
    correcting = context.fund.correcting
    gift = await correcting.reversed(context.actor, context.pressed.request_id)
    if gift is None:
        draft = context.draft(NAME, "confirm")
        gift = await correcting.reverse(
            context.actor, draft["request_id"], draft["gift"], ReversalReason(draft["reason"])
        )
    await context.end_act_of_button()
    await context.reply(texts.reversed_now(context.words, gift))


def _button(
    label: str, verb: str, argument: str, draft: dict[str, Any], *, style: str | None = None
) -> InlineKeyboardButton:
    return button(label, NAME, verb, argument, draft["request_id"], style=style)


def _last_row(context: FundContext) -> list[InlineKeyboardButton]:
    return [button(pledge_texts.cancel(context.words), "cancel", "act")]


FEATURE = Feature(
    name=NAME,
    command="reverse",
    summary=texts.reverse_summary,
    opens=begin,
    phrases=("冲正", "reverse"),
    permission=Permission.RECORD_MONEY,
    steps={"number": read_number},
    asks={"reason": _ask_reason, "confirm": _ask_to_confirm},
    buttons={"open": begin, "page": show_page, "one": ask_reason, "reason": choose_reason, "confirm": confirm},
)

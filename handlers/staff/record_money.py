"""登记捐款: a clerk writes down one gift: number, sum, day, channel, a look at it, confirm."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from markupsafe import Markup
from telegram import InlineKeyboardButton, Update

from carefund_bot.access import Permission
from carefund_bot.domain.money import Money, NotMoney, parse_money
from carefund_bot.domain.remittances import Channel, Entry
from carefund_bot.domain.typed_days import NotDay, read_past_day
from carefund_bot.errors import StaleButton
from carefund_bot.files.headers import COLUMNS, RollKind
from carefund_bot.services.givers import Giver
from carefund_bot.texts import pledging as pledge_texts
from carefund_bot.texts import recording as texts
from carefund_bot.texts.sums import not_money
from handlers.context import FundContext
from handlers.feature import Feature, button, keyboard
from handlers.staff import reverse_contribution
from handlers.staff.record_list import take_sent_file

NAME = "record"
_DAYS_AGO = {"today": 0, "yesterday": 1}


async def begin(update: Update, context: FundContext) -> None:
    del update
    await _ask_number(context, context.new_draft())


async def _ask_number(context: FundContext, draft: dict[str, Any], hint: Markup | None = None) -> None:
    words = context.words
    await context.keep(NAME, "number", draft)
    await context.reply(
        hint or texts.ask_number(words),
        keyboard(
            [
                button(texts.list_help_label(words), NAME, "list"),
                button(texts.reverse_label(words), reverse_contribution.NAME, "open"),
            ],
            _last_row(context),
        ),
    )


async def explain_list(update: Update, context: FundContext) -> None:
    """Which headers a branch's list needs."""
    del update
    columns = "、".join(column.name for column in COLUMNS[RollKind.REMITTANCE])
    await context.reply(texts.list_help(context.words, columns), fresh=True)


async def read_number(update: Update, context: FundContext) -> None:
    """Whose gift it is."""
    del update
    draft, number = context.draft(NAME), context.said.upper().replace(" ", "")
    giver = await context.fund.recording.find_giver(context.actor, number)
    if giver is None:
        await _ask_number(context, draft, texts.no_such_member(context.words))
        return
    await _ask_sum(context, draft | {"number": number}, texts.ask_sum(context.words, giver))


async def _ask_sum(context: FundContext, draft: dict[str, Any], question: Markup) -> None:
    await context.keep(NAME, "sum", draft)
    await context.reply(question, keyboard(_last_row(context)))


async def read_sum(update: Update, context: FundContext) -> None:
    del update
    draft = context.draft(NAME)
    try:
        amount = parse_money(context.said)
    except NotMoney as refusal:
        await _ask_sum(context, draft, not_money(context.words, refusal.reason, context.office_phone))
        return
    giver = await _giver(context, draft)
    await _ask_day(context, draft | {"fen": amount.fen}, texts.ask_day(context.words, giver, amount))


async def _ask_day(context: FundContext, draft: dict[str, Any], question: Markup) -> None:
    words = context.words
    await context.keep(NAME, "day", draft)
    days = [
        _button(texts.today(words), "day", "today", draft),
        _button(texts.yesterday(words), "day", "yesterday", draft),
    ]
    await context.reply(question, keyboard(days, _last_row(context)))


async def choose_day(update: Update, context: FundContext) -> None:
    del update
    draft = context.draft(NAME, "day")
    if context.pressed.argument not in _DAYS_AGO:
        raise StaleButton
    await _take_day(context, draft, context.today - timedelta(days=_DAYS_AGO[context.pressed.argument]))


async def read_day(update: Update, context: FundContext) -> None:
    del update
    draft = context.draft(NAME)
    try:
        day = read_past_day(context.said, context.today)
    except NotDay:
        await _ask_day(context, draft, texts.ask_day_again(context.words))
        return
    await _take_day(context, draft, day)


async def _take_day(context: FundContext, draft: dict[str, Any], day: date) -> None:
    await _ask_channel(context, draft | {"day": day.isoformat()})


async def _ask_channel(context: FundContext, draft: dict[str, Any]) -> None:
    giver, day = await _giver(context, draft), date.fromisoformat(draft["day"])
    question = texts.ask_channel(context.words, giver, Money(draft["fen"]), day)
    await context.keep(NAME, "channel", draft)
    channels = [_button(texts.channel(context.words, channel), "channel", channel, draft) for channel in Channel]
    await context.reply(question, keyboard(channels, _last_row(context)))


async def choose_channel(update: Update, context: FundContext) -> None:
    del update
    draft = context.draft(NAME, "channel")
    if context.pressed.argument not in list(Channel):
        raise StaleButton
    await _ask_to_confirm(context, draft | {"channel": context.pressed.argument})


async def _ask_to_confirm(context: FundContext, draft: dict[str, Any]) -> None:
    words, giver = context.words, await _giver(context, draft)
    entry = _entry(draft, giver)
    has_twin = await context.fund.recording.has_twin(context.actor, entry)
    await context.keep(NAME, "confirm", draft)
    await context.reply(
        texts.confirm_question(words, giver, entry, has_twin=has_twin),
        keyboard([_button(texts.confirm(words), "confirm", "", draft, style="success")], _last_row(context)),
    )


async def confirm(update: Update, context: FundContext) -> None:
    """Once per id: a second tap shows what the first one recorded."""
    del update
    recording, words = context.fund.recording, context.words
    found = await recording.recorded(context.actor, context.pressed.request_id)
    if found is None:
        draft = context.draft(NAME, "confirm")
        entry = _entry(draft, await _giver(context, draft))
        found = await recording.record(context.actor, draft["request_id"], entry)
    await context.end_act_of_button()
    await context.reply(
        texts.recorded(words, found),
        keyboard(
            [button(texts.record_another(words), NAME, "open")],
            [button(texts.reverse_this(words), reverse_contribution.NAME, "one", str(found.contribution_id))],
        ),
    )


async def _giver(context: FundContext, draft: dict[str, Any]) -> Giver:
    """The member of the draft, asked for anew: rights and roll may have changed since."""
    giver = await context.fund.recording.find_giver(context.actor, draft["number"])
    if giver is None:
        raise StaleButton
    return giver


def _entry(draft: dict[str, Any], giver: Giver) -> Entry:
    return Entry(
        giver.member_id,
        giver.fund,
        Money(draft["fen"]),
        date.fromisoformat(draft["day"]),
        Channel(draft["channel"]),
    )


def _button(
    label: str, verb: str, argument: str, draft: dict[str, Any], *, style: str | None = None
) -> InlineKeyboardButton:
    return button(label, NAME, verb, argument, draft["request_id"], style=style)


def _last_row(context: FundContext) -> list[InlineKeyboardButton]:
    return [button(pledge_texts.cancel(context.words), "cancel", "act")]


FEATURE = Feature(
    name=NAME,
    command="record",
    summary=texts.record_summary,
    label=texts.record_label,
    opens=begin,
    phrases=("登记", "入账", "record"),
    permission=Permission.RECORD_MONEY,
    takes_file=take_sent_file,
    steps={"number": read_number, "sum": read_sum, "day": read_day},
    asks={"channel": _ask_channel, "confirm": _ask_to_confirm},
    buttons={
        "open": begin,
        "list": explain_list,
        "day": choose_day,
        "channel": choose_channel,
        "confirm": confirm,
    },
)

"""A branch's list of gifts, sent as a file: what it holds, its control total, and then all of it or nothing (R23)."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from telegram import InlineKeyboardMarkup, Update

from carefund_bot.access import Permission
from carefund_bot.domain.money import Money, NotMoney, parse_money
from carefund_bot.domain.remittances import Channel, CheckedList, Entry
from carefund_bot.errors import Overtaken, TotalDiffers
from carefund_bot.files.faults import FileRefused
from carefund_bot.services.recording import ListLook, Recorded
from carefund_bot.texts import pledging as pledge_texts
from carefund_bot.texts import recording as texts
from carefund_bot.texts import rows
from carefund_bot.texts.sums import not_money
from carefund_bot.texts.words import plain
from handlers.context import FundContext
from handlers.feature import Feature, button, keyboard
from handlers.staff.sent_file import downloaded

NAME = "list"


async def take_sent_file(update: Update, context: FundContext) -> None:
    """A file from somebody who imports no rolls: only a list of gifts is expected."""
    document = update.effective_message.document if update.effective_message else None
    if document is None:
        return
    try:
        async with downloaded(context, document) as path:
            await take_file(update, context, path, document.file_name or "")
    except FileRefused as refusal:
        await context.reply(rows.file_refused(context.words, refusal))


async def take_file(update: Update, context: FundContext, path: Path, file_name: str) -> None:
    """Show what a list of gifts holds and wait for its control total; FileRefused if it cannot be read as one."""
    del update
    look = await context.fund.recording.look_at_list(context.actor, path, file_name)
    if look.checked is None:
        await _refuse(context, look)
        return
    draft = context.new_draft() | {"list": _as_facts(look.checked)}
    await context.keep(NAME, "total", draft)
    await context.reply(texts.list_preview(context.words, look.checked, look), _choices(context, draft))


async def _refuse(context: FundContext, look: ListLook) -> None:
    await context.reply(texts.list_refused(context.words, look))
    if texts.report_is_long(look):
        content = plain(texts.report(context.words, look)).encode("utf-8-sig")
        name = plain(texts.report_name(context.words))
        await context.bot.send_document(context.user_id, content, filename=name)


def _choices(context: FundContext, draft: dict[str, Any]) -> InlineKeyboardMarkup:
    words = context.words
    return keyboard(
        [button(texts.total_fits(words), NAME, "fits", request_id=draft["request_id"], style="success")],
        [button(pledge_texts.cancel(words), "cancel", "act")],
    )


async def read_total(update: Update, context: FundContext) -> None:
    """The announced total, typed: only if it fits is the list recorded."""
    del update
    draft = context.draft(NAME)
    try:
        announced = parse_money(context.said)
    except NotMoney as refusal:
        said = not_money(context.words, refusal.reason, context.office_phone)
        await context.reply(said, _choices(context, draft))
        return
    await _record(context, draft, announced)


async def say_it_fits(update: Update, context: FundContext) -> None:
    """Once per id: a second tap shows what the first one recorded."""
    del update
    found = await context.fund.recording.recorded(context.actor, context.pressed.request_id)
    if found is not None:
        await context.end_act_of_button()
        await _show(context, found)
        return
    draft = context.draft(NAME, "total")
    await _record(context, draft, _from_facts(draft["list"]).sum)


async def _record(context: FundContext, draft: dict[str, Any], announced: Money) -> None:
    checked = _from_facts(draft["list"])
    try:
        found = await context.fund.recording.record_list(context.actor, draft["request_id"], checked, announced)
    except TotalDiffers as refusal:
        await context.reply(texts.total_differs(context.words, refusal), _choices(context, draft))
        return
    except Overtaken:
        await context.end_act()
        await context.reply(texts.list_overtaken(context.words))
        return
    await context.end_act()
    await _show(context, found)


async def _show(context: FundContext, found: Recorded) -> None:
    await context.reply(texts.recorded(context.words, found))


def _as_facts(checked: CheckedList) -> dict[str, Any]:
    """A checked list as it waits in the conversation, sealed there like everything said."""
    return {
        "digest": checked.digest.hex(),
        "file_name": checked.file_name,
        "entries": [
            [each.row, each.member_id, each.fund, each.amount.fen, each.received_on.isoformat(), each.channel]
            for each in checked.entries
        ],
    }


def _from_facts(facts: dict[str, Any]) -> CheckedList:
    entries = tuple(
        Entry(member_id, fund, Money(fen), date.fromisoformat(day), Channel(channel), row)
        for row, member_id, fund, fen, day, channel in facts["entries"]
    )
    return CheckedList(bytes.fromhex(facts["digest"]), facts["file_name"], entries)


FEATURE = Feature(
    name=NAME,
    opens=take_sent_file,
    permission=Permission.RECORD_MONEY,
    takes_file=take_sent_file,
    steps={"total": read_total},
    buttons={"fits": say_it_fits},
)

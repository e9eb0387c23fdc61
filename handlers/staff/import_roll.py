"""A clerk sends a roll as a file: report or preview, then one tap makes it the roll."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from telegram import InlineKeyboardMarkup, Update
from telegram.error import TelegramError

from carefund_bot.access import Permission
from carefund_bot.errors import Overtaken, StaleButton
from carefund_bot.files.faults import FileRefused
from carefund_bot.files.headers import RollKind
from carefund_bot.files.rolls import recognise
from carefund_bot.files.tables import table_file
from carefund_bot.services.account_changes import Behind
from carefund_bot.services.comparing import PERMISSION_FOR, Progress
from carefund_bot.services.rolls import Preview
from carefund_bot.store.roll_imports import RollImport
from carefund_bot.texts import rolls as texts
from carefund_bot.texts import rows
from carefund_bot.texts.changes import behind_roll
from carefund_bot.texts.words import joined, plain
from handlers.context import FundContext
from handlers.feature import Feature, button, keyboard
from handlers.staff import record_list
from handlers.staff.sent_file import downloaded

NAME = "roll"
PROGRESS_EVERY_S = 3.0


async def explain(update: Update, context: FundContext) -> None:
    """Which file, with which headers."""
    del update
    kinds = tuple(kind for kind, permission in PERMISSION_FOR.items() if context.actor.may(permission))
    await context.reply(texts.how_to_send(context.words, kinds))


async def take_file(update: Update, context: FundContext) -> None:
    """The report of a roll's faults, or the preview of what it would change; a list of gifts goes where it belongs."""
    document = update.effective_message.document if update.effective_message else None
    if document is None:
        return
    try:
        async with downloaded(context, document) as path:
            kind = await asyncio.to_thread(recognise, path)
            if kind is RollKind.REMITTANCE:
                await record_list.take_file(update, context, path, document.file_name or "")
                return
            preview = await _stage(context, path, document.file_name or "", kind)
    except FileRefused as refusal:
        await context.reply(rows.file_refused(context.words, refusal))
        return
    await _show(context, preview)


async def _stage(context: FundContext, path: Path, file_name: str, kind: RollKind) -> Preview:
    async with _progress(context, kind) as progress:
        return await context.fund.rolls.stage(context.actor, path, file_name, kind, progress=progress)


async def _show(context: FundContext, preview: Preview) -> None:
    words = context.words
    if preview.import_id is not None:
        kept = {"import_id": preview.import_id, "rows": preview.rows, "legacy_rows": preview.legacy_rows}
        await _ask_to_confirm(context, context.new_draft() | kept)
    elif preview.refused:
        await context.reply(texts.refused(words, preview))
        if texts.has_report(preview):
            await _send_report(context, preview)
    else:
        behind = await _behind(context, preview)
        await context.reply(joined(texts.nothing_changes(words, preview), behind_roll(words, behind)))


async def _ask_to_confirm(context: FundContext, draft: dict[str, Any]) -> None:
    """What is staged, and the choices; `StaleButton` once it has been dropped or is the roll."""
    words, found = context.words, await context.fund.rolls.look_at(context.actor, draft["import_id"])
    if found.state != "staged":
        raise StaleButton
    kind, legacy_rows = RollKind(found.kind), tuple(draft["legacy_rows"])
    preview = Preview(found.id, kind, draft["rows"], found.by_fund, 0, (), legacy_rows)
    behind = await _behind(context, preview)
    await context.keep(NAME, "confirm", draft)
    shown = joined(texts.preview(words, preview), behind_roll(words, behind))
    await context.reply(shown, _choices(context, preview, draft["request_id"]))


async def _behind(context: FundContext, preview: Preview) -> list[Behind]:
    """Accounts that were changed at the desk and that this roll still carries as they were."""
    return await context.fund.rolls.behind_changes(context.actor, preview.kind, preview.import_id)


def _choices(context: FundContext, preview: Preview, request_id: str) -> InlineKeyboardMarkup:
    words, import_id, counts = context.words, str(preview.import_id), preview.counts
    follow = texts.apply_label(words, preview.kind, counts)
    style = "danger" if counts.leaving else "success"
    keep = counts.leaving and (counts.new or counts.changed)
    return keyboard(
        [button(follow, NAME, "follow", import_id, request_id, style=style)],
        [button(texts.keep_missing_label(words), NAME, "keep", import_id, request_id, style="success")] if keep else [],
        [button(texts.cancel_label(words), NAME, "cancel", import_id, request_id)],
    )


async def _send_report(context: FundContext, preview: Preview) -> None:
    """Every fault as a table that Excel opens."""
    words = context.words
    head = [plain(title) for title in texts.fault_file_header(words)]
    lines = ((fault.row, fault.column, plain(rows.reason(words, fault))) for fault in preview.faults)
    await context.bot.send_document(
        context.user_id, table_file([head, *lines]), filename=plain(texts.fault_file_name(words))
    )


async def follow_file(update: Update, context: FundContext) -> None:
    """The roll becomes what the file says: whom it does not name leaves."""
    del update
    await _confirm(context, keep_missing=False)


async def keep_missing(update: Update, context: FundContext) -> None:
    """New and changed rows count; whom the file does not name stays."""
    del update
    await _confirm(context, keep_missing=True)


async def _confirm(context: FundContext, *, keep_missing: bool) -> None:
    rolls, actor = context.fund.rolls, context.actor
    found = await _pressed_import(context)
    if found.state != "applied":
        context.draft(NAME)
        try:
            found = await rolls.apply(actor, found.id, keep_missing=keep_missing)
        except Overtaken:
            await context.end_act_of_button()
            await context.reply(texts.overtaken(context.words))
            return
    await context.end_act_of_button()
    await context.reply(texts.applied(context.words, RollKind(found.kind), found.by_fund))


async def cancel(update: Update, context: FundContext) -> None:
    """Drop the preview; a roll already applied stays and is shown as such."""
    del update
    found = await context.fund.rolls.cancel(context.actor, (await _pressed_import(context)).id)
    await context.end_act_of_button()
    kind = RollKind(found.kind)
    if found.state == "applied":
        await context.reply(texts.applied(context.words, kind, found.by_fund))
    else:
        await context.reply(texts.cancelled(context.words, kind))


async def _pressed_import(context: FundContext) -> RollImport:
    if not context.pressed.argument.isdecimal():
        raise StaleButton
    return await context.fund.rolls.look_at(context.actor, int(context.pressed.argument))


@asynccontextmanager
async def _progress(context: FundContext, kind: RollKind) -> AsyncIterator[Progress]:
    """A message that tells how far it is, if it takes longer than a moment; it goes when the answer comes."""
    done = 0

    def note(rows_done: int) -> None:
        nonlocal done
        done = rows_done

    async def tell() -> None:
        message, words = None, context.words
        try:
            while True:
                await asyncio.sleep(PROGRESS_EVERY_S)
                text = str(texts.progress(words, kind, done))
                with suppress(TelegramError):
                    if message is None:
                        message = await context.bot.send_message(context.user_id, text)
                    else:
                        await message.edit_text(text)
        finally:
            if message is not None:
                with suppress(TelegramError):
                    await message.delete()

    telling = asyncio.create_task(tell())
    try:
        yield note
    finally:
        telling.cancel()
        with suppress(asyncio.CancelledError):
            await telling


FEATURE = Feature(
    name=NAME,
    command="import",
    summary=texts.summary,
    label=texts.label,
    opens=explain,
    permission=Permission.IMPORT_MEMBERS,
    takes_file=take_file,
    asks={"confirm": _ask_to_confirm},
    buttons={"follow": follow_file, "keep": keep_missing, "cancel": cancel},
)

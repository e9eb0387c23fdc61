"""最近的通知: what went out before somebody was linked, or once more what came."""

from __future__ import annotations

from telegram import Update

from carefund_bot.access import Permission
from carefund_bot.domain.notices import SHOWN_FOR_DAYS
from carefund_bot.services.notice_board import Page, Sheet
from carefund_bot.texts import notice_board as texts
from carefund_bot.texts.splitting import CAPTION_LIMIT, MESSAGE_LIMIT
from handlers.context import FundContext
from handlers.feature import Feature, button, keyboard
from handlers.notice_letter import show_letter

NAME = "board"


async def offer(context: FundContext) -> None:
    """After a binding: one button, if something went out that has never come to this chat."""
    if context.actor.may(Permission.READ_NOTICES) and await context.fund.notice_board.has_news(context.actor):
        words = context.words
        await context.reply(texts.offer(words), keyboard([button(texts.label(words), NAME, "show")]), fresh=True)


async def show(update: Update, context: FundContext) -> None:
    """The newest, each as it went out."""
    del update
    page = await context.fund.notice_board.look(context.actor)
    if not page.sheets:
        await context.reply(texts.nothing(context.words, SHOWN_FOR_DAYS), fresh=True)
    await _show_page(context, page)


async def show_earlier(update: Update, context: FundContext) -> None:
    del update
    page = await context.fund.notice_board.look(context.actor, context.pressed.number)
    if not page.sheets:
        await context.reply(texts.no_earlier(context.words), fresh=True)
    await _show_page(context, page)


async def _show_page(context: FundContext, page: Page) -> None:
    for sheet in page.sheets:
        is_last = sheet is page.sheets[-1]
        message_id = await _show_sheet(context, sheet, leads_on=is_last and page.has_earlier)
        await context.fund.notice_board.note_read(context.actor, sheet.notice_id, message_id)


async def _show_sheet(context: FundContext, sheet: Sheet, *, leads_on: bool) -> int:
    words = context.words
    earlier = [button(texts.earlier_label(words), NAME, "earlier", str(sheet.place))] if leads_on else []
    limit = MESSAGE_LIMIT if sheet.attachment is None else CAPTION_LIMIT
    text = texts.sheet(words, sheet.letter, sheet.day, limit)
    return await show_letter(context, text, sheet.attachment, keyboard(earlier) if earlier else None)


FEATURE = Feature(
    name=NAME,
    command="latest",
    summary=texts.summary,
    opens=show,
    phrases=(
        "最近的通知",
        "最近有什么通知",
        "有什么通知",
        "有新通知吗",
        "看通知",
        "通知",
        "latest notices",
        "latest",
        "any news",
    ),
    permission=Permission.READ_NOTICES,
    buttons={"show": show, "earlier": show_earlier},
)

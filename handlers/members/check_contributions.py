"""我的捐款: this year's sum, then its lines; other years by a button. Only the speaker's own."""

from __future__ import annotations

from telegram import InlineKeyboardButton, Update

from carefund_bot.access import Permission
from carefund_bot.errors import StaleButton
from carefund_bot.services.giving import GivingYear
from carefund_bot.texts import members as texts
from carefund_bot.texts import statement
from handlers.context import FundContext
from handlers.feature import Feature, button, keyboard
from handlers.members import get_statement

NAME = "giving"
_LINES_PER_PAGE = 10
_YEARS_PER_ROW = 4


async def show_this_year(update: Update, context: FundContext) -> None:
    del update
    await show(context, None)


async def show(context: FundContext, year: int | None) -> None:
    """A campaign year; the running one if none is named."""
    await _show(context, await context.fund.giving.year(context.actor, year), 0)


async def show_year(update: Update, context: FundContext) -> None:
    del update
    year, _, page = context.pressed.argument.partition("-")
    if not (year.isdecimal() and page.isdecimal()):
        raise StaleButton
    await _show(context, await context.fund.giving.year(context.actor, int(year)), int(page))


async def _show(context: FundContext, found: GivingYear, page: int) -> None:
    lines = found.lines[page * _LINES_PER_PAGE : (page + 1) * _LINES_PER_PAGE]
    is_last_page = len(found.lines) <= (page + 1) * _LINES_PER_PAGE
    await context.reply(
        texts.giving(context.words, found, lines, is_last_page=is_last_page),
        keyboard(
            _page_row(context, found, page, is_last_page=is_last_page),
            _statement_row(context, found),
            *_year_rows(context, found),
        ),
    )


def _page_row(context: FundContext, found: GivingYear, page: int, *, is_last_page: bool) -> list[InlineKeyboardButton]:
    row = []
    if page:
        row.append(button(texts.later_page(context.words), NAME, "year", f"{found.year}-{page - 1}"))
    if not is_last_page:
        row.append(button(texts.earlier_page(context.words), NAME, "year", f"{found.year}-{page + 1}"))
    return row


def _statement_row(context: FundContext, found: GivingYear) -> list[InlineKeyboardButton]:
    if not found.lines:
        return []
    return [button(statement.label(context.words), get_statement.NAME, "year", str(found.year))]


def _year_rows(context: FundContext, found: GivingYear) -> list[list[InlineKeyboardButton]]:
    others = [
        button(texts.year_label(context.words, year), NAME, "year", f"{year}-0")
        for year in found.years
        if year != found.year
    ]
    return [others[start : start + _YEARS_PER_ROW] for start in range(0, len(others), _YEARS_PER_ROW)]


FEATURE = Feature(
    name=NAME,
    command="giving",
    summary=texts.giving_summary,
    label=texts.giving_label,
    opens=show_this_year,
    phrases=("查捐款", "捐款记录", "我捐了多少", "giving"),
    permission=Permission.SEE_OWN_GIVING,
    buttons={"year": show_year},
)

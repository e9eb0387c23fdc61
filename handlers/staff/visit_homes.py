"""上门告知: the rounds after a notice: lists to print, and a tick for each door."""

from __future__ import annotations

from telegram import InlineKeyboardButton, Update

from carefund_bot.access import Permission
from carefund_bot.errors import NotAllowed
from carefund_bot.files.tables import table_file
from carefund_bot.services.visiting import Door
from carefund_bot.texts import visiting as texts
from handlers.context import FundContext
from handlers.feature import Feature, button, keyboard
from handlers.staff import run_notice

NAME = "visits"
_SECTIONS_SHOWN = 6
_DOORS_SHOWN = 10


async def show(update: Update, context: FundContext) -> None:
    """The roll in three parts, and the communities where somebody is still to be told; argument: notice-first."""
    del update
    notice_id, first = _numbers(context, 2)
    words, now = context.words, await context.fund.visiting.rounds(context.actor, notice_id)
    page = list(enumerate(now.sections))[first : first + _SECTIONS_SHOWN]
    rows = [[_key(texts.section_label(words, section), "section", notice_id, index)] for index, section in page]
    has_more = len(now.sections) > first + _SECTIONS_SHOWN
    earlier = [_key(texts.before_label(words), "show", notice_id, max(0, first - _SECTIONS_SHOWN))] if first else []
    later = [_key(texts.more_label(words), "show", notice_id, first + _SECTIONS_SHOWN)] if has_more else []
    await context.reply(
        texts.rounds(words, now),
        keyboard(
            *rows,
            [*earlier, *later],
            [_key(texts.list_label(words), "sheet", notice_id), _key(texts.table_label(words), "table", notice_id)]
            if now.to_visit or now.still_there
            else [],
        ),
    )


async def show_section(update: Update, context: FundContext) -> None:
    """One community's doors; argument: notice-section-first."""
    notice_id, index, first = _numbers(context, 3)
    sections = (await context.fund.visiting.rounds(context.actor, notice_id)).sections
    if index >= len(sections):  # somebody has ticked the last door there meanwhile
        await show(update, context)
        return
    area, section, _ = sections[index]
    doors = await context.fund.visiting.doors(context.actor, notice_id, area, section)
    await _show_doors(context, notice_id, doors, index, first)


async def tick(update: Update, context: FundContext) -> None:
    """A door done; then those left on the same page of the community. Argument: notice-id, m or b before the id."""
    del update
    notice, _, whom = context.pressed.argument.partition("-")
    subject = {"m": "member", "b": "beneficiary"}.get(whom[:1])
    if not notice.isdecimal() or subject is None or not whom[1:].isdecimal():
        raise NotAllowed
    notice_id, visiting = int(notice), context.fund.visiting
    home = await visiting.tick(context.actor, notice_id, subject, int(whom[1:]))
    doors = await visiting.doors(context.actor, notice_id, home.area, home.section)
    sections = (await visiting.rounds(context.actor, notice_id)).sections  # somebody may have ticked the last one
    index = next((place for place, found in enumerate(sections) if found[:2] == (home.area, home.section)), 0)
    before = min(sum(door.number < home.number for door in doors), max(len(doors) - 1, 0))
    await _show_doors(context, notice_id, doors, index, before - before % _DOORS_SHOWN)


async def _show_doors(context: FundContext, notice_id: int, doors: list[Door], index: int, first: int) -> None:
    words, page = context.words, doors[first : first + _DOORS_SHOWN]
    rows = (
        [button(texts.door_label(words, door), NAME, "tick", f"{notice_id}-{door.subject[0]}{door.subject_id}")]
        for door in page
    )
    has_more = len(doors) > first + _DOORS_SHOWN
    await context.reply(
        texts.section_heading(words, doors),
        keyboard(
            *rows,
            [_key(texts.more_label(words), "section", notice_id, index, first + _DOORS_SHOWN)] if has_more else [],
            [_key(texts.back_label(words), "show", notice_id)],
        ),
    )


async def send_sheet(update: Update, context: FundContext) -> None:
    """A page to print."""
    del update
    notice_id, *_ = _numbers(context, 1)
    now = await context.fund.visiting.rounds(context.actor, notice_id)
    doors = await context.fund.visiting.listed(context.actor, notice_id)
    page = texts.sheet(context.words, now, doors)
    await _send_file(context, page.encode(), texts.file_name(context.words, notice_id, "html"))


async def send_table(update: Update, context: FundContext) -> None:
    del update
    notice_id, *_ = _numbers(context, 1)
    doors = await context.fund.visiting.listed(context.actor, notice_id)
    table = table_file(texts.table(context.words, doors))
    await _send_file(context, table, texts.file_name(context.words, notice_id, "csv"))


async def _send_file(context: FundContext, content: bytes, name: str) -> None:
    await context.bot.send_document(context.user_id, content, filename=name, protect_content=True)


def _key(label: str, verb: str, *numbers: int) -> InlineKeyboardButton:
    return button(label, NAME, verb, "-".join(map(str, numbers)))


def _numbers(context: FundContext, count: int) -> list[int]:
    """What a button names; what it leaves out is 0."""
    parts = context.pressed.argument.split("-")
    if not all(part.isdecimal() for part in parts):
        raise NotAllowed
    return [*map(int, parts), *([0] * count)][:count]


FEATURE = Feature(
    name=NAME,
    opens=run_notice.show,
    permission=Permission.COMPOSE_NOTICE,
    buttons={
        "show": show,
        "section": show_section,
        "tick": tick,
        "sheet": send_sheet,
        "table": send_table,
    },
)

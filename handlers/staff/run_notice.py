"""/notices: those written before, and what may be done with each."""

from __future__ import annotations

from telegram import Update

from carefund_bot.access import Permission
from carefund_bot.domain.notices import Step
from carefund_bot.errors import NotAllowed, Overtaken
from carefund_bot.services.notices import NOTICES_SHOWN, Listed
from carefund_bot.texts import notice_runs as texts
from carefund_bot.texts import notices as letters
from carefund_bot.texts.words import words_in
from handlers.context import FundContext
from handlers.feature import Feature, button, keyboard
from handlers.notice_letter import show_letter
from handlers.staff.notice_card import show_card
from handlers.staff.notice_keys import NAME
from handlers.staff.notice_times import offered, pressed_time, typed_time

_AGAIN = ("failed", "unreachable", "uncertain")


async def show(update: Update, context: FundContext) -> None:
    del update
    recent = await context.fund.notices.recent(context.actor)
    if not recent:
        await context.reply(texts.nothing_sent(context.words))
        return
    await _list(context, recent, fresh=True)


async def show_earlier(update: Update, context: FundContext) -> None:
    del update
    await _list(context, await context.fund.notices.recent(context.actor, context.pressed.number), fresh=False)


async def _list(context: FundContext, found: list[Listed], *, fresh: bool) -> None:
    words, shown = context.words, found[:NOTICES_SHOWN]
    rows = ([button(texts.notice_label(words, each), NAME, "card", str(each.notice.id))] for each in shown)
    has_earlier = len(found) > NOTICES_SHOWN
    earlier = [button(texts.earlier_label(words), NAME, "earlier", str(shown[-1].notice.id))] if has_earlier else []
    await context.reply(texts.sent_heading(words), keyboard(*rows, earlier), fresh=fresh)


async def look(update: Update, context: FundContext) -> None:
    """The card; whoever may confirm the notice sees it first as its readers will."""
    progress = await context.fund.notices.progress(context.actor, _notice_id(context))
    asked = Step.CONFIRMED in progress.moves
    if asked:
        content, words = progress.notice.content, context.words
        place = content.audience.place
        letter = await context.fund.notices.letter(context.actor, content.text_zh, content.text_en, place.fund)
        for language in ("zh_CN", "en") if letter.text_en else ("zh_CN",):
            await show_letter(context, letters.as_read(words_in(language), letter), content.attachment)
        _, _, reach = await context.fund.notices.look(context.actor, content.audience, content.topic)
        await context.reply(texts.to_confirm(words, progress.notice, reach.receiving), fresh=True)
    await show_card(update, context, progress, fresh=asked)


async def do(update: Update, context: FundContext) -> None:
    """Take a step; the same tap again shows what it did."""
    notice_id, step = _pressed(context)
    try:
        progress = await context.fund.notice_runs.move(context.actor, context.pressed.request_id, notice_id, step)
    except Overtaken:
        await _show_overtaken(update, context, notice_id)
        return
    await show_card(update, context, progress)


async def _show_overtaken(update: Update, context: FundContext, notice_id: int) -> None:
    await context.reply(texts.overtaken(context.words), fresh=True)
    await show_card(update, context, await context.fund.notices.progress(context.actor, notice_id), fresh=True)


async def ask_time(update: Update, context: FundContext) -> None:
    """When one that waits for a person shall go; its own time is offered first, if that is still to come."""
    words, notice_id = context.words, _notice_id(context)
    progress = await context.fund.notices.progress(context.actor, notice_id)
    request_id = context.pressed.request_id
    if request_id != progress.request_id:
        await _show_overtaken(update, context, notice_id)
        return
    await context.keep(NAME, "time", {"request_id": request_id, "notice_id": notice_id})
    moments = {int(moment.timestamp()): words.moment(moment) for moment in offered(context)}
    planned = progress.notice.goes_at
    if planned is not None and planned > context.fund.ground.now():
        moments = {planned: texts.planned_label(words, progress.notice)} | moments
    await context.reply(
        letters.ask_time(words),
        keyboard(
            *([button(label, NAME, "at", f"{notice_id}-{at}", request_id)] for at, label in moments.items()),
            [button(texts.back_label(words), "cancel", "act")],
        ),
        fresh=True,
    )


async def choose_time(update: Update, context: FundContext) -> None:
    """A second tap shows what the first one did, though the moment on the button may have passed by then."""
    notice_id, chosen = _split(context)
    moved = await context.fund.notice_runs.moved_by(context.actor, context.pressed.request_id)
    if moved is not None:
        await context.end_act_of_button()
        await show_card(update, context, moved)
        return
    progress = await context.fund.notices.progress(context.actor, notice_id)
    due_at = await pressed_time(context, chosen, progress.notice.goes_at)
    if due_at is not None:
        await _put_on_time(update, context, context.pressed.request_id, notice_id, due_at)
        await context.end_act_of_button()


async def take_time(update: Update, context: FundContext) -> None:
    """A moment in plain words."""
    draft, due_at = context.draft(NAME), await typed_time(context)
    if due_at is not None:
        await _put_on_time(update, context, draft["request_id"], draft["notice_id"], due_at)
        await context.end_act()


async def _put_on_time(update: Update, context: FundContext, request_id: str, notice_id: int, due_at: int) -> None:
    try:
        progress = await context.fund.notice_runs.put_on_time(context.actor, request_id, notice_id, due_at)
    except Overtaken:
        await _show_overtaken(update, context, notice_id)
        return
    await show_card(update, context, progress)


async def ask(update: Update, context: FundContext) -> None:
    """Before what cannot be undone, in a message of its own: the card goes on moving."""
    del update
    words, (notice_id, step) = context.words, _pressed(context)
    argument, request_id = context.pressed.argument, context.pressed.request_id
    await context.reply(
        texts.ask_before(words, step),
        keyboard(
            [button(texts.yes_label(words, step), NAME, "do", argument, request_id, style="danger")],
            [button(texts.back_label(words), NAME, "card", str(notice_id))],
        ),
        fresh=True,
    )


async def show_missed(update: Update, context: FundContext) -> None:
    """Whom it did not reach for certain, and what to do about each kind."""
    del update
    notice_id = _notice_id(context)
    words, progress = context.words, await context.fund.notices.progress(context.actor, notice_id)
    request_id = context.new_draft()["request_id"]
    states = [state for state in _AGAIN if progress.copies.get(state)]
    again = [
        [button(texts.again_label(words, state), NAME, "again", f"{notice_id}-{state}", request_id)] for state in states
    ]
    leave = [button(texts.leave_label(words), NAME, "leave", str(notice_id), request_id)]
    await context.reply(
        texts.missed(words, progress), keyboard(*again, leave if "uncertain" in states else []), fresh=True
    )


async def send_again(update: Update, context: FundContext) -> None:
    notice_id, state = _split(context)
    request_id = context.pressed.request_id
    try:
        decided = await context.fund.notice_runs.retry(context.actor, request_id, notice_id, state)
    except Overtaken:
        await context.reply(texts.overtaken(context.words), fresh=True)
        progress = await context.fund.notices.progress(context.actor, notice_id)
    else:
        await context.reply(texts.sent_again(context.words, decided.copies))
        progress = decided.progress
    await show_card(update, context, progress, fresh=True)


async def leave(update: Update, context: FundContext) -> None:
    del update
    notice_id = _notice_id(context)
    decided = await context.fund.notice_runs.leave(context.actor, context.pressed.request_id, notice_id)
    await context.reply(texts.left(context.words, decided.copies))


def _notice_id(context: FundContext) -> int:
    return _split(context)[0]


def _split(context: FundContext) -> tuple[int, str]:
    """The notice that a button names, and the word behind it."""
    notice_id, _, word = context.pressed.argument.partition("-")
    if not notice_id.isdecimal():
        raise NotAllowed
    return int(notice_id), word


def _pressed(context: FundContext) -> tuple[int, Step]:
    notice_id, step = _split(context)
    if step not in set(Step):
        raise NotAllowed
    return notice_id, Step(step)


FEATURE = Feature(
    name=NAME,
    command="notices",
    summary=texts.summary,
    opens=show,
    phrases=("发过的通知", "通知进度", "notices"),
    permission=Permission.COMPOSE_NOTICE,
    steps={"time": take_time},
    buttons={
        "list": show,
        "earlier": show_earlier,
        "card": look,
        "do": do,
        "ask": ask,
        "time": ask_time,
        "at": choose_time,
        "missed": show_missed,
        "again": send_again,
        "leave": leave,
    },
)

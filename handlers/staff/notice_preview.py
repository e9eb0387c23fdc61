"""The end of writing a notice: see it as its readers will, choose topic and time, try it, confirm once."""

from __future__ import annotations

from telegram import Update

from carefund_bot.domain.notices import Place, Topic, conditions_for
from carefund_bot.errors import StaleButton
from carefund_bot.texts import notices as texts
from carefund_bot.texts.words import words_in
from handlers.context import FundContext
from handlers.feature import keyboard
from handlers.notice_letter import show_letter
from handlers.staff.notice_card import show_card
from handlers.staff.notice_draft import NAME, Draft, attachment_of, content_of, drafted, drop_row, letter_of, step
from handlers.staff.notice_times import offered, pressed_time, typed_time


async def preview(context: FundContext, draft: Draft, place: Place) -> None:
    """The notice as it will arrive, then the count."""
    draft = draft | {"place": [place.fund, place.area, place.branch_id]}
    content = await content_of(context, draft)
    audience, branch, _ = await context.fund.notices.look(context.actor, content.audience)
    place = audience.place
    draft |= {"place": [place.fund, place.area, place.branch_id]}
    await context.reply(texts.addressed(context.words, audience, branch))
    letter = await letter_of(context, draft)
    for language in ("zh_CN", "en") if letter.text_en else ("zh_CN",):
        await show_letter(context, texts.as_read(words_in(language), letter), attachment_of(draft))
    await _ask_anew(context, draft, fresh=True)


async def _ask_anew(context: FundContext, draft: Draft, *, fresh: bool = False) -> None:
    """A fresh id: a confirm on an older question is over."""
    await ask_to_confirm(context, draft | context.new_draft(), fresh=fresh)


async def ask_to_confirm(context: FundContext, draft: Draft, *, fresh: bool = False) -> None:
    """How many it reaches and what comes next."""
    words = context.words
    content = await content_of(context, draft)
    _, branch, reach = await context.fund.notices.look(context.actor, content.audience, content.topic)
    await context.keep(NAME, "confirm", draft)
    settings = context.fund.settings
    for_two = bool(content.overruled) or reach.receiving > settings.notices.alone_at_most
    colleagues = await context.fund.notices.count_colleagues(context.actor, content.audience.place) if for_two else None
    send = step(
        draft, texts.confirm_label(words, reach.receiving, content.due_at, for_two=for_two), "send", style="success"
    )
    seconds = reach.seconds(settings.telegram.messages_per_second)
    await context.reply(
        texts.preview(words, content, branch, reach, seconds, colleagues),
        keyboard(
            [step(draft, texts.try_label(words), "try"), step(draft, texts.turn_topic(words, content.topic), "topic")],
            [step(draft, texts.some_label(words), "some")] if conditions_for(content.audience.readers) else [],
            [
                step(draft, texts.later_label(words), "later"),
                *([step(draft, texts.now_label(words), "now")] if content.due_at else []),
            ],
            [step(draft, texts.others_label(words), "others"), step(draft, texts.edit_label(words), "edit")],
            [send] if (reach.receiving or content.due_at) and colleagues != 0 else [],
            [step(draft, texts.drop_label(words), "drop", style="danger")],
        ),
        fresh=fresh,
    )


async def try_on_self(update: Update, context: FundContext) -> None:
    """The very message, to the editor alone, in the editor's own language."""
    del update
    draft = drafted(context, "place")
    await show_letter(context, texts.as_read(context.words, await letter_of(context, draft)), attachment_of(draft))


async def turn_topic(update: Update, context: FundContext) -> None:
    """The other topic, whose readers are others."""
    del update
    draft = drafted(context, "place")
    is_general = draft.get("topic", Topic.GENERAL) == Topic.GENERAL
    await _ask_anew(context, draft | {"topic": Topic.FUND_NEWS if is_general else Topic.GENERAL})


async def ask_which(update: Update, context: FundContext) -> None:
    """Those of the readers in whose matter something stands in a certain way."""
    del update
    words, draft = context.words, drafted(context, "place")
    content = await content_of(context, draft)
    conditions = conditions_for(content.audience.readers)
    await context.reply(
        texts.ask_which(words),
        keyboard(
            *([step(draft, texts.condition_name(words, each), "which", each)] for each in conditions),
            [step(draft, texts.all_label(words), "which")],
        ),
    )


async def choose_which(update: Update, context: FundContext) -> None:
    del update
    draft, chosen = drafted(context, "place"), context.pressed.argument
    content = await content_of(context, draft)
    if chosen and chosen not in conditions_for(content.audience.readers):
        raise StaleButton
    await _ask_anew(context, draft | {"condition": chosen or None})


async def ask_time(update: Update, context: FundContext) -> None:
    del update
    draft = drafted(context, "place")
    await context.keep(NAME, "time", draft)
    await context.reply(
        texts.ask_time(context.words),
        keyboard(
            *(
                [step(draft, context.words.moment(moment), "at", str(int(moment.timestamp())))]
                for moment in offered(context)
            ),
            drop_row(context),
        ),
    )


async def choose_time(update: Update, context: FundContext) -> None:
    del update
    draft = drafted(context, "place")
    due_at = await pressed_time(context, context.pressed.argument)
    if due_at is not None:
        await _ask_anew(context, draft | {"due_at": due_at})


async def take_time(update: Update, context: FundContext) -> None:
    """A moment in plain words."""
    del update
    draft = drafted(context, "place")
    due_at = await typed_time(context)
    if due_at is not None:
        await _ask_anew(context, draft | {"due_at": due_at})


async def forget_time(update: Update, context: FundContext) -> None:
    del update
    await _ask_anew(context, drafted(context, "place") | {"due_at": None})


async def drop(update: Update, context: FundContext) -> None:
    del update
    context.draft(NAME)
    await context.end_act()
    await context.reply(texts.dropped(context.words))


async def confirm(update: Update, context: FundContext) -> None:
    """Write it down and show its card; a second tap shows the card of the notice that the first one made."""
    notices, request_id = context.fund.notices, context.pressed.request_id
    progress = await notices.made_by(context.actor, request_id)
    if progress is None:
        content = await content_of(context, drafted(context, "place"))
        progress = await notices.send(context.actor, request_id, content)
    await context.end_act_of_button()
    await show_card(update, context, progress)

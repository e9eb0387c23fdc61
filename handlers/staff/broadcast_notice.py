"""发通知: write, choose the readers, see it as they will, try it, confirm, watch it go."""

from __future__ import annotations

from typing import Any

from telegram import InlineKeyboardButton, Update

from carefund_bot.access import Permission
from carefund_bot.domain.notices import Audience, Letter, Place, Reader
from carefund_bot.domain.people import clean_cell
from carefund_bot.errors import NotAllowed, StaleButton
from carefund_bot.services.notices import Progress
from carefund_bot.texts import notices as texts
from carefund_bot.texts.words import words_in
from handlers.context import FundContext
from handlers.feature import Feature, button, keyboard
from handlers.staff.notice_cards import CARD, card_keyboard
from handlers.staff.notice_places import areas_of, is_whole_fund, place_of, written

NAME, _CARD_VERB = CARD
_EVERYBODY = "everybody"

Draft = dict[str, Any]
Row = list[InlineKeyboardButton]


async def begin(update: Update, context: FundContext) -> None:
    """Ask for the text; below it the notices sent before."""
    del update
    words, draft = context.words, context.new_draft()
    recent = await context.fund.notices.recent(context.actor)
    await context.keep(NAME, "text", draft)
    await context.reply(texts.ask_text(words), keyboard(_drop_row(context)), fresh=True)
    if recent:
        rows = (
            [button(texts.recent_label(words, notice.audience, notice.composed_at), *CARD, str(notice.id))]
            for notice in recent
        )
        await context.reply(texts.recent_heading(words), keyboard(*rows), fresh=True)


async def take_text(update: Update, context: FundContext) -> None:
    draft = context.draft(NAME)
    text = await _fit_text(update, context)
    if text is None:
        return
    await context.keep(NAME, "english", draft | {"zh": text})
    await context.reply(
        texts.ask_english(context.words),
        keyboard([_step(draft, texts.no_english(context.words), "skip")], _drop_row(context)),
    )


async def take_english(update: Update, context: FundContext) -> None:
    draft = context.draft(NAME)
    text = await _fit_text(update, context)
    if text is not None:
        await _ask_whom(context, draft | {"en": text})


async def skip_english(update: Update, context: FundContext) -> None:
    del update
    await _ask_whom(context, _drafted(context, "zh") | {"en": None})


async def _fit_text(update: Update, context: FundContext) -> str | None:
    """The message as Telegram's HTML; `None` if it cannot be a notice, which is said with the reason."""
    message, words = update.effective_message, context.words
    if message is None or not message.text or not clean_cell(message.text):
        await context.reply(texts.only_text(words))
        return None
    text = message.text_html
    faults = await context.fund.notices.check(context.actor, text)
    if faults:
        await context.reply(texts.unfit(words, faults))
        return None
    over = max([texts.units_over(letter) for letter in await _all_letters(context, text)])
    if over:
        await context.reply(texts.too_long(words, over))
        return None
    return text


async def _all_letters(context: FundContext, text: str) -> list[Letter]:
    """The text signed by each fund: its readers are not chosen yet."""
    return [
        await context.fund.notices.letter(context.actor, text, None, place.fund)
        for place in await context.fund.notices.places(context.actor)
    ]


async def _ask_whom(context: FundContext, draft: Draft) -> None:
    words = context.words
    await context.keep(NAME, "whom", draft)
    await context.reply(
        texts.ask_whom(words),
        keyboard(
            [_step(draft, texts.reader(words, role), "whom", role) for role in Reader],
            [_step(draft, texts.everybody(words), "whom", _EVERYBODY)],
            _drop_row(context),
        ),
    )


async def choose_readers(update: Update, context: FundContext) -> None:
    """Then the place; an editor who has one place only is not asked."""
    del update
    chosen, draft = context.pressed.argument, _drafted(context, "en")
    if chosen not in (*Reader, _EVERYBODY):
        raise NotAllowed
    draft |= {"readers": list(Reader) if chosen == _EVERYBODY else [chosen]}
    places = await context.fund.notices.places(context.actor)
    if len(places) == 1:
        await _narrow(context, draft, places[0])
        return
    await context.keep(NAME, "where", draft)
    await context.reply(
        texts.ask_where(context.words),
        keyboard(
            *(
                [_step(draft, texts.place_name(context.words, place, None), "where", written(place))]
                for place in places
            ),
            _drop_row(context),
        ),
    )


async def choose_place(update: Update, context: FundContext) -> None:
    del update
    await _narrow(context, _drafted(context, "readers"), place_of(context.pressed.argument))


async def _narrow(context: FundContext, draft: Draft, place: Place) -> None:
    """A fund may be narrowed to an area or, for members, a branch; anything narrower is taken as it is."""
    words = context.words
    areas = [
        _step(draft, texts.place_name(words, area, None), "place", written(area))
        for area in areas_of(place, context.fund.ground.today())
    ]
    rows = [areas[start : start + 2] for start in range(0, len(areas), 2)]
    if is_whole_fund(place) and draft["readers"] == [Reader.MEMBER]:
        rows.append([_step(draft, texts.one_branch(words), "branch", place.fund or "")])
    if not rows:
        await _preview(context, draft, place)
        return
    await context.keep(NAME, "where", draft)
    whole = _step(draft, texts.whole(words, place.fund or ""), "place", written(place))
    await context.reply(texts.ask_where(words), keyboard([whole], *rows, _drop_row(context)))


async def ask_branch(update: Update, context: FundContext) -> None:
    del update
    draft = _drafted(context, "readers")
    await context.keep(NAME, "branch", draft | {"fund": context.pressed.argument})
    await context.reply(texts.ask_branch(context.words), keyboard(_drop_row(context)))


async def find_branch(update: Update, context: FundContext) -> None:
    del update
    words, draft = context.words, context.draft(NAME)
    found = await context.fund.notices.branches(context.actor, draft["fund"], context.said)
    if not found:
        await context.reply(texts.no_such_branch(words))
        return
    rows = (
        [
            _step(
                draft,
                texts.place_name(words, Place(branch_id=branch.id), branch),
                "place",
                written(Place(branch_id=branch.id)),
            )
        ]
        for branch in found
    )
    await context.reply(texts.which_branch(words), keyboard(*rows, _drop_row(context)))


async def take_place(update: Update, context: FundContext) -> None:
    del update
    await _preview(context, _drafted(context, "readers"), place_of(context.pressed.argument))


async def _preview(context: FundContext, draft: Draft, place: Place) -> None:
    """The notice as it will arrive, then the count. A fresh id: a confirm on an older preview is over."""
    words = context.words
    readers = tuple(Reader(reader) for reader in draft["readers"])
    audience, branch, reach = await context.fund.notices.look(context.actor, Audience(readers, place))
    place = audience.place
    draft = draft | context.new_draft() | {"place": [place.fund, place.area, place.branch_id]}
    await context.keep(NAME, "confirm", draft)
    await context.reply(texts.addressed(words, audience, branch))
    letter = await _letter(context, draft)
    for language in ("zh_CN", "en") if letter.text_en else ("zh_CN",):
        await context.reply(texts.as_read(words_in(language), letter), fresh=True)
    send = _step(draft, texts.send_label(words, reach.receiving), "send", style="success")
    await context.reply(
        texts.preview(
            words, audience, branch, reach, reach.seconds(context.fund.settings.telegram.messages_per_second)
        ),
        keyboard(
            [_step(draft, texts.try_label(words), "try")],
            [send] if reach.receiving else [],
            [
                _step(draft, texts.edit_label(words), "edit"),
                _step(draft, texts.drop_label(words), "drop", style="danger"),
            ],
        ),
        fresh=True,
    )


async def try_on_self(update: Update, context: FundContext) -> None:
    """The very message, to the editor alone, in the editor's own language."""
    del update
    letter = await _letter(context, _drafted(context, "place"))
    await context.reply(texts.as_read(context.words, letter), fresh=True)


async def write_anew(update: Update, context: FundContext) -> None:
    context.draft(NAME)
    await begin(update, context)


async def drop(update: Update, context: FundContext) -> None:
    del update
    context.draft(NAME)
    await context.end_act()
    await context.reply(texts.dropped(context.words))


async def confirm(update: Update, context: FundContext) -> None:
    """Queue it and show the card; a second tap shows the card of the notice that the first one sent."""
    progress = await context.fund.notices.made_by(context.actor, context.pressed.request_id)
    if progress is None:
        progress = await _send(context)
    await context.end_act_of_button()
    await _show_card(update, context, progress)


async def _send(context: FundContext) -> Progress:
    draft = _drafted(context, "place")
    readers = tuple(Reader(reader) for reader in draft["readers"])
    audience = Audience(readers, Place(*draft["place"]))
    return await context.fund.notices.send(context.actor, draft["request_id"], audience, draft["zh"], draft["en"])


async def show_card(update: Update, context: FundContext) -> None:
    notice_id = context.pressed.argument
    if not notice_id.isdecimal():
        raise NotAllowed
    await _show_card(update, context, await context.fund.notices.progress(context.actor, int(notice_id)))


async def _show_card(update: Update, context: FundContext, progress: Progress) -> None:
    words = context.words
    text = texts.progress(words, progress.notice.audience, progress.branch, progress.copies)
    sent_id = await context.reply(text, card_keyboard(words, progress))
    edited = update.callback_query and update.callback_query.message
    card_id = sent_id or (edited and edited.message_id)
    if card_id:
        context.bot_data.cards.follow(context.actor, words, progress, context.user_id, card_id)


async def _letter(context: FundContext, draft: Draft) -> Letter:
    return await context.fund.notices.letter(context.actor, draft["zh"], draft["en"], draft["place"][0])


def _drafted(context: FundContext, needed: str) -> Draft:
    """The draft, once it holds what an earlier step answers."""
    draft = context.draft(NAME)
    if needed not in draft:
        raise StaleButton
    return draft


def _step(draft: Draft, label: str, verb: str, argument: str = "", *, style: str | None = None) -> InlineKeyboardButton:
    return button(label, NAME, verb, argument, draft["request_id"], style=style)


def _drop_row(context: FundContext) -> Row:
    return [button(texts.drop_label(context.words), "cancel", "act")]


FEATURE = Feature(
    name=NAME,
    command="notice",
    summary=texts.summary,
    opens=begin,
    label=texts.label,
    phrases=("群发", "写通知", "notice"),
    permission=Permission.COMPOSE_NOTICE,
    steps={"text": take_text, "english": take_english, "branch": find_branch},
    buttons={
        "skip": skip_english,
        "whom": choose_readers,
        "where": choose_place,
        "branch": ask_branch,
        "place": take_place,
        "try": try_on_self,
        "edit": write_anew,
        "drop": drop,
        "send": confirm,
        _CARD_VERB: show_card,
    },
)

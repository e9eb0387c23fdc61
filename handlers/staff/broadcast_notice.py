"""发通知: write, choose the readers, see it as they will, try it, confirm, watch it go."""

from __future__ import annotations

from telegram import Update

from carefund_bot.access import Permission
from carefund_bot.domain.notices import AttachmentKind, Letter, Place, Reader
from carefund_bot.domain.people import clean_cell
from carefund_bot.errors import NotAllowed
from carefund_bot.texts import notices as texts
from handlers.context import FundContext
from handlers.feature import Feature, button, keyboard
from handlers.staff import notice_preview
from handlers.staff.notice_draft import NAME, Draft, attachment_of, drafted, drop_row, step
from handlers.staff.notice_keys import NAME as SENT
from handlers.staff.notice_places import areas_of, is_whole_fund, place_of, written
from handlers.staff.notice_preview import preview

_EVERYBODY = "everybody"
_NOT_WORDS = ("readers", "place", "condition", "topic", "due_at")
"""What a draft holds besides what is written in it."""


async def begin(update: Update, context: FundContext) -> None:
    """Ask for the text."""
    del update
    await _ask_text(context, context.new_draft())


async def _ask_text(context: FundContext, draft: Draft) -> None:
    words = context.words
    await context.keep(NAME, "text", draft)
    sent = button(texts.sent_label(words), SENT, "list")
    await context.reply(texts.ask_text(words), keyboard([sent], drop_row(context)), fresh=True)


async def take_text(update: Update, context: FundContext) -> None:
    """Words, or a picture or a document with words below it."""
    draft = context.draft(NAME) | {"attachment": _attached(update)}
    text = await _fit_text(update, context, draft, "zh")
    if text is not None:
        await _ask_english(context, draft | {"zh": text})


async def _ask_english(context: FundContext, draft: Draft) -> None:
    await context.keep(NAME, "english", draft)
    await context.reply(
        texts.ask_english(context.words),
        keyboard([step(draft, texts.no_english(context.words), "skip")], drop_row(context)),
    )


async def take_english(update: Update, context: FundContext) -> None:
    """Words alone; the rest of an album comes here too."""
    draft = context.draft(NAME)
    if _attached(update) and context.said:
        await context.reply(texts.words_alone(context.words))
        return
    text = await _fit_text(update, context, draft, "en")
    if text is not None:
        await _go_on(context, draft | {"en": text})


async def skip_english(update: Update, context: FundContext) -> None:
    del update
    await _go_on(context, drafted(context, "zh") | {"en": None})


async def _fit_text(update: Update, context: FundContext, draft: Draft, part: str) -> str | None:
    """The message as Telegram's HTML; `None` if it cannot be a notice, which is said with the reason."""
    message, words = update.effective_message, context.words
    text = message and (message.text_html if message.text else message.caption_html)
    if not text or not clean_cell(context.said):
        is_of_album = message is not None and message.media_group_id is not None
        await context.reply(texts.one_picture(words) if is_of_album else texts.only_text(words))
        return None
    over = max([texts.units_over(letter, attachment_of(draft)) for letter in await _all_letters(context, text)])
    if over:
        await context.reply(texts.too_long(words, over))
        return None
    faults = await context.fund.notices.check(context.actor, text)
    if faults:
        doubtful = draft | {"doubtful": text, "part": part}
        await context.keep(NAME, "text" if part == "zh" else "english", doubtful)
        await context.reply(texts.unfit(words, faults), keyboard([step(draft, texts.insist(words), "insist")]))
        return None
    return text


async def insist(update: Update, context: FundContext) -> None:
    """The editor means it: a second person will have to agree."""
    del update
    draft = drafted(context, "doubtful") | {"insists": True}
    text, part = draft.pop("doubtful"), draft.pop("part")
    if part == "zh":
        await _ask_english(context, draft | {"zh": text})
    else:
        await _go_on(context, draft | {"en": text})


def _attached(update: Update) -> list[str] | None:
    """What a message carries, as the draft keeps it: Telegram has the file already, its id is enough."""
    message = update.effective_message
    if message is None:
        return None
    if message.photo:
        return [AttachmentKind.PHOTO, message.photo[-1].file_id]
    return [AttachmentKind.DOCUMENT, message.document.file_id] if message.document else None


async def _all_letters(context: FundContext, text: str) -> list[Letter]:
    """The text signed by each fund: its readers are not chosen yet."""
    return [
        await context.fund.notices.letter(context.actor, text, None, place.fund)
        for place in await context.fund.notices.places(context.actor)
    ]


async def _go_on(context: FundContext, draft: Draft) -> None:
    """To the readers; where they are settled, as in a notice that is written again, to the preview."""
    if "place" in draft:
        await preview(context, draft, Place(*draft["place"]))
    else:
        await _ask_whom(context, draft)


async def _ask_whom(context: FundContext, draft: Draft) -> None:
    words = context.words
    await context.keep(NAME, "whom", draft)
    await context.reply(
        texts.ask_whom(words),
        keyboard(
            [step(draft, texts.reader(words, role), "whom", role) for role in Reader],
            [step(draft, texts.everybody(words), "whom", _EVERYBODY)],
            drop_row(context),
        ),
    )


async def choose_readers(update: Update, context: FundContext) -> None:
    """Then the place; an editor who has one place only is not asked."""
    del update
    chosen, draft = context.pressed.argument, drafted(context, "en")
    if chosen not in (*Reader, _EVERYBODY):
        raise NotAllowed
    draft |= {"readers": list(Reader) if chosen == _EVERYBODY else [chosen], "within": None}
    places = await context.fund.notices.places(context.actor)
    if len(places) == 1:
        await _narrow(context, draft, places[0])
    else:
        await _ask_where(context, draft)


async def _ask_where(context: FundContext, draft: Draft) -> None:
    """One of the editor's places; once a place is chosen, all of it or a part."""
    if draft["within"] is not None:
        await _narrow(context, draft, place_of(draft["within"]))
        return
    places = await context.fund.notices.places(context.actor)
    await context.keep(NAME, "where", draft)
    await context.reply(
        texts.ask_where(context.words),
        keyboard(
            *([step(draft, texts.place_name(context.words, place, None), "where", written(place))] for place in places),
            drop_row(context),
        ),
    )


async def choose_place(update: Update, context: FundContext) -> None:
    del update
    await _narrow(context, drafted(context, "readers"), place_of(context.pressed.argument))


async def _narrow(context: FundContext, draft: Draft, place: Place) -> None:
    """A fund may be narrowed to an area or, for members, a branch; anything narrower is taken as it is."""
    words = context.words
    areas = [
        step(draft, texts.place_name(words, area, None), "place", written(area))
        for area in areas_of(place, context.fund.ground.today())
    ]
    rows = [areas[start : start + 2] for start in range(0, len(areas), 2)]
    if is_whole_fund(place) and draft["readers"] == [Reader.MEMBER]:
        rows.append([step(draft, texts.one_branch(words), "branch", place.fund or "")])
    if not rows:
        await preview(context, draft, place)
        return
    await context.keep(NAME, "where", draft | {"within": written(place)})
    whole = step(draft, texts.whole(words, place.fund or ""), "place", written(place))
    await context.reply(texts.ask_where(words), keyboard([whole], *rows, drop_row(context)))


async def ask_branch(update: Update, context: FundContext) -> None:
    del update
    draft = drafted(context, "readers")
    await context.keep(NAME, "branch", draft | {"fund": context.pressed.argument})
    await context.reply(texts.ask_branch(context.words), keyboard(drop_row(context)))


async def find_branch(update: Update, context: FundContext) -> None:
    del update
    words, draft = context.words, context.draft(NAME)
    found = await context.fund.notices.branches(context.actor, draft["fund"], context.said)
    if not found:
        await context.reply(texts.no_such_branch(words))
        return
    rows = (
        [
            step(
                draft,
                texts.place_name(words, Place(branch_id=branch.id), branch),
                "place",
                written(Place(branch_id=branch.id)),
            )
        ]
        for branch in found
    )
    await context.reply(texts.which_branch(words), keyboard(*rows, drop_row(context)))


async def take_place(update: Update, context: FundContext) -> None:
    del update
    await preview(context, drafted(context, "readers"), place_of(context.pressed.argument))


async def write_anew(update: Update, context: FundContext) -> None:
    """Other words, to the same readers at the same time."""
    del update
    draft = context.draft(NAME)
    kept = {part: draft[part] for part in _NOT_WORDS if part in draft}
    await _ask_text(context, context.new_draft() | kept)


async def choose_others(update: Update, context: FundContext) -> None:
    """The same words, to other readers."""
    del update
    draft = drafted(context, "place")
    await _ask_whom(context, {part: draft[part] for part in draft if part not in ("readers", "place", "condition")})


FEATURE = Feature(
    name=NAME,
    command="notice",
    summary=texts.summary,
    opens=begin,
    label=texts.label,
    phrases=("群发", "写通知", "notice"),
    permission=Permission.COMPOSE_NOTICE,
    steps={"text": take_text, "english": take_english, "branch": find_branch, "time": notice_preview.take_time},
    asks={"whom": _ask_whom, "where": _ask_where, "confirm": notice_preview.ask_to_confirm},
    takes_all=frozenset({"text", "english"}),
    buttons={
        "insist": insist,
        "skip": skip_english,
        "whom": choose_readers,
        "where": choose_place,
        "branch": ask_branch,
        "place": take_place,
        "try": notice_preview.try_on_self,
        "topic": notice_preview.turn_topic,
        "some": notice_preview.ask_which,
        "which": notice_preview.choose_which,
        "later": notice_preview.ask_time,
        "at": notice_preview.choose_time,
        "now": notice_preview.forget_time,
        "edit": write_anew,
        "others": choose_others,
        "drop": notice_preview.drop,
        "send": notice_preview.confirm,
    },
)

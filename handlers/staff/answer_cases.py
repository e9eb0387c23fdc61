"""答复: the desk's work list; take a case, answer through the bot, ask back, close. Nobody sees anybody's account."""

from __future__ import annotations

from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update

from carefund_bot.access import Permission
from carefund_bot.domain.cases import CaseState, DeskCase
from carefund_bot.errors import NotAllowed
from carefund_bot.services.desk import ANSWER_LIMIT
from carefund_bot.texts import desk as texts
from carefund_bot.texts.changes import begin_label
from handlers.context import FundContext
from handlers.feature import Feature, NotWaiting, button, keyboard

NAME = "desk"
_PHOTOS_SHOWN = 5
_CLAIMED = "claimed"

Draft = dict[str, Any]


async def show(update: Update, context: FundContext) -> None:
    del update
    words, work = context.words, await context.fund.desk.work_list(context.actor)
    if not work.listed:
        await context.reply(texts.nothing_waits(words))
        return
    now = context.fund.ground.now()
    rows = ([button(texts.row_label(words, item, now), NAME, "look", str(item.case.id))] for item in work.listed)
    await context.reply(texts.work_list(words, len(work.listed), work.more), keyboard(*rows))


async def look(update: Update, context: FundContext) -> None:
    del update
    await show_card(context, await context.fund.desk.look(context.actor, pressed_case(context)))


async def show_card(context: FundContext, item: DeskCase) -> None:
    await context.reply(texts.card(context.words, item), card_buttons(context, item))


def card_buttons(context: FundContext, item: DeskCase) -> InlineKeyboardMarkup:
    """What this person can do with the case now."""
    words, which = context.words, str(item.case.id)
    has_photo = any(line.said.photo for line in item.case.lines)
    is_waiting = item.case.state is CaseState.WAITING
    is_mine = item.standing.is_mine and item.case.is_open
    can_take_back = item.case.state is CaseState.IN_HAND and not is_mine and context.actor.may(Permission.MANAGE_STAFF)
    return keyboard(
        [button(texts.claim_label(words), NAME, "claim", which, style="success")] if is_waiting else [],
        [
            button(texts.answer_label(words), NAME, "write", which, style="success"),
            button(texts.ask_back_label(words), NAME, "question", which),
            button(texts.canned_label(words), "canned", "list", which),
        ]
        if is_mine
        else [],
        [
            button(begin_label(words), "change", "open", which),
        ]
        if is_mine and item.who.subject == "beneficiary"
        else [],
        [
            button(texts.pass_label(words), "pass", "whom", which),
            button(texts.close_label(words), NAME, "close", which),
        ]
        if is_mine
        else [],
        [button(texts.take_back_label(words), "pass", "to", f"{which}-0")] if can_take_back else [],
        [button(texts.photo_label(words), NAME, "photo", which)] if has_photo else [],
        [button(texts.back_label(words), NAME, "list")],
    )


async def claim(update: Update, context: FundContext) -> None:
    """Words that follow are the answer's beginning, unless something else is being written."""
    del update
    draft = context.new_draft()
    item = await context.fund.desk.claim(context.actor, draft["request_id"], pressed_case(context))
    if context.conversation is None or context.conversation.step == _CLAIMED:
        await context.keep(NAME, _CLAIMED, draft | {"case_id": item.case.id, "asks_back": False})
    await show_card(context, item)


async def hear_after_claim(update: Update, context: FundContext) -> None:
    """An answer typed without 答复 first; once the case is in other hands, words like any others."""
    if not await _is_in_hand(context, context.draft(NAME)["case_id"]):
        raise NotWaiting
    await take_words(update, context)


async def _is_in_hand(context: FundContext, case_id: int) -> bool:
    """What went to a desk that is not one's own cannot even be looked at."""
    try:
        item = await context.fund.desk.look(context.actor, case_id)
    except NotAllowed:
        return False
    return item.standing.is_mine and item.case.state is CaseState.IN_HAND


async def write_answer(update: Update, context: FundContext) -> None:
    del update
    await _ask_for_words(context, pressed_case(context), asks_back=False)


async def write_question(update: Update, context: FundContext) -> None:
    del update
    await _ask_for_words(context, pressed_case(context), asks_back=True)


async def _ask_for_words(context: FundContext, case_id: int, *, asks_back: bool) -> None:
    """In a new message: the case stays on the screen while one writes."""
    await context.fund.desk.look(context.actor, case_id)
    await context.keep(NAME, "words", context.new_draft() | {"case_id": case_id, "asks_back": asks_back})
    await context.reply(texts.write_answer(context.words, case_id, asks_back=asks_back), fresh=True)


async def take_words(update: Update, context: FundContext) -> None:
    """The answer as it will be read, then one tap to send it."""
    draft, words, message = context.draft(NAME), context.words, update.effective_message
    if message is None or not message.text:
        await context.reply(texts.only_words(words))
        return
    if len(context.said) > ANSWER_LIMIT:
        await context.reply(texts.answer_too_long(words, ANSWER_LIMIT))
        return
    faults = await context.fund.desk.check(context.actor, context.said)
    if faults:
        await context.reply(texts.unfit(words, faults))
        return
    await preview(context, draft, context.said)


async def preview(context: FundContext, draft: Draft, text: str) -> None:
    """A fresh id: a button under an older preview is over."""
    await _ask_to_send(context, draft | context.new_draft() | {"text": text})


async def _ask_to_send(context: FundContext, draft: Draft) -> None:
    await context.keep(NAME, "confirm", draft)
    await context.reply(
        texts.preview(context.words, draft["text"]),
        keyboard(
            [
                _step(draft, texts.send_label(context.words), "send", style="success"),
                _step(draft, texts.rewrite_label(context.words), "rewrite"),
            ]
        ),
        fresh=True,
    )


async def send(update: Update, context: FundContext) -> None:
    """Once: a second tap shows the case that the first one answered."""
    del update
    item = await context.fund.desk.done_by(context.actor, context.pressed.request_id)
    if item is None:
        draft = context.draft(NAME, "confirm")
        item = await context.fund.desk.answer(
            context.actor, draft["request_id"], draft["case_id"], draft["text"], asks_back=draft["asks_back"]
        )
    await context.end_act_of_button()
    await context.reply(texts.sent(context.words, item), card_buttons(context, item))


async def rewrite(update: Update, context: FundContext) -> None:
    del update
    draft = context.draft(NAME, "confirm")
    await _ask_for_words(context, draft["case_id"], asks_back=draft["asks_back"])


async def close(update: Update, context: FundContext) -> None:
    del update
    request_id = context.new_draft()["request_id"]
    item = await context.fund.desk.close(context.actor, request_id, pressed_case(context))
    await context.reply(texts.closed(context.words, item), card_buttons(context, item))


async def show_photos(update: Update, context: FundContext) -> None:
    """The newest ones, not to be passed around."""
    del update
    item = await context.fund.desk.look(context.actor, pressed_case(context))
    photos = [line.said.photo for line in item.case.lines if line.said.photo]
    for photo in photos[-_PHOTOS_SHOWN:]:
        await context.bot.send_photo(context.user_id, photo, protect_content=True)


def pressed_case(context: FundContext) -> int:
    if not context.pressed.argument.isdecimal():
        raise NotAllowed
    return int(context.pressed.argument)


def _step(draft: Draft, label: str, verb: str, *, style: str | None = None) -> InlineKeyboardButton:
    return button(label, NAME, verb, request_id=draft["request_id"], style=style)


FEATURE = Feature(
    name=NAME,
    command="desk",
    summary=texts.summary,
    label=texts.label,
    opens=show,
    phrases=("今天有什么事", "有什么事", "谁在等", "what is to do", "what is to do today"),
    permission=Permission.SEE_DESK,
    steps={"words": take_words, _CLAIMED: hear_after_claim},
    asks={"confirm": _ask_to_send},
    words_only=frozenset({_CLAIMED}),
    takes_all=frozenset({"words"}),
    buttons={
        "list": show,
        "look": look,
        "claim": claim,
        "write": write_answer,
        "question": write_question,
        "send": send,
        "rewrite": rewrite,
        "close": close,
        "photo": show_photos,
    },
)

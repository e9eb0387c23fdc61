"""From an update to the one step that answers it. Nothing is remembered here between two updates."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from telegram import Chat, ChatMember, MessageEntity, Update
from telegram.ext import Application, BaseHandler, CallbackQueryHandler, ChatMemberHandler, MessageHandler, filters

from carefund_bot.domain.cases import Said
from carefund_bot.domain.people import has_private_number
from carefund_bot.errors import NotAllowed, Refused, StaleButton
from carefund_bot.services.accounts import Conversation
from carefund_bot.texts.everyone import tap_a_button
from carefund_bot.texts.words import LANGUAGES, words_in
from carefund_bot.understanding.intents import Intent
from handlers import fallback, listening
from handlers.context import FundContext
from handlers.everyone import answer_words, cancel, choose_settings, go_on, my_cases, start_and_link
from handlers.everyone.raise_alarm import raise_alarm
from handlers.everyone.start_and_link import looks_like_code, read_code
from handlers.feature import Feature, NotWaiting, Pressed, Step, Unclear
from handlers.refusals import answering, log_stray_error

PRIVATE = filters.ChatType.PRIVATE
EDITED = filters.UpdateType.EDITED_MESSAGE
ENDS_EVERYTHING = (cancel.FEATURE, start_and_link.FEATURE)
FILES = filters.Document.ALL | filters.PHOTO
_CLOSING_MARKS = " 。.!！?？~～，,…"
_OVERLONG_ID = re.compile(r"\d{19}")
"""More than the database counts to: no button of ours says so."""


class CommandTable(BaseHandler[Update, FundContext, None]):
    """All commands of a private chat in one lookup; a library's handler for each would be asked in turn."""

    def __init__(self, steps: Mapping[str, Step]) -> None:
        super().__init__(callback=fallback.answer_anything)
        self._steps = dict(steps)

    def check_update(self, update: object) -> Step | None:
        """The step that a message's command opens, if it is one of ours, and said to us."""
        message = update.effective_message if isinstance(update, Update) else None
        if message is None or not (message.text and message.entities) or message.chat.type != Chat.PRIVATE:
            return None
        mark = message.entities[0]
        if mark.type != MessageEntity.BOT_COMMAND or mark.offset:
            return None
        name, _, whose = message.text[1 : mark.length].partition("@")
        if whose and whose.casefold() != message.get_bot().username.casefold():
            return None
        return self._steps.get(name.casefold())

    async def handle_update(
        self,
        update: Update,
        application: Application[Any, FundContext, Any, Any, Any, Any],  # noqa: ARG002 - the library's signature
        check_result: Any,
        context: FundContext,
    ) -> None:
        await check_result(update, context)


class Router:
    """The table of features, looked up by command, key, button and step."""

    def __init__(self, features: Sequence[Feature]) -> None:
        self.features = tuple(features)
        self._by_name = {feature.name: feature for feature in features}
        self._by_label = {label.casefold(): feature for feature in features for label in _labels(feature)}
        self._by_phrase = {phrase.casefold(): feature for feature in features for phrase in feature.phrases}

    def register(self, application: Application[Any, FundContext, Any, Any, Any, Any]) -> None:
        application.add_handler(MessageHandler(EDITED & PRIVATE, answering(fallback.answer_edited)))
        application.add_handler(MessageHandler(EDITED, leave_unsaid))
        application.add_handler(
            CommandTable({feature.command: self._opening(feature) for feature in self.features if feature.command})
        )
        application.add_handler(CallbackQueryHandler(self.press))
        application.add_handler(MessageHandler(PRIVATE & filters.COMMAND, answering(fallback.answer_anything)))
        application.add_handler(MessageHandler(PRIVATE & (filters.TEXT | FILES), answering(self.hear)))
        application.add_handler(
            MessageHandler(PRIVATE & ~filters.StatusUpdate.ALL, answering(fallback.answer_anything))
        )
        application.add_handler(MessageHandler(filters.COMMAND, fallback.point_to_private_chat))
        application.add_handler(ChatMemberHandler(note_block, ChatMemberHandler.MY_CHAT_MEMBER))
        application.add_error_handler(log_stray_error)

    def _opening(self, feature: Feature) -> Step:
        async def open_feature(update: Update, context: FundContext) -> None:
            await self._open(feature, update, context)

        return answering(open_feature)

    async def _open(self, feature: Feature, update: Update, context: FundContext) -> None:
        if not _may_use(feature, context):
            await fallback.answer_anything(update, context)
            return
        await self._open_beside(feature, update, context)
        await self._offer_left_form(context)

    async def press(self, update: Update, context: FundContext) -> None:
        """A button; its spinner was stopped when it came in."""
        query = update.callback_query
        if query is not None and query.message is not None and query.message.chat.type == "private":
            await answering(self._do_pressed)(update, context)

    async def _do_pressed(self, update: Update, context: FundContext) -> None:
        data = update.callback_query.data if update.callback_query else None
        name, context.pressed = Pressed.read(data or "")
        feature = self._by_name.get(name)
        step = feature.buttons.get(context.pressed.verb) if feature else None
        if feature is None or step is None or _OVERLONG_ID.search(data or ""):
            raise StaleButton
        if not _may_use(feature, context):
            raise NotAllowed
        form = self._form(context)
        if form is not None and form.act != name:
            context.park(form)
        await step(update, context)
        await self._offer_left_form(context)

    async def hear(self, update: Update, context: FundContext) -> None:
        """Words or a file. A step that turns out to wait for nothing ends, and they are heard once more."""
        try:
            await self._hear(update, context)
        except NotWaiting:
            await context.forget_act()
            await self._hear(update, context)

    async def _hear(self, update: Update, context: FundContext) -> None:
        """A reply to what we wrote, a key or phrase, the step that waits, a code, then anything."""
        said = context.said
        context.hear_language()
        if has_private_number(said):
            await fallback.warn_of_private_number(update, context)
            if await listening.hears_distress(context):
                await raise_alarm(context, Said(""))
            return
        if await my_cases.take_reply(update, context):
            return
        asked_for = self._asked_for(said, context)
        waiting = self._waiting_step(context)
        wish = self._wish_of_others(said, context)
        if asked_for is not None:
            await self._open_beside(asked_for, update, context)
        elif wish is not None and (waiting is None or self._form(context)):
            await answer_words.answer_wish(update, context, wish, self._form(context))
        elif waiting is not None:
            await self._go_on(waiting, update, context)
        elif looks_like_code(said):
            await read_code(update, context)
        else:
            await self._hear_beside(update, context)
        await self._offer_left_form(context)
        if context.may_offer_language:
            await choose_settings.offer_language(context)

    def _asked_for(self, said: str, context: FundContext) -> Feature | None:
        """What a key or a phrase opens for this person. Where all words are taken as they are, only a key is one."""
        plain = said.rstrip(_CLOSING_MARKS).casefold()
        found = self._by_label.get(plain) or self._by_phrase.get(plain)
        if found is None or not _may_use(found, context):
            return None
        taken = self._takes_all_words(context) and plain not in self._by_label and found is not cancel.FEATURE
        return None if taken else found

    def _wish_of_others(self, said: str, context: FundContext) -> Intent | None:
        """What a phrase asks that opens nothing of this person's own: it is clear all the same."""
        plain = said.rstrip(_CLOSING_MARKS).casefold()
        found = self._by_phrase.get(plain)
        if found is None or _may_use(found, context) or self._takes_all_words(context):
            return None
        return answer_words.wish_met_by(found)

    async def _open_beside(self, feature: Feature, update: Update, context: FundContext) -> None:
        """Another act while a form waits: the form is not lost."""
        form = self._form(context)
        if form is None or feature in ENDS_EVERYTHING or feature.name == form.act:
            await feature.opens(update, context)
            return
        context.park(form)
        await feature.opens(update, context)
        if not context.has_begun_act:
            await go_on.offer(context, form)

    async def _go_on(self, step: Step, update: Update, context: FundContext) -> None:
        """The answer to what a step asks; or, where it is none and clearly something else, that, and the way back."""
        try:
            await step(update, context)
        except Unclear as unclear:
            form = self._form(context)
            if form is not None and looks_like_code(context.said):
                context.park(form)
                await read_code(update, context)
            elif form is None or not await answer_words.answer_beside(update, context, form):
                await unclear.ask_again()

    async def _wait_for_button(self, update: Update, context: FundContext) -> None:
        """Words where only a button goes on."""
        del update
        form, feature = context.conversation, self._acting(context)
        if form is None or feature is None:
            raise AssertionError("only a step that waits comes here")
        raise Unclear(partial(_show_buttons_again, context, feature, form))

    def _form(self, context: FundContext) -> Conversation | None:
        """The act in progress, if it can be left and gone on with."""
        form, feature = context.conversation, self._acting(context)
        return form if form and feature and form.step in feature.asks else None

    def _takes_all_words(self, context: FundContext) -> bool:
        form, feature = context.conversation, self._acting(context)
        return bool(form and feature and form.step in feature.takes_all)

    def _acting(self, context: FundContext) -> Feature | None:
        return self._by_name.get(context.conversation.act) if context.conversation else None

    async def _offer_left_form(self, context: FundContext) -> None:
        """Once what came between is over: if it only led on to another act, the form waits behind that one."""
        if context.left_form is not None and not context.has_begun_act:
            await go_on.offer(context, context.left_form)

    async def _hear_beside(self, update: Update, context: FundContext) -> None:
        """What no step waits for: a form that was begun stays behind it."""
        form = self._form(context)
        if form is not None:
            context.park(form)
        await self._hear_unasked(update, context)

    async def _hear_unasked(self, update: Update, context: FundContext) -> None:
        for feature in self.features if context.has_file else ():
            if feature.takes_file and feature.permission and context.actor.may(feature.permission):
                await feature.takes_file(update, context)
                return
        message = update.effective_message
        if message is not None and message.text and message.forward_origin:
            await answer_words.answer_forwarded(update, context)
        elif message is not None and message.text:
            await answer_words.answer(update, context)
        else:
            await fallback.answer_anything(update, context)

    def _waiting_step(self, context: FundContext) -> Step | None:
        """The step that waits for an answer; where files are taken, one is looked at for what it is."""
        conversation, feature = context.conversation, self._acting(context)
        if conversation is None or feature is None:
            return None
        step = feature.steps.get(conversation.step)
        if context.has_file and (step is None or feature.takes_file or conversation.step in feature.words_only):
            return None
        return step or (self._wait_for_button if conversation.step in feature.asks else None)


async def _show_buttons_again(context: FundContext, feature: Feature, form: Conversation) -> None:
    """A step that cannot be asked any more, as its code has run out, is over."""
    await context.reply(tap_a_button(context.words))
    try:
        await feature.asks[form.step](context, dict(form.facts))
    except Refused:
        await context.end_act()
        raise


def _may_use(feature: Feature, context: FundContext) -> bool:
    return feature.permission is None or context.actor.may(feature.permission)


def _labels(feature: Feature) -> list[str]:
    return [str(feature.label(words_in(language))) for language in LANGUAGES] if feature.label else []


async def leave_unsaid(update: Update, context: FundContext) -> None:
    """What is changed in a group was no question to us."""
    del update, context


async def note_block(update: Update, context: FundContext) -> None:
    """A private chat's my_chat_member comes only when the person blocks or unblocks the bot."""
    change = update.my_chat_member
    if change is None or change.chat.type != "private":
        return
    blocked = change.new_chat_member.status == ChatMember.BANNED
    await context.fund.accounts.note_reachability(change.from_user.id, "blocked" if blocked else "reachable")

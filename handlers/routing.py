"""From an update to the one step that answers it. Nothing is remembered here between two updates."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from telegram import Chat, ChatMember, MessageEntity, Update
from telegram.ext import Application, BaseHandler, CallbackQueryHandler, ChatMemberHandler, MessageHandler, filters

from carefund_bot.domain.people import looks_like_card_number, looks_like_identity_number
from carefund_bot.errors import NotAllowed, StaleButton
from carefund_bot.texts.words import LANGUAGES, words_in
from handlers import fallback
from handlers.context import FundContext
from handlers.everyone import answer_words, my_cases
from handlers.everyone.start_and_link import looks_like_code, read_code
from handlers.feature import Feature, Pressed, Step
from handlers.refusals import answering, log_stray_error

PRIVATE = filters.ChatType.PRIVATE
FILES = filters.Document.ALL | filters.PHOTO
_CLOSING_MARKS = " 。.!！~～，,…"
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
        self._by_phrase = {phrase.casefold(): feature for feature in features for phrase in _all_phrases(feature)}

    def register(self, application: Application[Any, FundContext, Any, Any, Any, Any]) -> None:
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
        await feature.opens(update, context)

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
        await step(update, context)

    async def hear(self, update: Update, context: FundContext) -> None:
        """Words or a file: a reply to what we wrote, a key or phrase, the step that waits, a code, then anything."""
        said = context.said
        if looks_like_identity_number(said) or looks_like_card_number(said):
            await fallback.warn_of_private_number(update, context)
            return
        if await my_cases.take_reply(update, context):
            return
        asked_for = self._by_phrase.get(said.rstrip(_CLOSING_MARKS).casefold())
        if asked_for is not None:
            await self._open(asked_for, update, context)
            return
        waiting = self._waiting_step(context)
        if waiting is not None:
            await waiting(update, context)
        elif looks_like_code(said):
            await read_code(update, context)
        else:
            await self._hear_unasked(update, context)

    async def _hear_unasked(self, update: Update, context: FundContext) -> None:
        for feature in self.features if context.has_file else ():
            if feature.takes_file and feature.permission and context.actor.may(feature.permission):
                await feature.takes_file(update, context)
                return
        if context.said and not context.has_file:
            await answer_words.answer(update, context)
        else:
            await fallback.answer_anything(update, context)

    def _waiting_step(self, context: FundContext) -> Step | None:
        """The step that waits for an answer; where files are taken, one is looked at for what it is."""
        conversation = context.conversation
        feature = self._by_name.get(conversation.act) if conversation else None
        if conversation is None or feature is None or (context.has_file and feature.takes_file):
            return None
        return feature.steps.get(conversation.step)


def _may_use(feature: Feature, context: FundContext) -> bool:
    return feature.permission is None or context.actor.may(feature.permission)


def _all_phrases(feature: Feature) -> list[str]:
    labels = [str(feature.label(words_in(language))) for language in LANGUAGES] if feature.label else []
    return [*labels, *feature.phrases]


async def note_block(update: Update, context: FundContext) -> None:
    """A private chat's my_chat_member comes only when the person blocks or unblocks the bot."""
    change = update.my_chat_member
    if change is None or change.chat.type != "private":
        return
    blocked = change.new_chat_member.status == ChatMember.BANNED
    await context.fund.accounts.note_reachability(change.from_user.id, "blocked" if blocked else "reachable")

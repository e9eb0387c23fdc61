"""Who is speaking, the fund, and the one way to answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from markupsafe import Markup
from telegram import ReplyKeyboardMarkup, ReplyKeyboardRemove, Update
from telegram.constants import ParseMode
from telegram.error import BadRequest
from telegram.ext import CallbackContext

from carefund_bot.access import Actor
from carefund_bot.errors import StaleButton
from carefund_bot.fund import Fund
from carefund_bot.services.accounts import Conversation, Speaker
from carefund_bot.services.ground import request_id_of
from carefund_bot.texts.languages import plainly_in
from carefund_bot.texts.splitting import split_message
from carefund_bot.texts.words import Words, language_of, words_in
from carefund_bot.transport.bot import FundBot, Keyboard
from handlers import menus
from handlers.feature import Feature, Pressed
from handlers.staff.notice_cards import NoticeCards

if TYPE_CHECKING:  # its tools take long to load: the bot answers before it reads
    from carefund_bot.understanding.reading import Understanding


_PARKED = "parked"
_LANGUAGE = "language"
_WAITING_FORM = "goon"
"""Nothing waits for words: handlers/everyone/go_on.py takes the parked form up by its button."""


class House:
    """What the Application carries for all its handlers."""

    fund: Fund
    features: tuple[Feature, ...]
    understanding: Understanding | None = None
    cards: NoticeCards


class FundContext(CallbackContext[FundBot, dict[Any, Any], dict[Any, Any], House]):
    """One update's context. `meet` fills it in before any feature sees it."""

    speaker: Speaker
    pressed: Pressed
    _update: Update
    left_form: Conversation | None = None
    """A form that waits again, after what came between is over."""
    _answered_in_place = False
    _drafts = 0
    _parked: Conversation | None = None
    _has_begun = False
    _said_in: str | None = None
    _is_calm = True

    @property
    def fund(self) -> Fund:
        return self.bot_data.fund

    @property
    def actor(self) -> Actor:
        return self.speaker.actor

    @property
    def words(self) -> Words:
        """In the language of the message, or else of the act it belongs to, or else of the chat."""
        begun_in = self.conversation.facts.get(_LANGUAGE) if self.conversation else None
        return words_in(self._said_in or begun_in or self.speaker.language)

    def hear_language(self) -> None:
        """Answer these words in the language they are plainly written in; the chat's own stays what it was.

        Colleagues in the middle of something write for others, and what is forwarded was written by others.
        """
        message = self._update.effective_message
        writes_for_others = self.actor.staff_id is not None and self.conversation is not None
        if message is not None and not message.forward_origin and not writes_for_others:
            self._said_in = plainly_in(self.said)

    @property
    def may_offer_language(self) -> bool:
        """Whether the answer was in another language than the chat's, and nothing more urgent was said or waits."""
        nothing_waits = not (self._has_begun or self._parked)
        return self._is_calm and nothing_waits and self.words.language != self.speaker.language

    def leave_it_at_that(self) -> None:
        """Nothing is to be offered below this answer."""
        self._is_calm = False

    @property
    def conversation(self) -> Conversation | None:
        return self.speaker.conversation

    @property
    def user_id(self) -> int:
        user = self._update.effective_user
        if user is None:
            raise AssertionError("only people's updates reach the features")
        return user.id

    @property
    def called(self) -> list[str]:
        """What the account calls itself: it must not stand in what is kept of its words."""
        user = self._update.effective_user
        return [name for name in (user.full_name, user.first_name, user.username) if name] if user else []

    @property
    def said(self) -> str:
        """The words of the message, without blanks around them."""
        message = self._update.effective_message
        return (message.text or message.caption or "").strip() if message else ""

    @property
    def has_file(self) -> bool:
        message = self._update.effective_message
        return message is not None and message.document is not None

    async def meet(self, update: Update) -> None:
        """Find out who is speaking."""
        self._update = update
        user = update.effective_user
        if user is None:
            raise AssertionError("only people's updates reach the features")
        self.speaker = await self.fund.accounts.meet(user.id, language_of(user.language_code))

    async def meet_again(self) -> None:
        """Look again, after a binding or a language has changed."""
        await self.meet(self._update)

    @property
    def today(self) -> date:
        """The day in Suzhou."""
        return self.fund.ground.today()

    @property
    def office_phone(self) -> str:
        """Of the fund that the speaker belongs to; a stranger's is the city's."""
        return self.fund.settings.fund(self.speaker.fund).office_phone

    def open_features(self) -> list[Feature]:
        """The features this person may use."""
        return menus.open_to(self.bot_data.features, self.actor)

    def keys(self) -> ReplyKeyboardMarkup | None:
        """The large keys under the text box, in the chat's own language; `None` for a stranger."""
        return menus.keys(self.open_features(), words_in(self.speaker.language))

    async def show_menu(self) -> None:
        """Give this chat the command menu of its roles."""
        await menus.show_for_chat(self.bot, self.user_id, self.open_features())

    async def take_menu_away(self) -> None:
        await menus.take_from_chat(self.bot, self.user_id)

    async def show_first_answer(self, update: Update) -> None:
        """What this person came for, if there is such a thing."""
        for feature in self.open_features():
            if feature.answers_first:
                await feature.opens(update, self)
                return

    def new_draft(self) -> dict[str, Any]:
        """The facts of a fresh act: nothing but its one-use id.

        Handling the same update again gives the same id: the buttons that a crash let out before stay good.
        """
        self._drafts += 1
        return {"request_id": request_id_of(self.fund.ground.sealer, f"{self._moment}:{self._drafts}")}

    @property
    def _moment(self) -> str:
        """What makes this update itself and no other, of whichever bot."""
        query, message = self._update.callback_query, self._update.effective_message
        return f"{self._update.update_id}:{query.id if query else message and message.date.timestamp()}"

    def draft(self, act: str, step: str | None = None) -> dict[str, Any]:
        """The facts of the act in progress; `StaleButton` if the pressed button belongs to another one, or step."""
        conversation = self._form_of_button() if self._update.callback_query else self.conversation
        if conversation is None or conversation.act != act or step not in {None, conversation.step}:
            raise StaleButton
        return dict(conversation.facts)

    def _form_of_button(self) -> Conversation | None:
        """The act that stands, or one parked behind it, whose id the pressed button carries."""
        return next((form for form in self._forms() if form.facts["request_id"] == self.pressed.request_id), None)

    def _forms(self) -> Iterator[Conversation]:
        form = self.conversation
        while form is not None:
            yield form
            parked = form.facts.get(_PARKED)
            form = Conversation(**parked) if parked else None

    def park(self, form: Conversation) -> None:
        """Should this update begin another act, the form is kept behind it."""
        self._parked = form

    @property
    def has_begun_act(self) -> bool:
        """Whether this update has begun, or gone on with, an act."""
        return self._has_begun

    async def take_up_form(self) -> Conversation:
        """The form that the pressed button belongs to stands again."""
        form = self._form_of_button()
        if form is None:
            raise StaleButton
        self.speaker = replace(self.speaker, conversation=form)
        await self.keep(form.act, form.step, form.facts)
        return form

    async def keep(self, act: str, step: str, facts: dict[str, Any]) -> None:
        """Wait at a step of an act for the next answer."""
        self._has_begun = True
        facts = {key: value for key, value in facts.items() if key != _LANGUAGE}
        if self.words.language != self.speaker.language:
            facts |= {_LANGUAGE: self.words.language}
        behind = self._parked or self._waiting_form()
        if behind is not None and behind.act != act:
            facts = facts | {_PARKED: asdict(behind)}
        await self.fund.accounts.keep(self.user_id, act, step, facts)

    def _waiting_form(self) -> Conversation | None:
        """A form that nothing stands before but its button."""
        standing = self.conversation
        return Conversation(**standing.facts[_PARKED]) if standing and standing.act == _WAITING_FORM else None

    async def end_act(self) -> None:
        """The act is over; a form parked behind it waits for its button."""
        if self.conversation is None:
            return
        parked = self.conversation.facts.get(_PARKED)
        if parked is None:
            await self.end_all()
            return
        self.left_form = self._parked = Conversation(**parked)
        waits = self.new_draft() | {_PARKED: parked}
        await self.fund.accounts.keep(self.user_id, _WAITING_FORM, "parked", waits)

    async def forget_act(self) -> None:
        """The act is over, and the rest of this update is handled as if it had not stood."""
        await self.end_act()
        self.speaker = replace(self.speaker, conversation=None)

    async def end_all(self) -> None:
        """The act is over, and whatever was parked behind it."""
        self.left_form = self._parked = None
        if self.conversation is not None:
            await self.fund.accounts.end(self.user_id)

    async def end_act_of_button(self) -> None:
        """End the act that the pressed button belongs to; another one begun since goes on."""
        if self.conversation is not None and self.conversation.facts.get("request_id") == self.pressed.request_id:
            await self.end_act()

    async def reply(
        self,
        text: Markup,
        keyboard: Keyboard = None,
        *,
        protect: bool = False,
        fresh: bool = False,
    ) -> int | None:
        """Answer the speaker: a pressed button's message changes in place, anything else gets a new message (its id).

        `protect` forbids forwarding and saving and is always a new message, as is `fresh`.
        """
        if self._may_edit(keyboard) and not protect and not fresh:
            edited = await self._edit(text, keyboard)
            if edited:
                return None
        *firsts, last = split_message(text)
        for part in firsts:
            await self.bot.say(self.user_id, part, protect=protect)
        return await self.bot.say(self.user_id, last, keyboard, protect=protect)

    def _may_edit(self, keyboard: Keyboard) -> bool:
        return (
            self._update.callback_query is not None
            and not self._answered_in_place
            and not isinstance(keyboard, ReplyKeyboardMarkup | ReplyKeyboardRemove)
        )

    async def _edit(self, text: Markup, keyboard: Keyboard) -> bool:
        query = self._update.callback_query
        if (
            query is None
            or isinstance(keyboard, ReplyKeyboardMarkup | ReplyKeyboardRemove)
            or len(split_message(text)) > 1
        ):
            return False
        self._answered_in_place = True
        try:
            await query.edit_message_text(str(text), parse_mode=ParseMode.HTML, reply_markup=keyboard)
        except BadRequest as error:
            return "not modified" in error.message  # otherwise too old or gone: say it in a new message
        return True

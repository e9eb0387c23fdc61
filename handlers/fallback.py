"""Words and buttons that nobody claimed; always last."""

from __future__ import annotations

from contextlib import suppress

from telegram import Update
from telegram.error import TelegramError

from carefund_bot.access import Permission
from carefund_bot.domain.cases import Said
from carefund_bot.domain.people import has_private_number
from carefund_bot.texts import everyone as texts
from carefund_bot.texts.cases import cannot_read, voice_heard
from carefund_bot.texts.newcomers import still_waits
from carefund_bot.texts.wishes import courtesy
from carefund_bot.texts.words import language_of, words_in
from carefund_bot.understanding.courtesies import Courtesy
from handlers import listening
from handlers.context import FundContext
from handlers.everyone import ask_question
from handlers.everyone.home import welcome_stranger
from handlers.everyone.raise_alarm import raise_alarm


async def answer_anything(update: Update, context: FundContext) -> None:
    """A photo goes to a person, a voice hears how to reach one, what cannot be read is said to be so.

    A household's any word shows its payout; others hear what can be done.
    """
    message = update.effective_message
    if message is not None and (message.voice or message.audio or message.video or message.video_note):
        await context.reply(voice_heard(context.words, context.office_phone), context.keys())
    elif message is not None and message.photo:
        await ask_question.take_photo(update, context)
    elif message is not None and (message.document or message.contact or message.location or message.poll):
        await context.reply(cannot_read(context.words, context.office_phone), context.keys())
    elif context.actor.is_stranger:
        await welcome_stranger(update, context)
    elif context.actor.is_newcomer and not has_first_answer(context):
        await context.reply(still_waits(context.words, context.office_phone), context.keys())
    elif message is not None and (message.sticker or message.dice):
        await context.reply(courtesy(context.words, Courtesy.OTHER), context.keys())
    elif has_first_answer(context) and context.conversation is None:
        await context.show_first_answer(update)
    else:
        await context.reply(texts.not_understood(context.words, context.office_phone), context.keys())


def has_first_answer(context: FundContext) -> bool:
    """Whether there is something this person most likely came for."""
    return context.actor.may(Permission.SEE_OWN_AID) or context.actor.may(Permission.SEE_AID_AS_PROXY)


async def answer_edited(update: Update, context: FundContext) -> None:
    """What was answered stays answered: a changed message is not done again, and its writer should know."""
    if has_private_number(context.said):
        await warn_of_private_number(update, context)
    elif await listening.hears_distress(context):
        await raise_alarm(context, Said(context.said))
    else:
        await context.reply(texts.edited_unread(context.words))


async def warn_of_private_number(update: Update, context: FundContext) -> None:
    """An identity or card number: not answered, not kept; deleting it is tried (R10)."""
    message = update.effective_message
    if message is not None:
        with suppress(TelegramError):
            await message.delete()
    await context.reply(texts.private_number_seen(context.words))


async def point_to_private_chat(update: Update, context: FundContext) -> None:
    """In a group: one line, nothing personal (R9). Nobody is met or written down there, nor told that it failed."""
    message, user = update.effective_message, update.effective_user
    if message is None:
        return
    words = words_in(language_of(user.language_code if user else None))
    with suppress(TelegramError):
        await message.reply_html(str(texts.only_in_private(words, context.bot.username)))

"""The edge: whoever speaks is met, a refusal is worded, a malfunction is noted without anybody's data."""

from __future__ import annotations

import logging

from telegram import Update
from telegram.error import Forbidden

from carefund_bot.errors import Refused
from carefund_bot.services.in_hand import note_failure
from carefund_bot.texts import refusals as texts
from carefund_bot.transport.malfunctions import place_of
from handlers.context import FundContext
from handlers.feature import Step

log = logging.getLogger(__name__)


def answering(step: Step) -> Step:
    """The step with its edges: meet the speaker first, and say what a refusal means.

    Anything else that goes wrong is noted on the update in hand: it is tried again, and set aside if that is no use.
    """

    async def answer(update: Update, context: FundContext) -> None:
        try:
            await context.meet(update)
            try:
                await step(update, context)
            except Refused as refusal:
                await context.reply(texts.refusal(context.words, refusal), fresh=True)
        except Forbidden:
            await context.fund.accounts.note_reachability(context.user_id, "blocked")
        except Exception as error:  # noqa: BLE001 - one person's trouble must not end the bot
            log.error("update %d: %s", update.update_id, place_of(error))  # noqa: TRY400 - the message may quote people
            note_failure(error)

    return answer


async def log_stray_error(update: object, context: FundContext) -> None:
    """What goes wrong outside of a step."""
    where = f"update {update.update_id}" if isinstance(update, Update) else "outside of any update"
    log.error("%s: %s", where, place_of(context.error))
    if context.error is not None:
        note_failure(context.error)

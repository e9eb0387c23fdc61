"""The edge: whoever speaks is met, a refusal is worded, a malfunction is written down without anybody's data."""

from __future__ import annotations

import logging
import traceback
from contextlib import suppress

from telegram import Update
from telegram.error import Forbidden, TelegramError

from carefund_bot.errors import Refused
from carefund_bot.texts import refusals as texts
from handlers.context import FundContext
from handlers.feature import Step

log = logging.getLogger(__name__)


def answering(step: Step) -> Step:
    """The step with its edges: meet the speaker first; say what a refusal means; admit a malfunction and log where."""

    async def answer(update: Update, context: FundContext) -> None:
        await context.meet(update)
        try:
            await step(update, context)
        except Refused as refusal:
            await context.reply(texts.refusal(context.words, refusal), fresh=True)
        except Forbidden:
            await context.fund.accounts.note_reachability(context.user_id, "blocked")
        except Exception as error:  # noqa: BLE001 - one person's trouble must not end the bot
            log_malfunction(f"update {update.update_id}", error)
            with suppress(TelegramError):
                await context.reply(texts.refusal(context.words, error), fresh=True)

    return answer


async def log_stray_error(update: object, context: FundContext) -> None:
    """What goes wrong outside of a step."""
    where = f"update {update.update_id}" if isinstance(update, Update) else "outside of any update"
    log_malfunction(where, context.error)


def log_malfunction(where: str, error: BaseException | None) -> None:
    """Class and place of an error; never its message, which may quote what a person wrote."""
    frames = traceback.extract_tb(error.__traceback__) if error else []
    trail = " < ".join(f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in reversed(frames))
    log.error("%s: %s at %s", where, type(error).__name__, trail or "unknown place")

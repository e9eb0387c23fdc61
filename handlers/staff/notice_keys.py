"""The keys under the card of a notice."""

from __future__ import annotations

from typing import Final

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from carefund_bot.domain.notices import NOT_BEGUN, Step
from carefund_bot.services.notice_steps import Progress
from carefund_bot.texts import notice_runs as texts
from carefund_bot.texts import visiting as visits
from carefund_bot.texts.words import Words
from handlers.feature import button, keyboard

NAME: Final = "notices"
_ASKED_FIRST: Final = (Step.CANCELLED, Step.RECALLED)


def card_keyboard(words: Words, progress: Progress) -> InlineKeyboardMarkup:
    """The steps that may be taken now; each button is good for this moment only."""
    notice_id = str(progress.notice.id)
    has_missed = any(progress.copies.get(state) for state in ("failed", "unreachable", "uncertain"))
    return keyboard(
        [_move_button(words, progress, step) for step in progress.moves],
        [button(texts.time_label(words), NAME, "time", notice_id, progress.request_id)]
        if progress.step is Step.OVERDUE
        else [],
        [button(texts.refresh_label(words), NAME, "card", notice_id)] if not progress.is_at_rest else [],
        [button(texts.missed_label(words), NAME, "missed", notice_id)]
        if has_missed and progress.step not in NOT_BEGUN
        else [],
        [button(visits.label(words), "visits", "show", notice_id)]
        if progress.step not in NOT_BEGUN and not progress.waiting
        else [],
    )


def _move_button(words: Words, progress: Progress, step: Step) -> InlineKeyboardButton:
    verb = "ask" if step in _ASKED_FIRST else "do"
    style = "success" if step is Step.CONFIRMED else "danger" if step in _ASKED_FIRST else None
    argument = f"{progress.notice.id}-{step}"
    return button(texts.move_label(words, step), NAME, verb, argument, progress.request_id, style=style)

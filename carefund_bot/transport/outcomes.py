"""What Telegram's answer to a send means: it went, it never will, nobody knows, or it shall be tried again."""

from __future__ import annotations

from datetime import timedelta

from telegram.error import BadRequest, Forbidden, InvalidToken, RetryAfter

from carefund_bot.services.delivering import Outcome
from carefund_bot.transport.request import NotSent, ServerTrouble


def meaning_of(error: Exception) -> Outcome | None:
    """What an error of a send means for the message and its reader; None if it certainly did not go and may yet.

    Whatever is not known is uncertain.
    """
    match error:
        case Forbidden():
            return _unreachable(error.message)
        case BadRequest() if "chat not found" in error.message.lower():
            return Outcome("unreachable", "chat_not_found")
        case BadRequest():
            return Outcome("failed", "bad_request")
        case InvalidToken() | NotSent() | ServerTrouble():
            return None
    return Outcome("uncertain", type(error).__name__)


def _unreachable(message: str) -> Outcome:
    if "blocked" in message:
        return Outcome("unreachable", "blocked", reachability="blocked")
    if "deactivated" in message:
        return Outcome("unreachable", "gone", reachability="gone")
    return Outcome("unreachable", "forbidden")


def why_it_stands(refusal: BadRequest | Forbidden) -> str | None:
    """Why a message cannot be taken back; `None` if it is gone from its chat already, whoever took it away.

    Telegram takes a bot's own message back from a private chat for 48 hours: one that "can't be deleted" is too old.
    """
    words = refusal.message.lower()
    if "message to delete not found" in words:
        return None
    if "can't be deleted" in words:
        return "too_old"
    if "chat not found" in words or "deactivated" in words:
        return "chat_gone"
    return "blocked" if "blocked" in words else "refused"


def seconds_of(flood: RetryAfter) -> float:
    """How long a 429 asks to wait; `carefund_bot.transport` has the library say it as a span of time."""
    wait = flood.retry_after
    assert isinstance(wait, timedelta)
    return wait.total_seconds()

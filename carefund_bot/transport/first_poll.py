"""The first poll, which leaves before the bot itself is loaded: Telegram's answer and our loading overlap.

It confirms nothing (offset 0) and needs neither the fund nor python-telegram-bot, whose modules take longer to load
than all else. Whatever goes wrong here is met again, and dealt with, by the next poll: `Poller`.
"""

from __future__ import annotations

import json
from typing import Any, Final

import aiohttp

from carefund_bot.settings import TelegramSettings

POLL_S: Final = 30
ANSWER_WITHIN_S: Final = POLL_S + 10
ALLOWED_UPDATES: Final = ("message", "edited_message", "callback_query", "my_chat_member")
"""Always sent: an omitted list would keep whatever was set before."""


def question(offset: int) -> dict[str, Any]:
    """What getUpdates is asked: updates from `offset` on, which confirms all before it."""
    return {"offset": offset, "limit": 100, "timeout": POLL_S, "allowed_updates": list(ALLOWED_UPDATES)}


async def poll_first(telegram: TelegramSettings, token: str) -> list[dict[str, Any]] | None:
    """Updates as Telegram wrote them; None if there is no good answer, whatever the reason."""
    url = f"{telegram.api_base_url}/bot{token}/getUpdates"
    patience = aiohttp.ClientTimeout(connect=5, sock_read=ANSWER_WITHIN_S)
    try:
        async with (
            aiohttp.ClientSession(proxy=telegram.proxy_address, timeout=patience) as session,
            session.post(url, json=question(0), allow_redirects=False) as answer,
        ):
            batch: list[dict[str, Any]] = json.loads((await answer.read()).decode("utf-8", "replace"))["result"]
            return batch
    except (aiohttp.ClientError, OSError, ValueError, LookupError, TypeError):
        return None  # the poll that follows says what is wrong

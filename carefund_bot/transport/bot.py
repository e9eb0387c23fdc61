"""The Bot API client of the fund."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from telegram.ext import ExtBot


class FundBot(ExtBot[str]):
    """PTB's bot, which can also fetch updates as Telegram wrote them: the inbox keeps them word for word."""

    async def fetch_updates(
        self, offset: int, allowed_updates: Sequence[str], *, wait_s: int, answer_within_s: int
    ) -> list[dict[str, Any]]:
        """Long-poll for `wait_s` seconds; updates from `offset` on, which confirms all before it."""
        batch: list[dict[str, Any]] = await self._post(
            "getUpdates",
            {"offset": offset, "limit": 100, "timeout": wait_s, "allowed_updates": list(allowed_updates)},
            read_timeout=answer_within_s,
        )
        return batch

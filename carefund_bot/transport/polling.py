"""Long polling: fetch, write down, confirm, hand on; stop at once when asked."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from carefund_bot.errors import StartRefused
from carefund_bot.transport.bot import FundBot
from carefund_bot.transport.malfunctions import place_of
from carefund_bot.transport.outcomes import seconds_of

log = logging.getLogger(__name__)

Batch = Sequence[dict[str, Any]]

_DISK_PAUSE_S: Final = 1.0
_LONGEST_PAUSE_S: Final = 30
_CONFLICTS: Final = 3
"""Two conflicts may be the last breath of a poll we ended; three are another bot."""
_WEBHOOK_STANDS: Final = "webhook is active"
"""What Telegram says to a poll while it still calls the address of an earlier arrangement."""


class Poller:
    """Fetches updates and hands each batch to `take`; confirms it only after `take` has returned.

    `first` is a poll that is under way already; its batch, if it brings one, is dealt with like any other.
    """

    def __init__(
        self,
        bot: FundBot,
        take: Callable[[Batch], Awaitable[None]],
        first: Awaitable[Batch | None] | None = None,
    ) -> None:
        self._bot = bot
        self._take = take
        self._first = first
        self.last_heard: float | None = None
        """`time.monotonic()` of the last poll that Telegram answered."""
        self._took_webhook_down = False

    async def run(self) -> None:
        """Poll until cancelled. `StartRefused` if another bot polls with the same token, or Telegram refuses it."""
        offset, pause, conflicts = 0, 1.0, 0
        while True:
            try:
                batch = await self._fetch(offset)
            except InvalidToken:
                raise StartRefused("Telegram does not know this token: check telegram.token_file.") from None
            except Conflict:
                conflicts += 1
                if conflicts >= _CONFLICTS:
                    raise StartRefused(
                        "Another bot is polling with this token: stop it, or give this one its own token."
                    ) from None
                await asyncio.sleep(pause)
            except RetryAfter as error:
                await asyncio.sleep(seconds_of(error))
            except TelegramError as error:
                log.warning("polling: %s, trying again in %.0f s", type(error).__name__, pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE_S)
            else:
                self.last_heard, pause, conflicts = time.monotonic(), 1.0, 0
                if batch and await self._is_safe(batch):
                    offset = batch[-1]["update_id"] + 1

    async def _fetch(self, offset: int) -> Batch:
        """One poll. A webhook that stands in its way is taken down, once: one that comes back is another bot's."""
        try:
            return await self._poll(offset)
        except Conflict as error:
            if self._took_webhook_down or _WEBHOOK_STANDS not in error.message:
                raise
        await self._bot.delete_webhook()
        self._took_webhook_down = True
        log.warning("polling: a webhook was still set for this token, it is taken down")
        return await self._poll(offset)

    async def _poll(self, offset: int) -> Batch:
        first, self._first = self._first, None
        batch = None if first is None else await first
        return await self._bot.fetch_updates(offset) if batch is None else batch

    async def _is_safe(self, batch: Batch) -> bool:
        """Hand a batch on; what could not be written down is not confirmed and will be fetched again."""
        try:
            await self._take(batch)
        except Exception as error:  # noqa: BLE001 - a full disk must not end the polling: it may be emptied
            log.error("polling: %s", place_of(error))  # noqa: TRY400 - a message may quote people
            await asyncio.sleep(_DISK_PAUSE_S)
            return False
        return True

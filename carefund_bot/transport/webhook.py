"""The other way updates come: Telegram calls us. The web server takes them; this keeps the arrangement alive."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from typing import Final

from telegram.error import RetryAfter, TelegramError

from carefund_bot.transport.bot import FundBot
from carefund_bot.transport.outcomes import seconds_of

log = logging.getLogger(__name__)

_LOOK_EVERY_S: Final = 60
_FIRST_PAUSE_S: Final = 1.0


class Webhook:
    """Tells Telegram where to call, then asks every minute whether that still stands."""

    def __init__(self, bot: FundBot, url: str, secret: str, allowed_updates: Sequence[str]) -> None:
        self._bot = bot
        self._url = url
        self._secret = secret
        self._allowed_updates = list(allowed_updates)
        self.last_heard: float | None = None
        """`time.monotonic()` of the last time Telegram confirmed the webhook."""

    async def run(self) -> None:
        """Keep the webhook set until cancelled. As long as Telegram does not answer, updates may not come: ask soon."""
        trouble_pause_s = _FIRST_PAUSE_S
        while True:
            pause_s: float = _LOOK_EVERY_S
            try:
                info = await self._bot.get_webhook_info()
                if info.url != self._url or self.last_heard is None:
                    await self._bot.set_webhook(
                        self._url, secret_token=self._secret, allowed_updates=self._allowed_updates
                    )
                self.last_heard = time.monotonic()
            except RetryAfter as error:
                pause_s = seconds_of(error)
            except TelegramError as error:
                pause_s = trouble_pause_s
                log.warning("setting the webhook: %s, trying again in %.0f s", type(error).__name__, pause_s)
                trouble_pause_s = min(trouble_pause_s * 2, _LOOK_EVERY_S)
            else:
                trouble_pause_s = _FIRST_PAUSE_S
            await asyncio.sleep(pause_s)

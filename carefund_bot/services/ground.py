"""What every service stands on."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass, field
from datetime import date

from carefund_bot.clock import Clock, shanghai_day
from carefund_bot.sealing import Sealer
from carefund_bot.services.bell import Bell
from carefund_bot.settings import Settings
from carefund_bot.store.database import Database


@dataclass(frozen=True, slots=True)
class Ground:
    """The open database, the seal, the time and the settings: one for all services."""

    db: Database
    sealer: Sealer
    clock: Clock
    settings: Settings
    bell: Bell = field(default_factory=Bell)
    """Rung when a message is queued."""

    def now(self) -> int:
        """Whole Unix seconds."""
        return int(self.clock())

    def today(self) -> date:
        """The day in Suzhou."""
        return shanghai_day(self.clock())


def new_request_id() -> str:
    """A one-use id: 12 characters, safe in callback data."""
    return secrets.token_urlsafe(9)


def request_id_of(sealer: Sealer, moment: str) -> str:
    """The one-use id of a moment: nobody can guess it, and the same moment has the same."""
    return base64.urlsafe_b64encode(sealer.fingerprint("request", moment)[:9]).decode("ascii")

"""What a colleague is called, as everybody else on the staff may read it."""

from __future__ import annotations

import sqlite3
from typing import Final

from carefund_bot.domain.people import mask_name
from carefund_bot.services.ground import Ground
from carefund_bot.store import staffing

STAFF_PLACE: Final = "staff"


def masked_colleague(ground: Ground, db: sqlite3.Connection, staff_id: int) -> str:
    """张*, whatever became of the rights."""
    return mask_name(ground.sealer.open(STAFF_PLACE, staffing.sealed_name(db, staff_id))["name"])

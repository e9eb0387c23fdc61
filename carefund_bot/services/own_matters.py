"""What is the own matter of somebody on the staff: a colleague looks after it (R42)."""

from __future__ import annotations

import sqlite3

from carefund_bot.access import Actor
from carefund_bot.store import proxies


def is_own_household(db: sqlite3.Connection, actor: Actor, beneficiary_id: int) -> bool:
    """Whether a household or student is the speaker's own, or one that the speaker's chat stands for."""
    if beneficiary_id in actor.beneficiary_ids:
        return True
    mandates = (proxies.find(db, change_id) for change_id in actor.proxy_ids)
    return any(mandate is not None and mandate.beneficiary_id == beneficiary_id for mandate in mandates)

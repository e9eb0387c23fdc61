"""Telling a person of a fact: queued in the fact's own transaction, worded and sent later."""

from __future__ import annotations

import sqlite3

from carefund_bot.services.ground import Ground
from carefund_bot.store import outbox, people

OUTBOX_PLACE = "outbox"


def tell_account(
    ground: Ground, db: sqlite3.Connection, reference: str, user_id: int, kind: str, **facts: str | int | None
) -> None:
    """Queue a message of a kind that `texts/deliveries.py` words; `reference` makes it this message and no other."""
    outbox.queue(db, reference, user_id, kind, ground.sealer.seal(OUTBOX_PLACE, facts), ground.now())
    ground.bell.ring()


def tell(
    ground: Ground,
    db: sqlite3.Connection,
    reference: str,
    subject: str,
    subject_id: int,
    kind: str,
    **facts: str | int | None,
) -> bool:
    """Queue a message to whoever is bound to a member, beneficiary or staff; false if nobody is, or a chat that waits.

    If that chat lets go before the message has left, it does not go.
    """
    user_id = people.account_of(db, subject, subject_id)
    if user_id is None:
        return False
    sealed = ground.sealer.seal(OUTBOX_PLACE, facts)
    outbox.queue(db, reference, user_id, kind, sealed, ground.now(), about=(subject, subject_id))
    ground.bell.ring()
    return True

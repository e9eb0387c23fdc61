"""Approved accounts against the roll: whom it still carries with the account from before the change (E5).

Only the new account's last four digits are known here; the whole number is the roll's. So nothing is put in its place:
such a household is named at the next import, and no batch pays into the old account meanwhile.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from carefund_bot.services.changing import PLACE
from carefund_bot.services.ground import Ground
from carefund_bot.store import changes


@dataclass(frozen=True, slots=True)
class Behind:
    """A household or student whose account on the roll is the old one; `tail`: the approved account's last four."""

    beneficiary_id: int
    kind: str
    number: str
    fund: str
    area: str
    tail: str


def behind_roll(ground: Ground, db: sqlite3.Connection, import_id: int | None = None) -> list[Behind]:
    """As the roll is today, or as it would be with a staged import."""
    found = []
    for change in changes.approved_accounts(db):
        now = changes.account_on_roll(db, change.beneficiary_id, import_id)
        before = changes.account_at(db, change.beneficiary_id, change.at)
        if now is None or before is None or now.card_print != before.card_print:
            continue
        tail = str(ground.sealer.open(PLACE, change.sealed)["detail"])
        if str(ground.sealer.open("beneficiary", now.sealed)["card"])[-4:] != tail:
            found.append(Behind(change.beneficiary_id, now.kind, now.number, now.fund, now.area, tail))
    return found

"""Batches written straight into the store, as far along as a story needs them."""

from __future__ import annotations

import sqlite3

from carefund_bot.domain.payouts import PURPOSES
from carefund_bot.fund import Fund
from carefund_bot.services.ground import new_request_id


async def write_batch(
    fund: Fund,
    beneficiary_id: int,
    *states: str,
    year: int = 2012,
    days: tuple[str, ...] = (),
    expected_on: str = "2012-06-25",
    yuan: int = 1280,
    programme: str = "household",
    fund_code: str = "city",
    card: str = "6299991086048017414",
) -> int:
    """A batch of one line and its events (planned, approved, ...), one a day from 5 June; gives the line's id."""
    on_days = days or tuple(f"{year}-06-{5 + place:02}" for place in range(len(states)))
    sealed = fund.ground.sealer.seal("payment_line", {"name": "某人", "bank": "太湖示例银行", "card": card})

    def write(db: sqlite3.Connection) -> int:
        (batch_id,) = db.execute(
            """
            INSERT INTO batch (request_id, fund, programme, cycle_year, purpose, expected_on, created_at)
            VALUES (?,?,?,?,?,?,0) RETURNING id
            """,
            (new_request_id(), fund_code, programme, year, PURPOSES[programme], expected_on),
        ).fetchone()
        (line_id,) = db.execute(
            """
            INSERT INTO payment_line (batch_id, beneficiary_id, cycle_year, purpose, amount_fen, sealed)
            VALUES (?,?,?,?,?,?) RETURNING id
            """,
            (batch_id, beneficiary_id, year, PURPOSES[programme], yuan * 100, sealed),
        ).fetchone()
        for state, day in zip(states, on_days, strict=True):
            _add_batch_event(db, batch_id, state, day)
        return int(line_id)

    return await fund.ground.db.write(write)


def _add_batch_event(db: sqlite3.Connection, batch_id: int, state: str, day: str) -> None:
    staff_id = _somebody(db) if state != "voided" else None
    db.execute(
        "INSERT INTO batch_event (request_id, batch_id, state, staff_id, on_day, at) VALUES (?,?,?,?,?,0)",
        (new_request_id(), batch_id, state, staff_id, day),
    )


def _somebody(db: sqlite3.Connection) -> int:
    (staff_id,) = db.execute("INSERT INTO staff (sealed, created_at) VALUES (x'00', 0) RETURNING id").fetchone()
    return int(staff_id)


async def add_line_event(fund: Fund, line_id: int, state: str, day: str, reason: str | None = None) -> None:
    """What happened to one line; a correction gets an account that ends in 9999."""
    sealed = fund.ground.sealer.seal("payment_event", {"card": "6299990000009999"}) if state == "corrected" else None
    await fund.ground.db.write(
        lambda db: db.execute(
            """
            INSERT INTO payment_event (request_id, line_id, state, reason, staff_id, on_day, at, sealed)
            VALUES (?,?,?,?,?,?,0,?)
            """,
            (new_request_id(), line_id, state, reason, _somebody(db), day, sealed),
        )
    )


async def leave_roll(fund: Fund, beneficiary_id: int) -> None:
    """A later import in which this household is missing."""

    def write(db: sqlite3.Connection) -> None:
        (import_id,) = db.execute(
            """
            INSERT INTO roll_import (kind, state, file_name, file_digest, based_on, started_at, applied_at)
            VALUES ('households', 'applied', 'next', x'01', 1, :now, :now) RETURNING id
            """,
            {"now": fund.ground.now()},
        ).fetchone()
        db.execute(
            """
            INSERT INTO beneficiary_version
            SELECT beneficiary_id, ?, 'left', fund, area, town, community, source, determined_on,
                   identity_print, card_print, content_print, sealed
              FROM beneficiary_version WHERE beneficiary_id = ? ORDER BY import_id DESC LIMIT 1
            """,
            (import_id, beneficiary_id),
        )

    await fund.ground.db.write(write)

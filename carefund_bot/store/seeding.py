"""Rows of an invented fund, written in bulk through the real tables: one sentence a table, one row a tuple."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

Rows = Iterable[tuple[object, ...]]

INSERTS = {
    "roll_import": """
        INSERT INTO roll_import
               (id, kind, state, file_name, file_digest, based_on, counts, started_at, applied_at)
        VALUES (?, ?, 'applied', ?, ?, ?, ?, ?, ?)
        """,
    "party_branch": "INSERT INTO party_branch (id, fund, area, committee, name) VALUES (?, ?, ?, ?, ?)",
    "member": "INSERT INTO member (id, number) VALUES (?, ?)",
    "member_version": """
        INSERT INTO member_version (member_id, import_id, standing, fund, branch_id, content_print, sealed)
        VALUES (?, ?, 'on_roll', ?, ?, ?, ?)
        """,
    "beneficiary": "INSERT INTO beneficiary (id, kind, number) VALUES (?, ?, ?)",
    "beneficiary_version": """
        INSERT INTO beneficiary_version
               (beneficiary_id, import_id, standing, fund, area, town, community, source, determined_on,
                identity_print, card_print, content_print, sealed)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
    "remittance": "INSERT INTO remittance (id, request_id, fund, recorded_at) VALUES (?, ?, ?, ?)",
    "contribution": """
        INSERT INTO contribution
               (reference, remittance_id, fund, campaign_year, donor_kind, member_id, amount_fen, channel,
                received_on, remitted_on, recorded_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
    "principal_entry": """
        INSERT INTO principal_entry (request_id, fund, source, amount_fen, booked_on) VALUES (?, ?, ?, ?, ?)
        """,
    "staff": "INSERT INTO staff (id, sealed, created_at) VALUES (?, ?, ?)",
    "batch": """
        INSERT INTO batch (id, request_id, fund, programme, cycle_year, purpose, expected_on, created_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """,
    "batch_event": """
        INSERT INTO batch_event (request_id, batch_id, state, staff_id, on_day, at) VALUES (?, ?, ?, ?, ?, ?)
        """,
    "payment_line": """
        INSERT INTO payment_line (batch_id, beneficiary_id, cycle_year, purpose, amount_fen, sealed)
        VALUES (?, ?, ?, ?, ?, ?)
        """,
}


def insert(db: sqlite3.Connection, table: str, rows: Rows) -> None:
    """Write all rows of a table in one transaction, taking them one by one."""
    db.execute("BEGIN IMMEDIATE")
    try:
        db.executemany(INSERTS[table], rows)
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


def set_meta(db: sqlite3.Connection, key: str, value: bytes) -> None:
    db.execute("INSERT INTO meta (key, value) VALUES (?, ?)", (key, value))


def hurry(db: sqlite3.Connection) -> None:
    """For a file that nobody uses yet, and that is thrown away if anything fails: no waiting for the disk."""
    db.executescript("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536;")


def settle(db: sqlite3.Connection) -> None:
    """Gather statistics for the query planner, and be careful again."""
    db.executescript("PRAGMA analysis_limit = 1000; ANALYZE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;")

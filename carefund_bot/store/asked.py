"""How often something was asked and how it ended, by day; and the desk's week in figures."""

from __future__ import annotations

import sqlite3
from datetime import date


def count_asked(db: sqlite3.Connection, on_day: date, intent: str, outcome: str) -> None:
    db.execute(
        """
        INSERT INTO asked VALUES (?,?,?,1)
        ON CONFLICT (on_day, intent, outcome) DO UPDATE SET times = times + 1
        """,
        (on_day.isoformat(), intent, outcome),
    )


def asked_since(db: sqlite3.Connection, day: date) -> list[tuple[str, str, int]]:
    """Intent, outcome and how often, from a day on."""
    rows: list[tuple[str, str, int]] = db.execute(
        "SELECT intent, outcome, sum(times) FROM asked WHERE on_day >= ? GROUP BY intent, outcome", (day.isoformat(),)
    ).fetchall()
    return rows


def cases_opened(db: sqlite3.Connection, since: int) -> list[tuple[str, str | None, str, int]]:
    """Fund, area, kind and how many were brought since an instant."""
    rows: list[tuple[str, str | None, str, int]] = db.execute(
        "SELECT fund, area, kind, count(*) FROM desk_case WHERE opened_at >= ? GROUP BY fund, area, kind", (since,)
    ).fetchall()
    return rows


def cases_answered(db: sqlite3.Connection, since: int) -> list[tuple[str, str | None, int]]:
    """Fund, area and how many cases got an answer since an instant."""
    rows: list[tuple[str, str | None, int]] = db.execute(
        """
        SELECT fund, area, count(DISTINCT case_id)
          FROM case_event
          JOIN desk_case ON desk_case.id = case_id
         WHERE at >= ? AND case_event.kind = 'answered'
         GROUP BY fund, area
        """,
        (since,),
    ).fetchall()
    return rows


def cases_waiting(db: sqlite3.Connection) -> list[tuple[str, str | None, int]]:
    """Fund, area and how many cases wait for the desk now."""
    rows: list[tuple[str, str | None, int]] = db.execute(
        """
        SELECT fund, area, count(*)
          FROM case_now
          JOIN desk_case ON desk_case.id = case_id
         WHERE state IN ('waiting', 'in_hand')
         GROUP BY fund, area
        """
    ).fetchall()
    return rows

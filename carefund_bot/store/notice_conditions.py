"""Conditions of an audience as SQL: true of a person at the instant `:as_of`, of everybody if `:condition` is NULL."""

from __future__ import annotations

_OPEN_PLEDGE = """EXISTS (
    SELECT 1
      FROM pledge
     WHERE pledge.member_id = {member} AND pledge.made_at <= :as_of AND {unclosed_pledge}
       AND (pledge.times IS NULL
            OR (SELECT sum(later.total_fen)
                  FROM pledge AS later
                 WHERE later.member_id = pledge.member_id AND later.fund = pledge.fund AND {unclosed_later}
                   AND later.made_at BETWEEN pledge.made_at AND :as_of)
             > (SELECT coalesce(sum(contribution.amount_fen), 0)
                  FROM contribution
                 WHERE contribution.member_id = pledge.member_id AND contribution.fund = pledge.fund
                   AND contribution.recorded_at <= :as_of
                   AND (contribution.received_on, contribution.recorded_at)
                       >= (date(pledge.made_at, 'unixepoch', '+8 hours'), pledge.made_at)
                   AND NOT EXISTS (SELECT 1 FROM contribution_reversal AS reversal
                                    WHERE reversal.contribution_id = contribution.id AND reversal.at <= :as_of))))"""
"""A pledge without end is open until it is closed; one of a number of times while it, with those made after it, comes
to more than what was given since. Money given before a promise never counts towards it.

Never true of somebody who has kept every promise. Of a member who had another promise beside it and gave that one up,
it may be false too soon: what that one had taken is counted once more.
"""

_UNCLOSED = """NOT EXISTS (
           SELECT 1 FROM pledge_event AS closing
            WHERE closing.pledge_id = {pledge}.id AND closing.kind IN ('ended', 'released', 'replaced')
              AND closing.at <= :as_of)"""

_BATCH_STATE = """(
        SELECT state FROM batch_event
         WHERE batch_event.batch_id = line.batch_id AND batch_event.at <= :as_of
         ORDER BY batch_event.id DESC LIMIT 1)"""

_LINE_STATE = """(
        SELECT state FROM payment_event
         WHERE payment_event.line_id = line.id AND payment_event.at <= :as_of
         ORDER BY payment_event.id DESC LIMIT 1)"""

_PAYOUT_STAGE = """coalesce((
    SELECT CASE coalesce({line_state}, {batch_state})
           WHEN 'planned' THEN 'payout_planned' WHEN 'approved' THEN 'payout_planned'
           WHEN 'instructed' THEN 'payout_at_bank' WHEN 're_instructed' THEN 'payout_at_bank'
           WHEN 'returned' THEN 'payout_returned' WHEN 'corrected' THEN 'payout_returned'
           WHEN 'paid' THEN 'payout_paid' ELSE '' END -- taken back: none of these
      FROM payment_line AS line
     WHERE line.beneficiary_id = {beneficiary}
       AND line.cycle_year = CAST(strftime('%Y', :as_of, 'unixepoch', '+8 hours') AS INTEGER)
       AND coalesce({batch_state}, 'voided') <> 'voided' AND {line_state} IS NOT 'cancelled'
     ORDER BY line.id DESC LIMIT 1), 'payout_none')"""
"""Of the newest line of the year that is not out of the payout again."""


def member_meets(member: str) -> str:
    """For a query that has a member's id in this column."""
    open_pledge = _OPEN_PLEDGE.format(
        member=member,
        unclosed_pledge=_UNCLOSED.format(pledge="pledge"),
        unclosed_later=_UNCLOSED.format(pledge="later"),
    )
    return f"(:condition IS NULL OR (:condition = 'pledge_open' AND {open_pledge}))"


def beneficiary_meets(beneficiary: str) -> str:
    """For a query that has a household's or student's id in this column."""
    stage = _PAYOUT_STAGE.format(beneficiary=beneficiary, batch_state=_BATCH_STATE, line_state=_LINE_STATE)
    return f"(:condition IS NULL OR (:condition <> 'pledge_open' AND :condition = {stage}))"

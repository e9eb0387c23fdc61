"""What people can want, and from which side of the fund they ask."""

from __future__ import annotations

from enum import StrEnum


class Intent(StrEnum):
    PLEDGE_NEW = "pledge_new"
    PLEDGE_CHANGE = "pledge_change"
    PLEDGE_CANCEL = "pledge_cancel"
    PLEDGE_STATUS = "pledge_status"
    CONTRIBUTION_HISTORY = "contribution_history"
    CONTRIBUTION_TOTAL = "contribution_total"
    RECEIPT_REQUEST = "receipt_request"
    PAYMENT_HOW = "payment_how"
    PAYMENT_PROBLEM = "payment_problem"
    PAYOUT_STATUS = "payout_status"
    PAYOUT_DATE = "payout_date"
    PAYOUT_AMOUNT = "payout_amount"
    PAYOUT_MISSING = "payout_missing"
    ELIGIBILITY = "eligibility"
    BIND_ACCOUNT = "bind_account"
    UPDATE_DETAILS = "update_details"
    FUND_INFO = "fund_info"
    NOTICE_LATEST = "notice_latest"
    LANGUAGE_SWITCH = "language_switch"
    PRIVACY_DATA = "privacy_data"
    TALK_TO_STAFF = "talk_to_staff"
    GREETING_THANKS = "greeting_thanks"
    HELP_USAGE = "help_usage"
    FRAUD_REPORT = "fraud_report"
    URGENT_DISTRESS = "urgent_distress"
    OUT_OF_SCOPE = "out_of_scope"


class Asker(StrEnum):
    """Who writes, as far as the chat is linked; a stranger is linked to nobody."""

    MEMBER = "member"
    HOUSEHOLD = "household"
    STUDENT = "student"
    STRANGER = "stranger"


GIVING = frozenset(
    {
        Intent.PLEDGE_NEW,
        Intent.PLEDGE_CHANGE,
        Intent.PLEDGE_CANCEL,
        Intent.PLEDGE_STATUS,
        Intent.CONTRIBUTION_HISTORY,
        Intent.CONTRIBUTION_TOTAL,
        Intent.RECEIPT_REQUEST,
        Intent.PAYMENT_HOW,
        Intent.PAYMENT_PROBLEM,
    }
)
RECEIVING = frozenset(
    {Intent.PAYOUT_STATUS, Intent.PAYOUT_DATE, Intent.PAYOUT_AMOUNT, Intent.PAYOUT_MISSING, Intent.ELIGIBILITY}
)
OTHER_SIDE = {
    Asker.MEMBER: RECEIVING,
    Asker.HOUSEHOLD: GIVING,
    Asker.STUDENT: GIVING,
    Asker.STRANGER: frozenset[Intent](),
}
OPEN_TO_BOTH = frozenset({Intent.PLEDGE_NEW, Intent.ELIGIBILITY})
"""A household may want to give, and a member may fall into need: these stay likelier than the rest."""

"""What a reading may lead to. Apart from `tiers`, so that who only names a verdict need not load the model's tools."""

from __future__ import annotations

from enum import StrEnum


class Tier(StrEnum):
    """ACT opens the answer or the prefilled form, ASK shows the likeliest as buttons, PERSON offers the desk."""

    ACT = "act"
    ASK = "ask"
    PERSON = "person"


class Flag(StrEnum):
    """Raised beside the normal answer at a low likelihood, for a false alarm costs little."""

    URGENT_DISTRESS = "urgent_distress"
    FRAUD_REPORT = "fraud_report"

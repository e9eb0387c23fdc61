"""The guard at the door: everything that staff write to people is looked at here before it goes (R52)."""

from __future__ import annotations

from carefund_bot.domain.funds import FUNDS
from carefund_bot.domain.outgoing import Fault, faults_in
from carefund_bot.settings import Settings


def faults_of(settings: Settings, *texts: str | None) -> tuple[Fault, ...]:
    """What must not stand in the texts (Telegram's HTML); our own offices' phones are let through."""
    own_phones = {settings.fund(fund.code).office_phone for fund in FUNDS}
    return tuple(fault for text in texts if text for fault in faults_in(text, own_phones))

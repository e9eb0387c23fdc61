"""What a member gave, and the lawful ways to give: nobody else's money, and no account unless the law lets us (R19)."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from carefund_bot.access import Actor, Permission, require
from carefund_bot.domain.money import ZERO, Money
from carefund_bot.domain.office_hours import OfficeHours
from carefund_bot.domain.pledges import total
from carefund_bot.errors import NotAllowed
from carefund_bot.services.ground import Ground
from carefund_bot.services.pledging import Book, own_member, read_book
from carefund_bot.settings import BankAccountSettings
from carefund_bot.store import rolls
from carefund_bot.store.contributions import Contribution

REFERENCE_WORD = "党员关爱"


@dataclass(frozen=True, slots=True)
class Given:
    """One contribution; `kept_promise` is the part that fills pledges, the rest was given beyond them."""

    contribution: Contribution
    kept_promise: Money


@dataclass(frozen=True, slots=True)
class GivingYear:
    """A campaign year of one member: what counts, every line newest first, the other years, what is still open."""

    year: int
    total: Money
    lines: tuple[Given, ...]
    years: tuple[int, ...]
    due: Money
    left: Money
    live_pledges: int
    office_phone: str


@dataclass(frozen=True, slots=True)
class WaysToPay:
    """`account` is None where no certificate, filing and dates allow to show one today."""

    fund: str
    account: BankAccountSettings | None
    reference: str
    office_phone: str
    office_address: str
    office_hours: OfficeHours


class Giving:
    """Open to members, each for themselves."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    async def year(self, actor: Actor, year: int | None = None) -> GivingYear:
        """One campaign year of the speaker; the running one if none is named."""
        require(actor, Permission.SEE_OWN_GIVING)
        member_id, today = own_member(actor), self._ground.today()

        def read(db: sqlite3.Connection) -> tuple[Book, rolls.MemberOnRoll]:
            return read_book(db, member_id, today), _on_roll(db, member_id)

        book, member = await self._ground.db.read(read)
        phone = self._ground.settings.fund(member.fund).office_phone
        return _year_of(book, year or today.year, today.year, phone)

    async def ways_to_pay(self, actor: Actor) -> WaysToPay:
        """How the speaker's own fund takes gifts today."""
        require(actor, Permission.SEE_OWN_GIVING)

        member = await self._ground.db.read(lambda db: _on_roll(db, own_member(actor)))
        office = self._ground.settings.fund(member.fund)
        return WaysToPay(
            fund=member.fund,
            account=office.bank_account if office.may_appeal(self._ground.today()) else None,
            reference=f"{REFERENCE_WORD} {member.number}",
            office_phone=office.office_phone,
            office_address=office.office_address,
            office_hours=self._ground.settings.desk.office_hours(),
        )


def _on_roll(db: sqlite3.Connection, member_id: int) -> rolls.MemberOnRoll:
    member = rolls.find_member(db, member_id)
    if member is None:
        raise NotAllowed
    return member


def _year_of(book: Book, year: int, this_year: int, office_phone: str) -> GivingYear:
    filled: dict[int, Money] = {}
    for share in book.allocation.shares:
        filled[share.gift.id] = filled.get(share.gift.id, ZERO) + share.amount
    lines = [gift for gift in book.contributions if gift.campaign_year == year]
    live = [state for state in book.pledges if state.is_live]
    return GivingYear(
        year=year,
        total=total(gift.amount for gift in lines if gift.counts),
        lines=tuple(Given(gift, filled.get(gift.id, ZERO)) for gift in lines),
        years=tuple(sorted({gift.campaign_year for gift in book.contributions} | {this_year}, reverse=True)),
        due=total(state.due for state in live),
        left=total(state.left for state in live if state.left is not None),
        live_pledges=len(live),
        office_phone=office_phone,
    )

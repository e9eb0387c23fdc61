"""What the rows of a roll hold once they are checked. Their repr shows nothing: they are full of personal data."""

from dataclasses import dataclass
from datetime import date

from carefund_bot.domain.money import Money


@dataclass(frozen=True, slots=True, repr=False)
class MemberRow:
    """A party member. `row` is the spreadsheet's number; `fund` and `area` are names that domain.funds knows."""

    row: int
    number: str
    name: str
    fund: str
    area: str
    committee: str
    branch: str
    phone: str | None


@dataclass(frozen=True, slots=True, repr=False)
class HouseholdRow:
    """A household, its head and payee, and the account that the aid goes to."""

    row: int
    number: str
    name: str
    identity_number: str
    category: str
    size: int
    fund: str
    area: str
    town: str
    community: str
    bank: str
    card: str
    phone: str | None
    source: str
    determined_on: date
    legacy_identity: bool = False  # the file held the old form of 15 digits: to be looked at


@dataclass(frozen=True, slots=True, repr=False)
class StudentRow:
    """A student in hardship at a university in Suzhou; always of the city fund."""

    row: int
    number: str
    name: str
    identity_number: str
    school: str
    student_no: str
    bank: str
    card: str
    phone: str | None
    determined_on: date
    legacy_identity: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class RemittanceRow:
    """One gift on a branch's list; the same member may stand there with several."""

    row: int
    number: str
    name: str
    fund: str
    committee: str
    branch: str
    amount: Money
    given_on: date
    channel: str


Row = MemberRow | HouseholdRow | StudentRow | RemittanceRow

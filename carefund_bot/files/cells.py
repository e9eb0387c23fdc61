"""One cell at a time: text in, a value or BadCell out. Plain cells take a short way; hints hold allowed words only."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import TypeVar

from carefund_bot.domain.funds import AREAS, FUND_BY_NAME, FUNDS, area_named
from carefund_bot.domain.money import Money, NotMoney, NotMoneyReason, parse_cell_money
from carefund_bot.domain.people import (
    BadIdentity,
    BadIdentityReason,
    BadPhone,
    IdentityNumber,
    check_identity_number,
    clean_cell,
    clean_name,
    luhn_ok,
    normalise_phone,
)
from carefund_bot.domain.spoken import FULL_WIDTH, UnclearNumberError, read_number
from carefund_bot.files.faults import BadCell, Reason
from carefund_bot.files.tables import FORMULA_STARTS

Value = TypeVar("Value")

HOUSEHOLD_CATEGORIES = ("低保户", "低保边缘户", "特困职工", "城市三无", "农村五保")
_SHORT_CATEGORIES = {
    "低保": "低保户",
    "低保家庭": "低保户",
    "低保边缘": "低保边缘户",
    "低保边缘家庭": "低保边缘户",
    "边缘户": "低保边缘户",
    "特困": "特困职工",
    "困难职工": "特困职工",
    "三无": "城市三无",
    "五保": "农村五保",
    "五保户": "农村五保",
}
_FUND_NAMES = "、".join(fund.zh for fund in FUNDS)
_AREA_NAMES = "、".join(area.name_zh for area in AREAS)

_LONGEST_TEXT = 100
_LARGEST_HOUSEHOLD = 50
_PLAIN_NAME = re.compile(r"[\u4e00-\u9fff]{2,20}")
_DAMAGED = re.compile(r"\s*[0-9](?:\.[0-9]*)?[Ee]\+?[0-9]+\s*")
_CARD = re.compile(r"[0-9]{12,19}")
_DATE = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?(?:0?0:00(?::00)?)?")
_COMPACT_DATE = re.compile(r"([12][0-9]{3})([0-9]{2})([0-9]{2})")
_DATE_WITHOUT_YEAR = re.compile(r"[0-9]{1,2}[-/.月][0-9]{1,2}日?")
_SERIAL_DATE = re.compile(r"[2-5][0-9]{4}")
_DAY_ZERO_OF_EXCEL = date(1899, 12, 30)
_FIRST_YEAR, _LAST_YEAR = 1949, 2099

_IDENTITY_REASONS = {
    BadIdentityReason.FORM: Reason.IDENTITY_FORM,
    BadIdentityReason.DATE: Reason.IDENTITY_DATE,
    BadIdentityReason.FUTURE: Reason.IDENTITY_FUTURE,
    BadIdentityReason.CHECKSUM: Reason.IDENTITY_CHECKSUM,
}
_AMOUNT_REASONS = {
    NotMoneyReason.EMPTY: Reason.EMPTY,
    NotMoneyReason.NEGATIVE: Reason.AMOUNT_NEGATIVE,
    NotMoneyReason.ZERO: Reason.AMOUNT_ZERO,
    NotMoneyReason.TOO_FINE: Reason.AMOUNT_TOO_FINE,
    NotMoneyReason.TOO_LARGE: Reason.AMOUNT_TOO_LARGE,
}


class Remembered(dict[str, Value]):
    """Answers of a reader for cells that repeat down a column; stops learning before it could grow without end."""

    _most = 10_000

    def __init__(self, read: Callable[[str], Value]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, cell: str) -> Value:
        value = self._read(cell)
        if len(self) < self._most:
            self[cell] = value
        return value


def read_text(cell: str) -> str:
    return _checked_text(cell, clean_cell(cell))


def read_name(cell: str) -> str:
    if _PLAIN_NAME.fullmatch(cell):
        return cell
    return _checked_text(cell, clean_name(cell))


def read_roll_number(cell: str) -> str:
    """The roll's own number of a person or household, as the office writes it."""
    if cell.isalnum() and cell.isascii() and len(cell) < 20 and not cell[0].isdigit():
        return cell
    _refuse_damaged(cell)
    return read_text(cell)


def read_fund(cell: str) -> str:
    name = read_text(cell)
    if name not in FUND_BY_NAME:
        raise BadCell(Reason.UNKNOWN_FUND, _FUND_NAMES)
    return name


def read_area(cell: str) -> str:
    area = area_named(read_text(cell))
    if not area:
        raise BadCell(Reason.UNKNOWN_AREA, _AREA_NAMES)
    return area.name_zh


def read_category(cell: str) -> str:
    category = read_text(cell)
    if category not in HOUSEHOLD_CATEGORIES:
        raise BadCell(Reason.UNKNOWN_CATEGORY, _SHORT_CATEGORIES.get(category, "、".join(HOUSEHOLD_CATEGORIES)))
    return category


def read_size(cell: str) -> int:
    """People in a household: "3", "三", "3人"."""
    plain = read_text(cell).rstrip("人口")
    try:
        size = read_number(plain)
    except UnclearNumberError:
        raise BadCell(Reason.BAD_SIZE) from None
    if size.denominator != 1 or not 1 <= size <= _LARGEST_HOUSEHOLD:
        raise BadCell(Reason.BAD_SIZE)
    return int(size)


def read_phone(cell: str) -> str | None:
    """Eleven digits, or None where the cell is blank."""
    if len(cell) == 11 and cell.isascii() and cell.isdigit() and "12" < cell[:2] < "20":
        return cell
    if not clean_cell(cell):
        return None
    _refuse_damaged(cell)
    try:
        return normalise_phone(cell)
    except BadPhone:
        raise BadCell(Reason.BAD_PHONE) from None


def read_account(cell: str) -> str:
    """12 to 19 digits. Passbooks and old accounts of small banks carry no check digit, so none is asked for."""
    _refuse_empty(cell)
    _refuse_damaged(cell)
    digits = re.sub(r"[\s-]", "", clean_cell(cell))
    if not _CARD.fullmatch(digits):
        raise BadCell(Reason.BAD_CARD)
    return digits


def read_card(cell: str) -> str:
    """An account whose column says that it is a card: its last digit is a check digit."""
    digits = read_account(cell)
    if len(digits) >= 16 and not luhn_ok(digits):
        raise BadCell(Reason.CARD_CHECKSUM)
    return digits


def read_identity(today: date) -> Callable[[str], IdentityNumber]:
    def read(cell: str) -> IdentityNumber:
        _refuse_empty(cell)
        _refuse_damaged(cell)
        try:
            return check_identity_number(cell, today)
        except BadIdentity as refusal:
            raise BadCell(_IDENTITY_REASONS[refusal.reason]) from None

    return read


def read_date(cell: str) -> date:
    """2012-05-31, 2012/5/31, 2012.5.31, 2012年5月31日, 20120531, or a spreadsheet's own day count 41060."""
    plain = "".join(clean_cell(cell.translate(FULL_WIDTH)).split())
    _refuse_empty(plain)
    if _DATE_WITHOUT_YEAR.fullmatch(plain):
        raise BadCell(Reason.DATE_WITHOUT_YEAR)
    if _SERIAL_DATE.fullmatch(plain):
        return _DAY_ZERO_OF_EXCEL + timedelta(days=int(plain))
    found = _DATE.fullmatch(plain) or _COMPACT_DATE.fullmatch(plain)
    if not found or not _FIRST_YEAR <= int(found[1]) <= _LAST_YEAR:
        raise BadCell(Reason.BAD_DATE)
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        raise BadCell(Reason.BAD_DATE) from None


def read_past_date(today: date) -> Callable[[str], date]:
    def read(cell: str) -> date:
        day = read_date(cell)
        if day > today:
            raise BadCell(Reason.DATE_IN_FUTURE)
        return day

    return read


def read_amount(cell: str) -> Money:
    try:
        return parse_cell_money(cell)
    except NotMoney as refusal:
        if cell.lstrip().startswith(FORMULA_STARTS) and refusal.reason is not NotMoneyReason.NEGATIVE:
            raise BadCell(Reason.FORMULA) from None
        raise BadCell(_AMOUNT_REASONS.get(refusal.reason, Reason.AMOUNT_UNREADABLE)) from None


def read_channel(cell: str) -> str:
    """How a gift was handed in. Giving is voluntary: what was kept back from wages is not taken as a gift."""
    channel = read_text(cell)
    if "代扣" in channel or "工资" in channel:
        raise BadCell(Reason.PAYROLL_DEDUCTION)
    return channel


def _checked_text(cell: str, clean: str) -> str:
    if not clean:
        raise BadCell(Reason.EMPTY)
    if clean.startswith(FORMULA_STARTS) or cell.startswith(("\t", "\r")):
        raise BadCell(Reason.FORMULA)
    if len(clean) > _LONGEST_TEXT:
        raise BadCell(Reason.TOO_LONG)
    return clean


def _refuse_empty(cell: str) -> None:
    if not clean_cell(cell):
        raise BadCell(Reason.EMPTY)


def _refuse_damaged(cell: str) -> None:
    if _DAMAGED.fullmatch(cell):
        raise BadCell(Reason.NUMBER_DAMAGED)

"""What can be wrong with a file, a row or a cell: reasons as data, worded elsewhere, never holding personal numbers."""

from dataclasses import dataclass
from enum import StrEnum


class FileReason(StrEnum):
    """Why a whole file is not taken."""

    EMPTY = "empty"
    NOT_A_TABLE = "not_a_table"
    OLD_EXCEL = "old_excel"  # .xls, or an .xlsx locked with a password: both come in the same wrapping
    DAMAGED = "damaged"
    TOO_BIG = "too_big"
    TOO_MANY_ROWS = "too_many_rows"
    UNREADABLE_ENCODING = "unreadable_encoding"
    BROKEN_QUOTES = "broken_quotes"  # detail: the line
    SEVERAL_SHEETS = "several_sheets"  # detail: the names of the sheets
    UNKNOWN_KIND = "unknown_kind"
    BANK_STATEMENT = "bank_statement"
    MISSING_COLUMNS = "missing_columns"  # detail of this and the next two: the columns, joined by 、
    DUPLICATE_COLUMNS = "duplicate_columns"
    UNKNOWN_COLUMNS = "unknown_columns"


class FileRefused(Exception):  # noqa: N818 - every refusal of the house is named after what happened
    """A file that cannot be read as a roll at all."""

    def __init__(self, reason: FileReason, detail: str = "") -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.detail = detail


class Reason(StrEnum):
    """Why a cell, and with it its row, is not taken. The hint, where there is one, is named beside the reason."""

    EMPTY = "empty"
    FORMULA = "formula"
    TOO_LONG = "too_long"
    EXTRA_CELLS = "extra_cells"
    NUMBER_DAMAGED = "number_damaged"  # a spreadsheet kept a long number as a float and lost its digits
    UNKNOWN_FUND = "unknown_fund"  # the six names
    UNKNOWN_AREA = "unknown_area"  # the known areas
    AREA_NOT_IN_FUND = "area_not_in_fund"  # the area's own fund
    UNKNOWN_CATEGORY = "unknown_category"  # the full word, or all of them
    BAD_SIZE = "bad_size"
    BAD_PHONE = "bad_phone"
    BAD_CARD = "bad_card"
    CARD_CHECKSUM = "card_checksum"
    IDENTITY_FORM = "identity_form"
    IDENTITY_DATE = "identity_date"
    IDENTITY_FUTURE = "identity_future"
    IDENTITY_CHECKSUM = "identity_checksum"
    BAD_DATE = "bad_date"
    DATE_WITHOUT_YEAR = "date_without_year"
    DATE_IN_FUTURE = "date_in_future"
    AMOUNT_UNREADABLE = "amount_unreadable"
    AMOUNT_NEGATIVE = "amount_negative"
    AMOUNT_ZERO = "amount_zero"
    AMOUNT_TOO_FINE = "amount_too_fine"
    AMOUNT_TOO_LARGE = "amount_too_large"
    PAYROLL_DEDUCTION = "payroll_deduction"
    REPEATED_ROW = "repeated_row"  # this and the next three: the number of the first such row
    KEY_TAKEN = "key_taken"
    IDENTITY_TAKEN = "identity_taken"
    CARD_TAKEN = "card_taken"
    # Found by comparing with the roll as it stands.
    NOT_YOUR_FUND = "not_your_fund"  # the row's own fund
    NUMBER_ON_OTHER_ROLL = "number_on_other_roll"
    NUMBER_IN_OTHER_HANDS = "number_in_other_hands"
    IDENTITY_ON_ROLL = "identity_on_roll"  # of this and the next: the other number, masked
    CARD_ON_ROLL = "card_on_roll"


@dataclass(frozen=True, slots=True)
class RowFault:
    """One thing wrong with one row: `row` as the spreadsheet numbers it, `column` in the file's own words."""

    row: int
    column: str
    reason: Reason
    hint: str | None = None


class BadCell(Exception):  # noqa: N818 - as FileRefused
    """What a reader of cells raises; becomes a RowFault where row and column are known."""

    def __init__(self, reason: Reason, hint: str | None = None) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.hint = hint

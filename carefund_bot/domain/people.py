"""Identity numbers, cards, phones and names: checked and masked, and never repeated by a refusal."""

import re
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from carefund_bot.domain.spoken import FULL_WIDTH

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS = "10X98765432"
_IDENTITY_FORM = re.compile(r"[0-9]{17}[0-9X]|[0-9]{15}")
_MOBILE_FORM = re.compile(r"(?:\+?86|0086)?(1[3-9][0-9]{9})")
_HAN_NAME = re.compile(r"[\u3400-\u9fff·\s]+")

_NAME = re.compile(r"[^\W\d_]+(?:[·'’ -][^\W\d_]+)*")
_LONGEST_NAME = 30

_NARROW = {wide: plain for wide, plain in FULL_WIDTH.items() if chr(plain if isinstance(plain, int) else 0).isalnum()}
_UNSEEN = dict.fromkeys([*range(0x200B, 0x2010), *range(0x202A, 0x202F), 0x2060, 0xFEFF, 0xAD])
_CELL = _NARROW | _UNSEEN


def clean_cell(text: str) -> str:
    """Full-width digits and letters made plain, unseen characters dropped, blanks trimmed and each run made one."""
    return " ".join(text.translate(_CELL).split())


def clean_name(text: str) -> str:
    """A cell that holds a name: 张　明, spaced to fill a column, is 张明; Anna Li keeps its parts."""
    name = clean_cell(text)
    return name.replace(" ", "") if _HAN_NAME.fullmatch(name) else name


def is_name(text: str) -> bool:
    """Whether a cleaned text may be somebody's name: two to thirty letters, parted by nothing but · ' - and blanks."""
    return 2 <= len(text) <= _LONGEST_NAME and _NAME.fullmatch(text) is not None


class BadIdentityReason(StrEnum):
    """Why a text is not an identity number."""

    FORM = "form"
    DATE = "date"
    FUTURE = "future"
    CHECKSUM = "checksum"


class BadIdentity(ValueError):  # noqa: N818 - a bad identity number is what the caller names it
    """Carries the reason, never the number."""

    def __init__(self, reason: BadIdentityReason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class BadPhone(ValueError):  # noqa: N818 - as BadIdentity
    """Not a mobile number; carries nothing of the text."""


@dataclass(frozen=True, slots=True)
class IdentityNumber:
    """A checked number in its 18-character form; `legacy` says that it came with 15 digits and wants a second look."""

    number: str = field(repr=False)
    born: date = field(repr=False)
    legacy: bool = field(default=False, compare=False)


def check_identity_number(text: str, today: date) -> IdentityNumber:
    """Form, real birth date up to `today`, checksum; blanks and full-width digits are forgiven. Else BadIdentity."""
    number = clean_cell(text).replace(" ", "").upper()
    if not _IDENTITY_FORM.fullmatch(number):
        raise BadIdentity(BadIdentityReason.FORM)
    legacy = len(number) == 15
    if legacy:
        number = f"{number[:6]}19{number[6:]}"
        number += check_character(number)
    born = _birth_date(number)
    if born > today:
        raise BadIdentity(BadIdentityReason.FUTURE)
    if number[17] != check_character(number):
        raise BadIdentity(BadIdentityReason.CHECKSUM)
    return IdentityNumber(number, born, legacy)


def check_character(number: str) -> str:
    """The 18th character that the first 17 digits call for (GB 11643)."""
    return _CHECK_CHARACTERS[sum(map(int.__mul__, map(int, number[:17]), _WEIGHTS)) % 11]


def _birth_date(number: str) -> date:
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise BadIdentity(BadIdentityReason.DATE) from None


_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)


def luhn_ok(digits: str) -> bool:
    """Whether a card number's last digit fits the others; only digits come in."""
    figures = [int(digit) for digit in reversed(digits)]
    return (sum(figures[::2]) + sum(_DOUBLED[figure] for figure in figures[1::2])) % 10 == 0


def normalise_phone(text: str) -> str:
    """A mainland mobile number as eleven digits: "+86 195-0000-7353" gives "19500007353". Else BadPhone."""
    found = _MOBILE_FORM.fullmatch(re.sub(r"[\s\-–—()]", "", text.translate(FULL_WIDTH).translate(_UNSEEN)))
    if not found:
        raise BadPhone
    return found[1]


def mask_name(name: str) -> str:
    """For publication: 张*, 张*明, 欧**娜; one character alone is *. A masked name stays as it is."""
    shown = clean_name(name)
    if len(shown) < 2:
        return "*" * len(shown)
    if len(shown) == 2:
        return shown[0] + "*"
    return shown[0] + "*" * (len(shown) - 2) + shown[-1]


def mask_tail(card: str) -> str:
    """An account as people know it again: "••8131"."""
    digits = clean_cell(card).replace(" ", "")
    return "••" + (digits[-4:] if len(digits) > 4 else "")


_SEPARATORS = r"[\s\-–—.·]{0,2}"
_DIGIT_GROUPS = re.compile(rf"[0-9]+(?:{_SEPARATORS}[0-9]+)*(?:{_SEPARATORS}[Xx](?![A-Za-z]))?")
_GROUP = re.compile(r"[0-9]+|[Xx]")


def has_private_number(text: str) -> bool:
    """Whether an identity or card number stands anywhere in the text."""
    return looks_like_identity_number(text) or looks_like_card_number(text)


def looks_like_identity_number(text: str) -> bool:
    """Whether a checked 18-character number, or 15 digits with a birth date inside, stand anywhere in the text."""
    return any(_is_identity(number) for number in _joined_groups(text, longest=18))


def looks_like_card_number(text: str) -> bool:
    """Whether 16 to 19 digits that pass Luhn, perhaps spaced or dashed, stand anywhere in the text."""
    return any(
        len(number) >= 16 and number.isdigit() and luhn_ok(number) for number in _joined_groups(text, longest=19)
    )


def _is_identity(number: str) -> bool:
    if len(number) == 15 and number.isdigit():
        try:
            _birth_date(f"{number[:6]}19{number[6:]}")
        except BadIdentity:
            return False
        return True
    return len(number) == 18 and number[:17].isdigit() and number[17] == check_character(number)


def _joined_groups(text: str, *, longest: int) -> set[str]:
    """Every run of neighbouring digit groups, joined, of up to `longest` characters."""
    plain = text.translate(FULL_WIDTH).translate(_UNSEEN)
    joined: set[str] = set()
    for stretch in _DIGIT_GROUPS.findall(plain):
        groups = _GROUP.findall(stretch.upper())
        for first in range(len(groups)):
            number = ""
            for group in groups[first:]:
                number += group
                if len(number) > longest:
                    break
                joined.add(number)
    return joined

"""Money in whole fen, how it is shown, and how a sum that somebody typed is read."""

import re
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Self

from carefund_bot.domain.spoken import (
    FULL_WIDTH,
    SPOKEN_CHARACTERS,
    UnclearNumberError,
    VagueNumberError,
    read_number,
)

LARGEST_FEN = 100_000_000 * 100
"""The most that one typed sum may be: 100 million yuan."""


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An exact sum of whole fen; mixes with nothing but money, and multiplies by whole numbers only."""

    fen: int

    def __post_init__(self) -> None:
        if type(self.fen) is not int:
            msg = f"money counts whole fen, not {type(self.fen).__name__}"
            raise TypeError(msg)

    @classmethod
    def yuan(cls, amount: int | str) -> Self:
        """Money.yuan(50), Money.yuan("1234.50"): exact, and a ValueError where a fraction of a fen would be left."""
        if type(amount) is not int and not isinstance(amount, str):
            msg = f"yuan come as int or str, not {type(amount).__name__}"
            raise TypeError(msg)
        fen = Fraction(amount) * 100
        if fen.denominator != 1:
            msg = "a fen is the smallest part of a sum"
            raise ValueError(msg)
        return cls(fen.numerator)

    def __add__(self, other: "Money") -> "Money":
        return Money(self.fen + other.fen) if isinstance(other, Money) else NotImplemented

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.fen - other.fen) if isinstance(other, Money) else NotImplemented

    def __neg__(self) -> "Money":
        return Money(-self.fen)

    def __mul__(self, times: int) -> "Money":
        return Money(self.fen * times) if type(times) is int else NotImplemented

    __rmul__ = __mul__

    def __bool__(self) -> bool:
        return self.fen != 0

    def __str__(self) -> str:
        return self.plain()

    def plain(self) -> str:
        """Yuan with thousands marked and a bare ".00" left off: "1,234.50", "50", "-3.07"."""
        return ("-" if self.fen < 0 else "") + self._digits()

    def display(self) -> str:
        """As people read it: "¥1,234.50", "¥50", "-¥3.07"."""
        return ("-¥" if self.fen < 0 else "¥") + self._digits()

    def in_wan(self, places: int = 2) -> str:
        """For headlines only: "6,454万"; rounded half away from zero to `places` decimals, closing zeros left off."""
        steps, rest = divmod(abs(self.fen) * 10**places, 1_000_000)
        steps += rest * 2 >= 1_000_000
        whole, part = divmod(steps, 10**places)
        decimals = f"{part:0{places}}".rstrip("0") if places else ""
        sign = "-" if self.fen < 0 and steps else ""
        return f"{sign}{whole:,}{'.' if decimals else ''}{decimals}万"

    def _digits(self) -> str:
        yuan, fen = divmod(abs(self.fen), 100)
        return f"{yuan:,}.{fen:02}" if fen else f"{yuan:,}"


ZERO = Money(0)


def split(total: Money, parts: int) -> list[Money]:
    """`parts` shares that sum to `total`; the first `remainder` shares carry one fen more."""
    if parts < 1:
        msg = "a sum is split into at least one part"
        raise ValueError(msg)
    share, remainder = divmod(total.fen, parts)
    return [Money(share + (place < remainder)) for place in range(parts)]


class NotMoneyReason(StrEnum):
    """Why a text is not a sum that the fund can take."""

    EMPTY = "empty"
    NOTHING_FOUND = "nothing_found"
    NEGATIVE = "negative"
    ZERO = "zero"
    TOO_FINE = "too_fine"
    TOO_LARGE = "too_large"
    VAGUE = "vague"
    AMBIGUOUS = "ambiguous"


class NotMoney(ValueError):  # noqa: N818 - reads as what it says: this text is not money
    """A text that holds no single sum; carries the reason, never the text."""

    def __init__(self, reason: NotMoneyReason) -> None:
        super().__init__(reason.value)
        self.reason = reason


_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u202a\u202b\u202c\u202d"))
"""Not the override to the left, U+202E: behind it 001 looks like 100."""
_MARKS = r"元钱|元|圆|圓|块钱|块|yuan|rmb|cny|¥"
_DIGIT = "[0-9一二三四五六七八九两壹贰貳叁肆伍陆陸柒捌玖]"
_SUM = re.compile(
    rf"""(?:我)?(?:想要|想|要|愿意|愿)?(?:认捐|捐款|捐献|捐助|捐|出|给)?
    (?:人民币|rmb|cny|¥)*:?
    (?: (?P<bare>[{SPOKEN_CHARACTERS}]+)
      | (?P<yuan>[{SPOKEN_CHARACTERS}]+)(?:{_MARKS})
        (?:[零〇]?(?P<jiao>{_DIGIT})[角毛])?
        (?:[零〇]?(?P<fen>{_DIGIT})分)?
        (?P<loose>[零〇0]?{_DIGIT})?
      | (?P<only_jiao>{_DIGIT})[角毛](?:(?P<only_jiao_fen>{_DIGIT})分?)?
      | (?P<only_fen>{_DIGIT})分
    )钱?[整正]?(?:吧|啊|呢|谢谢)?""",
    re.VERBOSE,
)
_SIGNED = re.compile(r"(?:¥|rmb|cny|人民币)*(?:[-−–—负減减]|\(.*\)$)")
_NUMBER_WITHIN = re.compile("[0-9一二三四五六七八九十百千万两壹贰貳叁肆伍陆陸柒捌玖拾佰仟]")
_TOO_FINE = re.compile(r"\.[0-9]{3,}(?![0-9]|[百千万萬亿kw])")
_VAGUE = re.compile(
    "几|好多|若干|一些|数[十百千万]|[0-9十百千万亿元块][多来余把]|左右|上下|约|差不多|将近|以上|以下|至少|最多"
    "|[元块](?=[一二三四五六七八九两十百千]+[元块])|一点(?![零〇一二三四五六七八九0-9])"
)
_LONGEST = 60


def parse_money(text: str) -> Money:
    """Reads what people type: "100", "一百元", "１００", "1.5万", "三百五", "五块五"; else NotMoney says why."""
    plain = _plain(text)
    found = _SUM.fullmatch(plain)
    if _VAGUE.search(plain):
        raise NotMoney(NotMoneyReason.VAGUE)
    if _SIGNED.match(plain) and _NUMBER_WITHIN.search(plain):
        raise NotMoney(NotMoneyReason.NEGATIVE)
    if not found:
        raise NotMoney(NotMoneyReason.AMBIGUOUS if _NUMBER_WITHIN.search(plain) else NotMoneyReason.NOTHING_FOUND)
    return _checked(_value_fen(found), plain)


_CELL_DIGITS = re.compile(r"¥?((?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?)元?")
_FORMAL_DIGIT = "[壹贰貳叁肆伍陆陸柒捌玖]"
_CELL_FORMAL = re.compile(
    "(?:人民币:?)?(?:[零壹贰貳叁肆伍陆陸柒捌玖拾佰仟万萬亿]+[元圆圓])?"
    f"(?:零?{_FORMAL_DIGIT}角)?(?:零?{_FORMAL_DIGIT}分)?[整正]?"
)
_COLLOQUIAL_END = re.compile(f"[佰仟万萬亿]{_FORMAL_DIGIT}[元圆圓]")


def parse_cell_money(text: str) -> Money:
    """The strict reader for file cells: digits ("1,000.00", "¥300", "50元") or formal numerals ("壹佰元整")."""
    plain = _plain(text)
    if digits := _CELL_DIGITS.fullmatch(plain):
        return _checked(Fraction(digits[1].replace(",", "")) * 100, plain)
    if _SIGNED.match(plain) and _NUMBER_WITHIN.search(plain):
        raise NotMoney(NotMoneyReason.NEGATIVE)
    if _CELL_FORMAL.fullmatch(plain) and not _COLLOQUIAL_END.search(plain):
        return parse_money(plain)
    raise NotMoney(NotMoneyReason.AMBIGUOUS if _NUMBER_WITHIN.search(plain) else NotMoneyReason.NOTHING_FOUND)


def _plain(text: str) -> str:
    plain = " ".join(text.translate(FULL_WIDTH).translate(_INVISIBLE).lower().split())
    plain = re.sub(r"(?<![0-9]) | (?![0-9])", "", plain).rstrip("。.!,;~")
    if not plain:
        raise NotMoney(NotMoneyReason.EMPTY)
    if len(plain) > _LONGEST:
        raise NotMoney(NotMoneyReason.NOTHING_FOUND)
    return plain


def _value_fen(found: re.Match[str]) -> Fraction:
    parts = found.groupdict()
    try:
        yuan = read_number(parts["bare"] or parts["yuan"] or "零")
        jiao = parts["jiao"] or parts["only_jiao"]
        fen = parts["fen"] or parts["only_fen"] or parts["only_jiao_fen"]
        value = yuan * 100 + (read_number(jiao) * 10 if jiao else 0) + (read_number(fen) if fen else 0)
        return value + _loose_fen(parts)
    except VagueNumberError:
        raise NotMoney(NotMoneyReason.VAGUE) from None
    except UnclearNumberError:
        raise NotMoney(NotMoneyReason.AMBIGUOUS) from None


def _loose_fen(parts: dict[str, str | None]) -> Fraction:
    """五块五 ends in five jiao; 五块零五 and 五块三毛五 end in five fen."""
    loose = parts["loose"]
    if not loose:
        return Fraction(0)
    if parts["fen"] or (parts["jiao"] and len(loose) > 1):
        raise NotMoney(NotMoneyReason.AMBIGUOUS)
    return read_number(loose[-1]) * (1 if parts["jiao"] or len(loose) > 1 else 10)


def _checked(fen: Fraction, plain: str) -> Money:
    if fen.denominator != 1 or _TOO_FINE.search(plain):
        raise NotMoney(NotMoneyReason.TOO_FINE)
    if fen == 0:
        raise NotMoney(NotMoneyReason.ZERO)
    if fen > LARGEST_FEN:
        raise NotMoney(NotMoneyReason.TOO_LARGE)
    return Money(fen.numerator)

"""Numbers as people write them: 三百五, 两万五, 1.5万, 伍佰, 2k. Exact, as fractions; no floats anywhere."""

import re
from fractions import Fraction

FULL_WIDTH = {0xFF01 + offset: 0x21 + offset for offset in range(94)} | {0x3000: " ", 0xFFE5: "¥"}
"""For str.translate: full-width ASCII of Chinese keyboards to plain. Narrower than NFKC, which reads 10² as 102."""

_FORMAL = str.maketrans("壹贰貳叁叄肆伍陆陸柒捌玖拾佰仟萬億兩两〇kw", "一二二三三四五六六七八九十百千万亿二二零千万")
_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")}
_TENS = {"廿": 20, "卅": 30, "卌": 40}
_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}

_ARABIC = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?"
_TOKEN = re.compile(rf"{_ARABIC}|[零一二三四五六七八九廿卅卌十百千万亿]")
_DECIMAL = re.compile(r"(?P<whole>[^点]+)点(?P<part>[零一二三四五六七八九0-9]+)(?P<unit>[百千万亿]?)")
_DIGIT_BY_DIGIT = re.compile(r"[零一二三四五六七八九]{2,}")
SPOKEN_CHARACTERS = "0-9.,零〇一二三四五六七八九两兩十百千万亿廿卅卌点壹贰貳叁叄肆伍陆陸柒捌玖拾佰仟萬億kw"


class UnclearNumberError(Exception):
    """The text may hold a number, but not one that reads in one way only."""


class VagueNumberError(UnclearNumberError):
    """The text names a range or no figure at all: 三四百, 百元."""


def read_number(text: str) -> Fraction:
    """The exact value of one unsigned number; a digit left over is worth a tenth of the unit before it."""
    plain = text.lower().translate(_FORMAL)
    if decimal := _DECIMAL.fullmatch(plain):
        return _read_decimal(decimal["whole"], decimal["part"], decimal["unit"])
    if _DIGIT_BY_DIGIT.fullmatch(plain):
        return _read_digit_by_digit(plain)
    tokens = _TOKEN.findall(plain)
    if not tokens or "".join(tokens) != plain:
        raise UnclearNumberError
    return _Reading().of(tokens)


def _read_decimal(whole: str, part: str, unit: str) -> Fraction:
    figures = "".join(str(_DIGITS.get(character, character)) for character in part)
    value = read_number(whole) + Fraction(int(figures), 10 ** len(figures))
    return value * _UNITS.get(unit, 1)


def _read_digit_by_digit(plain: str) -> Fraction:
    """二〇〇 is 200; 三五 without a zero may as well mean "three to five"."""
    if len(plain) == 2 and "零" not in plain:
        raise VagueNumberError
    return Fraction(int("".join(str(_DIGITS[character]) for character in plain)))


class _Reading:
    """One pass over the tokens of a number, largest unit first."""

    def __init__(self) -> None:
        self.total = Fraction(0)  # closed by 万 or 亿
        self.section = Fraction(0)  # below the next 万 or 亿
        self.figure: Fraction | None = None  # waits for its unit
        self.unit = 0  # the last unit read
        self.gap = False  # a 零 since that unit
        self.ceilings = [10**12, 10**5]  # units must fall: of 万 and 亿, and inside a section

    def of(self, tokens: list[str]) -> Fraction:
        if any("." in token for token in tokens) and not set(tokens[1:]) <= _UNITS.keys():
            raise UnclearNumberError  # 1.5万5 reads in two ways
        for token in tokens:
            if token == "零":  # noqa: S105 - a token of a number, not a secret
                self._take_zero(alone=len(tokens) == 1)
            elif token in _UNITS:
                self._take_unit(_UNITS[token])
            elif token in _TENS:
                self._take_tens(_TENS[token])
            else:
                self._take_figure(token)
        self._take_rest(tokens[-1])
        return self.total + self.section

    def _take_zero(self, *, alone: bool) -> None:
        if self.figure is not None or (not self.unit and not alone):
            raise UnclearNumberError
        self.gap = True

    def _take_figure(self, token: str) -> None:
        if self.figure is not None:
            raise VagueNumberError
        self.figure = Fraction(_DIGITS[token] if token in _DIGITS else token.replace(",", ""))

    def _take_tens(self, value: int) -> None:
        if self.figure is not None or self.ceilings[1] <= 10:
            raise UnclearNumberError
        self.section += value
        self.unit, self.gap, self.ceilings[1] = 10, False, 10

    def _take_unit(self, unit: int) -> None:
        if unit >= 10_000:
            self._close_section(unit)
        else:
            self._grow_section(unit)
        self.figure, self.unit, self.gap = None, unit, False

    def _grow_section(self, unit: int) -> None:
        if self.figure is None and unit != 10:
            raise VagueNumberError
        if unit >= self.ceilings[1]:
            raise UnclearNumberError
        self.section += (1 if self.figure is None else self.figure) * unit
        self.ceilings[1] = unit

    def _close_section(self, unit: int) -> None:
        if unit >= self.ceilings[0] or self._figure_is_loose():
            raise UnclearNumberError
        self.section += self.figure or 0
        if not self.section:
            raise VagueNumberError
        self.total += self.section * unit
        self.section = Fraction(0)
        self.ceilings = [unit, 10**5]

    def _figure_is_loose(self) -> bool:
        """一百五 before 万: 105 or 150?"""
        return self.figure is not None and self.unit in {100, 1000} and not self.gap

    def _take_rest(self, last: str) -> None:
        if self.figure is None:
            if self.gap and self.unit:
                raise UnclearNumberError
            return
        if self.unit and self.figure >= self.unit:
            raise UnclearNumberError
        worth = self.unit // 10 if self.unit and len(last) == 1 and not self.gap else 1
        self.section += self.figure * worth

"""What was said beside the wish: a sum, a rhythm, a year, a day. Two readings or a vague word give nothing: ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from carefund_bot.domain.english_numbers import with_figures
from carefund_bot.domain.money import Money
from carefund_bot.understanding.days import read_days
from carefund_bot.understanding.normalise import normalise
from carefund_bot.understanding.rhythms import Rhythm, read_rhythm
from carefund_bot.understanding.sums import read_sum


@dataclass(frozen=True, slots=True)
class Slots:
    """`moment` is a month "2026-07" or a day "2026-07-05"; `year` stands alone, not as part of a moment."""

    amount: Money | None = None
    rhythm: Rhythm | None = None
    year: int | None = None
    moment: str | None = None

    def as_json(self) -> dict[str, int | float | str]:
        """Only what was said: {"amount": yuan, "frequency": word, "year": number, "date": text}."""
        found: dict[str, int | float | str] = {}
        if self.amount is not None:
            yuan, fen = divmod(self.amount.fen, 100)
            found["amount"] = self.amount.fen / 100 if fen else yuan
        if self.rhythm is not None:
            found["frequency"] = self.rhythm.value
        if self.year is not None:
            found["year"] = self.year
        if self.moment is not None:
            found["date"] = self.moment
        return found


def read_slots(text: str, today: date) -> Slots:
    """Reads one text; days are Shanghai days, counted from `today`."""
    plain = with_figures(normalise(text))
    days = read_days(plain, today)
    return Slots(read_sum(days.rest), read_rhythm(days.rest), days.year, days.moment)

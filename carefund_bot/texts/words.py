"""A reader's language: the sentence, the facts put in and escaped, money and days as that reader writes them."""

from __future__ import annotations

import gettext
import html
import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Final

from markupsafe import Markup, escape

from carefund_bot.domain.money import Money

LANGUAGES: Final = ("zh_CN", "en")
DEFAULT_LANGUAGE: Final = "zh_CN"
_LOCALE = Path(__file__).parent.parent / "locale"
_TAG = re.compile(r"<[^>]*>")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Words:
    """Turns a Chinese sentence and its facts into the reader's language; every fact is escaped here."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._translations = _translations(language)

    def __call__(self, sentence: str, /, **facts: object) -> Markup:
        return _put_in(self._translations.gettext(sentence), facts)

    def plural(self, one: str, many: str, number: int, /, **facts: object) -> Markup:
        """Two forms for languages that have them; `number` may be used in the sentence."""
        sentence = self._translations.ngettext(one, many, number)
        return _put_in(sentence, {"number": number} | facts)

    @property
    def is_chinese(self) -> bool:
        return self.language == "zh_CN"

    def money(self, amount: Money) -> str:
        return amount.display()

    def day(self, day: date) -> str:
        """2012年6月5日, or 5 Jun 2012."""
        if self.is_chinese:
            return f"{day.year}年{day.month}月{day.day}日"
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"

    def short_day(self, day: date) -> str:
        """6月5日, or 5 Jun."""
        return f"{day.month}月{day.day}日" if self.is_chinese else f"{day.day} {_MONTHS[day.month - 1]}"

    def moment(self, moment: datetime) -> str:
        """A day and a time in Shanghai."""
        return f"{self.day(moment.date())} {moment:%H:%M}"


def _put_in(sentence: str, facts: Mapping[str, object]) -> Markup:
    """As `Markup.format`, where a sentence only names its facts: a third of the time, and an answer has a dozen."""
    return Markup(sentence.format_map({name: escape(fact) for name, fact in facts.items()}))


@cache
def words_in(language: str) -> Words:
    """The words of one of `LANGUAGES`."""
    return Words(language)


def language_of(language_code: str | None) -> str:
    """The language for a Telegram language tag: Chinese of any script is Chinese, everything else English."""
    if language_code is None or language_code.lower().startswith("zh"):
        return "zh_CN"
    return "en"


def joined(*parts: str | Markup | None, by: str = "\n") -> Markup:
    """Lines of one message; empty parts are left out (`""` stays as a blank line)."""
    return Markup(by).join(part for part in parts if part is not None)


def plain(text: Markup) -> str:
    """A message as it reads, for terminals and files: no tags, line ends kept."""
    return html.unescape(_TAG.sub("", text))


def _translations(language: str) -> gettext.NullTranslations:
    if language == DEFAULT_LANGUAGE:
        return gettext.NullTranslations()
    return gettext.translation("carefund", _LOCALE, [language])

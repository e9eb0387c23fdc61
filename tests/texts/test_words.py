"""Sentences in the reader's language, facts escaped in one place."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from carefund_bot.domain.money import Money
from carefund_bot.texts.words import joined, language_of, words_in


@given(st.text())
def test_a_fact_is_never_markup(fact: str) -> None:
    said = words_in("zh_CN")("附言：<code>{reference}</code>", reference=fact)
    assert said.startswith("附言：<code>")
    assert said.endswith("</code>")
    assert said.striptags() is not None
    assert said.count("<") == 2


def test_markup_is_put_in_as_it_is() -> None:
    assert words_in("en")("{a}", a=Markup("<b>x</b>")) == "<b>x</b>"


@pytest.mark.parametrize(
    ("tag", "language"),
    [("zh", "zh_CN"), ("zh-hans", "zh_CN"), ("zh-Hant", "zh_CN"), ("ZH-CN", "zh_CN"), (None, "zh_CN"), ("en-GB", "en")],
)
def test_every_chinese_is_chinese_and_everybody_else_reads_english(tag: str | None, language: str) -> None:
    assert language_of(tag) == language


def test_days_and_sums_as_the_reader_writes_them() -> None:
    chinese, english = words_in("zh_CN"), words_in("en")
    assert chinese.day(date(2012, 6, 5)) == "2012年6月5日"
    assert english.day(date(2012, 6, 5)) == "5 Jun 2012"
    assert chinese.money(Money(4_800_050)) == "¥48,000.50"


def test_parts_are_left_out_or_stay_as_blank_lines() -> None:
    assert joined("a", None, "", "b") == "a\n\nb"

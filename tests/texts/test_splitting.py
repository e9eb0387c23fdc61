"""Long messages are cut between lines, by Telegram's measure, and lose nothing but the line break they are cut at."""

from __future__ import annotations

import html

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape

from carefund_bot.texts.splitting import MESSAGE_LIMIT, shown_units, split_message, units

LINES = st.lists(st.text(alphabet="钱a<>& \U0001f600é", max_size=30), min_size=1, max_size=40)


def shown(parts: list[Markup]) -> list[str]:
    return [html.unescape(str(part)) for part in parts]


@given(LINES, st.integers(min_value=4, max_value=60))
def test_no_part_is_over_the_limit_and_no_sign_is_lost(lines: list[str], limit: int) -> None:
    text = Markup("\n").join(lines)
    parts = split_message(text, limit)
    assert all(shown_units(part) <= limit for part in parts)
    assert "".join(shown(parts)).replace("\n", "") == "".join(lines)


@given(LINES)
def test_a_text_within_the_limit_stays_one(lines: list[str]) -> None:
    text = Markup("\n").join(lines)
    assert split_message(text, units("\n".join(lines))) == [text]


def test_the_limit_counts_what_is_shown_in_utf_16_units() -> None:
    bold = Markup("<b>") + "&" * MESSAGE_LIMIT + Markup("</b>")
    assert split_message(bold) == [bold]
    assert len(split_message(Markup("\n".join(["\U0001f600" * 1024, "\U0001f600" * 1024])))) == 2


def test_lines_keep_their_markup() -> None:
    line = Markup("<b>{}</b>").format("关爱")
    parts = split_message(Markup("\n").join([line] * 10), 8)
    assert all(part.count("<b>") == part.count("</b>") > 0 for part in parts)
    assert sum(part.count("<b>") for part in parts) == 10


def test_a_line_that_is_too_long_alone_is_cut_as_plain_text() -> None:
    parts = split_message(Markup("<b>") + escape("<钱>" * 10) + Markup("</b>"), 7)
    assert "".join(shown(parts)) == "<钱>" * 10

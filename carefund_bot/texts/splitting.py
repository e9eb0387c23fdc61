"""Cutting a long message into several, by Telegram's measure."""

from __future__ import annotations

import html
import re

from markupsafe import Markup

MESSAGE_LIMIT = 4096
"""UTF-16 units of text after its tags are taken away: never less strict than the server's own count."""

CAPTION_LIMIT = 1024
"""The same for what stands below a picture or a document."""

_TAG = re.compile(r"<[^>]*>")


def units(text: str) -> int:
    """Length in UTF-16 code units, the unit of Telegram's entity offsets."""
    return len(text.encode("utf-16-le")) // 2


def shown_units(markup: str) -> int:
    """Length of what a reader sees of a piece of HTML."""
    return units(html.unescape(_TAG.sub("", markup)))


def split_message(text: Markup, limit: int = MESSAGE_LIMIT) -> list[Markup]:
    """Parts of at most `limit` shown units, cut between lines. Tags must open and close within one line.

    A single line over the limit is cut as plain text.
    """
    if shown_units(text) <= limit:
        return [text]
    parts: list[Markup] = []
    lines: list[str] = []
    used = 0
    for line in _short_lines(str(text), limit):
        length = shown_units(line) + 1
        if lines and used + length > limit + 1:
            parts.append(Markup("\n".join(lines)))
            lines, used = [], 0
        lines.append(line)
        used += length
    parts.append(Markup("\n".join(lines)))
    return parts


def _short_lines(text: str, limit: int) -> list[str]:
    lines: list[str] = []
    for line in text.split("\n"):
        if shown_units(line) <= limit:
            lines.append(line)
        else:
            lines.extend(html.escape(piece) for piece in _pieces(html.unescape(_TAG.sub("", line)), limit))
    return lines


def _pieces(text: str, limit: int) -> list[str]:
    pieces, piece, used = [], "", 0
    for sign in text:
        width = units(sign)
        if used + width > limit:
            pieces.append(piece)
            piece, used = "", 0
        piece += sign
        used += width
    return [*pieces, piece]

"""Gather the sentences of carefund_bot/texts into the English catalogue and compile it.

`--check` changes nothing and fails if a sentence has no English, a placeholder differs, or the compiled file is stale.
"""

from __future__ import annotations

import io
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
TEXTS = ROOT / "carefund_bot" / "texts"
CATALOGUE = ROOT / "carefund_bot" / "locale" / "en" / "LC_MESSAGES" / "carefund.po"
COMPILED = CATALOGUE.with_suffix(".mo")
KEYWORDS = {"words": None, "plural": (1, 2)}
PLACEHOLDER = re.compile(r"\{(\w*)")
STILL: dict[str, Any] = {  # no dates, no names: the same words give the same bytes
    "project": "carefund-bot",
    "version": "1",
    "copyright_holder": "the carefund-bot engineers",
    "msgid_bugs_address": "none",
    "last_translator": "the carefund-bot engineers",
    "language_team": "en",
    "creation_date": datetime(2026, 1, 1, tzinfo=UTC),
    "revision_date": datetime(2026, 1, 1, tzinfo=UTC),
}
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,:;!?(]|[,;!?)][\u4e00-\u9fff]")
TAG = re.compile(r"</?[a-z-]+")


def gathered() -> Catalog:
    """The catalogue as it should be: today's sentences with yesterday's English."""
    known = read_catalogue()
    fresh = Catalog(
        locale="en", fuzzy=False, header_comment="# English for the sentences of carefund_bot/texts.", **STILL
    )
    for _, _, message, _, _ in extract_from_dir(str(TEXTS), keywords=KEYWORDS):
        former = known.get(message[0] if isinstance(message, tuple) else message)
        same = former is not None and former.id == message
        fresh.add(message, former.string if former and same else None)
    return fresh


def read_catalogue() -> Catalog:
    if not CATALOGUE.exists():
        return Catalog(locale="en")
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="en")


def po_bytes(catalogue: Catalog) -> bytes:
    buffer = io.BytesIO()
    write_po(buffer, catalogue, no_location=True, sort_output=True, width=0)
    return buffer.getvalue()


def mo_bytes(catalogue: Catalog) -> bytes:
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def texts_of(message: Message) -> tuple[list[str], list[str]]:
    sources = list(message.id) if isinstance(message.id, tuple | list) else [message.id]
    strings = list(message.string) if isinstance(message.string, tuple | list) else [message.string]
    return sources, [string for string in strings if string]


def faults(catalogue: Catalog) -> list[str]:
    found = []
    for message in catalogue:
        if not message.id:
            continue
        sources, strings = texts_of(message)
        if HALF_WIDTH.search(sources[0]):
            found.append(f"half-width punctuation in: {sources[0]}")
        if len(strings) < len(sources):
            found.append(f"no English for: {sources[0]}")
        for string in strings:
            if set(PLACEHOLDER.findall(string)) - {"number"} != set(PLACEHOLDER.findall(sources[-1])) - {"number"}:
                found.append(f"placeholders differ: {sources[0]}")
            if sorted(TAG.findall(string)) != sorted(TAG.findall(sources[-1])):
                found.append(f"tags differ: {sources[0]}")
    return found


def main() -> int:
    catalogue = gathered()
    if "--check" in sys.argv:
        found = faults(catalogue)
        if po_bytes(catalogue) != CATALOGUE.read_bytes():
            found.append("the catalogue is stale: run make words")
        if mo_bytes(catalogue) != COMPILED.read_bytes():
            found.append("the compiled catalogue is stale: run make words")
    else:
        CATALOGUE.write_bytes(po_bytes(catalogue))
        COMPILED.write_bytes(mo_bytes(catalogue))
        found = faults(catalogue)
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

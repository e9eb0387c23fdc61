"""The starting set of answers, from the file that comes with the program."""

from __future__ import annotations

import tomllib
from importlib.resources import files

from carefund_bot.domain.faq import FaqRole, NewEntry, QuestionAnswer, Topic


def read_starting_entries() -> list[NewEntry]:
    """Every entry of faq/starting.toml, in its order; `from` and `until` are its first and last day, if it has them."""
    text = files("carefund_bot").joinpath("faq/starting.toml").read_text(encoding="utf-8")
    return [
        NewEntry(
            Topic(entry["topic"]),
            QuestionAnswer(*entry["zh"]),
            QuestionAnswer(*entry["en"]),
            FaqRole(entry["role"]) if "role" in entry else None,
            intents=tuple(entry["intents"]),
            until_on=entry.get("until"),
            from_on=entry.get("from"),
        )
        for entry in tomllib.loads(text)["entry"]
    ]

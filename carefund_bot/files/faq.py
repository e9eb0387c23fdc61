"""Answers in files: the starting set that comes with the program, and the table that editors take and send back."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Final

from carefund_bot.domain.days import read_day
from carefund_bot.domain.faq import FaqEntry, FaqRole, NewEntry, QuestionAnswer, Topic
from carefund_bot.domain.people import clean_cell
from carefund_bot.files.faults import FileReason, FileRefused
from carefund_bot.files.spreadsheet import read_rows
from carefund_bot.files.tables import as_meant, table_file

COLUMNS: Final = ("编号", "类别", "给谁看", "问题", "回答", "英文问题", "英文回答", "从哪天", "到哪天")
_MOST_ROWS: Final = 500


@dataclass(frozen=True, slots=True)
class Names:
    """What topics and roles are called in the table, in whichever language; `None` is everybody."""

    topics: Mapping[str, Topic]
    roles: Mapping[str, FaqRole | None]


@dataclass(frozen=True, slots=True)
class SentEntry:
    """A row of a table: an entry as it should be; `entry_id` None: a new one."""

    row: int
    entry_id: int | None
    written: NewEntry


@dataclass(frozen=True, slots=True)
class FaqFault:
    """A cell that was not understood; `row` as the spreadsheet numbers it."""

    row: int
    column: str


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


def table_of(entries: Sequence[FaqEntry], topics: Mapping[Topic, str], roles: Mapping[FaqRole | None, str]) -> bytes:
    """The table that Excel opens, with the names that its reader knows."""
    return table_file([COLUMNS, *(_cells_of(entry, topics, roles) for entry in entries)])


def _cells_of(entry: FaqEntry, topics: Mapping[Topic, str], roles: Mapping[FaqRole | None, str]) -> tuple[object, ...]:
    written, en = entry.written, entry.written.en or QuestionAnswer("", "")
    texts = (written.zh.question, written.zh.answer, en.question, en.answer)
    days = (day.isoformat() if day else "" for day in (written.from_on, written.until_on))
    return (entry.entry_id, topics[written.topic], roles[written.role], *texts, *days)


def read_table(path: Path, names: Names, fund: str | None, today: date) -> tuple[list[SentEntry], list[FaqFault]]:
    """The entries of a table that was sent back, and what was not understood; `FileRefused` if it is no such table."""
    rows = read_rows(path)
    header = [clean_cell(cell) for cell in next(rows, [])]
    missing = [column for column in COLUMNS if column not in header]
    if missing:
        raise FileRefused(FileReason.MISSING_COLUMNS, "、".join(missing))
    sent, faults = [], []
    for number, cells in enumerate(rows, 2):
        if number > _MOST_ROWS:
            raise FileRefused(FileReason.TOO_MANY_ROWS)
        if any(cell.strip() for cell in cells):
            row = _Row(number, dict(zip(header, [*map(as_meant, cells), *[""] * len(header)], strict=False)))
            sent.append(row.entry(names, fund, today))
            faults += row.faults
    return sent, faults


class _Row:
    """One row while it is read: what is not understood is noted, and reading goes on."""

    def __init__(self, number: int, cells: dict[str, str]) -> None:
        self._number = number
        self._cells = cells
        self.faults: list[FaqFault] = []

    def entry(self, names: Names, fund: str | None, today: date) -> SentEntry:
        number, topic, role = self._plain("编号"), self._plain("类别"), self._plain("给谁看")
        self._check("编号", not number or number.isdecimal())
        self._check("类别", topic in names.topics)
        self._check("给谁看", not role or role in names.roles)
        zh, en = self._pair("问题", "回答"), self._pair("英文问题", "英文回答")
        self._check("问题", zh is not None)
        first, last = self._day("从哪天", today), self._day("到哪天", today)
        self._check("到哪天", first is None or last is None or first <= last)
        written = NewEntry(
            names.topics.get(topic, Topic.FUND),
            zh or QuestionAnswer("", ""),
            en,
            names.roles.get(role),
            fund,
            until_on=last,
            from_on=first,
        )
        return SentEntry(self._number, int(number) if number.isdecimal() else None, written)

    def _plain(self, column: str) -> str:
        return clean_cell(self._cells[column])

    def _pair(self, asked: str, told: str) -> QuestionAnswer | None:
        """Question and answer: both, or neither."""
        question, answer = self._plain(asked), self._cells[told].strip()
        self._check(told, bool(question) == bool(answer))
        return QuestionAnswer(question, answer) if question and answer else None

    def _day(self, column: str, today: date) -> date | None:
        text = self._plain(column)
        day = read_day(text, today) if text else None
        self._check(column, not text or day is not None)
        return day

    def _check(self, column: str, good: bool) -> None:  # noqa: FBT001 - the condition is what is checked
        if not good:
            self.faults.append(FaqFault(self._number, column))

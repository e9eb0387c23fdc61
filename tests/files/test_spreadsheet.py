"""Files as they come: encodings, separators, workbooks, and things that are no tables."""

import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from carefund_bot.files import delimited, workbook
from carefund_bot.files.faults import FileReason, FileRefused
from carefund_bot.files.rolls import HouseholdRow, MemberRow, RollKind, recognise
from carefund_bot.files.spreadsheet import read_rows
from tests.files.tables import (
    HOUSEHOLD,
    HOUSEHOLD_HEADER,
    MEMBER,
    MEMBER_HEADER,
    OTHER_MEMBER,
    csv_text,
    rows,
    write_csv,
    write_xlsx,
)

TABLE = [MEMBER_HEADER, MEMBER, OTHER_MEMBER]


def refusal_of(path: Path) -> FileReason:
    with pytest.raises(FileRefused) as refusal:
        list(read_rows(path))
    return refusal.value.reason


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_the_same_table_in_every_dress(tmp_path: Path, encoding: str, delimiter: str, line_end: str) -> None:
    path = tmp_path / "roll.txt"
    path.write_bytes(csv_text(*TABLE, delimiter=delimiter, line_end=line_end).encode(encoding))
    assert list(read_rows(path)) == TABLE


def test_a_long_file_is_decoded_across_its_chunks(tmp_path: Path) -> None:
    table = [MEMBER_HEADER, *[[f"DY{number}", *MEMBER[1:]] for number in range(20_000)]]
    assert list(read_rows(write_csv(tmp_path, *table, encoding="gb18030"))) == table


def test_blank_lines_keep_the_numbers_that_the_spreadsheet_shows(tmp_path: Path) -> None:
    path = write_csv(tmp_path, MEMBER_HEADER, [], MEMBER, [" ", "", "", "", "", "", ""], OTHER_MEMBER)
    assert [row.row for row in rows(path, RollKind.MEMBERS)] == [3, 5]


def test_trailing_empty_columns_and_short_rows_do_not_matter(tmp_path: Path) -> None:
    path = write_csv(tmp_path, [*MEMBER_HEADER, "", ""], [*MEMBER, "", ""], OTHER_MEMBER[:6])
    assert len(rows(path, RollKind.MEMBERS)) == 2


def test_quoted_cells_hold_separators_and_line_ends(tmp_path: Path) -> None:
    path = write_csv(tmp_path, MEMBER_HEADER, [*MEMBER[:4], '"机关,\r\n一"', *MEMBER[5:]], OTHER_MEMBER)
    taken = rows(path, RollKind.MEMBERS)
    assert [row.row for row in taken] == [2, 3]
    assert isinstance(taken[0], MemberRow)
    assert taken[0].committee == "机关, 一"


def test_a_title_may_stand_above_the_header(tmp_path: Path) -> None:
    path = write_csv(tmp_path, ["2012年党员名册"], [], MEMBER_HEADER, MEMBER)
    assert recognise(path) is RollKind.MEMBERS
    assert [row.row for row in rows(path, RollKind.MEMBERS)] == [4]


@pytest.mark.parametrize("content", [b"", b" \r\n", b"\n\n\n"])
def test_an_empty_file(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "roll.csv"
    path.write_bytes(content)
    assert refusal_of(path) is FileReason.EMPTY


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), FileReason.OLD_EXCEL),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), FileReason.NOT_A_TABLE),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", FileReason.NOT_A_TABLE),
        (b"%PDF-1.4\n", FileReason.NOT_A_TABLE),
        (b"<html><table><tr><td>x</td></tr></table>", FileReason.NOT_A_TABLE),
        (b"a,b\n1,\x00\n", FileReason.NOT_A_TABLE),
        (b"a,b\n\x80\x20,\xff\xff\n", FileReason.UNREADABLE_ENCODING),
        ("姓名\n张".encode()[:-1] + b"\xff\xff", FileReason.UNREADABLE_ENCODING),
        (b'a,b\n"1,2\n3,4\n', FileReason.BROKEN_QUOTES),
        (b'a,b\n"' + b"x" * 200_000 + b'"\n', FileReason.BROKEN_QUOTES),
        (b"PK\x03\x04 and then nothing", FileReason.DAMAGED),
    ],
)
def test_what_is_no_table_is_told_by_its_content(tmp_path: Path, content: bytes, reason: FileReason) -> None:
    path = tmp_path / "roll.csv"
    path.write_bytes(content)
    assert refusal_of(path) is reason


def test_too_many_bytes_or_rows_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_csv(tmp_path, *TABLE)
    monkeypatch.setattr(delimited, "MAX_ROWS", 3)
    assert len(list(read_rows(path))) == 3
    monkeypatch.setattr(delimited, "MAX_ROWS", 2)
    assert refusal_of(path) is FileReason.TOO_MANY_ROWS
    monkeypatch.setattr(delimited, "MAX_BYTES", 10)
    assert refusal_of(path) is FileReason.TOO_BIG


def test_a_workbook_with_real_dates_and_numbers(tmp_path: Path) -> None:
    cells: list[object] = list(HOUSEHOLD)
    cells[HOUSEHOLD_HEADER.index("家庭人口")] = 2.0
    cells[HOUSEHOLD_HEADER.index("手机号")] = 19500002128.0
    cells[HOUSEHOLD_HEADER.index("认定日期")] = date(2012, 5, 31)
    later: list[object] = ["HU200001", *cells[1:]]
    later[2], later[10], later[13] = "990105193709118445", "6299996914276127412", datetime(2012, 5, 31)  # noqa: DTZ001 - as Excel keeps it
    path = write_xlsx(tmp_path, list(HOUSEHOLD_HEADER), cells, [], later)
    assert recognise(path) is RollKind.HOUSEHOLDS
    first, second = rows(path, RollKind.HOUSEHOLDS)
    assert isinstance(first, HouseholdRow)
    assert isinstance(second, HouseholdRow)
    assert (first.row, first.size, first.phone, first.determined_on) == (2, 2, "19500002128", date(2012, 5, 31))
    assert (second.row, second.determined_on) == (4, date(2012, 5, 31))


def test_long_numbers_show_that_they_are_damaged(tmp_path: Path) -> None:
    assert list(read_rows(write_xlsx(tmp_path, [6299995551503696131, 100.5, 123456789012345, True]))) == [
        ["6.29999555150370E+18", "100.5", "123456789012345", "True"]
    ]


def test_only_one_sheet_may_be_filled(tmp_path: Path) -> None:
    book = Workbook()
    first = book.active
    assert first is not None
    book.create_sheet("空")
    hidden = book.create_sheet("隐藏")
    hidden.append(["x"])
    hidden.sheet_state = "hidden"
    path = tmp_path / "roll.xlsx"
    book.save(path)
    assert refusal_of(path) is FileReason.EMPTY
    first.append(["x"])
    book.save(path)
    assert list(read_rows(path)) == [["x"]]
    book.create_sheet("第二页").append(["y"])
    book.save(path)
    with pytest.raises(FileRefused) as refusal:
        list(read_rows(path))
    assert refusal.value.reason is FileReason.SEVERAL_SHEETS
    assert refusal.value.detail == "Sheet、第二页"


def test_a_zip_that_is_no_workbook(tmp_path: Path) -> None:
    path = tmp_path / "roll.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert refusal_of(path) is FileReason.NOT_A_TABLE


def test_a_workbook_cut_short(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path, ["x"])
    path.write_bytes(path.read_bytes()[:-200])
    assert refusal_of(path) is FileReason.DAMAGED


def test_a_workbook_whose_insides_are_nonsense(tmp_path: Path) -> None:
    path = tmp_path / "roll.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<nonsense")
    assert refusal_of(path) is FileReason.DAMAGED


def test_a_small_file_that_unpacks_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_xlsx(tmp_path, ["x" * 30_000])
    monkeypatch.setattr(workbook, "MAX_UNPACKED_BYTES", 20_000)
    assert refusal_of(path) is FileReason.TOO_BIG
    monkeypatch.setattr(workbook, "MAX_BYTES", 100)
    assert refusal_of(path) is FileReason.TOO_BIG


def test_endless_rows_are_counted_before_they_are_laid_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_xlsx(tmp_path, ["x"], ["y"], ["z"])
    monkeypatch.setattr(workbook, "MAX_ROWS", 2)
    assert refusal_of(path) is FileReason.TOO_MANY_ROWS


@pytest.mark.parametrize("cell", ["A1048576", "XFD1", "BA2", "C200000"])
def test_one_far_cell_is_not_laid_out(tmp_path: Path, cell: str) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet[cell] = "x"
    path = tmp_path / "roll.xlsx"
    book.save(path)
    assert refusal_of(path) is FileReason.TOO_MANY_ROWS


def test_the_last_cells_allowed_are_read(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet["AZ3"] = "x", "y"
    path = tmp_path / "roll.xlsx"
    book.save(path)
    assert list(read_rows(path))[2][51] == "y"

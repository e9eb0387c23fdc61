"""Headers as offices write them."""

from pathlib import Path

import pytest

from carefund_bot.files.headers import COLUMNS, plain_header
from carefund_bot.files.rolls import FileReason, FileRefused, RollKind, recognise
from tests.files.tables import HOUSEHOLD, HOUSEHOLD_HEADER, MEMBER, MEMBER_HEADER, rows, write_csv


def refusal_of(path: Path) -> tuple[FileReason, str]:
    with pytest.raises(FileRefused) as refusal:
        recognise(path)
    return refusal.value.reason, refusal.value.detail


def test_blanks_brackets_and_synonyms_do_not_matter(tmp_path: Path) -> None:
    renamed = {
        "身份证号": "身份证号码 ",
        "银行卡号": "社会保障卡号",
        "困难类别": "类 别",
        "区(市)": "区（市）",
        "户编号": "\ufeff户编号＊",
        "手机号": "联系电话：",
    }
    path = write_csv(tmp_path, [renamed.get(name, name) for name in HOUSEHOLD_HEADER], HOUSEHOLD)
    assert recognise(path) is RollKind.HOUSEHOLDS
    assert len(rows(path, RollKind.HOUSEHOLDS)) == 1


def test_columns_may_stand_in_any_order_with_serial_numbers_and_remarks(tmp_path: Path) -> None:
    path = write_csv(tmp_path, ["序号", *reversed(MEMBER_HEADER), "备注"], ["1", *reversed(MEMBER), "在外地"])
    assert rows(path, recognise(path)) == rows(write_csv(tmp_path, MEMBER_HEADER, MEMBER), RollKind.MEMBERS)


def test_the_phone_column_may_be_absent(tmp_path: Path) -> None:
    path = write_csv(tmp_path, MEMBER_HEADER[:6], MEMBER[:6])
    assert len(rows(path, recognise(path))) == 1


def test_missing_columns_are_named(tmp_path: Path) -> None:
    path = write_csv(tmp_path, [*MEMBER_HEADER[:4], "党支部"], MEMBER[:5])
    assert refusal_of(path) == (FileReason.MISSING_COLUMNS, "党委")


def test_columns_twice_there_are_named(tmp_path: Path) -> None:
    path = write_csv(tmp_path, [*MEMBER_HEADER, "手机"], [*MEMBER, ""])
    assert refusal_of(path) == (FileReason.DUPLICATE_COLUMNS, "手机号/手机")


def test_unknown_columns_are_named(tmp_path: Path) -> None:
    path = write_csv(tmp_path, [*MEMBER_HEADER, "月收入", "病史"], [*MEMBER, "", ""])
    assert refusal_of(path) == (FileReason.UNKNOWN_COLUMNS, "月收入、病史")


def test_rows_without_a_header_are_not_repeated_in_the_refusal(tmp_path: Path) -> None:
    assert refusal_of(write_csv(tmp_path, HOUSEHOLD)) == (FileReason.UNKNOWN_KIND, "")


def test_no_two_columns_of_a_kind_share_a_header() -> None:
    for columns in COLUMNS.values():
        names = [name for column in columns for name in (column.name, *column.others)]
        assert len(names) == len(set(names))
        assert names == [plain_header(name) for name in names]

"""Rows are taken whole or come back with every fault they have."""

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from carefund_bot.files.cells import Remembered
from carefund_bot.files.rolls import (
    FileRefused,
    HouseholdRow,
    MemberRow,
    Reason,
    RemittanceRow,
    RollKind,
    Row,
    RowFault,
    recognise,
)
from tests.files.tables import (
    HEADERS,
    HOUSEHOLD,
    HOUSEHOLD_HEADER,
    MEMBER,
    MEMBER_HEADER,
    OTHER_MEMBER,
    REMITTANCE,
    REMITTANCE_HEADER,
    csv_text,
    faults,
    read,
    rows,
    with_cell,
    write_csv,
    write_xlsx,
)

BAD_CELLS = [
    (RollKind.MEMBERS, "党员编号", "", Reason.EMPTY),
    (RollKind.MEMBERS, "党员编号", "1.00000E+15", Reason.NUMBER_DAMAGED),
    (RollKind.MEMBERS, "姓名", "\u3000 ", Reason.EMPTY),
    (RollKind.MEMBERS, "姓名", "=HYPERLINK(1)", Reason.FORMULA),
    (RollKind.MEMBERS, "姓名", "＝1+1", Reason.FORMULA),
    (RollKind.MEMBERS, "姓名", "+张三", Reason.FORMULA),
    (RollKind.MEMBERS, "姓名", "-", Reason.FORMULA),
    (RollKind.MEMBERS, "党支部", "@SUM(A1)", Reason.FORMULA),
    (RollKind.MEMBERS, "党委", "长" * 101, Reason.TOO_LONG),
    (RollKind.MEMBERS, "基金", "苏州市", Reason.UNKNOWN_FUND),
    (RollKind.MEMBERS, "区(市)", "浦东新区", Reason.UNKNOWN_AREA),
    (RollKind.MEMBERS, "区(市)", "昆山市", Reason.AREA_NOT_IN_FUND),
    (RollKind.MEMBERS, "手机号", "0512-68000000", Reason.BAD_PHONE),
    (RollKind.MEMBERS, "手机号", "1.95E+10", Reason.NUMBER_DAMAGED),
    (RollKind.HOUSEHOLDS, "困难类别", "低保", Reason.UNKNOWN_CATEGORY),
    (RollKind.HOUSEHOLDS, "困难类别", "困难大学生", Reason.UNKNOWN_CATEGORY),
    (RollKind.HOUSEHOLDS, "家庭人口", "0", Reason.BAD_SIZE),
    (RollKind.HOUSEHOLDS, "家庭人口", "2.5", Reason.BAD_SIZE),
    (RollKind.HOUSEHOLDS, "家庭人口", "两三", Reason.BAD_SIZE),
    (RollKind.HOUSEHOLDS, "家庭人口", "多", Reason.BAD_SIZE),
    (RollKind.HOUSEHOLDS, "家庭人口", "51", Reason.BAD_SIZE),
    (RollKind.HOUSEHOLDS, "身份证号", "", Reason.EMPTY),
    (RollKind.HOUSEHOLDS, "身份证号", "99010519400805311", Reason.IDENTITY_FORM),
    (RollKind.HOUSEHOLDS, "身份证号", "990105194013053110", Reason.IDENTITY_DATE),
    (RollKind.HOUSEHOLDS, "身份证号", "990105201307053110", Reason.IDENTITY_FUTURE),
    (RollKind.HOUSEHOLDS, "身份证号", "990105194008053111", Reason.IDENTITY_CHECKSUM),
    (RollKind.HOUSEHOLDS, "身份证号", "9.90105E+17", Reason.NUMBER_DAMAGED),
    (RollKind.HOUSEHOLDS, "银行卡号", "", Reason.EMPTY),
    (RollKind.HOUSEHOLDS, "银行卡号", "6299995551503696132", Reason.CARD_CHECKSUM),
    (RollKind.HOUSEHOLDS, "银行卡号", "62999955515", Reason.BAD_CARD),
    (RollKind.HOUSEHOLDS, "银行卡号", "6.29999555150370E+18", Reason.NUMBER_DAMAGED),
    (RollKind.HOUSEHOLDS, "认定日期", "", Reason.EMPTY),
    (RollKind.HOUSEHOLDS, "认定日期", "6月7日", Reason.DATE_WITHOUT_YEAR),
    (RollKind.HOUSEHOLDS, "认定日期", "2012-02-30", Reason.BAD_DATE),
    (RollKind.HOUSEHOLDS, "认定日期", "20120230", Reason.BAD_DATE),
    (RollKind.HOUSEHOLDS, "认定日期", "5/31/2012", Reason.BAD_DATE),
    (RollKind.HOUSEHOLDS, "认定日期", "0012-05-31", Reason.BAD_DATE),
    (RollKind.REMITTANCE, "金额(元)", "", Reason.EMPTY),
    (RollKind.REMITTANCE, "金额(元)", "-100", Reason.AMOUNT_NEGATIVE),
    (RollKind.REMITTANCE, "金额(元)", "0", Reason.AMOUNT_ZERO),
    (RollKind.REMITTANCE, "金额(元)", "100.005", Reason.AMOUNT_TOO_FINE),
    (RollKind.REMITTANCE, "金额(元)", "100000001", Reason.AMOUNT_TOO_LARGE),
    (RollKind.REMITTANCE, "金额(元)", "一百左右", Reason.AMOUNT_UNREADABLE),
    (RollKind.REMITTANCE, "金额(元)", "=50+50", Reason.FORMULA),
    (RollKind.REMITTANCE, "捐款日期", "2012-06-21", Reason.DATE_IN_FUTURE),
    (RollKind.REMITTANCE, "方式", "工资代扣", Reason.PAYROLL_DEDUCTION),
]

GOOD_CELLS = [
    (RollKind.MEMBERS, "手机号", "+86 195-0000-7353", ("phone", "19500007353")),
    (RollKind.MEMBERS, "手机号", " ", ("phone", None)),
    (RollKind.MEMBERS, "姓名", "张　三", ("name", "张三")),
    (RollKind.MEMBERS, "党员编号", " ＤＹ１００ ", ("number", "DY100")),
    (RollKind.MEMBERS, "区(市)", "虎丘区", ("area", "高新区")),
    (RollKind.MEMBERS, "区(市)", "姑苏区", ("area", "姑苏区")),
    (RollKind.HOUSEHOLDS, "家庭人口", "三", ("size", 3)),
    (RollKind.HOUSEHOLDS, "家庭人口", "3人", ("size", 3)),
    (
        RollKind.HOUSEHOLDS,
        "身份证号",
        "９９０１０５１９４００８０５３１１０",
        ("identity_number", "990105194008053110"),
    ),
    (RollKind.HOUSEHOLDS, "身份证号", "110105491231002", ("identity_number", "11010519491231002X")),
    (RollKind.HOUSEHOLDS, "身份证号", "110105491231002", ("legacy_identity", True)),
    (RollKind.HOUSEHOLDS, "银行卡号", "6299 9955 5150 3696 131", ("card", "6299995551503696131")),
    (RollKind.HOUSEHOLDS, "银行卡号", "629999555151", ("card", "629999555151")),
    (RollKind.HOUSEHOLDS, "认定日期", "2012/5/31", ("determined_on", date(2012, 5, 31))),
    (RollKind.HOUSEHOLDS, "认定日期", "2012.5.31", ("determined_on", date(2012, 5, 31))),
    (RollKind.HOUSEHOLDS, "认定日期", "2012年5月31日", ("determined_on", date(2012, 5, 31))),
    (RollKind.HOUSEHOLDS, "认定日期", "２０１２－０５－３１", ("determined_on", date(2012, 5, 31))),
    (RollKind.HOUSEHOLDS, "认定日期", "2012-05-31 00:00:00", ("determined_on", date(2012, 5, 31))),
    (RollKind.HOUSEHOLDS, "认定日期", "2012/5/31 0:00", ("determined_on", date(2012, 5, 31))),
    (RollKind.HOUSEHOLDS, "认定日期", "20120531", ("determined_on", date(2012, 5, 31))),
    (RollKind.HOUSEHOLDS, "认定日期", "41060", ("determined_on", date(2012, 5, 31))),
    (RollKind.REMITTANCE, "捐款日期", "2012-06-20", ("given_on", date(2012, 6, 20))),
]


@pytest.mark.parametrize(("kind", "column", "cell", "reason"), BAD_CELLS)
def test_a_bad_cell_is_named_by_row_column_and_reason(
    tmp_path: Path, kind: RollKind, column: str, cell: str, reason: Reason
) -> None:
    path = write_csv(tmp_path, HEADERS[kind][0], with_cell(kind, column, cell))
    assert faults(path, kind) == [(2, column, reason)]


@pytest.mark.parametrize(("kind", "column", "cell", "expected"), GOOD_CELLS)
def test_cells_are_forgiven_and_made_plain(
    tmp_path: Path, kind: RollKind, column: str, cell: str, expected: tuple[str, object]
) -> None:
    path = write_csv(tmp_path, HEADERS[kind][0], with_cell(kind, column, cell))
    (row,) = rows(path, kind)
    field, value = expected
    assert getattr(row, field) == value


def test_an_account_column_asks_for_no_check_digit(tmp_path: Path) -> None:
    header = ["银行账号" if name == "银行卡号" else name for name in HOUSEHOLD_HEADER]
    path = write_csv(tmp_path, header, with_cell(RollKind.HOUSEHOLDS, "银行卡号", "6299995551503696132"))
    assert len(rows(path, RollKind.HOUSEHOLDS)) == 1


def test_all_faults_of_a_row_are_reported_and_the_row_is_not_taken(tmp_path: Path) -> None:
    bad = ["", "=1", "吴县市", "昆山市", "党委", "支部", "12"]
    path = write_csv(tmp_path, MEMBER_HEADER, bad, MEMBER)
    assert faults(path, RollKind.MEMBERS) == [
        (2, "党员编号", Reason.EMPTY),
        (2, "姓名", Reason.FORMULA),
        (2, "基金", Reason.UNKNOWN_FUND),
        (2, "手机号", Reason.BAD_PHONE),
    ]
    assert [type(item) for item in read(path, RollKind.MEMBERS)][4:] == [MemberRow]


def test_cells_beyond_the_columns_mean_that_a_row_has_slipped(tmp_path: Path) -> None:
    path = write_csv(tmp_path, MEMBER_HEADER, [*MEMBER, "slipped"])
    assert faults(path, RollKind.MEMBERS) == [(2, "", Reason.EXTRA_CELLS)]
    path = write_csv(tmp_path, MEMBER_HEADER[:6], [*MEMBER[:6], "slipped"])
    assert faults(path, RollKind.MEMBERS) == [(2, "", Reason.EXTRA_CELLS)]


@pytest.mark.parametrize("below", [[], [["", " "], [""]]])
def test_headers_without_a_row_are_an_empty_file(tmp_path: Path, below: list[list[str]]) -> None:
    with pytest.raises(FileRefused, match="empty"):
        read(write_csv(tmp_path, MEMBER_HEADER, *below), RollKind.MEMBERS)


def test_a_number_taken_and_a_row_repeated_are_told_apart(tmp_path: Path) -> None:
    path = write_csv(tmp_path, MEMBER_HEADER, [], MEMBER, [*MEMBER[:1], "别人", *MEMBER[2:]], MEMBER, OTHER_MEMBER)
    found = [item for item in read(path, RollKind.MEMBERS) if isinstance(item, RowFault)]
    assert found == [
        RowFault(4, "党员编号", Reason.KEY_TAKEN, "3"),
        RowFault(5, "党员编号", Reason.REPEATED_ROW, "3"),
    ]


def test_a_row_with_a_fault_still_holds_its_number(tmp_path: Path) -> None:
    faulty = [*MEMBER[:6], "12"]
    path = write_csv(tmp_path, MEMBER_HEADER, faulty, MEMBER, faulty)
    assert faults(path, RollKind.MEMBERS) == [
        (2, "手机号", Reason.BAD_PHONE),
        (3, "党员编号", Reason.KEY_TAKEN),
        (4, "手机号", Reason.BAD_PHONE),
        (4, "党员编号", Reason.REPEATED_ROW),
    ]


def test_numbers_that_cannot_be_read_clash_with_nothing(tmp_path: Path) -> None:
    path = write_csv(tmp_path, MEMBER_HEADER, ["", *MEMBER[1:]], ["", *OTHER_MEMBER[1:]])
    assert faults(path, RollKind.MEMBERS) == [(2, "党员编号", Reason.EMPTY), (3, "党员编号", Reason.EMPTY)]


def test_a_column_of_ever_new_words_is_not_remembered_without_end() -> None:
    remembered = Remembered(str.upper)
    for number in range(10_100):
        assert remembered[f"a{number}"] == f"A{number}"
    assert len(remembered) == 10_000


def test_one_person_and_one_account_stand_in_one_household(tmp_path: Path) -> None:
    again = ["HU200001", *HOUSEHOLD[1:]]
    path = write_csv(tmp_path, HOUSEHOLD_HEADER, HOUSEHOLD, again)
    assert faults(path, RollKind.HOUSEHOLDS) == [
        (3, "身份证号", Reason.IDENTITY_TAKEN),
        (3, "银行卡号", Reason.CARD_TAKEN),
    ]


def test_the_old_and_the_new_form_of_a_number_are_one_person(tmp_path: Path) -> None:
    new = with_cell(RollKind.HOUSEHOLDS, "身份证号", "11010519491231002x")
    old = ["HU200001", "谭娜", "110105491231002", *HOUSEHOLD[3:10], "6299996914276127412", *HOUSEHOLD[11:]]
    path = write_csv(tmp_path, HOUSEHOLD_HEADER, new, old)
    assert faults(path, RollKind.HOUSEHOLDS) == [(3, "身份证号", Reason.IDENTITY_TAKEN)]


def test_a_member_may_give_twice_but_the_same_line_is_not_a_second_gift(tmp_path: Path) -> None:
    other_day = with_cell(RollKind.REMITTANCE, "捐款日期", "2012-06-06")
    path = write_csv(tmp_path, REMITTANCE_HEADER, REMITTANCE, other_day, REMITTANCE)
    items = read(path, RollKind.REMITTANCE)
    assert [type(item) for item in items] == [RemittanceRow, RemittanceRow, RowFault]
    assert items[2] == RowFault(4, "党员编号", Reason.REPEATED_ROW, "2")


def test_numbers_that_a_workbook_damaged(tmp_path: Path) -> None:
    cells: list[object] = list(HOUSEHOLD)
    cells[2], cells[10] = 990105194008053110.0, 6299995551503696131.0
    path = write_xlsx(tmp_path, list(HOUSEHOLD_HEADER), cells)
    assert faults(path, RollKind.HOUSEHOLDS) == [
        (2, "身份证号", Reason.NUMBER_DAMAGED),
        (2, "银行卡号", Reason.NUMBER_DAMAGED),
    ]


def test_rows_show_nothing_of_the_people_in_them(tmp_path: Path) -> None:
    (row,) = rows(write_csv(tmp_path, HOUSEHOLD_HEADER, HOUSEHOLD), RollKind.HOUSEHOLDS)
    assert isinstance(row, HouseholdRow)
    assert "谭娜" not in repr(row)
    assert "990105" not in repr(row)


cell_texts = st.one_of(
    st.sampled_from([cell for _, _, cell, _ in BAD_CELLS] + MEMBER + HOUSEHOLD + REMITTANCE),
    st.text(max_size=12),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(list(HEADERS)), st.lists(st.lists(cell_texts, max_size=16), max_size=6))
def test_any_rows_under_a_header_are_rows_or_faults_without_personal_numbers(
    tmp_path: Path, kind: RollKind, table: list[list[str]]
) -> None:
    header = HEADERS[kind][0]
    quoted = [['"' + cell.replace('"', '""') + '"' for cell in row] for row in table]
    path = tmp_path / "roll.csv"
    path.write_bytes(csv_text(header, *quoted).encode("utf-8", errors="replace"))
    try:
        items = read(path, kind)
    except FileRefused:
        return
    for item in items:
        assert isinstance(item, Row | RowFault)
        if isinstance(item, RowFault):
            assert item.column in {*header, ""}
            assert not re.search(r"[0-9]{4}", item.hint or "")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.text(max_size=200).map(str.encode), st.binary(max_size=200)))
def test_any_file_is_refused_or_read(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "roll.csv"
    path.write_bytes(content)
    for kind in RollKind:
        try:
            recognise(path)
            read(path, kind)
        except FileRefused:
            continue

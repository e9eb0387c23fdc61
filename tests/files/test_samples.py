"""The offices' sample files: the clean ones come in whole, the messy ones give a report that a clerk can act on."""

from datetime import date

import pytest

from carefund_bot.domain.money import Money
from carefund_bot.files.faults import Reason
from carefund_bot.files.rolls import (
    FileReason,
    FileRefused,
    HouseholdRow,
    MemberRow,
    RemittanceRow,
    RollKind,
    RowFault,
    StudentRow,
    recognise,
)
from tests.files.tables import SAMPLES, faults, read, rows

FILES = {
    RollKind.MEMBERS: ("members.csv", 120),
    RollKind.HOUSEHOLDS: ("households.csv", 80),
    RollKind.STUDENTS: ("students.csv", 12),
    RollKind.REMITTANCE: ("branch_remittance.csv", 113),
}


@pytest.mark.parametrize(("kind", "name", "count"), [(kind, *file) for kind, file in FILES.items()])
def test_clean_files_come_in_without_a_fault(kind: RollKind, name: str, count: int) -> None:
    path = SAMPLES / "clean" / name
    assert recognise(path) is kind
    taken = rows(path, kind)
    assert [row.row for row in taken] == list(range(2, count + 2))


def test_the_fields_of_clean_rows() -> None:
    clean = SAMPLES / "clean"
    assert rows(clean / "members.csv", RollKind.MEMBERS)[0] == MemberRow(
        2, "DY100000", "付平红", "苏州市级", "金阊区", "金阊区示例第1党委", "第5党支部", "19600003409"
    )
    assert rows(clean / "households.csv", RollKind.HOUSEHOLDS)[0] == HouseholdRow(
        row=2,
        number="HU200000",
        name="谭娜",
        identity_number="990105194008053110",
        category="低保边缘户",
        size=2,
        fund="张家港市",
        area="张家港市",
        town="南浜街道",
        community="菊花社区",
        bank="江南示例银行",
        card="6299995551503696131",
        phone="19500002128",
        source="民政局",
        determined_on=date(2012, 5, 31),
    )
    assert rows(clean / "students.csv", RollKind.STUDENTS)[0] == StudentRow(
        row=2,
        number="XS300000",
        name="戴强梅",
        identity_number="990105198906051473",
        school="苏州示例大学",
        student_no="201000000",
        bank="江南示例银行",
        card="6299994278172314165",
        phone="19200009977",
        determined_on=date(2012, 10, 31),
    )
    assert rows(clean / "branch_remittance.csv", RollKind.REMITTANCE)[0] == RemittanceRow(
        2, "DY100000", "付平红", "苏州市级", "金阊区示例第1党委", "第5党支部", Money.yuan(100), date(2012, 6, 5), "现金"
    )


def test_messy_members() -> None:
    path = SAMPLES / "messy" / "members.csv"
    assert faults(path, recognise(path)) == [
        (8, "党员编号", Reason.KEY_TAKEN),
        (9, "基金", Reason.UNKNOWN_FUND),
        (42, "党员编号", Reason.REPEATED_ROW),
    ]
    read_items = read(path, RollKind.MEMBERS)
    assert [item.hint for item in read_items if isinstance(item, RowFault)] == [
        "7",
        "苏州市级、张家港市、常熟市、太仓市、昆山市、吴江市",
        "10",
    ]
    taken = {item.row: item for item in read_items if isinstance(item, MemberRow)}
    assert taken[5].name == "邱雪"
    assert taken[6].phone == "19500007353"
    assert len(taken) == 38


def test_messy_households() -> None:
    path = SAMPLES / "messy" / "households.csv"
    assert faults(path, recognise(path)) == [
        (5, "身份证号码", Reason.IDENTITY_CHECKSUM),
        (6, "困难类别", Reason.UNKNOWN_CATEGORY),
        (8, "社会保障卡号", Reason.CARD_TAKEN),
        (10, "身份证号码", Reason.IDENTITY_TAKEN),
        (14, "户主姓名", Reason.EMPTY),
        (15, "户编号", Reason.FORMULA),
    ]
    taken = {item.row: item for item in read(path, RollKind.HOUSEHOLDS) if isinstance(item, HouseholdRow)}
    assert taken[4].identity_number == "990105195510117858"
    assert taken[11].determined_on == taken[12].determined_on == date(2012, 5, 31)
    assert taken[13].size == 3


def test_messy_students_are_only_in_another_encoding() -> None:
    path = SAMPLES / "messy" / "students.csv"
    assert recognise(path) is RollKind.STUDENTS
    assert len(rows(path, RollKind.STUDENTS)) == 6


def test_messy_remittance() -> None:
    path = SAMPLES / "messy" / "branch_remittance.csv"
    assert faults(path, recognise(path)) == [
        (6, "金额(元)", Reason.AMOUNT_NEGATIVE),
        (7, "金额(元)", Reason.AMOUNT_TOO_FINE),
        (8, "捐款日期", Reason.DATE_WITHOUT_YEAR),
    ]
    taken = {item.row: item for item in read(path, RollKind.REMITTANCE) if isinstance(item, RemittanceRow)}
    assert taken[4].amount == Money.yuan(1000)
    assert taken[5].amount == Money.yuan(100)


@pytest.mark.parametrize("folder", ["clean", "messy"])
def test_a_bank_statement_is_no_roll(folder: str) -> None:
    with pytest.raises(FileRefused) as refusal:
        recognise(SAMPLES / folder / "bank_statement.csv")
    assert refusal.value.reason is FileReason.BANK_STATEMENT

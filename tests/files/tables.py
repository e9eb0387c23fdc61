"""Small tables for the tests of files. Everybody in them is invented."""

from datetime import date
from pathlib import Path

from openpyxl import Workbook

from carefund_bot.files.faults import Reason
from carefund_bot.files.rolls import RollKind, Row, RowFault, read_roll

TODAY = date(2012, 6, 20)
SAMPLES = Path(__file__).parents[2] / "demo" / "samples"

MEMBER_HEADER = ["党员编号", "姓名", "基金", "区(市)", "党委", "党支部", "手机号"]
MEMBER = ["DY100000", "吕斌", "苏州市级", "平江区", "平江区示例第1党委", "第1党支部", "19100007104"]
OTHER_MEMBER = ["DY100001", "邱涛", "吴江市", "吴江市", "吴江市示例第3党委", "第1党支部", ""]

HOUSEHOLD_HEADER = [
    *["户编号", "户主姓名", "身份证号", "困难类别", "家庭人口", "基金", "区(市)", "街道(镇)", "社区(村)"],
    *["开户行", "银行卡号", "手机号", "名册来源", "认定日期"],
]
HOUSEHOLD = [
    *["HU200000", "谭娜", "990105194008053110", "低保边缘户", "2", "张家港市", "张家港市", "南浜街道", "菊花社区"],
    *["江南示例银行", "6299995551503696131", "19500002128", "民政局", "2012-05-31"],
]
REMITTANCE_HEADER = ["党员编号", "姓名", "基金", "党委", "党支部", "金额(元)", "捐款日期", "方式"]
REMITTANCE = ["DY100000", "吕斌", "苏州市级", "平江区示例第1党委", "第1党支部", "100", "2012-06-05", "现金"]

HEADERS = {
    RollKind.MEMBERS: (MEMBER_HEADER, MEMBER),
    RollKind.HOUSEHOLDS: (HOUSEHOLD_HEADER, HOUSEHOLD),
    RollKind.REMITTANCE: (REMITTANCE_HEADER, REMITTANCE),
}


def with_cell(kind: RollKind, column: str, cell: str) -> list[str]:
    """The sample row of a kind with one cell changed."""
    header, row = HEADERS[kind]
    return [cell if name == column else kept for name, kept in zip(header, row, strict=True)]


def csv_text(*rows: list[str], delimiter: str = ",", line_end: str = "\r\n") -> str:
    return "".join(delimiter.join(row) + line_end for row in rows)


def write_csv(folder: Path, *rows: list[str], encoding: str = "utf-8") -> Path:
    path = folder / "roll.csv"
    path.write_bytes(csv_text(*rows).encode(encoding))
    return path


def write_xlsx(folder: Path, *rows: list[object]) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    path = folder / "roll.xlsx"
    book.save(path)
    return path


def read(path: Path, kind: RollKind, today: date = TODAY) -> list[Row | RowFault]:
    return list(read_roll(path, kind, today=today))


def faults(path: Path, kind: RollKind, today: date = TODAY) -> list[tuple[int, str, Reason]]:
    return [(item.row, item.column, item.reason) for item in read(path, kind, today) if isinstance(item, RowFault)]


def rows(path: Path, kind: RollKind, today: date = TODAY) -> list[Row]:
    """The rows of a file that has no faults."""
    taken = []
    for item in read(path, kind, today):
        assert not isinstance(item, RowFault), item
        taken.append(item)
    return taken

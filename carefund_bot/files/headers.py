"""Which column of a table is which: the names that offices use, and what is missing, twice there or not known."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from carefund_bot.domain.people import clean_cell
from carefund_bot.domain.spoken import FULL_WIDTH
from carefund_bot.files.faults import FileReason, FileRefused


class RollKind(StrEnum):
    """What a file lists."""

    MEMBERS = "members"
    HOUSEHOLDS = "households"
    STUDENTS = "students"
    REMITTANCE = "remittance"


@dataclass(frozen=True, slots=True)
class Column:
    """A field of a row, the header that the samples give it, and other headers seen for it."""

    field: str
    name: str
    others: tuple[str, ...] = ()
    required: bool = True


_MEMBER_NUMBER = Column("number", "党员编号", ("党员编码", "党员号"))
_NAME = Column("name", "姓名", ("党员姓名", "学生姓名", "捐款人"))
_FUND = Column("fund", "基金", ("所属基金", "基金名称"))
_AREA = Column("area", "区(市)", ("区", "市区", "区市", "区/市", "所在区", "所属区(市)", "区县"))
_COMMITTEE = Column("committee", "党委", ("所属党委", "党委名称", "党(工)委"))
_BRANCH = Column("branch", "党支部", ("支部", "所在党支部", "所属党支部", "党支部名称"))
_PHONE = Column("phone", "手机号", ("手机号码", "手机", "联系电话", "电话", "联系方式"), required=False)
_IDENTITY = Column("identity_number", "身份证号", ("身份证号码", "身份证", "公民身份号码", "居民身份证号"))
_BANK = Column("bank", "开户行", ("开户银行", "银行", "银行名称", "开户行名称"))
_CARD = Column("card", "银行卡号", ("社会保障卡号", "社保卡号", "卡号", "银行账号", "银行帐号", "账号", "帐号"))
_DETERMINED_ON = Column("determined_on", "认定日期", ("认定时间", "审批日期", "批准日期"))

COLUMNS: dict[RollKind, tuple[Column, ...]] = {
    RollKind.MEMBERS: (_MEMBER_NUMBER, _NAME, _FUND, _AREA, _COMMITTEE, _BRANCH, _PHONE),
    RollKind.HOUSEHOLDS: (
        Column("number", "户编号", ("家庭编号", "户号", "家庭户编号")),
        Column("name", "户主姓名", ("户主", "姓名", "申请人", "申请人姓名")),
        _IDENTITY,
        Column("category", "困难类别", ("类别", "困难类型", "对象类别", "救助类别")),
        Column("size", "家庭人口", ("家庭人口数", "人口数", "家庭人数", "人口", "共同生活人口")),
        _FUND,
        _AREA,
        Column("town", "街道(镇)", ("街道", "镇", "乡镇", "街道/镇", "街道(乡镇)", "乡镇(街道)", "镇(街道)")),
        Column("community", "社区(村)", ("社区", "村", "社区/村", "村(社区)", "村居")),
        _BANK,
        _CARD,
        _PHONE,
        Column("source", "名册来源", ("来源", "数据来源", "提供单位")),
        _DETERMINED_ON,
    ),
    RollKind.STUDENTS: (
        Column("number", "学生编号", ("学生编码",)),
        _NAME,
        _IDENTITY,
        Column("school", "学校", ("学校名称", "院校", "就读学校", "所在学校")),
        Column("student_no", "学号"),
        _BANK,
        _CARD,
        _PHONE,
        _DETERMINED_ON,
    ),
    RollKind.REMITTANCE: (
        _MEMBER_NUMBER,
        _NAME,
        _FUND,
        _COMMITTEE,
        _BRANCH,
        Column("amount", "金额(元)", ("金额", "捐款金额", "捐款金额(元)", "捐款数", "捐款额")),
        Column("given_on", "捐款日期", ("日期", "捐款时间", "缴款日期")),
        Column("channel", "方式", ("捐款方式", "缴款方式", "渠道")),
    ),
}
"""The order of the columns is the order of the fields of the row."""

PASSED_OVER = frozenset({"序号", "备注", ""})
"""Headers that every office adds and that hold nothing for the fund."""

_OF_A_STATEMENT = frozenset({"交易日期", "交易流水号", "流水号", "对方户名", "对方账号", "余额", "附言", "摘要"})
"""Headers of what a bank hands out: it is sent here by mistake, and its sender wants to know what to do instead."""

TOP_ROWS = 10
"""A title and remarks may stand above the header, within so many rows."""


@dataclass(frozen=True, slots=True)
class Heading:
    """Where the header of a roll stands (`row` from 1) and which cell is which field: parallel to COLUMNS[kind]."""

    kind: RollKind
    row: int
    width: int  # cells up to the last named column
    places: tuple[int, ...]  # `width`, just beyond, for an optional column that is not there
    names: tuple[str, ...]  # in the file's own words
    missing: tuple[str, ...]
    duplicate: tuple[str, ...]
    unknown: tuple[str, ...]

    def name_of(self, field: str) -> str:
        """The file's own header of a field; empty for a field that this kind of roll has not."""
        return dict(zip((column.field for column in COLUMNS[self.kind]), self.names, strict=True)).get(field, "")

    @property
    def troubles(self) -> int:
        return len(self.missing) + len(self.duplicate) + len(self.unknown)


def find_heading(top: Iterable[Sequence[str]], kinds: Iterable[RollKind]) -> Heading:
    """The row among the first ones that fits one of the kinds best; FileRefused names the columns that do not fit."""
    rows = [(number, row) for number, row in enumerate(top, 1) if any(map(str.strip, row))]
    if not rows:
        raise FileRefused(FileReason.EMPTY)
    headings = [heading for kind in kinds for number, row in rows if (heading := _heading(kind, number, row))]
    if not headings:
        is_statement = any(len(_OF_A_STATEMENT & set(map(plain_header, row))) > 1 for _, row in rows)
        raise FileRefused(FileReason.BANK_STATEMENT if is_statement else FileReason.UNKNOWN_KIND)
    best = min(headings, key=lambda heading: heading.troubles)
    _refuse_troubles(best)
    return best


def _refuse_troubles(heading: Heading) -> None:
    for reason, columns in (
        (FileReason.MISSING_COLUMNS, heading.missing),
        (FileReason.DUPLICATE_COLUMNS, heading.duplicate),
        (FileReason.UNKNOWN_COLUMNS, heading.unknown),
    ):
        if columns:
            raise FileRefused(reason, "、".join(columns))


def _heading(kind: RollKind, number: int, row: Sequence[str]) -> Heading | None:
    """None where not even half of the needed columns are there: then this row is no header of that kind."""
    names = [plain_header(cell) for cell in row]
    columns = COLUMNS[kind]
    found = [_places_of(column, names) for column in columns]
    needed = [bool(places) for column, places in zip(columns, found, strict=True) if column.required]
    if sum(needed) * 2 < len(needed):
        return None
    width = max(place for place, name in enumerate(names, 1) if name)
    taken = {place for places in found for place in places}
    return Heading(
        kind=kind,
        row=number,
        width=width,
        places=tuple(places[0] if places else width for places in found),
        names=tuple(
            clean_cell(row[places[0]]) if places else column.name for column, places in zip(columns, found, strict=True)
        ),
        missing=tuple(
            column.name for column, places in zip(columns, found, strict=True) if column.required and not places
        ),
        duplicate=tuple(_repeated(column, names) for column, places in zip(columns, found, strict=True) if places[1:]),
        unknown=tuple(
            clean_cell(row[place]) for place, name in enumerate(names) if place not in taken and name not in PASSED_OVER
        ),
    )


def _places_of(column: Column, names: Sequence[str]) -> list[int]:
    """Everywhere the column stands, under any of its names."""
    known = (column.name, *column.others)
    return [place for place, name in enumerate(names) if name in known]


def _repeated(column: Column, names: Sequence[str]) -> str:
    seen = Counter(name for name in names if name in (column.name, *column.others))
    return "/".join(seen)


def plain_header(cell: str) -> str:
    """A header without blanks, marks of duty and full-width forms: "区（市） ＊" is 区(市)."""
    return "".join(clean_cell(cell.translate(FULL_WIDTH)).split()).strip("*:")

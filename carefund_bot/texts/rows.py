"""What is wrong with a file or with a row of it, and what to do: by row and column, never with a personal number."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from markupsafe import Markup

from carefund_bot.files.faults import FileReason, FileRefused, Reason, RowFault
from carefund_bot.texts.words import Words


def file_refused(words: Words, refusal: FileRefused) -> Markup:
    """Why a whole file cannot be taken, and what would do."""
    detail = refusal.detail
    return {
        FileReason.EMPTY: words("这个文件是空的。请检查后重新发一次。"),
        FileReason.NOT_A_TABLE: words("这不是表格。请发 Excel（.xlsx）或 CSV 文件。"),
        FileReason.OLD_EXCEL: words(
            "这是旧版 Excel（.xls）或加了密码的文件，打不开。请去掉密码，另存为 .xlsx 再发一次。"
        ),
        FileReason.DAMAGED: words("这个文件打不开，可能没有传完整。请在电脑上打开看看，另存一份再发。"),
        FileReason.TOO_BIG: words("文件太大了。请按区或按基金分成几份发来。"),
        FileReason.TOO_MANY_ROWS: words("行数太多了。请按区或按基金分成几份发来。"),
        FileReason.UNREADABLE_ENCODING: words("文件里的文字读不出来。请用 Excel 另存为 .xlsx 再发一次。"),
        FileReason.BROKEN_QUOTES: words("第 {line} 行附近的引号不成对，后面的内容分不清列。请改好再发。", line=detail),
        FileReason.SEVERAL_SHEETS: words(
            "这个文件有几张工作表（{sheets}），不知道用哪一张。请只留一张再发。", sheets=detail
        ),
        FileReason.UNKNOWN_KIND: words(
            "看不出这是哪种名册：表头对不上。党员名册要有“党员编号、姓名、基金、区（市）、党委、党支部”，"
            "家庭名册要有“户编号、户主姓名、身份证号”，学生名册要有“学生编号、学校、学号”，"
            "捐款清单要有“党员编号、金额、捐款日期”等列。"
        ),
        FileReason.BANK_STATEMENT: words(
            "这是银行流水，不是名册，还不能直接导入。支部交来的钱，请发支部的捐款清单；单笔的，请点“登记捐款”。"
        ),
        FileReason.MISSING_COLUMNS: words("表头里少了这些列：{columns}。请补上再发。", columns=detail),
        FileReason.DUPLICATE_COLUMNS: words("表头里有重复的列：{columns}。请每列只留一个。", columns=detail),
        FileReason.UNKNOWN_COLUMNS: words(
            "表头里有不认识的列：{columns}。请删掉，或改成模板里的名字。", columns=detail
        ),
    }[refusal.reason]


def fault(words: Words, wrong: RowFault) -> Markup:
    """One line: row, column, what is wrong, what to do."""
    if not wrong.column:
        return words("第 {row} 行：{reason}", row=wrong.row, reason=reason(words, wrong))
    return words("第 {row} 行“{column}”：{reason}", row=wrong.row, column=wrong.column, reason=reason(words, wrong))


def faults(words: Words, wrong: Sequence[RowFault], *, rows_named: int) -> list[Markup]:
    """One line for all the rows that have the same wrong in the same column: so that a few others are not drowned."""
    alike: dict[tuple[str, Reason, str | None], list[RowFault]] = {}
    for each in wrong:
        alike.setdefault((each.column, each.reason, each.hint), []).append(each)
    return [_line(words, group, rows_named) for group in alike.values()]


def _line(words: Words, alike: list[RowFault], rows_named: int) -> Markup:
    first = alike[0]
    if len(alike) == 1:
        return fault(words, first)
    where = rows_where(words, [each.row for each in alike], rows_named=rows_named)
    if not first.column:
        return words("{where}：{reason}", where=where, reason=reason(words, first))
    return words("{where}“{column}”：{reason}", where=where, column=first.column, reason=reason(words, first))


def rows_where(words: Words, rows: Sequence[int], *, rows_named: int) -> Markup:
    """第 2、5 行; of many the first, and how many they are."""
    named = words("、").join(map(str, rows[:rows_named]))
    if len(rows) == 1:
        return words("第 {row} 行", row=named)
    if len(rows) <= rows_named:
        return words("第 {rows} 行", rows=named)
    return words("第 {rows} 等 {count} 行", rows=named, count=f"{len(rows):,}")


def reason(words: Words, wrong: RowFault) -> Markup:
    """What is wrong with a cell and what to do about it."""
    return _reason(words, wrong.reason, wrong.hint or "")


@lru_cache(maxsize=1_000)
def _reason(words: Words, reason: Reason, hint: str) -> Markup:
    """Remembered: a report of a thousand rows has few different sentences, and they are worded while others wait."""
    return (_of_cell(words, hint) | _of_number(words) | _of_amount(words) | _of_roll(words, hint))[reason]


def _of_cell(words: Words, hint: str) -> dict[Reason, Markup]:
    return {
        Reason.EMPTY: words("没有填。请补上。"),
        Reason.FORMULA: words("像是公式，不是文字。请改成这一格本来的内容，开头不要有 = + - @。"),
        Reason.TOO_LONG: words("太长了，可能串了列。请核对。"),
        Reason.EXTRA_CELLS: words("最后一列后面还有内容，可能多了逗号或串了列。请核对。"),
        Reason.UNKNOWN_FUND: words("没有这个基金。请从这几个里选：{choices}。", choices=hint),
        Reason.UNKNOWN_AREA: words("没有这个区（市）。请从这几个里选：{choices}。", choices=hint),
        Reason.AREA_NOT_IN_FUND: words("这个区（市）属于“{fund}”基金，和“基金”一列对不上。请核对。", fund=hint),
        Reason.UNKNOWN_CATEGORY: words("困难类别要写全称：{choices}。", choices=hint),
        Reason.BAD_SIZE: words("家庭人口要写 1 到 50 的整数，例如 3。"),
        Reason.BAD_DATE: words("日期看不明白。请写成 2012-05-31 这样。"),
        Reason.DATE_WITHOUT_YEAR: words("日期没有写年份。请写成 2012-05-31 这样。"),
        Reason.DATE_IN_FUTURE: words("日期还没到。请核对。"),
    }


def _of_number(words: Words) -> dict[Reason, Markup]:
    return {
        Reason.NUMBER_DAMAGED: words("长号码被 Excel 变成了科学计数，后几位已经丢了。请把这一列设成“文本”，再重新填。"),
        Reason.BAD_PHONE: words("不是 11 位手机号。请核对；没有就空着。"),
        Reason.BAD_CARD: words("不是 12 到 19 位的卡号或账号。请核对。"),
        Reason.CARD_CHECKSUM: words("卡号对不上校验位，可能抄错了一位。请照卡核对。"),
        Reason.IDENTITY_FORM: words("身份证号要 18 位（老证 15 位）。请照证件核对。"),
        Reason.IDENTITY_DATE: words("身份证号里的出生日期不存在。请照证件核对。"),
        Reason.IDENTITY_FUTURE: words("身份证号里的出生日期还没到。请照证件核对。"),
        Reason.IDENTITY_CHECKSUM: words("身份证号对不上校验位，可能抄错了一位。请照证件核对。"),
    }


def _of_amount(words: Words) -> dict[Reason, Markup]:
    return {
        Reason.AMOUNT_UNREADABLE: words("金额看不明白。请写成 100 或 100.50 这样。"),
        Reason.AMOUNT_NEGATIVE: words("金额不能是负数。要更正以前的记录，请单独办冲正。"),
        Reason.AMOUNT_ZERO: words("金额是 0。没有捐款的人请不要列。"),
        Reason.AMOUNT_TOO_FINE: words("金额最多到分（两位小数）。请核对。"),
        Reason.AMOUNT_TOO_LARGE: words("金额太大，像是多写了几位。请核对。"),
        Reason.PAYROLL_DEDUCTION: words("捐款全凭自愿，工资代扣的不能收。请退给本人，由本人自己决定。"),
    }


def _of_roll(words: Words, hint: str) -> dict[Reason, Markup]:
    return {
        Reason.REPEATED_ROW: words("和第 {first} 行一模一样。请删掉一行。", first=hint),
        Reason.KEY_TAKEN: words("编号和第 {first} 行一样，内容却不同。请核对哪一行是对的。", first=hint),
        Reason.IDENTITY_TAKEN: words("身份证号和第 {first} 行一样。一个人只能在一户里，请核对。", first=hint),
        Reason.CARD_TAKEN: words("卡号和第 {first} 行一样。一个账户只能收一户的钱，请核对。", first=hint),
        Reason.NOT_YOUR_FUND: words("属于“{fund}”，不归您这边管。请从文件里删掉，交给那边导入。", fund=hint),
        Reason.NUMBER_ON_OTHER_ROLL: words("这个编号在另一种名册里已经用了（家庭和学生不能同号）。请换一个编号。"),
        Reason.NUMBER_IN_OTHER_HANDS: words("这个编号还在别的基金或别的区的名册上。请先由那边办退出，您这边再导入。"),
        Reason.IDENTITY_ON_ROLL: words(
            "名册上编号 {other} 的身份证号和这一行一样。请查清是不是同一个人：若是换了编号，先让旧编号退出，再导入新的。",
            other=hint,
        ),
        Reason.CARD_ON_ROLL: words(
            "名册上编号 {other} 的卡号和这一行一样。一个账户只能收一户的钱，请向社区核实后改正。", other=hint
        ),
    }

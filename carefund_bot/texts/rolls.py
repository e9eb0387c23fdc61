"""Importing a roll: what to send, how far it is, what it would change, what became of it."""

from __future__ import annotations

from markupsafe import Markup

from carefund_bot.domain.funds import FUND_BY_CODE
from carefund_bot.domain.rolls import Counts, total
from carefund_bot.files.headers import COLUMNS, RollKind
from carefund_bot.services.rolls import Preview
from carefund_bot.texts import rows
from carefund_bot.texts.words import Words, joined

FAULTS_SHOWN = 8
_ROWS_NAMED = 10


def summary(words: Words) -> Markup:
    return words("导入党员、家庭、学生名册")


def label(words: Words) -> Markup:
    return words("导入名册")


def kind_name(words: Words, kind: RollKind) -> Markup:
    return {
        RollKind.MEMBERS: words("党员名册"),
        RollKind.HOUSEHOLDS: words("家庭名册"),
        RollKind.STUDENTS: words("学生名册"),
        RollKind.REMITTANCE: words("捐款清单"),
    }[kind]


def how_to_send(words: Words, kinds: tuple[RollKind, ...]) -> Markup:
    """Which file, with which headers."""
    return joined(
        words("<b>把名册文件直接发到这里</b>（Excel 的 .xlsx，或 CSV，20 MB 以内）"),
        words("第一行是表头，是哪种名册我自己认："),
        "",
        *(words("<b>{kind}</b>：{columns}", kind=kind_name(words, kind), columns=_columns(kind)) for kind in kinds),
        "",
        words("先给您看会变什么，您点了确认才生效。有一行不对就整份不动，改好再发。"),
    )


def _columns(kind: RollKind) -> str:
    return "、".join(column.name for column in COLUMNS[kind])


def progress(words: Words, kind: RollKind, done: int) -> Markup:
    return words("正在核对{kind}……已看 {done} 行", kind=kind_name(words, kind), done=f"{done:,}")


def nothing_changes(words: Words, preview: Preview) -> Markup:
    return words(
        "{kind}和现在的一模一样（{rows} 行），不用导入，什么也没有动。",
        kind=kind_name(words, preview.kind),
        rows=f"{preview.rows:,}",
    )


def refused(words: Words, preview: Preview) -> Markup:
    """The report for a chat: what is wrong, in which rows, and what to do."""
    lines = rows.faults(words, preview.faults, rows_named=FAULTS_SHOWN)[:FAULTS_SHOWN]
    return _refused(words, preview, lines, words("每一行都在下面的文件里。") if has_report(preview) else None)


def has_report(preview: Preview) -> bool:
    """Whether a file must name the rows, as the message cannot."""
    return len(preview.faults) > FAULTS_SHOWN


def refused_at_length(words: Words, preview: Preview, shown: int) -> Markup:
    """The report for a terminal: row by row."""
    lines = [rows.fault(words, fault) for fault in preview.faults[:shown]]
    more = len(preview.faults) - len(lines)
    return _refused(words, preview, lines, words("……还有 {more} 处。", more=f"{more:,}") if more else None)


def _refused(words: Words, preview: Preview, lines: list[Markup], rest: Markup | None) -> Markup:
    return joined(
        words(
            "<b>{kind}没有导入</b>：{rows} 行里有 {refused} 行要改。名册一点没动。",
            kind=kind_name(words, preview.kind),
            rows=f"{preview.rows:,}",
            refused=f"{preview.refused:,}",
        ),
        "",
        *(words("• {fault}", fault=line) for line in lines),
        rest,
        "",
        words("改好后把整份文件再发一次就行。"),
    )


def fault_file_name(words: Words) -> Markup:
    return words("要改的行.csv")


def fault_file_header(words: Words) -> list[Markup]:
    return [words("行"), words("列"), words("问题和办法")]


def preview(words: Words, shown: Preview) -> Markup:
    """What the file would do, by fund if there are several."""
    counts = shown.counts
    return joined(
        words("<b>{kind}：请核对</b>（{rows} 行）", kind=kind_name(words, shown.kind), rows=f"{shown.rows:,}"),
        "",
        *_count_lines(words, counts),
        *_by_fund(words, shown.by_fund),
        _legacy(words, shown.legacy_rows),
        _leaving_warning(words, shown.kind, counts.leaving),
        "",
        words("现在还没有生效。"),
    )


def _count_lines(words: Words, counts: Counts) -> list[Markup]:
    return [
        words("新增 <b>{count}</b>", count=f"{counts.new:,}"),
        words("更新 <b>{count}</b>", count=f"{counts.changed:,}"),
        words("不变 <b>{count}</b>", count=f"{counts.unchanged:,}"),
        words("退出 <b>{count}</b>", count=f"{counts.leaving:,}"),
    ]


def _by_fund(words: Words, by_fund: dict[str, Counts]) -> list[Markup]:
    if len(by_fund) < 2:
        return []
    return [
        Markup(),
        *(
            words(
                "{fund}：新增 {new}，更新 {changed}，不变 {unchanged}，退出 {leaving}",
                fund=fund_name(words, code),
                new=f"{counts.new:,}",
                changed=f"{counts.changed:,}",
                unchanged=f"{counts.unchanged:,}",
                leaving=f"{counts.leaving:,}",
            )
            for code, counts in by_fund.items()
        ),
    ]


def fund_name(words: Words, code: str) -> str:
    fund = FUND_BY_CODE[code]
    return fund.zh if words.is_chinese else fund.en


def _legacy(words: Words, legacy_rows: tuple[int, ...]) -> Markup | None:
    if not legacy_rows:
        return None
    named = "、".join(str(row) for row in legacy_rows[:_ROWS_NAMED]) + ("……" if len(legacy_rows) > _ROWS_NAMED else "")
    return words("这些行是 15 位的老身份证号，已换成 18 位，请抽空核对：第 {rows} 行", rows=named)


def _leaving_warning(words: Words, kind: RollKind, leaving: int) -> Markup | None:
    if not leaving:
        return None
    count = f"{leaving:,}"
    return joined(
        "",
        words("⚠️ 有 <b>{count}</b> 户现在在册，文件里却没有。", count=count)
        if kind is RollKind.HOUSEHOLDS
        else words("⚠️ 有 <b>{count}</b> 人现在在册，文件里却没有。", count=count),
        words("照名单更新，他们就算退出；要是文件只列了一部分，请选“不动其他人”。"),
    )


def apply_label(words: Words, kind: RollKind, counts: Counts) -> Markup:
    count = f"{counts.leaving:,}"
    if not counts.leaving:
        return words("确认导入")
    if kind is RollKind.HOUSEHOLDS:
        return words("照名单更新（{count} 户退出）", count=count)
    return words("照名单更新（{count} 人退出）", count=count)


def keep_missing_label(words: Words) -> Markup:
    return words("只新增和更新，不动其他人")


def cancel_label(words: Words) -> Markup:
    return words("先不导入")


def applied(words: Words, kind: RollKind, by_fund: dict[str, Counts]) -> Markup:
    counts = total(by_fund)
    return words(
        "✅ {kind}已更新：新增 {new}，更新 {changed}，不变 {unchanged}，退出 {leaving}。",
        kind=kind_name(words, kind),
        new=f"{counts.new:,}",
        changed=f"{counts.changed:,}",
        unchanged=f"{counts.unchanged:,}",
        leaving=f"{counts.leaving:,}",
    )


def cancelled(words: Words, kind: RollKind) -> Markup:
    return words("好的，{kind}没有导入，名册一点没动。", kind=kind_name(words, kind))


def overtaken(words: Words) -> Markup:
    """The roll has changed since the preview, or the preview has run out."""
    return words("预览之后名册又有了变化，这份预览作废了，什么也没有动。请把文件再发一次，看新的预览。")


def dry_run_over(words: Words) -> Markup:
    return words("这只是试看，什么也没有写。")

"""What the staff read at the desk: the work list, one case, its answer before it goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from markupsafe import Markup

from carefund_bot.clock import shanghai_time
from carefund_bot.domain.cases import URGENT, Case, CaseKind, CaseState, DeskCase, Line, Who
from carefund_bot.domain.funds import FUND_BY_CODE
from carefund_bot.domain.outgoing import Fault
from carefund_bot.texts.cases import kind_name, said
from carefund_bot.texts.notices import fault_line
from carefund_bot.texts.words import Words, joined

_LINES_SHOWN: Final = 8


def label(words: Words) -> Markup:
    return words("答复")


def summary(words: Words) -> Markup:
    return words("有人在等的问题")


def nothing_waits(words: Words) -> Markup:
    return words("现在没有人在等。👍")


def work_list(words: Words, shown: int, more: int) -> Markup:
    return joined(
        words.plural(
            "<b>{number} 件在等答复</b>，最急的在前：", "<b>{number} 件在等答复</b>，最急的在前：", shown + more
        ),
        words("下面先列 {shown} 件。", shown=shown) if more else None,
    )


def row_label(words: Words, item: DeskCase, now: int) -> Markup:
    """One case on a button."""
    return words(
        "{mark} {number} {kind} {due}",
        mark=_mark(item, now),
        number=item.case.id,
        kind=kind_name(words, item.case.kind),
        due=due(words, item.case.due_at),
    )


def _mark(item: DeskCase, now: int) -> str:
    if item.case.kind in URGENT:
        return "🆘"
    if item.case.due_at <= now:
        return "⏰"
    return "✍️" if item.standing.is_mine else "📩"


def due(words: Words, due_at: int) -> Markup:
    moment = shanghai_time(due_at)
    return words("{day} {time} 前", day=words.short_day(moment.date()), time=f"{moment:%H:%M}")


def who(words: Words, asker: Who) -> Markup:
    """Masked; the number is the roll's own."""
    if asker.subject is None:
        return words("没有绑定或不写名字的人")
    kind = {"member": words("党员"), "beneficiary": words("受助家庭或学生"), "staff": words("同事")}[asker.subject]
    parts = (part for part in (asker.masked_name, asker.number, asker.place) if part)
    return words("{kind} {parts}", kind=kind, parts=" · ".join(parts))


def card(words: Words, item: DeskCase) -> Markup:
    """One case with what was said."""
    case = item.case
    fund = FUND_BY_CODE[case.fund]
    return joined(
        words("<b>编号 {number}：{kind}</b>", number=case.id, kind=kind_name(words, case.kind)),
        who(words, item.who),
        words("{fund}，{due}答复", fund=fund.zh if words.is_chinese else fund.en, due=due(words, case.due_at))
        if case.waits_for_desk
        else Markup(fund.zh if words.is_chinese else fund.en),
        standing(words, item),
        None if item.language else words("⚠️ 对方现在收不到消息，请打电话或当面说。"),
        words("评分：{rating} / 5", rating=case.rating) if case.rating else None,
        *(_said(words, line) for line in case.lines[-_LINES_SHOWN:]),
    )


def standing(words: Words, item: DeskCase) -> Markup:
    """Who has it and what it waits for."""
    if item.case.state is CaseState.CLOSED:
        return words("已经办结")
    if item.case.state is CaseState.WAITING:
        return words("还没有人接")
    whose = words("在您手上") if item.standing.is_mine else words("{name} 在办", name=item.standing.holder or "")
    if item.case.state is CaseState.IN_HAND:
        return whose
    waits = words("等对方回话") if item.case.state is CaseState.ASKED_BACK else words("已经答复")
    return words("{whose}，{waits}", whose=whose, waits=waits)


def _said(words: Words, line: Line) -> Markup:
    moment = shanghai_time(line.at)
    who_said = words("我们") if line.by_desk else words("对方")
    return joined(
        words("{who} {day} {time}", who=who_said, day=words.short_day(moment.date()), time=f"{moment:%H:%M}"),
        said(words, line.said.words, line.said.photo),
    )


def claim_label(words: Words) -> Markup:
    return words("我来办")


def answer_label(words: Words) -> Markup:
    return words("答复")


def ask_back_label(words: Words) -> Markup:
    return words("再问一句")


def canned_label(words: Words) -> Markup:
    return words("常用答复")


def pass_label(words: Words) -> Markup:
    return words("转交")


def take_back_label(words: Words) -> Markup:
    """For an administrator: the colleague who has it cannot go on."""
    return words("收回来，谁都可以接")


def close_label(words: Words) -> Markup:
    return words("办结")


def photo_label(words: Words) -> Markup:
    return words("看照片")


def back_label(words: Words) -> Markup:
    return words("回到列表")


def write_answer(words: Words, number: int, *, asks_back: bool) -> Markup:
    if asks_back:
        return words("请写下要问编号 {number} 的话。对方看不到您是谁。", number=number)
    return words("请写下给编号 {number} 的答复。对方看不到您是谁。", number=number)


def unfit(words: Words, faults: Sequence[Fault]) -> Markup:
    """What stands where that must not; the text itself is not repeated."""
    return joined(
        words("<b>这段话还不能发：</b>"),
        *(fault_line(words, fault) for fault in faults),
        words("我们写给大家的话里从来没有这些。请改好再发给我。"),
    )


def answer_too_long(words: Words, limit: int) -> Markup:
    return words("太长了，老人家看不完。请写在 {limit} 个字以内。", limit=limit)


def only_words(words: Words) -> Markup:
    return words("答复只能发文字。请写给我。")


def preview(words: Words, text: str) -> Markup:
    return joined(words("对方会看到："), words("<blockquote>{text}</blockquote>", text=text))


def send_label(words: Words) -> Markup:
    return words("发给对方")


def rewrite_label(words: Words) -> Markup:
    return words("重写")


def sent(words: Words, item: DeskCase) -> Markup:
    return joined(words("✅ 发出了。"), "", card(words, item))


def pass_to_whom(words: Words) -> Markup:
    return words("转给谁？")


def put_back_label(words: Words) -> Markup:
    return words("放回去，谁都可以接")


def discipline_label(words: Words) -> Markup:
    return words("转给纪检")


def passed(words: Words, case: Case) -> Markup:
    return words("编号 {number} 已经转出，不在您手上了。", number=case.id)


def closed(words: Words, item: DeskCase) -> Markup:
    return joined(words("✅ 办结了。"), "", card(words, item))


def news(words: Words, facts: Mapping[str, Any]) -> Markup:
    """A line to somebody at the desk; nothing of what was said."""
    what = {
        "urgent": words("<b>🆘 有人说得很急，请马上看。</b>"),
        "new": words("📩 有人在等答复。"),
        "added": words("✍️ 您手上的事，对方又说话了。"),
        "passed": words("📨 同事转给您一件事。"),
        "near": words("⏰ 快到答复时间了。"),
        "overdue": words("<b>⏰ 过了答复时间，还没有人答复。</b>"),
    }[facts["news"]]
    return joined(
        what,
        words(
            "编号 {number}：{kind}，{due}",
            number=facts["case_id"],
            kind=kind_name(words, CaseKind(facts["about"])),
            due=due(words, facts["due_at"]),
        ),
    )


def open_label(words: Words) -> Markup:
    return words("打开")

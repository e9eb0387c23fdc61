"""What people read of what they brought to the desk: its number, where it stands, by when somebody answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from markupsafe import Markup

from carefund_bot.clock import shanghai_time
from carefund_bot.domain.cases import Case, CaseKind, CaseState, Line
from carefund_bot.domain.office_hours import OfficeHours
from carefund_bot.texts.household_problems import never_asks
from carefund_bot.texts.office import office_hours
from carefund_bot.texts.words import Words, joined

_NOON: Final = 12
_LINES_SHOWN: Final = 6


def kind_name(words: Words, kind: CaseKind) -> Markup:
    return {
        CaseKind.PAYOUT_MISSING: words("补助没收到"),
        CaseKind.PAYOUT_AMOUNT: words("补助金额"),
        CaseKind.ACCOUNT_CHANGE: words("换收款卡"),
        CaseKind.PHONE_CHANGE: words("换电话"),
        CaseKind.PROXY: words("请人代办"),
        CaseKind.ELIGIBILITY: words("资格和名单"),
        CaseKind.PLEDGE_PROBLEM: words("认捐"),
        CaseKind.GIFT_PROBLEM: words("捐款到账"),
        CaseKind.RECEIPT: words("捐赠票据"),
        CaseKind.OWN_DATA: words("查改个人信息"),
        CaseKind.REPLY_TO_NOTICE: words("回复通知"),
        CaseKind.QUESTION: words("提问"),
        CaseKind.COMPLAINT: words("意见"),
        CaseKind.STAFF_COMPLAINT: words("投诉工作人员"),
        CaseKind.FRAUD: words("疑似诈骗"),
        CaseKind.DISTRESS: words("急事"),
    }[kind]


def by_when(words: Words, due_at: int) -> Markup:
    """A day and half of it: nobody plans by the minute."""
    due = shanghai_time(due_at)
    day = words.short_day(due.date())
    return words("{day}上午", day=day) if due.hour < _NOON else words("{day}下午", day=day)


def state(words: Words, case: Case) -> Markup:
    """Where it stands and what comes next, in one line."""
    match case.state:
        case CaseState.WAITING:
            return words("排队中，最迟 {when} 答复您", when=by_when(words, case.due_at))
        case CaseState.IN_HAND:
            return words("工作人员正在办，最迟 {when} 答复您", when=by_when(words, case.due_at))
        case CaseState.ASKED_BACK:
            return words("等您回话")
        case CaseState.ANSWERED:
            return words("已经答复")
        case CaseState.CLOSED:
            return words("已经办结")


def ask_label(words: Words) -> Markup:
    return words("找人问")


def ask_summary(words: Words) -> Markup:
    return words("把事情交给工作人员")


def ask_words(words: Words, phone: str, hours: OfficeHours) -> Markup:
    return joined(
        words("<b>请把想问的写下来，我交给工作人员。</b>"),
        words("怎么说都行，也可以发一张照片。请不要写身份证号和卡号。"),
        words("想直接说话，打电话：{phone}（{hours}）", phone=phone, hours=office_hours(words, hours)),
    )


def about_staff_label(words: Words) -> Markup:
    return words("投诉工作人员")


def fraud_label(words: Words) -> Markup:
    return words("有人骗我")


def ask_staff_complaint(words: Words) -> Markup:
    return joined(
        words("<b>请写下是什么事、什么时候、哪个办公室。</b>"),
        words("只有纪检的同事看得到，被投诉的人看不到。"),
    )


def unnamed_label(words: Words) -> Markup:
    return words("不写我的名字")


def will_be_unnamed(words: Words) -> Markup:
    return words("好的，纪检的同事看不到您是谁，答复仍会到这里。请写下来。")


def ask_fraud(words: Words, phone: str) -> Markup:
    return joined(
        words("<b>先不要转钱，不要给密码和验证码。</b>"),
        words("已经转了钱，马上打 110。"),
        words("请把事情写下来，或者打电话：{phone}", phone=phone),
    )


def ask_about_photo(words: Words) -> Markup:
    return words("照片收到了。请写一句话，说说是什么事，我一起交给工作人员。")


def taken_in(words: Words, case: Case, phone: str) -> Markup:
    """Right after it was handed over."""
    return joined(
        words("<b>交给工作人员了。编号 {number}</b>", number=case.id),
        words("最迟 {when} 在这里答复您。", when=by_when(words, case.due_at)),
        words("着急就打电话：{phone}", phone=phone),
    )


def taken_in_distress(words: Words, case: Case, phone: str, opens_at: datetime | None) -> Markup:
    """Calm, no procedure. `opens_at`: when somebody is at the office again; `None`: somebody is there now."""
    return joined(
        words("<b>您的话我收到了，已经马上告诉工作人员。</b>"),
        words("有危险，请先打 110 或 120。"),
        words("心里难受，全国心理援助热线 12356 有人听您说，白天黑夜都可以打。"),
        words("想现在就跟我们说话：{phone}", phone=phone)
        if opens_at is None
        else words(
            "办公室现在没人，{day} {time} 起有人接：{phone}",
            day=words.short_day(opens_at.date()),
            time=f"{opens_at:%H:%M}",
            phone=phone,
        ),
        "",
        words("编号 {number}，答复会到这里。", number=case.id),
    )


def added(words: Words, case: Case) -> Markup:
    return joined(
        words("加进去了。编号 {number}", number=case.id),
        words("现在：{state}", state=state(words, case)),
    )


def my_cases_summary(words: Words) -> Markup:
    return words("我问过的事")


def no_cases(words: Words) -> Markup:
    return words("您还没有问过什么。有事点“找人问”，或者直接写给我。")


def my_cases(words: Words) -> Markup:
    return words("<b>您问过的事</b>，点开看：")


def case_label(words: Words, case: Case) -> Markup:
    mark = "✅" if case.state is CaseState.CLOSED else "💬"
    return words("{mark} {number} {kind}", mark=mark, number=case.id, kind=kind_name(words, case.kind))


def case_card(words: Words, case: Case, phone: str) -> Markup:
    """Number, matter, state, and the last things said."""
    opened = words.short_day(shanghai_time(case.opened_at).date())
    return joined(
        words("<b>编号 {number}：{kind}</b>", number=case.id, kind=kind_name(words, case.kind)),
        words("{day} 交来。现在：{state}", day=opened, state=state(words, case)),
        *(_said(words, line) for line in case.lines[-_LINES_SHOWN:]),
        "",
        words("电话：{phone}", phone=phone),
    )


def _said(words: Words, line: Line) -> Markup:
    return joined(
        "", words("工作人员：") if line.by_desk else words("您说："), said(words, line.said.words, line.said.photo)
    )


def said(words: Words, text: str, photo: str | None) -> Markup:
    """What somebody said, as a quotation."""
    shown = joined(text or None, words("（一张照片）") if photo else None)
    return words("<blockquote>{text}</blockquote>", text=shown)


def add_label(words: Words) -> Markup:
    return words("再说两句")


def close_label(words: Words) -> Markup:
    return words("解决了")


def ask_more(words: Words, number: int) -> Markup:
    return words("请写给我，或者发一张照片，我加到编号 {number} 里。", number=number)


def closed(words: Words, number: int) -> Markup:
    return words("好的，编号 {number} 办结了。还有事，随时再写。这次办得怎么样？", number=number)


def rated(words: Words) -> Markup:
    return words("记下了，谢谢您。")


def answer_news(words: Words, facts: Mapping[str, Any]) -> Markup:
    """The desk's answer as it arrives."""
    number = facts["case_id"]
    return joined(
        words("<b>工作人员想问您</b>（编号 {number}）", number=number)
        if facts["is_question"]
        else words("<b>工作人员答复您</b>（编号 {number}）", number=number),
        words("<blockquote>{text}</blockquote>", text=facts["words"]),
        words("要回话，直接回复这条消息，或者点下面。电话：{phone}", phone=facts["phone"]),
        never_asks(words),
    )


def voice_heard(words: Words, phone: str) -> Markup:
    return joined(
        words("语音我还听不懂，对不起。请写几个字给我，或者打电话，有人听您说：{phone}", phone=phone),
        words("不方便写，点“找人问”，发一张照片也行。"),
    )


def cannot_read(words: Words, phone: str) -> Markup:
    """A file, a place, somebody's phone card: nothing here is done with them."""
    return joined(
        words("这个我看不了。请写几个字给我；是纸上的东西，拍张照片发来就行。"),
        words("想找人说话：{phone}", phone=phone),
    )


def too_many_cases(words: Words) -> Markup:
    return words("您已经有好几件事在办了，我们一件一件来。要补充，请点“我问过的事”。")


def hand_over_label(words: Words) -> Markup:
    return words("交给工作人员")

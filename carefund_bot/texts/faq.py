"""The fund's own answers as people browse them and as editors keep them; the week's figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from markupsafe import Markup

from carefund_bot.domain.cases import CaseKind
from carefund_bot.domain.faq import FaqEntry, FaqRole, NewEntry, Topic
from carefund_bot.domain.funds import FUND_BY_CODE
from carefund_bot.domain.outgoing import Fault
from carefund_bot.files.faq import FaqFault
from carefund_bot.texts.cases import kind_name
from carefund_bot.texts.notices import fault_line
from carefund_bot.texts.wishes import topic
from carefund_bot.texts.words import Words, joined

_FAULTS_SHOWN: Final = 8


def summary(words: Words) -> Markup:
    return words("大家常问的")


def topics_heading(words: Words) -> Markup:
    return words("<b>大家常问的</b>，想看哪一类？")


def topic_name(words: Words, topic: Topic) -> Markup:
    return {
        Topic.PAYOUT: words("补助发放"),
        Topic.CARD: words("卡和电话"),
        Topic.APPLY: words("申请和名单"),
        Topic.GIVING: words("认捐捐款"),
        Topic.RECEIPT: words("票据和抵税"),
        Topic.PRIVACY: words("个人信息"),
        Topic.SAFETY: words("防骗"),
        Topic.FUND: words("关于基金"),
    }[topic]


def topic_heading(words: Words, topic: Topic) -> Markup:
    return words("<b>{topic}</b>，点开看：", topic=topic_name(words, topic))


def question(words: Words, entry: FaqEntry) -> str:
    """On a button."""
    return entry.written.text(chinese=words.is_chinese).question


def answer(words: Words, entry: FaqEntry, phone: str) -> Markup:
    told = entry.written.text(chinese=words.is_chinese)
    return joined(
        words("<b>{question}</b>", question=told.question),
        Markup.escape(told.answer),
        "",
        words("还想问人：{phone}", phone=phone),
    )


def gone(words: Words) -> Markup:
    return words("这一条已经换了，请重新看一遍列表。")


def other_topics(words: Words) -> Markup:
    return words("看别的")


def keep_label(words: Words) -> Markup:
    return words("常见问答")


def keep_summary(words: Words) -> Markup:
    return words("写和改常见问答")


def keep_heading(words: Words, waiting: int) -> Markup:
    return joined(
        words("<b>常见问答</b>"),
        words("写好以后，由另一位同事看过才会给大家看。"),
        words.plural("{number} 条等同事看。", "{number} 条等同事看。", waiting) if waiting else None,
    )


def write_new_label(words: Words) -> Markup:
    return words("写一条新的")


def change_label(words: Words) -> Markup:
    return words("改一条")


def by_file_label(words: Words) -> Markup:
    return words("用文件改")


def table_name(words: Words) -> Markup:
    return words("常见问答.csv")


def send_table_back(words: Words) -> Markup:
    return words("在这张表里改，改好发回来。新的一条，编号空着；日期空着就是一直有效。改过的要由另一位同事看过才用。")


def table_refused(words: Words, faults: Sequence[FaqFault], unfit: Sequence[int]) -> Markup:
    return joined(
        words("<b>这张表还不能用，什么也没有改：</b>"),
        *(words("• 第 {row} 行“{column}”没看懂", row=each.row, column=each.column) for each in faults[:_FAULTS_SHOWN]),
        *(words("• 第 {row} 行有网址、电话或证件号，或者编号不是您管的", row=row) for row in unfit[:_FAULTS_SHOWN]),
        words("改好再发一次。"),
    )


def table_taken(words: Words, handed: int, unchanged: int) -> Markup:
    return joined(
        words.plural("✅ {number} 条交同事看了。", "✅ {number} 条交同事看了。", handed),
        words.plural("{number} 条没有变。", "{number} 条没有变。", unchanged) if unchanged else None,
    )


def to_check_label(words: Words, entry: FaqEntry) -> Markup:
    return words("看：{question}", question=question(words, entry))


def which_topic(words: Words) -> Markup:
    return words("哪一类？")


def for_whom(words: Words) -> Markup:
    return words("给谁看？")


def role_name(words: Words, role: FaqRole | None) -> Markup:
    if role is None:
        return words("所有人")
    return {FaqRole.MEMBER: words("党员"), FaqRole.BENEFICIARY: words("受助家庭和学生")}[role]


def ask_chinese(words: Words) -> Markup:
    return words("请写中文：第一行写问题，从第二行起写回答。")


def ask_english(words: Words) -> Markup:
    return words("请写英文，也是第一行问题、后面回答；没有就点下面。")


def no_english(words: Words) -> Markup:
    return words("不用英文")


def not_two_parts(words: Words) -> Markup:
    return words("要两部分：第一行是问题，从第二行起是回答。请再发一次。")


def ask_from(words: Words) -> Markup:
    return words("从哪一天起给大家看？写日期，例如 6月1日；同事看过就用，点下面。")


def from_now_on(words: Words) -> Markup:
    return words("看过就用")


def ends_before_it_begins(words: Words) -> Markup:
    return words("这一天太早了：不能早于开始那天，也不能已经过去。请再写一次。")


def ask_until(words: Words) -> Markup:
    return words("用到哪一天？写日期，例如 6月30日；一直有效就点下面。")


def for_good(words: Words) -> Markup:
    return words("一直有效")


def not_a_day(words: Words) -> Markup:
    return words("没看懂日期，请这样写：6月30日。")


def unfit(words: Words, faults: Sequence[Fault]) -> Markup:
    return joined(words("<b>这段话还不能用：</b>"), *(fault_line(words, fault) for fault in faults))


def as_written(words: Words, written: NewEntry) -> Markup:
    """All of an entry, in both languages."""
    fund = FUND_BY_CODE[written.fund] if written.fund else None
    where = (fund.zh if words.is_chinese else fund.en) if fund else words("六个基金")
    starts = words("{day} 起", day=words.day(written.from_on)) if written.from_on else None
    until = words("到 {day}", day=words.day(written.until_on)) if written.until_on else for_good(words)
    return joined(
        words("<b>{question}</b>", question=written.zh.question),
        Markup.escape(written.zh.answer),
        *(
            [
                "",
                words("<b>{question}</b>", question=written.en.question),
                Markup.escape(written.en.answer),
            ]
            if written.en
            else []
        ),
        "",
        words(
            "{topic} · {role} · {where} · {until}",
            topic=topic_name(words, written.topic),
            role=role_name(words, written.role),
            where=where,
            until=joined(starts, until, by=" "),
        ),
    )


def hand_to_colleague_label(words: Words) -> Markup:
    return words("交同事看")


def handed_to_colleague(words: Words) -> Markup:
    return words("✅ 交上去了。同事看过以后，大家就看得到。")


def approve_label(words: Words) -> Markup:
    return words("可以，给大家看")


def turn_down_label(words: Words) -> Markup:
    return words("不合适")


def approved(words: Words) -> Markup:
    return words("✅ 大家现在看得到了。")


def turned_down(words: Words) -> Markup:
    return words("好的，这一条不用。")


def week_summary(words: Words) -> Markup:
    return words("本周问答情况")


def unclear_label(words: Words) -> Markup:
    return words("没听懂的话（文件）")


def nothing_unclear(words: Words) -> Markup:
    return words("现在没有记下没听懂的话。")


def unclear_caption(words: Words, count: int, days: int) -> Markup:
    return joined(
        words.plural(
            "{number} 句没听懂的话，姓名、号码、地址已经去掉，{days} 天后自动删除。",
            "{number} 句没听懂的话，姓名、号码、地址已经去掉，{days} 天后自动删除。",
            count,
            days=days,
        ),
        words("知道是什么意思的，在第一列写上，交给管训练的同事。"),
    )


def week(
    words: Words,
    outcomes: tuple[int, int, int, int],
    cases: tuple[int, int, int],
    top_kinds: Sequence[tuple[CaseKind, int]],
    top_intents: Sequence[tuple[str, int]],
) -> Markup:
    """`outcomes`: answered, offered, handed over, not understood; `cases`: opened, answered by people, waiting."""
    answered, offered, handed_over, not_understood = outcomes
    opened, by_people, waiting = cases
    return joined(
        words("<b>最近七天</b>"),
        words("问机器人：{total} 次", total=sum(outcomes)),
        words(
            "直接答了 {answered}，让选了 {offered}，转人工 {handed}，没听懂 {unclear}",
            answered=answered,
            offered=offered,
            handed=handed_over,
            unclear=not_understood,
        ),
        words(
            "交给工作人员：{opened} 件；答复了 {answered} 件；在等 {waiting} 件",
            opened=opened,
            answered=by_people,
            waiting=waiting,
        ),
        *(words("• {kind}：{count}", kind=kind_name(words, kind), count=count) for kind, count in top_kinds),
        words("问得最多：") if top_intents else None,
        *(words("• {kind}：{count}", kind=topic(words, intent), count=count) for intent, count in top_intents),
    )

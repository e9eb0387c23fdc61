"""Changes of account, phone or proxy: what the clerk is asked, what the second person sees, what the household reads."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from markupsafe import Markup

from carefund_bot.clock import shanghai_time
from carefund_bot.domain.changes import Change, ChangeState, Detail, Evidence, What
from carefund_bot.texts.household_problems import never_asks
from carefund_bot.texts.words import Words, joined


def begin_label(words: Words) -> Markup:
    return words("当面看过证件，登记变更")


def ask_what(words: Words) -> Markup:
    return joined(words("<b>只有本人或代办人当面来过，才能登记。</b>"), words("改什么？"))


def what_name(words: Words, what: What) -> Markup:
    return {
        What.ACCOUNT: words("换收款卡"),
        What.PHONE: words("换电话"),
        What.PROXY: words("请人代办"),
    }[what]


def ask_evidence(words: Words) -> Markup:
    return words("您当面看了什么？")


def evidence_name(words: Words, evidence: Evidence) -> Markup:
    return {
        Evidence.OWN: words("本人身份证和本人的新卡"),
        Evidence.GUARDIAN: words("监护人证明和两人身份证"),
        Evidence.PROXY_LETTER: words("签字的委托书和两人身份证"),
    }[evidence]


def ask_detail(words: Words, what: What) -> Markup:
    match what:
        case What.ACCOUNT:
            return words("请写新卡号的最后 4 位。完整卡号只写进名册，不要发在这里。")
        case What.PHONE:
            return words("请写新电话的最后 4 位。")
        case What.PROXY:
            return words("请写三行：代办人姓名、办什么事、用到哪一天（例如 6月30日）。")


def not_understood(words: Words, what: What) -> Markup:
    return joined(words("没看懂。"), ask_detail(words, what))


def detail(words: Words, what: What, told: Detail) -> Markup:
    if what is What.PROXY and told.until_on:
        return words("{text}，到 {day}", text=told.text, day=words.day(told.until_on))
    return words("尾号 {tail}", tail=told.text)


def preview(words: Words, what: What, evidence: Evidence, told: Detail) -> Markup:
    return joined(
        words("<b>{what}：{detail}</b>", what=what_name(words, what), detail=detail(words, what, told)),
        words("看过：{evidence}", evidence=evidence_name(words, evidence)),
        words("交上去以后由另一位同事复核，对方会马上收到消息，过了冷静期才生效。"),
    )


def hand_in_label(words: Words) -> Markup:
    return words("交去复核")


def handed_in(words: Words, change: Change) -> Markup:
    return words("✅ 变更 {number} 交去复核了。", number=change.id)


def list_label(words: Words) -> Markup:
    return words("变更复核")


def list_summary(words: Words) -> Markup:
    return words("复核换卡、换电话、代办人")


def nothing_to_check(words: Words) -> Markup:
    return words("现在没有要复核的变更。")


def to_check(words: Words) -> Markup:
    return words("<b>等复核的变更</b>，点开看：")


def row_label(words: Words, change: Change) -> Markup:
    return words(
        "{number} {what} {household}", number=change.id, what=what_name(words, change.what), household=change.number
    )


def card(words: Words, change: Change) -> Markup:
    return joined(
        words("<b>变更 {number}：{what}</b>", number=change.id, what=what_name(words, change.what)),
        words("名册编号 {household}，来自编号 {case}", household=change.number, case=change.case_id),
        detail(words, change.what, change.detail),
        words("看过：{evidence}", evidence=evidence_name(words, change.evidence)),
        words("现在：{state}", state=state_name(words, change.state)),
    )


def state_name(words: Words, state: ChangeState) -> Markup:
    return {
        ChangeState.PROPOSED: words("等复核"),
        ChangeState.APPROVED: words("复核通过，冷静期里"),
        ChangeState.REFUSED: words("复核没有通过"),
        ChangeState.STOPPED: words("家里说不是他们办的，已经停下"),
        ChangeState.IN_FORCE: words("已经生效，请写进下一次名册"),
    }[state]


def approve_label(words: Words) -> Markup:
    return words("复核通过")


def refuse_label(words: Words) -> Markup:
    return words("不通过")


def staff_news(words: Words, facts: Mapping[str, Any]) -> Markup:
    """Where a change stands; nothing of its detail."""
    state = ChangeState(facts["state"])
    alarm = words("<b>🆘 请马上核实。</b>") if state is ChangeState.STOPPED else None
    return joined(
        alarm,
        words(
            "变更 {number}（{what}，编号 {case}）：{state}",
            number=facts["change_id"],
            what=what_name(words, What(facts["what"])),
            case=facts["case_id"],
            state=state_name(words, state),
        ),
    )


def payee_news(words: Words, facts: Mapping[str, Any]) -> Markup:
    """To the contact that was there before the change."""
    what, until = What(facts["what"]), facts["until_on"]
    told = detail(words, what, Detail(facts["detail"], date.fromisoformat(until) if until else None))
    moment = shanghai_time(facts["at"])
    if facts["news"] == "change_in_force":
        return joined(
            words("<b>{what}生效了：{detail}</b>", what=what_name(words, what), detail=told),
            words("有疑问请打电话：{phone}", phone=facts["phone"]),
        )
    return joined(
        words("<b>有人来办公室登记了：{what}，{detail}</b>", what=what_name(words, what), detail=told),
        words("{day} {time} 生效。", day=words.short_day(moment.date()), time=f"{moment:%H:%M}"),
        words("是您家办的，什么都不用做。<b>不是您家办的，马上点下面，或者打电话：{phone}</b>", phone=facts["phone"]),
        never_asks(words),
    )


def stop_label(words: Words) -> Markup:
    return words("不是我们办的")


def stopped(words: Words, phone: str) -> Markup:
    return joined(
        words("<b>停下了，没有改动。</b>工作人员已经知道，会马上核实。"), words("着急请打电话：{phone}", phone=phone)
    )

"""Changes of account, phone or proxy: what the clerk is asked, what the second person sees, what the household reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from markupsafe import Markup

from carefund_bot.clock import shanghai_time
from carefund_bot.domain.changes import Change, ChangeState, Detail, Evidence, What
from carefund_bot.services.account_changes import Behind
from carefund_bot.services.codes import IssuedCode
from carefund_bot.texts.household_problems import never_asks
from carefund_bot.texts.words import Words, joined

_BEHIND_SHOWN: Final = 10


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
            return words(
                "请写四行：代办人姓名、证件号后 4 位、办什么事、从哪天到哪天（例如 6月1日到6月30日，最长一年）。"
            )


def not_understood(words: Words, what: What) -> Markup:
    return joined(words("没看懂。"), ask_detail(words, what))


def detail(words: Words, what: What, told: Detail) -> Markup:
    if what is What.PROXY and told.until_on and told.from_on:
        return words(
            "{text}，{first} 到 {day}，只看钱到哪一步",
            text=told.text,
            first=words.day(told.from_on),
            day=words.day(told.until_on),
        )
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
        words("⚠️ 有一位同事也叫这个名字。工作人员不能当代办人，请核实。") if change.has_namesake else None,
        words("现在：{state}", state=state_name(words, change.state, change.what)),
    )


def state_name(words: Words, state: ChangeState, what: What) -> Markup:
    if state is ChangeState.IN_FORCE and what is not What.ACCOUNT:
        return words("已经生效")
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
            state=state_name(words, state, What(facts["what"])),
        ),
        words("代办人来了，点下面给他代办码。") if is_ready_proxy(facts) else None,
    )


def is_ready_proxy(facts: Mapping[str, Any]) -> bool:
    """Whether a proxy may be given a code now."""
    return bool(facts["what"] == What.PROXY and facts["state"] == ChangeState.IN_FORCE)


def payee_news(words: Words, facts: Mapping[str, Any]) -> Markup:
    """To the contact that was there before the change."""
    what, until, starts = What(facts["what"]), facts["until_on"], facts.get("from_on")
    told = detail(
        words,
        what,
        Detail(
            facts["detail"],
            date.fromisoformat(until) if until else None,
            date.fromisoformat(starts) if starts else None,
        ),
    )
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


def proxy_linked_news(words: Words, facts: Mapping[str, Any]) -> Markup:
    """To the household, when its proxy has begun to look."""
    return joined(
        words("<b>您家的代办人绑定好了。</b>"),
        words(
            "他只看得到钱到哪一步，看不到金额和卡号，{day} 自动结束。",
            day=words.day(date.fromisoformat(facts["until_on"])),
        ),
        words("不要他代办了，点下面就结束。电话：{phone}", phone=facts["phone"]),
    )


def proxy_ended_news(words: Words, facts: Mapping[str, Any]) -> Markup:
    """To the proxy, the household or the clerk."""
    said = {
        "household": words("<b>代办结束了：这一家收回了。</b>"),
        "office": words("<b>代办结束了：办公室已经停掉。</b>"),
        "time": words("<b>代办到期，已经自动结束。</b>"),
    }[facts["ended_by"]]
    if facts["reader"] == "staff":
        return said
    return joined(said, words("有疑问请打电话：{phone}", phone=facts["phone"]))


def end_proxy_label(words: Words) -> Markup:
    return words("结束代办")


def proxy_ended(words: Words) -> Markup:
    return words("<b>代办结束了。</b>他从现在起什么也看不到。")


def proxy_code_label(words: Words) -> Markup:
    return words("给代办码")


def proxy_code(words: Words, code: IssuedCode) -> Markup:
    return joined(
        words("✅ <b>代办码发好了</b>"),
        words("{name}，代办 {number}", name=code.masked_name, number=code.number),
        "",
        words("<code>{code}</code>", code=code.printed),
        "",
        words("有效到 {day}，只能用一次；以前没用的码作废了。", day=words.day(code.expires_on)),
        words("请当面交给代办人本人，由他自己发给这个机器人。"),
    )


def behind_roll(words: Words, behind: Sequence[Behind]) -> Markup | None:
    """Below an import's preview: accounts that the roll would carry as they were before the change."""
    if not behind:
        return None
    return joined(
        "",
        words("⚠️ 下面这些人的新账户已经批准，名册还是旧账户："),
        *(
            words("• {number}：新账户尾号 {tail}", number=each.number, tail=each.tail)
            for each in behind[:_BEHIND_SHOWN]
        ),
        words("……一共 {count} 个", count=len(behind)) if len(behind) > _BEHIND_SHOWN else None,
        words("请把新账户写进名册再导入；写进之前，批次里不排他们，钱不会打到旧账户。"),
    )


def stop_label(words: Words) -> Markup:
    return words("不是我们办的")


def stopped(words: Words, phone: str) -> Markup:
    return joined(
        words("<b>停下了，没有改动。</b>工作人员已经知道，会马上核实。"), words("着急请打电话：{phone}", phone=phone)
    )

"""What a household reads when something went wrong: why, what to bring, where, whom to call."""

from __future__ import annotations

from markupsafe import Markup

from carefund_bot.domain.aid import AidNow, Problem, Stage
from carefund_bot.domain.office_hours import OfficeHours
from carefund_bot.domain.payouts import ReturnReason
from carefund_bot.settings import FundSettings
from carefund_bot.texts.office import office_hours
from carefund_bot.texts.words import Words, joined


def never_asks(words: Words) -> Markup:
    """R52."""
    return words("我们从不收手续费，也不要密码和验证码。")


def roll_office(words: Words, programme: str) -> Markup:
    """Who keeps the roll that this person stands on."""
    return words("学校") if programme == "student" else words("社区")


def returned(words: Words, reason: ReturnReason, programme: str) -> list[Markup]:
    """Why the bank sent the money back, and what to bring where (R48)."""
    return [_why_returned(words, reason), *_what_to_bring(words, reason, roll_office(words, programme))]


def _why_returned(words: Words, reason: ReturnReason) -> Markup:
    return {
        ReturnReason.WRONG_NUMBER: words("为什么：登记的卡号不对。"),
        ReturnReason.OTHER_NAME: words("为什么：卡上的名字和登记的不一样。"),
        ReturnReason.CLOSED: words("为什么：这张卡已经注销。"),
        ReturnReason.FROZEN: words("为什么：这张卡被冻结了。"),
        ReturnReason.LOST: words("为什么：这张卡挂失了。"),
        ReturnReason.DORMANT: words("为什么：这张卡太久没用，银行停了它。"),
        ReturnReason.NOT_ACTIVATED: words("为什么：社保卡的银行账户还没有激活。"),
        ReturnReason.OVER_LIMIT: words("为什么：这张卡收款有限额。"),
        ReturnReason.BRANCH_MOVED: words("为什么：开户的网点合并了，旧账号不能用。"),
        ReturnReason.OUR_SIDE: words("为什么：我们或银行的手续出了错。"),
        ReturnReason.UNKNOWN: words("为什么：银行没有说清楚。"),
    }[reason]


def _what_to_bring(words: Words, reason: ReturnReason, office: Markup) -> list[Markup]:
    match reason:
        case ReturnReason.OUR_SIDE:
            return [words("您什么都不用做，我们重新送银行。")]
        case ReturnReason.UNKNOWN:
            return [words("请打电话问我们，我们替您问银行。")]
        case ReturnReason.FROZEN | ReturnReason.DORMANT | ReturnReason.NOT_ACTIVATED | ReturnReason.OVER_LIMIT:
            return [
                words("请带身份证和这张卡，去银行办好。"),
                words("再告诉{office}，我们重新送银行。", office=office),
            ]
        case _:
            return [
                words("请带身份证和本人的银行卡，去{office}登记。", office=office),
                words("登记好，我们重新送银行。"),
            ]


def problem_label(words: Words) -> Markup:
    return words("没收到 / 有问题")


def problem_summary(words: Words) -> Markup:
    return words("没收到、换了卡怎么办")


def which_household(words: Words) -> Markup:
    return words("您说的是哪一户？")


def household_label(words: Words, number_tail: str) -> Markup:
    return words("编号尾号 {tail}", tail=number_tail)


def problem_question(words: Words) -> Markup:
    return words("<b>哪里不对？点一下：</b>")


def problem_choice(words: Words, problem: Problem) -> Markup:
    return {
        Problem.NOT_RECEIVED: words("钱没收到"),
        Problem.WRONG_SUM: words("金额不对"),
        Problem.NEW_CARD: words("换了卡 / 卡不能用"),
        Problem.OTHER: words("别的事"),
    }[problem]


def problem_answer(words: Words, problem: Problem, aid: AidNow, office: FundSettings, hours: OfficeHours) -> Markup:
    """What to do now. Nothing here is personal; the office is called or visited."""
    match problem:
        case Problem.NOT_RECEIVED:
            told = _not_received(words, aid)
        case Problem.WRONG_SUM:
            told = [
                words("<b>金额按当年的标准定。</b>"),
                words("觉得不对，请打电话，我们替您核对。"),
                words("打电话时说编号就行，编号在绑定码那张纸上。"),
            ]
        case Problem.NEW_CARD:
            told = [
                words("<b>换卡要到{office}登记。</b>", office=roll_office(words, aid.programme)),
                words("• 带身份证和本人的新卡。"),
                words("• 别人的卡不能用。"),
                words("• 本人走不动，家人可以代办：带两个人的身份证和本人签字的委托书。"),
            ]
        case Problem.OTHER:
            told = [words("<b>请打电话，或者来办公室。</b>"), words("来的时候带身份证。")]
    return joined(
        *told, "", *_where(words, office, hours), "", words("请不要在这里发卡号和身份证号。"), never_asks(words)
    )


def _not_received(words: Words, aid: AidNow) -> list[Markup]:
    stage = aid.stage
    if stage is Stage.RETURNED:
        return [
            words("<b>银行把钱退回来了。钱没有丢。</b>"),
            *returned(words, aid.reason or ReturnReason.UNKNOWN, aid.programme),
        ]
    if stage is Stage.ARRIVED:
        return [
            words("<b>银行说已经到账。请先看三件事：</b>"),
            words("1. 到账的是不是这张卡：看卡片上的账户尾号。"),
            words("2. 是社保卡的话，要先到银行激活，才取得到钱。"),
            words("3. 带身份证和卡去银行，查到账那天的明细。"),
            words("还是没有，请打电话，我们替您向银行查。"),
        ]
    if stage in (Stage.LEFT, Stage.TAKEN_BACK):
        return [words("<b>请打电话问我们，或者问{office}。</b>", office=roll_office(words, aid.programme))]
    if aid.outlook.days_late or aid.outlook.overdue:
        return [words("<b>今年晚了，对不起。请打电话问我们。</b>"), words("到账了，我会在这里告诉您。")]
    return [
        words("<b>钱还在路上，现在没收到是正常的。</b>"),
        words("到账了，我会在这里告诉您。"),
        words("着急用钱，请打电话。"),
    ]


def _where(words: Words, office: FundSettings, hours: OfficeHours) -> list[Markup]:
    lines = [
        words("电话：{phone}", phone=office.office_phone),
        words("时间：{hours}", hours=office_hours(words, hours)),
    ]
    if office.office_address:
        lines.append(words("地址：{address}", address=office.office_address))
    return lines

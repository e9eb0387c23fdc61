"""How we say no: what was wrong and what to do."""

from __future__ import annotations

from markupsafe import Markup

from carefund_bot.errors import (
    BadAnswer,
    CodeRefused,
    NotAllowed,
    NotOnRoll,
    Overtaken,
    OwnCode,
    OwnHousehold,
    OwnRelease,
    PrivateNumber,
    ProxyRefused,
    RollBehind,
    SameHands,
    StaleButton,
    TooEarly,
    TooManyCases,
    TooManyPledges,
    TooManyTries,
)
from carefund_bot.texts.cases import too_many_cases
from carefund_bot.texts.everyone import private_number_seen
from carefund_bot.texts.pledging import left_roll
from carefund_bot.texts.words import Words


def refusal(words: Words, error: BaseException) -> Markup:
    """The sentence for a refusal."""
    match error:
        case NotAllowed():
            said = not_for_you(words)
        case CodeRefused() | TooManyTries():
            said = _code_refused(words, error)
        case StaleButton():
            said = words("这个按钮用过了，或者是以前的，已经失效，这一下没有产生任何变化。想看现在的情况，发 /start。")
        case Overtaken() | TooEarly():
            said = _not_now(words, error)
        case SameHands():
            said = _for_a_colleague(words, error)
        case PrivateNumber():
            said = private_number_seen(words)
        case NotOnRoll() | RollBehind():
            said = _by_the_roll(words, error)
        case TooManyCases() | TooManyPledges():
            said = _too_many(words, error)
        case BadAnswer() | ProxyRefused():
            said = _for_reason(words, error.reason)
        case _:
            said = words("这一步没有办成，没有产生任何变化。请稍后再试一次。")
    return said


def _not_now(words: Words, error: Overtaken | TooEarly) -> Markup:
    if isinstance(error, TooEarly):
        return words("离计划的日子还远，{day} 起才能送银行。没有产生任何变化。", day=words.day(error.from_day))
    return words("这件事刚刚已有别人处理过了，这次没有产生任何变化。请重新打开查看。")


def _for_reason(words: Words, reason: str) -> Markup:
    return {
        "time_is_past": words("定的时间已经过了，没有产生任何变化。请重新定个时间。"),
        "too_many": words("一个人最多给 2 户代办，这个人已经有 2 户了。没有产生任何变化。"),
        "staff": words("工作人员不能当代办人。没有产生任何变化。"),
    }.get(reason, words("没看明白您的意思，请再说一遍。"))


def _code_refused(words: Words, error: CodeRefused | TooManyTries) -> Markup:
    if isinstance(error, TooManyTries):
        return words("试的次数太多了，请 {minutes} 分钟后再试。", minutes=-(-error.retry_after_s // 60))
    return words("这个绑定码用不了。请核对后再发一次；还是不行，请联系社区或党支部换一个新码。")


def _by_the_roll(words: Words, error: NotOnRoll | RollBehind) -> Markup:
    if isinstance(error, NotOnRoll):
        return left_roll(words, error.left_on, error.office_phone)
    return words("新账户已批准，名册还是旧账户：请先把名册改好导入，再来办这一笔。没有产生任何变化。")


def _for_a_colleague(words: Words, error: SameHands) -> Markup:
    if isinstance(error, OwnHousehold):
        return words("这是您自己家的事，要由另一位同事来办。没有产生任何变化。")
    if isinstance(error, OwnCode):
        return words(
            "您这个聊天绑定不到 7 天，绑定码出自给这位新同事发码或加职责的同事。请另一位同事来确认。没有产生任何变化。"
        )
    if isinstance(error, OwnRelease):
        return words("这笔钱是您送银行的，银行的结果要由另一位经办同事来记。没有产生任何变化。")
    return words("前面有一步是您做的，这一步要由另一位同事来做。没有产生任何变化。")


def _too_many(words: Words, error: TooManyCases | TooManyPledges) -> Markup:
    if isinstance(error, TooManyCases):
        return too_many_cases(words)
    return words("您已经有 {most} 项认捐在进行了。请在“我的认捐”里改一项或停一项，再来添。", most=error.most)


def not_for_you(words: Words) -> Markup:
    """One sentence for what does not exist and for what is not the speaker's (R13)."""
    return words("没有可以给您看的内容。发送 /help 看看这里能做什么。")

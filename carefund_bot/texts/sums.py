"""A typed sum that was not understood: what was seen, and an example of what would do."""

from __future__ import annotations

from markupsafe import Markup

from carefund_bot.domain.funds import FUND_BY_CODE
from carefund_bot.domain.money import NotMoneyReason
from carefund_bot.texts.words import Words


def not_money(words: Words, reason: NotMoneyReason, phone: str) -> Markup:
    return {
        NotMoneyReason.EMPTY: words("没看到金额。打个数就行，例如 50 或 一百元。"),
        NotMoneyReason.NOTHING_FOUND: words("这句话里没找到金额。打个数就行，例如 50 或 一百元。"),
        NotMoneyReason.NEGATIVE: words("前面好像带了个负号。是多少就打多少，例如 50。"),
        NotMoneyReason.ZERO: words("零元就不用记了。想换个数就直接打，例如 20。"),
        NotMoneyReason.TOO_FINE: words("最小到分，再细就记不了了，例如 50.05。"),
        NotMoneyReason.TOO_LARGE: words("这么大一笔，请直接打电话跟我们商量：{phone}", phone=phone),
        NotMoneyReason.VAGUE: words("听着是个大概数。请给一个准数，例如 300。"),
        NotMoneyReason.AMBIGUOUS: words("这句话里的数能读成好几种意思。只打一个数就行，例如 350 或 三百五十元。"),
    }[reason]


def fund_name(words: Words, code: str) -> str:
    fund = FUND_BY_CODE[code]
    return fund.zh if words.is_chinese else fund.en

"""What a household or a student reads of its aid. Neutral words: no category, no name, the account by its tail."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from markupsafe import Markup

from carefund_bot.domain.aid import AidNow, Mark, PastAid, Stage, Step, Stop, promised_before
from carefund_bot.domain.money import Money
from carefund_bot.domain.payouts import ReturnReason
from carefund_bot.domain.rolls import Exit, ExitReason
from carefund_bot.texts.household_problems import never_asks, returned, roll_office
from carefund_bot.texts.words import Words, joined

PAST_YEARS_ON_CARD = 3
_MARKS = {Mark.DONE: "✅", Mark.NOW: "▶️", Mark.LATER: "▫️", Mark.STUCK: "❗"}


def summary(words: Words) -> Markup:
    return words("钱到哪一步了")


def label(words: Words) -> Markup:
    return words("我的补助")


def card(words: Words, aid: AidNow, phone: str, *, one_of_several: bool) -> Markup:
    """The answer first, then the way the money goes; one screen of a phone in large type, so no blank lines."""
    return joined(
        words("<b>{answer}</b>", answer=_answer(words, aid)),
        *_what_to_know(words, aid),
        _money(words, aid),
        joined(_whose(words, aid.number_tail if one_of_several else None, aid.year), _days_left(words, aid), by=" · "),
        *(_step(words, step) for step in aid.steps),
        *_few_past_years(words, aid.past),
        words("有事打电话：{phone}", phone=phone),
        never_asks(words),
    )


def _days_left(words: Words, aid: AidNow) -> Markup | None:
    days = aid.outlook.days_left
    return words.plural("离 7月1日 还有 {number} 天", "离 7月1日 还有 {number} 天", days) if days else None


def proxy_summary(words: Words) -> Markup:
    return words("替别家看钱到哪一步")


def proxy_label(words: Words) -> Markup:
    return words("代办进度")


def proxy_card(words: Words, aid: AidNow, until_on: date, phone: str) -> Markup:
    """For who stands in for a household: where the money is, marked as such, and nothing else."""
    return joined(
        words("<b>【代办】{answer}</b>", answer=_answer(words, aid)),
        _when(words, aid),
        "",
        _whose(words, aid.number_tail, aid.year),
        *(_step(words, step) for step in aid.steps),
        "",
        words("您是代办人，只看得到钱到哪一步。代办到 {day} 为止。", day=words.day(until_on)),
        words("别的事请这一家自己问，或者打电话：{phone}", phone=phone),
        never_asks(words),
    )


def no_mandate_now(words: Words, phone: str) -> Markup:
    return words("现在没有有效的代办。要续办，请这一家和您一起到社区来，或者打电话：{phone}", phone=phone)


def _answer(words: Words, aid: AidNow) -> Markup:
    return headline(words, aid.stage, aid.expected_on, aid.on_day, overdue=aid.outlook.overdue)


def headline(words: Words, stage: Stage, expected_on: date | None, on_day: date | None, *, overdue: bool) -> Markup:
    """The one sentence that somebody came for; `on_day` is the day of the newest event."""
    if stage is Stage.SENT_TO_BANK and expected_on and not overdue:
        return words("钱已经送到银行，预计 {day} 前到账。", day=words.short_day(expected_on))
    if stage is Stage.ARRIVED and on_day:
        return words("钱已经到账了（{day}）。", day=words.short_day(on_day))
    return {
        Stage.ON_ROLL: words("今年的名册上有您。"),
        Stage.LEFT: words("今年的名册上没有您。"),
        Stage.IN_BATCH: words("您的钱已经排上了，正在审核。"),
        Stage.APPROVED: words("审核通过了，下一步送银行。"),
        Stage.SENT_TO_BANK: words("钱已经送到银行，还没听到到账的消息。"),
        Stage.RETURNED: words("银行把钱退回来了。钱没有丢。"),
        Stage.CORRECTED: words("已经改好，等着重新送银行。"),
        Stage.SENT_AGAIN: words("钱已经重新送到银行，等着到账。"),
        Stage.ARRIVED: words("钱已经到账了。"),
        Stage.TAKEN_BACK: words("这笔钱已经退回基金。"),
    }[stage]


def _what_to_know(words: Words, aid: AidNow) -> list[Markup | None]:
    """Under the headline: when, how late, what to do."""
    return [_when(words, aid), _days_late(words, aid.outlook.days_late), *_to_do(words, aid)]


def _when(words: Words, aid: AidNow) -> Markup | None:
    if aid.stage is Stage.ON_ROLL:
        return _season(words, aid)
    if aid.stage not in (Stage.IN_BATCH, Stage.APPROVED, Stage.SENT_TO_BANK) or aid.expected_on is None:
        return None
    day = words.short_day(aid.expected_on)
    if aid.outlook.overdue:
        return words("原来预计 {day}，已经过了，对不起。请打电话问我们。", day=day)
    return None if aid.stage is Stage.SENT_TO_BANK else words("计划 {day} 前到账。", day=day)


def _season(words: Words, aid: AidNow) -> Markup | None:
    """When a year's money is paid, as long as nobody has named a day."""
    if aid.outlook.days_late:
        return words("钱还没有排上。请打电话问我们。")
    if promised_before(aid.programme, aid.year):
        return words("计划 7月1日 前发。")
    return words("计划 11月到12月 发。") if aid.programme == "student" else None


def _days_late(words: Words, days: int | None) -> Markup | None:
    if not days:
        return None
    return words.plural(
        "说好 7月1日 前送银行，晚了 {number} 天，对不起。", "说好 7月1日 前送银行，晚了 {number} 天，对不起。", days
    )


def _to_do(words: Words, aid: AidNow) -> list[Markup]:
    if aid.stage is Stage.RETURNED:
        return returned(words, aid.reason or ReturnReason.UNKNOWN, aid.programme)
    if aid.stage is Stage.LEFT:
        office = roll_office(words, aid.programme)
        return [
            *([exit_reason(words, aid.exit, office)] if aid.exit else []),
            words("为什么：请问{office}，他们有书面的通知。", office=office),
            words("不同意：可以向{office}或我们办公室提出，我们会重新看。", office=office),
        ]
    return []


def exit_reason(words: Words, left: Exit, office: Markup) -> Markup:
    """Since when and why somebody is not on the roll; no word of how they live."""
    return {
        ExitReason.NOT_ON_LIST: words(
            "{office}交来的新名册里没有列您，{day} 起生效。", office=office, day=words.day(left.on_day)
        )
    }[left.reason]


def _step(words: Words, step: Step) -> Markup:
    stop = {
        Stop.ROLL: words("上了名册"),
        Stop.BATCH: words("排上发放"),
        Stop.CHECK: words("审核通过"),
        Stop.BANK: words("送到银行"),
        Stop.RETURNED: words("银行退回"),
        Stop.CORRECTED: words("改好"),
        Stop.BANK_AGAIN: words("重新送银行"),
        Stop.ACCOUNT: words("等到账") if step.mark is Mark.NOW else words("到账"),
    }[step.stop]
    if step.day is None:
        return words("{mark} {stop}", mark=_MARKS[step.mark], stop=stop)
    return words("{mark} {stop} {day}", mark=_MARKS[step.mark], stop=stop, day=words.short_day(step.day))


def _money(words: Words, aid: AidNow) -> Markup | None:
    """High on the card and in one line: the answer must stand above the fold."""
    if aid.amount is None:
        return None
    money = words.money(aid.amount)
    if aid.account_tail:
        return words("金额 <b>{money}</b> · 账户尾号 <b>{tail}</b>", money=money, tail=aid.account_tail)
    return words("金额 <b>{money}</b>", money=money)


def _few_past_years(words: Words, past: tuple[PastAid, ...]) -> list[Markup]:
    """The past years where they are few; many have a button of their own."""
    if not past or len(past) > PAST_YEARS_ON_CARD:
        return []
    return [_past_line(words, year) for year in past]


def past_label(words: Words) -> Markup:
    return words("往年")


def past_years(words: Words, aid: AidNow) -> Markup:
    return joined(words("<b>往年</b>"), "", *(_past_line(words, year) for year in aid.past))


def _past_line(words: Words, past: PastAid) -> Markup:
    money, day = words.money(past.amount), words.short_day(past.on_day)
    if past.stage is Stage.ARRIVED:
        return words("{year}年 {money}，{day}已到账", year=past.year, money=money, day=day)
    if past.stage is Stage.TAKEN_BACK:
        return words("{year}年的 {money}，{day} 退回基金", year=past.year, money=money, day=day)
    return words("{year}年的 {money} 还没到账，请打电话", year=past.year, money=money)


def stage_news(words: Words, facts: Mapping[str, Any]) -> Markup:
    """A message that a step of the money causes (R52: no link, no request for numbers, the phone)."""
    stage, expected_on = Stage(facts["stage"]), date.fromisoformat(facts["expected_on"])
    on_day = date.fromisoformat(facts["on_day"])
    planned = words("计划 {day} 前到账。", day=words.short_day(expected_on))
    return joined(
        words("<b>{answer}</b>", answer=headline(words, stage, expected_on, on_day, overdue=on_day > expected_on)),
        planned if stage in (Stage.IN_BATCH, Stage.APPROVED) else None,
        _days_late(words, facts["days_late"]),
        *(returned(words, ReturnReason.read(facts["reason"]), facts["programme"]) if stage is Stage.RETURNED else []),
        "",
        _whose(words, facts["number"], facts["year"]),
        words("金额 <b>{money}</b>", money=words.money(Money(facts["amount_fen"]))),
        words("账户尾号 <b>{tail}</b>", tail=facts["account"]),
        "",
        words("有事打电话：{phone}", phone=facts["phone"]),
        never_asks(words),
    )


def withdrawn_news(words: Words, facts: Mapping[str, Any]) -> Markup:
    """To those who heard that they were in a batch that is not paid."""
    return joined(
        words("<b>这次发放先停一下，要重新核对。</b>"),
        words("排好了，我会再告诉您。您不用做什么。"),
        "",
        _whose(words, facts["number"], facts["year"]),
        words("有事打电话：{phone}", phone=facts["phone"]),
        never_asks(words),
    )


def _whose(words: Words, number: str | None, year: int) -> Markup:
    """The year, and where a chat holds several households the tail that tells them apart."""
    if number is None:
        return words("{year}年", year=year)
    return words("编号尾号 {tail} · {year}年", tail=number[-4:], year=year)

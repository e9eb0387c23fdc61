"""What members type at the sum and the times is read in one way or not at all."""

from __future__ import annotations

import pytest

from carefund_bot.domain.money import Money, NotMoney, NotMoneyReason
from carefund_bot.domain.pledges import Rhythm
from carefund_bot.domain.typed_pledges import NotTimes, TypedPledge, read_rhythm, read_times, read_typed_pledge


def each(yuan: str, times: int | None = None, rhythm: Rhythm | None = None) -> TypedPledge:
    return TypedPledge(Money.yuan(yuan), is_total=False, times=times, rhythm=rhythm)


def in_all(yuan: str, times: int | None = None, rhythm: Rhythm | None = None) -> TypedPledge:
    return TypedPledge(Money.yuan(yuan), is_total=True, times=times, rhythm=rhythm)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("100", each("100")),
        ("一百元", each("100")),
        ("１００", each("100")),
        ("1.5万", each("15000")),
        ("¥50", each("50")),
        ("我想捐50", each("50")),
        ("3分", each("0.03")),
        ("1000分3期", in_all("1000", 3)),
        ("1000 元，分成 3 期", in_all("1000", 3)),
        ("共1000元3次", in_all("1000", 3)),
        ("一千元分三期", in_all("1000", 3)),
        ("5元5角分3期", in_all("5.5", 3)),
        ("共1000元", in_all("1000")),
        ("50元6次", each("50", 6)),
        ("五十块，十二次", each("50", 12)),
        ("50 6次", each("50", 6)),
        ("50元，共6次", each("50", 6)),
        ("50元一次", each("50", 1, Rhythm.ONCE)),
        ("每月五十", each("50", None, Rhythm.MONTHLY)),
        ("每季度一百", each("100", None, Rhythm.QUARTERLY)),
        ("每年200元5次", each("200", 5, Rhythm.YEARLY)),
        ("50元一个月", each("50", None, Rhythm.MONTHLY)),
        ("五十块一个月", each("50", None, Rhythm.MONTHLY)),
        ("一个月五十", each("50", None, Rhythm.MONTHLY)),
        ("50/月", each("50", None, Rhythm.MONTHLY)),
        ("五百元一年", each("500", None, Rhythm.YEARLY)),
        ("500一年", each("500", None, Rhythm.YEARLY)),
        ("五百每年", each("500", None, Rhythm.YEARLY)),
        ("50 per month 12 times", each("50", 12, Rhythm.MONTHLY)),
        ("50 a month, 12 times", each("50", 12, Rhythm.MONTHLY)),
        ("50元一个月6次", each("50", 6, Rhythm.MONTHLY)),
        ("50每月，共6次", each("50", 6, Rhythm.MONTHLY)),
        ("五十块一个季度，四次", each("50", 4, Rhythm.QUARTERLY)),
        ("想每个月捐50", each("50", None, Rhythm.MONTHLY)),
        ("我想每个月捐五十元，十二次", each("50", 12, Rhythm.MONTHLY)),
        ("我要每年捐500", each("500", None, Rhythm.YEARLY)),
        ("我想捐每月50", each("50", None, Rhythm.MONTHLY)),
        ("我想每个月捐50，谢谢", each("50", None, Rhythm.MONTHLY)),
        ("一次性500", each("500", None, Rhythm.ONCE)),
        ("50元十一个月", each("50", 11)),
        ("50元一个月一次", each("50", None, Rhythm.MONTHLY)),
        ("每月50元一次", each("50", None, Rhythm.MONTHLY)),
        ("每月50元12个月", each("50", 12, Rhythm.MONTHLY)),
        ("fifty", each("50")),
        ("Fifty yuan", each("50")),
        ("a hundred", each("100")),
        ("two hundred and fifty yuan", each("250")),
        ("fifty yuan a month", each("50", None, Rhythm.MONTHLY)),
        ("50 a month, please", each("50", None, Rhythm.MONTHLY)),
        ("100 per quarter", each("100", None, Rhythm.QUARTERLY)),
        ("500 once", each("500", None, Rhythm.ONCE)),
        ("50 yuan, 6 times", each("50", 6)),
        ("I want to give 500", each("500")),
        ("I'd like to donate two hundred a year", each("200", None, Rhythm.YEARLY)),
    ],
)
def test_a_sum_and_what_was_said_with_it(text: str, meant: TypedPledge) -> None:
    assert read_typed_pledge(text) == meant


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("506次", NotMoneyReason.AMBIGUOUS),
        ("五十六次", NotMoneyReason.AMBIGUOUS),
        ("五十一年", NotMoneyReason.AMBIGUOUS),
        ("一百一年", NotMoneyReason.AMBIGUOUS),
        ("五百一年", NotMoneyReason.AMBIGUOUS),
        ("我想捐五十一个月", NotMoneyReason.AMBIGUOUS),
        ("五十一个月6次", NotMoneyReason.AMBIGUOUS),
        ("五十一季度", NotMoneyReason.AMBIGUOUS),
        ("一次性500元6次", NotMoneyReason.AMBIGUOUS),
        ("50 once 6 times", NotMoneyReason.AMBIGUOUS),
        ("每季度100元12个月", NotMoneyReason.AMBIGUOUS),
        ("50 100", NotMoneyReason.AMBIGUOUS),
        ("1000分0期", NotMoneyReason.AMBIGUOUS),
        ("我想捐500，她捐300", NotMoneyReason.AMBIGUOUS),
        ("每月50还是100", NotMoneyReason.AMBIGUOUS),
        ("50 or 100 a month", NotMoneyReason.AMBIGUOUS),
        ("几百", NotMoneyReason.VAGUE),
        ("十块八块", NotMoneyReason.VAGUE),
        ("each", NotMoneyReason.NOTHING_FOUND),
        ("-50", NotMoneyReason.NEGATIVE),
        ("每月", NotMoneyReason.EMPTY),
        ("好的", NotMoneyReason.NOTHING_FOUND),
        ("50元" + "0" * 200 + "6次", NotMoneyReason.NOTHING_FOUND),
        ("1," * 2048, NotMoneyReason.NOTHING_FOUND),
    ],
)
def test_what_reads_in_several_ways_is_asked_again(text: str, reason: NotMoneyReason) -> None:
    with pytest.raises(NotMoney) as refusal:
        read_typed_pledge(text)
    assert refusal.value.reason is reason


@pytest.mark.parametrize(("text", "times"), [("6", 6), ("六次", 6), ("12期", 12), ("１２ 次", 12), ("不限", None)])
def test_a_number_of_times(text: str, times: int | None) -> None:
    assert read_times(text) == times


@pytest.mark.parametrize("text", ["0", "601", "1.5", "半", "好", "", "5050次吧"])
def test_no_number_of_times(text: str) -> None:
    with pytest.raises(NotTimes):
        read_times(text)


@pytest.mark.parametrize(
    ("text", "rhythm"),
    [
        ("每月", Rhythm.MONTHLY),
        ("按季", Rhythm.QUARTERLY),
        ("一次", Rhythm.ONCE),
        ("a month", Rhythm.MONTHLY),
        ("50", None),
    ],
)
def test_a_rhythm_in_words(text: str, rhythm: Rhythm | None) -> None:
    assert read_rhythm(text) is rhythm

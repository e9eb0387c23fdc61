"""Whose language words are plainly in; in doubt nobody is switched."""

from __future__ import annotations

import pytest

from carefund_bot.texts.languages import plainly_in


@pytest.mark.parametrize(
    "said",
    [
        "where is my money",
        "I want to give 500",
        "How do I stop my pledge?",
        "I don’t want to live any more",
        "when will the aid for 2012 arrive",
    ],
)
def test_plain_english(said: str) -> None:
    assert plainly_in(said) == "en"


@pytest.mark.parametrize(
    "said", ["钱呢", "錢什麼時候到", "我想每个月捐50", "我家的 ICBC 卡换了", "没收到", "党员怎么捐"]
)
def test_plain_chinese(said: str) -> None:
    assert plainly_in(said) == "zh_CN"


@pytest.mark.parametrize(
    "said",
    [
        "ok",
        "OK thank you",
        "hello",
        "thanks a lot",
        "Bank of China",
        "Industrial and Commercial Bank of China",
        "China Merchants Bank Suzhou Branch",
        "ZHANG WEI",
        "wo de qian ne",
        "you mei you qian",
        "qian he piao can bu can",
        "HU200001",
        "50",
        "？？？",
        "王伟",
        "中国银行",
        "五百",
        "my name is 王伟",
        "",
    ],
)
def test_what_leaves_a_doubt_switches_nobody(said: str) -> None:
    assert plainly_in(said) is None

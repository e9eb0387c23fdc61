"""Whose language words are plainly in; in doubt nobody is switched."""

from __future__ import annotations

import pytest

from carefund_bot.domain.funds import AREAS, FUNDS
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
    "said",
    [
        "钱呢",
        "錢什麼時候到",
        "我想每个月捐50",
        "我家的 ICBC 卡换了",
        "没收到",
        "党员怎么捐",
        "去年捐多少",
        "银行卡换了",
        "助学金啥时候发",
        "每月捐五十",
        "阿有收據冇",
        "能不能改成每年",
        "票据寄来了",
        "在学校可以领吧",
        "割腕了 血止不住",
    ],
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
        "中国农业银行",
        "中国邮政储蓄银行股份有限公司苏州市吴中支行",
        "江苏苏州农村商业银行股份有限公司会计部",
        "苏州工业园区",
        "姑苏区平江路新村",
        "苏州市吴中区木渎镇金山南路28号理想花园3幢502室",
        "太仓市要武新村给水公司宿舍",
        "不夜城大酒店能源路到新桥",
        "平江路星空网吧",
        "华芳毛呢",
        "美的公寓",
        "哪吒路",
        "美的事业部",
        "理想停车场",
        "何时希",
        "陈乐哉",
        "居民委员会",
        "党员关爱基金会",
        "欧阳谢在有",
        "钱会来",
        "阿不都热西提·买买提",
        "我",
        "五百",
        "my name is 王伟",
        "",
    ],
)
def test_what_leaves_a_doubt_switches_nobody(said: str) -> None:
    assert plainly_in(said) is None


@pytest.mark.parametrize("said", [each.name_zh for each in AREAS] + [each.zh for each in FUNDS])
def test_no_place_of_ours_switches_anybody(said: str) -> None:
    assert plainly_in(said) is None

"""A sum, a rhythm, a year, a day: what is read, and what must be asked instead."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carefund_bot.understanding.slots import read_slots

TODAY = date(2026, 6, 15)  # a Monday


def slots(text: str) -> dict[str, Any]:
    return read_slots(text, TODAY).as_json()


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("我想捐三百五", 350),
        ("认捐一千二", 1200),
        ("两万五可以吗", 25_000),
        ("企业想捐1.5万", 15_000),
        ("捐5w", 50_000),
        ("改成2k", 2000),
        ("捐廿块", 20),
        ("伍佰圆整", 500),
        ("我想捐１００元", 100),
        ("就捐五块五", 5.5),
        ("我要捐 200", 200),
        ("每月50", 50),
        ("一百块", 100),
        ("一个月五十", 50),
        ("月捐30元行不行", 30),
        ("200", 200),
        ("一萬元", 10_000),
        ("捐１，０００元", 1000),
        ("五十块钱", 50),
        ("想捐五十快", 50),
        ("一千五百块", 1500),
        ("¥88.80", 88.8),
        ("rmb 300", 300),
        ("I want to give two hundred yuan", 200),
        ("pledge a thousand a year", 1000),
        ("fifty yuan every month please", 50),
        ("donate 1,000 rmb", 1000),
        ("100块头", 100),
        ("两百洋钿", 200),
        ("一次捐清，1200", 1200),
        ("每季度一次，每次150", 150),
        ("once a month 30", 30),
        ("100/mo", 100),
        ("不超过200", 200),
        ("去年发1200今年多少", 1200),
        ("5000块工资里拿100", 100),
        ("4万8千块", 48_000),
        ("0.5万", 5000),
        ("块五", 1.5),
        ("五毛", 0.5),
        ("十块五毛", 10.5),
        ("1 000元", 1000),
        ("100¥", 100),
        ("付了100，页面转圈圈", 100),
        ("还差300", 300),
        ("上个月多扣200", 200),
        ("补助1280对吗", 1280),
        ("每人1000", 1000),
        ("手续费200", 200),
        ("为啥我家只有800", 800),
        ("他们家1500我家1200", 1200),
        ("按季100", 100),
        ("200吃不消，改一百", 100),
        ("误登记成1000，应为100", 100),
        ("sent 300 but nothing received", 300),
        ("the 1000 for 2025", 1000),
        ("my 500 from last month", 500),
        ("whether the 3000 has gone out", 3000),
        ("maybe 100?", 100),
        ("i can afford 30", 30),
        ("5 thousand", 5000),
        ("hundred yuan", 100),
        ("lump sum 5000", 5000),
        ("100 twice a year", 100),
        ("one yuan a day, so 365 a year", 365),
        ("我想每月捐50，50就50", 50),
        ("十块八", 10.8),
    ],
)
def test_a_sum(text: str, yuan: float) -> None:
    assert slots(text).get("amount") == yuan


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("从50改到100", 100),
        ("从一百改成两百", 200),
        ("100 instead of 50", 100),
        ("应该是500不是50", 500),
        ("不是50是500", 500),
        ("原来每月50，现在想捐80", 80),
        ("把每个月一百降到五十", 50),
        ("change it from 100 to 60", 60),
        ("之前认捐200太多了，改30", 30),
        ("一百块一个月太多，五十吧", 50),
        ("别捐200了，捐100", 100),
        ("not 200 but 20", 20),
        ("100→150", 150),
        ("100 -> 150", 150),
        ("原100现200", 200),
        ("50变80", 80),
        ("别扣200，扣100", 100),
        ("instead of 100, 200", 200),
        ("I registered 300 but meant 30", 30),
    ],
)
def test_the_new_sum_wins(text: str, yuan: float) -> None:
    assert slots(text).get("amount") == yuan


@pytest.mark.parametrize(
    "text",
    [
        "我的电话13800000000",
        "卡尾号1234",
        "银行卡后四位是5678的那张",
        "我今年78岁",
        "党龄30年了",
        "入党四十年",
        "家里五口人",
        "我们支部23个人",
        "第3批发了吗",
        "住在5号楼302室",
        "下午3点上班吗",
        "验证码 482913",
        "万一没到账怎么办",
        "第一次捐款怎么操作",
        "七一发吗",
        "捐几百块吧",
        "百把块钱",
        "捐50还是100好",
        "50到100块",
        "一百多块",
        "一块钱也没有",
        "两百不到",
        "去年帮了4万8千户",
        "05-17",
        "三四百",
        "十几块",
        "一下子拿不出来",
        "等了三个月了",
        "give 50 or 100?",
        "a few hundred yuan",
        "千万别扣我的钱",
        "每个月加20块",
        "身份证320500190001010000",
        "2025年捐了多少",
        "18个月大的孩子",
        "I am 78 years old",
        "my card ending in 4432",
        "老人家九十了天天问",
        "my mum is eighty",
        "139开头的号码",
        "我1946年生的，写成1964了",
        "打120",
        "拨12345没人接",
        "住3栋502",
        "50-100",
        "50 to 100 yuan",
        "between 50 and 100",
        "two or three hundred",
        "half a thousand",
        "千儿八百",
        "一千以上",
        "一毛钱没见着",
        "error 404",
        "top 10",
        "二十大",
        "十块八块",
        "捐个十块八块的",
        "我想捐500，她捐300",
        "我捐500我老婆捐300",
        "每月50还是100",
        "每月50，一年600",
        "先捐500，以后每月50",
        "I give 50 and my wife gives 30",
    ],
)
def test_no_sum(text: str) -> None:
    assert "amount" not in slots(text)


@pytest.mark.parametrize(
    ("text", "rhythm", "yuan"),
    [
        ("每月捐50", "monthly", 50),
        ("每个月给一百", "monthly", 100),
        ("一个月50块", "monthly", 50),
        ("50块一个月", "monthly", 50),
        ("50/月", "monthly", 50),
        ("按月扣", "monthly", None),
        ("1000 a year", "yearly", 1000),
        ("一年一千", "yearly", 1000),
        ("一年捐500", "yearly", 500),
        ("每年一次", "yearly", None),
        ("改成一年一次", "yearly", None),
        ("每季度三百", "quarterly", 300),
        ("三个月交一次", "quarterly", None),
        ("按季度来 200", "quarterly", None),
        ("一万一次性", "once", 10_000),
        ("一次性捐两千", "once", 2000),
        ("就捐一次，五百", "once", 500),
        ("one-off gift of 500", "once", 500),
        ("monthly 30 yuan", "monthly", 30),
        ("twenty yuan a month", "monthly", 20),
        ("从每月改成每季度", "quarterly", None),
        ("不要每月了，改成一年一次", "yearly", None),
        ("yearly instead of monthly", "yearly", None),
        ("五百一年", "yearly", 500),
        ("一次付清，300", "once", 300),
        ("500 yuan once", "once", 500),
        ("单笔捐500", "once", 500),
        ("月付五十", "monthly", 50),
        ("每年四次", "quarterly", None),
        ("五十一个月", "monthly", 50),
        ("一年捐个三百块", "yearly", 300),
        ("50一月", "monthly", 50),
        ("三个月150", "quarterly", 150),
        ("一次捐五千", "once", 5000),
        ("三千块一次付", "once", 3000),
        ("give 1000 in one go", "once", 1000),
        ("每年一次性付1200", "yearly", 1200),
        ("月改季", "quarterly", None),
        ("一年12次", "monthly", None),
        ("半年前说的每月50", "monthly", 50),
        ("改成一年扣一次行吗 月月扣我记不住", "yearly", None),
        ("不要半年一次，改每季度", "quarterly", None),
        ("500 per annum", "yearly", 500),
        ("100-per-month pledge", "monthly", 100),
        ("100/季", "quarterly", 100),
        ("50/mth", "monthly", 50),
        ("一年头三百", "yearly", 300),
        ("just this once 300", "once", 300),
        ("all at once 1200", "once", 1200),
        ("make it 500 once instead of 50 monthly", "once", 500),
    ],
)
def test_a_rhythm(text: str, rhythm: str, yuan: float | None) -> None:
    found = slots(text)
    assert found.get("frequency") == rhythm
    assert yuan is None or found.get("amount") == yuan


@pytest.mark.parametrize(
    "text",
    [
        "每半年捐一次",
        "半年给200",
        "每月还是每年好",
        "第一次捐",
        "一个月前捐的",
        "a month ago",
        "捐过一次",
        "我捐了一年了",
        "monthly or yearly?",
        "一年捐两回",
        "每两个月50",
        "twice a year",
        "every other month",
        "semi-annually",
        "年年都有今年没有",
        "改成每月底扣",
        "2025全年捐赠合计",
        "one-time code never came",
        "等了一个月一分钱没有",
    ],
)
def test_no_rhythm(text: str) -> None:
    assert "frequency" not in slots(text)


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("今年捐了多少", 2026),
        ("去年的记录", 2025),
        ("前年", 2024),
        ("2025年一共", 2025),
        ("25年的收据", 2025),
        ("二〇一二年捐的", 2012),
        ("二零二五年度", 2025),
        ("明年还发吗", 2027),
        ("how much did I give last year", 2025),
        ("in 2024", 2024),
        ("receipt for 2023 please", 2023),
        ("25年底捐的", 2025),
        ("两年前捐的", 2024),
        ("2 years ago", 2024),
        ("昨年的收据", 2025),
        ("去年有今年怎么没有", 2026),
        ("got it last year but not this year", 2026),
    ],
)
def test_a_year(text: str, year: int) -> None:
    assert slots(text) == {"year": year}


@pytest.mark.parametrize(
    "text",
    [
        "我今年78了",
        "年底前捐2000",
        "2023到2025年",
        "去年和今年",
        "这几年捐了多少",
        "入党25年",
        "过去三年",
        "last three years",
        "2008年入党的",
    ],
)
def test_no_year(text: str) -> None:
    assert "year" not in slots(text)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("七一发吗", "2026-07-01"),
        ("去年七一发的那笔", "2025-07-01"),
        ("7月5号到账吗", "2026-07-05"),
        ("七月的钱", "2026-07"),
        ("今年7月", "2026-07"),
        ("去年12月捐的", "2025-12"),
        ("12月捐的那笔", "2025-12"),
        ("从三月开始扣", "2027-03"),
        ("2026-07-05", "2026-07-05"),
        ("2025年11月", "2025-11"),
        ("2025/3", "2025-03"),
        ("下个月", "2026-07"),
        ("上个月捐的", "2026-05"),
        ("下个月5号", "2026-07-05"),
        ("昨天打的款", "2026-06-14"),
        ("明天能办吗", "2026-06-16"),
        ("三天前", "2026-06-12"),
        ("下周一", "2026-06-22"),
        ("in July", "2026-07"),
        ("5 July 2026", "2026-07-05"),
        ("July 5th", "2026-07-05"),
        ("last month", "2026-05"),
        ("what I paid in March", "2026-03"),
        ("the december payment I made", "2025-12"),
        ("七月的钱没收到", "2025-07"),
        ("助学金11月发吗", "2026-11"),
        ("11月捐的收据", "2025-11"),
        ("20250312", "2025-03-12"),
        ("7.1发吗", "2026-07-01"),
        ("7/1", "2026-07-01"),
        ("20/6/2026", "2026-06-20"),
        ("今年那个七一", "2026-07-01"),
        ("人家七一的钱都到手了，俺家咋没有", "2026-07-01"),
        ("万一七月里回老家", "2026-07"),
        ("will it be paid before March 1st", "2027-03-01"),
        ("was the gift from February booked", "2026-02"),
    ],
)
def test_a_moment(text: str, moment: str) -> None:
    found = slots(text)
    assert found.get("date") == moment
    assert "amount" not in found


@pytest.mark.parametrize(
    "text",
    [
        "每月5号扣",
        "改到15号扣",
        "5号之前能到吗",
        "每年七一捐三百",
        "几月发",
        "三个月了",
        "2月30号",
        "3月和5月的",
        "5号楼",
        "may I ask",
        "we march on",
        "房东今晚就赶我们走",
    ],
)
def test_no_moment(text: str) -> None:
    assert "date" not in slots(text)


@given(st.integers(1, 99_999_999))
def test_any_whole_sum_with_its_mark_is_read_exactly(yuan: int) -> None:
    assert slots(f"我想捐{yuan}元") == {"amount": yuan}


@given(st.dates(date(2012, 1, 1), date(2039, 12, 31)))
def test_any_written_day_is_read_exactly(day: date) -> None:
    assert slots(f"{day.year}年{day.month}月{day.day}日捐的") == {"date": day.isoformat()}
    assert slots(f"捐款日期 {day.isoformat()}") == {"date": day.isoformat()}


@given(st.text(max_size=80))
def test_any_text_is_read_without_a_fault(text: str) -> None:
    read_slots(text, TODAY)

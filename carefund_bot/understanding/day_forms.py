"""The words and forms in which people name years, months and days; `days` works out which they are."""

from __future__ import annotations

import re

_HAN = "零〇一二三四五六七八九十"
_MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_DAY = r"(?:3[01]|[12][0-9]|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|廿[一二三四五六七八九]?|[一二三四五六七八九])"
_FAR_YEAR = r"(?:20(?:0[89]|[1-3][0-9])|二[零〇][零〇一二三][零〇一二三四五六七八九])"
_NEAR_YEAR = r"[0-3][0-9]|[一二三][零〇一二三四五六七八九]"
YEARS_BACK = {
    "大前年": 3,
    "前年": 2,
    "去年": 1,
    "上一年": 1,
    "上年": 1,
    "昨年": 1,
    "旧年": 1,
    "今年": 0,
    "本年": 0,
    "明年": -1,
    "下一年": -1,
    "后年": -2,
}
YEARS_BACK_EN = {"the year before last": 2, "last year": 1, "previous year": 1, "this year": 0, "next year": -1}
MONTHS_EN = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_EN_MONTH = (
    r"(?:january|february|april|june|july|august|september|october|november|december"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
    r"|(?:(?<=in )|(?<=since )|(?<=of )|(?<=last )|(?<=from )|(?<=this )|(?<=next )"
    r"|(?<=by )|(?<=[0-9] )|(?<=th )|(?<=st ))(?:may|march)"
    r"|(?:may|march)(?= [0-9]))"
)
DAYS_OFF = {
    "大前天": -3,
    "前天": -2,
    "昨天": -1,
    "昨日": -1,
    "今天": 0,
    "今日": 0,
    "明天": 1,
    "明日": 1,
    "大后天": 3,
    "后天": 2,
}
DAYS_OFF_EN = {"the day before yesterday": -2, "yesterday": -1, "today": 0, "the day after tomorrow": 2, "tomorrow": 1}
MONTHS_OFF = {
    "上上个月": -2,
    "上上月": -2,
    "上个月": -1,
    "上月": -1,
    "这个月": 0,
    "本月": 0,
    "当月": 0,
    "下下个月": 2,
    "下个月": 1,
    "下月": 1,
}
MONTHS_OFF_EN = {"last month": -1, "this month": 0, "next month": 1}
FESTIVALS = {"七一": (7, 1), "五一": (5, 1), "国庆": (10, 1), "元旦": (1, 1), "party day": (7, 1)}
WEEK = {"上上": -2, "上": -1, "这": 0, "本": 0, "下": 1, "last ": -1, "this ": 0, "next ": 1}
WEEKDAYS_EN = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


def _any(words: dict[str, int]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


_YEAR_PREFIX = (
    rf"(?:(?P<far>{_FAR_YEAR})年?度?|(?P<near>(?<![0-9{_HAN}百千]){_NEAR_YEAR})年"
    rf"|(?P<back>{_any(YEARS_BACK)}))\s?(?:的|度)?"
)
_FORMS = (
    (
        "iso",
        (
            r"(?<![0-9])(?P<y>20[0-3][0-9])\s?[-/.年]\s?(?P<m>1[0-2]|0?[1-9])(?:\s?[-/.月]\s?(?P<d>3[01]"
            r"|[12][0-9]|0?[1-9])(?![0-9])|月份?|(?![0-9.]))[日号]?"
        ),
    ),
    (
        "written_close",
        r"(?<![0-9])(?P<y>20[0-3][0-9])(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12][0-9]|3[01])(?![0-9])",
    ),
    (
        "day_first",
        r"(?<![0-9])(?P<d>3[01]|[12][0-9]|0?[1-9])/(?P<m>1[0-2]|0?[1-9])/(?P<y>20[0-3][0-9])(?![0-9])",
    ),
    (
        "short",
        (
            r"(?<![0-9.])(?P<m>1[0-2]|[1-9])(?:[./](?P<d>3[01]|[12][0-9]|0?[1-9])(?=[日号发前后捐交]|之前|到账)"
            r"|/(?P<d2>3[01]|[12][0-9]|0?[1-9])(?![0-9.]))"
        ),
    ),
    (
        "month",
        (
            rf"(?:{_YEAR_PREFIX}\s?)?(?:(?<![0-9{_HAN}第])|(?<=万一))(?P<m>{_MONTH})月(?!薪|租|供)(?:份"
            rf"|(?P<d>{_DAY})(?:[日号](?![0-9])|(?![0-9{_HAN}元块])))?"
        ),
    ),
    (
        "festival",
        (
            rf"(?:{_YEAR_PREFIX}\s?(?:[那这]个)?)?(?<![0-9{_HAN}块元])(?P<f>七一|五一|国庆|元旦)(?![{_HAN}百千万路]"
            rf"|个月|年)|(?P<fe>party day)"
        ),
    ),
    (
        "month_off",
        (
            rf"(?P<w>{_any(MONTHS_OFF)}|\b(?:{_any(MONTHS_OFF_EN)})\b)(?:份|的|初|底"
            rf"|末)?(?:(?P<d>{_DAY})[日号](?![0-9楼]))?"
        ),
    ),
    ("day_off", rf"(?P<w>{_any(DAYS_OFF)}|\b(?:{_any(DAYS_OFF_EN)})\b)"),
    ("week", r"(?P<w>上上|上|这|本|下)个?(?:周|星期|礼拜)(?P<d>[一二三四五六日天])"),
    ("week_en", rf"\b(?P<w>last |this |next )(?P<d>{'|'.join(WEEKDAYS_EN)})\b"),
    (
        "ago",
        (
            r"(?<![0-9])(?P<n>[0-9]{1,3}|[一二两三四五六七八九十]{1,3})(?P<u>天|个月)(?:之"
            r"|以)?(?P<s>前|后)|\b(?P<ne>[0-9]{1,3}|a|one|two|three|four|five|six|seven"
            r"|eight|nine) (?P<ue>day|month)s? ago\b"
        ),
    ),
    (
        "years_ago",
        (
            r"(?<![0-9第])(?P<n>[1-9]|[一两二三四五六七八九])年(?:之|以)?前|\b(?P<ne>[1-9]"
            r"|two|three|four|five) years ago\b"
        ),
    ),
    (
        "en_month",
        (
            rf"\b(?:(?P<d1>[0-3]?[0-9])(?:st|nd|rd|th)?(?: of)? )?(?:(?P<rel>last|this"
            rf"|next) )?(?P<m>{_EN_MONTH})\b\.?"
            rf"(?:,? (?P<d2>[0-3]?[0-9])(?:st|nd|rd|th)?(?![0-9]))?(?:,?(?: of)? (?P<y>20[0-3][0-9]"
            rf"|last year|this year|next year))?"
        ),
    ),
    (
        "year",
        (
            rf"(?P<far>(?<![0-9¥捐给出交]){_FAR_YEAR})(?![0-9])(?!\s?(?:元|块|yuan|rmb|kuai|[百千万wk]))(?:年度?)?"
            rf"|(?P<near>(?<![0-9{_HAN}百千]){_NEAR_YEAR})年(?=$|[底初末的捐交度那我给发收,。，?？!]"
            rf"|全年)|(?P<back>{_any(YEARS_BACK)})|\b(?P<back_en>{_any(YEARS_BACK_EN)})\b"
        ),
    ),
)
READERS = [(name, re.compile(form)) for name, form in _FORMS]

"""The sum somebody names in a sentence. Phones, ages, years of membership, house numbers and counts are not sums."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from enum import Enum, auto

from carefund_bot.domain.money import Money, NotMoney, parse_money

_HAN = "零〇一二三四五六七八九十百千万亿两廿卅卌壹贰叁肆伍陆柒捌玖拾佰仟"
_MARK = r"元钱|元|圆|块头|块洋钿|块钱|块|毛钱?|yuan\b|rmb\b|cny\b|kuai\b|bucks\b|¥"
_SUM = re.compile(
    rf"""(?:(?P<sign>[¥￥]|\brmb|\bcny)\ ?)?
    (?P<number>
    [0-9][0-9,]*(?:\.[0-9]+)?(?:[万千][0-9]+(?=[千百]))?
    (?:\ ?[百千万kw](?![a-z])[{_HAN}0-9]?)?|[{_HAN}]+(?:点[{_HAN}]+)?)
    (?:\ ?(?P<mark>{_MARK})(?P<small>[{_HAN}0-9](?![0-9年月天个点号次笔])[角毛]?[{_HAN}0-9]?分?)?)?""",
    re.VERBOSE,
)
_GLUED = re.compile(rf"(?<=[{_HAN}0-9kw元块圆])(?<!第)一(?=[次年个季共起定下直样笔些月])")
_BARE_MARK = re.compile(r"(?<![0-9kw零一二三四五六七八九十百千万两几每多这那整毛])块(?=[一二三四五六七八九](?:$|[毛角，。,. 吧行的]))")
_PARTED = re.compile(r"(?<![0-9.,])([0-9]{1,3}) ([0-9]{3})(?= ?(?:元|块|yuan|rmb))")
_ARROW = re.compile(r" ?(?:→|⇒|➡|[-=]+>) ?")
_QUICK = re.compile(rf"(?<=[{_HAN}0-9])快(?=钱|$|[，。,.!?！？ ]|[一每吧可行吗的])")

_COUNTED = re.compile(
    r" ?(?:[年月日号岁点人口户名位个次笔天周时楼室栋幢路线条期批%张份遍级届部本代家支斤只倍折度辈米组件项层页回趟]"
    r"|小时|分[钟之]|公里|党龄|礼拜|星期|块地|方面|[开打]头|结尾|高速|热线|报警"
    r"|(?:years?|yrs?|people|persons?|times|days?|kids?|children|members?|months?|weeks?|hours?|minutes?|households?"
    r"|(?:gifts|payments)|floors?|th|nd|rd|st|am|pm|o'clock|percent)\b)"
)
_NAMED = re.compile(
    r"(?:第|工资|退休金|收入|尾[号数]|[后末][四4]位|几位|卡号|证号|编号|单号|票号|电话|手机|热线"
    r"|验证码|校验码|代码|号码|口令|工号|门牌|群|qq|微信|邮编|房间|今年|已经|快"
    r"|满|都|[拨打]"
    r"|code|number|\bid|\broom|\bno\.?|ending(?: in)?|ends in|last four|digits"
    r"|tel|phone|aged?|call|flat|unit|#)[是为:： ]*(?:is )?$"
)
_VAGUE_BEFORE = re.compile(
    r"(?:好?几|数|上|多少)$|\b(?:(?:few|couple|couple of|several|some|half a)|(?:one|two|three|four|five|six|seven) (?:or|to)) $"
)
_VAGUE_AFTER = re.compile(
    r" ?(?:几|来[块元个]|把[块元]|多[块元]|多(?!少)|余|出头|不到(?!账)|(?:钱)?[也都][没不]"
    r"|(?:的)?(?:工资|退休金|收入)|odd\b|-odd|or so\b|something)"
)
_GIVING = re.compile(
    r"(?:捐|认捐|给|发|领|到|收到?|应该|大概|差不多|左右|最多|至少|不超过|出|交"
    r"|改[成为到]?|换成|变成|调[到成]|[加增降减涨升提][到至成为]"
    r"|拿|付|扣|缴|报|转|汇|退|按[年月季]|季度?|每月|每年|每季度?|个月|一年|每[次回期笔]|那|的|[就是要共了笔款想]"
    r"|只有|[才仅得原现]"
    r"|\b(?:give|giving|gave|given|donate|donated|pledged?|pay|paid|contributed?|change|sent|send|transferred|wired"
    r"|took|taken|charged|debited|deducted|promised|promise|refund|return|received|got|sum|donation|gift"
    r"|raise|increase|lower|reduce|make it|to|of|for|at|amount|do|be|just|only"
    r"|put|set|another|from|instead of|is|was|not|or|but|with|about|around|least|most|month|quarter|year"
    r"|monthly|quarterly|yearly|annually|once|once:|week|time)|还是|[到至])"
    r"[^0-9]{0,3}$"
)
_RHYTHM_AFTER = re.compile(
    r" ?(?:[一每/]?个?[年月季]|一次|就|吧|行|可以|[改换变调现]|monthly|yearly|quarterly|annually|(?:a"
    r"|per|/) ?(?:mo(?:nth)?\b|year|yr\b|quarter)|every\b|each\b|once|twice|one\b|instead|not\b|rather"
    r"|(?:gift|donation|pledge|receipt|contribution)\b"
    r"|(?:到|至|-|~|还是|or\b) ?[0-9])"
)
_NEW = re.compile(
    r"(?:改[成为到]?|换成?|变[成为到]?|调[到成整]{0,3}|[加增降减涨升提低高]到"
    r"|[加降减涨升提]至|应该是|应为|而是|现在?(?:想|要|改)?(?:捐)?|想要?|更正为?"
    r"|\bto|make it|should be|\bnow|want)[^0-9]{0,4}$"
)
_OLD = re.compile(
    r"(?:从|由|不是|不要|别捐|不捐|而非|原[来先定]?|本来|之前|以前|上次|已经|把|将|instead of"
    r"|rather than|\bnot|\bfrom|\bwas|used to be|used to give|previously)"
    r"[^0-9]{0,5}$"
)
_REFUSED = re.compile(r"(?:不要|别捐|不捐|instead of|rather than|\bnot)[^0-9]{0,5}$")
_STEP = re.compile(r"(?:(?:再|想|要|每月|个月|多)?[加增涨减降少](?:加|多|少|个|捐|扣|交)?|多[加交捐]|\bby)\s?$")
_DAILY = re.compile(r"(?:每|一)天\D{0,3}$")
_DAILY_AFTER = re.compile(r" ?(?:(?:a|per|each|every|/) ?(?:day|week)\b|[一每/](?:天|日|周))")
_STEP_AFTER = re.compile(r" ?(?:yuan |rmb )?more\b")
_CHOICE = re.compile(r"^[^0-9]{0,4}(?:还是|或者?|\bor\b)[^0-9]{0,4}$")
_RANGE = re.compile(r"^\s?(?:到|至|-|~|—|to)\s?$")
_TOO_MUCH = re.compile(
    r"[^0-9，,。.;；]{0,6}(?:太[多高少低]|多了|高了|吃不消|负担不起|不够| is too (?:much|high|little|low))"
)
_SAYS_GIVING = re.compile(
    r"捐|[改扣付]|每?[年月季]|\b(?:donate|donation|pledge|give|pay|monthly|yearly|month|year|quarter|instead|rather)"
)
_MONEY_SPOKEN_OF = re.compile(
    r"\b(?:paid|pay|payment|sent|transferred|gave|give|gift|donated?|donation|pledged?|promised|got|get|received|aid"
    r"|charged|refund|receipt|booked|deducted|amount|money)\b"
)
_CLOSES = re.compile(
    r"[ ]?(?:$|[,.;!?]|(?:for|from|in|on|at|was|is|but|and|to|by|via|last|this|back|only|please|pls|through|now|when|yet|so"
    r"|then|i|it|has|had|did|today|yesterday|arrived|recorded|late|back|which|that|as)\b)"
)
_UNTIL_NEW = re.compile(r"(?:从|由|\bfrom)[^0-9]{0,5}$")
_RANGE_AFTER = re.compile(r" ?(?:到|至|-|~|—|to) ?[0-9]")
_RANGE_BEFORE = re.compile(rf"[0-9{_HAN}](?:元|块钱?)? ?(?:到|至|-|~|—|to) ?$")
_CHANGES = re.compile(r"[改从由调提降升加涨减换]|\b(?:from|chang\w+|change|rais\w+|lower\w*|increas\w+|reduc\w+|up|down)\b")
_LONGEST_BARE = 6
_BIRTH_YEAR = re.compile("19[0-9]{2}")
_PHONE_HEAD = re.compile("1[3-9][0-9]")


class _Standing(Enum):
    NEW = auto()
    PLAIN = auto()
    OLD = auto()


@dataclass(frozen=True, slots=True)
class _Candidate:
    sum: Money
    start: int
    end: int
    standing: _Standing


def read_sum(plain: str) -> Money | None:
    """The one sum of a normalised text, the new one where two are set against each other; None: it must be asked."""
    spaced = _QUICK.sub("块", _GLUED.sub(" 一", _PARTED.sub(r"\1\2", _BARE_MARK.sub("一块", _ARROW.sub("改成", plain)))))
    found = _candidates(spaced)
    if not found or _is_open(spaced, found):
        return None
    if len(found) == 1:
        only = found[0]
        return None if _REFUSED.search(spaced[: only.start]) else only.sum
    ranked = [candidate for candidate in found if candidate.standing is _Standing.NEW][-1:]
    ranked += [candidate for candidate in found if candidate.standing is _Standing.PLAIN]
    return (ranked or found)[0].sum


def _candidates(text: str) -> list[_Candidate]:
    found = []
    end = 0
    for match in _SUM.finditer(text):
        before = text[end : match.start()]
        if (value := _sum_of(match, text, before)) is not None:
            small = _TOO_MUCH.match(text, match.end()) or _DAILY_AFTER.match(text, match.end()) or _DAILY.search(before)
            standing = _Standing.OLD if small else _standing(before)
            found.append(_Candidate(value, match.start(), match.end(), standing))
            end = match.end()
    return found


def _sum_of(match: re.Match[str], text: str, before: str) -> Money | None:
    after = text[match.end() :]
    if _VAGUE_BEFORE.search(before) or _VAGUE_AFTER.match(after) or _STEP.search(before) or _STEP_AFTER.match(after):
        return None
    marked = bool(match["sign"] or match["mark"])
    if not marked and not _is_bare_sum(match["number"], before, after, text):
        return None
    mark = "毛" if (match["mark"] or "").startswith("毛") else "元" if marked else ""
    if mark == "毛" and match["number"] in {"一", "1"}:
        return None  # 一毛钱没有: no sum, a sigh
    try:
        return parse_money(match["number"].replace(" ", "") + mark + (match["small"] or ""))
    except NotMoney:
        return None


def _is_bare_sum(number: str, before: str, after: str, text: str) -> bool:
    if _COUNTED.match(after) or _NAMED.search(before):
        return False
    if number[0] in _HAN:
        return len(number) > 1 and not _is_word(number) and any(unit in number for unit in "十百千万拾佰仟廿卅")
    if len(number) > _LONGEST_BARE or (number[0] == "0" and not number.startswith("0.")):
        return False
    if _is_no_sum_of_its_own(number, text):
        return False
    alone = text.strip(" .!?，。") == number or _stands_alone(before, after, text)
    said = _GIVING.search(before) or _RHYTHM_AFTER.match(after)
    return alone or "," in number or number[-1] in "百千万kw" or bool(said) or _is_spoken_of(number, before, after, text)


def _is_no_sum_of_its_own(number: str, text: str) -> bool:
    """A year of birth, or the first three digits of a telephone."""
    if _BIRTH_YEAR.fullmatch(number):
        return bool(re.search("生|年|岁|born|age", text))
    return bool(_PHONE_HEAD.fullmatch(number) and re.search("手机|号码|电话|phone", text))


def _is_spoken_of(number: str, before: str, after: str, text: str) -> bool:
    """did my 300 arrive, the 1000 for 2025: a figure of two or more digits in a sentence about money."""
    return (
        len(number) > 1
        and bool(re.search(r"\b(?:my|the|of|another|only|just|that|a) $", before) or before.endswith("¥"))
        and bool(_CLOSES.match(after) and _MONEY_SPOKEN_OF.search(text))
    )


def _stands_alone(before: str, after: str, text: str) -> bool:
    """捐款，1200: a clause of nothing but a figure, in a sentence about giving."""
    fenced = not before.strip() or before.rstrip()[-1] in "，,。:：;；"
    return fenced and (not after.strip() or after.lstrip()[0] in "，,。.;；!！?？") and bool(_SAYS_GIVING.search(text))


def _is_word(number: str) -> bool:
    """万一, 千万, 十一, 百万 are words or days here."""
    return number in {"万一", "千万", "万万", "十一", "百千", "十百", "百万", "一一", "万千"}


def _standing(before: str) -> _Standing:
    if _OLD.search(before):
        return _Standing.OLD
    return _Standing.NEW if _NEW.search(before) else _Standing.PLAIN


def _is_open(text: str, found: list[_Candidate]) -> bool:
    """50还是100 asks; 50到100 is a range, unless it says 从50到100."""
    for one, other in itertools.pairwise(found):
        between = text[one.end : other.start]
        if _CHOICE.match(between) and one.sum != other.sum:
            return True
        if _RANGE.match(between) and not _UNTIL_NEW.search(text[: one.start]):
            return True
    return any(_is_range_end(text, one) for one in found)


def _is_range_end(text: str, one: _Candidate) -> bool:
    """50-100, 50 to 100 yuan: the other end need not look like a sum of its own."""
    before = text[: one.start]
    if _CHANGES.search(before):
        return False
    return bool(_RANGE_AFTER.match(text, one.end) or _RANGE_BEFORE.search(before))

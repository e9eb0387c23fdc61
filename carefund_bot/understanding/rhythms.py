"""How often somebody wants to give: 每月, a year, 一次性. 每半年 is not offered, so it reads as nothing: ask."""

from __future__ import annotations

import itertools
import re
from enum import StrEnum


class Rhythm(StrEnum):
    ONCE = "once"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"


_FIGURE = r"(?![一1](?:[分毛点直样定起般边些路个]|次[也都]))[0-9零一二三四五六七八九十百千万两廿卅kw.,¥]"
_GIVE = r"(?:捐|给|出|交|扣|拿|认捐|付|省|存|缴)"
_SUM_NEXT = rf"(?=[，, ]?(?:我|就|能|可以|想|要|再|只|固定|大概|差不多|各)?{_GIVE}?[个上掉]?\s?{_FIGURE})"
_PAID = r"(?:元|块钱?|钱|rmb|yuan)"
_SUM_BEFORE = rf"(?<=[0-9零一二三四五六七八九十百千万两廿卅kw]){_PAID}?\s?"
_ONE_AFTER_SUM = rf"(?:(?<=[0-9零一二三四五六七八九十百千万两廿卅kw])\s?一|{_PAID}\s?[一1])"
_TIMES = r"(?=(?:捐|给|交|扣|付|来)?(?:一|1)(?:次|回|趟|笔))"

_NOT_OFFERED = (
    rf"每半年|(?<![前后大上下近了等过])半年(?:度|[一1]?[次回趟笔]|{_GIVE}|[一1]付|{_SUM_NEXT})"
    r"|half[- ]year(?:ly)?|(?:six|6) months|每(?:两|[2二])个?月|隔[一]?个?月|每(?:周|星期|礼拜)"
    r"|[每一]年(?:分|捐|交|给|付|扣)?(?:[两二三五六2356])(?:次|回|趟)"
    r"|\b(?:weekly|fortnightly|(?:twice|(?:two|three|six) times) (?:a|per|each|every) (?:year|month|quarter))\b"
    r"|\b(?:semi|bi)[- ]?(?:annual(?:ly)?|monthly|weekly)\b|every (?:other|second|two|2) (?:month|week|year)s?\b"
    r"|(?:every|each|per|a) week\b"
)
_FORMS = {
    Rhythm.QUARTERLY: rf"每一?个?季度?|按季度?|(?<!第[一二三四1234])(?<![上下这本])季度?[捐付缴扣]|逐季"
    rf"|一个?季度?{_TIMES}"
    rf"|一个?季度?{_SUM_NEXT}|每隔?[3三]个月|隔[3三]个月|[3三]个月{_TIMES}|(?<![了等过满近])[3三]个月{_SUM_NEXT}"
    rf"|{_ONE_AFTER_SUM}个?季度?|{_SUM_BEFORE}/季度?|[改换][成为到]?季"
    r"|[每一]年(?:分|捐|交)?(?:四|4)次|\bfour times a year\b|\bquarterly\b|(?:every"
    r"|per|each|a|/) ?quarter\b|(?:every|each) (?:three|3) months?",
    Rhythm.MONTHLY: rf"每一?个?月(?![底初末]|底前)|按月|月月{_SUM_NEXT}|月月(?=[都也]?{_GIVE})|逐月"
    r"|(?<![0-9一二三四五六七八九十个上下这本几半])月[捐付缴]|[改换][成为到]?月(?![底初末])"
    rf"|(?<![0-9一二三四五六七八九十两几半上下这])个月{_SUM_NEXT}"
    rf"|(?<![第隔])[一1]个?月{_TIMES}|(?<![第隔])[一1]个月{_SUM_NEXT}|{_ONE_AFTER_SUM}个?月(?![0-9初底份])"
    rf"|{_SUM_BEFORE}/月|[每一]年(?:分|捐|交)?(?:十二|12)次"
    r"|\bmonthly\b|(?:every|per|each|/)[ -]?(?:mo(?:nth)?|mth)\b|\ba month\b(?! (?:ago|late|later"
    r"|or|now|has|already|since))|\bp/?m\b",
    Rhythm.YEARLY: rf"每一?年(?!(?:分|捐|交)?(?:四|4|十二|12)次)|年年(?=[都也]?{_GIVE})|年年{_SUM_NEXT}|按年"
    r"|(?<![今去前明后本上那这第下全半整多几往历近当0-9一二三四五六七八九十])年[捐付缴]|[改换][成为到]?年(?![0-9底初])"
    rf"|逐年|[一1]年{_TIMES}|[一1]年头{_SUM_NEXT}|(?<![0-9第这那])[一1]年{_SUM_NEXT}|{_ONE_AFTER_SUM}年"
    rf"|{_SUM_BEFORE}/年"
    r"|\b(?:yearly|annual|annually|per annum)\b|(?:every|per|each|/) ?(?:year|yr)\b|(?<!times )\ba year\b(?! (?:ago"
    r"|late|later|or|now|has|already|since))",
    Rhythm.ONCE: rf"(?<!年)一次性|(?<![每第有上这下几年月季度])[一1]次(?:捐|付|交|缴|给)(?:清|完|掉|齐|足|{_SUM_NEXT})"
    r"|(?<![每第有上这下几年月季度])一次付(?!不|款|了|过)|单[次笔]|[一1]次就(?:捐"
    r"|给|交|付)|[就只]这[一1]?[次回]|[捐给交]这?[一1](?:笔|回)(?!都|也)"
    r"|[就只](?:想"
    r"|要|捐|给|交|来|捐款)*[一1](?:次|回)(?!都)"
    r"|(?<!年)(?<!月)(?<!季)(?<!季度)捐[一1]次(?!都|也)|一[趟把次笔]头|一口气|一次过"
    r"|\bone[- ](?:off|time)\b(?! (?:code|password|passcode|pin|link|verification))|\bin one go\b"
    r"|\bjust (?:the )?once\b|\bonly once\b|\bonce only\b"
    r"|\b(?:single|one) (?:gift|donation|payment|contribution)\b"
    r"|\bgive once\b|\bdonate once\b|\bpay once\b|\bonce,? (?:and|then) (?:done"
    r"|that's it)\b|\blump sum\b|\ball at once\b|\bonce[- ]off\b|\bthis once\b|\bsingle payment\b"
    r"|(?<!than )(?<!at )\bonce(?=[ ,.!?]*$| instead)",
}
_RHYTHM = re.compile(
    "|".join([f"(?P<NONE>{_NOT_OFFERED})", *(f"(?P<{rhythm.name}>{form})" for rhythm, form in _FORMS.items())])
)
_LEFT_BEHIND = re.compile(
    r"(?:从|由|不是|不要|不想|不再|别|原来是?|之前是?|以前是?|本来是?|现在是?|取消|"
    r"(?:instead of|rather than|\bnot|\bfrom|used to be|was)(?: [0-9.]+(?: yuan| rmb)?)?)\s?(?:a |the |按)?$"
)
_CHOSEN = re.compile(r"(?:[改换变调拆转][成为到]?|\bto) ?(?:a |按)?$")
_CHOICE = re.compile(r"还是|或者?|\bor\b")


def read_rhythm(plain: str) -> Rhythm | None:
    """The one rhythm a normalised text asks for; the new one where it says from which to which."""
    found = [(match, Rhythm.__members__.get(match.lastgroup or "")) for match in _RHYTHM.finditer(plain)]
    if not found or _is_choice(plain, found):
        return None
    wanted = [rhythm for match, rhythm in found if not _LEFT_BEHIND.search(plain[: match.start()])]
    chosen = [rhythm for match, rhythm in found if _CHOSEN.search(plain[: match.start()])]
    rhythms = chosen or wanted or [rhythm for _, rhythm in found]
    return None if None in rhythms else rhythms[-1]


def _is_choice(plain: str, found: list[tuple[re.Match[str], Rhythm | None]]) -> bool:
    """每月还是每年 asks."""
    return any(
        one is not other and _CHOICE.search(plain[first.end() : second.start()])
        for (first, one), (second, other) in itertools.pairwise(found)
    )

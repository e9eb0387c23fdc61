"""In which of our languages words are plainly written: a name, bank or address, ok or pinyin say nothing about it."""

from __future__ import annotations

import re
from typing import Final

_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_WORD: Final = re.compile("[a-z]+")
_NO_HAN: Final = r"(?![\u3400-\u9fff])"
_CHINESE_SAYS: Final = re.compile(
    "[我你您怎谁誰没沒这這请請啥咋冇咗嘅勿]"
    "|什[么麼]|多少|多久|哪(?!吒)|何[时時](?=[能可到发發开開])|[几幾](?:[号點点时時个個天月次]|化)"
    "|[能是]不|不(?=[是能要想会會到对對行知用好捐见見准懂住出下])|[还還][有是]|真的|可以"
    f"|(?:[吗嗎]|(?<=[\u3400-\u9fff]{{3}})[啊哉伐]|(?<![毛花绒])呢|(?<![网酒书水茶])吧){_NO_HAN}"
    f"|[到好换換退收发發捐交错錯丢完过過改停去来來死]了|(?<=[\u3400-\u9fff]{{2}})了{_NO_HAN}"
    "|(?<![理梦夢联聯])想[要捐给給问問知改换換停看]|要[捐给給停改换換问問交]"
    "|收到|到[账賬帐]|每[月年季个個]|谢谢|謝謝|[捐给給打退]钱|[捐給打退]錢|的[钱錢卡补補款]"
)
"""Words that make a sentence; the signs in 有限公司, 居委会, 美的 or of who is called 谢, 钱 or 何 do not."""
_ENGLISH_SAYS: Final = re.compile(
    r"\b(?:the|i|i'm|i'd|i'll|i've|my|our|your|is|isn't|are|aren't|was|were|do|don't|does|doesn't|did|didn't|have|haven't"
    r"|has|hasn't|had|will|won't|would|could|should|want|need|get|got|give|gave|donate|know|tell|show|stop|this|that|it"
    r"|there|what|what's|when|where|where's|why|which|who|how|please|money|month|year|much|many|not|with|about|from|yet"
    r"|any|still)(?![a-z'])"
)
"""Words that make a sentence, none of which is a syllable of pinyin, as you, me, he, can or men are."""
_FEWEST: Final = 2


def plainly_in(said: str) -> str | None:
    """The language of `LANGUAGES` that nobody could mistake; else None."""
    plain = said.lower().replace("’", "'")
    han = len(_HAN.findall(plain))
    if han:
        is_chinese = han >= _FEWEST and _CHINESE_SAYS.search(said)
        return "zh_CN" if is_chinese and 3 * len(_WORD.findall(plain)) <= han else None
    return "en" if len(set(_ENGLISH_SAYS.findall(plain))) >= _FEWEST else None

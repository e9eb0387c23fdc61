"""Words made nobody's: names, numbers, addresses and codes are taken out before a sentence is kept to learn from.

Rather too much goes than too little: a phrase without its place is still a phrase.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from carefund_bot.domain.people import clean_cell

LONGEST: Final = 120
"""Characters that are kept: what is longer tells a story, and stories are somebody's."""
_LONGEST_READ: Final = 3 * LONGEST
"""Of a longer one nothing is kept: looking through a letter for names takes the square of its length."""
GAP: Final = "×"

_HAN: Final = r"\u3400-\u9fff"
_SURNAMES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭"
    "陆汪范石廖贾夏韦付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔汤常温康施牛樊葛邢安齐伍庞颜"
    "倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁符阮舒柯项童凌毕裴翁霍俞冉季鲍尤费计诸贡糜"
)
_NO_NAME: Final = "我你您他她它们的了是在有没不都也就还和跟这那哪谁什么怎吗呢吧啊呀个说问去来到要想能会可给把被让叫请"
_NAME: Final = rf"[{_SURNAMES}](?:(?![{_NO_NAME}])[{_HAN}]){{1,2}}"
_TITLES: Final = (
    "老师|主任|书记|阿姨|叔叔|师傅|同志|大爷|大妈|大姐|大哥|奶奶|爷爷|先生|女士|小姐|医生|经理|科长|局长|处长|所长|"
    "校长|教授|同学|好婆|伯伯|嫂"
)
_KIN: Final = "老公|老婆|爱人|儿子|女儿|孙子|孙女|父亲|母亲|爸爸|妈妈|爸|妈|哥哥|姐姐|弟弟|妹妹|爷爷|奶奶|外公|外婆"
_NOT_OF_PLACES: Final = _NO_NAME + "从向对上下过走找住每各本全老大小同等边又再只才已将用比给因为"
_PLACE_NAME: Final = rf"(?:(?![{_NOT_OF_PLACES}])[{_HAN}]){{2,5}}"

_OF_PLACE: Final = "街道|社区|小区|新村|花园|花苑|公寓|大厦|家园|支部|党委"
_OF_ROAD: Final = "路|街|巷|弄|里|村|镇|乡"
_OF_HOUSE: Final = "号楼|号|栋|幢|弄|单元|室|组|楼"
_CAPITALS: Final = r"[A-Z][a-z'’-]+(?: [A-Z][a-z'’-]+)?"

_RULES: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?i:https?://\S+|www\.\S+|[\w.+-]+@[\w.-]+|@\w{3,})",
        r"(?i:(?<![a-z0-9])(?=[a-z0-9-]*[0-9])[a-z0-9]+(?:-[a-z0-9]+)*)",  # codes, roll numbers, phones, sums
        r"\d+",
        r"[零〇一二三四五六七八九幺两壹贰叁肆伍陆柒捌玖]{4,}",  # a number read out
        rf"{_PLACE_NAME}(?:{_OF_PLACE})",
        rf"{_PLACE_NAME}(?:{_OF_ROAD})(?=[^{_HAN}]|[的号]|$)",
        rf"{GAP}(?:{_OF_HOUSE})(?:\s*{GAP}(?:{_OF_HOUSE}))*",
        rf"(?P<keep>我叫|名叫|叫做|姓名|名字是|名字叫)[：:是为]?\s*(?![{_NO_NAME}])[{_HAN}·]{{2,4}}",
        rf"(?P<keep>我是|本人|户主)[：:是为]?\s*{_NAME}",
        rf"(?P<keep>[我他她]姓)[{_HAN}]",
        rf"(?P<keep>{_KIN})(?:名字)?(?:叫|是)?\s*{_NAME}",
        rf"(?:{_NAME}|[老小阿]?[{_SURNAMES}])(?={_TITLES})",
        rf"[老小][{_SURNAMES}](?!人)",
        rf"^(?!钱){_NAME}(?=[^{_HAN}]|$)",
        rf"(?!钱)[{_SURNAMES}](?:(?![{_NO_NAME}])[{_HAN}]){{2}}(?=说|的|也|家|没|收到|捐了|领了|跟)",
        r"(?P<keep>(?i:name is) )[\w'’-]+(?: [\w'’-]+)?",
        rf"(?P<keep>(?i:i am|i'm|i’m|this is|call me) ){_CAPITALS}",
        rf"(?P<keep>\b(?:Mr|Mrs|Ms|Miss|Dr)\.? ){_CAPITALS}",
        r"(?:\b[A-Z]\w+ ){1,3}(?:Road|Rd|Street|St|Lane|Avenue|Village|Community|District|Branch)\b",
    )
)


def nameless(text: str, known: Collection[str] = ()) -> str:
    """One line without anybody in it, nothing of a letter; `known`: the speaker's own names and places, or parts."""
    plain = clean_cell(text)
    if len(plain) > _LONGEST_READ:
        return ""
    for name in sorted({part for each in known for part in _parts(each)}, key=len, reverse=True):
        plain = re.sub(re.escape(name), GAP, plain, flags=re.IGNORECASE)
    for rule in _RULES:
        plain = rule.sub(_gap, plain)
    return re.sub(rf"{GAP}(?:\s*{GAP})+", GAP, plain)[:LONGEST].strip()


def _gap(found: re.Match[str]) -> str:
    return (found.groupdict().get("keep") or "") + GAP


def _parts(name: str) -> list[str]:
    """A name as people shorten it: whole, a place without its kind, the given name, the words of a foreign one."""
    whole = clean_cell(name)
    stem = re.sub(rf"(?:{_OF_PLACE}|{_OF_ROAD})$", "", whole)
    given = whole[1:] if stem == whole and re.fullmatch(rf"[{_HAN}]{{3,4}}", whole) else ""
    parts = [whole, stem, given, *whole.split(" ")]
    return [part for part in parts if len(part) >= 2]

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
_WORDS: Final = (
    "付[款宝]|关[爱系联于门照心]|季度|苏州|何[时故处日人]|余[额年]|计划|安[排全静置眠装徽]|方[式便案言法面]|高[龄考中兴烧铁血压温]|项目"
    "|马[上路]|申[请請报報诉]|符合|孙[子女]|费用|毕业|包[裹括]|范围|吴[江中]|周[末一二三四五六日]|毛[病钱]|任[务何]|贡献|程度|左[邻右]"
    "|岳[母父]|常[熟州见常年]|章程|陈述|诸位|康复|温[暖州]|庄园|黄金|白[痴天血白]|牛奶|金[额融华]|江[苏南北阴]|单位|石头|万[一元]|于是"
    "|严[重格]|谢谢|祝好|段时|徐州|郑州|许[多可]|胡[说乱]|王八|齐[全备]|童年|柳州|唐山|田[地里]|张[家纸票卡]|余下|武汉"
)
"""Everyday words that begin like names."""
_GIVEN: Final = (
    "国建华明伟强军平志勇杰涛超刚辉斌鹏飞波林海峰东永福根生宝贵荣昌盛兴旺德义仁礼智忠孝良善祥瑞吉庆喜康宁泰顺富祖世文武俊浩"
    "宇轩涵豪博睿泽晨阳雨欣怡佳嘉子梓琪瑶婷芳丽敏静娟英秀兰桂玉梅红霞燕玲凤珍珠翠巧云月琴爱莲菊香春秋冬雪冰晴莉萍艳美娜洁雅慧倩"
    "淑惠素贞彩娥妹弟娣招阿小龙虎彪松柏森山江河民卫胜利益光亮晓启振维彦宏鸿洪泉源清润汉才友诚铭琳璐颖薇菲丹青金银林祖仙芬"
    "栋权威航凯鑫磊毅哲楠帆韵雯露莹莎岚茜珊珂芝芸芹荷蓉蕾茂桐楷锋锐骏骥庭廷恒恩慈悦彤彬巍崇嵘峻尧姝姗妮妍奎培坤勤"
)
"""Signs that given names are made of, two of which after a surname are hardly anything else."""
_NAME: Final = rf"(?!{_WORDS})[{_SURNAMES}](?:(?![{_NO_NAME}])[{_HAN}]){{1,2}}"
_CLEAR: Final = (
    "王李刘陈杨赵吴徐朱胡郭林罗郑梁宋唐许韩邓冯曹彭肖董潘袁蔡蒋杜叶魏吕丁卢姚沈钟姜崔谭陆汪廖贾邹秦邱侯薛闫陶"
    "贺郝顾龚邵倪殷俞裴"
)
"""Surnames that are seldom the beginning of a word."""
_ENDED: Final = rf"(?=[{_NO_NAME}已经没今昨前先领收]|[^{_HAN}]|$)"
_LIKELY: Final = (
    rf"(?!{_WORDS})(?:(?:欧阳|司马|上官|诸葛)[{_GIVEN}]{{1,2}}|[{_SURNAMES}][{_GIVEN}]{{2}}"
    rf"|[{_CLEAR}](?:(?![{_NO_NAME}])[{_HAN}]){{2}}{_ENDED}|[{_CLEAR}][{_GIVEN}]|[{_SURNAMES}][{_GIVEN}]{_ENDED})"
)
"""As it stands after a word that leads up to a name."""
_TITLES: Final = (
    "老师|主任|书记|阿姨|叔叔|师傅|同志|大爷|大妈|大姐|大哥|奶奶|爷爷|先生|女士|小姐|医生|经理|科长|局长|处长|所长|"
    "校长|教授|同学|好婆|伯伯|嫂"
)
_KIN: Final = (
    "老公|老婆|爱人|老伴|丈夫|妻子|儿子|女儿|儿媳|媳妇|女婿|孙子|孙女|外孙|父亲|母亲|爸爸|妈妈|爸|妈|哥哥|姐姐|弟弟|妹妹|爷爷|奶奶|外公|外婆"
    "|公公|婆婆|岳父|岳母|舅舅|舅妈|姑妈|姨妈|叔叔|伯伯|[表堂][哥弟姐妹]|侄子|侄女|外甥"
)
_AROUND: Final = "邻居|隔壁|对门|[楼村]上|楼下|同事|朋友|同学|战友|亲戚|老乡|经办人|负责人|收款人|联系人|户主"
_LEADING_UP: Final = "叫|找|给|替|帮|代|跟|和|与|是|有|问|托|请|让"
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
        rf"(?P<keep>(?:{_KIN}|{_AROUND})(?:家|家里)?的?(?:名字)?(?:叫|是)?)\s*{_LIKELY}",
        rf"(?P<keep>{_LEADING_UP})\s*{_LIKELY}",
        rf"(?!{_WORDS})[{_SURNAMES}][{_GIVEN}]{{2}}",
        rf"(?:{_NAME}|[老小阿]?[{_SURNAMES}])(?={_TITLES})",
        rf"[老小][{_SURNAMES}](?!人)",
        rf"^(?!钱){_NAME}(?=[^{_HAN}]|$)",
        rf"(?!钱|{_WORDS})[{_SURNAMES}](?:(?![{_NO_NAME}])[{_HAN}]){{2}}(?=说|的|也|家|没|收到|捐了|领了|跟)",
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

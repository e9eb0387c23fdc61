"""The words and forms around sums: what names one, what only looks like one, what sets two against each other."""

from __future__ import annotations

import re

HAN = "零〇一二三四五六七八九十百千万亿两廿卅卌壹贰叁肆伍陆柒捌玖拾佰仟"
_MARK = r"元钱|元|圆|块头|块洋钿|块钱|块|毛钱?|yuan\b|rmb\b|cny\b|kuai\b|bucks\b|¥"
SUM = re.compile(
    rf"""(?:(?P<sign>[¥￥]|\brmb|\bcny)\ ?)?
    (?P<number>
    [0-9]+(?:,[0-9]{{3}}(?![0-9]))*(?:\.[0-9]+)?(?:[万千][0-9]+(?=[千百]))?
    (?:\ ?[百千万kw](?![a-z])[{HAN}0-9]?)?|[{HAN}]+(?:点[{HAN}]+)?)
    (?:\ ?(?P<mark>{_MARK})(?P<small>[{HAN}0-9](?![0-9年月天个点号次笔元圆块])[角毛]?[{HAN}0-9]?分?)?)?""",
    re.VERBOSE,
)

GLUED = re.compile(rf"(?<=[{HAN}0-9kw元块圆])(?<!第)一(?=[次年个季共起定下直样笔些月])")
"""五百一年, 一万一次性: the 一 belongs to what follows."""
BARE_MARK = re.compile(rf"(?<![{HAN}0-9kw几每多这那整毛])块(?=[一二三四五六七八九](?:$|[毛角，。,. 吧行的]))")
"""块五 is one yuan fifty."""
PARTED = re.compile(r"(?<![0-9.,])([0-9]{1,3}) ([0-9]{3})(?= ?(?:元|块|yuan|rmb))")
ARROW = re.compile(r" ?(?:→|⇒|➡|[-=]+>) ?")
QUICK = re.compile(rf"(?<=[{HAN}0-9])快(?=钱|$|[，。,.!?！？ ]|[一每吧可行吗的])")
"""五十快: typed by sound."""

COUNTED = re.compile(
    r" ?(?:[年月日号岁点人口户名位个次笔天周时楼室栋幢路线条期批%张份遍级届部本代家支斤只倍折度辈米组件项层页回趟]"
    r"|小时|分[钟之]|公里|党龄|礼拜|星期|块地|方面|[开打]头|结尾|高速|热线|报警|大学|高校|(?:大|周年)(?!概|约)"
    r"|(?:years?|yrs?|people|persons?|times|days?|kids?|children|members?|months?|weeks?|hours?|minutes?|households?"
    r"|gifts|payments|floors?|th|nd|rd|st|am|pm|o'clock|percent)\b)"
)
NAMED = re.compile(
    r"(?:第|工资|退休金|收入|尾[号数]?|[后末][四4]位|几位|卡号|证号|编号|单号|票号|电话|手机|热线|密码"
    r"|[验代校激绑]\w{0,2}码|号码|口令|工号|门牌|群|qq|微信|邮编|房间|今年|已经|快|码"
    r"|都|[栋幢座弄]|单元"
    r"|code|number|digits|\bid|\broom|\bno\.?|end(?:ing|s)?(?: in| with)?|last four"
    r"|error|page|bus|line|chapter|version|flight|level|article|building|class|top|tel|phone|\baged?|call|flat|unit|#)"
    r"[是为:： ]*(?:is )?$"
)
AGED = re.compile(
    r"(?:我|他|她|老人家?|妈|爸|娘|爹|奶|爷|婆|公|伯|叔|今年|都|快"
    r"|\b(?:i'?m|i am"
    r"|(?:mum|mom|mother|dad|father|he|she|grandma|grandpa|husband|wife|who|over|turned)(?:'s| is| was)?)"
    r"(?: (?:nearly|almost|over|already))? )$"
)
AGES = range(16, 115)
VAGUE_BEFORE = re.compile(
    r"(?:好?几|数|上|多少|近|千儿|百儿)$|\b(?:few|couple|couple of|several|some|half|half a|nearly) $"
    r"|\b(?:one|two|three|four|five|six|seven) (?:or|to) $"
)
VAGUE_AFTER = re.compile(
    r" ?(?:几|儿|来[块元个]|把[块元]|多[块元]|多(?!少)|余|出头|以[上下]|不到(?!账)|(?:钱)?[也都][没不]"
    r"|(?:的)?(?:工资|退休金|收入)|odd\b|-odd|or so\b|something)"
)
BY_ITSELF = re.compile("[1-9][0-9]{1,5}")
"""A bare figure that is long enough to be a sum in a Chinese sentence."""
SAID_BEFORE = re.compile(
    r"(?:捐|认捐|给|发|领|到|收到?|应该|大概|差不多|左右|最多|至少|最少|不超过|出|交"
    r"|改[成为到]?|换成|变成|调[到成]|[加增降减涨升提][到至成为]"
    r"|拿|付|扣|缴|报|转|汇|退|按[年月季]|季度?|每月|每年|每季度?|个月|一年|每[次回期笔]|那|的|[就是要共了笔款想]"
    r"|只有|[才仅得原现]|一次性|[次笔]头"
    r"|\b(?:give|giving|gave|given|donate|donated|pledged?|pay|paid|contributed?|change|sent|send|transferred|wired"
    r"|took|taken|charged|debited|deducted|promised|promise|refund|return|received|got|sum|donation|gift"
    r"|raise|increase|lower|reduce|make it|to|of|for|amount|do|be|just|only|say|said|than|want|maybe|afford"
    r"|manage|meant|put|set|another|from|instead of|not|or|but|with|about|around|least|most|month|quarter|year"
    r"|monthly|quarterly|yearly|annually|once|once:|week|time)|还是|[到至])"
    r"[^0-9]{0,3}$"
)
SAID_AFTER = re.compile(
    r" ?(?:[一每/]?个?[年月季]|一次|就|吧|行|可以|[改换变调现]|monthly|yearly|quarterly|annually|(?:a"
    r"|per|/) ?(?:mo(?:nth)?\b|year|yr\b|quarter|mth\b)|-?per\b|every\b|each\b|once|twice|one\b|instead|not\b|rather"
    r"|(?:gift|donation|pledge|receipt|contribution|deposit|fee|refund|grant|cash)\b"
    r"|(?:到|至|-|~|还是|or\b) ?[0-9])"
)
NO_NOUN_AFTER = re.compile(
    r" ?(?:$|[，,.;!?)]|(?:for|from|in|on|at|was|wasn't|is|isn't|would|will|but|and|to|by|via|last|this|back|only"
    r"|please|pls|through|went|got|now|when|yet|so|then|if|after|before|because|i|it|you|we|they|she|he|has|hasn't|had|did"
    r"|didn't|never|still|out|first|today|yesterday|already|arrived|came|come|recorded|late|which|that|as|ok)\b)"
)
MONEY_SPOKEN_OF = re.compile(
    r"\b(?:paid|pay|payment|sent|transferred|gave|give|gift|donated?|donation|pledged?|promised|got|get|received|aid"
    r"|charged|refund|receipt|booked|deducted|amount|money|registered|meant)\b"
)
SAYS_GIVING = re.compile(
    r"捐|[改扣付]|每?[年月季]|\b(?:donate|donation|pledge|give|pay|monthly|yearly|month|year|quarter|instead|rather)"
)
WISH = re.compile(r"想(?!知道|问|看|查|退)|愿|打算|准备|认捐|\b(?:want|would like|i'd like|pledge)\b")
GIVES = re.compile(r"(?:捐|[出给先]|每个?[年月]|每季度?|一年|一个月|\b(?:gives?|giving|donates?))[^0-9]{0,4}$")
BIRTH_YEAR = re.compile("19[0-9]{2}")
HOTLINES = {"110", "119", "120", "122", "12333", "12345"}
PHONE_HEAD = re.compile("1[3-9][0-9]")

NEW = re.compile(
    r"(?:改[成为到回]?|换成?|变[成为到]?|调[到成整低高]{0,3}|[加增降减涨升提低高]到|恢复到|退回到"
    r"|[加降减涨升提]至|应该是|应为|而是|实际(?:上|是)?|其实[想是]?|本意|现在?(?:想|要|改)?(?:捐)?|想要?|更正为?"
    r"|\bto|make it|should be|supposed to be|meant|intended|actually|\bnow|want)[^0-9]{0,4}$"
)
OLD = re.compile(
    r"(?:从|由|不是|不要|别(?:再)?(?:捐|扣|交)?|不再?(?:捐|扣|交)|而非|原[来先定]?|本来|之前|以前|上次|已经|把|将|误\w{0,3}"
    r"|[登写填报]记?成了?|别人家?|他们家?|人家|隔壁\w{0,2}|邻居\w{0,2}"
    r"|instead of|rather than|\bnot|\bfrom|\bwas|used to be|used to give|previously|registered|typed"
    r"|\b(?:neighbou?rs?|they|others)(?: \w+)?)"
    r"[^0-9]{0,5}$"
)
REFUSED = re.compile(r"(?:不要|别捐|不捐|instead of|rather than|\bnot)[^0-9]{0,5}$")
STEP = re.compile(
    r"(?:(?:再|想|要|每月|个月|多)?(?:[加增涨减降]|(?<![最至])少)(?:加|多|少|个|捐|扣|交)?|多[加交捐]|\bby)\s?$"
)
"""每月加20, by 50: by how much, not what."""
STEP_AFTER = re.compile(r" ?(?:yuan |rmb )?more\b")
TOO_MUCH = re.compile(
    r"[^0-9，,。.;；]{0,6}(?:太[多高少低贵]|有点[多高贵]|多了|高了|吃不消|负担不起|不够"
    r"| is too (?:much|high|little|low))"
)
DAILY = re.compile(r"(?:每|一)天[^0-9]{0,3}$")
DAILY_AFTER = re.compile(r" ?(?:(?:a|per|each|every|/) ?(?:day|week)\b|[一每/](?:天|日|周))")
CHOICE = re.compile(r"^[^0-9]{0,4}(?:还是|或者?|\bor\b)[^0-9]{0,4}$")
RANGE = re.compile(r"^\s?(?:到|至|-|~|—|to)\s?$")
RANGE_AFTER = re.compile(r" ?(?:到|至|-|~|—|to) ?[0-9]")
RANGE_BEFORE = re.compile(rf"[0-9{HAN}](?:元|块钱?)? ?(?:到|至|-|~|—|to) ?$|\bbetween [0-9]+ and $")
UNTIL_NEW = re.compile(r"(?:从|由|\bfrom)[^0-9]{0,5}$")
CHANGES = re.compile(
    r"[改从由调提降升加涨减换]|\b(?:from|chang\w+|change|rais\w+|lower\w*|increas\w+|reduc\w+|up|down)\b"
)

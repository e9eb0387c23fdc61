"""What is kept to learn from holds nobody; what is nobody's stays as it was said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carefund_bot.domain.nameless import LONGEST, nameless

NAMED = (
    ("我邻居王建国也没收到", "王建国"),
    ("我邻居叫沈丽华，她家到了", "沈丽华"),
    ("楼上的陈阿根已经拿到了", "陈阿根"),
    ("隔壁周秀珍都领到钱了我家没有", "周秀珍"),
    ("我妈顾凤英的补助到了吗", "顾凤英"),
    ("我妈妈叫陆玉珍 钱没来", "陆玉珍"),
    ("我爸徐根生去年走了", "徐根生"),
    ("老公朱国强是党员", "朱国强"),
    ("我老公是钱卫东，他的捐款在哪看", "钱卫东"),
    ("我儿子施小龙上大学了", "施小龙"),
    ("女儿叫蒋雨欣，今年高三", "蒋雨欣"),
    ("我爱人俞敏的卡换了", "俞敏"),
    ("我奶奶潘阿妹不识字", "潘阿妹"),
    ("我外公姓名季福根", "季福根"),
    ("帮我找宋建平", "宋建平"),
    ("我要找社区的丁雪芳", "丁雪芳"),
    ("那个负责的人好像叫吕志明", "吕志明"),
    ("钱打给谢金妹了没有", "谢金妹"),
    ("这笔钱是给袁小弟的", "袁小弟"),
    ("请转给范文娟谢谢", "范文娟"),
    ("我替我姐姐汪美玲问一下", "汪美玲"),
    ("户主是石根宝", "石根宝"),
    ("收款人写的是龚月琴", "龚月琴"),
    ("和我一起捐的有方志刚", "方志刚"),
    ("支部里杜永康捐了多少", "杜永康"),
    ("昨天郑海燕来我家看过", "郑海燕"),
    ("是不是发给唐文了", "唐文"),
    ("表弟韩冬也想申请", "韩冬"),
    ("同事叶青青说可以线上捐", "叶青青"),
    ("卡主人是我婆婆殷招娣", "殷招娣"),
    ("我叫欧阳建华", "欧阳建华"),
    ("经办人贾晓东不接电话", "贾晓东"),
    ("以前一直是董师傅跟倪阿大在管", "倪阿大"),
    ("代我老伴薛巧云问", "薛巧云"),
    ("名字写错了应该是孟祥林", "孟祥林"),
    ("孙子柳子涵的助学金呢", "柳子涵"),
)
"""Invented sentences, each with the name that somebody says in the middle of it."""
ORDINARY = (
    "补助是安全到账了吗",
    "请给任何一个工作人员看",
    "我邻居高兴得不得了",
    "给张收据可以吗",
    "我妈常年吃药",
    "我爸方便的时候去拿",
    "找关系才能领吗",
    "我老公严重风湿",
    "儿子马上要开学了",
    "女儿金额不对",
    "这钱是江苏的还是苏州的",
    "给吴江那边打电话了",
    "邻居于是也去问了",
    "我妈高血压吃药很贵",
    "给康复中心的钱算吗",
    "我爱人单位捐过了",
    "是毛病还是系统忙",
    "给孙子交学费",
    "我奶奶白天一个人",
    "老公任务重没空",
    "我奶奶石头一样倔",
    "同事万一问起来怎么说",
    "给贫困户左右两家发一样多吗",
    "邻居成家了还能领吗",
)
"""As near to names as everyday words come."""


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("我叫金丝雀，电话19511112222，钱呢", "我叫×，电话×，钱呢"),
        ("我是郭明 补助到了没", "我是× 补助到了没"),
        ("本人陆建国，住菊花路12号3幢402室", "本人×，住×"),
        ("我家住南桥街道菊花社区", "我家住×"),
        ("郭明，没收到", "×，没收到"),
        ("王建国说没有", "×说没有"),
        ("张老师说可以", "×老师说可以"),
        ("隔壁老王捐了，我也要捐", "隔壁×捐了，我也要捐"),
        ("我儿子叫周小宝 上大学", "我儿子叫× 上大学"),
        ("编号HU200001 怎么没有", "编号× 怎么没有"),
        ("绑定码 ABCD2-EFGH3 不行", "绑定码 × 不行"),
        ("电话幺三八零零幺三八零零零", "电话×"),
        ("１３８００１３８０００ 打我", "× 打我"),
        ("My name is wang wei, where is my money", "My name is ×, where is my money"),
        ("I'm Anna Li and I want my money", "I'm × and I want my money"),
        ("write to guo@example.com", "write to ×"),
    ],
)
def test_nobody_is_left(said: str, kept: str) -> None:
    assert nameless(said) == kept


@pytest.mark.parametrize(
    "said",
    [
        "我是低保户，钱呢",
        "我是老党员",
        "那个事情后来怎么说",
        "社区说没有我的名字",
        "我去问社区",
        "每月捐五十可以吗",
        "钱什么时候到",
        "我老公的卡",
        "走路去可以吗",
        "I am a member, how do I stop",
    ],
)
def test_what_is_nobodys_stays(said: str) -> None:
    assert nameless(said) == said


def test_names_said_in_the_middle_go_and_everyday_words_stay() -> None:
    kept = {said: nameless(said) for said, _ in NAMED}
    left = [said for said, name in NAMED if any(part in kept[said] for part in (name[:2], name[1:]))]
    cut = [said for said in ORDINARY if nameless(said) != said]
    assert (len(NAMED), len(ORDINARY)) == (36, 24)
    assert (len(left), len(cut)) == (0, 0), (left, cut)


@pytest.mark.parametrize("said", ["好" * 4096, "a-" * 2048, "请问钱什么时候到，" * 50])
def test_of_a_letter_nothing_is_kept(said: str) -> None:
    assert not nameless(said)


def test_the_speakers_own_names_go_however_short() -> None:
    assert nameless("建国的补助，菊花那边说没有", ["陆建国", "菊花社区"]) == "×的补助，×那边说没有"
    assert nameless("anna wants to know", ["Anna Li"]) == "× wants to know"


@given(st.text(max_size=300), st.lists(st.text(min_size=2, max_size=6), max_size=3))
def test_no_figure_and_no_known_name_is_ever_left(said: str, known: list[str]) -> None:
    kept = nameless(said, known)
    assert len(kept) <= LONGEST
    assert not any(sign.isdecimal() for sign in kept)
    for name in known:
        whole = " ".join(name.split())
        assert len(whole) < 2 or whole not in kept.replace("×", " ")

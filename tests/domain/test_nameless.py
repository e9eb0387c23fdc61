"""What is kept to learn from holds nobody; what is nobody's stays as it was said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carefund_bot.domain.nameless import LONGEST, nameless


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
        ("我儿子叫周小宝 上大学", "我儿子× 上大学"),
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

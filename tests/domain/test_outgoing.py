"""What must not stand in anything that staff write to people."""

from __future__ import annotations

import pytest

from carefund_bot.domain.outgoing import Fault, Unfit, faults_in

OFFICE = "0512-0000-1234"


@pytest.mark.parametrize(
    "text",
    [
        "请看 https://example.invalid/a",
        "请看 www.example.invalid",
        "请看 example.com。",
        "请看 t.me/example",
        "请看 示例.中国",
        "请看 ｅｘａｍｐｌｅ．ｃｏｍ",
        '请看 <a href="http://example.invalid/">这里</a>',
        '<b>请看 <a href="tg://user?id=1">这里</a></b>',
        "写到 office@example.invalid",
        "找 @example_bot",
    ],
)
def test_links_in_every_dress(text: str) -> None:
    assert faults_in(text, {OFFICE}) == (Fault(Unfit.LINK, 1),)


@pytest.mark.parametrize(
    "text", [f"{'a' * 4096}.com", f"{'好' * 4096}。中国", f"{'a' * 4096}://x", f"@{'a' * 4096}", f"{'1-' * 2048}1.cn"]
)
def test_links_at_the_end_of_a_word_that_fills_the_message(text: str) -> None:
    assert Fault(Unfit.LINK, 1) in faults_in(text, {OFFICE})


@pytest.mark.parametrize(
    "text",
    [
        "打 19500007353",
        "打 195 0000 7353",
        "打 +86 195-0000-7353",
        "打 １９５００００７３５３",
        "打 0512-65000000",
        "打 (0512) 6500 0000",
        "打 400-800-0000",
        "电话：65000000",
        "打 <b>195</b>00007353",
        "打 0512-0000-1234 或 0512-0000-1235",
    ],
)
def test_phones_other_than_the_offices(text: str) -> None:
    assert faults_in(text, {OFFICE}) == (Fault(Unfit.PHONE, 1),)


def test_identity_and_card_numbers_by_line() -> None:
    text = "各位好\n身份证 990105195410123038\n\n卡 6299 9910 8604 8017 414"
    assert faults_in(text, {OFFICE}) == (Fault(Unfit.IDENTITY, 2), Fault(Unfit.CARD, 4))


@pytest.mark.parametrize(
    "text",
    [
        "6月30日前发放，共 64,990,000.00 元，48680 户。",
        "有事打 0512-0000-1234，或 （0512）0000 1234",
        "<b>七一</b>前 <i>9:00-11:30</i> 来，地址 <code>1.5</code> 楼 & 2 号",
        "1. 先登记。2. 再领取。第1.2条",
        '<blockquote>十年</blockquote><tg-emoji emoji-id="5368324170671202286">👍</tg-emoji>',
        "20120601 到 20120630",
    ],
)
def test_what_an_office_writes_is_fit(text: str) -> None:
    assert faults_in(text, {OFFICE}) == ()

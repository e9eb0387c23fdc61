"""Money stays whole, and what people type is read in one way or not at all."""

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from carefund_bot.domain.money import (
    LARGEST_FEN,
    Money,
    NotMoney,
    NotMoneyReason,
    parse_cell_money,
    parse_money,
    split,
)

sums = st.integers(min_value=1, max_value=LARGEST_FEN).map(Money)
any_sums = st.integers(min_value=-LARGEST_FEN * 100, max_value=LARGEST_FEN * 100).map(Money)

READ = {
    "100": "100",
    "１００": "100",
    "100.": "100",
    "1,000.00": "1000",
    "¥50": "50",
    "￥ 1，000": "1000",
    "RMB 100": "100",
    "CNY100": "100",
    "100 yuan": "100",
    "100块": "100",
    "一百块钱": "100",
    "我想捐一百元": "100",
    "一百元": "100",
    "五十": "50",
    "十": "10",
    "十五": "15",
    "廿": "20",
    "廿五": "25",
    "三百五": "350",
    "一百零五": "105",
    "一千二": "1200",
    "一千零五十": "1050",
    "两万五": "25000",
    "一万零五": "10005",
    "二〇〇": "200",
    "1.5万": "15000",
    "一点五万": "15000",
    "1万5": "15000",
    "1万500": "10500",
    "5w": "50000",
    "2k": "2000",
    "五块五": "5.5",
    "两块零五": "2.05",
    "五块三毛五": "5.35",
    "100元5角": "100.5",
    "五毛": "0.5",
    "5分": "0.05",
    "伍佰圆整": "500",
    "壹佰元": "100",
    "人民币壹仟贰佰叁拾肆元伍角陆分": "1234.56",
    "1亿": "100000000",
}

REFUSED = {
    NotMoneyReason.EMPTY: ["", " ", "\u3000", "\u200b"],
    NotMoneyReason.NOTHING_FOUND: ["你好", "hello", "-", "١٠٠", "钱" * 100],
    NotMoneyReason.NEGATIVE: ["-100", "－100", "−5", "负一百", "¥-50", "(100)"],
    NotMoneyReason.ZERO: ["0", "0.00", "零", "零元", "〇"],
    NotMoneyReason.TOO_FINE: ["0.001", "100.005", "1.000", "1.0000005万"],
    NotMoneyReason.TOO_LARGE: ["1.1亿", "100,000,000.01", "9" * 40],
    NotMoneyReason.VAGUE: [
        "几百",
        "百把",
        "百把块",
        "100多",
        "大约100",
        "三四百",
        "三五",
        "百元",
        "十来块",
        "一点点",
        "100左右",
    ],
    NotMoneyReason.AMBIGUOUS: [
        "\u202e001",  # reads 100 on the screen
        "100还是200",
        "100-200",
        "100 200",
        "1,00",
        "1.5万5",
        "1.5千5百",
        "一百五万",
        "一百零",
        "10²",
        "1e5",
        "100元/月",
        "100元 200元",
    ],
}


@pytest.mark.parametrize(("text", "yuan"), READ.items())
def test_what_people_type_is_read(text: str, yuan: str) -> None:
    assert parse_money(text) == Money.yuan(yuan)


@pytest.mark.parametrize(("reason", "text"), [(reason, text) for reason, texts in REFUSED.items() for text in texts])
def test_what_cannot_be_read_in_one_way_is_refused_with_its_reason(reason: NotMoneyReason, text: str) -> None:
    with pytest.raises(NotMoney) as refusal:
        parse_money(text)
    assert refusal.value.reason is reason


def test_a_refusal_repeats_nothing_of_the_text() -> None:
    with pytest.raises(NotMoney) as refusal:
        parse_money("99010519491231002 is not a sum")
    assert "990105" not in repr(refusal.value)


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("100", "100"),
        ("1,000.00", "1000"),
        ("¥300", "300"),
        ("50元", "50"),
        ("壹佰元", "100"),
        ("贰万伍仟元整", "25000"),
    ],
)
def test_a_file_cell_holds_digits_or_formal_numerals(text: str, yuan: str) -> None:
    assert parse_cell_money(text) == Money.yuan(yuan)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("-100", NotMoneyReason.NEGATIVE),
        ("100.005", NotMoneyReason.TOO_FINE),
        ("", NotMoneyReason.EMPTY),
        ("0", NotMoneyReason.ZERO),
        ("三百五", NotMoneyReason.AMBIGUOUS),
        ("壹佰伍元", NotMoneyReason.AMBIGUOUS),
        ("壹佰元伍", NotMoneyReason.AMBIGUOUS),
        ("1.5万", NotMoneyReason.AMBIGUOUS),
        ("1e2", NotMoneyReason.AMBIGUOUS),
        ("\u202e001", NotMoneyReason.AMBIGUOUS),
        ("现金", NotMoneyReason.NOTHING_FOUND),
    ],
)
def test_a_file_cell_takes_nothing_looser(text: str, reason: NotMoneyReason) -> None:
    with pytest.raises(NotMoney) as refusal:
        parse_cell_money(text)
    assert refusal.value.reason is reason


@given(sums)
@example(Money(LARGEST_FEN))
@example(Money(1))
def test_every_sum_shown_reads_back(money: Money) -> None:
    assert parse_money(money.display()) == money
    assert parse_money(money.plain()) == money
    assert parse_cell_money(money.display()) == money


@given(sums)
@example(Money.yuan(10_010_001))
@example(Money.yuan(10_005))
def test_chinese_numerals_read_back(money: Money) -> None:
    assert parse_money(in_chinese(money, "零一二三四五六七八九", "十百千")) == money
    formal = in_chinese(money, "零壹贰叁肆伍陆柒捌玖", "拾佰仟")
    assert parse_money(formal) == money
    assert parse_cell_money(formal) == money


@given(st.text(max_size=80))
def test_any_text_is_money_or_refused(text: str) -> None:
    for read in (parse_money, parse_cell_money):
        try:
            money = read(text)
        except NotMoney:
            continue
        assert 0 < money.fen <= LARGEST_FEN
        assert type(money.fen) is int


@given(st.text("0123456789.,一二三百千万亿零点两十角元块五-还 wk", max_size=12))
def test_any_text_of_money_characters_is_money_or_refused(text: str) -> None:
    try:
        money = parse_money(text)
    except NotMoney:
        return
    assert 0 < money.fen <= LARGEST_FEN


@given(any_sums, st.integers(min_value=1, max_value=500))
def test_shares_sum_to_the_total_and_differ_by_a_fen_at_most(total: Money, parts: int) -> None:
    shares = split(total, parts)
    assert len(shares) == parts
    assert sum(share.fen for share in shares) == total.fen
    assert shares[0].fen - shares[-1].fen in {0, 1}
    assert shares == sorted(shares, reverse=True)


def test_nothing_is_split_into_no_parts() -> None:
    with pytest.raises(ValueError, match="at least one"):
        split(Money(100), 0)


@pytest.mark.parametrize("fen", [1.0, "1", True, None, Decimal(1)])
def test_money_is_whole_fen_and_nothing_else(fen: object) -> None:
    with pytest.raises(TypeError):
        Money(fen)  # type: ignore[arg-type]


def test_money_mixes_only_with_money_and_whole_numbers() -> None:
    fifty = Money.yuan(50)
    assert fifty + fifty == fifty * 2 == 2 * fifty == Money(10_000)
    assert fifty - fifty == -Money(0)
    assert fifty > Money.yuan("49.99")
    for mix in (
        lambda: fifty + 5000,  # type: ignore[operator]
        lambda: fifty - 0.5,  # type: ignore[operator]
        lambda: fifty * 1.5,  # type: ignore[operator]
        lambda: fifty * True,
        lambda: fifty < 5000,  # type: ignore[operator]
        lambda: Money.yuan(0.5),  # type: ignore[arg-type]
    ):
        with pytest.raises(TypeError):
            mix()


def test_yuan_are_exact() -> None:
    assert Money.yuan("0.1") + Money.yuan("0.2") == Money.yuan("0.3")
    with pytest.raises(ValueError, match="smallest"):
        Money.yuan("0.001")


def test_how_sums_are_shown() -> None:
    assert Money.yuan("1234.5").plain() == "1,234.50"
    assert str(Money.yuan(50)) == "50"
    assert Money.yuan(50).display() == "¥50"
    assert Money.yuan("48000.50").display() == "¥48,000.50"
    assert Money(-307).display() == "-¥3.07"


def test_headlines_are_rounded_as_stated() -> None:
    assert Money.yuan(64_540_000).in_wan() == "6,454万"
    assert Money.yuan(610_000_000).in_wan() == "61,000万"
    assert Money.yuan(12_345).in_wan() == "1.23万"
    assert Money.yuan(12_350).in_wan(1) == "1.2万"
    assert Money.yuan(15_000).in_wan(0) == "2万"
    assert Money.yuan(-15_000).in_wan(0) == "-2万"
    assert parse_money("6,454万") == Money.yuan(64_540_000)


def in_chinese(money: Money, digits: str, units: str) -> str:
    """An own writer of numerals, to read against: groups of four, 零 for every gap."""
    yuan, fen = divmod(money.fen, 100)
    words = _groups(yuan, digits, units) + "元" if yuan else ""
    jiao, fen = divmod(fen, 10)
    if jiao:
        words += digits[jiao] + "角"
    elif fen and yuan:
        words += "零"
    if fen:
        words += digits[fen] + "分"
    return words


def _groups(yuan: int, digits: str, units: str) -> str:
    words = ""
    for place, name in ((10**8, "亿"), (10**4, "万"), (1, "")):
        group, yuan = divmod(yuan, place)
        if not group:
            continue
        gap = bool(words) and (group < 1000 or (words[-1] == "亿" and place == 1))
        words += ("零" if gap else "") + _below_ten_thousand(group, digits, units) + name
    return words


def _below_ten_thousand(group: int, digits: str, units: str) -> str:
    words, waiting = "", False
    for place, unit in ((1000, units[2]), (100, units[1]), (10, units[0]), (1, "")):
        figure = group // place % 10
        if figure:
            words += ("零" if waiting and words else "") + digits[figure] + unit
            waiting = False
        else:
            waiting = True
    return words

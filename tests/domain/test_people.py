"""Identity numbers, cards, phones and names. Every number here is invented; area 990105 does not exist."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carefund_bot.domain.people import (
    BadIdentity,
    BadIdentityReason,
    BadPhone,
    check_identity_number,
    clean_cell,
    clean_name,
    is_name,
    looks_like_card_number,
    looks_like_identity_number,
    luhn_ok,
    mask_name,
    mask_tail,
    normalise_phone,
)

TODAY = date(2012, 6, 20)
IDENTITY = "990105194008053110"
CARD = "6299995551503696131"


@pytest.mark.parametrize("number", [IDENTITY, "11010519491231002X", "440524188001010014"])
def test_numbers_that_pass(number: str) -> None:
    checked = check_identity_number(number, TODAY)
    assert checked.number == number
    assert not checked.legacy


def test_full_width_digits_blanks_and_a_small_x_are_forgiven() -> None:
    assert check_identity_number("１１０１０５ 19491231 002ｘ", TODAY).number == "11010519491231002X"


def test_fifteen_digits_are_the_same_person_and_flagged() -> None:
    checked = check_identity_number("110105491231002", TODAY)
    assert checked.number == "11010519491231002X"
    assert checked.born == date(1949, 12, 31)
    assert checked.legacy


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("", BadIdentityReason.FORM),
        ("9901051940080531", BadIdentityReason.FORM),
        ("99010519400805311A", BadIdentityReason.FORM),
        ("990105194002303110", BadIdentityReason.DATE),
        ("110105490231002", BadIdentityReason.DATE),
        ("990105201206213110", BadIdentityReason.FUTURE),
        ("990105194008053111", BadIdentityReason.CHECKSUM),
    ],
)
def test_a_refused_number_has_its_reason_and_is_not_repeated(number: str, reason: BadIdentityReason) -> None:
    with pytest.raises(BadIdentity) as refusal:
        check_identity_number(number, TODAY)
    assert refusal.value.reason is reason
    assert not any(character.isdigit() for character in repr(refusal.value))


def test_a_checked_number_does_not_show_in_its_repr() -> None:
    assert not any(character.isdigit() for character in repr(check_identity_number(IDENTITY, TODAY)))


def test_born_today_is_not_in_the_future() -> None:
    with pytest.raises(BadIdentity) as refusal:
        check_identity_number("990105201206203110", TODAY)
    assert refusal.value.reason is BadIdentityReason.CHECKSUM


@given(st.text(max_size=20))
def test_any_text_is_an_identity_number_or_refused(text: str) -> None:
    try:
        assert len(check_identity_number(text, TODAY).number) == 18
    except BadIdentity:
        return


@given(st.integers(min_value=0, max_value=17), st.integers(min_value=1, max_value=9))
def test_the_checksum_sees_every_single_wrong_digit(place: int, step: int) -> None:
    wrong = IDENTITY[:place] + str((int(IDENTITY[place]) + step) % 10) + IDENTITY[place + 1 :]
    with pytest.raises(BadIdentity):
        check_identity_number(wrong, TODAY)


@pytest.mark.parametrize(
    "text",
    [
        "我的号码是990105194008053110,请查",
        "990105 19400805 3110",
        "９９０１０５１９４００８０５３１１０",
        "身份证11010519491231002x谢谢",
        "990105-1940-0805-3110",
        "1 990105194008053110 2",
        "旧证110105491231002",
        "9901051940\u200b08053110",
    ],
)
def test_identity_numbers_are_seen_in_a_message(text: str) -> None:
    assert looks_like_identity_number(text)


@pytest.mark.parametrize(
    "text",
    ["", "990105194008053111", "19500007353", "2012-06-05 12:30:45", "我捐一百元", "110105499931002", "¥1,000,000.00"],
)
def test_other_words_are_not_taken_for_identity_numbers(text: str) -> None:
    assert not looks_like_identity_number(text)


@pytest.mark.parametrize(
    "text", [CARD, "6299 9955 5150 3696 131", "卡号:6299-9955-5150-3696-131。", "1 " + CARD, "尾号 6131,全号" + CARD]
)
def test_card_numbers_are_seen_in_a_message(text: str) -> None:
    assert looks_like_card_number(text)


@pytest.mark.parametrize("text", ["", CARD[:-1] + "2", "19500007353", "629999555150360", "DY100001"])
def test_other_words_are_not_taken_for_cards(text: str) -> None:
    assert not looks_like_card_number(text)


@given(st.text(alphabet="0123456789 -xX一", max_size=60))
def test_looking_never_fails(text: str) -> None:
    looks_like_card_number(text)
    looks_like_identity_number(text)


@given(st.from_regex(r"[0-9]{15,18}", fullmatch=True))
def test_one_last_digit_in_ten_fits(digits: str) -> None:
    assert sum(luhn_ok(digits + last) for last in "0123456789") == 1


@pytest.mark.parametrize(
    "text", ["19500007353", "+86 195 0000 7353", "+86 19500007353", "195-0000-7353", "008619500007353"]
)
def test_mobile_numbers_are_made_plain(text: str) -> None:
    assert normalise_phone(text) == "19500007353"


@pytest.mark.parametrize("text", ["", "1950000735", "29500007353", "0512-68000000", "+1 19500007353", "195000073533"])
def test_other_numbers_are_no_mobile_numbers(text: str) -> None:
    with pytest.raises(BadPhone) as refusal:
        normalise_phone(text)
    assert not refusal.value.args


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("", ""),
        ("张", "*"),
        ("张明", "张*"),
        ("张　明", "张*"),
        ("张小明", "张*明"),
        ("欧阳小明", "欧**明"),
        ("阿米娜·买买提", "阿*****提"),
        ("Anna Li", "A*****i"),
    ],
)
def test_names_are_masked(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@given(st.text(max_size=12))
def test_a_masked_name_stays_as_it_is(name: str) -> None:
    assert mask_name(mask_name(name)) == mask_name(name)


@given(st.text(alphabet="张明小欧阳阿·买", min_size=2, max_size=12))
def test_no_more_than_the_ends_of_a_name_are_shown(name: str) -> None:
    masked = mask_name(name)
    assert len(masked) == len(name)
    assert set(masked[1:-1]) <= {"*"}


def test_an_account_shows_its_last_four_digits() -> None:
    assert mask_tail("629999555150369 8131") == "••8131"
    assert mask_tail("8131") == "••"


def test_cells_are_cleaned_and_chinese_is_kept() -> None:
    assert clean_cell("\u3000 第１党支部（机关）\u200b ") == "第1党支部（机关）"
    assert clean_cell("Ａ  b\n c") == "A b c"
    assert clean_name("邱　雪") == "邱雪"
    assert clean_name("Anna  Li ") == "Anna Li"


@pytest.mark.parametrize("text", ["张明", "欧阳小娜", "阿卜杜拉·买买提", "Anna O'Neil-Li"])
def test_letters_may_be_a_name(text: str) -> None:
    assert is_name(text)


@pytest.mark.parametrize("text", ["", "张", "张3", "张，明", "张_明", "张明？", "张" * 31])
def test_a_number_a_sentence_or_too_much_is_no_name(text: str) -> None:
    assert not is_name(text)

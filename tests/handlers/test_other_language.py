"""Words in the other language than the chat's are answered in theirs, once; names and a few letters switch nobody."""

from __future__ import annotations

import pytest

from carefund_bot.fund import Fund
from sandbox import Person, Sandbox
from sandbox.messages import Message
from tests.cast import GUO, Cast, link
from tests.conftest import TurnableClock


async def test_english_in_a_chinese_chat_is_answered_in_english_and_may_stay_so(guo: Person) -> None:
    keys = guo.keyboard
    await guo.says("when will the money arrive")
    assert "a fee or ask for a password" in shown(guo)
    await guo.says("thank you, that is what i need")
    assert guo.keyboard == keys, "the keys below stay the chat's own"
    await guo.says("钱呢")
    assert "今年的名册上有您" in guo.last().text, "this once, and no more"
    await guo.taps("English from now on", message=offer_in(guo))
    await guo.says("/payout")
    assert "a fee or ask for a password" in guo.last().text


async def test_chinese_in_an_english_chat_is_answered_in_chinese_and_may_stay_so(
    sandbox: Sandbox, reader: Fund, cast: Cast
) -> None:
    guo = sandbox.person("郭明", language_code="en")
    await link(reader, guo, "beneficiary", cast.beneficiaries[GUO])
    await guo.says("钱什么时候到啊")
    assert "今年的名册上有您" in shown(guo)
    await guo.taps("以后都用中文")
    await guo.says("/payout")
    assert "今年的名册上有您" in guo.last().text


async def test_the_other_language_is_offered_once_a_day(guo: Person, clock: TurnableClock) -> None:
    for _ in range(2):
        await guo.says("when will the money arrive")
    assert [button.label for button in guo.last().all_buttons()].count("English from now on") == 0
    clock.forward(days=2)
    await guo.says("when will the money arrive")
    first, second = (message for message in guo.chat if "stay that way" in message.text)
    await guo.taps("English from now on", message=first)
    assert "失效" in guo.last().text, "a newer one has taken its place"
    for _ in range(2):
        await guo.taps("English from now on", message=second)
        assert "English" in guo.last().text


@pytest.mark.parametrize("words", ["ok", "OK thank you", "Agricultural Bank of China", "ZHANG WEI"])
async def test_a_few_latin_letters_switch_nobody(guo: Person, words: str) -> None:
    before = len(guo.chat)
    await guo.says(words)
    answers = [message.text for message in guo.chat[before:] if message.from_bot]
    assert answers
    assert all(set("。，？！") & set(answer) for answer in answers)


@pytest.mark.parametrize("words", ["中国农业银行", "姑苏区平江路新村"])
async def test_a_name_in_chinese_switches_no_english_chat(
    sandbox: Sandbox, reader: Fund, cast: Cast, words: str
) -> None:
    guo = sandbox.person("郭明", language_code="en")
    await link(reader, guo, "beneficiary", cast.beneficiaries[GUO])
    before = len(guo.chat)
    await guo.says(words)
    answers = [message.text for message in guo.chat[before:] if message.from_bot]
    assert answers
    assert not any(set("。，？！") & set(answer) for answer in answers)


async def test_what_is_forwarded_was_written_by_somebody_else(guo: Person) -> None:
    await guo.forwards("Dear friend, your money is waiting, where do you want to have it?")
    assert "这是转发来的话" in guo.last().text


async def test_a_form_begun_in_the_other_language_goes_on_in_it(reader: Fund, qin: Person) -> None:
    await qin.says("I want to give 50 every month")
    assert "how many times" in qin.last().text.lower()
    await qin.taps("No end")
    assert "¥50 a month" in qin.last().text
    await qin.taps("Confirm")
    assert "stay that way" not in shown(qin), "nothing is asked beside a form"
    assert "Noted, thank you!" in qin.last().text
    await qin.says("/pledge")
    assert "每次捐多少" in qin.last().text, "the next thing begins in the chat's own language"


async def test_a_question_in_the_other_language_leaves_the_form_its_own(reader: Fund, qin: Person) -> None:
    await qin.says("我要认捐")
    await qin.says("how much did I give this year?")
    assert "it waits for you" in qin.last().text
    assert "stay that way" not in shown(qin)
    await qin.taps("Go on")
    assert "每次捐多少" in qin.last().text


async def test_distress_in_the_other_language_is_answered_in_it_and_nothing_else_is_offered(guo: Person) -> None:
    await guo.says("I don't want to live any more")
    assert "12356" in guo.last().text
    assert "stay that way" not in shown(guo)


def offer_in(phone: Person) -> Message:
    return next(message for message in phone.chat if "stay that way" in message.text)


def shown(phone: Person) -> str:
    return "\n".join(message.text for message in phone.chat if message.from_bot)

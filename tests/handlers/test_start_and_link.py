"""A stranger at the door, a code, consent, letting go."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest

from carefund_bot.access import Actor
from carefund_bot.errors import CodeRefused, TooManyTries
from carefund_bot.fund import Fund
from carefund_bot.settings import Settings
from sandbox import Person, Sandbox
from sandbox.faults import Fault
from tests.cast import CHANGSHU_CLERK, GUO, HE, JIANG, QIN, Cast, code_for, link, make_staff
from tests.conftest import TurnableClock


async def test_a_stranger_finds_a_kind_door(stranger: Person) -> None:
    await stranger.says("/start")
    assert "绑定码" in stranger.last().text
    assert "0512-0000-1234" in stranger.last().text
    assert not stranger.last().buttons


async def test_a_member_links_with_one_tap(sandbox: Sandbox, bot: Fund, cast: Cast) -> None:
    qin = sandbox.person("秦兰")
    await qin.opens_link(await code_for(bot, "member", cast.members[QIN]))
    assert "秦兰" not in qin.last().text
    assert "境外" in qin.last().text
    await qin.taps("同意并绑定")
    assert any("绑定好了" in message.text for message in qin.chat)
    consents = await bot.ground.db.read(
        lambda db: db.execute("SELECT subject, text_version, channel FROM consent").fetchall()
    )
    assert consents == [("member", "2026-11", "telegram")]


async def test_a_code_in_the_middle_of_a_form_is_a_code(sandbox: Sandbox, bot: Fund, cast: Cast) -> None:
    qin = sandbox.person("秦兰")
    await link(bot, qin, "member", cast.members[QIN])
    await qin.says("我要认捐")
    await qin.says(await code_for(bot, "beneficiary", cast.beneficiaries[GUO]))
    await qin.taps("同意")
    assert any("今年的名册上有您" in message.text for message in qin.chat)
    assert "给您留着" in qin.last().text


@pytest.mark.parametrize(
    "typed",
    ["{0}-{1}", " {0} {1} ", "{0}—{1}", "{0}——{1}。", "{0}_{1}", "{0}\n{1}", "绑定码：{0}-{1}", "/start\n{0}-{1}"],
)
async def test_a_code_may_be_typed_as_people_type(stranger: Person, bot: Fund, cast: Cast, typed: str) -> None:
    code = await code_for(bot, "beneficiary", cast.beneficiaries[GUO])
    await stranger.says(typed.format(code[:5].lower(), code[5:].lower()))
    assert "同意就点一下" in stranger.last().text


async def test_a_code_may_be_typed_in_full_width(stranger: Person, bot: Fund, cast: Cast) -> None:
    code = await code_for(bot, "beneficiary", cast.beneficiaries[GUO])
    await stranger.says("".join(chr(ord(sign) + 0xFEE0) for sign in code))
    assert "同意就点一下" in stranger.last().text


async def test_wrong_used_and_expired_codes_get_the_same_words(
    sandbox: Sandbox, bot: Fund, cast: Cast, clock: TurnableClock
) -> None:
    used = await code_for(bot, "member", cast.members[QIN])
    qin, stranger = sandbox.person("秦兰"), sandbox.person("阿牛")
    await qin.says(used)
    await qin.taps("同意")
    expired = await code_for(bot, "beneficiary", cast.beneficiaries[GUO])
    clock.forward(days=61)
    answers = set()
    for code in ("ABCDE23456", used, expired):
        await stranger.says(code)
        answers.add(stranger.last().text)
    assert len(answers) == 1
    assert "用不了" in answers.pop()


async def test_guessing_is_stopped_per_chat_and_opens_again_later(
    stranger: Person, bot: Fund, cast: Cast, clock: TurnableClock
) -> None:
    good = await code_for(bot, "member", cast.members[QIN])
    for _ in range(5):
        await stranger.says("/start ABCDE23456")
    await stranger.says(f"/start {good}")
    assert "次数太多" in stranger.last().text
    clock.forward(minutes=61)
    await stranger.says(f"/start {good}")
    assert "同意就点一下" in stranger.last().text


async def test_a_double_tap_on_agree_hears_the_same_once_more(sandbox: Sandbox, bot: Fund, cast: Cast) -> None:
    qin = sandbox.person("秦兰")
    await qin.opens_link(await code_for(bot, "member", cast.members[QIN]))
    consent = qin.last()
    agree = next(button.data for button in consent.all_buttons() if "同意" in button.label)
    await qin.taps("同意并绑定")
    assert "绑定好了" in consent.text
    assert not consent.buttons
    seen = len(qin.chat)
    await qin.taps_data(agree or "", message=consent)
    assert "绑定好了" in consent.text
    assert len(qin.chat) == seen


async def test_a_tap_on_agree_after_unlinking_binds_nobody(sandbox: Sandbox, bot: Fund, cast: Cast) -> None:
    qin = sandbox.person("秦兰")
    await qin.opens_link(await code_for(bot, "member", cast.members[QIN]))
    consent = qin.last()
    agree = next(button.data for button in consent.all_buttons() if "同意" in button.label)
    await qin.taps("同意并绑定")
    await qin.says("/settings")
    await qin.taps("解除绑定")
    await qin.taps("确定解除")
    await qin.taps_data(agree or "", message=consent)
    assert "失效" in qin.last().text
    assert qin.keyboard == []


async def test_a_second_tap_on_agree_changes_nothing(sandbox: Sandbox, bot: Fund, cast: Cast) -> None:
    qin = sandbox.person("秦兰")
    await link(bot, qin, "member", cast.members[QIN])
    agree = next(message for message in qin.chat if message.raw["message_id"] and "绑定好了" in message.text)
    await qin.taps_data("link:agree::stale-request", message=agree)
    assert "失效" in qin.last().text


async def test_letting_go_deletes_the_binding_and_keeps_the_books(sandbox: Sandbox, bot: Fund, cast: Cast) -> None:
    qin = sandbox.person("秦兰")
    await link(bot, qin, "member", cast.members[QIN])
    await qin.says("/settings")
    await qin.taps("解除绑定")
    await qin.taps("确定解除")
    left = await bot.ground.db.read(
        lambda db: [
            db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("link", "account", "conversation", "consent", "consent_end")
        ]
    )
    assert left == [0, 0, 0, 1, 1]


async def test_a_phone_that_becomes_another_members_lets_go_of_the_first_on_record(
    sandbox: Sandbox, bot: Fund, cast: Cast
) -> None:
    """One phone in the family: the first one's consent ends with the binding, and both are written down."""
    phone = sandbox.person("秦兰")
    await link(bot, phone, "beneficiary", cast.beneficiaries[GUO])
    await link(bot, phone, "member", cast.members[QIN])
    await link(bot, phone, "member", cast.members[HE])

    def read(db: sqlite3.Connection) -> tuple[list[Any], ...]:
        return (
            db.execute("SELECT subject, subject_id FROM link ORDER BY subject").fetchall(),
            db.execute("SELECT subject_id FROM consent JOIN consent_end ON consent_id = consent.id").fetchall(),
            db.execute("SELECT subject_id FROM audit_event WHERE act = 'unlinked'").fetchall(),
        )

    bound, ended, unlinked = await bot.ground.db.read(read)
    assert bound == [("beneficiary", cast.beneficiaries[GUO]), ("member", cast.members[HE])]
    assert ended == unlinked == [(cast.members[QIN],)]


async def test_whoever_loses_the_binding_is_told_with_the_phone_of_the_own_office(
    sandbox: Sandbox, bot: Fund, cast: Cast
) -> None:
    old, new = sandbox.person("蒋飞"), sandbox.person("蒋飞新手机")
    for phone in (old, new):
        await link(bot, phone, "beneficiary", cast.beneficiaries[JIANG])
    assert "0512-0000-5678" in old.last().text


async def test_in_a_group_nothing_personal_is_said(sandbox: Sandbox, bot: Fund, cast: Cast) -> None:
    qin = sandbox.person("秦兰")
    await link(bot, qin, "member", cast.members[QIN])
    group = sandbox.group("第1党支部", qin)
    answers = await group.says(qin, "/start")
    assert [("私下" in answer.text) for answer in answers] == [True]


async def test_in_a_group_nobody_is_written_down(sandbox: Sandbox, stranger: Person, bot: Fund) -> None:
    group = sandbox.group("第1党支部", stranger)
    await group.says(stranger, "/start")
    sandbox.faults.next("sendMessage", Fault("status", 403))
    await group.says(stranger, "/start")
    rows = await bot.ground.db.read(lambda db: db.execute("SELECT user_id FROM account").fetchall())
    assert rows == []


async def test_a_pasted_identity_number_is_not_answered_or_kept(stranger: Person) -> None:
    await stranger.says("我是 990105195410123038")
    assert "身份证号" in stranger.last().text
    assert "990105" not in stranger.last().text


async def test_english_is_one_tap_away(stranger: Person) -> None:
    await stranger.says("/language")
    await stranger.taps("English")
    await stranger.says("/privacy")
    assert "How we keep your information" in stranger.last().text


async def test_many_guessers_shut_nobody_else_out(sandbox: Sandbox, bot: Fund, cast: Cast, settings: Settings) -> None:
    for guesser in range(settings.linking.tries_overall // settings.linking.tries_per_account):
        for _ in range(settings.linking.tries_per_account):
            with pytest.raises(CodeRefused):
                await bot.linking.look_at(Actor(user_id=9_000 + guesser), "ABCDE23456")
    late_guesser = Actor(user_id=8_000)
    with pytest.raises(CodeRefused):
        await bot.linking.look_at(late_guesser, "ABCDE23456")
    with pytest.raises(TooManyTries):
        await bot.linking.look_at(late_guesser, "ABCDE23456")
    qin = sandbox.person("秦兰")
    await qin.says(await code_for(bot, "member", cast.members[QIN]))
    assert "同意就点一下" in qin.last().text


async def test_a_word_of_ten_letters_is_no_code(stranger: Person) -> None:
    await stranger.says("understand")
    assert "用不了" not in stranger.last().text


@pytest.mark.parametrize(
    ("language", "hours"),
    [("zh-hans", "周一至周五 9:00-11:30、13:30-17:00"), ("en", "Mon to Fri 9:00-11:30, 13:30-17:00")],
)
async def test_help_says_when_somebody_is_there_in_the_readers_language(
    sandbox: Sandbox, bot: Fund, language: str, hours: str
) -> None:
    phone = sandbox.person("小陈", language_code=language)
    await phone.says("/help")
    assert hours in phone.last().text


async def test_everybody_reads_the_phone_of_the_own_funds_office(sandbox: Sandbox, bot: Fund, cast: Cast) -> None:
    """Six funds, six offices; a stranger asks the city's, a member of the city in hardship elsewhere the household's."""
    phones = {name: sandbox.person(name) for name in ("阿牛", "何静", "常熟经办", "秦兰")}
    await link(bot, phones["何静"], "member", cast.members[HE])
    await make_staff(bot, phones["常熟经办"], CHANGSHU_CLERK)
    await link(bot, phones["秦兰"], "member", cast.members[QIN])
    await link(bot, phones["秦兰"], "beneficiary", cast.beneficiaries[JIANG])
    city, changshu = "0512-0000-1234", "0512-0000-5678"
    for name, phone in phones.items():
        own, other = (city, changshu) if name == "阿牛" else (changshu, city)
        for words in ("/help", "/privacy"):
            await phone.says(words)
            assert own in phone.last().text, name
            assert other not in phone.last().text, name
        await phone.sends_voice()
        assert own in phone.last().text, name

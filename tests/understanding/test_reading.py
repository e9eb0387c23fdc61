"""What a text is taken to mean, and what is done with the guess."""

from __future__ import annotations

import logging
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carefund_bot.domain.money import Money
from carefund_bot.understanding.clauses import clauses
from carefund_bot.understanding.explain import taught
from carefund_bot.understanding.intents import Asker, Intent
from carefund_bot.understanding.reading import Reading, Understanding
from carefund_bot.understanding.rhythms import Rhythm
from carefund_bot.understanding.tiers import Tiers, prior
from carefund_bot.understanding.verdicts import Flag, Tier
from tests.understanding.conftest import TODAY

ROOT = Path(__file__).parents[2]


def ask(understanding: Understanding, text: str, asker: Asker = Asker.STRANGER) -> Reading:
    return understanding.understand(text, asker, TODAY)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("我家那个补助到哪一步了", Intent.PAYOUT_STATUS),
        ("我想每个月捐50", Intent.PLEDGE_NEW),
        ("換卡了怎麼辦", Intent.UPDATE_DETAILS),
        ("how do I stop my pledge", Intent.PLEDGE_CANCEL),
        ("我不想活了", Intent.URGENT_DISTRESS),
    ],
)
def test_plain_wishes_are_acted_on(understanding: Understanding, text: str, intent: Intent) -> None:
    reading = ask(understanding, text)
    assert (reading.intent, reading.tier) == (intent, Tier.ACT)


def test_what_was_said_beside_the_wish_comes_along(understanding: Understanding) -> None:
    slots = ask(understanding, "我想每个月捐50").slots
    assert (slots.amount, slots.rhythm) == (Money.yuan(50), Rhythm.MONTHLY)


def test_guesses_are_ranked_and_likelihoods_of_all_intents_sum_to_one(understanding: Understanding) -> None:
    reading = ask(understanding, "钱到了没有")
    confidences = [confidence for _, confidence in reading.top]
    assert confidences == sorted(confidences, reverse=True)
    assert reading.top[0] == (reading.intent, reading.confidence)
    assert sum(understanding.likelihoods(["钱到了没有"])[0]) == pytest.approx(1, abs=1e-4)


def test_the_side_somebody_asks_from_turns_the_balance(understanding: Understanding) -> None:
    text = "下一次是什么时候"
    as_member, as_household = ask(understanding, text, Asker.MEMBER), ask(understanding, text, Asker.HOUSEHOLD)
    assert dict(as_household.top)[Intent.PAYOUT_DATE] > dict(as_member.top).get(Intent.PAYOUT_DATE, 0)


def test_a_role_weighs_the_other_side_and_forbids_nothing(understanding: Understanding) -> None:
    weights = dict(zip(understanding.model.intents, prior(understanding.model.intents, Asker.HOUSEHOLD), strict=True))
    assert weights[Intent.CONTRIBUTION_TOTAL] == pytest.approx(0.1)
    assert weights[Intent.PLEDGE_NEW] == pytest.approx(0.3)
    assert weights[Intent.PAYOUT_STATUS] == weights[Intent.TALK_TO_STAFF] == 1
    assert set(prior(understanding.model.intents, Asker.STRANGER)) == {1.0}


def test_three_tiers() -> None:
    tiers = Tiers(act=dict.fromkeys(Intent, 0.8), ask=0.25, flags={})
    assert [tiers.tier(Intent.FUND_INFO, confidence) for confidence in (0.8, 0.79, 0.25, 0.24)] == [
        Tier.ACT,
        Tier.ASK,
        Tier.ASK,
        Tier.PERSON,
    ]


def test_words_that_mean_nothing_are_not_acted_on(understanding: Understanding) -> None:
    for text in ("", "　", "㊙", "\u200b"):
        assert ask(understanding, text).tier is not Tier.ACT


def test_a_low_likelihood_of_distress_raises_its_flag_beside_another_answer() -> None:
    tiers = Tiers(act=dict.fromkeys(Intent, 0.8), ask=0.25, flags={Flag.URGENT_DISTRESS: 0.1, Flag.FRAUD_REPORT: 0.1})
    likelihoods = dict.fromkeys(Intent, 0.0) | {Intent.PAYOUT_MISSING: 0.88, Intent.URGENT_DISTRESS: 0.12}
    assert tiers.raised(likelihoods) == {Flag.URGENT_DISTRESS}


@pytest.mark.parametrize("text", ["我妈说不想活了，求你们去看看", "I don't want to live any more"])
def test_distress_is_flagged(understanding: Understanding, without_encoder: Understanding, text: str) -> None:
    assert Flag.URGENT_DISTRESS in ask(understanding, text).flags
    assert Flag.URGENT_DISTRESS in ask(without_encoder, text).flags


def test_somebody_who_asks_for_a_code_is_flagged(understanding: Understanding) -> None:
    assert Flag.FRAUD_REPORT in ask(understanding, "有人打电话问我要验证码，是骗子吗").flags


def test_a_year_held_against_another_asks_where_this_years_money_is(
    understanding: Understanding, without_encoder: Understanding
) -> None:
    for each in (understanding, without_encoder):
        reading = ask(each, "去年有今年怎么没有", Asker.HOUSEHOLD)
        assert (reading.intent, reading.slots.year) == (Intent.PAYOUT_MISSING, 2026)


def test_who_presses_us_is_not_warned_of_a_swindle(
    understanding: Understanding, without_encoder: Understanding
) -> None:
    for each in (understanding, without_encoder):
        reading = ask(each, "催了三遍了到底给不给", Asker.HOUSEHOLD)
        assert (reading.intent, reading.flags) == (Intent.PAYOUT_MISSING, frozenset())
        assert Flag.FRAUD_REPORT in ask(each, "打电话催我交保证金").flags


@pytest.mark.parametrize("text", ["没饭吃了", "家里揭不开锅了", "没钱吃饭", "we have nothing left to eat"])
def test_hunger_is_distress(understanding: Understanding, without_encoder: Understanding, text: str) -> None:
    assert Flag.URGENT_DISTRESS in ask(understanding, text).flags
    assert Flag.URGENT_DISTRESS in ask(without_encoder, text).flags


@pytest.mark.parametrize("text", ["I want to give 500", "I'll give 500", "put me down for 500"])
def test_a_plain_wish_to_give_is_a_new_pledge(understanding: Understanding, text: str) -> None:
    reading = ask(understanding, text, Asker.MEMBER)
    assert (reading.intent, reading.tier, reading.slots.amount) == (Intent.PLEDGE_NEW, Tier.ACT, Money.yuan(500))


def test_two_wishes_are_read_one_after_the_other(understanding: Understanding) -> None:
    reading = ask(understanding, "我想改成每月一百。另外收据怎么开？", Asker.MEMBER)
    assert reading.intent is Intent.PLEDGE_CHANGE
    assert reading.second is not None
    assert reading.second.intent is Intent.RECEIPT_REQUEST


def test_a_greeting_before_the_wish_is_no_wish(understanding: Understanding) -> None:
    reading = ask(understanding, "你好！我想每个月捐50")
    assert (reading.intent, reading.second) == (Intent.PLEDGE_NEW, None)


def test_a_text_of_nothing_but_pauses_is_cut_in_one_go() -> None:
    """It took a second and a half for a message's worth, in which nobody was answered; this would take a day."""
    assert clauses("、" * 1_000_000) == []


def test_without_the_encoder_the_bot_runs_and_raises_its_bar(without_encoder: Understanding) -> None:
    assert without_encoder.model.sentences is None
    reading = ask(without_encoder, "我家那个补助到哪一步了")
    assert reading.intent is Intent.PAYOUT_STATUS
    tiers = without_encoder.tiers
    assert tiers.ask > Tiers.from_json(without_encoder.model.tiers["joined"]).ask


def test_without_the_encoder_no_numpy_is_loaded() -> None:
    load = "from carefund_bot.understanding.reading import Understanding; Understanding.load(with_encoder=False)"
    look = f"import sys; {load}; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", look], cwd=ROOT, check=False).returncode == 0


def test_why_names_near_phrases_and_weights(understanding: Understanding, without_encoder: Understanding) -> None:
    for each in (understanding, without_encoder):
        why = each.explain("我家补助到哪一步了呀", Intent.PAYOUT_STATUS)
        assert [intent for _, intent, _ in why.phrases][:1] == [Intent.PAYOUT_STATUS]
        assert len(why.phrases) == 3
        assert why.weights[0][1] >= why.weights[-1][1]


def test_nothing_of_a_text_is_logged(understanding: Understanding, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        reading = ask(understanding, "我叫张秀英，卡号6222020000000000，钱呢")
    assert caplog.records == []
    assert "张秀英" not in repr(reading)
    assert "6222" not in repr(reading)


def test_threads_read_the_same(understanding: Understanding) -> None:
    texts = ["钱呢", "我想捐款", "when is it paid", "换卡了"] * 8
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda text: ask(understanding, text), texts)) == [
            ask(understanding, text) for text in texts
        ]


@given(text=st.text(max_size=200))
@settings(max_examples=60, deadline=None)
def test_any_text_has_a_reading(text: str) -> None:
    reading = ask(_LOADED, text)
    assert 0 <= reading.confidence <= 1


_LOADED = Understanding.load(with_encoder=False)


def test_a_text_is_compared_with_every_phrase(understanding: Understanding) -> None:
    sentences = understanding.model.sentences
    assert sentences is not None
    likeness = sentences.likeness("你们是骗子吗")
    assert len(likeness) == len(taught())
    assert max(likeness) <= 1.001

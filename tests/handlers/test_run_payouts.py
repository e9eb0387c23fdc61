"""Three clerks and a household: a batch from the roll to the account, and a payment that came back."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable

import pytest

from carefund_bot.access import Right, Role
from carefund_bot.domain.aid import Stage
from carefund_bot.domain.payouts import ReturnReason
from carefund_bot.fund import Fund
from carefund_bot.settings import Settings
from carefund_bot.texts import households
from carefund_bot.texts.words import words_in
from sandbox import Person, Sandbox
from tests.cast import GUO, Cast, link, make_staff, write_cast
from tests.conftest import TurnableClock
from tests.handlers.restarting import running

Clerk = Callable[..., Awaitable[Person]]


@pytest.fixture
def clerk(sandbox: Sandbox, bot: Fund) -> Clerk:
    async def make(name: str, *roles: Role, fund: str | None = "city", language: str = "zh-hans") -> Person:
        phone = sandbox.person(name, language_code=language)
        await make_staff(bot, phone, *(Right(role, fund) for role in roles))
        return phone

    return make


async def plan_a_batch(maker: Person) -> None:
    await maker.taps("发放批次")
    await maker.taps("新建批次")
    await maker.taps("家庭")
    await maker.says("1280")
    await maker.says("6月25日")


async def test_a_whole_payout_in_chat(sandbox: Sandbox, bot: Fund, cast: Cast, clerk: Clerk) -> None:
    guo = sandbox.person("郭明")
    await link(bot, guo, "beneficiary", cast.beneficiaries[GUO])
    maker = await clerk("经办甲", Role.MAKER)
    checker = await clerk("复核乙", Role.CHECKER)
    releaser = await clerk("放款丙", Role.RELEASER)

    await plan_a_batch(maker)
    assert "1 户 × ¥1,280" in maker.last().text
    assert "还没有建" in maker.last().text
    await maker.taps("建这一批")
    assert "待复核" in maker.last().text

    for phone, step, state in (
        (checker, "复核通过", "待放款"),
        (releaser, "已送银行", "已送银行"),
        (maker, "银行已入账", "已入账"),
    ):
        await phone.says("/batches")
        await phone.taps("2012 苏州市级 家庭")
        await phone.taps(step)
        assert "1 户，共 ¥1,280" in phone.last().text
        await phone.taps("确认")
        assert state in phone.last().text

    heard = [message.text.split("\n")[0] for message in guo.chat if message.from_bot][-4:]
    assert heard == [
        "您的钱已经排上了，正在审核。",
        "审核通过了，下一步送银行。",
        "钱已经送到银行，预计 6月25日 前到账。",
        "钱已经到账了（6月1日）。",
    ]
    assert guo.last().protected


async def test_a_second_tap_on_make_or_confirm_shows_the_same_batch(
    sandbox: Sandbox, bot: Fund, cast: Cast, clerk: Clerk
) -> None:
    maker, checker = await clerk("经办甲", Role.MAKER), await clerk("复核乙", Role.CHECKER)
    await plan_a_batch(maker)
    data = next(button.data for button in maker.last().all_buttons() if "建这一批" in button.label)
    assert data
    for _ in range(3):
        await maker.taps_data(data, message=maker.last())
        assert "✅ 记下了。" in maker.last().text
    await checker.says("/batches")
    await checker.taps("2012")
    await checker.taps("复核通过")
    data = next(button.data for button in checker.last().all_buttons() if button.label == "确认")
    assert data
    for _ in range(2):
        await checker.taps_data(data, message=checker.last())
        assert "待放款" in checker.last().text
    rows = await bot.ground.db.read(lambda db: db.execute("SELECT count(*) FROM batch_event").fetchone()[0])
    assert rows == 2


async def test_maker_and_checker_in_one_person_is_refused_with_a_sentence(
    sandbox: Sandbox, bot: Fund, cast: Cast, clerk: Clerk
) -> None:
    both = await clerk("两手", Role.MAKER, Role.CHECKER)
    await plan_a_batch(both)
    await both.taps("建这一批")
    await both.says("/batches")
    await both.taps("2012")
    await both.taps("复核通过")
    assert "要由另一位同事来做" in both.last().text


async def test_who_sent_the_batch_to_the_bank_leaves_the_bank_s_answer_to_a_colleague(
    sandbox: Sandbox, bot: Fund, cast: Cast, clerk: Clerk
) -> None:
    maker, checker = await clerk("经办甲", Role.MAKER), await clerk("复核乙", Role.CHECKER)
    both = await clerk("放款又经办", Role.RELEASER, Role.MAKER, language="en")
    await plan_a_batch(maker)
    await maker.taps("建这一批")
    for phone, step, confirm in ((checker, "复核通过", "确认"), (both, "at the bank", "Confirm")):
        await phone.says("/batches")
        await phone.taps("2012")
        await phone.taps(step)
        await phone.taps(confirm)
    await both.taps("Bank has credited it")
    assert "You sent this money to the bank yourself" in both.last().text
    await both.says("returned payment")
    await both.says(GUO)
    await both.taps("Sent back by the bank")
    await both.taps("Closed")
    assert "another colleague" in both.last().text
    await maker.says("/batches")
    await maker.taps("2012")
    await maker.taps("银行已入账")
    await maker.taps("确认")
    assert "已入账" in maker.last().text


async def test_the_slower_of_two_checkers_hears_what_it_is_now(
    sandbox: Sandbox, bot: Fund, cast: Cast, clerk: Clerk
) -> None:
    maker = await clerk("经办甲", Role.MAKER)
    quick, slow = await clerk("复核乙", Role.CHECKER), await clerk("复核丁", Role.CHECKER)
    await plan_a_batch(maker)
    await maker.taps("建这一批")
    for phone in (quick, slow):
        await phone.says("/batches")
        await phone.taps("2012")
        await phone.taps("复核通过")
    await quick.taps("确认")
    await slow.taps("确认")
    assert "已有别人处理过了" in slow.last().text
    assert "现在是：待放款" in slow.last().text


async def test_another_fund_s_clerk_sees_no_batch(sandbox: Sandbox, bot: Fund, cast: Cast, clerk: Clerk) -> None:
    maker = await clerk("经办甲", Role.MAKER)
    elsewhere = await clerk("常熟经办", Role.MAKER, Role.CHECKER, fund="changshu")
    await plan_a_batch(maker)
    await maker.taps("建这一批")
    await elsewhere.says("/batches")
    assert "还没有发放批次" in elsewhere.last().text
    for data in (
        "batches:look:1",
        "batches:ask:1-approved",
        "batches:look:77",
        "batches:ask:1-nonsense",
        "batches:look:x",
    ):
        await elsewhere.taps_data(data, message=elsewhere.last())
        assert "没有可以给您看的内容" in elsewhere.last().text
    await elsewhere.says("退回")
    await elsewhere.says(GUO)
    assert "没有找到这个编号" in elsewhere.last().text


async def test_half_understood_answers_get_an_example(sandbox: Sandbox, bot: Fund, cast: Cast, clerk: Clerk) -> None:
    maker = await clerk("经办甲", Role.MAKER, fund=None)
    await maker.says("新建批次")
    await maker.taps("苏州市级")
    await maker.taps("家庭")
    await maker.says("好多")
    assert "例如 1280" in maker.last().text
    await maker.says("一千二百八")
    await maker.says("下个月")
    assert "例如 6月25日" in maker.last().text
    await maker.says("2012-07-03")
    assert "会显示为晚发" in maker.last().text
    assert "¥1,280" in maker.last().text
    await maker.taps("先不")
    assert "停下了" in maker.last().text


async def test_a_restart_in_the_middle_of_making_a_batch(
    sandbox: Sandbox, settings: Settings, clock: TurnableClock
) -> None:
    maker = sandbox.person("经办甲")
    async with running(sandbox, settings, clock) as first:
        await write_cast_and_clerk(first, maker)
        await plan_a_batch(maker)
    async with running(sandbox, settings, clock):
        await maker.taps("建这一批")
        assert "✅ 记下了。" in maker.last().text


async def write_cast_and_clerk(fund: Fund, maker: Person) -> None:
    await write_cast(fund)
    await make_staff(fund, maker, Right(Role.MAKER, "city"))


async def test_a_payment_comes_back_and_goes_out_again(sandbox: Sandbox, bot: Fund, cast: Cast, clerk: Clerk) -> None:
    guo = sandbox.person("郭明")
    await link(bot, guo, "beneficiary", cast.beneficiaries[GUO])
    maker = await clerk("经办甲", Role.MAKER)
    checker, releaser = await clerk("复核乙", Role.CHECKER), await clerk("放款丙", Role.RELEASER)
    await plan_a_batch(maker)
    await maker.taps("建这一批")
    for phone, step in ((checker, "复核通过"), (releaser, "已送银行")):
        await phone.says("/batches")
        await phone.taps("2012")
        await phone.taps(step)
        await phone.taps("确认")

    await maker.says("退回")
    await maker.says("hu200001")
    assert "尾号 7414" in maker.last().text
    assert "郭明" not in maker.last().text
    await maker.taps("银行退回")
    await maker.taps("已销户")
    await maker.taps("确认")
    assert "银行退回" in maker.last().text
    assert guo.last().text.startswith("银行把钱退回来了。钱没有丢。\n为什么：这张卡已经注销。\n请带身份证")

    await new_card(bot, cast.beneficiaries[GUO], "6299990000000013579")
    await maker.says("退回")
    await maker.says(GUO)
    await maker.taps("账户已改好")
    assert "尾号 3579" in maker.last().text
    await maker.taps("确认")
    await releaser.says("补发")
    await releaser.says(GUO)
    await releaser.taps("重新送银行")
    await releaser.taps("确认")
    assert guo.last().text.split("\n")[0] == "钱已经重新送到银行，等着到账。"
    assert "账户尾号 3579" in guo.last().text


async def new_card(fund: Fund, beneficiary_id: int, card: str) -> None:
    """A later import with another account."""

    def write(db: sqlite3.Connection) -> None:
        (import_id,) = db.execute(
            """
            INSERT INTO roll_import (kind, state, file_name, file_digest, based_on, started_at, applied_at)
            VALUES ('households', 'applied', 'next', x'01', 1, 0, 0) RETURNING id
            """
        ).fetchone()
        row = db.execute("SELECT * FROM beneficiary_version WHERE beneficiary_id = ?", (beneficiary_id,)).fetchone()
        fields = fund.ground.sealer.open("beneficiary", row[-1]) | {"card": card}
        sealed = fund.ground.sealer.seal("beneficiary", fields)
        places = ",".join("?" * len(row))
        db.execute(f"INSERT INTO beneficiary_version VALUES ({places})", (row[0], import_id, *row[2:-1], sealed))

    await fund.ground.db.write(write)


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("stage", [stage for stage in Stage if stage not in (Stage.ON_ROLL, Stage.LEFT)])
def test_every_message_has_phone_year_and_the_promise_never_to_ask(language: str, stage: Stage) -> None:
    facts = {
        "stage": stage,
        "programme": "household",
        "year": 2012,
        "phone": "0512-0000-1234",
        "number": "HU200001",
        "amount_fen": 128_000,
        "account": "7414",
        "expected_on": "2012-06-25",
        "on_day": "2012-07-03",
        "days_late": 3,
        "reason": ReturnReason.FROZEN,
    }
    for say in (households.stage_news, households.withdrawn_news):
        said = str(say(words_in(language), facts))
        assert "0512-0000-1234" in said
        assert "2012" in said
        assert "0001" in said
        assert "HU200001" not in said
        assert ("从不收手续费" in said) or ("never charge" in said)
        assert "http" not in said


async def test_a_clerk_of_one_area_sees_no_batch_of_the_whole_fund(sandbox: Sandbox, bot: Fund, clerk: Clerk) -> None:
    await plan_a_batch(await clerk("经办甲", Role.MAKER))
    area = sandbox.person("区里的经办")
    await make_staff(bot, area, Right(Role.MAKER, "city", "吴中区"))
    await area.taps("发放批次")
    assert "2012" not in area.last().text
    assert not area.last().buttons
    await area.says("新建批次")
    assert "没有可以给您看的内容" in area.last().text

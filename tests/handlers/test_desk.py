"""A worry becomes a case, a clerk answers, the answer arrives; nobody sees anybody's account."""

from __future__ import annotations

import pytest

from carefund_bot.access import Right, Role
from carefund_bot.domain.cases import CaseKind, Said
from carefund_bot.fund import Fund
from carefund_bot.settings import Settings
from carefund_bot.texts import cases
from carefund_bot.texts.words import words_in
from sandbox import Person, Sandbox
from tests.cast import CHANGSHU_CLERK, CITY_CLERK, GUO, QIN, Cast, link, make_staff, write_cast
from tests.conftest import TurnableClock
from tests.handlers.restarting import running
from tests.payouts import write_batch

ADMINISTRATOR = Right(Role.ADMINISTRATOR)


async def clerk(sandbox: Sandbox, bot: Fund, name: str = "陆经办", right: Right = CITY_CLERK) -> Person:
    phone = sandbox.person(name)
    await make_staff(bot, phone, right)
    return phone


async def household(sandbox: Sandbox, bot: Fund, cast: Cast, language: str = "zh-hans") -> Person:
    phone = sandbox.person("郭明", language_code=language)
    await link(bot, phone, "beneficiary", cast.beneficiaries[GUO])
    return phone


async def reports_missing(guo: Person) -> None:
    await guo.says("没收到")
    await guo.taps("钱没收到")
    await guo.taps("交给工作人员")


def shown(phone: Person) -> str:
    return "\n".join(message.text for message in phone.chat if message.from_bot)


async def test_not_received_becomes_a_case_and_the_answer_arrives(sandbox: Sandbox, bot: Fund, cast: Cast) -> None:
    line_id = await write_batch(bot, cast.beneficiaries[GUO], "planned", "approved", "instructed")
    lu, guo = await clerk(sandbox, bot), await household(sandbox, bot, cast)
    await reports_missing(guo)
    assert guo.last().text.split("\n") == [
        "交给工作人员了。编号 1",
        "最迟 6月5日上午 在这里答复您。",
        "着急就打电话：0512-0000-1234",
    ]
    assert await one(bot, "SELECT kind, fund, subject, line_id FROM desk_case") == (
        "payout_missing",
        "city",
        "beneficiary",
        line_id,
    )
    assert "有人在等答复" in lu.last().text
    await lu.taps("打开")
    assert "HU200001" in lu.last().text
    assert "郭*" in lu.last().text
    await lu.taps("我来办")
    await lu.taps("答复")
    await lu.says("银行说 6月8日 会到账，请放心。")
    await lu.taps("发给对方")
    assert "发出了" in lu.last().text
    answer = guo.last()
    assert "银行说 6月8日 会到账" in answer.text
    assert "陆" not in shown(guo)
    assert "郭明" not in shown(lu)
    assert answer.protected
    await guo.replies(answer, "谢谢，到了")
    assert "加进去了" in guo.last().text
    assert "对方又说话了" in lu.last().text
    await guo.taps("解决了", message=answer)
    await guo.taps("5 ⭐")
    assert "谢谢" in guo.last().text
    await lu.taps("打开")
    assert "评分：5 / 5" in lu.last().text
    await lu.says("/desk")
    assert "现在没有人在等" in lu.last().text


async def test_an_answer_typed_right_after_the_claim_is_shown_before_it_goes(
    sandbox: Sandbox, bot: Fund, cast: Cast
) -> None:
    lu, guo = await clerk(sandbox, bot), await household(sandbox, bot, cast)
    await reports_missing(guo)
    await claims(lu)
    await lu.says("银行说 6月8日 会到账，请放心。 Your money is on the way.")
    assert "对方会看到" in lu.last().text
    assert "6月8日" not in shown(guo)
    await lu.taps("重写")
    await lu.says("What is the date that you want to know?")
    assert "对方会看到" in lu.last().text, "an answer in English is for the asker, not to the clerk"
    await lu.taps("重写")
    await lu.says("6月9日 会到账。")
    await lu.taps("发给对方")
    assert "6月9日" in guo.last().text
    assert "6月8日" not in shown(guo)


async def test_keys_phrases_and_files_after_a_claim_are_what_they_always_are(
    sandbox: Sandbox, bot: Fund, cast: Cast
) -> None:
    lu, guo = await clerk(sandbox, bot), await household(sandbox, bot, cast)
    await reports_missing(guo)
    await claims(lu)
    await lu.says("谁在等")
    assert "对方会看到" not in lu.last().text
    await lu.uploads("名册.csv", b"x")
    assert "文字" not in lu.last().text
    await lu.says("/cancel")
    await lu.says("银行说会到账。")
    assert "对方会看到" not in lu.last().text


@pytest.mark.parametrize("to", ["放回", "转给纪检"])
@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("银行说会到账。", "这句话我还不太会答"),
        ("QGXDK64VEV", "这个绑定码用不了"),
        ("What is the date that you want to know?", "I cannot answer that yet"),
    ],
)
async def test_words_typed_once_the_case_is_no_longer_ones_own_are_like_any_others(
    sandbox: Sandbox, bot: Fund, cast: Cast, to: str, words: str, answer: str
) -> None:
    lu, guo = await clerk(sandbox, bot), await household(sandbox, bot, cast)
    await reports_missing(guo)
    await claims_and_passes_on(lu, to)
    await lu.says(words)
    assert answer in shown(lu)
    await lu.says("在吗")
    assert "这句话我还不太会答" in lu.last().text


async def test_what_is_forwarded_once_the_case_is_no_longer_ones_own_is_not_ones_own_words(
    sandbox: Sandbox, bot: Fund, cast: Cast
) -> None:
    lu, guo = await clerk(sandbox, bot), await household(sandbox, bot, cast)
    await reports_missing(guo)
    await claims_and_passes_on(lu, "转给纪检")
    await lu.forwards("您好，请把卡号发给我。")
    assert "这是转发来的话" in lu.last().text


async def claims(lu: Person) -> None:
    await lu.taps("打开")
    await lu.taps("我来办")


async def claims_and_passes_on(lu: Person, to: str) -> None:
    await claims(lu)
    await lu.taps("转交")
    await lu.taps(to)


async def test_a_claim_does_not_take_the_place_of_what_is_being_written(
    sandbox: Sandbox, bot: Fund, cast: Cast
) -> None:
    lu, guo = await clerk(sandbox, bot), await household(sandbox, bot, cast)
    await reports_missing(guo)
    await claims(lu)
    await lu.says("6月9日 会到账。")
    waiting = lu.last()
    await guo.says("找人问")
    await guo.says("票据什么时候寄？")
    await claims(lu)
    await lu.taps("发给对方", message=waiting)
    assert "6月9日" in guo.last().text


async def one(bot: Fund, query: str) -> tuple[object, ...]:
    rows: list[tuple[object, ...]] = await bot.ground.db.read(lambda db: db.execute(query).fetchall())
    assert len(rows) == 1
    return rows[0]


async def test_the_same_in_english(sandbox: Sandbox, bot: Fund, cast: Cast) -> None:
    lu = sandbox.person("Lu", language_code="en")
    await make_staff(bot, lu, CITY_CLERK)
    guo = await household(sandbox, bot, cast, "en")
    await guo.says("not received")
    await guo.taps("has not come")
    await guo.taps("Hand it to the staff")
    assert "You get an answer here by 5 Jun, morning." in guo.last().text
    await lu.taps("Open")
    await lu.taps("I take it")
    await lu.taps("Answer")
    await lu.says("It will be there on 8 June.")
    await lu.taps("Send it")
    assert "An answer from the staff" in guo.last().text


async def test_a_second_tap_is_the_same_case(sandbox: Sandbox, bot: Fund, cast: Cast) -> None:
    guo = await household(sandbox, bot, cast)
    await guo.says("没收到")
    await guo.taps("钱没收到")
    asked = guo.last()
    data = next(button.data for button in asked.all_buttons() if button.label == "交给工作人员")
    assert data
    for _ in range(2):
        await guo.taps_data(data, message=asked)
        assert "编号 1" in guo.last().text
    await reports_missing(guo)
    assert "编号 1" in guo.last().text
    await one(bot, "SELECT id FROM desk_case")


async def test_an_answer_goes_once(sandbox: Sandbox, bot: Fund, cast: Cast) -> None:
    lu, guo = await clerk(sandbox, bot), await household(sandbox, bot, cast)
    await reports_missing(guo)
    await claims(lu)
    await lu.taps("答复")
    await lu.says("明天到。")
    preview = lu.last()
    data = next(button.data for button in preview.all_buttons() if button.label == "发给对方")
    assert data
    for _ in range(2):
        await lu.taps_data(data, message=preview)
        assert "发出了" in lu.last().text
    assert [message.text for message in guo.chat].count(guo.last().text) == 1


async def test_the_second_clerk_is_told(sandbox: Sandbox, bot: Fund, cast: Cast) -> None:
    lu, wang = await clerk(sandbox, bot), await clerk(sandbox, bot, "王经办")
    guo = await household(sandbox, bot, cast)
    await reports_missing(guo)
    for phone in (lu, wang):
        await phone.taps("打开")
    await lu.taps("我来办")
    await wang.taps("我来办")
    assert "别人处理过了" in wang.last().text
    await wang.says("/desk")
    await wang.taps("1 补助没收到")
    assert "陆*办 在办" in wang.last().text
    assert "答复" not in [button.label for button in wang.last().all_buttons()]


async def test_another_funds_clerk_sees_nothing(sandbox: Sandbox, bot: Fund, cast: Cast) -> None:
    other, guo = await clerk(sandbox, bot, "何经办", CHANGSHU_CLERK), await household(sandbox, bot, cast)
    await reports_missing(guo)
    await other.says("/desk")
    assert "现在没有人在等" in other.last().text
    await other.taps_data("desk:look:1", message=other.last())
    assert "没有可以给您看的内容" in other.last().text


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("请加 www.help.cn 看看", "网址"),
        ("打 13800138000 找我", "电话"),
        ("您的卡 6299991086048017414 对吗", "银行卡"),
    ],
)
async def test_an_answer_is_looked_at_before_it_goes(
    sandbox: Sandbox, bot: Fund, cast: Cast, words: str, why: str
) -> None:
    lu, guo = await clerk(sandbox, bot), await household(sandbox, bot, cast)
    await reports_missing(guo)
    await claims(lu)
    await lu.taps("答复")
    await lu.says(words)
    assert why in lu.last().text
    assert "发给对方" not in [button.label for button in lu.last().all_buttons()]
    assert "工作人员答复您" not in shown(guo)


async def test_the_office_phone_may_stand_in_an_answer(sandbox: Sandbox, bot: Fund, cast: Cast) -> None:
    lu, guo = await clerk(sandbox, bot), await household(sandbox, bot, cast)
    await reports_missing(guo)
    await claims(lu)
    await lu.taps("再问一句")
    await lu.says("是哪张卡？打 0512-0000-1234 也行。")
    await lu.taps("发给对方")
    assert "工作人员想问您" in guo.last().text
    await guo.says("/cases")
    await guo.taps("1 补助没收到")
    assert "等您回话" in guo.last().text


async def test_a_question_in_own_words_and_a_photo(sandbox: Sandbox, bot: Fund, cast: Cast) -> None:
    lu, qin = await clerk(sandbox, bot), sandbox.person("秦兰")
    await link(bot, qin, "member", cast.members[QIN])
    await qin.sends_photo(b"\xff\xd8\xff\xe0 a photo")
    assert "照片收到了" in qin.last().text
    await qin.says("这张票据上的名字写错了")
    assert "编号 1" in qin.last().text
    await lu.taps("打开")
    assert "名字写错了" in lu.last().text
    assert "DY100001" in lu.last().text
    await lu.taps("看照片")
    assert lu.last().file is not None
    assert lu.last().protected


async def test_an_identity_number_is_never_kept(sandbox: Sandbox, bot: Fund, cast: Cast) -> None:
    guo = await household(sandbox, bot, cast)
    await guo.taps("找人问")
    await guo.says("我叫郭明 990105195410123038 没收到钱")
    assert "请不要在这里发身份证号" in guo.last().text
    assert await bot.ground.db.read(lambda db: db.execute("SELECT count(*) FROM desk_case").fetchone()) == (0,)


async def test_a_stranger_may_ask_too(sandbox: Sandbox, bot: Fund, stranger: Person) -> None:
    lu = await clerk(sandbox, bot)
    await stranger.says("/ask")
    await stranger.says("怎么申请？")
    await lu.taps("打开")
    assert "没有绑定或不写名字的人" in lu.last().text
    assert "阿牛" not in shown(lu)
    await lu.taps("我来办")
    await lu.taps("答复")
    await lu.says("请带户口本到社区申请。")
    await lu.taps("发给对方")
    assert "请带户口本到社区申请" in stranger.last().text


async def test_fraud_alerts_the_desk_and_the_administrator_at_once(
    sandbox: Sandbox, bot: Fund, cast: Cast, clock: TurnableClock
) -> None:
    lu, head = await clerk(sandbox, bot), await clerk(sandbox, bot, "高主任", ADMINISTRATOR)
    guo = await household(sandbox, bot, cast)
    clock.forward(minutes=14 * 60)
    await guo.taps("找人问")
    await guo.taps("有人骗我")
    assert "先不要转钱" in guo.last().text
    await guo.says("有人让我先交手续费")
    for phone in (lu, head):
        assert "请马上看" in phone.last().text
        assert "手续费" not in phone.last().text


async def test_a_complaint_about_staff_is_read_by_discipline_alone(sandbox: Sandbox, bot: Fund, cast: Cast) -> None:
    lu, ji = await clerk(sandbox, bot), await clerk(sandbox, bot, "季纪检", Right(Role.DISCIPLINE))
    guo = await household(sandbox, bot, cast)
    await guo.taps("找人问")
    await guo.taps("投诉工作人员")
    await guo.taps("不写我的名字")
    await guo.says("柜台的人要我请客")
    await lu.says("/desk")
    assert "现在没有人在等" in lu.last().text
    await lu.taps_data("desk:look:1", message=lu.last())
    assert "没有可以给您看的内容" in lu.last().text
    await ji.taps("打开")
    assert "请客" in ji.last().text
    assert "HU200001" not in shown(ji)


async def test_near_and_overdue_are_said_once_each(
    sandbox: Sandbox, bot: Fund, cast: Cast, clock: TurnableClock
) -> None:
    lu, head = await clerk(sandbox, bot), await clerk(sandbox, bot, "高主任", ADMINISTRATOR)
    guo = await household(sandbox, bot, cast)
    await reports_missing(guo)
    clock.forward(days=3, minutes=23 * 60 + 15)
    assert await bot.minding.look() == 1
    assert await bot.minding.look() == 0
    clock.forward(minutes=90)
    assert await bot.minding.look() == 1
    assert await bot.minding.look() == 0
    await guo.says("/cases")
    assert shown(lu).count("快到答复时间了") == 1
    assert "快到答复时间了" not in shown(head)
    for phone in (lu, head):
        assert shown(phone).count("过了答复时间") == 1


async def test_a_restart_in_the_middle_of_an_answer_loses_nothing(
    sandbox: Sandbox, settings: Settings, clock: TurnableClock
) -> None:
    async with running(sandbox, settings, clock) as bot:
        cast = await write_cast(bot)
        lu, guo = await clerk(sandbox, bot), await household(sandbox, bot, cast)
        await reports_missing(guo)
        await lu.taps("打开")
        await lu.taps("我来办")
        await lu.taps("答复")
        await lu.says("明天到。")
    async with running(sandbox, settings, clock):
        await lu.taps("发给对方")
        assert "明天到。" in guo.last().text


async def test_a_case_is_passed_to_a_colleague_and_back(sandbox: Sandbox, bot: Fund, cast: Cast) -> None:
    lu, wang = await clerk(sandbox, bot), await clerk(sandbox, bot, "王经办")
    guo = await household(sandbox, bot, cast)
    await reports_missing(guo)
    await claims(lu)
    await lu.taps("转交")
    await lu.taps("王*办")
    assert "已经转出" in lu.last().text
    assert "同事转给您" in wang.last().text
    await wang.taps("打开")
    assert "在您手上" in wang.last().text
    await wang.taps("转交")
    await wang.taps("放回去")
    await lu.says("/desk")
    await lu.taps("1 补助没收到")
    assert "还没有人接" in lu.last().text


async def test_a_reply_to_a_notice_becomes_a_case(sandbox: Sandbox, bot: Fund, cast: Cast) -> None:
    lu, guo = await clerk(sandbox, bot), await household(sandbox, bot, cast)
    editor = sandbox.person("白编辑")
    await make_staff(bot, editor, Right(Role.NOTICE_EDITOR, "city"))
    await editor.says("发通知")
    await editor.says("下周一办公室搬家。")
    await editor.taps("不用英文")
    await editor.taps("受助家庭")
    await editor.taps("整个")
    await editor.taps("确认，发给")
    notice = guo.last()
    assert "办公室搬家" in notice.text
    await guo.replies(notice, "钱呢")
    assert "编号 1" in guo.last().text
    await guo.replies(notice, "新地址在哪？")
    assert await one(bot, "SELECT kind, notice_id FROM desk_case") == ("reply_to_notice", 1)
    await lu.taps("打开")
    assert "新地址在哪" in lu.last().text


async def test_distress_gets_calm_words_and_alerts_at_once(sandbox: Sandbox, bot: Fund, cast: Cast) -> None:
    """As whoever understands words will hand it over."""
    lu, guo = await clerk(sandbox, bot), await household(sandbox, bot, cast)
    actor = (await bot.accounts.meet(guo.id, "zh_CN")).actor
    case = await bot.asking.open(actor, "distress", CaseKind.DISTRESS, Said("活不下去了"))
    await guo.says("/cases")
    assert "请马上看" in lu.last().text
    assert "活不下去" not in shown(lu)
    said = cases.taken_in_distress(words_in("zh_CN"), case, "0512-0000-1234", None)
    for needed in ("110", "120", "0512-0000-1234", "12356"):
        assert needed in said


async def test_distress_that_nobody_takes_is_called_out_again_at_night(
    sandbox: Sandbox, bot: Fund, cast: Cast, clock: TurnableClock
) -> None:
    lu, guo = await clerk(sandbox, bot), await household(sandbox, bot, cast)
    clock.forward(minutes=13 * 60)
    await guo.says("活不下去了")
    assert "12356" in guo.last().text
    assert await bot.minding.look() == 0
    clock.forward(minutes=16)
    assert await bot.minding.look() == 1
    assert await bot.minding.look() == 0
    await guo.says("/cases")
    assert shown(lu).count("请马上看") == 2


async def test_a_voice_message_hears_how_to_reach_a_person(sandbox: Sandbox, bot: Fund, cast: Cast) -> None:
    guo = await household(sandbox, bot, cast)
    await guo.taps("找人问")
    await guo.sends_voice()
    assert "语音我还听不懂" in guo.last().text
    assert "0512-0000-1234" in guo.last().text
    await guo.says("那我写：没收到")
    assert "编号 1" in guo.last().text

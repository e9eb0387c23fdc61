"""What the staff read of batches and single lines."""

from __future__ import annotations

from datetime import date

from markupsafe import Markup

from carefund_bot.domain.aid import promised_before
from carefund_bot.domain.funds import FUND_BY_CODE
from carefund_bot.domain.payouts import BatchCard, BatchPlan, BatchState, Count, LineCard, LineState, ReturnReason
from carefund_bot.texts.words import Words, joined


def summary(words: Words) -> Markup:
    return words("发放批次：经办、复核、放款")


def label(words: Words) -> Markup:
    return words("发放批次")


def to_list_label(words: Words) -> Markup:
    return words("« 发放批次")


def fund_name(words: Words, fund: str) -> str:
    known = FUND_BY_CODE[fund]
    return known.zh if words.is_chinese else known.en


def programme_name(words: Words, programme: str) -> Markup:
    return words("家庭") if programme == "household" else words("学生")


def payees(words: Words, programme: str, number: int) -> Markup:
    if programme == "household":
        return words.plural("{number} 户", "{number} 户", number)
    return words.plural("{number} 名学生", "{number} 名学生", number)


def batch_state(words: Words, state: BatchState) -> Markup:
    return {
        BatchState.PLANNED: words("待复核"),
        BatchState.APPROVED: words("待放款"),
        BatchState.INSTRUCTED: words("已送银行"),
        BatchState.PAID: words("已入账"),
        BatchState.VOIDED: words("已退回，没有发"),
    }[state]


def line_state(words: Words, state: LineState) -> Markup:
    return {
        LineState.PLANNED: words("待发"),
        LineState.INSTRUCTED: words("已送银行"),
        LineState.PAID: words("已入账"),
        LineState.RETURNED: words("银行退回"),
        LineState.CORRECTED: words("账户已改"),
        LineState.RE_INSTRUCTED: words("重新送银行"),
        LineState.CANCELLED: words("已取消"),
        LineState.RECOVERED: words("已追回"),
    }[state]


def batches(words: Words, cards: list[BatchCard]) -> Markup:
    if not cards:
        return words("还没有发放批次。")
    return words("<b>最近的批次</b>（点开看）")


def batch_label(words: Words, card: BatchCard) -> Markup:
    return words(
        "{year} {fund} {programme} · {state}",
        year=card.year,
        fund=fund_name(words, card.fund),
        programme=programme_name(words, card.programme),
        state=batch_state(words, card.state),
    )


def batch(words: Words, card: BatchCard) -> Markup:
    """Control totals, the split by state, the planned day."""
    return joined(
        words("<b>{batch}</b>", batch=batch_label(words, card)),
        words(
            "{payees}，共 <b>{money}</b>",
            payees=payees(words, card.programme, card.lines),
            money=words.money(card.total),
        ),
        words("计划 {day} 前到账", day=words.day(card.expected_on)),
        "",
        *(
            words("{state}：{payees}", state=line_state(words, state), payees=payees(words, card.programme, lines))
            for state, lines in card.split.items()
        ),
        *_other_than_before(words, card),
    )


def _other_than_before(words: Words, card: BatchCard) -> list[Markup]:
    """What a checker compares with the list of last time."""
    found = card.difference
    if found is None:
        return []
    joined_, left, other_sum, other_account = (
        payees(words, card.programme, count)
        for count in (found.joined, found.left, found.other_sum, found.other_account)
    )
    return [
        words("和 {year} 年那批比：", year=found.year),
        words("新增 {joined} · 少了 {left}", joined=joined_, left=left),
        words("金额变了 {other_sum} · 账户变了 {other_account}", other_sum=other_sum, other_account=other_account),
    ]


def move_label(words: Words, to: BatchState) -> Markup:
    return {
        BatchState.APPROVED: words("复核通过"),
        BatchState.VOIDED: words("退回，不发这一批"),
        BatchState.INSTRUCTED: words("已送银行"),
        BatchState.PAID: words("银行已入账"),
    }[to]


def move_question(words: Words, card: BatchCard, to: BatchState) -> Markup:
    what = {
        BatchState.APPROVED: words("<b>确认复核通过？</b>"),
        BatchState.VOIDED: words("<b>确认退回这一批？</b>退回后不能恢复，要重新建一批。"),
        BatchState.INSTRUCTED: words("<b>确认已把代发文件送到银行？</b>送出后不能撤回。"),
        BatchState.PAID: words("<b>确认银行已入账？</b>已记退回的不算在内。"),
    }[to]
    return joined(batch(words, card), "", what, words("绑定了聊天的家庭会收到消息。"))


def confirm_label(words: Words) -> Markup:
    return words("确认")


def back_label(words: Words) -> Markup:
    return words("先不")


def moved(words: Words, card: BatchCard) -> Markup:
    return joined(words("✅ 记下了。"), "", batch(words, card))


def overtaken(words: Words, card: BatchCard) -> Markup:
    """Somebody else was first: what the batch is now."""
    return joined(
        words(
            "这一批刚刚已有别人处理过了，您这次没有产生任何变化。现在是：{state}。",
            state=batch_state(words, card.state),
        ),
        "",
        batch(words, card),
    )


def new_label(words: Words) -> Markup:
    return words("＋ 新建批次")


def fund_question(words: Words) -> Markup:
    return words("<b>新建批次 1/4</b> 哪个基金？")


def programme_question(words: Words, fund: str) -> Markup:
    return words("<b>新建批次 2/4</b> {fund}，发给谁？", fund=fund_name(words, fund))


def amount_question(words: Words) -> Markup:
    return words("<b>新建批次 3/4</b> 每份多少钱？请打字，例如 1280")


def amount_unclear(words: Words) -> Markup:
    return words("没看懂这个金额。请只写一个数，例如 1280 或 1280.50")


def day_question(words: Words) -> Markup:
    return words("<b>新建批次 4/4</b> 计划哪天前到账？请打字，例如 6月25日")


def day_unclear(words: Words, today: date) -> Markup:
    return words("没看懂这个日子。请写今天（{day}）以后一年内的一天，例如 6月25日", day=words.short_day(today))


def plan(words: Words, asked: BatchPlan, count: Count) -> Markup:
    """What would be made; nothing is written yet."""
    promise = promised_before(asked.programme, asked.cycle_year)
    return joined(
        words("<b>请核对，还没有建：</b>"),
        words(
            "{year} {fund} {programme}",
            year=asked.cycle_year,
            fund=fund_name(words, asked.fund),
            programme=programme_name(words, asked.programme),
        ),
        words(
            "{payees} × {money}", payees=payees(words, asked.programme, count.payees), money=words.money(asked.amount)
        ),
        words("共 <b>{money}</b>", money=words.money(count.total)),
        words("计划 {day} 前到账", day=words.day(asked.expected_on)),
        words("另有 {payees}今年已在别的批次里，不重复发。", payees=payees(words, asked.programme, count.already))
        if count.already
        else None,
        _held(words, asked, count),
        words("⚠️ 在 7月1日 之后：会显示为晚发。") if promise and asked.expected_on >= promise else None,
        "",
        words("按现在的名册建。建好要由另一位同事复核、再一位放款。绑定了聊天的家庭会收到消息。"),
    )


def make_label(words: Words) -> Markup:
    return words("建这一批")


def nobody_to_pay(words: Words, asked: BatchPlan, count: Count) -> Markup:
    return joined(
        words("名册上没有要发的人：要么名册是空的，要么今年都已在批次里。没有产生任何变化。"),
        _held(words, asked, count),
    )


def _held(words: Words, asked: BatchPlan, count: Count) -> Markup | None:
    if not count.held:
        return None
    return words(
        "⚠️ {payees}的新账户已批准、名册还是旧账户，这次不排。名册改好导入后，再建一批。",
        payees=payees(words, asked.programme, count.held),
    )


def roll_moved(words: Words) -> Markup:
    return words("名册或别的批次刚刚变了，没有建。请看新的数：")


def line_label(words: Words) -> Markup:
    return words("找一户：退回、补发")


def number_question(words: Words) -> Markup:
    return words("请打户编号或学生编号，例如 HU200001；不找了就发 /cancel")


def no_such_line(words: Words) -> Markup:
    return words("没有找到这个编号的发放记录。请核对编号，或发 /cancel 停下。")


def line(words: Words, card: LineCard) -> Markup:
    return joined(
        words("<b>{number}</b> · {year} {fund}", number=card.number, year=card.year, fund=fund_name(words, card.fund)),
        words("{money}，账户尾号 {tail}", money=words.money(card.amount), tail=card.account_tail),
        words("现在：{state}", state=line_state(words, card.state)),
        words("原因：{reason}", reason=reason_label(words, card.reason)) if card.reason else None,
        _account_now(words, card) if card.state is LineState.RETURNED else None,
    )


def _account_now(words: Words, card: LineCard) -> Markup:
    """The account that a correction would take; the one that the bank returned needs the roll first."""
    if card.roll_tail == card.account_tail:
        return words(
            "名册上现在的账户：尾号 {tail}，和退回的一样。要换账户，先改名册；不换，先问清能收钱，再补发。",
            tail=card.roll_tail,
        )
    return words("名册上现在的账户：尾号 {tail}", tail=card.roll_tail)


def line_move_label(words: Words, to: LineState) -> Markup:
    return {
        LineState.PAID: words("银行已入账"),
        LineState.RETURNED: words("银行退回"),
        LineState.CORRECTED: words("账户已改好"),
        LineState.RE_INSTRUCTED: words("重新送银行"),
    }[to]


def reason_question(words: Words) -> Markup:
    return words("银行退回的原因？")


def reason_label(words: Words, reason: ReturnReason) -> Markup:
    return {
        ReturnReason.WRONG_NUMBER: words("卡号不对"),
        ReturnReason.OTHER_NAME: words("户名不符"),
        ReturnReason.CLOSED: words("已销户"),
        ReturnReason.FROZEN: words("冻结"),
        ReturnReason.LOST: words("挂失"),
        ReturnReason.DORMANT: words("睡眠户"),
        ReturnReason.NOT_ACTIVATED: words("社保卡未激活"),
        ReturnReason.OVER_LIMIT: words("账户类别或限额"),
        ReturnReason.BRANCH_MOVED: words("网点撤并"),
        ReturnReason.OUR_SIDE: words("文件或银行出错"),
        ReturnReason.UNKNOWN: words("其他"),
    }[reason]


def line_question(words: Words, card: LineCard, to: LineState, reason: ReturnReason | None) -> Markup:
    return joined(
        line(words, card),
        "",
        words("<b>记为：{state}？</b>", state=line_move_label(words, to)),
        words("原因：{reason}", reason=reason_label(words, reason)) if reason else None,
        words("将用名册上现在的账户，尾号 {tail}。", tail=card.roll_tail) if to is LineState.CORRECTED else None,
    )


def line_moved(words: Words, card: LineCard) -> Markup:
    return joined(words("✅ 记下了。"), "", line(words, card))


def line_overtaken(words: Words, card: LineCard) -> Markup:
    return joined(
        words(
            "这一笔刚刚已有别人处理过了，您这次没有产生任何变化。现在是：{state}。", state=line_state(words, card.state)
        ),
        "",
        line(words, card),
    )

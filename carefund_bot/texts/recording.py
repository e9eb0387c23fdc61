"""What staff read when they write down money, by one gift or by a list, and when they take one back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from markupsafe import Markup

from carefund_bot.domain.money import Money
from carefund_bot.domain.remittances import Channel, CheckedList, Entry, FundTotal, Problem, ProblemKind, ReversalReason
from carefund_bot.errors import TotalDiffers
from carefund_bot.services.givers import Giver
from carefund_bot.services.recording import LONGEST_LIST, ListLook, Recorded
from carefund_bot.store.contributions import Contribution
from carefund_bot.texts import members, rows
from carefund_bot.texts.sums import fund_name
from carefund_bot.texts.words import Words, joined

_LINES_SHOWN = 12
_FAULTS_SHOWN = 8


def record_label(words: Words) -> Markup:
    return words("登记捐款")


def record_summary(words: Words) -> Markup:
    return words("登记收到的捐款，一笔或一份清单")


def reverse_summary(words: Words) -> Markup:
    return words("冲正一笔登记错的捐款")


def ask_number(words: Words) -> Markup:
    return joined(
        words("<b>登记捐款</b>"),
        words("请打党员编号，例如 DY100001。"),
        words("有一份支部清单？把文件（.xlsx 或 .csv）直接发来就行。"),
    )


def list_help_label(words: Words) -> Markup:
    return words("清单要怎么填")


def reverse_label(words: Words) -> Markup:
    return words("冲正一笔")


def list_help(words: Words, columns: str) -> Markup:
    return joined(
        words("<b>支部捐款清单</b>（.xlsx 或 .csv，一行一笔，最多 {most} 行）", most=LONGEST_LIST),
        words("表头：{columns}", columns=columns),
        "",
        words("发来后先给您核对笔数和合计，对得上才入账；有一行不对就整份不动。党费请不要放在里面。"),
    )


def no_such_member(words: Words) -> Markup:
    return words("您负责的范围里没有这个编号。请核对后再打一次，例如 DY100001。")


def ask_sum(words: Words, giver: Giver) -> Markup:
    return joined(_giver(words, giver), words("是这位的话，请打金额，例如 100。"))


def ask_day(words: Words, giver: Giver, amount: Money) -> Markup:
    return joined(
        _giver(words, giver),
        words("<b>{sum}</b>，哪天收到的？点一个，或者打 6月5日。", sum=words.money(amount)),
    )


def ask_day_again(words: Words) -> Markup:
    return words("没看明白是哪天。请打 6月5日 或 2012-06-05，不能晚于今天。")


def today(words: Words) -> Markup:
    return words("今天")


def yesterday(words: Words) -> Markup:
    return words("昨天")


def ask_channel(words: Words, giver: Giver, amount: Money, day: date) -> Markup:
    return joined(
        _giver(words, giver),
        words("<b>{sum}</b>，{day}。怎么交的？", sum=words.money(amount), day=words.day(day)),
    )


def channel(words: Words, channel: Channel) -> Markup:
    return members.channel(words, channel)


def confirm_question(words: Words, giver: Giver, entry: Entry, *, has_twin: bool) -> Markup:
    return joined(
        words("<b>请核对：</b>"),
        _giver(words, giver),
        words(
            "<b>{sum}</b>，{day}，{channel}",
            sum=words.money(entry.amount),
            day=words.day(entry.received_on),
            channel=members.channel(words, entry.channel),
        ),
        words("⚠️ 这一天已经登记过同样金额的一笔，请确认不是同一笔钱。") if has_twin else None,
    )


def confirm(words: Words) -> Markup:
    return words("确认入账")


def recorded(words: Words, found: Recorded) -> Markup:
    if found.contribution_id is not None:
        return words("✅ 已入账 {sum}，本人绑定了的话马上会收到消息。", sum=words.money(found.sum))
    return joined(
        words("✅ 整份清单已入账：<b>{count} 笔，{sum}</b>。", count=found.count, sum=words.money(found.sum)),
        *_by_fund(words, found.by_fund),
        words("绑定了的党员马上会收到消息。"),
    )


def record_another(words: Words) -> Markup:
    return words("再登记一笔")


def reverse_this(words: Words) -> Markup:
    return words("登记错了？冲正")


def _giver(words: Words, giver: Giver) -> Markup:
    return words(
        "<b>{name}</b>（{fund}，{branch}）",
        name=giver.masked_name,
        fund=fund_name(words, giver.fund),
        branch=giver.branch,
    )


def _by_fund(words: Words, totals: tuple[FundTotal, ...]) -> list[Markup]:
    return [
        words(
            "• {fund}：{count} 笔，{sum}", fund=fund_name(words, each.fund), count=each.count, sum=words.money(each.sum)
        )
        for each in totals
    ]


def list_preview(words: Words, checked: CheckedList, look: ListLook) -> Markup:
    return joined(
        words("<b>{file}</b>", file=checked.file_name),
        words("<b>{count} 笔，合计 {sum}</b>", count=len(checked.entries), sum=words.money(checked.sum)),
        *_by_fund(words, checked.by_fund),
        *_likely_twice(words, look),
        "",
        words("请和支部上缴的总数核对：点“合计对得上”，或者把总数打给我。还没有入账。"),
    )


def _likely_twice(words: Words, look: ListLook) -> list[Markup]:
    if not look.likely_twice:
        return []
    shown = "、".join(map(str, look.likely_twice[:_LINES_SHOWN]))
    more = len(look.likely_twice) - _LINES_SHOWN
    if more > 0:
        return [words("⚠️ 可能重复（同一人、同一天、同样金额）：第 {rows} 行，还有 {more} 行。", rows=shown, more=more)]
    return [words("⚠️ 可能重复（同一人、同一天、同样金额）：第 {rows} 行。", rows=shown)]


def total_fits(words: Words) -> Markup:
    return words("合计对得上，入账")


def total_differs(words: Words, refusal: TotalDiffers) -> Markup:
    announced, counted = Money(refusal.announced_fen), Money(refusal.counted_fen)
    facts = {"announced": words.money(announced), "counted": words.money(counted)}
    if announced.fen > counted.fen:
        difference = words("清单少了 {sum}", sum=words.money(announced - counted))
    else:
        difference = words("清单多了 {sum}", sum=words.money(counted - announced))
    return joined(
        words("对不上：您说 {announced}，清单合计 {counted}，<b>{difference}</b>。", difference=difference, **facts),
        words("没有入账。查清后再打一次总数，或者发改好的清单。"),
    )


def list_refused(words: Words, look: ListLook) -> Markup:
    """Each fault once, with its rows; nothing was written."""
    if look.recorded_on is not None:
        return words("这份清单 {day} 已经入过账了，没有产生任何变化。", day=words.day(look.recorded_on))
    if look.row_count > LONGEST_LIST:
        return words("这份清单超过 {most} 行。请分成几份发来。", most=LONGEST_LIST)
    if not look.row_count:
        return words("这份清单里只有表头，没有捐款。")
    lines = rows.faults(words, look.faults, rows_named=_FAULTS_SHOWN) + _problems(words, look.problems)
    return joined(
        words("<b>这份清单没有入账</b>，要先改 {count} 处：", count=_places(look)),
        *(words("• {fault}", fault=line) for line in lines[:_FAULTS_SHOWN]),
        words("每一行都在下面的文件里。") if report_is_long(look) else None,
        "",
        words("改好后整份再发一次。"),
    )


def _places(look: ListLook) -> int:
    return len(look.faults) + len(look.problems)


def report_is_long(look: ListLook) -> bool:
    """Whether a file must name the rows, as the message cannot."""
    return look.row_count <= LONGEST_LIST and _places(look) > _FAULTS_SHOWN


def report(words: Words, look: ListLook) -> Markup:
    """Every line, for a file."""
    lines = [rows.fault(words, fault) for fault in look.faults]
    return joined(*lines, *(_problem(words, found.kind, [found.row]) for found in look.problems))


def report_name(words: Words) -> Markup:
    return words("清单要改的地方.txt")


def _problems(words: Words, found: Sequence[Problem]) -> list[Markup]:
    alike: dict[ProblemKind, list[int]] = {}
    for each in found:
        alike.setdefault(each.kind, []).append(each.row)
    return [_problem(words, kind, lines) for kind, lines in alike.items()]


def _problem(words: Words, kind: ProblemKind, lines: Sequence[int]) -> Markup:
    what = {
        ProblemKind.UNKNOWN_NUMBER: words("“党员编号”：您负责的范围里没有这个编号，请核对。"),
        ProblemKind.NAME_DIFFERS: words("“姓名”：和名册上这个编号的姓名不一样，请核对。"),
        ProblemKind.FUND_DIFFERS: words("“基金”：和名册上这位党员的基金不一样，请核对。"),
        ProblemKind.BEFORE_FIRST_DAY: words("“捐款日期”：比 2010 年还早，那时还没有这项捐款，请核对。"),
        ProblemKind.PARTY_DUES: words("“方式”：党费不是捐款，不能放在一起。请从清单里拿掉。"),
    }[kind]
    return words("{where}{what}", where=rows.rows_where(words, lines, rows_named=_FAULTS_SHOWN), what=what)


def list_overtaken(words: Words) -> Markup:
    return words("这份清单刚刚已经入过账，或者名册有了变化。这次没有产生任何变化，请重新发一次文件。")


def ask_number_to_reverse(words: Words) -> Markup:
    return words("<b>冲正</b>：请打党员编号，例如 DY100001。")


def pick_gift(words: Words, giver: Giver, count: int) -> Markup:
    if not count:
        return joined(_giver(words, giver), words("没有可以冲正的捐款。"))
    return joined(_giver(words, giver), words("冲正哪一笔？"))


def gift_label(words: Words, gift: Contribution) -> Markup:
    return words("{day} {sum}", day=words.day(gift.received_on), sum=words.money(gift.amount))


def ask_reason(words: Words, giver: Giver, gift: Contribution) -> Markup:
    return joined(_giver(words, giver), _gift(words, gift), words("为什么冲正？"))


def reason(words: Words, reason: ReversalReason) -> Markup:
    return members.reversal_reason(words, reason)


def confirm_reversal(words: Words, giver: Giver, gift: Contribution, reason: ReversalReason) -> Markup:
    return joined(
        words("<b>请核对：</b>"),
        _giver(words, giver),
        _gift(words, gift),
        words("原因：{why}", why=members.reversal_reason(words, reason)),
        words("原记录保留，不再计入；本人会收到说明。"),
    )


def reverse_yes(words: Words) -> Markup:
    return words("确认冲正")


def reversed_now(words: Words, gift: Contribution) -> Markup:
    return words(
        "✅ 已冲正 {sum}（{day}），原记录保留。", sum=words.money(gift.amount), day=words.day(gift.received_on)
    )


def _gift(words: Words, gift: Contribution) -> Markup:
    return words(
        "<b>{sum}</b>，{day}，{channel}",
        sum=words.money(gift.amount),
        day=words.day(gift.received_on),
        channel=members.channel(words, gift.channel),
    )

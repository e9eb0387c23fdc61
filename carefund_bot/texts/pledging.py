"""What a member reads when making and changing a pledge: voluntary, said once; no pressure, no thanks withheld."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from markupsafe import Markup

from carefund_bot.domain.money import Money
from carefund_bot.domain.pledges import (
    EventKind,
    PledgeState,
    Rhythm,
    Standing,
    Terms,
    last_due_on,
    yearly_total,
)
from carefund_bot.texts.sums import fund_name
from carefund_bot.texts.words import Words, joined


def pledge_label(words: Words) -> Markup:
    return words("我要认捐")


def pledge_summary(words: Words) -> Markup:
    return words("认捐：捐多少、多久一次")


def pledges_label(words: Words) -> Markup:
    return words("我的认捐")


def pledges_summary(words: Words) -> Markup:
    return words("看认捐，改、停都在这里")


def ask_sum(words: Words, fund: str, former: Terms | None) -> Markup:
    if former is not None:
        return joined(
            words("<b>改认捐</b>"),
            words("现在是：{terms}。", terms=in_words(words, former)),
            "",
            words("以后每次捐多少？点一个，或者直接打字，例如 50、一百元。"),
        )
    return joined(
        words("<b>认捐</b>（{fund}基金）", fund=fund_name(words, fund)),
        words("全凭自愿，多少都是心意。认捐是先说好，不是现在付钱。"),
        "",
        words("每次捐多少？点一个，或者直接打字，例如 50、一百元。"),
        words("想好了总数，就打“1000分3期”。"),
    )


def ask_other_sum(words: Words) -> Markup:
    return joined(
        words("请把每次的金额打给我，例如："),
        words("50　一百元　¥66.6　1.5万"),
        words("也可以打“共1000元3次”“1000分3期”。"),
    )


def other_sum(words: Words) -> Markup:
    return words("其他金额")


def sum_label(words: Words, amount: Money) -> str:
    return words.money(amount)


def too_thin(words: Words) -> Markup:
    return words("分得太细，每次不到一分钱了。少分几次就行，例如“1000分3期”。")


def ask_rhythm(words: Words, amount: Money, times: int | None, *, is_total: bool) -> Markup:
    if times is None:
        say = words("一共 <b>{sum}</b>。多久捐一次？", sum=words.money(amount))
        return say if is_total else words("每次 <b>{sum}</b>。多久捐一次？", sum=words.money(amount))
    if is_total:
        return words("一共 <b>{sum}</b>，分 {times} 次。多久捐一次？", sum=words.money(amount), times=times)
    return words("每次 <b>{sum}</b>，捐 {times} 次。多久捐一次？", sum=words.money(amount), times=times)


def ask_rhythm_again(words: Words) -> Markup:
    return words("点一个按钮，或者打“每月”“每季”“每年”“只捐一次”。")


def rhythm(words: Words, rhythm: Rhythm) -> Markup:
    return {
        Rhythm.ONCE: words("只捐一次"),
        Rhythm.MONTHLY: words("每月"),
        Rhythm.QUARTERLY: words("每季"),
        Rhythm.YEARLY: words("每年"),
    }[rhythm]


def ask_times(words: Words, rhythm: Rhythm, amount: Money, *, is_total: bool) -> Markup:
    if is_total:
        return words("一共 <b>{sum}</b>。分几次捐？", sum=words.money(amount))
    return words("{each}。捐几次？", each=_each(words, rhythm, amount))


def ask_times_again(words: Words) -> Markup:
    return words("点一个按钮，或者打次数，例如“6次”（最多 600 次）；一直捐就打“不限”。")


def without_end(words: Words) -> Markup:
    return words("不限次数")


def times(words: Words, number: int) -> Markup:
    return words.plural("{number} 次", "{number} 次", number)


def back(words: Words) -> Markup:
    return words("« 上一步")


def cancel(words: Words) -> Markup:
    return words("取消")


def confirm_question(words: Words, terms: Terms, first: date, *, replaces: bool) -> Markup:
    return joined(
        words("<b>请看一下：</b>"),
        in_words(words, terms),
        _days(words, terms, first),
        words("原来那份从今天起由这份代替，已经交的都算数。") if replaces else None,
        "",
        words("对的话，点“确认认捐”。"),
    )


def confirm(words: Words) -> Markup:
    return words("确认认捐")


def change_it(words: Words) -> Markup:
    return words("改一改")


def made(words: Words, found: PledgeState) -> Markup:
    terms = found.pledge.terms
    return joined(
        words("✅ 记下了，谢谢您！"),
        in_words(words, terms),
        _days(words, terms, found.pledge.first_due_on),
        "",
        words("想改、想停，随时点“我的认捐”。"),
    )


def in_words(words: Words, terms: Terms) -> Markup:
    """What terms come to: each time, in a year or in all, and how an uneven sum is parted."""
    if terms.rhythm is Rhythm.ONCE:
        return words("捐一次，{sum}", sum=words.money(terms.amount))
    yearly = yearly_total(terms)
    if yearly is not None:
        each = _each(words, terms.rhythm, terms.amount)
        if terms.rhythm is Rhythm.YEARLY:
            return words("{each}，随时可停", each=each)
        return words("{each}，每年 {yearly}，随时可停", each=each, yearly=words.money(yearly))
    return _parted(words, terms)


def _parted(words: Words, terms: Terms) -> Markup:
    shares, in_all = terms.shares, words.money(terms.amount)
    larger = sum(share != shares[-1] for share in shares)
    if not larger:
        each = _each(words, terms.rhythm, shares[0])
        return words("{each}，共 {times} 次，合计 {total}", each=each, times=len(shares), total=in_all)
    smaller = len(shares) - larger
    firsts = words("前 {times} 次各 {sum}", times=larger, sum=words.money(shares[0]))
    lasts = words("后 {times} 次各 {sum}", times=smaller, sum=words.money(shares[-1]))
    return words(
        "{rhythm}一次，共 {times} 次，合计 {total}：{firsts}，{lasts}",
        rhythm=rhythm(words, terms.rhythm),
        times=len(shares),
        total=in_all,
        firsts=words("第 1 次 {sum}", sum=words.money(shares[0])) if larger == 1 else firsts,
        lasts=words("最后 1 次 {sum}", sum=words.money(shares[-1])) if smaller == 1 else lasts,
    )


def _each(words: Words, rhythm: Rhythm, amount: Money) -> Markup:
    shown = words.money(amount)
    return {
        Rhythm.ONCE: words("一次 {sum}", sum=shown),
        Rhythm.MONTHLY: words("每月 {sum}", sum=shown),
        Rhythm.QUARTERLY: words("每季 {sum}", sum=shown),
        Rhythm.YEARLY: words("每年 {sum}", sum=shown),
    }[rhythm]


def _days(words: Words, terms: Terms, first: date) -> Markup:
    if terms.rhythm is Rhythm.ONCE:
        return words("日子：{day}", day=words.day(first))
    if terms.times is None:
        return words("第一次：{day}", day=words.day(first))
    last = last_due_on(terms, first)
    return words("第一次：{first}，最后一次：{last}", first=words.day(first), last=words.day(last))


def no_pledges(words: Words) -> Markup:
    return words("您现在没有认捐。想认捐时点“我要认捐”，不认捐也没关系。")


def pledges_heading(words: Words, live: int) -> Markup:
    return words.plural(
        "<b>我的认捐</b>：{number} 份。点一份，可以看、改、停。",
        "<b>我的认捐</b>：{number} 份。点一份，可以看、改、停。",
        live,
    )


def over_label(words: Words, number: int) -> Markup:
    """A button's label: pledges that are over, in whichever way."""
    return words("以前的认捐（{number}）", number=number)


def over_heading(words: Words) -> Markup:
    return words("<b>以前的认捐</b>，点一份看：")


def pledge_in_a_line(words: Words, found: PledgeState) -> Markup:
    """A button's label: short, the state first where it is not the usual one."""
    terms = found.pledge.terms
    each = _each(words, terms.rhythm, terms.shares[0] if terms.times else terms.amount)
    if found.standing is Standing.RUNNING:
        return each
    return words("{each}（{state}）", each=each, state=standing(words, found.standing))


def standing(words: Words, standing: Standing) -> Markup:
    return {
        Standing.RUNNING: words("进行中"),
        Standing.PAUSED: words("已暂停"),
        Standing.FULFILLED: words("已全部兑现"),
        Standing.ENDED: words("已结束"),
        Standing.RELEASED: words("余下的已免去"),
        Standing.REPLACED: words("已换成新的一份"),
    }[standing]


def pledge_details(words: Words, found: PledgeState) -> Markup:
    return joined(
        words("<b>{terms}</b>", terms=in_words(words, found.pledge.terms)),
        words("{fund}基金，{day}认捐", fund=fund_name(words, found.pledge.fund), day=words.day(found.pledge.made[0])),
        words("状态：{state}", state=standing(words, found.standing)),
        words("已到账：{sum}", sum=words.money(found.paid)),
        *_open_lines(words, found),
    )


def _open_lines(words: Words, found: PledgeState) -> Sequence[Markup | None]:
    if found.standing is not Standing.RUNNING:
        return [words("剩余：{sum}", sum=words.money(found.left)) if found.left else None]
    return [
        words("剩余：{sum}", sum=words.money(found.left)) if found.left else None,
        words("到今天可以交：{sum}（刚交的要等登记）", sum=words.money(found.due)) if found.due else None,
        words("下一次：{day}", day=words.day(found.next_due_on)) if found.next_due_on else None,
    ]


def change_label(words: Words, kind: EventKind) -> Markup:
    return {
        EventKind.PAUSED: words("暂停一阵"),
        EventKind.RESUMED: words("恢复"),
        EventKind.ENDED: words("结束认捐"),
        EventKind.RELEASED: words("免去余下的"),
        EventKind.REPLACED: words("改金额或次数"),
    }[kind]


def change_question(words: Words, found: PledgeState, kind: EventKind) -> Markup:
    """What it means, before it is done."""
    meaning = {
        EventKind.PAUSED: words("暂停后不再有新的日子，也不会提醒您。什么时候想恢复，点一下就行。"),
        EventKind.RESUMED: words("恢复后按原来的日子接着来，暂停的那段不用补。"),
        EventKind.ENDED: words("结束后就停在这里，没交的一笔勾销。"),
        EventKind.RELEASED: words("余下的 {left} 免去，不用再交。", left=words.money(found.left) if found.left else ""),
    }[kind]
    kept = words("已经到账的 {sum} 都算数。", sum=words.money(found.paid)) if found.paid else None
    return joined(words("<b>{terms}</b>", terms=in_words(words, found.pledge.terms)), meaning, kept)


def change_confirm(words: Words, kind: EventKind) -> Markup:
    return {
        EventKind.PAUSED: words("好，暂停"),
        EventKind.RESUMED: words("好，恢复"),
        EventKind.ENDED: words("好，结束"),
        EventKind.RELEASED: words("好，免去余下的"),
    }[kind]


def leave_it(words: Words) -> Markup:
    return words("先不动")


def changed(words: Words, found: PledgeState) -> Markup:
    """What stands now; a farewell is thanks and nothing else."""
    if found.standing is Standing.PAUSED:
        return words("✅ 已暂停。已到账的 {sum} 都在，谢谢您。", sum=words.money(found.paid))
    if found.is_live:
        return joined(
            words("✅ 已恢复，谢谢您。"),
            words("下一次：{day}", day=words.day(found.next_due_on)) if found.next_due_on else None,
        )
    if not found.paid:
        return words("✅ 已办好，这份认捐从现在起没有要交的了。谢谢您的心意。")
    return words("✅ 已办好，这份认捐从现在起没有要交的了。您已经捐了 {sum}，谢谢您。", sum=words.money(found.paid))


def list_label(words: Words) -> Markup:
    return words("« 我的认捐")


def left_roll(words: Words, left_on: date, phone: str) -> Markup:
    """To a member who has left the roll and would pledge anew."""
    return joined(
        words("<b>{day} 起，党员名册上没有您了，新的认捐先不登记。</b>", day=words.day(left_on)),
        words("以前的认捐和捐款都在，照样可以看、可以改。"),
        words("名册弄错了，或者想接着捐：请问党支部，或打电话 {phone}。", phone=phone),
    )

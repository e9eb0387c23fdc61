"""Notices on their way: the card that follows one, what may be done with it, whom it did not reach."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from carefund_bot.clock import shanghai_time
from carefund_bot.domain.notices import Step
from carefund_bot.services.notice_steps import Progress
from carefund_bot.services.notices import Listed
from carefund_bot.store.notices import Notice
from carefund_bot.store.outbox import Doubt
from carefund_bot.texts.notices import addressed, fault_line, opening, topic_name, whom
from carefund_bot.texts.words import Words, joined

_UNSENT = ("unreachable", "failed", "uncertain", "cancelled", "recalled")


def summary(words: Words) -> Markup:
    return words("发过的通知：进度、暂停、没收到的")


def sent_heading(words: Words) -> Markup:
    return words("<b>最近的通知</b>，点开看进度和结果：")


def nothing_sent(words: Words) -> Markup:
    return words("还没有发过通知。")


def notice_label(words: Words, listed: Listed) -> Markup:
    """A line for one notice on a button; what waits for a person says so first."""
    notice = listed.notice
    moment = shanghai_time(notice.composed_at)
    line = words(
        "{day} {time} {whom}",
        day=words.short_day(moment.date()),
        time=f"{moment:%H:%M}",
        whom=whom(words, notice.audience, None),
    )
    standing = _standing(words, listed.step)
    return line if standing is None else words("{standing}：{line}", standing=standing, line=line)


def _standing(words: Words, step: Step) -> Markup | None:
    return {
        Step.SUBMITTED: words("等确认"),
        Step.SCHEDULED: words("定时"),
        Step.OVERDUE: words("等决定"),
        Step.PAUSED: words("暂停了"),
        Step.CANCELLED: words("取消了"),
        Step.RECALLED: words("收回了"),
    }.get(step)


def earlier_label(words: Words) -> Markup:
    return words("更早的 »")


def progress(words: Words, now: Progress) -> Markup:
    """Where a notice stands and how far it has got; states with nobody in them are left out."""
    return joined(
        _heading(words, now),
        words("“{opening}”", opening=opening(words, now.notice.content)),
        addressed(words, now.notice.audience, now.branch),
        words("类别：{topic}", topic=topic_name(words, now.notice.content.topic)),
        *(
            [words.plural("一共：{number} 人", "一共：{number} 人", now.total), "", *_counts(words, now)]
            if now.total
            else []
        ),
    )


def _heading(words: Words, now: Progress) -> Markup:
    due = _due(words, now.notice)
    match now.step:
        case Step.SUBMITTED | Step.CONFIRMED:
            said = words("<b>等另一位同事确认。</b>确认以前谁也收不到。")
        case Step.SCHEDULED:
            said = words("<b>定好了：{moment} 发。</b>人数到时候再算。", moment=due)
        case Step.OVERDUE:
            said = words("<b>停下来了，没有发。</b>原定 {moment}。发不发、什么时候发，请您决定。", moment=due)
        case Step.PAUSED:
            said = words("<b>暂停了。</b>没发的都在等着，点继续再发。")
        case Step.CANCELLED:
            said = words("<b>取消了。</b>没发的不再发。")
        case Step.RECALLED:
            said = words("<b>正在收回……</b>") if now.coming_back else words("<b>收回完了。</b>")
        case Step.STARTED | Step.RESUMED:
            said = words("<b>正在发送……</b>") if now.waiting else words("<b>发完了。</b>")
    return said


def _due(words: Words, notice: Notice) -> str:
    return "" if notice.goes_at is None else words.moment(shanghai_time(notice.goes_at))


def _counts(words: Words, now: Progress) -> list[Markup]:
    copies, failed = now.copies, now.recalls.get("failed", 0)
    lines = (
        (copies.get("sent", 0), words("已送达：{number}", number=copies.get("sent", 0))),
        (now.waiting, words("还在排队：{number}", number=now.waiting)),
        *((copies.get(state, 0), _unsent(words, state, copies.get(state, 0))) for state in _UNSENT),
        (now.coming_back, words("正在收回：{number}", number=now.coming_back)),
        (failed, words("收不回来的：{number}", number=failed)),
        *(
            (number, words("　{reason}：{number}", reason=why_still_there(words, why), number=number))
            for why, number in sorted(now.still_there.items())
        ),
    )
    return [line for count, line in lines if count]


def _unsent(words: Words, state: str, number: int) -> Markup:
    return {
        "unreachable": words("停用或注销，没收到：{number}", number=number),
        "failed": words("没发成：{number}", number=number),
        "uncertain": words("网络断了，不知道收到没有：{number}", number=number),
        "cancelled": words("已取消：{number}", number=number),
        "recalled": words("已收回：{number}", number=number),
    }[state]


def why_still_there(words: Words, why: str) -> Markup:
    """Why a copy could not be taken back."""
    return {
        "too_old": words("过了 48 小时"),
        "blocked": words("停用了机器人"),
        "chat_gone": words("注销了"),
        "refused": words("Telegram 不让收"),
    }[why]


def refresh_label(words: Words) -> Markup:
    return words("刷新")


def move_label(words: Words, step: Step) -> Markup:
    return {
        Step.CONFIRMED: words("确认，可以发"),
        Step.STARTED: words("现在发"),
        Step.PAUSED: words("暂停"),
        Step.RESUMED: words("继续"),
        Step.CANCELLED: words("取消"),
        Step.RECALLED: words("收回"),
    }[step]


def time_label(words: Words) -> Markup:
    return words("定个时间发")


def planned_label(words: Words, notice: Notice) -> Markup:
    return words("照原定：{moment}", moment=_due(words, notice))


def ask_before(words: Words, step: Step) -> Markup:
    if step is Step.RECALLED:
        return joined(
            words("<b>收回这条通知？</b>"),
            words("会从大家的手机上删掉，48 小时内发出的才删得掉；没发的也不再发。看过的人已经看过了。"),
        )
    return joined(words("<b>取消这条通知？</b>"), words("还没发的都不再发，不能再继续；已经收到的留着。"))


def yes_label(words: Words, step: Step) -> Markup:
    return words("收回") if step is Step.RECALLED else words("是，取消")


def back_label(words: Words) -> Markup:
    return words("先不")


def overtaken(words: Words) -> Markup:
    return words("刚刚有了变化，您这一下没有起作用。现在是这样：")


def to_confirm(words: Words, notice: Notice, receiving: int) -> Markup:
    """What the second person is asked."""
    overruled = notice.content.overruled
    return joined(
        words("<b>请看清上面这条通知，再决定。</b>它还没有发。"),
        words.plural("会收到：<b>{number} 人</b>", "会收到：<b>{number} 人</b>", receiving),
        words("定在 {moment} 发", moment=_due(words, notice)) if notice.goes_at else None,
        *(
            [
                words("⚠️ 里面有平时不许写的，写的人说这次要写："),
                *(fault_line(words, fault) for fault in overruled),
            ]
            if overruled
            else []
        ),
    )


def waits(words: Words) -> Markup:
    """To everybody who may be the second person."""
    return words("有一条通知等您确认：同事写好了，要另一个人看过才能发。")


def stands(words: Words) -> Markup:
    """To the editors of a notice that time has passed by, or that stands in a restored database."""
    return words("有一条通知停下来了：机器人停过一阵，或者换过备份。要不要接着发，请您决定。")


def look_label(words: Words) -> Markup:
    return words("看一看")


def missed_label(words: Words) -> Markup:
    return words("没收到的")


def missed(words: Words, now: Progress) -> Markup:
    """What may be decided of copies that did not certainly arrive."""
    uncertain = now.copies.get("uncertain", 0)
    return joined(
        words("<b>没收到的</b>"),
        *(
            _unsent(words, state, now.copies[state])
            for state in ("failed", "unreachable", "uncertain")
            if now.copies.get(state)
        ),
        words("不知道收到没有的，再发一次有人可能会收到两次；不发，有人可能一次也没有。") if uncertain else None,
    )


def again_label(words: Words, state: str) -> Markup:
    return {
        "failed": words("没发成的再发一次"),
        "unreachable": words("停用过的再试一次"),
        "uncertain": words("不知道的再发一次"),
    }[state]


def leave_label(words: Words) -> Markup:
    return words("不知道的就这样")


def sent_again(words: Words, copies: int) -> Markup:
    if not copies:
        return words("没有可以再发的：他们现在也收不到。")
    return words.plural("又排上了 {number} 份。", "又排上了 {number} 份。", copies)


def left(words: Words, copies: int) -> Markup:
    return words.plural("{number} 份就这样，不再发。记下了。", "{number} 份就这样，不再发。记下了。", copies)


def doubts_summary(words: Words) -> Markup:
    return words("不知道收到没有的消息")


def doubts(words: Words, found: Sequence[Doubt], restored: int) -> Markup:
    """Those to be decided one by one, and before them how many a restored copy holds."""
    if not found and not restored:
        return words("没有不知道收到没有的消息。")
    return joined(
        words("<b>不知道收到没有的消息</b>"),
        words("发出去时网络断了。再发，他可能收到两次；不发，可能一次也没有。") if found else None,
        *(
            words(
                "{number}. {kind}（{moment}）",
                number=each.id,
                kind=kind_name(words, each.kind),
                moment=_at(words, each),
            )
            for each in found
        ),
        "" if found and restored else None,
        words.plural(
            "换过备份：里面有 {number} 条还排着，换之前可能已经发过。请一起决定。",
            "换过备份：里面有 {number} 条还排着，换之前可能已经发过。请一起决定。",
            restored,
        )
        if restored
        else None,
    )


def restored_again(words: Words) -> Markup:
    return words("备份里的都再发")


def restored_leave(words: Words) -> Markup:
    return words("备份里的都不发")


def _at(words: Words, doubt: Doubt) -> str:
    return words.moment(shanghai_time(doubt.queued_at))


def kind_name(words: Words, kind: str) -> Markup:
    """What kind of message it was; never to whom."""
    names = {
        "payout_stage": words("发放进度"),
        "payout_withdrawn": words("发放进度"),
        "contribution_recorded": words("捐款入账"),
        "contribution_reversed": words("捐款更正"),
    }
    return names.get(kind, words("服务消息"))


def doubt_again(words: Words, number: int) -> Markup:
    return words("{number} 再发", number=number)


def doubt_leave(words: Words, number: int) -> Markup:
    return words("{number} 不发", number=number)


def decided_before(words: Words) -> Markup:
    return words("这一条已经决定过了。")

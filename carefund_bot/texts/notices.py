"""Notices: what the editor reads while writing one, and what everybody reads in the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from carefund_bot.clock import shanghai_time
from carefund_bot.domain.funds import FUND_BY_CODE, area_named
from carefund_bot.domain.notices import Audience, Branch, Letter, Place, Reach, Reader
from carefund_bot.domain.outgoing import Fault, Unfit
from carefund_bot.texts.household_problems import never_asks
from carefund_bot.texts.splitting import MESSAGE_LIMIT, shown_units
from carefund_bot.texts.words import LANGUAGES, Words, joined, words_in

_SECONDS_A_MINUTE = 60


def as_read(words: Words, letter: Letter) -> Markup:
    """The notice as it arrives; a reader without a text in the own language gets the Chinese one."""
    text = letter.text_zh if words.is_chinese or letter.text_en is None else letter.text_en
    name = letter.name_zh if words.is_chinese else letter.name_en
    return joined(
        Markup(text),
        "",
        words("—— {name}，电话 {phone}", name=name, phone=letter.phone),
        never_asks(words),
    )


def units_over(letter: Letter) -> int:
    """By how much the notice is too long for one message in the worst language; 0 if it fits."""
    return max(0, *(shown_units(as_read(words_in(language), letter)) - MESSAGE_LIMIT for language in LANGUAGES))


def summary(words: Words) -> Markup:
    return words("给党员和家庭发通知")


def label(words: Words) -> Markup:
    return words("发通知")


def ask_text(words: Words) -> Markup:
    return joined(
        words("<b>请把通知的中文写给我</b>"),
        words("粗体和换行都会保留。发出前您会看到样子和人数，点了确认才会发。"),
        words("不要写网址、证件号和卡号；电话只写基金自己的。"),
    )


def recent_heading(words: Words) -> Markup:
    return words("最近发过的，点开看结果：")


def recent_label(words: Words, audience: Audience, composed_at: int) -> Markup:
    """A line for one notice on a button."""
    moment = shanghai_time(composed_at)
    return words(
        "{day} {time} {whom}",
        day=words.short_day(moment.date()),
        time=f"{moment:%H:%M}",
        whom=whom(words, audience, None),
    )


def only_text(words: Words) -> Markup:
    return words("通知现在只能发文字。请把要说的话写给我。")


def too_long(words: Words, over: int) -> Markup:
    return words.plural(
        "加上落款超出了 {number} 个字，请删短一些再发给我。", "加上落款超出了 {number} 个字，请删短一些再发给我。", over
    )


def unfit(words: Words, faults: Sequence[Fault]) -> Markup:
    """What stands where that must not; the text itself is not repeated."""
    return joined(
        words("<b>这段话还不能发：</b>"),
        *(fault_line(words, fault) for fault in faults),
        words("我们的通知里从来没有这些，大家才认得出骗子。请改好再发给我。"),
    )


def fault_line(words: Words, fault: Fault) -> Markup:
    """What is unfit, and in which line."""
    match fault.unfit:
        case Unfit.LINK:
            return words("第 {line} 行有网址、邮箱或用户名", line=fault.line)
        case Unfit.IDENTITY:
            return words("第 {line} 行有身份证号", line=fault.line)
        case Unfit.CARD:
            return words("第 {line} 行有银行卡号", line=fault.line)
        case Unfit.PHONE:
            return words("第 {line} 行有电话号码，不是基金自己的", line=fault.line)


def ask_english(words: Words) -> Markup:
    return words("还要英文的吗？写给我，用英文的人就看英文；不用就点下面，大家都看中文。")


def no_english(words: Words) -> Markup:
    return words("不用英文")


def ask_whom(words: Words) -> Markup:
    return words("发给谁？")


def everybody(words: Words) -> Markup:
    return words("党员、家庭和学生")


def reader(words: Words, role: Reader) -> Markup:
    return {
        Reader.MEMBER: words("党员"),
        Reader.HOUSEHOLD: words("受助家庭"),
        Reader.STUDENT: words("受助学生"),
    }[role]


def ask_where(words: Words) -> Markup:
    return words("发到哪里？")


def place_name(words: Words, place: Place, branch: Branch | None) -> str:
    """All six funds, a fund, an area, or a branch by name."""
    if place.branch_id is not None:
        return f"{branch.committee} {branch.name}" if branch else str(words("一个党支部"))
    if place.area is not None:
        area = area_named(place.area)
        return area.name_en if area and not words.is_chinese else place.area
    if place.fund is not None:
        fund = FUND_BY_CODE[place.fund]
        return fund.zh if words.is_chinese else fund.en
    return str(words("六个基金全部"))


def whole(words: Words, fund: str) -> Markup:
    return words("整个{fund}", fund=place_name(words, Place(fund), None))


def one_branch(words: Words) -> Markup:
    return words("某个党支部")


def ask_branch(words: Words) -> Markup:
    return words("请发党委或党支部名称里的几个字，例如：南桥。")


def no_such_branch(words: Words) -> Markup:
    return words("没有找到名称里有这几个字的党支部。换几个字再发，例如：南桥。")


def which_branch(words: Words) -> Markup:
    return words("是哪一个？不在里面的话，多发几个字再找。")


def whom(words: Words, audience: Audience, branch: Branch | None) -> Markup:
    """Readers and place in one phrase."""
    who = everybody(words) if len(audience.readers) > 1 else reader(words, audience.readers[0])
    return words("{who}（{where}）", who=who, where=place_name(words, audience.place, branch))


def addressed(words: Words, audience: Audience, branch: Branch | None) -> Markup:
    return words("发给：{whom}", whom=whom(words, audience, branch))


def preview(words: Words, audience: Audience, branch: Branch | None, reach: Reach, seconds: int) -> Markup:
    """What will happen on the confirm."""
    return joined(
        words("<b>上面就是大家看到的样子。</b>"),
        addressed(words, audience, branch),
        "",
        words.plural("会收到：<b>{number} 人</b>", "会收到：<b>{number} 人</b>", reach.receiving),
        words.plural("还没绑定，收不到：{number} 人", "还没绑定，收不到：{number} 人", reach.not_linked),
        words.plural("停用了机器人，收不到：{number} 人", "停用了机器人，收不到：{number} 人", reach.switched_off),
        "",
        _duration(words, seconds) if reach.receiving else words("现在没有人收得到，请换个范围。"),
    )


def _duration(words: Words, seconds: int) -> Markup:
    if seconds < _SECONDS_A_MINUTE:
        return words("发完用不了 1 分钟。")
    minutes = -(-seconds // _SECONDS_A_MINUTE)
    return words.plural("发完大约要 {number} 分钟。", "发完大约要 {number} 分钟。", minutes)


def try_label(words: Words) -> Markup:
    return words("先发给我看看")


def send_label(words: Words, receiving: int) -> Markup:
    return words.plural("确认，发给 {number} 人", "确认，发给 {number} 人", receiving)


def edit_label(words: Words) -> Markup:
    return words("重写")


def drop_label(words: Words) -> Markup:
    return words("不发了")


def dropped(words: Words) -> Markup:
    return words("好的，不发了，谁也没有收到。")


def refresh_label(words: Words) -> Markup:
    return words("刷新")


def progress(words: Words, audience: Audience, branch: Branch | None, copies: Mapping[str, int]) -> Markup:
    """How far a notice has got, or how it went; states with nobody in them are left out."""
    waiting = copies.get("pending", 0) + copies.get("sending", 0)
    total = sum(copies.values())
    return joined(
        words("<b>正在发送……</b>") if waiting else words("<b>发完了。</b>"),
        addressed(words, audience, branch),
        words.plural("一共：{number} 人", "一共：{number} 人", total),
        "",
        *(
            line
            for count, line in (
                (1, words("已送达：{number}", number=copies.get("sent", 0))),
                (waiting, words("还在排队：{number}", number=waiting)),
                *((copies.get(state, 0), _unsent(words, state, copies.get(state, 0))) for state in _UNSENT),
            )
            if count
        ),
    )


_UNSENT = ("unreachable", "failed", "uncertain", "cancelled")


def _unsent(words: Words, state: str, number: int) -> Markup:
    return {
        "unreachable": words("停用或注销，没收到：{number}", number=number),
        "failed": words("没发成：{number}", number=number),
        "uncertain": words("网络断了，不知道收到没有：{number}", number=number),
        "cancelled": words("已取消：{number}", number=number),
    }[state]

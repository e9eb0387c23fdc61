"""Notices: what the editor reads while writing one, and what everybody reads in the end."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from carefund_bot.clock import shanghai_time
from carefund_bot.domain.funds import FUND_BY_CODE, area_named
from carefund_bot.domain.notices import Attachment, Audience, Branch, Condition, Letter, Place, Reach, Reader, Topic
from carefund_bot.domain.outgoing import Fault, Unfit
from carefund_bot.store.notices import Content
from carefund_bot.texts.household_problems import never_asks
from carefund_bot.texts.splitting import CAPTION_LIMIT, MESSAGE_LIMIT, shown_units
from carefund_bot.texts.words import LANGUAGES, Words, joined, plain, words_in

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


def units_over(letter: Letter, attachment: Attachment | None) -> int:
    """By how much the notice is too long for one message in the worst language; 0 if it fits."""
    limit = MESSAGE_LIMIT if attachment is None else CAPTION_LIMIT
    return max(0, *(shown_units(as_read(words_in(language), letter)) - limit for language in LANGUAGES))


def summary(words: Words) -> Markup:
    return words("给党员和家庭发通知")


def label(words: Words) -> Markup:
    return words("发通知")


def ask_text(words: Words) -> Markup:
    return joined(
        words("<b>请把通知的中文写给我</b>"),
        words(
            "粗体和换行都会保留，也可以发一张图片或一个文件，把话写在下面。发出前您会看到样子和人数，点了确认才会发。"
        ),
        words("不要写网址、证件号和卡号；电话只写基金自己的。"),
    )


def sent_label(words: Words) -> Markup:
    return words("看发过的通知")


def only_text(words: Words) -> Markup:
    return words("通知要有话说。请写给我；要带图片或文件，就把话写在它的说明里，一起发。")


def one_picture(words: Words) -> Markup:
    return words("一条通知只能带一张图片或一个文件，后面的没有用上。")


def words_alone(words: Words) -> Markup:
    return words("图片或文件跟着中文那段走，大家都看得到。这里请只写英文的话。")


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
        words("如果是认错了，可以照样写，但要另一位同事看过才发，会记下来。"),
    )


def insist(words: Words) -> Markup:
    return words("就这样写，请同事确认")


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
    """Readers, place and condition in one phrase."""
    who = everybody(words) if len(audience.readers) > 1 else reader(words, audience.readers[0])
    where = place_name(words, audience.place, branch)
    if audience.condition is None:
        return words("{who}（{where}）", who=who, where=where)
    return words("{who}（{where}，{which}）", who=who, where=where, which=condition_name(words, audience.condition))


def condition_name(words: Words, condition: Condition) -> Markup:
    return {
        Condition.PLEDGE_OPEN: words("认捐还没交完的"),
        Condition.PAYOUT_NONE: words("今年还没排上发放的"),
        Condition.PAYOUT_PLANNED: words("排上了、还没送银行的"),
        Condition.PAYOUT_AT_BANK: words("送了银行、还没到账的"),
        Condition.PAYOUT_RETURNED: words("被银行退回的"),
        Condition.PAYOUT_PAID: words("已经到账的"),
    }[condition]


def some_label(words: Words) -> Markup:
    return words("只给一部分人")


def ask_which(words: Words) -> Markup:
    return words("只给哪些人？")


def all_label(words: Words) -> Markup:
    return words("不分，都给")


_OPENING_LENGTH = 18


def opening(words: Words, content: Content) -> str:
    """The first words of a notice, to know it again."""
    text = content.text_zh if words.is_chinese or content.text_en is None else content.text_en
    line = " ".join(plain(Markup(text)).split())
    return line if len(line) <= _OPENING_LENGTH else f"{line[:_OPENING_LENGTH]}…"


def addressed(words: Words, audience: Audience, branch: Branch | None) -> Markup:
    return words("发给：{whom}", whom=whom(words, audience, branch))


def topic_name(words: Words, topic: Topic) -> Markup:
    return {Topic.GENERAL: words("一般通知"), Topic.FUND_NEWS: words("基金动态")}[topic]


def preview(
    words: Words, content: Content, branch: Branch | None, reach: Reach, seconds: int, colleagues: int | None
) -> Markup:
    """What will happen on the confirm; `colleagues` may be the second person, `None` if none is needed."""
    return joined(
        words("<b>上面就是大家看到的样子。</b>"),
        addressed(words, content.audience, branch),
        words("类别：{topic}", topic=topic_name(words, content.topic)),
        words("什么时候发：{moment}", moment=words.moment(shanghai_time(content.due_at))) if content.due_at else None,
        "",
        words.plural("会收到：<b>{number} 人</b>", "会收到：<b>{number} 人</b>", reach.receiving),
        words.plural("还没绑定，收不到：{number} 人", "还没绑定，收不到：{number} 人", reach.not_linked),
        words.plural("停用了机器人，收不到：{number} 人", "停用了机器人，收不到：{number} 人", reach.switched_off),
        words.plural("不要这类通知：{number} 人", "不要这类通知：{number} 人", reach.opted_out)
        if reach.opted_out
        else None,
        "",
        _duration(words, seconds) if reach.receiving else _nobody(words, content),
        words("图片和文件里的内容我看不见，请自己看清楚里面没有证件号、卡号和网址。") if content.attachment else None,
        words("要另一位同事看过、点了确认才会发。") if colleagues else None,
        words("要另一位同事确认，可现在没有能确认的同事。请管理员加一位，或者把范围改小。")
        if colleagues == 0
        else None,
    )


def _nobody(words: Words, content: Content) -> Markup:
    if content.due_at is not None:
        return words("现在没有人收得到；到时候有谁就发给谁。")
    return words("现在没有人收得到，请换个范围。")


def _duration(words: Words, seconds: int) -> Markup:
    if seconds < _SECONDS_A_MINUTE:
        return words("发完用不了 1 分钟。")
    minutes = -(-seconds // _SECONDS_A_MINUTE)
    return words.plural("发完大约要 {number} 分钟。", "发完大约要 {number} 分钟。", minutes)


def try_label(words: Words) -> Markup:
    return words("先发给我看看")


def confirm_label(words: Words, receiving: int, due_at: int | None, *, for_two: bool) -> Markup:
    if for_two:
        return words("确认，请同事看过再发")
    if due_at is not None:
        return words("确认，{moment} 发", moment=words.moment(shanghai_time(due_at)))
    return words.plural("确认，发给 {number} 人", "确认，发给 {number} 人", receiving)


def turn_topic(words: Words, topic: Topic) -> Markup:
    other = Topic.FUND_NEWS if topic is Topic.GENERAL else Topic.GENERAL
    return words("改成：{topic}", topic=topic_name(words, other))


def later_label(words: Words) -> Markup:
    return words("定时发")


def now_label(words: Words) -> Markup:
    return words("改成马上发")


def ask_time(words: Words) -> Markup:
    return words("什么时候发？点一个，或写给我，例如：明天上午9点半、6月5日 14:00。")


def time_unclear(words: Words) -> Markup:
    return words(
        "没看懂这个时间，或已经过了。请写哪天几点，今后两个月里的，例如：明天上午9点半、下周一 14:00、6月5日 14:00。"
    )


def others_label(words: Words) -> Markup:
    return words("换收件人")


def edit_label(words: Words) -> Markup:
    return words("重写")


def drop_label(words: Words) -> Markup:
    return words("不发了")


def dropped(words: Words) -> Markup:
    return words("好的，不发了，谁也没有收到。")

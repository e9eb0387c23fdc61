"""What is said to free words: a question back with buttons, a kind word, or whom to ask."""

from __future__ import annotations

from markupsafe import Markup

from carefund_bot.texts.words import Words, joined
from carefund_bot.understanding.courtesies import Courtesy


def which(words: Words) -> Markup:
    """Several readings are likely; the buttons below name them."""
    return words("您是想问哪一样？点一下就行。")


def wish(words: Words, intent: str) -> Markup | None:
    """A button's label for what somebody may want; `None` for what needs no button."""
    return {
        "pledge_new": words("我要认捐"),
        "pledge_change": words("改认捐"),
        "pledge_cancel": words("停认捐"),
        "pledge_status": words("我的认捐"),
        "contribution_history": words("我的捐款"),
        "contribution_total": words("我一共捐了多少"),
        "receipt_request": words("捐赠票据"),
        "payment_how": words("捐款怎么交"),
        "payment_problem": words("交款有问题"),
        "payout_status": words("钱到哪一步了"),
        "payout_date": words("钱什么时候到"),
        "payout_amount": words("能领多少"),
        "payout_missing": words("钱没收到"),
        "eligibility": words("怎么申请"),
        "bind_account": words("怎么绑定"),
        "update_details": words("换卡、换电话"),
        "fund_info": words("基金是怎么回事"),
        "notice_latest": words("最近的通知"),
        "language_switch": words("换语言"),
        "privacy_data": words("我的信息怎么保管"),
        "help_usage": words("怎么用"),
        "fraud_report": words("怕是骗子"),
    }.get(intent)


def topic(words: Words, intent: str) -> Markup:
    """What somebody wanted, for a colleague's report."""
    return wish(words, intent) or {
        "talk_to_staff": words("找人说话"),
        "greeting_thanks": words("问好、道谢"),
        "urgent_distress": words("急事"),
        "out_of_scope": words("别的事"),
    }.get(intent, Markup.escape(intent))


def none_of_these(words: Words) -> Markup:
    return words("都不是，转给工作人员")


def rather_my_work(words: Words) -> Markup:
    """The same for a colleague, who is whom it would be handed to."""
    return words("都不是，看看我能办什么")


def offer_person(words: Words, phone: str) -> Markup:
    """The bot is not sure; a person may be."""
    return joined(
        words("这句话我拿不准，不敢乱答。"),
        words("要不要转给工作人员？也可以打电话：{phone}", phone=phone),
    )


def hand_over(words: Words) -> Markup:
    return words("转给工作人员")


def also(words: Words) -> Markup:
    """Before the button for the second wish of one message."""
    return words("您还问了一件事，点一下就看：")


def courtesy(words: Words, said: Courtesy) -> Markup:
    return {
        Courtesy.HELLO: words("您好，我在。有事随时说。"),
        Courtesy.THANKS: words("不用客气，有事随时说。"),
        Courtesy.OTHER: words("好的，有事随时说。"),
    }[said]


def forwarded(words: Words, phone: str) -> Markup:
    """Beside words that somebody else wrote."""
    return joined(
        words("这是转发来的话，真假我不敢说。"),
        never_tell(words, phone),
        words("也可以转给工作人员看看。"),
    )


def out_of_scope(words: Words, phone: str) -> Markup:
    return joined(
        words("这件事我这里管不了。我能帮您看关爱基金的认捐、捐款和发放。"),
        words("想找人说话：{phone}", phone=phone),
    )


def link_first(words: Words, phone: str) -> Markup:
    """The answer is personal and nobody is bound to this chat."""
    return joined(
        words("要先绑定，我才知道您是哪一位。"),
        words("把社区或党支部给的绑定码发给我就行。没有码，打电话问：{phone}", phone=phone),
    )


def payout_calendar(words: Words, *, gives: bool) -> Markup:
    """When the fund pays, for somebody who receives nothing: no day that nobody has named; `gives`: a member."""
    return joined(
        words("<b>基金什么时候发</b>"),
        words("• 受助家庭：每年 7月1日 前"),
        words("• 受助学生：每年 11月到12月"),
        words("具体哪天，排上之后会告诉本人。"),
        words("您自己捐的到账没有，点“我的捐款”就能看到。") if gives else None,
    )


def never_tell(words: Words, phone: str) -> Markup:
    """Beside any answer when somebody may be being cheated."""
    return joined(
        words("<b>请小心：</b>我们从不要密码、验证码，从不收费，也不发链接让您点。"),
        words("谁要都别给，先打这个电话问：{phone}", phone=phone),
    )

"""What everybody reads: the door, linking, help, settings, privacy."""

from __future__ import annotations

from markupsafe import Markup

from carefund_bot.domain.office_hours import OfficeHours
from carefund_bot.texts.office import office_hours
from carefund_bot.texts.words import Words, joined


def welcome_stranger(words: Words, fund_name: str, phone: str) -> Markup:
    return joined(
        words("<b>您好！这里是{fund}。</b>", fund=fund_name),
        "",
        words("党员可以在这里认捐、查捐款；受助家庭可以查钱到哪一步了。"),
        "",
        words("手上有<b>绑定码</b>（社区或党支部给的那张纸）吗？把码发给我就行，例如 ABCD2-EFGH3。"),
        words("没有码也没关系，打电话问：{phone}", phone=phone),
    )


def consent(words: Words, subject: str) -> Markup:
    """What the person agrees to before anything personal is said (R14, R17)."""
    what = {
        "member": words("绑定后，我可以告诉您自己的认捐和捐款。"),
        "beneficiary": words("绑定后，我可以告诉您这笔钱到哪一步了、什么时候到。"),
        "staff": words("绑定后，您可以在这里处理手上的工作。"),
        "proxy": words("绑定后，您可以替这一家看钱到哪一步了，别的看不到。到期自动结束，这一家也可以随时结束。"),
    }[subject]
    return joined(
        words("<b>这个码可以用。绑定前请看一下：</b>"),
        "",
        what,
        words("• 消息经过 Telegram，服务器在境外，所以我们只发必要的话，不发证件号和完整卡号。"),
        words("• 姓名、证件号、卡号都加密保存在基金自己的电脑里。"),
        words("• 随时可以发 /settings 解除绑定，这个聊天的记录随即删除。"),
        "",
        words("同意就点一下："),
    )


def agree(words: Words) -> Markup:
    return words("同意并绑定")


def decline(words: Words) -> Markup:
    return words("不同意")


def declined(words: Words, phone: str) -> Markup:
    return words("好的，没有绑定，什么也没有保存。需要时打电话找我们：{phone}", phone=phone)


def linked(words: Words, subject: str) -> Markup:
    return {
        "member": words("✅ 绑定好了。认捐和捐款在这里看。"),
        "beneficiary": words("✅ 绑定好了。以后想知道钱到哪了，发任何一句话都行。"),
        "staff": words("✅ 绑定好了。您的工作在这里办。"),
        "proxy": words("✅ 绑定好了。想知道钱到哪了，点“代办进度”。"),
    }[subject]


def moved_away(words: Words, phone: str) -> Markup:
    """To the chat that a person was bound to before."""
    return words("您的绑定刚刚换到了另一个聊天账号。如果不是您本人或家人办的，请马上打电话：{phone}", phone=phone)


def home(words: Words) -> Markup:
    return words("要办什么，点下面的按钮就行。")


def help_heading(words: Words) -> Markup:
    return words("<b>这里能做的事</b>")


def help_line(words: Words, command: str, summary: Markup) -> Markup:
    return words("/{command} {summary}", command=command, summary=summary)


def help_footer(words: Words, phone: str, hours: OfficeHours) -> Markup:
    return words("想找人说话：{phone}（{hours}）", phone=phone, hours=office_hours(words, hours))


def start_summary(words: Words) -> Markup:
    return words("回到开头")


def help_summary(words: Words) -> Markup:
    return words("能做什么")


def settings_summary(words: Words) -> Markup:
    return words("语言、解除绑定")


def language_summary(words: Words) -> Markup:
    return words("中文 / English")


def privacy_summary(words: Words) -> Markup:
    return words("您的信息怎么保管")


def cancel_summary(words: Words) -> Markup:
    return words("停下正在办的事")


def settings(words: Words, *, is_linked: bool) -> Markup:
    return joined(
        words("<b>设置</b>"),
        words("语言：中文"),
        words("绑定：已绑定") if is_linked else words("绑定：还没有绑定"),
    )


def unlink_label(words: Words) -> Markup:
    return words("解除绑定")


def unlink_question(words: Words) -> Markup:
    return words(
        "解除后，这个聊天不再收到任何消息，我们删掉这个账号的绑定和没发完的话。账本里的捐款和发放记录不受影响。确定吗？"
    )


def unlink_yes(words: Words) -> Markup:
    return words("确定解除")


def keep_as_is(words: Words) -> Markup:
    return words("先不解除")


def unlinked(words: Words) -> Markup:
    return words("已解除。以后想再用，向社区或党支部要一个新码就行。")


def kept(words: Words) -> Markup:
    return words("好的，一切照旧。")


def language_question(words: Words) -> Markup:
    return words("请选择语言 / Choose a language")


def language_chosen(words: Words) -> Markup:
    return words("好的，以后用中文。")


def language_offer(words: Words) -> Markup:
    """Below an answer in the language of the question, which is not the chat's."""
    return words("您写的是中文，这次就用中文回您。以后也用中文吗？")


def language_for_good(words: Words) -> Markup:
    return words("以后都用中文")


def privacy(words: Words, phone: str, unclear_days: int) -> Markup:
    return joined(
        words("<b>您的信息怎么保管</b>"),
        "",
        words(
            "<b>存什么</b> 名册上的姓名、证件号、卡号、电话（加密）；您的认捐、捐款或发放记录；您的聊天账号与名册的绑定。"
        ),
        words("<b>做什么用</b> 只用来告诉您自己的情况、发基金的通知。不卖、不给别人、不做广告。"),
        words("<b>谁能看</b> 经办、复核、审计等有权限的工作人员，只看自己负责的地方。"),
        words("<b>留多久</b> 凭证按规定留 30 年；聊天绑定随您解除即删。"),
        words(
            "<b>没听懂的话</b> 去掉姓名、号码、地址，不记是谁说的，加密留 {days} 天，只用来教我听懂。",
            days=unclear_days,
        ),
        words("<b>您可以</b> 查、改、要一份复印件、要求删除：打电话 {phone}，30 天内答复。", phone=phone),
        words("<b>请记住</b> 我们从不向您要密码、验证码，也不收任何手续费。"),
    )


def cancelled(words: Words) -> Markup:
    return words("好的，停下了，没有产生任何变化。")


def nothing_to_cancel(words: Words) -> Markup:
    return words("现在没有正在办的事。")


def tap_a_button(words: Words) -> Markup:
    """Words came where a button is waited for; its screen follows."""
    return words("请点一个按钮；不办了就发 /cancel。")


def form_waits(words: Words) -> Markup:
    """Below an answer given in the middle of a form."""
    return words("刚才那件事还没办完，给您留着。")


def go_on(words: Words) -> Markup:
    return words("接着办")


def leave_form(words: Words) -> Markup:
    return words("不办了")


def private_number_seen(words: Words) -> Markup:
    """R10: an identity or card number in the text."""
    return words("为了安全，请不要在这里发身份证号或银行卡号。那条消息我没有保存，也请您把它删掉。")


def only_in_private(words: Words, bot_name: str) -> Markup:
    """R9: in a group nothing personal is said."""
    return words("群里不谈个人的事。请点 @{bot} 私下跟我说。", bot=bot_name)


def not_understood(words: Words, phone: str) -> Markup:
    return joined(
        words("这句话我还不太会答。点下面的按钮，或者发 /help 看看能做什么。"),
        words("想找人说话：{phone}", phone=phone),
    )


def edited_unread(words: Words) -> Markup:
    """A message was changed after it had been answered."""
    return words("改过的话我不会再办一遍，没有产生任何变化。要紧的请重新发一条。")


def slow_down(words: Words) -> Markup:
    """To somebody who sends faster than one can answer; what was too much is not done."""
    return words("您发得太快了，后面几条我没有来得及看。请等前面的回完，再发一次。")


def could_not_finish(words: Words) -> Markup:
    """After an update was set aside. Its fact may have been written before the trouble: nobody is told it was not."""
    return words(
        "抱歉，刚才那一步我们这边出了问题，不能确定办成了没有，已经记下来了。请先打开看一看，没有办成的话再试一次。"
    )


def bot_description(words: Words, fund_name: str) -> Markup:
    return words(
        "{fund}：党员认捐、查捐款；家庭查钱到哪一步了。点“开始”，把社区或党支部给的绑定码发过来。", fund=fund_name
    )


def bot_short_description(words: Words, fund_name: str) -> Markup:
    return words("{fund}的小助手。从不收费，从不要密码。", fund=fund_name)

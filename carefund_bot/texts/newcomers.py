"""Colleagues' new chats: who must say whose they are, what is told of changes among the staff."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from carefund_bot.access import Role
from carefund_bot.clock import shanghai_time
from carefund_bot.services.newcomers import Newcomer
from carefund_bot.texts.colleagues import right_line, role_names
from carefund_bot.texts.words import Words, joined


def summary(words: Words) -> Markup:
    return words("确认同事新绑定的聊天")


def nobody_waits(words: Words) -> Markup:
    return words("现在没有等确认的同事。")


def waiting(words: Words) -> Markup:
    return words("<b>等确认的同事</b>，点开看：")


def row_label(words: Words, newcomer: Newcomer) -> Markup:
    return words(
        "{name} · {roles}",
        name=newcomer.masked_name,
        roles=role_names(words, (right.role for right in newcomer.rights)),
    )


def card(words: Words, newcomer: Newcomer) -> Markup:
    """What the second person must be sure of."""
    given_by = newcomer.code_from
    return joined(
        words("<b>同事 {name} 绑定了聊天，等确认</b>", name=newcomer.masked_name),
        *(right_line(words, right) for right in newcomer.rights),
        words("绑定码：{name} 发的", name=given_by) if given_by else words("绑定码：在服务器上发的"),
        words("绑定时间：{moment}", moment=words.moment(shanghai_time(newcomer.linked_at))),
        "",
        words("请当面或打电话问过本人：是不是本人绑的，该不该有这些职责。确认后马上生效。"),
    )


def confirm_label(words: Words) -> Markup:
    return words("问过本人，确认")


def refuse_label(words: Words) -> Markup:
    return words("不对，解除绑定")


def confirmed(words: Words, newcomer: Newcomer) -> Markup:
    return words("✅ 确认了。{name} 可以开始工作了。", name=newcomer.masked_name)


def refused(words: Words, newcomer: Newcomer) -> Markup:
    return words("已经解除。{name} 在这个聊天里什么也看不到了。要用，得重新发码。", name=newcomer.masked_name)


def linked(words: Words) -> Markup:
    """In the place of the consent that a colleague gave."""
    return words("✅ 收到您的同意了。")


def must_wait(words: Words, phone: str) -> Markup:
    """To a colleague whose chat waits."""
    return words(
        "绑定好了，还差一步：要有另一位同事确认是您本人。确认后我马上告诉您。着急就打电话：{phone}", phone=phone
    )


def still_waits(words: Words, phone: str) -> Markup:
    """To a colleague's words while the chat waits."""
    return words("还在等同事确认是您本人。确认后我马上告诉您。着急就打电话：{phone}", phone=phone)


def word_news(words: Words, facts: Mapping[str, Any]) -> Markup:
    """To the chat on which the word was said."""
    if facts["is_theirs"]:
        return words("✅ 同事确认了，您现在可以开始工作。")
    return words("这个聊天没有得到同事的确认，绑定已经解除。有疑问请打电话：{phone}", phone=facts["phone"])


def begin_label(words: Words) -> Markup:
    return words("开始")


def look_label(words: Words) -> Markup:
    return words("看一看")


def staff_news(words: Words, facts: Mapping[str, Any]) -> Markup:
    """To administrators and auditors, of what was done among the staff and by whom."""
    who = words("{name}（{roles}）", name=facts["name"], roles=role_names(words, map(Role, facts["roles"].split())))
    by = facts["by"] or words("管服务器的同事")
    if facts["news"] == "waits" and facts["code_id"]:
        return words("同事 {who}绑定了聊天，等您确认是本人。", who=who)
    return {
        "added": words("新加了同事 {who}，是{by}加的。有疑问请马上问。", who=who, by=by),
        "renewed": words("同事 {who}换了新绑定码，是{by}发的。有疑问请马上问。", who=who, by=by),
        "ended": words("同事 {who}的职责停了，是{by}停的。", who=who, by=by),
        "arrived": words("同事 {who}绑定了聊天，没有别人能确认，已经生效。有疑问请马上问。", who=who),
        "waits": words("同事 {who}绑定了聊天，等另一位同事确认。", who=who),
        "waits_for_operator": words("同事 {who}绑定了聊天。没有别人能确认，请找管服务器的同事。", who=who),
        "confirmed": words("同事 {who}的聊天由{by}确认了。", who=who, by=by),
        "refused": words("同事 {who}的聊天没有得到确认，{by}解除了绑定。", who=who, by=by),
    }[facts["news"]]

"""Handing a one-time code to somebody at the counter."""

from __future__ import annotations

from markupsafe import Markup

from carefund_bot.services.codes import IssuedCode
from carefund_bot.texts.words import Words, joined


def summary(words: Words) -> Markup:
    return words("给一个人发绑定码")


def label(words: Words) -> Markup:
    return words("发绑定码")


def ask_number(words: Words) -> Markup:
    return words("给谁发绑定码？请发他的编号：党员编号、户编号或学生编号，例如 DY100001。")


def not_found(words: Words) -> Markup:
    """The same for a number that is nobody's and for one of another fund (R13)."""
    return words("您管的名册上没有这个编号。请照名册核对，再发一次，例如 DY100001。")


def issued(words: Words, code: IssuedCode) -> Markup:
    return joined(
        words("✅ <b>绑定码发好了</b>"),
        words("{number} · {name} · {place}", number=code.number, name=code.masked_name, place=code.place),
        "",
        words("<code>{code}</code>", code=code.printed),
        "",
        words("有效到 {day}，只能用一次；以前没用的码作废了。", day=words.day(code.expires_on)),
        words("请当面交给本人：把码发给这个机器人，或者点开绑定链接就行。"),
    )


def copy_code(words: Words) -> Markup:
    return words("复制绑定码")


def copy_link(words: Words) -> Markup:
    return words("复制绑定链接")


def another(words: Words) -> Markup:
    return words("再发一个")

"""The latest notices: offered once to whoever was linked after they went out, and shown when asked for."""

from __future__ import annotations

from datetime import date

from markupsafe import Markup

from carefund_bot.domain.notices import Letter
from carefund_bot.texts.notices import as_read
from carefund_bot.texts.splitting import shown_units
from carefund_bot.texts.words import Words, joined


def summary(words: Words) -> Markup:
    return words("最近的通知")


def label(words: Words) -> Markup:
    return words("最近的通知")


def offer(words: Words) -> Markup:
    """To somebody who has just been linked."""
    return words("您绑定之前发过通知，想看就点一下：")


def sheet(words: Words, letter: Letter, day: date, limit: int) -> Markup:
    """A notice as it went out, with its day above if both fit."""
    text = as_read(words, letter)
    dated = joined(words("<i>{day} 发的通知</i>", day=words.short_day(day)), text)
    return dated if shown_units(dated) <= limit else text


def nothing(words: Words, days: int) -> Markup:
    return words("最近 {days} 天没有给您的通知。有了新的，会直接发到这里。", days=days)


def no_earlier(words: Words) -> Markup:
    return words("没有更早的了。")


def earlier_label(words: Words) -> Markup:
    return words("更早的 »")

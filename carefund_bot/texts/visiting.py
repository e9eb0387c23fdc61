"""The rounds after a notice: what the card says, the list for the door, the table for the office."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from markupsafe import Markup

from carefund_bot.domain.notices import RUNNING
from carefund_bot.services.visiting import Door, Rounds
from carefund_bot.texts.notice_runs import why_still_there
from carefund_bot.texts.notices import whom
from carefund_bot.texts.words import Words, joined, plain


def label(words: Words) -> Markup:
    return words("上门告知")


def rounds(words: Words, now: Rounds) -> Markup:
    """The roll in three parts, and why those to visit were not reached."""
    return joined(
        words("<b>上门告知</b>"),
        words("名册上：{number}", number=now.on_roll),
        words("手机上收到：{number}", number=now.reached),
        words("　后来自己看的：{number}", number=now.read_later) if now.read_later else None,
        words("已经上门：{number}", number=now.visited),
        words("<b>还要上门：{number}</b>", number=now.to_visit),
        *(
            words("　{reason}：{number}", reason=reason(words, why), number=number)
            for why, number in sorted(now.reasons.items())
        ),
        _letters(words, now),
        "" if now.sections else None,
        words("点社区，去过一户勾一户：") if now.sections else words("大家都知道了。"),
    )


def _letters(words: Words, now: Rounds) -> Markup | None:
    """How the office gets letters: they hold codes, so they do not come by chat."""
    if not now.to_visit or now.step not in RUNNING:
        return None
    return words(
        "要大字的信和绑定码，请管机器人的同事在机器上打印：<code>carefund-bot letters {number} --out letters</code>",
        number=now.notice.id,
    )


def reason(words: Words, why: str) -> Markup:
    """Why a notice did not arrive, or could not be taken back."""
    if why.startswith("kept_"):
        return words("收不回来：{why}", why=why_still_there(words, why.removeprefix("kept_")))
    return {
        "not_linked": words("没绑定"),
        "unreachable": words("停用或注销"),
        "opted_out": words("不要这类通知"),
        "failed": words("没发成"),
        "uncertain": words("不知道收到没有"),
        "cancelled": words("取消了"),
        "recalled": words("收回了"),
        "no_copy": words("后来才绑定"),
    }.get(why, words("还在排队"))


def section_label(words: Words, section: tuple[str, str, int]) -> Markup:
    area, name, number = section
    return words("{place}（{number}）", place=" ".join(f"{area} {name}".split()), number=number)


def section_heading(words: Words, doors: Sequence[Door]) -> Markup:
    if not doors:
        return words("这里都去过了。")
    where = words("<b>{area} {name}</b>", area=doors[0].area, name=doors[0].section)
    return joined(
        where, words.plural("还有 {number} 户，去过了就点一下：", "还有 {number} 户，去过了就点一下：", len(doors))
    )


def door_label(words: Words, door: Door) -> Markup:
    return words("☐ {name} {number}", name=door.name, number=door.number)


def list_label(words: Words) -> Markup:
    return words("打印用的名单")


def table_label(words: Words) -> Markup:
    return words("表格（CSV）")


def back_label(words: Words) -> Markup:
    return words("返回")


def more_label(words: Words) -> Markup:
    return words("后面的")


def before_label(words: Words) -> Markup:
    return words("前面的")


def file_name(words: Words, notice_id: int, ending: str) -> str:
    return plain(words("上门告知-{number}.{ending}", number=notice_id, ending=ending))


def table(words: Words, doors: Iterable[Door]) -> list[list[str]]:
    """Rows of the table, its head first."""
    head = [words("区市"), words("社区或支部"), words("编号"), words("姓名"), words("没收到的原因")]
    rows = ([door.area, door.section, door.number, door.name, plain(reason(words, door.reason))] for door in doors)
    return [[plain(cell) for cell in head], *rows]


def sheet(words: Words, now: Rounds, doors: Sequence[Door]) -> str:
    """A page to print: what to say, then one part for each community, in large type."""
    parts = [
        Markup("<section><h2>{} {}</h2><ul>{}</ul></section>").format(area, section, _lines(words, people))
        for (area, section), people in groupby(doors, key=lambda door: (door.area, door.section))
    ]
    return str(
        Markup(_PAGE).format(
            title=words("上门告知"),
            whom=whom(words, now.notice.audience, None),
            text=_paragraphs(now.notice.content.text_zh),
            parts=Markup("").join(parts),
        )
    )


def _lines(words: Words, people: Iterable[Door]) -> Markup:
    return Markup("").join(
        Markup("<li>☐ {} {} <small>{}</small></li>").format(door.name, door.number, reason(words, door.reason))
        for door in people
    )


def _paragraphs(text: str) -> Markup:
    return Markup("").join(Markup("<p>{}</p>").format(plain(Markup(line))) for line in text.split("\n"))


_PAGE = """<!doctype html>
<html lang="zh-CN"><meta charset="utf-8"><title>{title}</title>
<style>
body {{ font: 22px/1.7 "PingFang SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; margin: 2em; }}
section {{ break-before: page; }} ul {{ list-style: none; padding: 0; }} li {{ border-bottom: 1px solid #999; }}
</style>
<h1>{title}</h1><p>{whom}</p>{text}{parts}
</html>
"""

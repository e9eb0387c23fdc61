"""A member's year as a page to keep or print. It names nobody: whoever holds the phone knows whose it is."""

from __future__ import annotations

from datetime import date

from markupsafe import Markup

from carefund_bot.services.giving import Given, GivingYear
from carefund_bot.texts.members import channel, reversal_reason
from carefund_bot.texts.sums import fund_name
from carefund_bot.texts.words import Words

_PAGE = Markup(
    """<!doctype html>
<html lang="{lang}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ font: 18px/1.6 "PingFang SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; max-width: 46em; margin: 2em auto;
  padding: 0 1em; color: #1d2126; }}
h1 {{ font-size: 1.5em; margin: 0; }}
.sum {{ font-size: 2em; font-weight: 600; margin: .3em 0 .6em; }}
table {{ border-collapse: collapse; width: 100%; }}
th, td {{ text-align: left; padding: .45em .5em; border-bottom: 1px solid #d5dae0; vertical-align: top; }}
td:nth-child(2) {{ text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }}
tr.reversed {{ color: #7b848e; }} tr.reversed td:nth-child(2) {{ text-decoration: line-through; }}
.note {{ color: #59626c; font-size: .9em; margin-top: 1.4em; }}
@media print {{ body {{ margin: 0; font-size: 12pt; }} }}
</style>
<h1>{title}</h1>
<p class="sum">{sum}</p>
<table>
<tr><th>{day}</th><th>{amount}</th><th>{fund}</th><th>{channel}</th><th>{state}</th></tr>
{rows}
</table>
<p class="note">{note}<br>{made}</p>
</html>
"""
)
_ROW = Markup('<tr class="{kind}"><td>{day}</td><td>{sum}</td><td>{fund}</td><td>{channel}</td><td>{state}</td></tr>\n')


def label(words: Words) -> Markup:
    return words("存一份明细")


def caption(words: Words, year: int) -> Markup:
    return words("{year}年度的捐款明细，用浏览器打开，可以打印。", year=year)


def file_name(words: Words, year: int) -> str:
    return str(words("捐款明细{year}.html", year=year))


def page(words: Words, found: GivingYear, today: date) -> bytes:
    """The whole year as one HTML page without outside parts, in UTF-8."""
    return _PAGE.format(
        lang="zh-CN" if words.is_chinese else "en",
        title=words("{year}年度捐款明细", year=found.year),
        sum=words.money(found.total),
        day=words("日期"),
        amount=words("金额"),
        fund=words("基金"),
        channel=words("方式"),
        state=words("状态"),
        rows=Markup().join(_row(words, given) for given in found.lines),
        note=words("这里只供查看，不是捐赠票据。要票据或有出入，打 {phone}。", phone=found.office_phone),
        made=words("{day} 的情况", day=words.day(today)),
    ).encode()


def _row(words: Words, given: Given) -> Markup:
    gift = given.contribution
    is_reversed = gift.reversed_for is not None
    return _ROW.format(
        kind="reversed" if is_reversed else "counts",
        day=words.day(gift.received_on),
        sum=words.money(gift.amount),
        fund=fund_name(words, gift.fund),
        channel=channel(words, gift.channel),
        state=words("已冲正（{why}），不计入", why=reversal_reason(words, gift.reversed_for or ""))
        if is_reversed
        else words("已到账"),
    )

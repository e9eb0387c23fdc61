"""A letter for the door: one page in large type, with the code that binds a chat; a file of them for each community.

No identity number, card or category stands in one, and of the name as much as tells the visitor the right door.
"""

from __future__ import annotations

from collections.abc import Iterable

import segno
from markupsafe import Markup

from carefund_bot.services.codes import IssuedCode
from carefund_bot.services.letters import DoorLetter, Original
from carefund_bot.texts.everyone import agree
from carefund_bot.texts.office import office_hours
from carefund_bot.texts.splitting import shown_units
from carefund_bot.texts.words import Words, plain

_TYPE_SIZES = ((190, 20), (270, 17), (400, 14.5), (540, 12.5), (800, 10.5))
"""A notice of so many Chinese signs leaves room for the rest of its page in this size (pt)."""
_SMALLEST_SIZE = 9
"""From about fifteen hundred signs on a notice takes a second page."""
_LOST_A_LINE = 12


def pages(words: Words, original: Original, letters: Iterable[DoorLetter], bot_name: str) -> str:
    """One file to print: a page for each letter, nothing fetched from anywhere."""
    name, text = _in_language(words, original)
    size = next((size for limit, size in _TYPE_SIZES if _room(words, text) <= limit), _SMALLEST_SIZE)
    fixed = {
        "name": name,
        "sent": words("{day} 的通知", day=words.day(original.day)),
        "text": _paragraphs(text),
        "attached": Markup("<p>{}</p>").format(_attached(words)) if original.has_attachment else "",
        "signed": words("—— {name}，电话 {phone}", name=name, phone=original.letter.phone),
        "call": words("不用手机也没关系，有事打电话：{phone}", phone=original.letter.phone),
        "hours": office_hours(words, original.office_hours),
        "never": words("我们从不收费，也不要银行密码和短信验证码。"),
    }
    sheets = (
        Markup(_LETTER).format(**fixed, whose=_whose(words, letter), binding=_binding(words, letter, bot_name))
        for letter in letters
    )
    language = "zh-CN" if words.is_chinese else "en"
    return str(Markup(_PAGE).format(language=language, title=name, size=size, letters=Markup("").join(sheets)))


def _in_language(words: Words, original: Original) -> tuple[str, str]:
    """The fund's name and the notice; whoever wrote no English is read in Chinese."""
    letter = original.letter
    if words.is_chinese:
        return letter.name_zh, letter.text_zh
    return letter.name_en, letter.text_en or letter.text_zh


def _room(words: Words, text: str) -> int:
    """What a text takes, in Chinese signs: Latin letters are little over half as wide; a line that ends early wastes its rest."""
    wide = shown_units(text) if words.is_chinese else shown_units(text) * 6 // 10
    return wide + _LOST_A_LINE * text.count("\n")


def _whose(words: Words, letter: DoorLetter) -> Markup:
    door = letter.door
    return words(
        "{area} {section} · {number} · {name}", area=door.area, section=door.section, number=door.number, name=door.name
    )


def _attached(words: Words) -> Markup:
    return words("这条通知还带一张图片或一个文件，绑定手机后看得到，也可以向社区或党支部要。")


def _binding(words: Words, letter: DoorLetter, bot_name: str) -> Markup:
    """How to get the next one by telephone."""
    if letter.issued is None:
        said = words("您绑定过手机。在那个聊天里发“最近的通知”，就能再看；看不到，打电话问我们。")
        return Markup("<p>{}</p>").format(said)
    return _steps(words, letter.issued, bot_name)


def _steps(words: Words, issued: IssuedCode, bot_name: str) -> Markup:
    picture = segno.make(issued.start_link(bot_name), error="m", micro=False)
    steps = (
        words("手机上有 Telegram：扫右边的方块，点“开始”。"),
        words("扫不了：在 Telegram 里找 @{bot}，把下面的绑定码发过去。", bot=bot_name),
        words("看清楚说明，点“{agree}”。", agree=agree(words)),
    )
    until = words("{day} 前用，只能用一次。以前给的码不能再用。请不要给别人看。", day=words.day(issued.expires_on))
    return Markup(_BINDING).format(
        heading=words("下次的通知，可以直接发到您手机上"),
        steps=Markup("").join(Markup("<li>{}</li>").format(step) for step in steps),
        label=words("绑定码"),
        code=issued.printed,
        until=until,
        picture=Markup(picture.svg_inline(omitsize=True, border=2)),
    )


def _paragraphs(text: str) -> Markup:
    return Markup("").join(Markup("<p>{}</p>").format(plain(Markup(line))) for line in text.split("\n") if line)


_PAGE = """<!doctype html>
<html lang="{language}"><meta charset="utf-8"><title>{title}</title>
<style>
@page {{ size: A4; margin: 14mm 16mm; }}
body {{ margin: 0; color: #000; font: 15pt/1.5 "PingFang SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; }}
article {{ box-sizing: border-box; min-height: 267mm; display: flex; flex-direction: column; break-after: page; }}
article:last-child {{ break-after: auto; }}
header {{ border-bottom: .6mm solid #000; }}
header b {{ font-size: 18pt; }} header small {{ display: block; font-size: 11pt; }}
main {{ flex: 1; font-size: {size}pt; line-height: 1.5; }} main p {{ margin: .5em 0; overflow-wrap: anywhere; }}
main .signed {{ text-align: right; font-size: 13pt; white-space: nowrap; }}
.binding {{ display: flex; gap: 6mm; border: .5mm solid #000; padding: 4mm; break-inside: avoid; }}
.binding div {{ flex: 1; }} .binding h2 {{ font-size: 15pt; margin: 0; }} .binding svg {{ width: 50mm; height: 50mm; }}
.binding ol {{ margin: 2mm 0; padding-left: 7mm; font-size: 13pt; line-height: 1.4; }}
.code {{ font: bold 22pt/1.3 monospace; white-space: nowrap; }}
small {{ display: inline-block; font-size: 11pt; line-height: 1.3; }}
footer {{ break-inside: avoid; padding-top: 3mm; }} footer b {{ font-size: 18pt; }} footer p {{ margin: 0; }}
@media screen {{ body {{ background: #ddd; }}
article {{ width: 178mm; margin: 6mm auto; padding: 14mm 16mm; background: #fff; box-sizing: content-box; }} }}
</style>
{letters}
</html>
"""

_LETTER = """<article>
<header><b>{name}</b><small>{whose}</small></header>
<main><p><small>{sent}</small></p>{text}{attached}<p class="signed">{signed}</p></main>
{binding}
<footer><p><b>{call}</b></p><p><small>{hours}　{never}</small></p></footer>
</article>
"""

_BINDING = """<section class="binding"><div><h2>{heading}</h2><ol>{steps}</ol>
<small>{label}</small> <span class="code">{code}</span><br><small>{until}</small></div>{picture}</section>"""

"""Looking after colleagues: who is there, a new one, a new code, an end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from markupsafe import Markup

from carefund_bot.access import Right, Role
from carefund_bot.domain.notices import Place
from carefund_bot.domain.people import mask_name
from carefund_bot.services.staffing import Colleague
from carefund_bot.texts.notices import place_name
from carefund_bot.texts.words import Words, joined


def summary(words: Words) -> Markup:
    return words("管同事：加人、换码、停职责")


def nobody_yet(words: Words) -> Markup:
    return words("您管的范围里还没有同事。")


def listed(words: Words, count: int) -> Markup:
    return words.plural("<b>同事（{number} 位）</b>，点开看：", "<b>同事（{number} 位）</b>，点开看：", count)


def row_label(words: Words, colleague: Colleague) -> Markup:
    return words(
        "{name} · {roles}",
        name=colleague.masked_name,
        roles=role_names(words, (right.role for right in colleague.rights)),
    )


def add_label(words: Words) -> Markup:
    return words("加一位同事")


def next_label(words: Words) -> Markup:
    return words("下一页")


def card(words: Words, colleague: Colleague) -> Markup:
    return joined(
        words("<b>同事 {name}</b>", name=colleague.masked_name),
        *(right_line(words, right) for right in colleague.rights),
        words("聊天：等另一位同事确认") if colleague.waits else None,
    )


def right_line(words: Words, right: Right) -> Markup:
    place = Place(right.fund, right.area, right.branch_id)
    return words("职责：{role}（{place}）", role=role_name(words, right.role), place=place_name(words, place, None))


def renew_label(words: Words) -> Markup:
    return words("换新绑定码")


def end_label(words: Words) -> Markup:
    return words("停掉全部职责")


def end_one_label(words: Words, right: Right) -> Markup:
    return words("停掉：{role}", role=role_name(words, right.role))


def back_label(words: Words) -> Markup:
    return words("回到名单")


def ask_end(words: Words, colleague: Colleague, ending: Iterable[Right]) -> Markup:
    return joined(
        words("<b>停掉 {name} 的职责？</b>", name=colleague.masked_name),
        *(right_line(words, right) for right in ending),
        words("马上生效，管理和审计的同事都会知道。以前办的事照样留着记录。"),
    )


def end_it_label(words: Words) -> Markup:
    return words("停掉")


def keep_label(words: Words) -> Markup:
    return words("不停")


def ended(words: Words, colleague: Colleague) -> Markup:
    roles = role_names(words, (right.role for right in colleague.rights))
    return words("✅ 停了：{name}（{roles}）。", name=colleague.masked_name, roles=roles)


def ask_renew(words: Words, colleague: Colleague) -> Markup:
    return joined(
        words("<b>给 {name} 换新绑定码？</b>", name=colleague.masked_name),
        words("换了手机、丢了码才用。新码一用，原来的聊天就断开，新的聊天要等另一位同事确认。"),
    )


def renew_it_label(words: Words) -> Markup:
    return words("换新码")


def keep_code_label(words: Words) -> Markup:
    return words("不换")


def ask_name(words: Words) -> Markup:
    return words("新同事叫什么？请发姓名，例如：张小明。")


def not_a_name(words: Words) -> Markup:
    return words("这不像一个姓名。请只发姓名，例如：张小明。")


def ask_roles(words: Words, name: str) -> Markup:
    """The name stands above, as it was typed; here it is masked."""
    return joined(
        words("<b>{name} 做什么？</b>可以选几样，选完点“选好了”。", name=mask_name(name)),
        words("一批钱的经办、复核、放款要 3 个人分开做。"),
    )


def role_label(words: Words, role: Role, *, is_chosen: bool) -> Markup:
    name = role_name(words, role)
    return words("✓ {role}", role=name) if is_chosen else name


def chosen_label(words: Words) -> Markup:
    return words("选好了")


def ask_place(words: Words, name: str) -> Markup:
    return words("<b>{name} 管哪里？</b>", name=mask_name(name))


def ask_add(words: Words, name: str, rights: Iterable[Right]) -> Markup:
    return joined(
        words("<b>加同事 {name}？</b>请看看您上面打的姓名对不对。", name=mask_name(name)),
        *(right_line(words, right) for right in rights),
        words("码由您当面交给他。他绑定以后，要另一位同事确认了才能开始。"),
    )


def add_it_label(words: Words) -> Markup:
    return words("加上，发绑定码")


def drop_label(words: Words) -> Markup:
    return words("不加了")


def handed_out(words: Words, printed: str, until: date) -> Markup:
    return joined(
        words("✅ <b>绑定码发好了</b>"),
        "",
        words("<code>{code}</code>", code=printed),
        "",
        words("有效到 {day}，只能用一次；以前没用的码作废了。", day=words.day(until)),
        words("请当面交给本人：把码发给这个机器人，或者点开绑定链接。绑定以后，要另一位同事确认了才能开始。"),
    )


def role_names(words: Words, roles: Iterable[Role]) -> Markup:
    """Each once."""
    return words("、").join(role_name(words, role) for role in dict.fromkeys(roles))


def role_name(words: Words, role: Role) -> Markup:
    return {
        Role.MAKER: words("经办"),
        Role.CHECKER: words("复核"),
        Role.RELEASER: words("放款"),
        Role.NOTICE_EDITOR: words("发通知"),
        Role.AUDITOR: words("审计"),
        Role.DISCIPLINE: words("纪检"),
        Role.ADMINISTRATOR: words("管理"),
        Role.COLLECTOR: words("代收"),
    }[role]

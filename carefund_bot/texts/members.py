"""What a member reads of money: how to pay, what was given, and the word that a contribution has arrived."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from markupsafe import Markup

from carefund_bot.domain.money import Money
from carefund_bot.services.giving import Given, GivingYear, WaysToPay
from carefund_bot.texts.office import office_hours
from carefund_bot.texts.sums import fund_name
from carefund_bot.texts.words import Words, joined


def pay_label(words: Words) -> Markup:
    return words("怎么交")


def pay_summary(words: Words) -> Markup:
    return words("捐款交到哪里")


def giving_label(words: Words) -> Markup:
    return words("我的捐款")


def giving_summary(words: Words) -> Markup:
    return words("查自己捐了多少、到账没有")


def how_to_pay(words: Words, ways: WaysToPay) -> Markup:
    """The account only where it may be shown; else the lawful ways and nothing that invites."""
    if ways.account is None:
        return joined(
            words("<b>怎么交</b>（{fund}基金）", fund=fund_name(words, ways.fund)),
            words("现在可以这样交："),
            words("• 交给所在党支部，由支部统一登记、上缴"),
            words("• 到基金办公室当面交{place}", place=_place(words, ways)),
            words(
                "• 有疑问打电话：{phone}（{hours}）",
                phone=ways.office_phone,
                hours=office_hours(words, ways.office_hours),
            ),
            "",
            words("交到后由工作人员登记，登记了马上告诉您。"),
        )
    return joined(
        words("<b>怎么交</b>（{fund}基金）", fund=fund_name(words, ways.fund)),
        words("• 交给所在党支部，由支部统一登记、上缴"),
        words("• 或转到基金专户："),
        words("户名：{holder}", holder=ways.account.holder),
        words("开户行：{bank}", bank=ways.account.bank),
        words("账号：<code>{number}</code>", number=ways.account.number),
        words("附言：<code>{reference}</code>", reference=ways.reference),
        "",
        words("附言写上，钱才认得是您的。下面的按钮点一下就复制。"),
        words(
            "有疑问打电话：{phone}（{hours}）", phone=ways.office_phone, hours=office_hours(words, ways.office_hours)
        ),
    )


def _place(words: Words, ways: WaysToPay) -> Markup | str:
    return words("（{address}）", address=ways.office_address) if ways.office_address else ""


def copy_number(words: Words) -> Markup:
    return words("复制账号")


def copy_holder(words: Words) -> Markup:
    return words("复制户名")


def copy_reference(words: Words) -> Markup:
    return words("复制附言")


def giving(words: Words, found: GivingYear, lines: tuple[Given, ...], *, is_last_page: bool) -> Markup:
    """The year's sum first, then its lines, then what is open of the pledges."""
    heading = words("<b>{year}年度捐款：{sum}</b>", year=found.year, sum=words.money(found.total))
    if not found.lines:
        return joined(heading, words("这一年还没有登记到您的捐款。刚交的，支部登记后就能看到。"), *_open(words, found))
    return joined(
        heading,
        "",
        *(_line(words, given) for given in lines),
        "",
        *(_open(words, found) if is_last_page else ()),
        words("这里只供查看，不是捐赠票据。要票据或有出入，打 {phone}。", phone=found.office_phone),
    )


def _open(words: Words, found: GivingYear) -> list[Markup]:
    if not found.live_pledges:
        return []
    lines = []
    if found.due:
        lines.append(words("按您的认捐，到今天可以交：{sum}（刚交的要等登记）", sum=words.money(found.due)))
    if found.left:
        lines.append(words("认捐里还剩：{sum}", sum=words.money(found.left)))
    return lines or [words("认捐到今天的都到齐了，谢谢您。")]


def _line(words: Words, given: Given) -> Markup:
    gift = given.contribution
    facts = {
        "day": words.short_day(gift.received_on),
        "sum": words.money(gift.amount),
        "fund": fund_name(words, gift.fund),
        "channel": channel(words, gift.channel),
    }
    if gift.reversed_for is not None:
        why = reversal_reason(words, gift.reversed_for)
        return words("• {day} <s>{sum}</s> {channel}，已冲正（{why}），不计入", why=why, **facts)
    if given.kept_promise == gift.amount:
        return words("• {day} <b>{sum}</b> {channel}，已到账，进{fund}基金，抵认捐", **facts)
    if given.kept_promise:
        kept = words.money(given.kept_promise)
        return words("• {day} <b>{sum}</b> {channel}，已到账，进{fund}基金，其中 {kept} 抵认捐", kept=kept, **facts)
    return words("• {day} <b>{sum}</b> {channel}，已到账，进{fund}基金", **facts)


def channel(words: Words, channel: str) -> Markup:
    return {"cash": words("现金"), "bank": words("转账")}.get(channel, words("其他方式"))


def reversal_reason(words: Words, reason: str) -> Markup:
    return {
        "wrong_member": words("记错了人"),
        "wrong_sum": words("金额记错"),
        "wrong_day": words("日期记错"),
        "entered_twice": words("重复登记"),
        "not_received": words("款没有收到"),
    }.get(reason, words("登记有误"))


def year_label(words: Words, year: int) -> Markup:
    return words("{year}年度", year=year)


def earlier_page(words: Words) -> Markup:
    return words("更早的 »")


def later_page(words: Words) -> Markup:
    return words("« 更近的")


def contribution_recorded(words: Words, facts: Mapping[str, Any]) -> Markup:
    return joined(
        words(
            "✅ 您 {day} 的捐款 <b>{sum}</b> 已登记到账，进{fund}基金。谢谢您！",
            day=words.day(date.fromisoformat(facts["received_on"])),
            sum=words.money(Money(facts["amount_fen"])),
            fund=fund_name(words, facts["fund"]),
        ),
        words("随时点“我的捐款”查看。这条消息不是捐赠票据。"),
    )


def contribution_reversed(words: Words, facts: Mapping[str, Any]) -> Markup:
    return joined(
        words(
            "您 {day} 登记的捐款 {sum} 已冲正（{why}），不再计入。",
            day=words.day(date.fromisoformat(facts["received_on"])),
            sum=words.money(Money(facts["amount_fen"])),
            why=reversal_reason(words, facts["reason"]),
        ),
        words("原来的记录还在，“我的捐款”里能看到。有疑问打 {phone}。", phone=facts["phone"]),
    )

"""Members see what they gave and how to pay: their own only, and no account where the law does not allow one."""

from __future__ import annotations

import sqlite3
from datetime import date

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from carefund_bot.access import OPERATOR
from carefund_bot.domain.money import Money
from carefund_bot.domain.remittances import Channel, Entry, ReversalReason
from carefund_bot.fund import Fund
from carefund_bot.services.giving import WaysToPay
from carefund_bot.settings import BankAccountSettings, DeskSettings, FundSettings
from carefund_bot.texts import members as texts
from carefund_bot.texts.words import LANGUAGES, words_in
from sandbox import Person, Sandbox
from tests.cast import CITY_CLERK, HE, QIN, Cast, link, make_staff
from tests.conftest import LAWFUL_FUND, TurnableClock


@pytest_asyncio.fixture
async def qin(sandbox: Sandbox, bot: Fund, cast: Cast) -> Person:
    person = sandbox.person("秦兰")
    await link(bot, person, "member", cast.members[QIN])
    return person


async def give(fund: Fund, cast: Cast, number: str, yuan: int, day: str = "2012-06-01", code: str = "city") -> int:
    """A gift recorded at the office."""
    entry = Entry(cast.members[number], code, Money.yuan(yuan), date.fromisoformat(day), Channel.CASH)
    found = await fund.recording.record(OPERATOR, f"{number}-{day}-{yuan}", entry)
    assert found.contribution_id
    return found.contribution_id


async def test_the_account_has_copy_buttons_where_the_law_allows_it(qin: Person) -> None:
    await qin.taps("怎么交")
    assert "示例关爱基金会" in qin.last().text
    assert "太湖示例银行" in qin.last().text
    for label, copied in (
        ("复制账号", "0000 1111 2222"),
        ("复制户名", "示例关爱基金会"),
        ("复制附言", "党员关爱 DY100001"),
    ):
        await qin.taps(label)
        assert qin.clipboard == copied


async def test_a_fund_without_a_certificate_shows_no_account_and_no_buttons(
    sandbox: Sandbox, bot: Fund, cast: Cast
) -> None:
    he = sandbox.person("何静")
    await link(bot, he, "member", cast.members[HE])
    await he.taps("怎么交")
    assert "0512-0000-5678" in he.last().text
    assert "党支部" in he.last().text
    assert "账号" not in he.last().text
    assert not list(he.last().all_buttons())


async def test_the_account_goes_when_the_filing_ends(qin: Person, clock: TurnableClock) -> None:
    clock.forward(days=214)
    await qin.taps("怎么交")
    assert "0000 1111 2222" not in qin.last().text


LAWFUL = FundSettings.model_validate(LAWFUL_FUND)
TODAY = date(2012, 6, 1)


@pytest.mark.parametrize(
    "missing", ["certificate_number", "filing_number", "appeal_from", "appeal_until", "bank_account"]
)
def test_without_any_one_of_the_five_nothing_may_be_asked(missing: str) -> None:
    assert LAWFUL.may_appeal(TODAY)
    assert not LAWFUL.model_copy(update={missing: None}).may_appeal(TODAY)


@given(
    st.sampled_from(LANGUAGES),
    st.text(min_size=1, max_size=20).filter(str.strip),
    st.from_regex(r"[0-9]{12,19}", fullmatch=True),
    st.sets(st.sampled_from(["certificate_number", "filing_number", "appeal_from", "appeal_until"]), min_size=1),
)
def test_no_words_of_an_unlawful_fund_carry_an_account_a_link_or_an_appeal(
    language: str, holder: str, number: str, missing: set[str]
) -> None:
    account = BankAccountSettings(holder=f"户{holder}户", bank="太湖示例银行", number=number)
    office = LAWFUL.model_copy(update={"bank_account": account, **dict.fromkeys(missing)})
    account_shown = office.bank_account if office.may_appeal(TODAY) else None
    hours = DeskSettings().office_hours()
    ways = WaysToPay("city", account_shown, "党员关爱 DY1", office.office_phone, "", hours)
    said = str(texts.how_to_pay(words_in(language), ways))
    for forbidden in (number, account.holder, account.bank, "http", "t.me", "<code>", "DY1"):
        assert forbidden not in said


async def test_two_taps_show_the_year_its_lines_and_what_is_open(
    qin: Person, bot: Fund, cast: Cast, sandbox: Sandbox
) -> None:
    await qin.taps("我要认捐")
    await qin.says("每月50，6次")
    await qin.taps("确认认捐")
    await give(bot, cast, QIN, 30)
    await sandbox.settled()
    await qin.taps("我的捐款")
    said = qin.last().text
    assert said.startswith("2012年度捐款：¥30")
    assert "6月1日 ¥30 现金，已到账，进苏州市级基金，抵认捐" in said
    assert "可以交：¥20" in said
    assert "还剩：¥270" in said
    assert "不是捐赠票据" in said
    await give(bot, cast, QIN, 400)
    await sandbox.settled()
    await qin.taps("我的捐款")
    assert "其中 ¥270 抵认捐" in qin.last().text
    assert "可以交" not in qin.last().text


async def test_an_empty_year_is_no_reproach(qin: Person) -> None:
    await qin.taps("我的捐款")
    assert "¥0" in qin.last().text
    assert "刚交的" in qin.last().text


async def test_other_years_and_more_lines_are_behind_buttons(sandbox: Sandbox, bot: Fund, cast: Cast) -> None:
    for day in range(1, 13):
        await give(bot, cast, QIN, day, f"2012-05-{day:02}")
    await give(bot, cast, QIN, 500, "2011-07-01")
    qin = sandbox.person("秦兰")
    await link(bot, qin, "member", cast.members[QIN])
    await qin.taps("我的捐款")
    assert "5月12日" in qin.last().text
    assert "5月2日" not in qin.last().text
    await qin.taps("更早的")
    assert "5月2日" in qin.last().text
    await qin.taps("更近的")
    await qin.taps("2011年度")
    assert "2011年度捐款：¥500" in qin.last().text
    assert "5月" not in qin.last().text


async def test_nobody_sees_anothers_money(sandbox: Sandbox, qin: Person, bot: Fund, cast: Cast) -> None:
    he, clerk = sandbox.person("何静"), sandbox.person("经办")
    await link(bot, he, "member", cast.members[HE])
    await make_staff(bot, clerk, CITY_CLERK)
    await give(bot, cast, QIN, 777)
    await he.taps("我的捐款")
    assert "777" not in he.last().text
    for command in ("/giving", "/pledges", "/pay", "我的捐款"):
        await clerk.says(command)
        assert "777" not in clerk.last().text
        assert "年度捐款" not in clerk.last().text
    await clerk.taps_data("giving:year:2012-0", message=clerk.last())
    assert "没有可以给您看的内容" in clerk.last().text
    assert not any("777" in message.text for message in he.chat)


async def test_a_clerk_who_gives_sees_their_own(sandbox: Sandbox, bot: Fund, cast: Cast) -> None:
    clerk = sandbox.person("经办")
    await make_staff(bot, clerk, CITY_CLERK)
    await link(bot, clerk, "member", cast.members[HE])
    await give(bot, cast, QIN, 777)
    await give(bot, cast, HE, 88, code="changshu")
    await sandbox.settled()
    await clerk.taps("我的捐款")
    assert "¥88" in clerk.last().text
    assert "777" not in clerk.last().text


async def test_the_books_cannot_be_edited(bot: Fund, cast: Cast) -> None:
    gift = await give(bot, cast, QIN, 50)
    for sql in ("UPDATE contribution SET amount_fen = 1 WHERE id = ?", "DELETE FROM contribution WHERE id = ?"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            await bot.ground.db.write(lambda db, sql=sql: db.execute(sql, (gift,)))  # type: ignore[misc]


async def test_a_statement_is_a_page_of_the_own_year(bot: Fund, qin: Person, cast: Cast) -> None:
    await give(bot, cast, QIN, 100)
    wrong = await give(bot, cast, QIN, 70, day="2012-05-30")
    await give(bot, cast, QIN, 5, day="2011-06-01")
    await give(bot, cast, HE, 999, code="changshu")
    await bot.correcting.reverse(OPERATOR, "taken-back", wrong, ReversalReason.ENTERED_TWICE)
    await qin.says("我的捐款")
    await qin.taps("存一份明细")
    document = qin.last().document
    assert document is not None
    page = document.content.decode()
    assert document.name == "捐款明细2012.html"
    assert [sum_ in page for sum_ in ("¥100<", "¥70<", "¥5<", "¥999<")] == [True, True, False, False]
    assert "重复登记" in page
    assert "不是捐赠票据" in page
    assert "秦" not in page


async def test_without_gifts_there_is_nothing_to_keep(qin: Person) -> None:
    await qin.says("我的捐款")
    assert "存一份明细" not in [label.label for label in qin.last().all_buttons()]

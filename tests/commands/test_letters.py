"""`letters` as an operator runs it: a private folder, a file for each community, a page for each door."""

from __future__ import annotations

import asyncio
import re
import shutil
import stat
from pathlib import Path

import pytest
from playwright.async_api import async_playwright
from typer.testing import Result

from carefund_bot.access import OPERATOR
from carefund_bot.domain.notices import Audience, Place, Reader
from carefund_bot.domain.people import looks_like_card_number, looks_like_identity_number
from carefund_bot.errors import StartRefused
from carefund_bot.fund import Fund, open_fund
from carefund_bot.settings import load_settings
from carefund_bot.store.notices import Content
from tests.cast import write_cast
from tests.commands.test_import_and_codes import run

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
TEXT = "各位好，今年的<b>关爱金</b>七一前发放 &amp; 不用来。\n\n有事打电话。"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """The cast on the rolls, nobody linked, two notices: one sent to nobody's chat, one never begun."""
    path = tmp_path / "config.toml"
    path.write_text(
        f"[store]\ndatabase = '{tmp_path}/fund.db'\nkey_file = '{tmp_path}/fund.key'\n"
        "[funds.city]\noffice_phone = '0512-0000-1234'\n",
        encoding="utf-8",
    )

    async def prepare() -> None:
        async with open_fund(load_settings(path)) as fund:
            await write_cast(fund)
            await send(fund, "now", None)
            await send(fund, "later", int(fund.ground.now()) + 3600)

    asyncio.run(prepare())
    return path


async def send(fund: Fund, request_id: str, due_at: int | None) -> None:
    audience = Audience(tuple(Reader), Place("city"))
    content = Content(audience=audience, text_zh=TEXT, text_en="Aid comes before 1 July.", due_at=due_at)
    await fund.notices.send(OPERATOR, request_id, content)


def letters(config: Path, out: Path, *options: str) -> Result:
    return run(config, "letters", "1", "--out", out, "--bot-name", "care_bot", *options)


def pages_in(folder: Path) -> dict[str, str]:
    return {file.name: file.read_text(encoding="utf-8") for file in sorted(folder.iterdir())}


def test_each_community_has_a_private_file_with_a_page_for_each_door(config: Path, tmp_path: Path) -> None:
    out = tmp_path / "letters"
    result = letters(config, out)
    assert (result.exit_code, result.output) == (0, f"3 letters, 3 with a code, in 3 files in {out}.\n")
    pages = pages_in(out)
    assert list(pages) == [
        "001-吴中区-南桥街道-菊花社区.html",
        "002-吴中区-吴中区示例第1党委-第1党支部.html",
        "003-姑苏区-南桥街道-菊花社区.html",
    ]
    assert stat.S_IMODE(out.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in out.iterdir()} == {0o600}
    for page in pages.values():
        assert page.count("<article>") == 1
        assert page.count("<svg") == 1
        assert "<p>各位好，今年的关爱金七一前发放 &amp; 不用来。</p><p>有事打电话。</p>" in page
        assert "0512-0000-1234" in page
        assert re.search(r'"code">[2-9A-Z]{5}-[2-9A-Z]{5}<', page)


def test_nothing_private_stands_in_a_letter_and_nothing_is_fetched(config: Path, tmp_path: Path) -> None:
    letters(config, tmp_path / "letters")
    for page in pages_in(tmp_path / "letters").values():
        plain = re.sub(r"<svg.*?</svg>", "", page, flags=re.DOTALL)
        assert not looks_like_identity_number(plain)
        assert not looks_like_card_number(plain)
        for secret in ("郭明", "秦兰", "戴强", "低保", "困难", "示例银行", "19500000001"):
            assert secret not in page
        assert not re.search(r"(src|href|url)\s*[=(]|@import|<script", plain)


def test_in_english(config: Path, tmp_path: Path) -> None:
    letters(config, tmp_path / "letters", "--language", "en")
    page = next(iter(pages_in(tmp_path / "letters").values()))
    assert "<p>Aid comes before 1 July.</p>" in page
    assert "The next notice can come straight to your phone" in page


def test_written_again_the_codes_are_the_same(config: Path, tmp_path: Path) -> None:
    letters(config, tmp_path / "one")
    letters(config, tmp_path / "two")
    assert pages_in(tmp_path / "one") == pages_in(tmp_path / "two")


@pytest.mark.parametrize("number", ["2", "99"])
def test_a_notice_that_was_not_sent_leaves_no_folder(config: Path, tmp_path: Path, number: str) -> None:
    out = tmp_path / "letters"
    result = run(config, "letters", number, "--out", out, "--bot-name", "care_bot")
    assert isinstance(result.exception, StartRefused)
    assert number in str(result.exception)
    assert not out.exists()


def test_a_folder_with_anything_in_it_is_refused_before_a_code_is_issued(config: Path, tmp_path: Path) -> None:
    out = tmp_path / "letters"
    out.mkdir()
    (out / "precious").write_text("precious")
    assert isinstance(letters(config, out).exception, StartRefused)
    assert [file.name for file in out.iterdir()] == ["precious"]


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium found: install the package chromium to test the page")
async def test_each_letter_is_one_page_on_paper(config: Path, tmp_path: Path) -> None:
    await asyncio.to_thread(letters, config, tmp_path / "letters")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for file in sorted((tmp_path / "letters").iterdir()):
            page = await browser.new_page()
            await page.goto(file.as_uri())
            paper = await page.pdf(prefer_css_page_size=True)
            assert len(re.findall(rb"/Type /Page\b(?!s)", paper)) == 1
        await browser.close()

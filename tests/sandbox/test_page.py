"""The phone page in a real Chromium."""

import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from sandbox import Sandbox
from tests.sandbox.little_bot import running
from tests.sandbox.pictures import png

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium found: install the package chromium to test the page"),
]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PATIENCE_MS = 20_000  # a busy machine is slow, not wrong
expect.set_options(timeout=PATIENCE_MS)
WIDE, NARROW = {"width": 1280, "height": 860}, {"width": 390, "height": 844}


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="module")
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox() as sandbox, running(sandbox) as bot:
        await bot.bot.set_my_description("关爱基金会的小助手")
        await bot.bot.set_my_commands([("start", "开始"), ("my", "我的捐款")])
        sandbox.person("王芳")
        sandbox.person("李强")
        yield sandbox


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser, sandbox: Sandbox) -> AsyncIterator[Page]:
    page = await browser.new_page(viewport=WIDE)  # type: ignore[arg-type]
    page.set_default_timeout(PATIENCE_MS)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
    await page.goto(f"{sandbox.url}/phone")
    await expect(page.locator(".phone")).to_have_count(2)
    yield page
    await page.close()
    assert errors == []


def phone(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name)


async def write(shown: Locator, text: str) -> None:
    await shown.locator("textarea").fill(text)
    await shown.locator("textarea").press("Enter")


async def test_start_tap_and_toast(page: Page, sandbox: Sandbox) -> None:
    wang = phone(page, "王芳")
    await expect(wang).to_contain_text("关爱基金会的小助手")
    await wang.get_by_role("button", name="开始").click()
    await expect(wang.locator(".message.in")).to_contain_text("您好,陌生人")
    await expect(wang.locator(".message.in b")).to_have_text("陌生人")
    await wang.get_by_role("button", name="确认").click()
    await expect(wang.locator(".toast")).to_have_text("收到")
    await expect(wang.locator(".message.in")).to_contain_text("已选 confirm")
    await expect(wang.locator(".message.in")).to_contain_text("已编辑")
    await expect(wang.locator(".inline-keyboard")).to_have_count(0)
    await expect(phone(page, "李强").locator(".message")).to_have_count(0)
    assert sandbox.person("王芳").last().text == "已选 confirm"


async def test_a_link_opened_as_if_scanned(page: Page) -> None:
    wang = phone(page, "王芳")
    await wang.get_by_role("button", name="手机设置").click()
    await wang.locator("[name=link]").fill("https://t.me/sandbox_bot?start=CODE-7")
    await wang.get_by_role("button", name="打开").click()
    await expect(wang.locator(".message.in")).to_contain_text("您好,['CODE-7']")


async def test_foreign_text_is_never_markup(page: Page) -> None:
    wang = phone(page, "王芳")
    await wang.get_by_role("button", name="开始").click()
    await write(wang, "<img src=x onerror=alert(1)> & <b>粗</b>")
    await expect(wang.locator(".message.in").last).to_contain_text("<img src=x onerror=alert(1)> & <b>粗</b>")
    await expect(wang.locator(".log img")).to_have_count(0)


async def test_the_reply_keyboard_and_the_command_menu(page: Page) -> None:
    wang = phone(page, "王芳")
    await wang.get_by_role("button", name="开始").click()
    await write(wang, "有键盘吗")
    await wang.locator(".reply-keyboard").get_by_role("button", name="我的认捐").click()
    await expect(wang.locator(".message.out").last).to_contain_text("我的认捐")
    await wang.get_by_role("button", name="菜单").click()
    await expect(wang.locator(".commands button")).to_have_count(2)
    await wang.locator("textarea").fill("/m")
    await wang.locator(".commands").get_by_role("button", name="我的捐款").click()
    await expect(wang.locator(".message.out").last).to_contain_text("/my")


async def test_files_go_up_and_come_down(page: Page, sandbox: Sandbox, tmp_path: Path) -> None:
    roll = tmp_path / "名册.csv"
    roll.write_bytes(b"a,b")
    wang = phone(page, "王芳")
    await wang.get_by_role("button", name="开始").click()
    await wang.locator("input[type=file]").set_input_files(roll)
    await expect(wang.locator(".message.in .document")).to_contain_text("回执.csv")
    async with page.expect_download() as download:
        await wang.locator(".message.in .document").click()
    saved = await (await download.value).path()
    assert saved.read_bytes() == b"a,b!"
    picture = tmp_path / "照片.png"
    picture.write_bytes(png(60, 40))
    await wang.locator("input[type=file]").set_input_files(picture)
    await expect(wang.locator(".message.out .photo img")).to_be_visible()
    assert sandbox.person("王芳").chat[-1].photo == png(60, 40)


async def test_block_unblock_and_language(page: Page, sandbox: Sandbox) -> None:
    wang = phone(page, "王芳")
    await wang.get_by_role("button", name="开始").click()
    await wang.get_by_role("button", name="手机设置").click()
    await wang.get_by_role("button", name="屏蔽机器人").click()
    await expect(wang.locator("textarea")).to_be_hidden()
    assert sandbox.person("王芳").account.has_blocked
    await wang.locator(".unblocker").get_by_role("button", name="解除屏蔽").click()
    await expect(wang.locator("textarea")).to_be_visible()
    async with page.expect_response("**/language"):
        await wang.get_by_label("手机语言").select_option("en")
    assert sandbox.person("王芳").language_code == "en"


async def test_typing_protection_styles_and_a_hint(page: Page, sandbox: Sandbox, tmp_path: Path) -> None:
    sample = tmp_path / "样本.csv"
    sample.write_bytes(b"x")
    sandbox.page_hint = [{"person": "王芳", "title": "党员", "text": "试试", "start": "M-1", "files": [sample]}]
    await page.reload()
    wang = phone(page, "王芳")
    await expect(wang.locator(".role")).to_have_text("党员")
    await wang.locator(".hint").get_by_role("button", name="M-1").click()
    await expect(wang.locator(".message.in")).to_contain_text("M-1")
    await wang.locator(".hint").get_by_role("button", name="样本.csv").click()
    await expect(wang.locator(".message.in .document")).to_be_visible()
    http = page.request
    url = f"{sandbox.url}/bot{sandbox.token}"
    chat_id = sandbox.person("王芳").id
    row = [{"text": "复制", "copy_text": {"text": "62"}, "style": "success"}]
    body = {"chat_id": chat_id, "text": "密", "protect_content": True, "reply_markup": {"inline_keyboard": [row]}}
    await http.post(f"{url}/sendMessage", data=body)
    await expect(wang.locator(".message.in").last).to_contain_text("禁止转发")
    await expect(wang.locator(".style-success")).to_be_visible()
    await wang.locator(".style-success").click()
    await expect(wang.locator(".toast")).to_contain_text("62")
    await http.post(f"{url}/sendChatAction", data={"chat_id": chat_id, "action": "typing"})
    await expect(wang.locator(".who")).to_contain_text("正在输入…")


async def test_signs_are_drawn_and_still_read(page: Page, sandbox: Sandbox) -> None:
    li = phone(page, "李强")
    await sandbox.person("李强").says("/start")
    await page.request.post(
        f"{sandbox.url}/bot{sandbox.token}/sendMessage",
        data={"chat_id": sandbox.person("李强").id, "text": "✅ 上了名册\n▶️ 到账"},
    )
    await expect(li.locator(".message.in").last).to_contain_text("✅ 上了名册")
    await expect(li.locator(".mark")).to_have_count(2)
    for mark in await li.locator(".mark").all():
        assert "svg" in await mark.evaluate("mark => getComputedStyle(mark).backgroundImage")


async def test_what_is_no_text_is_named(page: Page, sandbox: Sandbox) -> None:
    person = sandbox.person("李强")
    for send, name in ((person.sends_voice, "语音"), (person.shares_location, "位置")):
        await send()
        await expect(phone(page, "李强").locator(".message.out").last).to_contain_text(name)


async def test_a_hint_speaks_the_pages_language(page: Page, sandbox: Sandbox) -> None:
    sandbox.page_hint = [{"person": "王芳", "title": "党员", "title_en": "Member", "text": "试试", "text_en": "Try"}]
    await page.reload()
    wang = phone(page, "王芳")
    await expect(wang.locator(".hint")).to_have_text("试试")
    await page.get_by_role("button", name="English").click()
    await expect(wang.locator(".hint")).to_have_text("Try")
    await expect(wang.locator(".role")).to_have_text("Member")


async def test_a_narrow_screen_shows_one_phone_at_a_time(page: Page, sandbox: Sandbox) -> None:
    await page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    await expect(page.locator(".phone:visible")).to_have_count(1)
    await sandbox.person("李强").says("/start")
    tab = page.get_by_role("tab", name="李强")
    await expect(tab).to_have_class(re.compile("unread"))
    await tab.click()
    await expect(phone(page, "李强").locator(".message.in")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]
    await page.get_by_role("button", name="大字").click()
    assert await page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]


async def test_add_a_person_and_speak_english(page: Page, sandbox: Sandbox) -> None:
    await page.get_by_role("button", name="English").click()
    await page.get_by_role("button", name="Add a person").click()
    await page.get_by_label("Name").fill("赵敏")
    await page.get_by_role("dialog").get_by_role("button", name="Add a person").click()
    zhao = phone(page, "赵敏")
    await zhao.get_by_role("button", name="START").click()
    await expect(zhao.locator(".message.in")).to_be_visible()
    assert sandbox.person("赵敏").chat[0].text == "/start"

"""Take the README's pictures: play the demo in both languages and photograph the phones. Needs Chromium."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from playwright.async_api import Browser, async_playwright

from carefund_bot.fund import open_fund
from demo import story
from demo.clock import demo_clock
from demo.settings import demo_settings
from handlers.serving import serving
from sandbox import Person, Sandbox

PICTURES = Path(__file__).parent.parent / "docs" / "pictures"
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
WIDE, NARROW = {"width": 1280, "height": 860}, {"width": 390, "height": 780}
WORDS = {
    "zh-hans": {
        "agree": "同意",
        "pledge": "我要认捐",
        "sum": "五十",
        "monthly": "每月",
        "open": "不限",
        "confirm": "确认",
        "ask": "钱什么时候到",
    },
    "en": {
        "agree": "agree",
        "pledge": "Make a pledge",
        "sum": "50",
        "monthly": "Monthly",
        "open": "No end date",
        "confirm": "onfirm",
        "ask": "where is my money",
    },
}


async def play(sandbox: Sandbox, hints: list[story.Hint], language: str) -> None:
    """Each person does what they came for."""
    say = WORDS[language]
    people = {hint["person"]: sandbox.person(hint["person"]) for hint in hints}
    for hint in hints:
        person = people[hint["person"]]
        person.language_code = language
        if "start" in hint:
            await person.opens_link(hint["start"])
            await person.taps(say["agree"])
    await pledge(people[story.MEMBER_NAME], say)
    await people[story.HOUSEHOLD_NAME].says(say["ask"])
    roll = story.SAMPLES / "messy" / "households.csv"
    await people[story.CLERK_NAME].uploads(roll.name, roll.read_bytes())
    await people[story.STRANGER_NAME].says("ABCDE-23456")


async def pledge(member: Person, say: dict[str, str]) -> None:
    await member.taps(say["pledge"])
    await member.says(say["sum"])
    for key in ("monthly", "open", "confirm"):
        await member.taps(say[key])


async def photograph(browser: Browser, sandbox: Sandbox, language: str) -> None:
    ending = "" if language == "zh-hans" else ".en"
    for viewport, names in (
        (WIDE, {"desktop": None}),
        (NARROW, {"member": story.MEMBER_NAME, "household": story.HOUSEHOLD_NAME, "clerk": story.CLERK_NAME}),
    ):
        page = await browser.new_page(viewport=viewport, timezone_id="Asia/Shanghai")  # type: ignore[arg-type]
        await page.goto(f"{sandbox.url}/phone")
        if language == "en":
            await page.get_by_role("button", name="English").first.click()
        for name, person in names.items():
            if person is not None:
                await page.get_by_role("tab", name=person).click()
            await page.wait_for_timeout(600)
            await page.screenshot(path=PICTURES / f"{name}{ending}.png")
        await page.close()


async def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for language in WORDS:
            with tempfile.TemporaryDirectory() as name:
                await _play_and_photograph(browser, Path(name), language)
        await browser.close()


async def _play_and_photograph(browser: Browser, folder: Path, language: str) -> None:
    clock = demo_clock(folder)
    async with (
        Sandbox(clock=clock) as sandbox,
        open_fund(demo_settings(folder, sandbox.token, sandbox.url), clock=clock) as fund,
    ):
        sandbox.page_hint = await story.prepare(fund, sandbox, folder)
        async with serving(fund) as running:
            sandbox.busy_checks.append(lambda: running.intake.order.waiting > 0)
            await play(sandbox, sandbox.page_hint, language)
            await photograph(browser, sandbox, language)


if __name__ == "__main__":
    asyncio.run(main())

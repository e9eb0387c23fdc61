"""The first poll leaves before the bot is loaded, confirms nothing, and leaves every trouble to the next one."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from carefund_bot.fund import Fund
from carefund_bot.settings import Settings, TelegramSettings
from carefund_bot.transport.bot import FundBot
from carefund_bot.transport.first_poll import poll_first
from carefund_bot.transport.polling import Batch, Poller
from carefund_bot.transport.request import AiohttpRequest
from handlers.serving import serving
from sandbox import Sandbox, hands
from sandbox.faults import Fault, flood, reset, server_error, torn
from tests.sandbox.calling import until
from tests.transport.raw_server import raw_server

ROOT = Path(__file__).parent.parent.parent


def say(sandbox: Sandbox, text: str) -> None:
    """Somebody writes and nobody is there yet."""
    person = sandbox.person("阿牛")
    hands.write(sandbox.telegram, person.account, sandbox.telegram.chat_of(person.account), text)


def test_it_needs_nothing_of_what_takes_long_to_load() -> None:
    heavy = {"telegram", "cryptography", "aiosqlite", "handlers", "carefund_bot.fund", "rich", "numpy"}
    seen = subprocess.run(
        [sys.executable, "-c", "import bot, commands.run, sys; print(*sys.modules)"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    assert heavy.isdisjoint(seen.stdout.split())


async def test_what_it_brings_is_not_confirmed(sandbox: Sandbox, settings: Settings) -> None:
    say(sandbox, "/help")
    first = await poll_first(settings.telegram, sandbox.token)
    assert first is not None
    assert [update["message"]["text"] for update in first] == ["/help"]
    assert await poll_first(settings.telegram, sandbox.token) == first


@pytest.mark.parametrize("fault", [flood(3), reset(), server_error(), torn()], ids=lambda fault: fault.kind)
async def test_trouble_brings_nothing(sandbox: Sandbox, settings: Settings, fault: Fault) -> None:
    say(sandbox, "/help")
    sandbox.faults.next("getUpdates", fault)
    assert await poll_first(settings.telegram, sandbox.token) is None


async def test_neither_does_a_server_that_is_not_there_or_does_not_know_the_token(settings: Settings) -> None:
    assert await poll_first(TelegramSettings(api_base_url="http://127.0.0.1:9"), "1:A") is None
    assert await poll_first(settings.telegram, "1:A") is None


async def test_neither_does_an_answer_of_another_kind() -> None:
    async def answer(head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnull")

    async with raw_server(answer) as port:
        assert await poll_first(TelegramSettings(api_base_url=f"http://127.0.0.1:{port}"), "1:A") is None


async def test_a_first_poll_in_vain_is_no_sign_of_telegram(sandbox: Sandbox, fund: Fund) -> None:
    async def nothing() -> None:
        return None

    async def take(batch: Batch) -> None:
        raise AssertionError(batch)

    bot = FundBot(sandbox.token, base_url=f"{sandbox.url}/bot", request=AiohttpRequest(1))
    poller = Poller(bot, take, nothing())
    sandbox.faults.every("getUpdates", reset())
    async with bot:
        polling = asyncio.create_task(poller.run())
        await until(lambda: sandbox.calls["getUpdates"] > 0)
        polling.cancel()
    assert poller.last_heard is None


async def test_the_bot_polls_on_once_it_is_loaded_and_the_first_poll_is_answered(sandbox: Sandbox, fund: Fund) -> None:
    first = asyncio.create_task(poll_first(fund.settings.telegram, sandbox.token))
    await until(lambda: not sandbox.telegram.updates.is_idle)
    async with serving(fund, first) as running:
        sandbox.busy_checks.append(lambda: running.intake.order.waiting > 0)
        for said in ("/help", "/privacy"):
            await sandbox.settled()
            say(sandbox, said)
        await sandbox.settled()
    assert [update["message"]["text"] for update in first.result() or ()] == ["/help"]
    assert len(sandbox.person("阿牛").chat) == 4

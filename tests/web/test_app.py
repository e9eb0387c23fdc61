"""Health says what is so, and the webhook says 200 only for what is safe."""

from __future__ import annotations

import asyncio
import socket
from contextlib import nullcontext
from pathlib import Path

import aiohttp
import pytest

from carefund_bot.errors import StartRefused
from carefund_bot.fund import open_fund
from carefund_bot.settings import Settings
from carefund_bot.transport import webhook
from carefund_bot.understanding.reading import Understanding
from carefund_bot.web.app import SECRET_HEADER
from handlers.context import House
from handlers.serving import learn_to_read, serve, serving
from sandbox import Sandbox, hands
from sandbox.faults import reset
from tests.full_disk import full_disk
from tests.transport.deliveries import ended, queue, reader, rows

SECRET = "a-secret-of-the-story"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def with_web(settings: Settings, tmp_path: Path, *, webhook: bool) -> Settings:
    port = free_port()
    web: dict[str, object] = {"port": port}
    if webhook:
        (tmp_path / "secret").write_text(SECRET, encoding="ascii")
        web |= {"webhook_url": f"http://127.0.0.1:{port}/telegram", "webhook_secret_file": tmp_path / "secret"}
    return Settings.model_validate(settings.model_dump() | {"web": web})


async def get_health(port: int) -> tuple[int, dict[str, object]]:
    async with aiohttp.ClientSession() as http, http.get(f"http://127.0.0.1:{port}/health") as answer:
        return answer.status, await answer.json()


async def test_health_is_the_age_of_the_last_good_poll_and_the_backlogs(
    sandbox: Sandbox, settings: Settings, tmp_path: Path
) -> None:
    settings = with_web(settings, tmp_path, webhook=False)
    async with open_fund(settings) as fund, serving(fund):
        await sandbox.person("阿牛").says("/start")
        status, health = await get_health(settings.web.port)
    assert status == 200
    assert health["ok"] is True
    assert (health["inbox_waiting"], health["outbox_waiting"]) == (0, 0)


async def test_a_bot_that_telegram_never_answered_is_not_well(
    sandbox: Sandbox, settings: Settings, tmp_path: Path
) -> None:
    settings = with_web(settings, tmp_path, webhook=False)
    sandbox.faults.every("getUpdates", reset())
    async with open_fund(settings) as fund, serving(fund):
        status, health = await get_health(settings.web.port)
    assert (status, health["ok"]) == (503, False)


async def test_a_bot_of_which_a_part_has_ended_is_not_well(
    sandbox: Sandbox, settings: Settings, tmp_path: Path
) -> None:
    settings = with_web(settings, tmp_path, webhook=False)
    async with open_fund(settings) as fund, serving(fund) as running:
        await sandbox.person("阿牛").says("/start")
        running.workers["delivery"].cancel()
        await asyncio.wait({running.workers["delivery"]})
        status, health = await get_health(settings.web.port)
    assert (status, health["ok"], health["ended"]) == (503, False, ["delivery"])


@pytest.mark.parametrize("name", ["delivery", "cards"])
async def test_a_bot_of_which_a_part_has_ended_ends(sandbox: Sandbox, settings: Settings, name: str) -> None:
    """Whoever supervises it starts it again; a bot that lives in part would look as if it lived."""
    life = asyncio.create_task(serve(settings))
    async with asyncio.timeout(20):
        while not sandbox.calls["getUpdates"]:  # noqa: ASYNC110 - a counter has no event
            await asyncio.sleep(0.01)
        (part,) = (task for task in asyncio.all_tasks() if task.get_name() == name)
        part.cancel()
        with pytest.raises(StartRefused, match=f"{name} ended by itself"):
            await life


async def test_people_are_answered_before_the_bot_has_learned_to_read_and_notices_go_after(
    sandbox: Sandbox, settings: Settings
) -> None:
    learned, asker = asyncio.Event(), sandbox.person("阿牛")

    async def learn(_: House) -> None:
        await learned.wait()

    async with open_fund(settings) as fund:
        member = await reader(fund, sandbox, "秦兰")
        await queue(fund, member, "before")
        async with serving(fund, learn=learn):
            await asker.says("/start")
            assert (len(asker.chat), await rows(fund)) == (2, [("pending", None)])
            learned.set()
            assert await ended(fund) == [("sent", None)]


async def test_where_the_model_of_free_words_is_broken_all_else_goes_on(
    sandbox: Sandbox, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load() -> Understanding:
        raise FileNotFoundError("model.json")

    monkeypatch.setattr(Understanding, "load", load)
    async with open_fund(settings) as fund:
        await queue(fund, await reader(fund, sandbox, "秦兰"), "one")
        async with serving(fund, learn=learn_to_read):
            assert await ended(fund) == [("sent", None)]


async def test_updates_come_by_webhook_and_are_written_down_first(
    sandbox: Sandbox, settings: Settings, tmp_path: Path
) -> None:
    settings = with_web(settings, tmp_path, webhook=True)
    async with open_fund(settings) as fund, serving(fund):
        stranger = sandbox.person("阿牛")
        while not sandbox.calls["setWebhook"]:
            await sandbox.settled()
        await stranger.says("/start")
        assert "绑定码" in stranger.last().text
        states = await fund.ground.db.read(lambda db: db.execute("SELECT state FROM inbox").fetchall())
    assert states == [("handled",)]


async def test_a_webhook_that_could_not_be_set_is_set_soon(
    sandbox: Sandbox, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook, "_FIRST_PAUSE_S", 0.01)
    settings = with_web(settings, tmp_path, webhook=True)
    sandbox.faults.next("getWebhookInfo", reset(), count=2)
    sandbox.faults.next("setWebhook", reset())
    async with open_fund(settings) as fund, serving(fund), asyncio.timeout(10):
        while not sandbox.telegram.webhook.url:  # noqa: ASYNC110 - the sandbox has no event for it
            await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    ("secret", "body", "status"),
    [
        ("", '{"update_id": 1}', 404),
        ("a-secret-of-the-storz", '{"update_id": 1}', 404),
        (SECRET, "[]", 400),
        (SECRET, "{", 400),
        (SECRET, '{"update_id": "1"}', 400),
        (SECRET, '{"update_id": 1}', 200),
    ],
)
async def test_a_stranger_at_the_webhook_is_told_nothing(
    settings: Settings, tmp_path: Path, secret: str, body: str, status: int
) -> None:
    settings = with_web(settings, tmp_path, webhook=True)
    headers = {SECRET_HEADER: secret}
    async with (
        open_fund(settings) as fund,
        serving(fund),
        aiohttp.ClientSession() as http,
        http.post(settings.web.webhook_url, data=body, headers=headers) as answer,
    ):
        assert answer.status == status


async def test_an_update_that_finds_the_disk_full_is_brought_again(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = with_web(settings, tmp_path, webhook=True)
    async with open_fund(settings) as fund, serving(fund), aiohttp.ClientSession() as http:
        statuses = []
        for disk in (full_disk(), nullcontext()):
            with disk:
                post = http.post(settings.web.webhook_url, json={"update_id": 1}, headers={SECRET_HEADER: SECRET})
                async with post as answer:
                    statuses.append(answer.status)
    assert statuses == [503, 200]
    assert "Traceback" not in caplog.text


async def test_a_taken_port_is_named(settings: Settings, tmp_path: Path) -> None:
    settings = with_web(settings, tmp_path, webhook=False)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", settings.web.port))
        taken.listen()
        async with open_fund(settings) as fund:
            with pytest.raises(StartRefused, match=str(settings.web.port)):
                async with serving(fund):
                    pass


async def test_two_bots_on_one_token_end_with_a_sentence(settings: Settings, sandbox: Sandbox) -> None:
    del sandbox
    async with open_fund(settings) as fund, serving(fund) as first, serving(fund) as second:
        polls = {running.workers["polling"] for running in (first, second)}
        done, _ = await asyncio.wait(polls, return_when=asyncio.FIRST_COMPLETED, timeout=60)
        with pytest.raises(StartRefused, match="Another bot is polling"):
            done.pop().result()


async def test_polling_again_takes_the_webhook_down_and_loses_nothing(
    sandbox: Sandbox, settings: Settings, tmp_path: Path
) -> None:
    guo = sandbox.person("郭明")
    hooked = with_web(settings, tmp_path, webhook=True)
    async with open_fund(hooked) as fund, serving(fund):
        await guo.says("/help")
    guo.has_pressed_start()
    hands.write(sandbox.telegram, guo.account, guo._chat, "/privacy")  # while nobody listens
    async with open_fund(settings) as fund, serving(fund):
        await sandbox.settled()
        assert sandbox.telegram.webhook.url == ""
        assert sandbox.telegram.updates.fresh() == []
        await guo.says("/help")
    assert sum(message.from_bot for message in guo.chat) == 3

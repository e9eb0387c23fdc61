"""Delivery to a webhook: the secret, the retries, the order within a chat, the answer that is a call."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from sandbox import Person, Sandbox, hands
from sandbox.errors import Json
from tests.sandbox.calling import Caller, Refused, until
from tests.sandbox.oracle import check_update


class Listener:
    """Our side of a webhook; it answers what `answers` says, then 200."""

    def __init__(self) -> None:
        self.answers: list[web.Response] = []
        self.secrets: list[str | None] = []
        self.heard: list[Json] = []
        self.url = ""

    async def take(self, http: web.Request) -> web.Response:
        update = await http.json()
        check_update(update)
        self.heard.append(update)
        self.secrets.append(http.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        return self.answers.pop(0) if self.answers else web.Response()

    def texts(self) -> list[str]:
        return [update["message"]["text"] for update in self.heard]


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    listener = Listener()
    app = web.Application()
    app.router.add_post("/hook", listener.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    listener.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield listener
    await runner.cleanup()


@pytest.fixture
def sandbox(quiet_sandbox: Sandbox) -> Sandbox:
    quiet_sandbox.telegram.webhook.first_pause_s = 0.01
    return quiet_sandbox


def say(sandbox: Sandbox, person: Person, text: str) -> None:
    hands.write(sandbox.telegram, person.account, sandbox.telegram.chat_of(person.account), text)


async def test_updates_are_delivered_with_the_secret(
    sandbox: Sandbox, call: Caller, listener: Listener, wang: Person
) -> None:
    await call("setWebhook", url=listener.url, secret_token="open-sesame", max_connections=5)
    say(sandbox, wang, "好")
    await sandbox.settled()
    assert listener.texts() == ["好"]
    assert listener.secrets == ["open-sesame"]
    info = await call("getWebhookInfo")
    assert (info["url"], info["pending_update_count"], info["max_connections"]) == (listener.url, 0, 5)


async def test_what_waited_before_the_webhook_was_set_is_delivered_too(
    sandbox: Sandbox, call: Caller, listener: Listener, wang: Person
) -> None:
    say(sandbox, wang, "早")
    await call("setWebhook", url=listener.url)
    await sandbox.settled()
    assert listener.texts() == ["早"]
    assert listener.secrets == [None]


async def test_a_failure_is_repeated_and_holds_up_only_its_own_chat(
    sandbox: Sandbox, call: Caller, listener: Listener, wang: Person
) -> None:
    sandbox.telegram.webhook.first_pause_s = 0.1
    listener.answers = [web.Response(status=500)]
    await call("setWebhook", url=listener.url)
    say(sandbox, wang, "一")
    await until(lambda: listener.heard)
    say(sandbox, wang, "二")
    say(sandbox, sandbox.person("李强"), "我")
    await sandbox.settled()
    assert listener.texts() == ["一", "我", "一", "二"]
    info = await call("getWebhookInfo")
    assert info["last_error_message"] == "Wrong response from the webhook: 500 Internal Server Error"


async def test_retry_after_of_our_side_is_obeyed(
    sandbox: Sandbox, call: Caller, listener: Listener, wang: Person
) -> None:
    sandbox.telegram.webhook.first_pause_s = 60
    listener.answers = [web.Response(status=503, headers={"Retry-After": "1"})]
    await call("setWebhook", url=listener.url)
    say(sandbox, wang, "一")
    await sandbox.settled()
    assert listener.texts() == ["一", "一"]


async def test_an_answer_may_be_a_method_call(sandbox: Sandbox, call: Caller, listener: Listener, wang: Person) -> None:
    listener.answers = [web.json_response({"method": "sendMessage", "chat_id": wang.id, "text": "收到"})]
    await call("setWebhook", url=listener.url)
    assert [message.text for message in await wang.says("在吗")] == ["收到"]
    assert sandbox.calls["sendMessage"] == 1


async def test_a_listener_that_is_down_is_tried_again(sandbox: Sandbox, call: Caller, wang: Person) -> None:
    await call("setWebhook", url="http://127.0.0.1:9/hook")
    say(sandbox, wang, "一")
    await until(lambda: sandbox.telegram.webhook.last_error)
    info = await call("getWebhookInfo")
    assert info["last_error_message"].startswith("Connection failed")
    assert info["pending_update_count"] == 1


async def test_pending_updates_can_be_dropped(sandbox: Sandbox, call: Caller, wang: Person) -> None:
    say(sandbox, wang, "一")
    await call("deleteWebhook", drop_pending_updates=True)
    assert await call("getUpdates") == []


async def test_a_poll_is_ended_by_setting_a_webhook(sandbox: Sandbox, call: Caller, listener: Listener) -> None:
    poll = asyncio.create_task(call("getUpdates", timeout=30))
    await until(lambda: not sandbox.telegram.updates.is_idle)
    await call("setWebhook", url=listener.url)
    with pytest.raises(Refused, match="409 Conflict: terminated by setWebhook request"):
        await asyncio.wait_for(poll, 5)


@pytest.mark.parametrize("fields", [{"url": "ftp://x"}, {"url": "http://x", "secret_token": "不行"}])
async def test_a_bad_address_or_secret_is_refused(call: Caller, fields: dict[str, str]) -> None:
    with pytest.raises(Refused, match="400"):
        await call("setWebhook", **fields)

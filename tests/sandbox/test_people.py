"""People: who can be written to, what they see, and how they talk in groups."""

import asyncio
from pathlib import Path

import pytest

from sandbox import Person, Sandbox, hands
from sandbox.files import Upload
from tests.sandbox.calling import Caller, Refused
from tests.sandbox.conftest import Clock


async def test_a_bot_cannot_write_first(quiet_sandbox: Sandbox, call: Caller) -> None:
    stranger = quiet_sandbox.person("路人")
    for chat_id in (stranger.id, 12345, "@nobody"):
        with pytest.raises(Refused, match="400 Bad Request: chat not found"):
            await call("sendMessage", chat_id=chat_id, text="好")
    with pytest.raises(Refused, match="400 Bad Request: chat_id is empty"):
        await call.post("sendMessage", data={"text": "好"})


async def test_who_has_blocked_the_bot_cannot_be_written_to(quiet_sandbox: Sandbox, call: Caller, wang: Person) -> None:
    hands.block(quiet_sandbox.telegram, wang.account)
    for method, fields in (("sendMessage", {"text": "好"}), ("sendChatAction", {"action": "typing"})):
        with pytest.raises(Refused) as refusal:
            await call(method, chat_id=wang.id, **fields)
        assert (refusal.value.status, refusal.value.description) == (403, "Forbidden: bot was blocked by the user")
    with pytest.raises(PermissionError):
        await wang.says("好")
    hands.unblock(quiet_sandbox.telegram, wang.account)
    await call("sendMessage", chat_id=wang.id, text="好")
    statuses = [update["my_chat_member"]["new_chat_member"]["status"] for update in await call("getUpdates")]
    assert statuses == ["kicked", "member"]


async def test_a_start_pressed_long_ago_lets_the_bot_write(quiet_sandbox: Sandbox, call: Caller) -> None:
    li = quiet_sandbox.person("李强")
    li.has_pressed_start()
    await call("sendMessage", chat_id=li.id, text="好")
    assert await call("getUpdates") == []


async def test_a_deactivated_account_is_said_to_be_so(call: Caller, wang: Person) -> None:
    wang.deactivate()
    with pytest.raises(Refused, match="403 Forbidden: user is deactivated"):
        await call("sendMessage", chat_id=wang.id, text="好")


async def test_a_long_text_is_sent_in_parts(quiet_sandbox: Sandbox, wang: Person) -> None:
    hands.write(quiet_sandbox.telegram, wang.account, quiet_sandbox.telegram.chat_of(wang.account), "长" * 5000)
    assert [len(message.text) for message in wang.chat[1:]] == [4096, 904]


async def test_a_start_link_has_its_alphabet(wang: Person) -> None:
    for parameter in ("代码", "a b", "x" * 65):
        with pytest.raises(ValueError, match="a start link cannot carry"):
            await wang.opens_link(parameter)


async def test_in_a_group_only_commands_and_names_are_heard(quiet_sandbox: Sandbox, call: Caller, wang: Person) -> None:
    group = quiet_sandbox.group("支部群", wang)
    telegram, chat = quiet_sandbox.telegram, quiet_sandbox.telegram.chats[group.id]
    for text in ("大家好", "/my", "/my@other_bot", "/my@sandbox_bot", "@sandbox_bot 在吗"):
        hands.write(telegram, wang.account, chat, text)
    joined, *heard = await call("getUpdates")
    assert joined["my_chat_member"]["chat"]["title"] == "支部群"
    assert [update["message"]["text"] for update in heard] == ["/my", "/my@sandbox_bot", "@sandbox_bot 在吗"]
    await call("sendMessage", chat_id=group.id, text="请私聊")
    assert group.chat[-1].text == "请私聊"
    await call("leaveChat", chat_id=group.id)
    with pytest.raises(Refused, match="403 Forbidden: bot was kicked from the group chat"):
        await call("sendMessage", chat_id=group.id, text="好")


async def test_an_admin_bot_hears_all_in_a_group(quiet_sandbox: Sandbox, call: Caller, wang: Person) -> None:
    group = quiet_sandbox.group("支部群", wang, bot_is_admin=True)
    hands.write(quiet_sandbox.telegram, wang.account, quiet_sandbox.telegram.chats[group.id], "大家好")
    assert len(await call("getUpdates")) == 2


async def test_the_narrowest_command_menu_wins(call: Caller, wang: Person) -> None:
    def menu(name: str) -> list[dict[str, str]]:
        return [{"command": name, "description": "说明"}]

    async def shown_after(name: str, **where: object) -> list[str]:
        await call("setMyCommands", commands=menu(name), **where)
        return wang.commands

    assert await shown_after("default") == ["default"]
    assert await shown_after("chinese", language_code="zh") == ["chinese"]
    assert await shown_after("english", language_code="en") == ["chinese"]
    assert await shown_after("private", scope={"type": "all_private_chats"}) == ["private"]
    assert await shown_after("staff", scope={"type": "chat", "chat_id": wang.id}) == ["staff"]
    await call("deleteMyCommands", scope={"type": "chat", "chat_id": wang.id})
    await call("deleteMyCommands", scope={"type": "all_private_chats"})
    wang.language_code = "en"
    assert wang.commands == ["english"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"commands": [{"command": "Help", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "help", "description": ""}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ({"commands": [{"command": "help", "description": "x"}] * 101}, "BOT_COMMANDS_TOO_MUCH"),
        ({"commands": [], "language_code": "zh-hans"}, "invalid language code specified"),
        ({"commands": [], "scope": {"type": "chat", "chat_id": 5}}, "chat not found"),
    ],
)
async def test_bad_commands_are_refused(call: Caller, fields: dict[str, object], words: str) -> None:
    with pytest.raises(Refused, match=words):
        await call("setMyCommands", **fields)


async def test_texts_about_the_bot_have_limits(call: Caller) -> None:
    for method, name, limit in (
        ("setMyName", "name", 64),
        ("setMyDescription", "description", 512),
        ("setMyShortDescription", "short_description", 120),
    ):
        await call(method, **{name: "字" * limit})
        with pytest.raises(Refused, match="is too long"):
            await call(method, **{name: "字" * (limit + 1)})


async def test_settled_says_what_it_waits_for(quiet_sandbox: Sandbox, wang: Person) -> None:
    hands.open_link(quiet_sandbox.telegram, wang.account, "")
    with pytest.raises(TimeoutError, match="1 updates unconfirmed, 0 calls running"):
        await quiet_sandbox.settled(timeout=0.05)


async def test_settled_waits_for_what_the_bot_still_does(quiet_sandbox: Sandbox) -> None:
    is_busy = True
    quiet_sandbox.busy_checks.append(lambda: is_busy)
    waiting = asyncio.create_task(quiet_sandbox.settled())
    await asyncio.sleep(0.1)
    assert not waiting.done()
    is_busy = False
    await asyncio.wait_for(waiting, 5)


async def test_a_conversation_goes_on_after_a_restart(tmp_path: Path, clock: Clock) -> None:
    state_file = tmp_path / "phones" / "state.json"
    async with Sandbox(clock=clock, state_file=state_file) as sandbox:
        wang = sandbox.person("王芳")
        hands.upload(sandbox.telegram, wang.account, Upload("名册.csv", b"a,b"), kind="document")
        hands.block(sandbox.telegram, wang.account)
        last_id = sandbox.telegram.updates.next_id
    async with Sandbox(clock=clock, state_file=state_file) as sandbox:
        wang = sandbox.person("王芳")
        assert wang.account.has_blocked
        assert wang.chat[0].document
        assert wang.chat[0].document.content == b"a,b"
        assert sandbox.telegram.updates.next_id == last_id
        assert sandbox.person("李强").id != wang.id

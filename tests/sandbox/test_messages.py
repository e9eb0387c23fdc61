"""Sending, editing and deleting: what is shown, and every refusal in Telegram's words."""

from typing import Any

import pytest

from sandbox import Person, Sandbox, hands
from sandbox.messages import Button
from tests.sandbox.calling import Caller, Refused
from tests.sandbox.conftest import Clock
from tests.sandbox.pictures import png

OK = {"inline_keyboard": [[{"text": "好", "callback_data": "1"}]]}


def keyboard(**button: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "好", **button}]]}


async def test_a_message_is_shown_as_sent(call: Caller, wang: Person) -> None:
    await call("sendMessage", chat_id=wang.id, text="<b>好</b>", parse_mode="HTML", protect_content=True)
    shown = wang.last()
    assert (shown.text, shown.html, shown.protected, shown.edited) == ("好", "<b>好</b>", True, False)
    assert "王芳" not in repr(shown)


async def test_message_ids_rise_in_each_chat(call: Caller, quiet_sandbox: Sandbox, wang: Person) -> None:
    li = quiet_sandbox.person("李强")
    hands.open_link(quiet_sandbox.telegram, li.account, "")
    sent = [await call("sendMessage", chat_id=chat, text="好") for chat in (wang.id, wang.id, li.id)]
    assert [message["message_id"] for message in sent] == [2, 3, 2]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"text": ""}, "message text is empty"),
        ({"text": " \n"}, "message text is empty"),
        ({"text": "<b></b>", "parse_mode": "HTML"}, "message text is empty"),
        ({"text": "长" * 4097}, "message is too long"),
        ({"text": "<b>x", "parse_mode": "HTML"}, "can't parse entities: Can't find end tag"),
        ({"text": "x", "reply_markup": keyboard()}, "Text buttons are unallowed in the inline keyboard"),
        ({"text": "x", "reply_markup": keyboard(callback_data="好" * 22)}, "BUTTON_DATA_INVALID"),
        (
            {"text": "x", "reply_markup": keyboard(callback_data="1", url="https://a.cn")},
            "only one of callback_data, url",
        ),
        ({"text": "x", "reply_markup": keyboard(callback_data="1", style="pink")}, "invalid button style"),
        ({"text": "x", "reply_markup": keyboard(copy_text={"text": "x" * 257})}, "BUTTON_COPY_TEXT_INVALID"),
        ({"text": "x", "reply_markup": keyboard(url="nowhere")}, "inline keyboard button URL 'nowhere' is invalid"),
        (
            {"text": "x", "reply_markup": {"inline_keyboard": [OK["inline_keyboard"][0] * 8] * 13}},
            "reply markup is too long",
        ),
        ({"text": "x", "reply_parameters": {"message_id": 99}}, "message to be replied not found"),
    ],
)
async def test_what_telegram_would_not_send(call: Caller, wang: Person, fields: dict[str, Any], words: str) -> None:
    with pytest.raises(Refused, match=f"400 Bad Request: .*{words}"):
        await call("sendMessage", chat_id=wang.id, **fields)
    assert len(wang.chat) == 1


async def test_the_longest_text_is_counted_after_parsing(call: Caller, wang: Person) -> None:
    await call("sendMessage", chat_id=wang.id, text=f"<b>{'长' * 4096}</b>", parse_mode="HTML")
    assert len(wang.last().text) == 4096


async def test_a_caption_has_its_own_limit(call: Caller, wang: Person) -> None:
    await call.send_file("sendDocument", "a.txt", b"a", chat_id=str(wang.id), caption="字" * 1024)
    with pytest.raises(Refused, match="message caption is too long"):
        await call.send_file("sendDocument", "a.txt", b"a", chat_id=str(wang.id), caption="字" * 1025)


async def test_keyboards_are_shown(call: Caller, wang: Person) -> None:
    row = [{"text": "复制", "copy_text": {"text": "62"}, "style": "success"}, {"text": "看", "url": "https://a.cn"}]
    await call("sendMessage", chat_id=wang.id, text="x", reply_markup={"inline_keyboard": [row, []]})
    copy, look = Button("复制", copy_text="62", style="success"), Button("看", url="https://a.cn")
    assert wang.last().buttons == [[copy, look]]
    assert await wang.taps("复制") == []
    assert await wang.taps("看") == []
    assert (wang.clipboard, wang.opened_url) == ("62", "https://a.cn")
    await call("sendMessage", chat_id=wang.id, text="x", reply_markup={"keyboard": [["甲", {"text": "乙"}]]})
    assert wang.last().keyboard == wang.keyboard == [["甲", "乙"]]
    await call("sendMessage", chat_id=wang.id, text="x", reply_markup={"remove_keyboard": True})
    assert wang.keyboard == []


async def test_a_photo_must_be_a_picture(call: Caller, wang: Person) -> None:
    sent = await call.send_file("sendPhoto", "a.png", png(40, 30), chat_id=str(wang.id), caption="图")
    assert (sent["photo"][0]["width"], sent["photo"][0]["height"]) == (40, 30)
    assert wang.last().photo == png(40, 30)
    for content, words in (
        (b"no picture", "IMAGE_PROCESS_FAILED"),
        (png(1, 100), "PHOTO_INVALID_DIMENSIONS"),
        (png(9000, 1001), "PHOTO_INVALID_DIMENSIONS"),
    ):
        with pytest.raises(Refused, match=words):
            await call.send_file("sendPhoto", "a.png", content, chat_id=str(wang.id))


async def test_files_have_limits_both_ways(call: Caller, wang: Person) -> None:
    big = await call.send_file("sendDocument", "big.bin", bytes(20 * 2**20 + 1), chat_id=str(wang.id))
    with pytest.raises(Refused, match="400 Bad Request: file is too big"):
        await call("getFile", file_id=big["document"]["file_id"])
    with pytest.raises(Refused, match="413 Request Entity Too Large"):
        await call.send_file("sendDocument", "huge.bin", bytes(50 * 2**20 + 1), chat_id=str(wang.id))
    with pytest.raises(Refused, match="file must be non-empty"):
        await call.send_file("sendDocument", "empty.bin", b"", chat_id=str(wang.id))
    with pytest.raises(Refused, match="wrong file identifier/HTTP URL specified"):
        await call("sendDocument", chat_id=wang.id, document="nonsense")


async def test_a_file_is_fetched_by_its_path(call: Caller, wang: Person) -> None:
    sent = await call.send_file("sendDocument", "名册.csv", b"a,b", chat_id=str(wang.id))
    found = await call("getFile", file_id=sent["document"]["file_id"])
    url = f"{call.sandbox.url}/file/bot{call.sandbox.token}/{found['file_path']}"
    async with call.http.get(url) as answer:
        assert await answer.read() == b"a,b"
    async with call.http.get(url + "x") as answer:
        assert answer.status == 404


async def test_an_edit_changes_the_message_in_place(call: Caller, wang: Person, clock: Clock) -> None:
    sent = await call("sendMessage", chat_id=wang.id, text="旧", reply_markup=OK)
    shown = wang.last()
    where = {"chat_id": wang.id, "message_id": sent["message_id"]}
    clock.now += 5
    edited = await call("editMessageText", **where, text="新")
    assert edited["edit_date"] == edited["date"] + 5
    assert (shown.text, shown.buttons, shown.edited) == ("新", [], True)
    await call("editMessageReplyMarkup", **where, reply_markup=OK)
    assert shown.buttons[0][0].label == "好"
    with pytest.raises(Refused, match="message is not modified: specified new message content and reply markup are"):
        await call("editMessageReplyMarkup", **where, reply_markup=OK)
    with pytest.raises(Refused, match="message is not modified"):
        await call("editMessageText", **where, text="新", reply_markup=OK)
    with pytest.raises(Refused, match="inline keyboard expected"):
        await call.post("editMessageReplyMarkup", json={**where, "reply_markup": {"remove_keyboard": True}})


async def test_what_cannot_be_edited(call: Caller, wang: Person) -> None:
    file = await call.send_file("sendDocument", "a.txt", b"a", chat_id=str(wang.id))
    keys = await call("sendMessage", chat_id=wang.id, text="x", reply_markup={"keyboard": [["甲"]]})
    for method, message_id, words in (
        ("editMessageText", 99, "message to edit not found"),
        ("editMessageText", 1, "message can't be edited"),
        ("editMessageText", keys["message_id"], "message can't be edited"),
        ("editMessageText", file["message_id"], "there is no text in the message to edit"),
    ):
        with pytest.raises(Refused, match=words):
            await call(method, chat_id=wang.id, message_id=message_id, text="新")
    sent = await call("sendMessage", chat_id=wang.id, text="x")
    with pytest.raises(Refused, match="there is no caption in the message to edit"):
        await call("editMessageCaption", chat_id=wang.id, message_id=sent["message_id"], caption="新")


async def test_messages_can_be_deleted_for_two_days(call: Caller, wang: Person, clock: Clock) -> None:
    sent = [await call("sendMessage", chat_id=wang.id, text="好") for _ in range(2)]
    await call("deleteMessage", chat_id=wang.id, message_id=sent[0]["message_id"])
    assert len(wang.chat) == 2
    with pytest.raises(Refused, match="message to delete not found"):
        await call("deleteMessage", chat_id=wang.id, message_id=sent[0]["message_id"])
    clock.now += 48 * 3600 + 1
    with pytest.raises(Refused, match="message can't be deleted"):
        await call("deleteMessage", chat_id=wang.id, message_id=sent[1]["message_id"])
    assert await call("deleteMessages", chat_id=wang.id, message_ids=[1, 2, 3])
    assert len(wang.chat) == 2


async def test_copies_and_forwards(call: Caller, wang: Person) -> None:
    await call("sendMessage", chat_id=wang.id, text="<b>好</b>", parse_mode="HTML", reply_markup=OK)
    from_here = {"chat_id": wang.id, "from_chat_id": wang.id}
    await call("copyMessage", **from_here, message_id=2)
    assert (wang.last().text, wang.last().buttons) == ("好", [])
    forwarded = await call("forwardMessage", **from_here, message_id=2)
    assert forwarded["forward_origin"]["sender_user"]["is_bot"]
    await call("sendMessage", chat_id=wang.id, text="密", protect_content=True)
    for method, words in (("copyMessage", "message can't be copied"), ("forwardMessage", "message can't be forwarded")):
        with pytest.raises(Refused, match=words):
            await call(method, **from_here, message_id=5)


async def test_an_answer_to_a_press_comes_once_and_in_time(
    quiet_sandbox: Sandbox, call: Caller, wang: Person, clock: Clock
) -> None:
    await call("sendMessage", chat_id=wang.id, text="?", reply_markup=OK)
    for _ in range(2):
        hands.press(quiet_sandbox.telegram, wang.account, wang.last(), "1")
    first, late = (update["callback_query"]["id"] for update in await call("getUpdates"))
    with pytest.raises(Refused, match="MESSAGE_TOO_LONG"):
        await call("answerCallbackQuery", callback_query_id=first, text="长" * 201)
    await call("answerCallbackQuery", callback_query_id=first, text="好")
    await call("answerCallbackQuery", callback_query_id=first, text="再")
    assert wang.toasts == ["好"]
    clock.now += 151
    for query_id in (late, "nonsense"):
        with pytest.raises(Refused, match="query is too old and response timeout expired or query ID is invalid"):
            await call("answerCallbackQuery", callback_query_id=query_id)

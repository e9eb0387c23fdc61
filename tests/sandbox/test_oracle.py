"""The sandbox cannot drift: its methods, parameters and updates are those of the real Bot API."""

import aiohttp
import pytest
from telegram import (
    Bot,
    BotCommandScopeChat,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    LinkPreviewOptions,
    MenuButtonCommands,
)

from sandbox import Person, Sandbox, hands
from sandbox.calls import METHODS, Kind, Method
from sandbox.files import Upload
from tests.sandbox.calling import Caller, Refused
from tests.sandbox.oracle import check_update, method_model
from tests.sandbox.pictures import png

TYPES = {
    Kind.TEXT: ("str",),
    Kind.INTEGER: ("int",),
    Kind.FLAG: ("bool",),
    Kind.CHAT: ("int", "ChatIdUnion"),
    Kind.LIST: ("list",),
    Kind.FILE: ("InputFile", "str"),
}


@pytest.mark.parametrize("method", METHODS.values(), ids=lambda method: method.name)
def test_every_parameter_is_one_of_telegrams(method: Method) -> None:
    fields = method_model(method.name).model_fields
    assert {**method.needs, **method.takes}.keys() <= fields.keys()
    for name, kind in {**method.needs, **method.takes}.items():
        declared = str(fields[name].annotation)
        assert any(word in declared for word in TYPES.get(kind, (declared,))), (name, kind, declared)


@pytest.mark.parametrize("method", METHODS.values(), ids=lambda method: method.name)
def test_what_telegram_needs_is_needed_here(method: Method) -> None:
    needed = {name for name, field in method_model(method.name).model_fields.items() if field.is_required()}
    assert needed <= method.needs.keys()


async def test_every_kind_of_update_is_one_of_telegrams(quiet_sandbox: Sandbox, call: Caller) -> None:
    telegram, wang = quiet_sandbox.telegram, quiet_sandbox.person("王芳")
    hands.write(
        telegram, wang.account, telegram.chat_of(wang.account), "/start 看 https://example.org 和 @someone #话题"
    )
    buttons = [[{"text": "确认", "callback_data": "1"}]]
    sent = await call("sendMessage", chat_id=wang.id, text="好", reply_markup={"inline_keyboard": buttons})
    message = wang.last()
    hands.press(telegram, wang.account, message, "1")
    await call("deleteMessage", chat_id=wang.id, message_id=sent["message_id"])
    hands.press(telegram, wang.account, message, "1")
    hands.upload(telegram, wang.account, Upload("名册.csv", b"a"), kind="document", caption="请看 /help")
    hands.upload(telegram, wang.account, Upload("照片.jpg", b"x"), kind="photo")
    hands.share_contact(telegram, wang.account, "+8613000000000")
    hands.edit(telegram, wang.chat[0], "改了")
    hands.block(telegram, wang.account)
    hands.unblock(telegram, wang.account)
    quiet_sandbox.group("支部群", wang)
    updates = [check_update(update.as_json()) for update in telegram.updates.fresh()]
    assert [update.event_type for update in updates] == [
        *["message", "callback_query", "callback_query"],
        *["message", "message", "message", "edited_message"],
        *["my_chat_member", "my_chat_member", "my_chat_member"],
    ]


async def test_python_telegram_bot_finds_all_it_asks_for(quiet_sandbox: Sandbox, wang: Person) -> None:
    """An unknown parameter would be refused, so this also shows that each one PTB sends is known."""
    token, url, chat = quiet_sandbox.token, quiet_sandbox.url, wang.id
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("复制", copy_text=CopyTextButton("62"), style="success")]])
    async with Bot(token, base_url=f"{url}/bot", base_file_url=f"{url}/file/bot") as bot:
        sent = await bot.send_message(chat, "<b>好</b>", "HTML", reply_markup=keyboard, protect_content=True)
        assert sent.entities[0].type == "bold"
        await sent.reply_text("收到", do_quote=True, link_preview_options=LinkPreviewOptions(is_disabled=True))
        photo = await bot.send_photo(chat, png(30, 20), caption="图", has_spoiler=True)
        again = await bot.send_document(chat, b"a,b", filename="名册.csv", caption="<i>表</i>", parse_mode="HTML")
        assert again.document
        await bot.send_document(chat, again.document.file_id)
        file = await bot.get_file(again.document.file_id)
        assert bytes(await file.download_as_bytearray()) == b"a,b"
        await bot.send_media_group(chat, [InputMediaDocument(b"1"), InputMediaDocument(b"2", caption="二")])
        await bot.edit_message_media(InputMediaPhoto(png(10, 10)), chat, photo.message_id)
        await bot.edit_message_caption(chat, photo.message_id, caption="新")
        await bot.send_chat_action(chat, "typing")
        await bot.copy_message(chat, chat, again.message_id)
        await bot.forward_message(chat, chat, again.message_id)
        await bot.edit_message_text("新", chat, sent.message_id, reply_markup=keyboard)
        await bot.edit_message_reply_markup(chat, sent.message_id)
        await bot.pin_chat_message(chat, sent.message_id, disable_notification=True)
        await bot.unpin_chat_message(chat)
        await bot.unpin_all_chat_messages(chat)
        await bot.set_my_commands([("help", "帮助")], BotCommandScopeChat(chat), "zh")
        assert (await bot.get_my_commands(BotCommandScopeChat(chat), "zh"))[0].description == "帮助"
        await bot.delete_my_commands(BotCommandScopeChat(chat), "zh")
        await bot.set_my_name("关爱基金", "zh")
        await bot.set_my_description("说明")
        await bot.set_my_short_description("短说明")
        assert (await bot.get_my_name("zh")).name == "关爱基金"
        assert (await bot.get_my_description("zh")).description == "说明"
        assert (await bot.get_my_short_description("en")).short_description == "短说明"
        await bot.set_chat_menu_button(chat, MenuButtonCommands())
        assert (await bot.get_chat_menu_button(chat)).type == "commands"
        assert (await bot.get_chat(chat)).first_name == "王芳"
        assert await bot.delete_messages(chat, [again.message_id, 999])
        await bot.delete_message(chat, sent.message_id)
        await bot.delete_webhook(drop_pending_updates=True)
        assert (await bot.get_webhook_info()).url == ""
        assert await bot.get_updates(timeout=0, allowed_updates=["message"]) == ()
        assert await bot.log_out()
        assert await bot.close()


async def test_an_unknown_method_or_parameter_is_an_error(call: Caller, wang: Person) -> None:
    with pytest.raises(Refused, match="404 Not Found: method not found"):
        await call.post("sendTelepathy")
    with pytest.raises(Refused, match='400 Bad Request: unknown parameter "colour" of sendMessage'):
        await call.post("sendMessage", data={"chat_id": wang.id, "text": "好", "colour": "red"})


async def test_a_wrong_token_is_refused_as_telegram_does(call: Caller) -> None:
    for token, status in (("100200:wrong", 401), ("nonsense", 404)):
        async with call.http.get(call.address("getMe", token)) as response:
            assert response.status == status
            assert (await response.json())["ok"] is False


@pytest.mark.parametrize("way", ["params", "data", "json", "multipart"])
async def test_every_way_to_send_fields_is_read(call: Caller, wang: Person, way: str) -> None:
    fields = {"chat_id": str(wang.id), "text": "好", "reply_markup": '{"remove_keyboard": true}'}
    if way == "multipart":
        body = aiohttp.FormData(fields, default_to_multipart=True)
        await call.post("SENDMESSAGE", data=body)
    elif way == "json":
        await call.post("sendMessage", json=fields | {"chat_id": wang.id, "reply_markup": {"remove_keyboard": True}})
    else:
        await call.post("sendmessage", **{way: fields})
    assert wang.last().text == "好"

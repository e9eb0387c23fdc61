"""Methods by which a bot hears: polling, the webhook, button presses."""

import re

from sandbox.calls import Arguments, Kind, method
from sandbox.errors import Json, bad_request, conflict
from sandbox.telegram import Telegram, Toast
from sandbox.updates import CALLBACK_KEPT_S, WEBHOOK_SET

TOAST_LIMIT = 200
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


@method()
def get_me(telegram: Telegram, _: Arguments) -> Json:
    return telegram.profile.as_user() | {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


@method(takes={"offset": Kind.INTEGER, "limit": Kind.INTEGER, "timeout": Kind.INTEGER, "allowed_updates": Kind.LIST})
async def get_updates(telegram: Telegram, call: Arguments) -> list[Json]:
    if telegram.webhook.url:
        raise conflict(WEBHOOK_SET)
    if "allowed_updates" in call:
        telegram.updates.allow(call["allowed_updates"])
    limit = min(max(call.get("limit", 100), 1), 100)
    return await telegram.updates.poll(call.get("offset", 0), limit, call.get("timeout", 0))


@method(
    needs={"url": Kind.TEXT},
    takes={
        "ip_address": Kind.TEXT,
        "max_connections": Kind.INTEGER,
        "allowed_updates": Kind.LIST,
        "drop_pending_updates": Kind.FLAG,
        "secret_token": Kind.TEXT,
    },
)
async def set_webhook(telegram: Telegram, call: Arguments) -> bool:
    url, secret = call["url"], call.get("secret_token", "")
    if url and not url.startswith(("http://", "https://")):
        raise bad_request("bad webhook: Failed to resolve host: Name or service not known")
    if not re.fullmatch(r"[\w-]{0,256}", secret, re.ASCII):
        raise bad_request("secret token contains unallowed characters")
    if "allowed_updates" in call:
        telegram.updates.allow(call["allowed_updates"])
    if call.get("drop_pending_updates"):
        telegram.updates.clear()
    telegram.updates.end_poll("terminated by setWebhook request")
    await telegram.webhook.set(url, secret, call.get("max_connections", 40))
    return True


@method(takes={"drop_pending_updates": Kind.FLAG})
async def delete_webhook(telegram: Telegram, call: Arguments) -> bool:
    if call.get("drop_pending_updates"):
        telegram.updates.clear()
    await telegram.webhook.set("", "", 40)
    return True


@method()
def get_webhook_info(telegram: Telegram, _: Arguments) -> Json:
    return telegram.webhook.info()


@method(
    needs={"callback_query_id": Kind.TEXT},
    takes={"text": Kind.TEXT, "show_alert": Kind.FLAG, "url": Kind.TEXT, "cache_time": Kind.INTEGER},
)
def answer_callback_query(telegram: Telegram, call: Arguments) -> bool:
    """A second answer is taken and ignored, as by Telegram."""
    query = telegram.callbacks.get(call["callback_query_id"])
    if query is None or telegram.clock() - query.asked_at > CALLBACK_KEPT_S:
        raise bad_request(TOO_OLD)
    text = call.get("text", "")
    if len(text) > TOAST_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG")
    if not query.is_answered:
        query.is_answered = True
        revision = telegram.touch(telegram.chat_of(query.account))
        if text:
            query.account.toasts.append(Toast(text, call.get("show_alert", False), revision))
    return True


@method()
def log_out(_: Telegram, __: Arguments) -> bool:
    return True


@method()
def close(_: Telegram, __: Arguments) -> bool:
    return True

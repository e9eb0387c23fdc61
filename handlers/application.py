"""The python-telegram-bot Application: the fund in its hands, every feature registered."""

from __future__ import annotations

from typing import Any

from telegram import Update
from telegram.ext import Application, ApplicationBuilder, ContextTypes, ExtBot

from carefund_bot.fund import Fund
from carefund_bot.transport.order import PersonalOrder
from handlers import FEATURES, menus
from handlers.context import FundContext, House
from handlers.routing import Router

FundApplication = Application[ExtBot[None], FundContext, dict[Any, Any], dict[Any, Any], House, Any]

ALLOWED_UPDATES = (Update.MESSAGE, Update.CALLBACK_QUERY, Update.MY_CHAT_MEMBER)
"""Always sent: an omitted list would keep whatever was set before."""

_SLOTS = 256
_POLL_CONNECTIONS = 4


def build_application(fund: Fund, token: str) -> FundApplication:
    """An Application on the configured Bot API server; the caller starts and stops it."""
    base_url = fund.settings.telegram.api_base_url
    application: FundApplication = (
        ApplicationBuilder()
        .token(token)
        .base_url(f"{base_url}/bot")
        .base_file_url(f"{base_url}/file/bot")
        .context_types(ContextTypes(context=FundContext, bot_data=House))
        .connection_pool_size(_SLOTS)
        .get_updates_connection_pool_size(_POLL_CONNECTIONS)
        .get_updates_read_timeout(40)
        .concurrent_updates(PersonalOrder(_SLOTS))
        .job_queue(None)
        .build()
    )
    application.bot_data.fund = fund
    application.bot_data.features = FEATURES
    Router(FEATURES).register(application)
    return application


async def introduce(application: FundApplication) -> None:
    """Menus and descriptions; once at each start."""
    await menus.introduce(application.bot, FEATURES, application.bot_data.fund.settings)

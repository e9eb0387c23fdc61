"""The python-telegram-bot Application: the fund in its hands, every feature registered."""

from __future__ import annotations

from typing import Any

from telegram.ext import Application, ApplicationBuilder, ContextTypes

from carefund_bot.fund import Fund
from carefund_bot.transport.bot import FundBot
from carefund_bot.transport.delivery import most_in_hand
from carefund_bot.transport.inbox import SLOTS
from carefund_bot.transport.pace import Pace
from carefund_bot.transport.request import AiohttpRequest
from handlers import FEATURES, menus
from handlers.context import FundContext, House
from handlers.routing import Router
from handlers.staff.notice_cards import NoticeCards

FundApplication = Application[FundBot, FundContext, dict[Any, Any], dict[Any, Any], House, Any]

_POLL_CONNECTIONS = 4


def build_application(fund: Fund, token: str) -> FundApplication:
    """An Application on the configured Bot API server; updates are fed to it by the transport."""
    telegram = fund.settings.telegram
    base_url, proxy = telegram.api_base_url, telegram.proxy_address
    bot = FundBot(
        token,
        base_url=f"{base_url}/bot",
        base_file_url=f"{base_url}/file/bot",
        rate_limiter=Pace(telegram.messages_per_second, telegram.replies_per_second),
        request=AiohttpRequest(SLOTS + most_in_hand(telegram.messages_per_second), proxy=proxy),
        get_updates_request=AiohttpRequest(_POLL_CONNECTIONS, proxy=proxy),
    )
    application: FundApplication = (
        ApplicationBuilder()
        .bot(bot)
        .updater(None)
        .context_types(ContextTypes(context=FundContext, bot_data=House))
        .job_queue(None)
        .build()
    )
    application.bot_data.fund = fund
    application.bot_data.features = FEATURES
    application.bot_data.cards = NoticeCards(bot, fund.notice_clock)
    Router(FEATURES).register(application)
    return application


async def introduce(application: FundApplication) -> None:
    """Menus and descriptions; once at each start."""
    await menus.introduce(application.bot, FEATURES, application.bot_data.fund.settings)

"""`codes`: one-time codes and start links as a file for the offices."""

from __future__ import annotations

import asyncio
import csv
from pathlib import Path
from typing import Annotated, TextIO

import typer
from rich.console import Console
from telegram import Bot
from telegram.error import TelegramError

from carefund_bot.access import OPERATOR
from carefund_bot.domain.funds import FUND_BY_CODE
from carefund_bot.errors import StartRefused
from carefund_bot.files.headers import RollKind
from carefund_bot.fund import Fund, open_fund
from carefund_bot.services.codes import IssuedCode
from carefund_bot.settings import Settings, load_settings
from commands.options import DEFAULT_CONFIG, ConfigOption, Roll
from commands.private_files import new_private_file

_EXCELS_UTF_8 = "utf-8-sig"
"""With the mark by which Excel knows it."""
_HEADER = ("编号", "姓名", "党支部、社区或学校", "绑定码", "链接", "有效期至")


def codes(
    roll: Annotated[Roll, typer.Argument(help="For whom.")],
    *,
    out: Annotated[Path, typer.Option("--out", help="The CSV file to make; one that exists is not written over.")],
    fund: Annotated[str | None, typer.Option("--fund", help="Only this fund: city, changshu, ...")] = None,
    renew: Annotated[
        bool, typer.Option("--renew", help="Also for those who hold a code that still works; the old one stops.")
    ] = False,
    bot_name: Annotated[
        str | None, typer.Option("--bot-name", help="The bot's user name for the links; else Telegram is asked.")
    ] = None,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Issue one-time codes for everybody on a roll whose chat is not bound yet. Keep the file as safe as the codes."""
    if fund is not None and fund not in FUND_BY_CODE:
        raise StartRefused(f"There is no fund '{fund}': the funds are {', '.join(FUND_BY_CODE)}.")
    settings = load_settings(config)

    async def work() -> int:
        name = bot_name or await ask_bot_name(settings)
        async with open_fund(settings) as opened:
            with new_private_file(out, encoding=_EXCELS_UTF_8) as file:
                return await _write(opened, file, RollKind(roll.value), fund_code=fund, renew=renew, bot_name=name)

    count = asyncio.run(work())
    Console(highlight=False, soft_wrap=True).print(f"{count:,} codes written to {out}.")


async def _write(fund: Fund, file: TextIO, kind: RollKind, *, fund_code: str | None, renew: bool, bot_name: str) -> int:
    sheet = csv.writer(file)
    sheet.writerow(_HEADER)
    count = last_id = 0
    while issued := await fund.codes.issue_next(OPERATOR, kind, after_id=last_id, fund=fund_code, renew=renew):
        sheet.writerows(_row(each, bot_name) for each in issued)
        file.flush()
        count += len(issued)
        last_id = issued[-1].id
    return count


def _row(issued: IssuedCode, bot_name: str) -> tuple[str, ...]:
    link = issued.start_link(bot_name)
    return (issued.number, issued.masked_name, issued.place, issued.printed, link, issued.expires_on.isoformat())


async def ask_bot_name(settings: Settings) -> str:
    """The bot's user name, from Telegram."""
    base_url = f"{settings.telegram.api_base_url}/bot"
    try:
        async with Bot(settings.telegram.read_token(), base_url=base_url) as bot:
            return bot.username
    except TelegramError as error:
        reason = type(error).__name__
    raise StartRefused(f"Telegram did not say the bot's name ({reason}): give it with --bot-name.")

"""`staff add`, `list`, `code`, `confirm`, `refuse`, `end`: colleagues, from the command line."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from carefund_bot.access import OPERATOR, STAFF_ROLES, Right, Role
from carefund_bot.domain.funds import AREAS, FUND_BY_CODE, area_named
from carefund_bot.domain.people import clean_name
from carefund_bot.errors import NotAllowed, SameHands, StartRefused
from carefund_bot.fund import open_fund
from carefund_bot.services.newcomers import Newcomer
from carefund_bot.services.staffing import Colleague, NewColleague
from carefund_bot.settings import Settings, load_settings
from commands.options import DEFAULT_CONFIG, ConfigOption

staff = typer.Typer(help="Colleagues and their rights: add, list, code, confirm, refuse, end.", no_args_is_help=True)
console = Console(highlight=False)

_ROLE_NAMES = ", ".join(role.value for role in STAFF_ROLES)
_FUND_CODES = ", ".join(FUND_BY_CODE)


@staff.command()
def add(
    name: Annotated[str, typer.Argument(help="The colleague's name; it is stored sealed.")],
    role: Annotated[list[str], typer.Option(help=f"Give it once or several times. One of: {_ROLE_NAMES}.")],
    fund: Annotated[str | None, typer.Option(help=f"Only this fund. One of: {_FUND_CODES}. Not said: all.")] = None,
    area: Annotated[str | None, typer.Option(help="Only this district or city, by its Chinese name.")] = None,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Add a colleague and print the one-time code that binds their chat. A second person then confirms the chat."""
    settings = load_settings(config)
    shown = clean_name(name)
    if not shown:
        raise StartRefused("The name is empty.")
    rights = [Right(_role(text), *_scope(fund, area)) for text in dict.fromkeys(role)]
    added = asyncio.run(_add(settings, shown, rights))
    console.print(f"Colleague {added.id} added.")
    _print_code(settings, added)


@staff.command("code")
def renew_code(
    staff_id: Annotated[int, typer.Argument(metavar="ID", help="The colleague's number, as `staff list` shows it.")],
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """A new code for a colleague with a new phone. Do not add them once more: two colleagues may check each other."""
    settings = load_settings(config)
    with _said_plainly(staff_id):
        _print_code(settings, asyncio.run(_renew_code(settings, staff_id)))


@staff.command("list")
def list_staff(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Colleagues and their rights; names are masked, a chat that waits for a second person is marked."""
    table = Table("id", "name", "role", "fund", "area", "chat")
    for one in asyncio.run(_colleagues(load_settings(config))):
        for right in one.rights:
            place = (right.fund or "all", right.area or "all")
            table.add_row(str(one.id), one.masked_name, right.role.value, *place, "waits" if one.waits else "")
    console.print(table if table.row_count else "There are no colleagues yet.")


@staff.command()
def confirm(
    staff_id: Annotated[int, typer.Argument(metavar="ID", help="The colleague's number, as `staff list` shows it.")],
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Open a colleague's chat that waits, where nobody on the staff could. Ask the colleague in person first."""
    confirmed = _decide(config, staff_id, is_theirs=True)
    console.print(f"The chat of {confirmed.masked_name} ({staff_id}) is open.")


@staff.command()
def refuse(
    staff_id: Annotated[int, typer.Argument(metavar="ID", help="The colleague's number, as `staff list` shows it.")],
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Unbind a chat that waits and is not the colleague's, where nobody on the staff could. Their rights stay."""
    refused = _decide(config, staff_id, is_theirs=False)
    console.print(f"The chat that waited as {refused.masked_name} ({staff_id}) is unbound. A new code: `staff code`.")


@staff.command()
def end(
    staff_id: Annotated[int, typer.Argument(metavar="ID", help="The colleague's number, as `staff list` shows it.")],
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """End all rights of a colleague and unbind their chat; what they did stays on record."""
    with _said_plainly(staff_id):
        ended = asyncio.run(_end(load_settings(config), staff_id))
    roles = ", ".join(right.role.value for right in ended.rights)
    console.print(f"Ended for {ended.masked_name} ({staff_id}): {roles}.")


async def _add(settings: Settings, name: str, rights: list[Right]) -> NewColleague:
    async with open_fund(settings) as fund:
        return await fund.staffing.add(OPERATOR, name, rights)


async def _renew_code(settings: Settings, staff_id: int) -> NewColleague:
    async with open_fund(settings) as fund:
        return await fund.staffing.renew_code(OPERATOR, staff_id)


def _decide(config: Path, staff_id: int, *, is_theirs: bool) -> Newcomer:
    """Say the second person's word on the chat that waits as this colleague's."""
    try:
        decided = asyncio.run(_say_whose(load_settings(config), staff_id, is_theirs=is_theirs))
    except SameHands:
        raise StartRefused(
            "There is an administrator or auditor for this: they send /newcomers in their own chat."
        ) from None
    if decided is None:
        raise StartRefused(f"No chat of colleague {staff_id} waits: `staff list` shows whose does.")
    return decided


async def _say_whose(settings: Settings, staff_id: int, *, is_theirs: bool) -> Newcomer | None:
    async with open_fund(settings) as fund:
        for waiting in await fund.newcomers.waiting(OPERATOR):
            if waiting.staff_id == staff_id:
                return await fund.newcomers.decide(OPERATOR, waiting.code_id, is_theirs=is_theirs)
    return None


async def _colleagues(settings: Settings) -> list[Colleague]:
    async with open_fund(settings) as fund:
        return await fund.staffing.colleagues(OPERATOR)


async def _end(settings: Settings, staff_id: int) -> Colleague:
    async with open_fund(settings) as fund:
        return await fund.staffing.end(OPERATOR, staff_id)


def _print_code(settings: Settings, colleague: NewColleague) -> None:
    console.print(f"One-time code of colleague {colleague.id}, good for {settings.linking.code_days} days:")
    console.print(f"\n    {colleague.code}\n")
    console.print(f"They open the bot in Telegram and send:  /start {colleague.code}")
    console.print(f"Or they open the link:  https://t.me/YOUR_BOT?start={colleague.code}")
    console.print("Their chat opens once an administrator or auditor has confirmed it: /newcomers.")
    console.print("Where there is nobody to do so, it opens at once.")


def _role(text: str) -> Role:
    for role in STAFF_ROLES:
        if role.value == text:
            return role
    raise StartRefused(f"There is no role '{text}'. The roles are: {_ROLE_NAMES}.")


def _scope(fund: str | None, area: str | None) -> tuple[str | None, str | None]:
    """Fund code and area name; an area names its fund by itself."""
    if fund is not None and fund not in FUND_BY_CODE:
        raise StartRefused(f"There is no fund '{fund}'. The funds are: {_FUND_CODES}.")
    if area is None:
        return fund, None
    found = area_named(area)
    if found is None or (fund is not None and found.fund.code != fund):
        fitting = ", ".join(one.name_zh for one in AREAS if fund in (None, one.fund.code))
        raise StartRefused(f"There is no area '{area}' here. The areas are: {fitting}.")
    return found.fund.code, found.name_zh


@contextmanager
def _said_plainly(staff_id: int) -> Iterator[None]:
    try:
        yield
    except NotAllowed:
        raise StartRefused(f"Colleague {staff_id} has no rights in force: `staff list` shows who has.") from None

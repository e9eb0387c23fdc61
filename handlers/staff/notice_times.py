"""When a notice shall go: a moment on a button, or one in plain words."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from carefund_bot.clock import shanghai_time
from carefund_bot.domain.typed_moments import NotMoment, read_moment
from carefund_bot.texts import notices as texts
from handlers.context import FundContext

_OFFERED: Final = ((0, 17), (1, 9), (1, 14))
"""Days from now and hours of the day that stand on buttons."""


def offered(context: FundContext) -> list[datetime]:
    """Those of them that are still to come."""
    now = _now(context)
    moments = ((now + timedelta(days=days)).replace(hour=hour, minute=0, second=0) for days, hour in _OFFERED)
    return [moment for moment in moments if moment > now]


async def pressed_time(context: FundContext, chosen: str, planned: int | None = None) -> int | None:
    """The offered or planned moment on a button, in Unix seconds; `None` once it has been said that it is none."""
    moments = {planned, *(int(moment.timestamp()) for moment in offered(context))}
    if chosen.isdecimal() and int(chosen) in moments:
        return int(chosen)
    await context.reply(texts.time_unclear(context.words))
    return None


async def typed_time(context: FundContext) -> int | None:
    """The moment in what was said, in Unix seconds; `None` once it has been said that it is unclear."""
    try:
        return int(read_moment(context.said, _now(context)).timestamp())
    except NotMoment:
        await context.reply(texts.time_unclear(context.words))
        return None


def _now(context: FundContext) -> datetime:
    return shanghai_time(context.fund.ground.now())

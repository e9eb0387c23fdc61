"""What words most likely mean, as far as handlers need to know it before they answer."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from carefund_bot.access import Actor
from carefund_bot.domain.cases import sounds_desperate
from carefund_bot.understanding.intents import Asker
from carefund_bot.understanding.verdicts import Flag
from handlers.context import FundContext

if TYPE_CHECKING:  # its tools take long to load: the bot answers before it reads
    from carefund_bot.understanding.reading import Reading


async def read(context: FundContext) -> Reading | None:
    """The message's words as they are understood; `None` where there are none, or nothing has been learned yet."""
    understanding = context.bot_data.understanding
    if understanding is None or not context.said:
        return None
    return await asyncio.to_thread(understanding.understand, context.said, asker_of(context.actor), context.today)


def asker_of(actor: Actor) -> Asker:
    """The side somebody asks from; a household's worry weighs more than a member's."""
    if actor.beneficiary_ids or actor.proxy_ids:
        return Asker.HOUSEHOLD
    return Asker.MEMBER if actor.member_id is not None else Asker.STRANGER


def tells_of(reading: Reading | None, flag: Flag) -> bool:
    """Whether a flag is raised: a low one, whatever the words most likely mean. A false alarm costs a kind sentence."""
    return reading is not None and flag in reading.flags


def is_distress(context: FundContext, reading: Reading | None) -> bool:
    """Read so, or said in so many words: whoever says that needs no reading."""
    return sounds_desperate(context.said) or tells_of(reading, Flag.URGENT_DISTRESS)


async def hears_distress(context: FundContext) -> bool:
    """For words that are kept as they are, and would otherwise not be read."""
    return is_distress(context, await read(context))

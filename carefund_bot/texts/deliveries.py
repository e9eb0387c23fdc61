"""How a queued message is worded: kind -> what it says, given the reader's words and the facts it was queued with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from carefund_bot.domain.notices import Letter
from carefund_bot.texts import everyone, households, members, notices
from carefund_bot.texts.words import Words


@dataclass(frozen=True, slots=True)
class Wording:
    """What a kind of message says; `protect` forbids forwarding and saving it."""

    say: Callable[[Words, Mapping[str, Any]], Markup]
    protect: bool = False


WORDINGS: dict[str, Wording] = {
    "slow_down": Wording(lambda words, _: everyone.slow_down(words)),
    "could_not_finish": Wording(lambda words, _: everyone.could_not_finish(words)),
    "payout_stage": Wording(households.stage_news, protect=True),
    "payout_withdrawn": Wording(households.withdrawn_news, protect=True),
    "moved_away": Wording(lambda words, facts: everyone.moved_away(words, facts["phone"])),
    "contribution_recorded": Wording(members.contribution_recorded),
    "contribution_reversed": Wording(members.contribution_reversed),
    "notice": Wording(lambda words, facts: notices.as_read(words, Letter(**facts))),
}

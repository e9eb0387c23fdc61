"""How a queued message is worded: kind -> what it says, given the reader's words and the facts it was queued with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from carefund_bot.domain.notices import Letter
from carefund_bot.texts import cases, changes, desk, everyone, households, members, newcomers, notice_runs, notices
from carefund_bot.texts.words import Words

Facts = Mapping[str, Any]
Key = tuple[Markup, str]
"""A button under a queued message: its label and the data it brings back."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What a kind of message says; `protect` forbids forwarding and saving it; `keys` stand below it in one row."""

    say: Callable[[Words, Facts], Markup]
    protect: bool = False
    keys: Callable[[Words, Facts], Sequence[Key]] = lambda _words, _facts: ()


def _answer_keys(words: Words, facts: Facts) -> Sequence[Key]:
    """Say more or close: buttons of handlers/everyone/my_cases.py."""
    number = facts["case_id"]
    return ((cases.add_label(words), f"cases:add:{number}"), (cases.close_label(words), f"cases:close:{number}"))


def _desk_keys(words: Words, facts: Facts) -> Sequence[Key]:
    """Open the case: a button of handlers/staff/answer_cases.py."""
    return ((desk.open_label(words), f"desk:look:{facts['case_id']}"),)


def _payee_keys(words: Words, facts: Facts) -> Sequence[Key]:
    """Stop a change: a button of handlers/households/stop_change.py."""
    if facts["news"] == "change_approved":
        return ((changes.stop_label(words), f"stop:change:{facts['change_id']}"),)
    return _proxy_keys(words, facts) if facts["what"] == "proxy" else ()


def _proxy_keys(words: Words, facts: Facts) -> Sequence[Key]:
    """End a proxy's mandate: a button of handlers/households/stop_change.py."""
    return ((changes.end_proxy_label(words), f"stop:proxy:{facts['change_id']}"),)


def _change_keys(words: Words, facts: Facts) -> Sequence[Key]:
    """Look at a change that waits, or give a proxy its code: buttons of handlers/staff."""
    if changes.is_ready_proxy(facts):
        return ((changes.proxy_code_label(words), f"proxycode:give:{facts['change_id']}"),)
    return ((desk.open_label(words), f"changes:look:{facts['change_id']}"),) if facts["state"] == "proposed" else ()


def _notice_keys(words: Words, facts: Facts) -> Sequence[Key]:
    """Look at a notice that waits for a person: a button of handlers/staff/run_notice.py."""
    return ((notice_runs.look_label(words), f"notices:card:{facts['notice_id']}"),)


def _newcomer_keys(words: Words, facts: Facts) -> Sequence[Key]:
    """Say whose a chat is: a button of handlers/staff/confirm_colleague.py."""
    return ((newcomers.look_label(words), f"newcomers:look:{facts['code_id']}"),) if facts["code_id"] else ()


def _begin_keys(words: Words, facts: Facts) -> Sequence[Key]:
    """Begin to work: a button of handlers/everyone/start_and_link.py."""
    return ((newcomers.begin_label(words), "link:begin"),) if facts["is_theirs"] else ()


WORDINGS: dict[str, Wording] = {
    "slow_down": Wording(lambda words, _: everyone.slow_down(words)),
    "could_not_finish": Wording(lambda words, _: everyone.could_not_finish(words)),
    "payout_stage": Wording(households.stage_news, protect=True),
    "payout_withdrawn": Wording(households.withdrawn_news, protect=True),
    "moved_away": Wording(lambda words, facts: everyone.moved_away(words, facts["phone"])),
    "contribution_recorded": Wording(members.contribution_recorded),
    "contribution_reversed": Wording(members.contribution_reversed),
    "case_answer": Wording(cases.answer_news, protect=True, keys=_answer_keys),
    "desk_news": Wording(desk.news, keys=_desk_keys),
    "notice_waits": Wording(lambda words, _: notice_runs.waits(words), keys=_notice_keys),
    "notice_stands": Wording(lambda words, _: notice_runs.stands(words), keys=_notice_keys),
    "change_for_payee": Wording(changes.payee_news, protect=True, keys=_payee_keys),
    "proxy_linked": Wording(changes.proxy_linked_news, keys=_proxy_keys),
    "proxy_ended": Wording(changes.proxy_ended_news),
    "change_for_staff": Wording(changes.staff_news, keys=_change_keys),
    "staff_news": Wording(newcomers.staff_news, keys=_newcomer_keys),
    "staff_word": Wording(newcomers.word_news, keys=_begin_keys),
    "notice": Wording(lambda words, facts: notices.as_read(words, Letter(**facts))),
}

"""After the storm: every act and every message is counted from the bot's database and Telegram's own log."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field

from carefund_bot.domain.money import Money
from carefund_bot.texts.words import words_in
from carefund_bot.transport.delivery import most_in_hand
from tests.chaos.chronicle import Shown
from tests.chaos.ledger import Act, Tap, is_acknowledged
from tests.chaos.storm import HELD, MESSAGES_PER_SECOND, Aftermath

IN_FLIGHT = most_in_hand(MESSAGES_PER_SECOND)
"""Sends under way at once if each takes long: a kill may leave so many messages uncertain."""
FINAL_STATES = frozenset({"sent", "failed", "unreachable", "uncertain", "cancelled", "held"})
REFUSALS = (
    "已经失效",
    "已有别人处理过",
    "用不了",
    "试的次数太多",
    "没有可以给您看的",
    "这句话我还不太会答",
    "您发得太快了",
)
EFFECTS = {
    Act.PLEDGE: "SELECT request_id, coalesce(each_fen, total_fen), count(*) FROM pledge GROUP BY request_id",
    Act.CHANGE: "SELECT request_id, 0, count(*) FROM pledge_event WHERE kind <> 'replaced' GROUP BY request_id",
    Act.GIFT: """
        SELECT remittance.request_id, sum(amount_fen), count(*)
          FROM remittance JOIN contribution ON remittance_id = remittance.id GROUP BY remittance.id
    """,
    Act.NOTICE: "SELECT request_id, 0, count(*) FROM notice GROUP BY request_id",
}


@dataclass(slots=True)
class Account:
    """One kind of act: how it went, and what is wrong (which should be nothing)."""

    tapped: int = 0
    done: int = 0
    acknowledged: int = 0
    refused: int = 0
    never_arrived: int = 0


@dataclass(slots=True)
class Count:
    """The whole count; `wrongs` says in words what must never be."""

    acts: dict[Act, Account] = field(default_factory=dict)
    updates: Counter[str] = field(default_factory=Counter)
    messages: dict[str, Counter[str]] = field(default_factory=dict)
    wrongs: list[str] = field(default_factory=list)


def take_count(after: Aftermath) -> Count:
    count = Count()
    with closing(sqlite3.connect(after.settings.store.database)) as db:
        _count_process(after, count)
        _count_updates(db, after, count)
        for act, effects in EFFECTS.items():
            _count_act(after, count, act, {row[0]: row[1:] for row in db.execute(effects)})
        _count_act(after, count, Act.LINK, _links(db, after, count))
        _count_told_gifts(db, count)
        _count_messages(db, after, count)
        _count_languages(db, after, count)
        _count_answers(db, after, count)
    return count


def _count_process(after: Aftermath, count: Count) -> None:
    if after.deaths:
        count.wrongs.append(f"the process ended by itself: {after.deaths}")
    if after.exit_code != 0:
        count.wrongs.append(f"asked to stop, the process ended with {after.exit_code}")


def _count_updates(db: sqlite3.Connection, after: Aftermath, count: Count) -> None:
    count.updates.update(dict(db.execute("SELECT state, count(*) FROM inbox GROUP BY state").fetchall()))
    count.updates["confirmed"] = len(after.sandbox.confirmed)
    count.updates["expired at Telegram"] = len(after.sandbox.expired)
    if after.sandbox.lost:
        count.wrongs.append(f"{len(after.sandbox.lost)} updates were confirmed before they were written down")
    if count.updates["waiting"]:
        count.wrongs.append(f"{count.updates['waiting']} updates wait")
    told = """
        SELECT count(*) FROM inbox
         WHERE state = 'set_aside' AND NOT EXISTS (SELECT 1 FROM outbox WHERE reference = 'set-aside:' || update_id)
    """
    if untold := db.execute(told).fetchone()[0]:
        count.wrongs.append(f"{untold} updates were set aside and nobody was told")


def _count_act(after: Aftermath, count: Count, act: Act, effects: dict[str, tuple[int, int]]) -> None:
    taps = {tap.request_id: tap for tap in after.ledger.taps.values() if tap.act is act}
    account = count.acts[act] = Account(tapped=len(taps), done=len(effects))
    for request_id in effects.keys() - taps.keys():
        count.wrongs.append(f"{act}: {request_id} was done and nobody tapped it")
    for request_id, tap in taps.items():
        shown = after.sandbox.shown[tap.user_id]
        was_acknowledged = is_acknowledged(tap, shown)
        account.acknowledged += was_acknowledged
        if request_id in effects:
            _check_effect(count, tap, *effects[request_id], was_acknowledged=was_acknowledged)
            if not was_acknowledged:
                count.wrongs.append(f"  asked {tap}; then {[each for each in shown if each.at >= tap.at][:6]}")
        elif was_acknowledged:
            count.wrongs.append(f"{act}: {request_id} was acknowledged and not done")
        elif _was_refused(tap, shown):
            account.refused += 1
        elif set(tap.update_ids) & after.sandbox.confirmed:
            count.wrongs.append(f"{act}: {request_id} was tapped and nothing came of it")
        else:
            account.never_arrived += 1


def _check_effect(count: Count, tap: Tap, fen: int, times: int, *, was_acknowledged: bool) -> None:
    if times != 1:
        count.wrongs.append(f"{tap.act}: {tap.request_id} was done {times} times")
    if not was_acknowledged:
        count.wrongs.append(f"{tap.act}: {tap.request_id} was done and never acknowledged")
    if fen and str(words_in("zh_CN").money(Money(fen))) not in tap.asked:
        count.wrongs.append(f"{tap.act}: {tap.request_id} is not the sum that was asked about")


def _was_refused(tap: Tap, shown: list[Shown]) -> bool:
    return any(each.at >= tap.at and any(words in each.text for words in REFUSALS) for each in shown)


def _links(db: sqlite3.Connection, after: Aftermath, count: Count) -> dict[str, tuple[int, int]]:
    """Each use of a code is one consent and one line of the audit, and was acknowledged."""
    used = {code_id for (code_id,) in db.execute("SELECT id FROM link_code WHERE used_at IS NOT NULL")}
    (consents,) = db.execute("SELECT count(*) FROM consent").fetchone()
    (audited,) = db.execute("SELECT count(*) FROM audit_event WHERE act = 'linked'").fetchone()
    effects: dict[str, tuple[int, int]] = {}
    for tap in after.ledger.taps.values():
        is_used = tap.act is Act.LINK and after.town.code_ids[tap.about] in used
        if is_used and is_acknowledged(tap, after.sandbox.shown[tap.user_id]):
            effects[tap.request_id] = (0, 1)
    acknowledged = {tap.about for tap in after.ledger.taps.values() if tap.request_id in effects}
    if not len(used) == consents == audited == len(acknowledged):
        count.wrongs.append(
            f"{Act.LINK}: {len(used)} codes used, {consents} consents, {audited} audited, {len(acknowledged)} acknowledged"
        )
    return effects


def _count_told_gifts(db: sqlite3.Connection, count: Count) -> None:
    untold = """
        SELECT count(*) FROM contribution
         WHERE NOT EXISTS (SELECT 1 FROM outbox WHERE reference = 'contribution:' || contribution.id)
    """
    if missing := db.execute(untold).fetchone()[0]:
        count.wrongs.append(f"{missing} contributions were recorded and the member was not told")


def _count_messages(db: sqlite3.Connection, after: Aftermath, count: Count) -> None:
    """By reader and kind: what Telegram accepted against what the outbox says."""
    accepted: Counter[tuple[int, str]] = Counter(
        (chat_id, each.kind)
        for chat_id, shown in after.sandbox.shown.items()
        for each in shown
        if each.kind is not None and not each.is_edit
    )
    rows: dict[tuple[int, str], Counter[str]] = {}
    states_of = f"""
        SELECT user_id, kind, iif(state = 'pending' AND {HELD}, 'held', state) AS ended, count(*)
          FROM outbox GROUP BY user_id, kind, ended
    """
    for user_id, kind, state, number in db.execute(states_of):
        rows.setdefault((user_id, kind), Counter())[state] = number
    for (user_id, kind), states in rows.items():
        total = count.messages.setdefault(kind, Counter())
        total.update(states)
        sent, uncertain, came = states["sent"], states["uncertain"], accepted[user_id, kind]
        total["accepted by Telegram"] += came
        total["uncertain, arrived"] += min(max(came - sent, 0), uncertain)
        total["twice"] += max(came - sent - uncertain, 0)
        if sent > came:
            count.wrongs.append(f"{kind}: {sent - came} messages are called sent and never came")
        if unfinished := set(states) - FINAL_STATES:
            count.wrongs.append(f"{kind}: messages are left {unfinished}")
    twice = sum(total["twice"] for total in count.messages.values())
    interrupted = db.execute("SELECT count(*) FROM outbox WHERE reason = 'interrupted'").fetchone()[0]
    count.updates["messages interrupted by a kill"] = interrupted
    if twice:
        count.wrongs.append(f"{twice} messages came twice")
    if restored := db.execute("SELECT count(*) FROM outbox WHERE reason = 'restored'").fetchone()[0]:
        count.wrongs.append(f"a crash was taken for a restored backup: {restored} messages wait for a person")
    if interrupted > IN_FLIGHT * after.kills.total():
        count.wrongs.append("more messages are uncertain than can have been under way")
    for user_id, kind in accepted.keys() - rows.keys() - {(0, "card")}:
        if kind != "card":
            count.wrongs.append(f"{kind}: a message came to {user_id} that the outbox does not know")
    _check_message_ids(db, after, count)


def _check_message_ids(db: sqlite3.Connection, after: Aftermath, count: Count) -> None:
    for user_id, message_id, number in db.execute(
        "SELECT user_id, message_id, count(*) FROM outbox WHERE state = 'sent' GROUP BY user_id, message_id"
    ):
        if number > 1 or message_id not in after.sandbox.telegram.chats[user_id].messages:
            count.wrongs.append(f"message {message_id} of {user_id} is claimed by {number} rows of the outbox")


def _count_languages(db: sqlite3.Connection, after: Aftermath, count: Count) -> None:
    """Whoever changed the language often has the one of the last change that was handled: order was kept."""
    for user_id, chosen in after.ledger.languages.items():
        marks = ",".join("?" * len(chosen))
        (last,) = db.execute(
            f"SELECT max(update_id) FROM inbox WHERE state = 'handled' AND update_id IN ({marks})",
            list(chosen),
        ).fetchone()
        (language,) = db.execute("SELECT language FROM account WHERE user_id = ?", (user_id,)).fetchone()
        if last is not None and language != chosen[last]:
            count.wrongs.append(f"{user_id} chose {chosen[last]} last and has {language}")


def _count_answers(db: sqlite3.Connection, after: Aftermath, count: Count) -> None:
    """Whoever only writes has at least one answer for each message that counts as handled."""
    for phone in (*after.town.households, *after.town.hasty):
        (handled,) = db.execute(
            "SELECT count(*) FROM inbox WHERE state = 'handled' AND user_id = ?", (phone.id,)
        ).fetchone()
        answers = sum(shown.kind is None and not shown.is_edit for shown in after.sandbox.shown[phone.id])
        if answers < handled:
            count.wrongs.append(f"{phone.name} wrote {handled} messages and has {answers} answers")

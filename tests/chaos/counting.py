"""After the storm: every act and every message is counted from the bot's database and Telegram's own log."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field

from carefund_bot.domain.money import Money
from carefund_bot.services.notice_steps import moment_id
from carefund_bot.texts.words import words_in
from carefund_bot.transport.delivery import most_in_hand
from tests.chaos.books import faults_in_books, sealer_of
from tests.chaos.chronicle import CARD, Shown
from tests.chaos.ledger import Act, Tap, is_acknowledged, is_told_as_done
from tests.chaos.storm import HELD, MESSAGES_PER_SECOND, Aftermath
from tests.chaos.strikes import Mishap
from tests.chaos.town import BEFORE

IN_FLIGHT = most_in_hand(MESSAGES_PER_SECOND)
"""Sends under way at once if each takes long: a kill leaves no more messages uncertain."""
BESIDE_THE_WIRE = IN_FLIGHT
"""Of these, so many may not be at Telegram at that moment: not sent yet, or answered and not marked yet."""
FINAL_STATES = frozenset({"sent", "failed", "unreachable", "uncertain", "cancelled", "held"})
REFUSALS = (
    "已经失效",
    "已有别人处理过",
    "用不了",
    "试的次数太多",
    "没有可以给您看的",
    "这句话我还不太会答",
    "您发得太快了",
    "由另一位同事来做",
    "您这一下没有起作用",
    "刚刚变了，没有建",
    "这份预览作废了",
    "没有产生任何变化",
    "您已经有 12 项认捐",
)
_STAFF = "JOIN link ON link.subject = 'staff' AND link.subject_id = event.staff_id"
EFFECTS = {
    Act.PLEDGE: "SELECT request_id, coalesce(each_fen, total_fen), count(*) FROM pledge GROUP BY request_id",
    Act.CHANGE: "SELECT request_id, 0, count(*) FROM pledge_event WHERE kind <> 'replaced' GROUP BY request_id",
    Act.GIFT: """
        SELECT remittance.request_id, sum(amount_fen), count(*)
          FROM remittance JOIN contribution ON remittance_id = remittance.id
         WHERE file_digest IS NULL GROUP BY remittance.id
    """,
    Act.LIST: """
        SELECT remittance.request_id, sum(amount_fen), count(DISTINCT remittance.id)
          FROM remittance JOIN contribution ON remittance_id = remittance.id
         WHERE file_digest IS NOT NULL GROUP BY remittance.request_id
    """,
    Act.ROLL: """
        SELECT 'roll:' || id, 0, count(*) FROM roll_import WHERE state = 'applied' AND staff_id IS NOT NULL GROUP BY id
    """,
    Act.NOTICE: "SELECT request_id, 0, count(*) FROM notice GROUP BY request_id",
    Act.NOTICE_STEP: """
        SELECT notice_id || '-' || step || ':' || request_id, 0, count(*) FROM notice_event
         WHERE step IN ('paused', 'resumed', 'cancelled', 'recalled') AND staff_id IS NOT NULL GROUP BY notice_id, request_id
    """,
    Act.CLAIM: f"""
        SELECT 'desk:claim:' || case_id || '@' || user_id, 0, count(*)
          FROM case_event AS event {_STAFF} WHERE kind = 'claimed' GROUP BY case_id
    """,
    Act.ANSWER: """
        SELECT request_id, 0, count(*) FROM case_event WHERE kind IN ('answered', 'asked_back') GROUP BY request_id
    """,
    Act.CLOSE: f"""
        SELECT iif(event.staff_id IS NULL, 'cases', 'desk') || ':close:' || case_id || '@'
               || iif(event.staff_id IS NULL,
                      (SELECT user_id FROM desk_case JOIN link USING (subject, subject_id) WHERE desk_case.id = case_id),
                      link.user_id), 0, count(*)
          FROM case_event AS event LEFT {_STAFF} WHERE kind = 'closed' GROUP BY case_id
    """,
    Act.RATE: "SELECT 'rate:' || case_id, 0, count(*) FROM case_event WHERE kind = 'rated' GROUP BY case_id",
    Act.REGISTER: "SELECT request_id, 0, count(*) FROM change_request GROUP BY request_id",
    Act.DECIDE: f"""
        SELECT 'changes:' || iif(state = 'approved', 'approve', 'refuse') || ':' || change_id || '@' || user_id, 0, count(*)
          FROM change_event AS event {_STAFF} WHERE state IN ('approved', 'refused') GROUP BY change_id
    """,
    Act.STOP: """
        SELECT 'stop:change:' || change_id || '@' || user_id, 0, count(*)
          FROM change_event JOIN change_request ON change_request.id = change_id
          JOIN link ON link.subject = 'beneficiary' AND link.subject_id = beneficiary_id
         WHERE state = 'stopped' GROUP BY change_id
    """,
    Act.BATCH: f"""
        SELECT event.request_id, (SELECT sum(amount_fen) FROM payment_line WHERE batch_id = event.batch_id), count(*)
          FROM batch_event AS event WHERE event.request_id NOT LIKE '{BEFORE}%' GROUP BY event.request_id
    """,
    Act.LINE: """
        SELECT event.request_id, amount_fen, count(*)
          FROM payment_event AS event JOIN payment_line AS line ON line.id = line_id GROUP BY event.request_id
    """,
}


def _closed(db: sqlite3.Connection, after: Aftermath) -> set[str]:
    """Clerk and asker may close the same question."""
    del after
    return {str(case_id) for (case_id,) in db.execute("SELECT case_id FROM case_event WHERE kind = 'closed'")}


def _gone_on(db: sqlite3.Connection, after: Aftermath) -> set[str]:
    """A notice's card shows every step, also another's and the clock's."""
    followed = db.execute(
        """
        SELECT notice_id, id FROM notice_event AS event
         WHERE id < (SELECT max(id) FROM notice_event WHERE notice_event.notice_id = event.notice_id)
        """
    )
    return {f"{notice_id}:{moment_id(sealer_of(after), notice_id, step_id)}" for notice_id, step_id in followed}


def _who_stopped(db: sqlite3.Connection, after: Aftermath) -> set[str]:
    """A household that stops two changes is told twice the same."""
    del after
    return {key.partition("@")[2] for key, *_ in db.execute(EFFECTS[Act.STOP])}


SETTLED = {Act.CLOSE: _closed, Act.NOTICE_STEP: _gone_on, Act.STOP: _who_stopped}
"""The matters in which the words of success are true though another tap did it; `_matter_of` a tap is one."""
SOMEBODY_IS_FIRST = (Act.CLOSE, Act.NOTICE_STEP)
"""Whoever comes second is shown how it stands and need not hear a refusal."""


def _matter_of(tap: Tap) -> str:
    """A question by its number, a notice at a moment, a household's changes."""
    if tap.act is Act.NOTICE_STEP:
        return f"{tap.key.partition('-')[0]}:{tap.request_id}"
    return str(tap.user_id) if tap.act is Act.STOP else tap.about


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
    interrupted: list[int] = field(default_factory=list)
    """How many messages each kill left uncertain."""
    wrongs: list[str] = field(default_factory=list)


def take_count(after: Aftermath) -> Count:
    count = Count()
    with closing(sqlite3.connect(after.settings.store.database)) as db:
        _count_process(after, count)
        _count_updates(db, after, count)
        for act in EFFECTS:
            count_act(db, after, count, act)
        _judge(after, count, Act.LINK, _links(db, after, count), set())
        count.acts = {act: count.acts[act] for act in Act}
        count.wrongs += faults_in_books(db, after)
        _count_messages(db, after, count)
        _count_choices(db, after, count)
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


def count_act(db: sqlite3.Connection, after: Aftermath, count: Count, act: Act) -> None:
    """Compare the taps of one kind with what the books say and with what their owners were told."""
    effects = {row[0]: row[1:] for row in db.execute(EFFECTS[act])}
    _judge(after, count, act, effects, SETTLED[act](db, after) if act in SETTLED else set())


def _judge(after: Aftermath, count: Count, act: Act, effects: dict[str, tuple[int, int]], settled: set[str]) -> None:
    taps = {key: tap for key, tap in after.ledger.taps.items() if tap.act is act}
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
        elif is_told_as_done(tap, shown) and _matter_of(tap) not in settled:
            count.wrongs.append(f"{act}: {request_id} was acknowledged and not done")
        elif _was_refused(tap, shown) or (act in SOMEBODY_IS_FIRST and _matter_of(tap) in settled):
            account.refused += 1
        elif set(tap.update_ids) & after.sandbox.confirmed:
            count.wrongs.append(f"{act}: {request_id} was tapped and nothing came of it")
        else:
            account.never_arrived += 1


def _check_effect(count: Count, tap: Tap, fen: int, times: int, *, was_acknowledged: bool) -> None:
    if times != 1:
        count.wrongs.append(f"{tap.act}: {tap.key} was done {times} times")
    if not was_acknowledged:
        count.wrongs.append(f"{tap.act}: {tap.key} was done and never acknowledged")
    if fen and str(words_in("zh_CN").money(Money(fen))) not in tap.asked:
        count.wrongs.append(f"{tap.act}: {tap.key} is not the sum that was asked about")


def _was_refused(tap: Tap, shown: list[Shown]) -> bool:
    return any(each.at >= tap.at and any(words in each.text for words in REFUSALS) for each in shown)


def _links(db: sqlite3.Connection, after: Aftermath, count: Count) -> dict[str, tuple[int, int]]:
    """Each use of a code is one consent, one line of the audit and one acknowledged tap.

    A question does not name its code, and one may be asked late: which code a tap used is not told apart here.
    """
    (used,) = db.execute("SELECT count(*) FROM link_code WHERE used_at IS NOT NULL AND subject <> 'staff'").fetchone()
    (consents,) = db.execute("SELECT count(*) FROM consent").fetchone()
    (audited,) = db.execute("SELECT count(*) FROM audit_event WHERE act = 'linked'").fetchone()
    taps = after.ledger.taps.values()
    effects = {
        tap.key: (0, 1)
        for tap in taps
        if tap.act is Act.LINK and is_acknowledged(tap, after.sandbox.shown[tap.user_id])
    }
    if not used == consents == audited == len(effects):
        count.wrongs.append(
            f"{Act.LINK}: {used} codes used, {consents} consents, {audited} audited, {len(effects)} acknowledged"
        )
    return effects


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
    if twice:
        count.wrongs.append(f"{twice} messages came twice")
    if restored := db.execute("SELECT count(*) FROM outbox WHERE reason = 'restored'").fetchone()[0]:
        count.wrongs.append(f"a crash was taken for a restored backup: {restored} messages wait for a person")
    _count_interrupted(after, count)
    for user_id, kind in accepted.keys() - rows.keys():
        if kind != CARD:
            count.wrongs.append(f"{kind}: a message came to {user_id} that the outbox does not know")
    _check_message_ids(db, after, count)


def _count_interrupted(after: Aftermath, count: Count) -> None:
    """Each kill leaves no more messages uncertain than were under way in that moment.

    A life that ends before it has looked leaves what it found to the next one: so the kill before may count too.
    """
    noticed = [*(death.interrupted_before for death in after.kills[1:]), after.sandbox.interrupted()]
    may_have_been = 0
    for death, then in zip(after.kills, noticed, strict=True):
        left, may_have_been_before = then - death.interrupted_before, may_have_been
        may_have_been = min(IN_FLIGHT, death.under_way + BESIDE_THE_WIRE)
        if death.mishap is Mishap.FULL_DISK:
            may_have_been += IN_FLIGHT  # sent, and nowhere to write it down
        count.interrupted.append(left)
        if left > max(may_have_been, may_have_been_before):
            count.wrongs.append(f"{left} messages are uncertain after one kill, {death.under_way} were at Telegram")


def _check_message_ids(db: sqlite3.Connection, after: Aftermath, count: Count) -> None:
    for user_id, message_id, number in db.execute(
        """
        SELECT user_id, message_id, count(*) FROM outbox
         WHERE state = 'sent' AND recall IS NOT 'done' GROUP BY user_id, message_id
        """
    ):
        if number > 1 or message_id not in after.sandbox.telegram.chats[user_id].messages:
            count.wrongs.append(f"message {message_id} of {user_id} is claimed by {number} rows of the outbox")
    for user_id, message_id in db.execute("SELECT user_id, message_id FROM outbox WHERE recall = 'done'"):
        if message_id in after.sandbox.telegram.chats[user_id].messages:
            count.wrongs.append(f"message {message_id} of {user_id} is called taken back and stands there")


def _count_choices(db: sqlite3.Connection, after: Aftermath, count: Count) -> None:
    """Whoever chose again and again has what was chosen by the last tap that was handled: order was kept."""
    language, topic = (
        "SELECT language FROM account WHERE user_id = ?",
        "SELECT iif(EXISTS (SELECT 1 FROM topic_off WHERE user_id = ? AND topic = 'fund_news'), 'off', 'on')",
    )
    for people, now in ((after.ledger.languages, language), (after.ledger.topics, topic)):
        for user_id, chosen in people.items():
            marks = ",".join("?" * len(chosen))
            (last,) = db.execute(
                f"SELECT max(update_id) FROM inbox WHERE state = 'handled' AND update_id IN ({marks})",
                list(chosen),
            ).fetchone()
            (has,) = db.execute(now, (user_id,)).fetchone()
            if last is not None and has != chosen[last]:
                count.wrongs.append(f"{user_id} chose {chosen[last]} last and has {has}")


def _count_answers(db: sqlite3.Connection, after: Aftermath, count: Count) -> None:
    """Whoever only writes has at least one answer for each message that counts as handled."""
    for phone in (*after.town.households, *after.town.hasty):
        (handled,) = db.execute(
            "SELECT count(*) FROM inbox WHERE state = 'handled' AND user_id = ?", (phone.id,)
        ).fetchone()
        answers = sum(shown.kind is None and not shown.is_edit for shown in after.sandbox.shown[phone.id])
        if answers < handled:
            count.wrongs.append(f"{phone.name} wrote {handled} messages and has {answers} answers")

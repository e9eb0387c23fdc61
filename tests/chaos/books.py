"""What must hold in the books after a storm, whoever tapped what: nothing paid twice, nobody forgotten, sums that fit."""

from __future__ import annotations

import re
import sqlite3

from carefund_bot.sealing import Sealer, read_key
from tests.chaos.storm import Aftermath
from tests.chaos.town import BEFORE

MUST_BE_EMPTY = {
    "a household has two living payments of one year": """
        SELECT line.beneficiary_id FROM payment_line AS line
         WHERE NOT EXISTS (SELECT 1 FROM batch_event WHERE batch_id = line.batch_id AND state = 'voided')
           AND coalesce((SELECT state FROM payment_event WHERE line_id = line.id ORDER BY id DESC LIMIT 1), '') <> 'cancelled'
         GROUP BY line.beneficiary_id, line.cycle_year, line.purpose HAVING count(*) > 1
    """,
    "a payout was made, checked and released by fewer than three": """
        SELECT batch_id FROM batch_event WHERE state IN ('planned', 'approved', 'instructed')
         GROUP BY batch_id HAVING count(DISTINCT staff_id) < count(*)
    """,
    "who sent money to the bank said what came of it": """
        SELECT batch_id FROM batch_event AS paid JOIN batch_event AS release USING (batch_id)
         WHERE paid.state = 'paid' AND release.state = 'instructed' AND paid.staff_id = release.staff_id
        UNION ALL
        SELECT line.id
          FROM payment_event AS event
          JOIN payment_line AS line ON line.id = event.line_id
          JOIN batch_event AS release ON release.batch_id = line.batch_id AND release.state = 'instructed'
         WHERE event.state IN ('paid', 'returned')
           AND event.staff_id = coalesce((SELECT staff_id FROM payment_event AS sent
                                           WHERE sent.line_id = line.id AND sent.state = 're_instructed'
                                             AND sent.id < event.id
                                           ORDER BY sent.id DESC LIMIT 1), release.staff_id)
    """,
    "a household did not hear of a step of its payout": f"""
        SELECT event.request_id, line.beneficiary_id
          FROM batch_event AS event
          JOIN payment_line AS line USING (batch_id)
          JOIN beneficiary ON beneficiary.id = line.beneficiary_id AND number < 'HU601000' -- the others move about
         WHERE event.request_id NOT LIKE '{BEFORE}%'
           AND NOT EXISTS (SELECT 1 FROM payment_event WHERE line_id = line.id) -- that one has news of its own
           AND NOT EXISTS (SELECT 1 FROM outbox
                            WHERE reference = 'payout:' || event.request_id || ':' || line.beneficiary_id)
    """,
    "a household did not hear what became of its payment": """
        SELECT event.id FROM payment_event AS event
         WHERE NOT EXISTS (SELECT 1 FROM outbox WHERE reference = 'payout-event:' || event.id)
    """,
    "a contribution was recorded and the member was not told": """
        SELECT id FROM contribution
         WHERE NOT EXISTS (SELECT 1 FROM outbox WHERE reference = 'contribution:' || contribution.id)
    """,
    "an answer was given and not sent": """
        SELECT id FROM case_event
         WHERE kind IN ('answered', 'asked_back')
           AND NOT EXISTS (SELECT 1 FROM outbox WHERE reference = 'case-answer:' || case_event.id)
    """,
    "where a question stands is not what happened to it": """
        SELECT case_id FROM case_now
         WHERE state IS NOT (SELECT CASE kind WHEN 'opened' THEN 'waiting' WHEN 'claimed' THEN 'in_hand' ELSE kind END
                               FROM case_event WHERE case_event.case_id = case_now.case_id AND kind <> 'rated'
                              ORDER BY id DESC LIMIT 1)
    """,
    "the household did not hear of its new account": """
        SELECT change_id FROM change_event
         WHERE state IN ('approved', 'in_force')
           AND NOT EXISTS (SELECT 1 FROM outbox
                            WHERE reference = 'change:' || change_id || ':change_' || change_event.state || ':payee')
    """,
    "an import is half done": "SELECT id FROM roll_import WHERE state = 'staging'",
    "a copy of a cancelled notice is still to go": """
        SELECT outbox.id FROM outbox
         WHERE state = 'pending'
           AND (SELECT step FROM notice_event WHERE notice_event.notice_id = outbox.notice_id ORDER BY id DESC LIMIT 1)
               IN ('cancelled', 'recalled')
    """,
}
TAKEN_IN = re.compile(r"^交给工作人员了。编号 (\d+)")


def sealer_of(after: Aftermath) -> Sealer:
    key = read_key(after.settings.store.key_file)
    assert key
    return Sealer(key)


def faults_in_books(db: sqlite3.Connection, after: Aftermath) -> list[str]:
    """In words, nothing if all is well."""
    faults = [
        f"{what}: {rows[:3]} and so on, {len(rows)}"
        for what, query in MUST_BE_EMPTY.items()
        if (rows := db.execute(query).fetchall())
    ]
    return faults + _faults_of_matters(db, after)


def _faults_of_matters(db: sqlite3.Connection, after: Aftermath) -> list[str]:
    """What was brought to the desk is there once, and its bringer knows its number."""
    faults = []
    sealer = sealer_of(after)
    heard: list[str] = []
    for (sealed,) in db.execute(
        "SELECT sealed FROM case_message JOIN case_event ON id = event_id WHERE staff_id IS NULL"
    ):
        heard.append(sealer.open("case_message", sealed)["words"])
    said = [words for matters in after.ledger.matters.values() for words in matters]
    faults += [f"{words} came to the desk {heard.count(words)} times" for words in set(heard) if heard.count(words) > 1]
    faults += [f"{words} came to the desk and nobody said it" for words in set(heard) - set(said)]
    for phone in after.town.askers:
        told = {int(found[1]) for shown in after.sandbox.shown[phone.id] if (found := TAKEN_IN.match(shown.text))}
        cases = db.execute(
            "SELECT desk_case.id FROM desk_case JOIN link USING (subject, subject_id) WHERE user_id = ?", (phone.id,)
        )
        if told != {number for (number,) in cases}:
            faults.append(f"{phone.name} knows of the matters {sorted(told)}, which are not those at the desk")
    return faults

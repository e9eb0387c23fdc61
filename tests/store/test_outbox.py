"""What is asked for each message costs the same however many people and messages there are."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from carefund_bot.domain.notices import Audience, Place, Reader, Step
from carefund_bot.store import notice_runs, notices, outbox, people
from carefund_bot.store.database import connect_writer
from carefund_bot.store.migrations import migrate
from carefund_bot.store.notices import Content
from tests.transport.deliveries import add_copy

ASKED: dict[str, Callable[[sqlite3.Connection], object]] = {
    "look": lambda db: outbox.due(db, 5, [1, 2]),
    "look at notices": lambda db: outbox.due(db, 5, range(1, 6)),
    "look for dry notices": outbox.forget_dry_notices,
    "mark": lambda db: outbox.mark_leaving(db, 3, 0),
    "settle": lambda db: outbox.settle(db, 3, "sent", None, 7, 0),
    "mark a recall": lambda db: outbox.mark_taking_back(db, 3),
    "let go of a chat": lambda db: db.execute("DELETE FROM link WHERE user_id = 3"),
}


def steps_of(path: Path, crowd: int, work: Callable[[sqlite3.Connection], object]) -> int:
    """How many steps SQLite takes, among so many people who have all been written to or wait for it."""
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    with closing(connect_writer(path)) as db:
        migrate(db)
        content = Content(audience=Audience((Reader.MEMBER,), Place()), text_zh="各位好", text_en=None)
        notice_id = notices.add(db, "r1", content, None, 0, alone_at_most=crowd)
        for number in range(1, crowd + 1):
            people.add_account(db, number, "zh_CN", 0)
            outbox.queue(db, f"old:{number}", number, "moved_away", b"", 0)
            outbox.queue(db, f"letter:{number}", number, "payout_stage", b"", 0, ("beneficiary", number))
            add_copy(db, notice_id, number)
        db.execute("INSERT INTO link VALUES (3, 'beneficiary', 3, NULL, 0)")
        db.execute("UPDATE outbox SET state = 'sent', recall = 'done' WHERE reference LIKE 'old:%' AND id > 5")
        notice_runs.add_step(db, "r1", notice_id, Step.STARTED, None, 0)
        db.set_progress_handler(count, 1)
        work(db)
    return steps


@pytest.mark.parametrize("work", ASKED.values(), ids=ASKED)
def test_no_more_people_make_it_dearer(tmp_path: Path, work: Callable[[sqlite3.Connection], object]) -> None:
    among_few, among_many = (steps_of(tmp_path / f"{crowd}.db", crowd, work) for crowd in (20, 400))
    assert among_few <= among_many < among_few * 1.2

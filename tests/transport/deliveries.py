"""A delivery worker on a real outbox and the sandbox's Telegram, without the rest of the bot."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from carefund_bot.domain.notices import Audience, Place, Reader, Step
from carefund_bot.fund import Fund
from carefund_bot.services.telling import tell_account
from carefund_bot.store import notice_runs, notices, outbox
from carefund_bot.store.notices import Content
from carefund_bot.transport.bot import FundBot
from carefund_bot.transport.delivery import FREE_PER_SECOND, Delivery
from carefund_bot.transport.pace import Pace
from carefund_bot.transport.request import AiohttpRequest, Timeouts
from sandbox import Person, Sandbox

ANSWER_WITHIN_S = 0.4

Row = tuple[str, str | None]


async def reader(fund: Fund, sandbox: Sandbox, name: str, *, language: str = "zh_CN") -> Person:
    """Somebody the bot has met and may write to."""
    person = sandbox.person(name)
    person._chat.is_open = True
    await fund.accounts.meet(person.id, language)
    return person


async def queue(fund: Fund, person: Person, reference: str, phone: str | None = "0512-0000-1234") -> None:
    """Queue one message; without a phone it is one that cannot be worded."""
    facts = {} if phone is None else {"phone": phone}
    await fund.ground.db.write(
        lambda db: tell_account(fund.ground, db, reference, person.id, "moved_away", **facts),
    )


def add_copy(db: sqlite3.Connection, notice_id: int, user_id: int) -> None:
    """A notice's copy for one reader, waiting."""
    db.execute(
        """
        INSERT INTO outbox (reference, user_id, kind, notice_id, lane, facts, queued_at, changed_at)
        VALUES (?,?,'notice',?,?,x'',0,0)
        """,
        (f"notice:{notice_id}:{user_id}", user_id, notice_id, outbox.OF_A_NOTICE),
    )


async def start_notice(fund: Fund, readers: Sequence[Person]) -> int:
    """A notice with a copy for each reader begins to flow; its id."""

    def write(db: sqlite3.Connection) -> int:
        content = Content(audience=Audience((Reader.MEMBER,), Place()), text_zh="各位好", text_en=None)
        notice_id = notices.add(db, "r1", content, None, 0, alone_at_most=len(readers))
        notice_runs.add_step(db, "r1", notice_id, Step.STARTED, None, 0)
        for person in readers:
            add_copy(db, notice_id, person.id)
        return notice_id

    notice_id = await fund.ground.db.write(write)
    fund.ground.bell.ring()
    return notice_id


@asynccontextmanager
async def broken_outbox(fund: Fund) -> AsyncIterator[None]:
    """Nothing can be read from the outbox or written to it inside this block."""
    await fund.ground.db.write(lambda db: db.execute("ALTER TABLE outbox RENAME TO outbox_elsewhere"))
    yield
    await fund.ground.db.write(lambda db: db.execute("ALTER TABLE outbox_elsewhere RENAME TO outbox"))


async def rows(fund: Fund) -> list[Row]:
    """(state, reason) of all that was ever queued."""
    return await fund.ground.db.read(
        lambda db: db.execute("SELECT state, reason FROM outbox ORDER BY id").fetchall(),
    )


async def ended(fund: Fund) -> list[Row]:
    """The same, once nothing is left to send."""
    async with asyncio.timeout(10):
        while any(state in ("pending", "sending") for state, _ in await rows(fund)):  # noqa: ASYNC110 - a database has no event
            await asyncio.sleep(0.01)
    return await rows(fund)


async def first_send(sandbox: Sandbox) -> None:
    """Return once the sandbox has taken a message in."""
    while not sandbox.calls["sendMessage"]:  # noqa: ASYNC110 - a counter has no event
        await asyncio.sleep(0.01)


@asynccontextmanager
async def worker(
    fund: Fund, sandbox: Sandbox, *, per_second: int = FREE_PER_SECOND
) -> AsyncIterator[tuple[Delivery, asyncio.Task[None]]]:
    """A worker that delivers inside this block, by a bot that waits less long for answers than the real one."""
    bot = FundBot(
        sandbox.token,
        base_url=f"{sandbox.url}/bot",
        request=AiohttpRequest(8, Timeouts(read=ANSWER_WITHIN_S)),
        rate_limiter=Pace(per_second),
    )
    delivery = Delivery(fund.delivering, fund.ground.bell, bot, per_second=per_second)
    async with bot:
        running = asyncio.create_task(delivery.run())
        try:
            yield delivery, running
        finally:
            delivery.stop()
            await asyncio.gather(running, return_exceptions=True)

"""Stopped while much waits, started without a network or behind a backlog, told to be silent for long: nothing is lost."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

from carefund_bot.fund import Fund, open_fund
from carefund_bot.services.pulse import read_beat
from carefund_bot.services.telling import tell_account
from carefund_bot.settings import Settings, load_settings
from carefund_bot.store import people
from sandbox import Person, hands
from sandbox.faults import flood, hang, server_error
from tests.chaos.bot_process import ROOT, BotProcess
from tests.chaos.chronicle import ChronicleSandbox
from tests.chaos.storm import write_config
from tests.chaos.town import bind_member

HANGS_ON_S = 10
"""The bot waits so long for an answer that does not come: whoever waits for it is late."""


@asynccontextmanager
async def process(folder: Path, config: Path) -> AsyncIterator[BotProcess]:
    bot = await BotProcess.open(config, folder / "bot.log")
    try:
        yield bot
    finally:
        await bot.close()


def write(sandbox: ChronicleSandbox, person: Person, text: str) -> None:
    """Say something and do not wait."""
    hands.write(sandbox.telegram, person.account, person._chat, text)


def ask(settings: Settings, sql: str) -> list[Any]:
    with closing(sqlite3.connect(settings.store.database)) as db:
        return db.execute(sql).fetchall()


async def until(settings: Settings, sql: str, *answer: object) -> None:
    async with asyncio.timeout(60):
        while ask(settings, sql) != [answer]:  # noqa: ASYNC110 - a database has no event
            await asyncio.sleep(0.02)


WAITING = "SELECT count(*) FROM inbox WHERE state = 'waiting'"
SENT = "SELECT count(*) FROM outbox WHERE state = 'sent'"
UNSENT = "SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending')"


async def test_stopped_while_much_waits_it_ends_in_time_and_the_next_start_does_the_rest(tmp_path: Path) -> None:
    async with ChronicleSandbox() as sandbox:
        config = write_config(tmp_path, sandbox, drain_timeout_s=1)
        settings = load_settings(config)
        crowd = [sandbox.person(f"人{number}") for number in range(200)]
        async with open_fund(settings) as fund:
            await queue_for(fund, [sandbox.person(f"读者{number}") for number in range(50)])
        sandbox.faults.every("sendMessage", hang())
        async with process(tmp_path, config) as bot:
            await bot.start()
            for person in crowd:
                write(sandbox, person, "/help")
            await until(settings, "SELECT count(*) FROM inbox", 200)
            assert await asyncio.wait_for(bot.stop(), HANGS_ON_S - 2) == 0
            assert ask(settings, WAITING) == [(200,)]
            sandbox.faults.clear()
            await bot.start()
            await until(settings, WAITING, 0)
            await until(settings, UNSENT, 0)
        assert all("/start" in person.last().text for person in crowd)
        came = sum(len(sandbox.person(f"读者{number}").chat) for number in range(50))
        states = dict(ask(settings, "SELECT state, count(*) FROM outbox GROUP BY state"))
        assert set(states) <= {"sent", "uncertain"}
        assert states["sent"] <= came <= 50


async def queue_for(fund: Fund, readers: list[Person]) -> None:
    def write_rows(db: sqlite3.Connection) -> None:
        for reader in readers:
            reader.has_pressed_start()
            people.add_account(db, reader.id, "zh_CN", fund.ground.now())
            tell_account(fund.ground, db, f"story:{reader.id}", reader.id, "moved_away", phone="0512-0000-1234")

    await fund.ground.db.write(write_rows)


async def sandbox_polled(sandbox: ChronicleSandbox) -> None:
    async with asyncio.timeout(60):
        while not sandbox.calls["getUpdates"]:  # noqa: ASYNC110 - a counter has no event
            await asyncio.sleep(0.02)


async def run_command(config: Path) -> Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "bot.py", "run", "--config", config, cwd=ROOT, stderr=-1
    )


async def test_without_a_network_it_waits_ends_when_asked_and_works_once_there_is_one(tmp_path: Path) -> None:
    async with ChronicleSandbox() as sandbox:
        config, port = write_config(tmp_path, sandbox), int(sandbox.url.rsplit(":", 1)[1])
        await sandbox.stop()
        waiting = await run_command(config)
        assert waiting.stderr
        while b"does not answer" not in await waiting.stderr.readline():
            pass
        waiting.terminate()
        assert await asyncio.wait_for(waiting.wait(), 10) == 0
        async with process(tmp_path, config) as bot:
            await bot.start()
            await asyncio.sleep(0.5)
            await sandbox.start(port=port)
            write(sandbox, sandbox.person("阿牛"), "/help")
            await sandbox_polled(sandbox)
            await until(load_settings(config), "SELECT state FROM inbox", "handled")
            assert await bot.stop() == 0
        assert "/start" in sandbox.person("阿牛").last().text


async def test_told_to_be_silent_for_an_hour_it_asks_no_more_and_the_act_is_done_once(tmp_path: Path) -> None:
    async with ChronicleSandbox() as sandbox:
        config = write_config(tmp_path, sandbox)
        settings, qin = load_settings(config), sandbox.person("秦兰")
        async with open_fund(settings) as fund:
            await fund.ground.db.write(lambda db: bind_member(db, fund, qin))
        async with process(tmp_path, config) as bot:
            await bot.start()
            for words in ("/pledge", "每月50，共6次"):
                write(sandbox, qin, words)
                await sandbox_answered(sandbox, qin)
            question = qin.last()
            (button,) = [
                button for button in question.all_buttons() if (button.data or "").startswith("pledge:confirm")
            ]
            sandbox.faults.every("sendMessage", flood(3_000))
            sandbox.faults.every("editMessageText", flood(3_000))
            before = sandbox.calls.copy()
            hands.press(sandbox.telegram, qin.account, question, button.data or "")
            write(sandbox, qin, "/help")
            await until(settings, "SELECT count(*) FROM pledge", 1)
            await asyncio.sleep(1)
            refused = sum((sandbox.calls - before)[method] for method in ("sendMessage", "editMessageText"))
            assert refused == 1
            assert ask(settings, WAITING) == [(2,)]
            bot.kill()
            sandbox.faults.clear()
            await bot.start()
            await until(settings, WAITING, 0)
            assert await bot.stop() == 0
        assert question.text.startswith("✅")
        assert "/start" in qin.last().text
        assert ask(settings, "SELECT count(*), sum(total_fen) FROM pledge") == [(1, 30_000)]


async def sandbox_answered(sandbox: ChronicleSandbox, person: Person) -> None:
    seen = len(sandbox.shown[person.id])
    async with asyncio.timeout(60):
        while len(sandbox.shown[person.id]) == seen:  # noqa: ASYNC110 - a list has no event
            await asyncio.sleep(0.02)


async def test_killed_it_sends_on_but_from_a_copy_taken_moments_before_it_sends_nothing(tmp_path: Path) -> None:
    backup = tmp_path / "backup.db"
    async with ChronicleSandbox() as sandbox:
        config = write_config(tmp_path, sandbox)
        settings, reader = load_settings(config), sandbox.person("秦兰")
        sandbox.faults.every("sendMessage", server_error(500))
        async with process(tmp_path, config) as bot:
            for life in (1, 2):
                bot.kill()
                await bot.start()
                await until_counted(settings, life)
            async with open_fund(settings) as fund:
                await queue_for(fund, [reader])
            with closing(sqlite3.connect(settings.store.database)) as db, closing(sqlite3.connect(backup)) as copy:
                db.backup(copy)
            sandbox.faults.clear()
            await until(settings, SENT, 1)
            await until_counted(settings, 3)
            bot.kill()
            for name in ("fund.db-wal", "fund.db-shm"):
                (tmp_path / name).unlink()
            backup.rename(settings.store.database)
            await bot.start()
            await until(settings, "SELECT state, reason FROM outbox", "uncertain", "restored")
        assert len(reader.chat) == 1


async def until_counted(settings: Settings, number: int) -> None:
    """Before the next minute counts anyway."""
    async with asyncio.timeout(30):
        while (read_beat(settings.store.beat_file) or 0) < number:  # noqa: ASYNC110 - a file has no event
            await asyncio.sleep(0.02)


async def test_who_writes_now_waits_neither_behind_old_updates_nor_behind_notices(tmp_path: Path) -> None:
    async with ChronicleSandbox() as sandbox:
        config = write_config(tmp_path, sandbox, messages_per_second=30)
        settings, newcomer = load_settings(config), sandbox.person("阿牛")
        async with open_fund(settings) as fund:
            await fund.ground.db.write(lambda db: write_backlog(db, fund), bulk=True)
        async with process(tmp_path, config) as bot:
            await bot.start()
            write(sandbox, newcomer, "/help")
            await sandbox_answered(sandbox, newcomer)
            ((updates,), (messages,)) = ask(settings, WAITING) + ask(settings, UNSENT)
            bot.kill()
    assert updates > 9_000
    assert messages > 99_000


def write_backlog(db: sqlite3.Connection, fund: Fund) -> None:
    """10,000 people wait for an answer, 100,000 for a message."""
    words = fund.ground.sealer.seal("outbox", {"phone": "0512-0000-1234"})
    for number in range(1, 10_001):
        message = {
            "message_id": 1,
            "date": 0,
            "text": "你好",
            "from": {"id": number, "is_bot": False, "first_name": "某"},
        }
        update = {"update_id": number, "message": message | {"chat": {"id": number, "type": "private"}}}
        db.execute(
            "INSERT INTO inbox (update_id, user_id, state, sealed, received_at, changed_at) VALUES (?,?,'waiting',?,0,0)",
            (number, number, fund.ground.sealer.seal("inbox", update)),
        )
    for number in range(1, 100_001):
        people.add_account(db, number, "zh_CN", 0)
        db.execute(
            "INSERT INTO outbox (reference, user_id, kind, facts, queued_at, changed_at) VALUES (?,?,'moved_away',?,0,0)",
            (f"story:{number}", number, words),
        )

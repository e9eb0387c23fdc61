"""A restored or copied database never speaks by itself; one that only crashed always goes on (F5)."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from carefund_bot.access import OPERATOR, Right, Role
from carefund_bot.domain.notices import Audience, Place, Reader, Step
from carefund_bot.errors import StartRefused
from carefund_bot.fund import Fund, open_fund
from carefund_bot.services.pulse import COUNTS_ANYWAY_AT, Waking, keep_beat, read_beat
from carefund_bot.services.telling import tell_account
from carefund_bot.settings import Settings
from carefund_bot.store import people
from carefund_bot.store.notices import Content
from handlers.serving import serving
from sandbox import Person, Sandbox
from tests.cast import QIN, write_cast
from tests.conftest import TurnableClock
from tests.handlers.notices import until
from tests.services.test_notices import bind

MEMBERS = Content(audience=Audience((Reader.MEMBER,), Place()), text_zh="各位好", text_en=None)
ALIVE = Waking(is_copy=False, notices=0, messages=0)


def copy_of(settings: Settings, folder: Path) -> Path:
    """A backup as docs/operations.md says."""
    backup = folder / "backup.db"
    with closing(sqlite3.connect(settings.store.database)) as db, closing(sqlite3.connect(backup)) as copy:
        db.backup(copy)
    return backup


def restore(settings: Settings, backup: Path) -> None:
    database = settings.store.database
    for each in (database, database.with_name("fund.db-wal"), database.with_name("fund.db-shm")):
        each.unlink(missing_ok=True)
    shutil.copyfile(backup, database)


@pytest.fixture
def qin(sandbox: Sandbox) -> Person:
    return sandbox.person("秦兰")


def hire_editor(fund: Fund, db: sqlite3.Connection) -> int:
    staff_id = people.add_staff(db, fund.ground.sealer.seal("staff", {"name": "编辑"}), 0)
    people.grant(db, staff_id, Right(Role.NOTICE_EDITOR), None, 0)
    return staff_id


async def write_letter(fund: Fund, qin: Person, reference: str = "one") -> None:
    await fund.ground.db.write(
        lambda db: tell_account(fund.ground, db, reference, qin.id, "moved_away", phone="0512-0000-1234")
    )


async def states(fund: Fund) -> list[tuple[str, str | None]]:
    return await fund.ground.db.read(lambda db: db.execute("SELECT state, reason FROM outbox ORDER BY id").fetchall())


async def test_the_number_counts_up_in_both_places(settings: Settings, clock: TurnableClock) -> None:
    file = settings.store.beat_file
    assert file == settings.store.key_file.with_name("fund.key.beat")
    async with open_fund(settings, clock=clock) as fund:
        assert await fund.pulse.wake() == ALIVE
        for _ in range(3):
            await fund.pulse.beat()
        assert read_beat(file) == 3
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.glob("*.unfinished")] == []
    async with open_fund(settings, clock=clock) as fund:
        assert await fund.pulse.wake() == ALIVE


async def test_it_counts_at_once_what_was_queued_and_each_minute_anyway(
    settings: Settings, clock: TurnableClock, qin: Person
) -> None:
    file = settings.store.beat_file
    async with open_fund(settings, clock=clock) as fund:
        await fund.accounts.meet(qin.id, "zh_CN")
        await fund.pulse.look()
        assert read_beat(file) == 1, "the start"
        await fund.pulse.look()
        assert read_beat(file) == 1, "nothing has happened"
        await write_letter(fund, qin)
        await fund.pulse.look()
        assert read_beat(file) == 2
        for _ in range(COUNTS_ANYWAY_AT - 3):
            await fund.pulse.look()
        assert read_beat(file) == 2
        await fund.pulse.look()
        assert read_beat(file) == 3


@pytest.mark.parametrize("killed", ["before the file", "after the file", "after the first commit", "much behind"])
async def test_killed_at_any_point_it_goes_on(
    settings: Settings, clock: TurnableClock, qin: Person, killed: str
) -> None:
    """The commit comes first and the file after it: between the two the file is behind, never ahead."""
    file = settings.store.beat_file
    async with open_fund(settings, clock=clock) as fund:
        await fund.accounts.meet(qin.id, "zh_CN")
        await write_letter(fund, qin)
        match killed:
            case "before the file":
                pass
            case "after the file":
                keep_beat(file, 0)
            case "after the first commit":
                await fund.pulse.beat()
                keep_beat(file, 0)
            case _:  # a folder that could not be written to for a while
                for _ in range(5):
                    await fund.pulse.beat()
                keep_beat(file, 2)
    async with open_fund(settings, clock=clock) as fund:
        assert await fund.pulse.wake() == ALIVE
        assert await states(fund) == [("pending", None)]


async def test_a_beat_that_finds_no_place_for_its_file_is_not_counted(
    settings: Settings, clock: TurnableClock, tmp_path: Path
) -> None:
    """Else the next start would find a database that has beaten, and no file."""
    settings = settings.model_copy(
        update={"store": settings.store.model_copy(update={"key_file": tmp_path / "keys" / "fund.key"})}
    )
    async with open_fund(settings, clock=clock) as fund:
        (tmp_path / "keys" / "fund.key").rename(tmp_path / "fund.key")
        (tmp_path / "keys").rmdir()
        with pytest.raises(FileNotFoundError):
            await fund.pulse.beat()
    (tmp_path / "keys").mkdir()
    (tmp_path / "fund.key").rename(tmp_path / "keys" / "fund.key")
    async with open_fund(settings, clock=clock) as fund:
        assert await fund.pulse.wake() == ALIVE


@pytest.mark.parametrize("then", ["it beats", "it is killed"])
async def test_a_restored_backup_says_nothing_by_itself(
    settings: Settings, clock: TurnableClock, qin: Person, tmp_path: Path, then: str
) -> None:
    async with open_fund(settings, clock=clock) as fund:
        cast = await write_cast(fund)
        await bind(fund, qin.id, "member", cast.members[QIN])
        await fund.pulse.wake()
        await fund.pulse.beat()
        flowing = await fund.notices.send(OPERATOR, "r1", MEMBERS)
        later = Content(
            audience=MEMBERS.audience, text_zh="各位好", text_en=None, due_at=fund.ground.now() + 3 * 86_400
        )
        scheduled = await fund.notices.send(OPERATOR, "r2", later)
        await write_letter(fund, qin)
        backup = copy_of(settings, tmp_path)
        await fund.pulse.beat()
    restore(settings, backup)
    held = Waking(is_copy=True, notices=2, messages=1)
    async with open_fund(settings, clock=clock) as fund:
        assert await fund.pulse.wake() == held
        if then == "it beats":
            await fund.pulse.beat()
    async with open_fund(settings, clock=clock) as fund:
        assert await fund.pulse.wake() == ALIVE, "it is the one that ran last now"
        assert await states(fund) == [("pending", None), ("uncertain", "restored")]
        steps = [(await fund.notices.progress(OPERATOR, each.notice.id)).step for each in (flowing, scheduled)]
        assert steps == [Step.PAUSED, Step.OVERDUE]
        assert await fund.delivering.look(5) == []
        assert await fund.notice_clock.start_due() == 0
        await write_letter(fund, qin, "after the restore")
        assert len(await fund.delivering.look(5)) == 1, "what is new goes"


async def test_a_copy_without_its_file_says_nothing_by_itself(
    settings: Settings, clock: TurnableClock, qin: Person, tmp_path: Path
) -> None:
    """On another machine, with the key from its safe place."""
    async with open_fund(settings, clock=clock) as fund:
        await fund.accounts.meet(qin.id, "zh_CN")
        await fund.pulse.beat()
        await write_letter(fund, qin)
        backup = copy_of(settings, tmp_path)
    elsewhere = settings.model_copy(
        update={
            "store": settings.store.model_copy(
                update={"database": tmp_path / "new" / "fund.db", "key_file": tmp_path / "new" / "fund.key"}
            )
        }
    )
    (tmp_path / "new").mkdir()
    shutil.copyfile(backup, elsewhere.store.database)
    shutil.copyfile(settings.store.key_file, elsewhere.store.key_file)
    for _ in range(2):  # the second time: killed before the file was there
        async with open_fund(elsewhere, clock=clock) as fund:
            assert (await fund.pulse.wake()).is_copy
            assert await states(fund) == [("uncertain", "restored")]
    async with open_fund(elsewhere, clock=clock) as fund:
        await fund.pulse.wake()
        await fund.pulse.beat()
    async with open_fund(elsewhere, clock=clock) as fund:
        assert await fund.pulse.wake() == ALIVE


async def test_a_backup_from_before_there_were_beats_is_one_too(
    settings: Settings, clock: TurnableClock, qin: Person, tmp_path: Path
) -> None:
    async with open_fund(settings, clock=clock) as fund:
        await fund.accounts.meet(qin.id, "zh_CN")
        await write_letter(fund, qin)
        backup = copy_of(settings, tmp_path)
        await fund.pulse.beat()
    restore(settings, backup)
    async with open_fund(settings, clock=clock) as fund:
        assert (await fund.pulse.wake()).is_copy


async def test_a_file_that_is_no_number_is_said_in_a_sentence(settings: Settings, clock: TurnableClock) -> None:
    settings.store.beat_file.write_text("seven")
    async with open_fund(settings, clock=clock) as fund:
        with pytest.raises(StartRefused, match=r"fund\.key\.beat"):
            await fund.pulse.wake()


async def test_the_bot_restored_sends_nothing_old_and_tells_the_editors(
    settings: Settings,
    clock: TurnableClock,
    sandbox: Sandbox,
    qin: Person,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    editor = sandbox.person("编辑")
    async with open_fund(settings, clock=clock) as fund:
        cast = await write_cast(fund)
        await bind(fund, qin.id, "member", cast.members[QIN])
        await bind(fund, editor.id, "staff", await fund.ground.db.write(lambda db: hire_editor(fund, db)))
        qin._chat.is_open = editor._chat.is_open = True
        await write_letter(fund, qin)
        await fund.notices.send(OPERATOR, "r1", MEMBERS)
    backup = copy_of(settings, tmp_path)
    async with open_fund(settings, clock=clock) as fund, serving(fund):
        await until_beaten(settings)
        await until(lambda: len(qin.chat) == 2)
    restore(settings, backup)
    async with open_fund(settings, clock=clock) as fund, serving(fund):
        await until(lambda: bool(editor.chat))
        assert "有一条通知停下来了" in editor.last().text
        assert (await states(fund))[:2] == [("uncertain", "restored"), ("pending", None)]
    assert len(qin.chat) == 2
    assert "restored or copied: 1 notices and 1 messages wait for a person" in caplog.text


async def test_a_backup_from_moments_before_a_stop_sends_nothing_again(
    settings: Settings, clock: TurnableClock, qin: Person, tmp_path: Path
) -> None:
    async with open_fund(settings, clock=clock) as fund, serving(fund):
        await fund.accounts.meet(qin.id, "zh_CN")
        qin._chat.is_open = True
        await until_beaten(settings)
        await write_letter(fund, qin)
        backup = copy_of(settings, tmp_path)
        await until(lambda: len(qin.chat) == 1)
    restore(settings, backup)
    async with open_fund(settings, clock=clock) as fund, serving(fund):
        assert await states(fund) == [("uncertain", "restored")]
    assert len(qin.chat) == 1


async def test_a_start_right_after_a_stop_is_no_restore(settings: Settings, clock: TurnableClock, qin: Person) -> None:
    for number in range(3):
        async with open_fund(settings, clock=clock) as fund, serving(fund):
            await fund.accounts.meet(qin.id, "zh_CN")
            qin._chat.is_open = True
            await write_letter(fund, qin, f"letter {number}")
    async with open_fund(settings, clock=clock) as fund:
        assert await fund.pulse.wake() == ALIVE
        assert {reason for _, reason in await states(fund)} == {None}


async def until_beaten(settings: Settings, number: int = 1) -> None:
    async with asyncio.timeout(10):
        while (read_beat(settings.store.beat_file) or 0) < number:  # noqa: ASYNC110 - a file has no event
            await asyncio.sleep(0.01)

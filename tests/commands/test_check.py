"""`check`: a plain verdict a line, an exit code for cron, and never the token."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot import front_door
from carefund_bot.access import OPERATOR
from carefund_bot.domain.funds import FUNDS
from carefund_bot.fund import open_fund
from carefund_bot.services.pulse import keep_beat
from carefund_bot.services.telling import tell_account
from carefund_bot.settings import Settings
from sandbox import Sandbox

PHONES = {fund.code: f"0512-1234-567{place}" for place, fund in enumerate(FUNDS)}


async def check(
    settings: Settings, tmp_path: Path, *, token: str | None = None, phones: Mapping[str, str] = PHONES
) -> Result:
    """The command as cron runs it, in a thread of its own, while the sandbox answers here."""
    config = tmp_path / "config.toml"
    config.write_text(
        f"""
        [telegram]
        token = '{token or settings.telegram.read_token()}'
        api_base_url = '{settings.telegram.api_base_url}'
        [store]
        database = '{settings.store.database}'
        key_file = '{settings.store.key_file}'
        """
        + "".join(f"\n[funds.{code}]\noffice_phone = '{phone}'" for code, phone in phones.items())
    )
    return await asyncio.to_thread(CliRunner().invoke, front_door(), ["check", "--config", str(config)])


async def make(settings: Settings) -> None:
    async with open_fund(settings):
        pass


def line(answer: Result, name: str) -> str:
    return next(text for text in answer.stdout.splitlines() if text.split()[1] == name)


async def test_all_is_well(settings: Settings, tmp_path: Path) -> None:
    await make(settings)
    answer = await check(settings, tmp_path)
    assert answer.exit_code == 0, answer.output
    assert [text.split()[:2] for text in answer.stdout.splitlines()] == [
        ["OK", name] for name in ("config", "office", "key", "database", "schema", "beat", "telegram")
    ]
    assert "@" in line(answer, "telegram")


async def test_before_the_first_start_nothing_is_missing_and_nothing_is_made(
    settings: Settings, tmp_path: Path
) -> None:
    answer = await check(settings, tmp_path)
    assert answer.exit_code == 0, answer.output
    assert "will be made" in line(answer, "database")
    assert not settings.store.database.exists()
    assert not settings.store.key_file.exists()


async def test_a_configuration_that_is_not_there_is_the_only_verdict(tmp_path: Path) -> None:
    answer = CliRunner().invoke(front_door(), ["check", "--config", str(tmp_path / "none.toml")])
    assert answer.exit_code == 1
    assert [text.split()[:2] for text in answer.stdout.splitlines()] == [["PROBLEM", "config"]]


async def test_a_lost_key(settings: Settings, tmp_path: Path) -> None:
    await make(settings)
    settings.store.key_file.unlink()
    answer = await check(settings, tmp_path)
    assert answer.exit_code == 1
    assert line(answer, "key").startswith("PROBLEM")
    assert "missing" in line(answer, "key")


async def test_a_wrong_key(settings: Settings, tmp_path: Path) -> None:
    await make(settings)
    settings.store.key_file.write_text("ab" * 32)
    answer = await check(settings, tmp_path)
    assert answer.exit_code == 1
    assert "not the one" in line(answer, "key")


async def test_a_key_that_others_may_read(settings: Settings, tmp_path: Path) -> None:
    await make(settings)
    settings.store.key_file.chmod(0o644)
    answer = await check(settings, tmp_path)
    assert answer.exit_code == 1
    assert "chmod 600" in line(answer, "key")


async def test_a_file_that_is_no_database(settings: Settings, tmp_path: Path) -> None:
    await make(settings)
    settings.store.database.write_text("a letter, not a database " * 50)
    answer = await check(settings, tmp_path)
    assert answer.exit_code == 1
    assert line(answer, "database").startswith("PROBLEM")


async def test_a_newer_database(settings: Settings, tmp_path: Path) -> None:
    await make(settings)
    with closing(sqlite3.connect(settings.store.database)) as db:
        db.execute("INSERT INTO migration VALUES (9999, 'from the future', 0)")
        db.commit()
    answer = await check(settings, tmp_path)
    assert answer.exit_code == 1
    assert "newer program" in line(answer, "schema")


async def test_a_restored_database_is_named_and_then_what_waits_in_it(settings: Settings, tmp_path: Path) -> None:
    async with open_fund(settings) as fund:
        await fund.accounts.meet(7, "zh_CN")
        await fund.ground.db.write(lambda db: tell_account(fund.ground, db, "one", 7, "moved_away", phone="1"))
    keep_beat(settings.store.beat_file, 5)
    answer = await check(settings, tmp_path)
    assert answer.exit_code == 1
    assert "restored or copied" in line(answer, "beat")
    async with open_fund(settings) as fund:
        await fund.pulse.wake()
    answer = await check(settings, tmp_path)
    assert answer.exit_code == 0
    assert "1 messages of a restored copy wait" in line(answer, "beat")
    async with open_fund(settings) as fund:
        await fund.notice_runs.decide_restored(OPERATOR, "r", again=False)
    assert "ran last" in line(await check(settings, tmp_path), "beat")


@pytest.mark.parametrize("token", ["110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"])
async def test_a_token_that_telegram_does_not_know(settings: Settings, tmp_path: Path, token: str) -> None:
    answer = await check(settings, tmp_path, token=token)
    assert answer.exit_code == 1
    assert "does not know this token" in line(answer, "telegram")
    assert token not in answer.output


async def test_a_server_that_does_not_answer(settings: Settings, sandbox: Sandbox, tmp_path: Path) -> None:
    nobody = settings.model_copy(
        update={"telegram": settings.telegram.model_copy(update={"api_base_url": "http://127.0.0.1:9"})}
    )
    answer = await check(nobody, tmp_path)
    assert answer.exit_code == 1
    assert "does not answer" in line(answer, "telegram")
    assert sandbox.token not in answer.output


async def test_an_invented_telephone_number_is_named(settings: Settings, tmp_path: Path) -> None:
    await make(settings)
    answer = await check(settings, tmp_path, phones={"city": "0512-1234-5678"})
    assert answer.exit_code == 1
    assert "funds.taicang.office_phone" in line(answer, "office")
    assert "funds.city" not in line(answer, "office")

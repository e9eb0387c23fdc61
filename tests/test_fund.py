"""Opening a fund: what is made at the first start, and what is said when it cannot be."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from carefund_bot.errors import StartRefused
from carefund_bot.fund import open_fund
from carefund_bot.settings import Settings


def settings_for(database: Path, key_file: Path) -> Settings:
    return Settings.model_validate({"store": {"database": database, "key_file": key_file}})


def modes_in(folder: Path) -> dict[str, int]:
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}


async def test_only_its_owner_may_read_the_database(tmp_path: Path) -> None:
    async with open_fund(settings_for(tmp_path / "fund.db", tmp_path / "fund.key")):
        modes = modes_in(tmp_path)
    assert modes == dict.fromkeys(("fund.db", "fund.db-wal", "fund.db-shm", "fund.key"), 0o600)


@pytest.mark.parametrize("wrong", ["not a database", "a folder", "a folder that cannot be made"])
async def test_a_database_that_cannot_be_opened_is_said_in_a_sentence(tmp_path: Path, wrong: str) -> None:
    database, key_file = tmp_path / "fund.db", tmp_path / "fund.key"
    key_file.write_text("00" * 32)
    if wrong == "not a database":
        database.write_bytes(b"junk" * 2000)
    elif wrong == "a folder":
        database.mkdir()
    else:
        database = key_file / "fund.db"
    with pytest.raises(StartRefused, match=r"store\.database"):
        async with open_fund(settings_for(database, key_file)):
            pass

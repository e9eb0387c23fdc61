"""`seed-demo` and `figures` as they are typed."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot import front_door
from carefund_bot.errors import StartRefused
from carefund_bot.sealing import Sealer, read_key
from carefund_bot.seeding import SMALL


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(front_door(), [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("seed") / "fund.db"
    assert run("seed-demo", path, "--scale", "small").exit_code == 0
    return path


@pytest.fixture(scope="module")
def figures(database: Path) -> dict[str, Any]:
    answer = run("figures", database, "--json")
    assert answer.exit_code == 0
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


def of_all(entries: list[dict[str, Any]], first_year: int, last_year: int) -> dict[str, Any]:
    return next(
        entry
        for entry in entries
        if (entry["fund"], entry["first_year"], entry["last_year"]) == ("all", first_year, last_year)
    )


def test_the_new_fund_is_whole_and_its_key_beside_it(database: Path) -> None:
    key = read_key(database.with_suffix(".key"))
    assert key is not None
    with closing(sqlite3.connect(database)) as db:
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert db.execute("SELECT value FROM meta WHERE key = 'key_check'").fetchone() == (Sealer(key).key_check(),)
    assert not list(database.parent.glob("*.unfinished*"))


def test_an_existing_file_is_left_alone(database: Path) -> None:
    before = database.read_bytes()
    answer = run("seed-demo", database)
    assert isinstance(answer.exception, StartRefused)
    assert "is there already" in str(answer.exception)
    assert database.read_bytes() == before


def test_a_named_key_is_used_again(tmp_path: Path, database: Path) -> None:
    key_file = database.with_suffix(".key")
    before = key_file.read_text()
    assert run("seed-demo", tmp_path / "second.db", "--key-file", key_file).exit_code == 0
    assert key_file.read_text() == before
    assert not (tmp_path / "second.key").exists()


def test_json_gives_counts_and_whole_fen(figures: dict[str, Any]) -> None:
    assert of_all(figures["participation"], 2010, 2011) == {
        "first_year": 2010,
        "last_year": 2011,
        "fund": "all",
        "gave": SMALL.givers,
        "on_list": SMALL.members,
        "listed_on": "2011-12-31",
        "percent": "96.1",
    }
    paid = of_all(figures["paid"], 2010, 2010)
    assert (paid["households"], paid["students"], paid["total_fen"]) == (195, 6, 258_000_00)
    assert figures["principal"][-1]["total_fen"] == 2_440_000_00


@pytest.mark.parametrize("block", ["raised", "participation", "paid", "principal"])
def test_every_total_adds_up_again(figures: dict[str, Any], block: str) -> None:
    tables: dict[object, list[dict[str, Any]]] = {}
    for entry in figures[block]:
        tables.setdefault((entry.get("first_year"), entry.get("last_year")), []).append(entry)
    for *rows, total in tables.values():
        numbers = [name for name, value in total.items() if type(value) is int and "year" not in name]
        assert {name: sum(row[name] for row in rows) for name in numbers} == {name: total[name] for name in numbers}
        for row in [*rows, total]:
            parts = sum(value for name, value in row.items() if name.endswith("_fen") and name != "total_fen")
            assert parts == row.get("total_fen", 0)


def test_a_person_who_gave_in_both_years_counts_once(figures: dict[str, Any]) -> None:
    each = [of_all(figures["participation"], year, year)["gave"] for year in (2010, 2011)]
    assert sum(each) > of_all(figures["participation"], 2010, 2011)["gave"] > max(each)


def test_the_tables_speak_in_yuan(database: Path) -> None:
    shown = run("figures", database).stdout
    assert "258,000" in shown
    assert "Zhangjiagang" in shown
    assert "96.1" in shown


def test_figures_need_no_key_and_write_nothing(database: Path, tmp_path: Path) -> None:
    alone = tmp_path / "alone.db"
    alone.write_bytes(database.read_bytes())
    assert run("figures", alone).exit_code == 0
    assert alone.read_bytes() == database.read_bytes()


def test_what_is_no_database_is_said_in_a_sentence(tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("not a database " * 100)
    for path, words in ((tmp_path / "none.db", "no database"), (letter, "not a database")):
        answer = run("figures", path)
        assert isinstance(answer.exception, StartRefused)
        assert words in str(answer.exception)


def corrected(database: Path, path: Path, *sentences: str) -> dict[str, Any]:
    """The figures after something more was written into a copy."""
    path.write_bytes(database.read_bytes())
    with closing(sqlite3.connect(path)) as db:
        for sentence in sentences:
            db.execute(sentence)
        db.commit()
    found: dict[str, Any] = json.loads(run("figures", path, "--json").stdout)
    return found


def test_a_reversed_gift_is_neither_raised_nor_counted(database: Path, tmp_path: Path, figures: dict[str, Any]) -> None:
    after = corrected(
        database,
        tmp_path / "reversed.db",
        """
        INSERT INTO contribution_reversal (contribution_id, request_id, reason, at)
        SELECT id, 'r' || id, 'entered twice', 0 FROM contribution WHERE member_id = 2
        """,
    )
    before_all, after_all = (of_all(found["participation"], 2010, 2011) for found in (figures, after))
    assert before_all["gave"] - after_all["gave"] == 1
    taken_back = sum(of_all(figures["raised"], year, year)["total_fen"] for year in (2010, 2011)) - sum(
        of_all(after["raised"], year, year)["total_fen"] for year in (2010, 2011)
    )
    assert taken_back == 200_00


def test_money_that_came_back_is_not_paid(database: Path, tmp_path: Path, figures: dict[str, Any]) -> None:
    after = corrected(
        database,
        tmp_path / "returned.db",
        """
        INSERT INTO payment_event (request_id, line_id, state, reason, staff_id, on_day, at)
        SELECT 'back', min(id), 'returned', 'closed', 1, '2010-09-02', 0 FROM payment_line
        """,
    )
    before_paid, after_paid = (of_all(found["paid"], 2010, 2010) for found in (figures, after))
    assert before_paid["households"] - after_paid["households"] == 1
    assert before_paid["total_fen"] - after_paid["total_fen"] == 1400_00

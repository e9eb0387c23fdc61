"""`import` and `codes` as a cron job or an operator runs them."""

from __future__ import annotations

import csv
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot import front_door
from carefund_bot.errors import StartRefused
from carefund_bot.files.headers import RollKind
from tests.services.rosters import CLEAN, MESSY

MEMBERS = RollKind.MEMBERS


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    path = tmp_path / "config.toml"
    path.write_text(f"[store]\ndatabase = '{tmp_path}/fund.db'\nkey_file = '{tmp_path}/fund.key'\n", encoding="utf-8")
    return path


def run(config: Path, *arguments: str | Path) -> Result:
    return CliRunner().invoke(front_door(), [*map(str, arguments), "--config", str(config)])


def count(config: Path, table: str) -> int:
    with closing(sqlite3.connect(config.with_name("fund.db"))) as db:
        (number,) = db.execute(f"SELECT count(*) FROM {table}").fetchone()
        return int(number)


def test_import_applies_and_reports(config: Path) -> None:
    result = run(config, "import", "members", CLEAN[MEMBERS])
    assert (result.exit_code, count(config, "member_version")) == (0, 120)
    assert "党员名册已更新：新增 120，更新 0，不变 0，退出 0。" in result.output
    again = run(config, "import", "members", CLEAN[MEMBERS])
    assert (again.exit_code, "一模一样（120 行）" in again.output) == (0, True)


def test_a_dry_run_writes_nothing(config: Path) -> None:
    result = run(config, "import", "members", CLEAN[MEMBERS], "--dry-run")
    assert (result.exit_code, count(config, "roll_import"), count(config, "member")) == (0, 0, 0)
    assert "新增 120" in result.output
    assert "什么也没有写" in result.output


def test_a_refused_file_gives_its_report_and_exit_code_2(config: Path) -> None:
    result = run(config, "import", "households", MESSY[RollKind.HOUSEHOLDS])
    assert (result.exit_code, count(config, "beneficiary_version")) == (2, 0)
    assert result.output.splitlines() == [
        "家庭名册没有导入：40 行里有 6 行要改。名册一点没动。",
        "",
        "• 第 5 行“身份证号码”：身份证号对不上校验位，可能抄错了一位。请照证件核对。",
        "• 第 6 行“困难类别”：困难类别要写全称：低保户。",
        "• 第 8 行“社会保障卡号”：卡号和第 7 行一样。一个账户只能收一户的钱，请核对。",
        "• 第 10 行“身份证号码”：身份证号和第 9 行一样。一个人只能在一户里，请核对。",
        "• 第 14 行“户主姓名”：没有填。请补上。",
        "• 第 15 行“户编号”：像是公式，不是文字。请改成这一格本来的内容，开头不要有 = + - @。",
        "",
        "改好后把整份文件再发一次就行。",
    ]


def test_the_wrong_kind_of_file_is_refused_in_a_sentence(config: Path) -> None:
    result = run(config, "import", "students", CLEAN[MEMBERS])
    assert (result.exit_code, len(result.output.splitlines())) == (2, 1)


def test_those_missing_may_be_kept(config: Path, tmp_path: Path) -> None:
    run(config, "import", "members", CLEAN[MEMBERS])
    part = tmp_path / "part.csv"
    lines = CLEAN[MEMBERS].read_text(encoding="utf-8-sig").splitlines(keepends=True)
    part.write_text("".join(lines[:100]) + lines[100].replace("支部", "支部A"), encoding="utf-8")
    result = run(config, "import", "members", part, "--keep-missing")
    assert "更新 1，不变 99，退出 0" in result.output


def test_codes_are_a_file_for_its_owners_eyes_only(config: Path, tmp_path: Path) -> None:
    run(config, "import", "members", CLEAN[MEMBERS])
    out = tmp_path / "codes.csv"
    result = run(config, "codes", "members", "--out", out, "--bot-name", "care_bot", "--fund", "changshu")
    assert result.exit_code == 0
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == CLEAN[MEMBERS].read_text(encoding="utf-8-sig").count(",常熟市,常熟市,")
    code = rows[0]["绑定码"].replace("-", "")
    assert rows[0]["链接"] == f"https://t.me/care_bot?start={code}"
    assert rows[0]["姓名"].count("*") >= 1


def test_codes_never_write_over_a_file(config: Path, tmp_path: Path) -> None:
    out = tmp_path / "codes.csv"
    out.write_text("precious")
    result = run(config, "codes", "members", "--out", out, "--bot-name", "care_bot")
    assert isinstance(result.exception, StartRefused)
    assert out.read_text() == "precious"


def test_codes_that_cannot_be_issued_leave_no_file(config: Path, tmp_path: Path) -> None:
    run(config, "import", "members", CLEAN[MEMBERS])
    next(tmp_path.glob("*.key")).unlink()
    out = tmp_path / "codes.csv"
    result = run(config, "codes", "members", "--out", out, "--bot-name", "care_bot")
    assert isinstance(result.exception, StartRefused)
    assert not out.exists()


def test_an_unknown_fund_is_named(config: Path, tmp_path: Path) -> None:
    result = run(config, "codes", "members", "--out", tmp_path / "codes.csv", "--fund", "suzhou")
    assert isinstance(result.exception, StartRefused)
    assert "'suzhou'" in str(result.exception)

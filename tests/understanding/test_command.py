"""`bot.py understand`: JSON lines in, JSON lines out."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from carefund_bot.errors import StartRefused
from carefund_bot.understanding.reading import Understanding
from commands.understand import write_readings
from tests.understanding.conftest import TODAY

ROOT = Path(__file__).parents[2]


def read(understanding: Understanding, *lines: str, explain: bool = False) -> list[dict[str, Any]]:
    out = io.StringIO()
    write_readings(lines, out, understanding, TODAY, explain=explain)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_one_line_in_one_line_out(understanding: Understanding) -> None:
    found = read(understanding, '{"text": "我想每个月捐50"}\n', "\n", '{"text": "去年7月捐的收据", "role": "member"}\n')
    assert [set(one) for one in found] == [{"text", "intent", "confidence", "slots", "top", "tier"}] * 2
    assert found[0]["slots"] == {"amount": 50, "frequency": "monthly"}
    assert found[1]["slots"] == {"date": "2025-07"}
    assert found[0]["top"][0] == found[0]["intent"] == "pledge_new"


def test_why_is_added_when_asked_for(understanding: Understanding) -> None:
    (found,) = read(understanding, '{"text": "钱呢"}', explain=True)
    assert len(found["why"]["phrases"]) == 3


@pytest.mark.parametrize("line", ["钱呢", "[]", '{"words": "钱呢"}', '{"text": 5}', '{"text": "钱呢", "role": "king"}'])
def test_a_line_that_is_no_such_object_is_named_by_number_only(understanding: Understanding, line: str) -> None:
    with pytest.raises(StartRefused, match="Line 2") as refusal:
        read(understanding, '{"text": "你好"}', line)
    assert "钱" not in str(refusal.value)


def test_the_front_door_knows_the_command(tmp_path: Path) -> None:
    asked = tmp_path / "asked.jsonl"
    asked.write_text('{"text": "下个月捐200"}\n', encoding="utf-8")
    command = [sys.executable, "bot.py", "understand", str(asked), "--today", "2026-06-15"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert json.loads(said)["slots"] == {"amount": 200, "date": "2026-07"}

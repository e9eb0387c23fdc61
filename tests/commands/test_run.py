"""`run` as a supervisor sees it: it polls before it is loaded, and ends when asked."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from carefund_bot.settings import Settings
from sandbox import Sandbox

ROOT = Path(__file__).parent.parent.parent


async def test_it_ends_when_asked_while_its_first_poll_is_under_way(
    sandbox: Sandbox, settings: Settings, tmp_path: Path
) -> None:
    config = tmp_path / "config.toml"
    config.write_text(
        f'[telegram]\ntoken = "{sandbox.token}"\napi_base_url = "{sandbox.url}"\n'
        f'[store]\ndatabase = "{settings.store.database}"\nkey_file = "{settings.store.key_file}"\n'
    )
    bot = await asyncio.create_subprocess_exec(
        sys.executable, "bot.py", "run", "--config", config, cwd=ROOT, stderr=asyncio.subprocess.PIPE
    )
    assert bot.stderr is not None
    while (line := await bot.stderr.readline()) and b"serving" not in line:
        pass
    assert line, "it ended by itself"
    assert not sandbox.telegram.updates.is_idle
    bot.terminate()
    said = await bot.stderr.read()
    assert (await bot.wait(), b"Traceback" in said) == (0, False)

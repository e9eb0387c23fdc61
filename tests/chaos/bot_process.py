"""Start, kill and stop the bot's process."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import sys
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from pathlib import Path

from tests.chaos.runner import NO_LIFE_BEFORE

ROOT = Path(__file__).parent.parent.parent
KILLED = -signal.SIGKILL


class BotProcess:
    """One life after another; `deaths` holds how those ended that nobody killed."""

    def __init__(self, runner: Process, config: Path) -> None:
        self._runner = runner
        self._config = config
        self._pid = 0
        self._is_killed = False
        self.deaths: list[int] = []

    @classmethod
    async def open(cls, config: Path, log: Path) -> BotProcess:
        return cls(
            await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "tests.chaos.runner",
                log,
                cwd=ROOT,
                env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},  # a fork takes no threads along
                stdin=PIPE,
                stdout=PIPE,
            ),
            config,
        )

    async def start(self, *, clock_ahead_s: float = 0, config: Path | None = None) -> None:
        """Begin a life, with another configuration if one is given; the one before must be over or ending."""
        self._pid, status = await self._tell(f"{clock_ahead_s} {config or self._config}")
        if status not in {KILLED, NO_LIFE_BEFORE} or (status == KILLED and not self._is_killed):
            self.deaths.append(status)
        self._is_killed = False

    def kill(self) -> bool:
        """End it as a power cut would; false if that has happened already."""
        if self._is_killed or not self._pid:
            return False
        self._is_killed = True
        with suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)
        return True

    def fill_disk(self, *, is_full: bool) -> None:
        """Let no file of the process take another byte, or all of them again: the kernel refuses, as on a full disk.

        Only Linux can do so to another process.
        """
        if hasattr(resource, "prlimit") and self._pid and not self._is_killed:
            unlimited = resource.RLIM_INFINITY
            with suppress(ProcessLookupError):
                resource.prlimit(self._pid, resource.RLIMIT_FSIZE, (0 if is_full else unlimited, unlimited))

    async def stop(self) -> int:
        """End it as an operator would; its exit code."""
        os.kill(self._pid, signal.SIGTERM)
        _, status = await self._tell("end")
        self._pid = 0
        return status

    async def close(self) -> None:
        self.kill()
        if self._runner.stdin:
            self._runner.stdin.close()
        await self._runner.wait()

    async def _tell(self, line: str) -> tuple[int, int]:
        assert self._runner.stdin
        assert self._runner.stdout
        self._runner.stdin.write(f"{line}\n".encode())
        pid, status = (await self._runner.stdout.readline()).split()
        return int(pid), int(status)

"""Programs under test: started on a core of their own, asked what they used, stopped."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote
from urllib.request import urlopen

from benchmarks.fake_api import Load

BOT_CORE: Final = 0
API_CORE: Final = 1
ROOT: Final = Path(__file__).parent.parent
_TICK_S: Final = 1 / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Program:
    """A running process."""

    process: subprocess.Popen[bytes]
    started_at: float

    def cpu_s(self) -> float:
        """Seconds of processor it and its threads have used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) * _TICK_S

    def resident_mb(self) -> float:
        """Megabytes of memory it holds."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


@contextmanager
def program(core: int, *arguments: str, environment: dict[str, str] | None = None) -> Iterator[Program]:
    """Run `python ARGUMENTS` from the project's root, on one core if the machine has it."""
    cores = {core} & os.sched_getaffinity(0) or os.sched_getaffinity(0)
    started_at = time.monotonic()
    process = subprocess.Popen(  # noqa: S603 - our own programs
        [sys.executable, *arguments],
        cwd=ROOT,
        env=os.environ | (environment or {}),
        stdout=subprocess.DEVNULL,
        stderr=None if os.environ.get("BENCH_LOUD") else subprocess.DEVNULL,
        preexec_fn=lambda: os.sched_setaffinity(0, cores),  # noqa: PLW1509 - nothing threaded is running here
    )
    try:
        yield Program(process, started_at)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class Api:
    """The fake Bot API, from outside."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"

    def begin(self, load: Load) -> None:
        """Start a new load and forget the last."""
        self._get(f"/load?{quote(json.dumps(asdict(load)))}")

    def report(self) -> dict[str, Any]:
        """What came of the load so far."""
        told: dict[str, Any] = self._get("/report")["result"]
        return told

    def wait_for(self, what: str, at_least: float, timeout_s: float) -> None:
        """Return once a number of the report is large enough, or time is up."""
        deadline = time.monotonic() + timeout_s
        while self._get("/progress")["result"][what] < at_least and time.monotonic() < deadline:
            time.sleep(0.02)

    def _get(self, path: str) -> Any:
        with urlopen(self.url + path, timeout=30) as answer:  # noqa: S310 - loopback
            return json.load(answer)


@contextmanager
def fake_api() -> Iterator[Api]:
    """A fresh fake Bot API on the other core."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with program(API_CORE, "-m", "benchmarks.fake_api", str(port)):
        api = Api(port)
        for _ in range(100):
            try:
                api.report()
            except OSError:
                time.sleep(0.05)
            else:
                break
        yield api

"""Pin the dependencies with hashes and without any index's address. `--check` changes nothing and fails if stale."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
LOCKS = {
    "requirements-dev.lock": ["--extra", "encoder", "--extra", "dev"],
    "requirements.lock": ["--extra", "encoder", "--constraint", "requirements-dev.lock"],
}
"""What runs for real is what the tests ran with: the second lock follows the first."""

COMMAND = [
    *(sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml", "--universal", "--python-version", "3.11"),
    *("--generate-hashes", "--no-emit-index-url", "--no-header", "--no-annotate", "--quiet"),
]


def compiled(lock: Path, extra: list[str], target: Path) -> str:
    """The lock as it would be now; pins that still fit are kept."""
    if lock.exists():
        target.write_text(lock.read_text(encoding="utf-8"), encoding="utf-8")
    subprocess.run([*COMMAND, *extra, "-o", str(target)], cwd=ROOT, check=True)  # noqa: S603 - our own words
    return target.read_text(encoding="utf-8")


def main() -> int:
    stale = []
    with tempfile.TemporaryDirectory() as folder:
        for name, extra in LOCKS.items():
            lock = ROOT / name
            if "--check" not in sys.argv:
                compiled(lock, extra, lock)
            elif compiled(lock, extra, Path(folder) / name) != lock.read_text(encoding="utf-8"):
                stale.append(name)
    for name in stale:
        print(f"{name} no longer fits pyproject.toml: run make lock")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())

"""Files that hold codes: new ones only, and for their owner's eyes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from carefund_bot.errors import StartRefused


@contextmanager
def new_private_file(path: Path, *, encoding: str) -> Iterator[TextIO]:
    """A file that only its owner may read; one that exists is not written over."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise StartRefused(f"The file {path} exists already: name another one, or move it away.") from None
    except OSError as error:
        raise StartRefused(f"The file {path} cannot be made: {error.strerror}.") from None
    with os.fdopen(descriptor, "w", encoding=encoding, newline="") as file:
        yield file


def make_private_folder(path: Path) -> None:
    """An empty folder that only its owner may look into; one that is there is taken if nothing is in it."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        is_empty = not any(path.iterdir())
    except OSError as error:
        raise StartRefused(f"The folder {path} cannot be made: {error.strerror}.") from None
    if not is_empty:
        raise StartRefused(f"The folder {path} is not empty: name another one.")
    path.chmod(0o700)

"""Writing down what went wrong without writing down anybody's words."""

from __future__ import annotations

import traceback


def place_of(error: BaseException | None) -> str:
    """Class and places of an error; never its message, which may quote what a person wrote."""
    frames = traceback.extract_tb(error.__traceback__) if error else []
    trail = " < ".join(f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in reversed(frames))
    return f"{type(error).__name__} at {trail or 'unknown place'}"

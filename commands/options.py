"""Options that several commands share."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

ConfigOption = Annotated[Path, typer.Option("--config", "-c", help="The configuration file.")]
DEFAULT_CONFIG = Path("config.toml")


class Roll(StrEnum):
    """The rolls that a command may be asked for."""

    MEMBERS = "members"
    HOUSEHOLDS = "households"
    STUDENTS = "students"

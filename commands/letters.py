"""`letters`: one-page letters for the doors that a notice did not reach, a file to print for each community."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from carefund_bot.access import OPERATOR
from carefund_bot.errors import NotAllowed, Overtaken, StartRefused
from carefund_bot.fund import Fund, open_fund
from carefund_bot.services.letters import LETTERS_A_COMMIT, DoorLetter
from carefund_bot.settings import load_settings
from carefund_bot.texts import letters as texts
from carefund_bot.texts.words import words_in
from commands.codes import ask_bot_name
from commands.options import DEFAULT_CONFIG, ConfigOption
from commands.private_files import make_private_folder, new_private_file
from commands.progress import progress_bar


class Language(StrEnum):
    """In which letters are written."""

    ZH = "zh"
    EN = "en"


_LONGEST_NAME = 60
_LANGUAGES = {Language.ZH: "zh_CN", Language.EN: "en"}


@dataclass
class Written:
    """What has been written so far."""

    letters: int = 0
    codes: int = 0
    files: int = 0

    def add(self, page: Sequence[DoorLetter]) -> None:
        self.files += 1
        self.letters += len(page)
        self.codes += sum(letter.issued is not None for letter in page)


def letters(
    notice: Annotated[int, typer.Argument(help="The notice's number, as its card in the chat says.")],
    *,
    out: Annotated[Path, typer.Option("--out", help="The folder to make; one with anything in it is refused.")],
    language: Annotated[Language, typer.Option("--language", help="The letters' language.")] = Language.ZH,
    bot_name: Annotated[
        str | None, typer.Option("--bot-name", help="The bot's user name for the links; else Telegram is asked.")
    ] = None,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Write letters for everybody whom a notice did not reach. Keep the folder as safe as the codes in it."""
    settings = load_settings(config)

    async def work() -> Written:
        name = bot_name or await ask_bot_name(settings)
        async with open_fund(settings) as fund:
            return await _write_all(fund, notice, out, language, name)

    try:
        written = asyncio.run(work())
    except NotAllowed:
        raise StartRefused(f"There is no notice {notice} that has begun: its number stands on its card.") from None
    except Overtaken:
        raise StartRefused(
            f"Notice {notice} is still on its way, or was stopped or taken back: letters repeat one that was sent."
        ) from None
    said = f"{written.letters:,} letters, {written.codes:,} with a code, in {written.files:,} files in {out}."
    Console(highlight=False, soft_wrap=True).print(said if written.letters else "Everybody was told: no letters.")


async def _write_all(fund: Fund, notice_id: int, out: Path, language: Language, bot_name: str) -> Written:
    original, words = await fund.letters.original(OPERATOR, notice_id), words_in(_LANGUAGES[language])
    doors, written = await fund.visiting.doors(OPERATOR, notice_id), Written()
    if not doors:
        return written
    make_private_folder(out)
    with progress_bar() as bar:
        codes, pages = bar.add_task("codes", total=len(doors)), bar.add_task("pages", total=len(doors))
        made: list[DoorLetter] = []
        for start in range(0, len(doors), LETTERS_A_COMMIT):
            made += await fund.letters.write(OPERATOR, notice_id, doors[start : start + LETTERS_A_COMMIT])
            bar.update(codes, completed=len(made))
        for (area, section), there in groupby(made, key=lambda letter: (letter.door.area, letter.door.section)):
            here = list(there)
            written.add(here)
            with new_private_file(out / _file_name(written.files, area, section), encoding="utf-8") as file:
                file.write(texts.pages(words, original, here, bot_name))
            bar.update(pages, completed=written.letters)
    return written


def _file_name(number: int, area: str, section: str) -> str:
    """The community's, with nothing in it that a file name may not hold."""
    place = "-".join("".join(sign if sign.isalnum() else " " for sign in f"{area} {section}").split())
    return f"{number:03}-{place[:_LONGEST_NAME]}.html"

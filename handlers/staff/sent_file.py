"""A file that somebody sent, on disk for as long as it is read."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from telegram import Document
from telegram.error import BadRequest

from carefund_bot.domain.people import has_private_number
from carefund_bot.errors import PrivateNumber
from carefund_bot.files.faults import FileReason, FileRefused
from handlers.context import FundContext

DOWNLOAD_LIMIT_BYTES = 20 * 1024 * 1024
"""Telegram's own limit for bots."""


@asynccontextmanager
async def downloaded(context: FundContext, document: Document) -> AsyncIterator[Path]:
    """The file where nobody else can open it, gone afterwards; FileRefused if Telegram would not hand it out.

    PrivateNumber if its name, which would be kept and shown, holds an identity or card number.
    """
    if has_private_number(document.file_name or ""):
        raise PrivateNumber
    if (document.file_size or 0) > DOWNLOAD_LIMIT_BYTES:
        raise FileRefused(FileReason.TOO_BIG)
    with tempfile.TemporaryDirectory(prefix="carefund-") as folder:
        path = Path(folder) / "sent"
        try:
            file = await context.bot.get_file(document.file_id)
        except BadRequest as error:
            raise FileRefused(FileReason.TOO_BIG if "too big" in error.message else FileReason.DAMAGED) from None
        await file.download_to_drive(path)
        yield path

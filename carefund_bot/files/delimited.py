"""CSV in the encodings and with the separators that Chinese offices' programs write, at a constant cost in memory."""

import codecs
import csv
import io
import re
from collections.abc import Generator
from itertools import islice
from pathlib import Path

from carefund_bot.files.faults import FileReason, FileRefused

MAX_BYTES = 512 * 1024 * 1024
MAX_ROWS = 2_000_000

_CHUNK_BYTES = 1024 * 1024
_LINES_BYTES = 128 * 1024
"""Each read lets go of Python's lock for a moment, too short for anybody to take it, and who waits for it waits anew:
at the usual 8 KB a thread that reads a large roll made the whole bot stand still for half a second."""

_CONTROLS = bytes([*range(9), *range(14, 32), 127])
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_GUESSES = ("utf-8", "gb18030")
_NOT_TABLES = (b"%PDF", b"{\\rtf", b"<", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf")
_DELIMITERS = ",;\t"
_QUOTED = re.compile(r'"[^"]*"')


def read_rows(path: Path, head: bytes) -> Generator[list[str], None, None]:
    """The records of the file; `head` is its first few thousand bytes."""
    if head.lstrip().startswith(_NOT_TABLES):
        raise FileRefused(FileReason.NOT_A_TABLE)
    if path.stat().st_size > MAX_BYTES:
        raise FileRefused(FileReason.TOO_BIG)
    mark, encoding = _encoding(path, head)
    return _records(path, len(mark), encoding, _delimiter(head[len(mark) :].decode(encoding, errors="ignore")))


def _records(path: Path, start: int, encoding: str, delimiter: str) -> Generator[list[str], None, None]:
    with path.open("rb") as file:
        file.seek(start)
        lines = io.TextIOWrapper(file, encoding=encoding, newline="")
        lines._CHUNK_SIZE = _LINES_BYTES  # type: ignore[attr-defined]  # noqa: SLF001 - no other way to set it
        records = csv.reader(lines, delimiter=delimiter, strict=True)
        try:
            yield from islice(records, MAX_ROWS)
            if next(records, None) is not None:
                raise FileRefused(FileReason.TOO_MANY_ROWS)
        except csv.Error:
            raise FileRefused(FileReason.BROKEN_QUOTES, str(records.line_num)) from None


def _encoding(path: Path, head: bytes) -> tuple[bytes, str]:
    """The byte order mark and the encoding. The whole file is tried, so that reading cannot stumble half-way."""
    mark, guesses = next(((mark, (name,)) for mark, name in _MARKS if head.startswith(mark)), (b"", _GUESSES))
    for name in guesses:
        if _decodes(path, len(mark), name):
            return mark, name
    raise FileRefused(FileReason.UNREADABLE_ENCODING)


def _decodes(path: Path, start: int, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        file.seek(start)
        try:
            while chunk := file.read(_CHUNK_BYTES):
                text = decoder.decode(chunk)
                if _holds_controls(text, chunk, encoding):
                    raise FileRefused(FileReason.NOT_A_TABLE)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _holds_controls(text: str, chunk: bytes, encoding: str) -> bool:
    """Bytes that no table holds: a picture or a program was renamed."""
    plain = text.encode("utf-8", errors="replace") if encoding.startswith("utf-16") else chunk
    return len(plain.translate(None, _CONTROLS)) != len(plain)


def _delimiter(text: str) -> str:
    top = _QUOTED.sub("", "\n".join(text.splitlines()[:5]))
    return max(_DELIMITERS, key=top.count)

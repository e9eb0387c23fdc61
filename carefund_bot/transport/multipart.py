"""A multipart/form-data body that is written piece by piece, so that a large file is never held in memory."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import IO

PIECE_BYTES = 64 * 1024
_QUOTED = str.maketrans({'"': "%22", "\r": "%0D", "\n": "%0A"})

Content = bytes | IO[bytes]


@dataclass(frozen=True, slots=True)
class Part:
    """One field's head as it stands on the wire, and its content."""

    head: bytes
    content: Content


class MultipartBody:
    """Fields and files (name → file name, content, media type) as one body; read once."""

    def __init__(self, fields: dict[str, str], files: dict[str, tuple[str, Content, str]]) -> None:
        boundary = secrets.token_hex(16)
        self.content_type = f"multipart/form-data; boundary={boundary}"
        self._parts = [*_parts(boundary, fields, files)]
        self._end = f"--{boundary}--\r\n".encode()

    def length(self) -> int | None:
        """Bytes of the whole body; `None` if a file cannot tell its own."""
        lengths = [_length(part.content) for part in self._parts]
        if None in lengths:
            return None
        heads = sum(len(part.head) + 2 for part in self._parts)
        return heads + sum(length or 0 for length in lengths) + len(self._end)

    async def pieces(self) -> AsyncIterator[bytes]:
        """The body, each piece made when the one before has been taken."""
        for part in self._parts:
            yield part.head
            async for piece in _pieces(part.content):
                yield piece
            yield b"\r\n"
        yield self._end


def _parts(boundary: str, fields: dict[str, str], files: dict[str, tuple[str, Content, str]]) -> Iterator[Part]:
    for name, value in fields.items():
        yield Part(_head(boundary, f'name="{name.translate(_QUOTED)}"'), value.encode())
    for name, (file_name, content, media_type) in files.items():
        disposition = f'name="{name.translate(_QUOTED)}"; filename="{file_name.translate(_QUOTED)}"'
        yield Part(_head(boundary, disposition, f"Content-Type: {media_type}\r\n"), content)


def _head(boundary: str, disposition: str, more: str = "") -> bytes:
    return f"--{boundary}\r\nContent-Disposition: form-data; {disposition}\r\n{more}\r\n".encode()


def _length(content: Content) -> int | None:
    if isinstance(content, bytes):
        return len(content)
    if not content.seekable():
        return None
    here = content.tell()
    end = content.seek(0, os.SEEK_END)
    content.seek(here)
    return end - here


async def _pieces(content: Content) -> AsyncIterator[bytes]:
    if isinstance(content, bytes):
        for start in range(0, len(content), PIECE_BYTES):
            yield content[start : start + PIECE_BYTES]
        return
    while piece := await asyncio.to_thread(content.read, PIECE_BYTES):
        yield piece

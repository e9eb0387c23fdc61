"""Files as Telegram keeps them: bytes under an id that can be sent again."""

import mimetypes
import struct
from dataclasses import dataclass, field
from pathlib import PurePath

from sandbox.errors import ApiError, Json, bad_request

UPLOAD_LIMIT_BYTES = 50 * 1024 * 1024
DOWNLOAD_LIMIT_BYTES = 20 * 1024 * 1024
PHOTO_LIMIT_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Upload:
    """A file part of a request, before it has an id."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class StoredFile:
    file_id: str
    name: str
    content: bytes = field(repr=False)
    kind: str  # "photo" or "document"

    @property
    def path(self) -> str:
        """Where /file/bot<token>/ serves it."""
        return f"{self.kind}s/{self.file_id}{PurePath(self.name).suffix}"

    @property
    def mime_type(self) -> str:
        return mimetypes.guess_type(self.name)[0] or "application/octet-stream"

    def as_file(self) -> Json:
        if len(self.content) > DOWNLOAD_LIMIT_BYTES:
            raise bad_request("file is too big")
        return self._identity() | {"file_path": self.path}

    def as_document(self) -> Json:
        return self._identity() | {"file_name": self.name, "mime_type": self.mime_type}

    def as_photo(self) -> list[Json]:
        width, height = picture_size(self.content) or (800, 600)
        return [self._identity() | {"width": width, "height": height}]

    def _identity(self) -> Json:
        return {
            "file_id": self.file_id,
            "file_unique_id": f"U{self.file_id[-12:]}",
            "file_size": len(self.content),
        }


class FileStore:
    """All files by id."""

    def __init__(self) -> None:
        self.by_id: dict[str, StoredFile] = {}

    def keep(self, upload: Upload, kind: str) -> StoredFile:
        if not upload.content:
            raise bad_request("file must be non-empty")
        if len(upload.content) > UPLOAD_LIMIT_BYTES:
            raise ApiError(413, "Request Entity Too Large")
        prefix = {"photo": "AgACAgUAAx", "document": "BQACAgUAAx"}[kind]
        stored = StoredFile(f"{prefix}{len(self.by_id) + 1:012d}", upload.name, upload.content, kind)
        self.by_id[stored.file_id] = stored
        return stored

    def send(self, given: Upload | str, kind: str) -> StoredFile:
        """What a bot sends: a fresh upload, or the id of a file sent before."""
        if isinstance(given, Upload):
            if kind == "photo":
                _require_picture(given.content)
            return self.keep(given, kind)
        stored = self.by_id.get(given)
        if stored is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        if stored.kind != kind:
            raise bad_request(f"can't use file of type {stored.kind.title()} as {kind.title()}")
        return stored

    def find_by_path(self, path: str) -> StoredFile | None:
        return next((stored for stored in self.by_id.values() if stored.path == path), None)


def _require_picture(content: bytes) -> None:
    size = picture_size(content)
    if size is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    if sum(size) > 10_000 or max(size) > 20 * min(size):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    if len(content) > PHOTO_LIMIT_BYTES:
        raise bad_request("file is too big")


def picture_size(content: bytes) -> tuple[int, int] | None:
    """Width and height in pixels of a PNG or JPEG; None if it is neither."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return width, height
    return _jpeg_size(content) if content.startswith(b"\xff\xd8") else None


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    position = 2
    while position + 9 <= len(content) and content[position] == 0xFF:
        marker = content[position + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[position + 5 : position + 9])
            return width, height
        position += 2 + int.from_bytes(content[position + 2 : position + 4])
    return None

"""A Bot API call: how its fields are read from HTTP, and the table of methods it may name."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from json import JSONDecodeError
from typing import Any

from aiohttp import web
from aiohttp.multipart import BodyPartReader

from sandbox.errors import ApiError, Json, bad_request
from sandbox.files import Upload
from sandbox.telegram import Telegram


class Kind(Enum):
    """How a form field is read; every field travels as text."""

    TEXT = auto()
    INTEGER = auto()
    FLAG = auto()
    CHAT = auto()
    OBJECT = auto()
    LIST = auto()
    FILE = auto()


class Arguments(dict[str, Any]):
    """The fields of a call, decoded; a field that was not sent is absent."""

    files: Mapping[str, Upload]


@dataclass(frozen=True, slots=True)
class Request:
    """The fields of a call as they arrived."""

    fields: dict[str, str]
    files: dict[str, Upload]


Function = Callable[[Telegram, Arguments], Any | Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Method:
    name: str
    needs: Mapping[str, Kind]
    takes: Mapping[str, Kind]
    function: Function

    def read(self, request: Request) -> Arguments:
        """Decode the fields; an unknown, missing or malformed one is refused."""
        declared = {**self.needs, **self.takes}
        self._refuse_unknown(request, declared)
        arguments = Arguments()
        arguments.files = request.files
        for name, kind in declared.items():
            if kind is Kind.FILE and (upload := _upload(request, name)):
                arguments[name] = upload
            elif request.fields.get(name, "") != "" or (kind is Kind.TEXT and name in request.fields):
                arguments[name] = _decoded(name, kind, request.fields[name])
            elif name in self.needs:
                raise bad_request(MISSING.get(name, f'parameter "{name}" is required'))
        return arguments

    def _refuse_unknown(self, request: Request, declared: Mapping[str, Kind]) -> None:
        attached = [
            name for name in request.files if any(f"attach://{name}" in text for text in request.fields.values())
        ]
        for name in (*request.fields, *request.files):
            if name not in declared and name not in attached:
                raise bad_request(f'unknown parameter "{name}" of {self.name}')


MISSING = {"chat_id": "chat_id is empty", "text": "message text is empty"}
METHODS: dict[str, Method] = {}  # by lower-case name: the Bot API does not mind the case


def method(
    *,
    needs: Mapping[str, Kind] | None = None,
    takes: Mapping[str, Kind] | None = None,
) -> Callable[[Function], Function]:
    """Register `send_message` as sendMessage, with the parameters it must and may have."""

    def register(function: Function) -> Function:
        head, *tail = function.__name__.split("_")
        name = head + "".join(word.capitalize() for word in tail)
        METHODS[name.lower()] = Method(name, needs or {}, takes or {}, function)
        return function

    return register


def find_method(name: str) -> Method:
    found = METHODS.get(name.lower())
    if found is None:
        raise ApiError(404, "Not Found: method not found")
    return found


def _upload(request: Request, name: str) -> Upload | None:
    given = request.fields.get(name, "")
    return request.files.get(given.removeprefix("attach://") if given.startswith("attach://") else name)


def _decoded(name: str, kind: Kind, text: str) -> Any:
    if kind in (Kind.TEXT, Kind.FILE):
        return text
    if kind is Kind.CHAT:
        return int(text) if text.lstrip("-").isdecimal() else text
    if kind is Kind.FLAG:
        return text.lower() in ("true", "yes", "1")
    expected = {Kind.INTEGER: int, Kind.OBJECT: dict, Kind.LIST: list}[kind]
    try:
        value = json.loads(text)
    except JSONDecodeError:
        raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object") from None
    if not isinstance(value, expected) or isinstance(value, bool):
        raise bad_request(f"{name} must be of type {expected.__name__}")
    return value


async def read_request(http: web.Request) -> Request:
    """Fields from the query string and the body: multipart, urlencoded or JSON."""
    fields = dict(http.query)
    if http.content_type == "application/json":
        return Request(fields | as_fields(await http.json()), {})
    if not http.content_type.startswith("multipart/"):
        body = await http.post()
        return Request(fields | {name: str(value) for name, value in body.items()}, {})
    files = {}
    async for part in await http.multipart():
        if isinstance(part, BodyPartReader) and part.name:
            content = bytes(await part.read(decode=True))
            if part.filename is None:
                fields[part.name] = content.decode()
            else:
                files[part.name] = Upload(part.filename, content)
    return Request(fields, files)


def as_fields(body: Json) -> dict[str, str]:
    """A JSON body as form fields: what is no text is JSON inside."""
    return {
        name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for name, value in body.items()
        if value is not None
    }

"""How calls reach the Bot API: python-telegram-bot's request class on aiohttp.

The library's own class searches its whole pool on every call. This one also tells whether a failed call ever left:
`NotSent` and `ServerTrouble` may be tried again, any other `NetworkError` may have taken effect at Telegram.
"""

from __future__ import annotations

import asyncio
import json
import os
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from typing import Any, Literal

import aiohttp
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData
from yarl import URL

from carefund_bot.transport.multipart import MultipartBody

Patience = Any
"""Seconds a caller grants, `None` for ever, or `BaseRequest.DEFAULT_NONE` for what the request was built with."""


class NotSent(NetworkError):  # noqa: N818 - named as the library names its own
    """No byte of the call left: it is safe to try again."""

    __slots__ = ()


class NotSentInTime(NotSent, TimedOut):
    """Waited in vain for a connection: it is safe to try again."""

    __slots__ = ()


class ServerTrouble(NetworkError):  # noqa: N818 - as NotSent
    """The Bot API itself says that it could not (500, in its own words): what was asked was not done."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """Seconds, `None` for ever; `upload` is granted to each piece of a file, words never wait to be written."""

    connect: float | None = 5
    read: float | None = 10
    upload: float | None = 20
    pool: float | None = 5


@dataclass(frozen=True, slots=True)
class PlainFields:
    """In place of the library's `RequestData` where no field is a file, a time or an object: it looks into each."""

    parameters: dict[str, Any]
    contains_files: Literal[False] = False


class AiohttpRequest(BaseRequest):
    """Up to `connections` calls at once over kept-alive connections, through `proxy` (http:// or https://) if given."""

    def __init__(self, connections: int, timeouts: Timeouts = Timeouts(), proxy: str | None = None) -> None:
        if proxy is not None and URL(proxy).scheme not in {"http", "https"}:
            raise ValueError("a proxy is reached over http:// or https://")
        self._timeouts = timeouts
        self._proxy = proxy
        self._free = asyncio.Semaphore(connections)
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        """What the library adds a long poll's own time to."""
        return self._timeouts.read

    async def initialize(self) -> None:
        """Open the pool; nothing is sent. Trusts the authorities of the system, or of SSL_CERT_FILE."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0, ssl=_trust(os.environ.get("SSL_CERT_FILE"))),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
                proxy=self._proxy,
            )

    async def shutdown(self) -> None:
        """Close every connection; `initialize` may open them anew."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Patience = BaseRequest.DEFAULT_NONE,
        write_timeout: Patience = BaseRequest.DEFAULT_NONE,
        connect_timeout: Patience = BaseRequest.DEFAULT_NONE,
        pool_timeout: Patience = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Status and body of the answer; `NotSent`, `TimedOut` or `NetworkError`, none of which holds the token."""
        if self._session is None:
            raise RuntimeError("This request is not initialized.")
        usual = self._timeouts
        patience = _patience(_given(connect_timeout, usual.connect), _given(read_timeout, usual.read))
        call = _Call(self._session, method, _parsed(url), patience)
        await self._wait_for_a_place(_given(pool_timeout, usual.pool))
        try:
            if request_data is not None and request_data.contains_files:
                status, body = await call.upload(request_data, _given(write_timeout, usual.upload))
            else:
                status, body = await call.send(_as_json(request_data))
        except (aiohttp.ClientError, OSError) as error:
            # `from None`: the causes' words hold the address, the address holds the token
            raise _as_library_error(error, url) from None
        finally:
            self._free.release()
        if status >= HTTPStatus.BAD_REQUEST and (trouble := _trouble(status, body)):
            raise trouble
        return status, body

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """As the library's, but a broken answer is not written to the log: it may hold people's words.

        Nor is one taken that is no answer of the Bot API: the library would look for its result all the same.
        """
        try:
            answer = json.loads(payload.decode("utf-8", "replace"))
        except ValueError:
            raise NetworkError("Invalid server response") from None
        if isinstance(answer, dict) and ("result" in answer or answer.get("ok") is False):
            return answer
        raise NetworkError("Invalid server response")

    async def _wait_for_a_place(self, patience_s: float | None) -> None:
        if not self._free.locked():
            await self._free.acquire()
            return
        try:
            async with asyncio.timeout(patience_s):
                await self._free.acquire()
        except TimeoutError:
            raise NotSentInTime(
                "Pool timeout: All connections in the connection pool are occupied. Request was *not* sent to Telegram."
            ) from None


@dataclass(frozen=True, slots=True)
class _Call:
    session: aiohttp.ClientSession
    method: str
    url: URL
    patience: aiohttp.ClientTimeout

    async def send(self, body: dict[str, Any]) -> tuple[int, bytes]:
        async with self.session.request(
            self.method, self.url, timeout=self.patience, allow_redirects=False, **body
        ) as answer:
            return answer.status, await answer.read()

    async def upload(self, request_data: RequestData, stall_s: float | None) -> tuple[int, bytes]:
        """Give up when no piece could be written for `stall_s`, however long the whole takes."""
        body = MultipartBody(request_data.json_parameters, request_data.multipart_data)
        length = body.length()
        headers = {"Content-Type": body.content_type} | ({} if length is None else {"Content-Length": str(length)})
        async with asyncio.timeout(None) as stall:
            return await self.send({"data": _watched(body, stall, stall_s), "headers": headers})


async def _watched(body: MultipartBody, stall: asyncio.Timeout, stall_s: float | None) -> AsyncIterator[bytes]:
    loop = asyncio.get_running_loop()
    async for piece in body.pieces():
        stall.reschedule(None if stall_s is None else loop.time() + stall_s)
        yield piece
    stall.reschedule(None)  # from here on the read time-out counts


def _given(patience: Patience, usual: float | None) -> float | None:
    return usual if patience is BaseRequest.DEFAULT_NONE else patience


def _as_json(request_data: RequestData | None) -> dict[str, Any]:
    if request_data is None:
        return {}
    body = _encode(request_data.parameters).encode()
    return {"data": body, "headers": _JSON}


def _trouble(status: int, body: bytes) -> NetworkError | None:
    """What a refusal lets us believe; None if the Bot API itself refuses, in words that the library sorts.

    A 500 in the Bot API's own JSON says that the call was not done, but for two of its sentences: a server that is
    restarted gives them to what it had in hand too, and that may have reached the chat. Whatever else comes (502, 503,
    504, anything in HTML) is said by what stands in front of it: perhaps only the answer was lost.
    """
    words = f"Telegram answered {status}"
    refusal = _own_refusal(body)
    if status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return NetworkError(words) if refusal is None else None
    if refusal is None or refusal.get("error_code") != status or status != HTTPStatus.INTERNAL_SERVER_ERROR:
        return NetworkError(words)
    said_in_a_restart = str(refusal.get("description")).lower().endswith(_SAID_IN_A_RESTART)
    return NetworkError(words) if said_in_a_restart else ServerTrouble(words)


def _own_refusal(body: bytes) -> dict[str, Any] | None:
    """A refusal as the Bot API writes one."""
    try:
        answer = json.loads(body)
    except ValueError:
        return None
    return answer if isinstance(answer, dict) and answer.get("ok") is False else None


def _as_library_error(error: Exception, url: str) -> NetworkError:
    words = f"{type(error).__name__}: {str(error).replace(url, '<address>')}"
    match error:
        case aiohttp.ConnectionTimeoutError():
            return NotSentInTime("Timed out before a connection was made")
        case aiohttp.ClientConnectorError() | aiohttp.ClientHttpProxyError() | aiohttp.InvalidURL():
            return NotSent(words)
        case TimeoutError():
            return TimedOut()
    return NetworkError(words)


_SAID_IN_A_RESTART = ("restart", "request aborted")
_JSON = {"Content-Type": "application/json"}
_encode = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode


@lru_cache(maxsize=1)
def _trust(authorities: str | None) -> ssl.SSLContext | bool:
    """One for all connections: reading the authorities takes as long as many calls. aiohttp holds the system's."""
    return ssl.create_default_context(cafile=authorities) if authorities else True


@lru_cache(maxsize=64)
def _patience(connect_s: float | None, read_s: float | None) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(connect=connect_s, sock_read=read_s)


@lru_cache(maxsize=512)
def _parsed(url: str) -> URL:
    return URL(url, encoded=True)

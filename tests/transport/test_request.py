"""Calls over good and bad lines: what arrives, and what a failure lets its caller believe."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import socket
import ssl
import tracemalloc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import IO

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from telegram import Bot, InputFile, InputMediaDocument
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TimedOut,
)
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from carefund_bot.transport.request import AiohttpRequest, NotSent, ServerTrouble, Timeouts
from sandbox import Person, Sandbox
from sandbox.faults import Fault, flood, hang, reset, server_error, torn
from tests.transport.raw_server import GOOD, raw_server

TOKEN = "100200:SANDBOX-TOKEN-NOT-A-SECRET"
SHORT = Timeouts(connect=0.3, read=0.3, upload=0.3, pool=0.1)


@asynccontextmanager
async def a_bot(
    base_url: str, timeouts: Timeouts = SHORT, connections: int = 4, proxy: str | None = None
) -> AsyncIterator[Bot]:
    request, poll = (AiohttpRequest(connections, timeouts, proxy) for _ in range(2))
    bot = Bot(TOKEN, f"{base_url}/bot", f"{base_url}/file/bot", request=request, get_updates_request=poll)
    await request.initialize()
    await poll.initialize()
    try:
        yield bot
    finally:
        await request.shutdown()
        await poll.shutdown()


def an_upload(content: bytes | IO[bytes], file_name: str = "名单.csv") -> RequestData:
    file = InputFile(content, file_name, read_file_handle=False)
    return RequestData([RequestParameter("chat_id", 1, None), RequestParameter("document", None, [file])])


@pytest.fixture
def qin(sandbox: Sandbox) -> Person:
    return sandbox.person("秦兰")


async def open_chat(bot: Bot, qin: Person, sandbox: Sandbox) -> None:
    sandbox.telegram.chat_of(qin.account).is_open = True


class TestWhatArrives:
    async def test_words_and_structures(self, sandbox: Sandbox, qin: Person) -> None:
        async with a_bot(sandbox.url) as bot:
            await open_chat(bot, qin, sandbox)
            message = await bot.send_message(qin.id, "谢谢 & “再见”", reply_parameters=None, disable_notification=True)
            assert (message.text, qin.last().text) == ("谢谢 & “再见”", "谢谢 & “再见”")

    async def test_files_with_chinese_names_and_an_album(self, sandbox: Sandbox, qin: Person) -> None:
        async with a_bot(sandbox.url) as bot:
            await open_chat(bot, qin, sandbox)
            sent = await bot.send_document(qin.id, b"a,b\r\n", filename='名"单".csv', caption="说明")
            assert sent.document is not None
            assert (sent.document.file_name, sent.document.file_size) == ("名%22单%22.csv", 5)
            file = await bot.get_file(sent.document.file_id)
            assert bytes(await file.download_as_bytearray()) == b"a,b\r\n"
            album = await bot.send_media_group(
                qin.id, [InputMediaDocument(b"1", filename="1"), InputMediaDocument(b"22")]
            )
            assert [part.document and part.document.file_size for part in album] == [1, 2]

    async def test_a_file_is_streamed(self, tmp_path: Path) -> None:
        """Twenty megabytes go out while far less is ever held."""
        size, received = 20_000_000, 0

        async def count(head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal received
            left = int(head.split(b"Content-Length: ")[1].split(b"\r\n")[0])
            received = left
            while left:
                left -= len(await reader.read(min(left, 65536)))
            writer.write(GOOD)

        big = tmp_path / "big"
        big.write_bytes(bytes(size))
        async with raw_server(count) as port, a_bot(f"http://127.0.0.1:{port}") as bot:
            tracemalloc.start()
            with big.open("rb") as handle:
                await bot.request.do_request(
                    f"http://127.0.0.1:{port}/bot{TOKEN}/sendDocument", "POST", an_upload(handle)
                )
            _, peak = tracemalloc.get_traced_memory()
            tracemalloc.stop()
        assert received > size
        assert peak < size / 8

    async def test_a_pipe_of_unknown_length_goes_in_chunks(self) -> None:
        class Pipe(io.BytesIO):
            def seekable(self) -> bool:
                return False

        heads = []

        async def answer(head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            heads.append(head)
            await reader.readuntil(b"\r\n0\r\n\r\n")
            writer.write(GOOD)

        async with raw_server(answer) as port, a_bot(f"http://127.0.0.1:{port}") as bot:
            await bot.request.do_request(f"http://127.0.0.1:{port}/", "POST", an_upload(Pipe(b"x" * 1000)))
        assert b"Transfer-Encoding: chunked" in heads[0]

    async def test_connections_are_kept(self) -> None:
        peers = set()

        async def answer(head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            peers.add(writer.get_extra_info("peername"))
            writer.write(GOOD)

        async with raw_server(answer) as port, a_bot(f"http://127.0.0.1:{port}") as bot:
            for _ in range(5):
                await bot.request.do_request(f"http://127.0.0.1:{port}/", "GET")
        assert len(peers) == 1


def own_words(code: int, description: str) -> bytes:
    """An error as the Bot API writes it."""
    return json.dumps({"ok": False, "error_code": code, "description": description}).encode()


class TestRefusals:
    """A refusal in the Bot API's words becomes the library's class for it."""

    @pytest.mark.parametrize(
        ("status", "expected"),
        [
            (400, BadRequest),
            (401, InvalidToken),
            (403, Forbidden),
            (404, InvalidToken),
            (409, Conflict),
        ],
    )
    async def test_by_status(self, status: int, expected: type[Exception]) -> None:
        body = b'{"ok": false, "description": "No"}'

        async def refuse(head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n%s" % (status, len(body), body))

        async with raw_server(refuse) as port, a_bot(f"http://127.0.0.1:{port}") as bot:
            with pytest.raises(expected, match="No") as caught:
                await bot.get_me()
        assert type(caught.value) is expected

    @pytest.mark.parametrize(
        ("status", "body", "expected"),
        [
            (500, own_words(500, "Internal Server Error"), ServerTrouble),
            (500, own_words(500, "Internal Server Error: bOT_METHOD_FAILED"), ServerTrouble),
            (500, own_words(500, "Internal Server Error: restart"), NetworkError),
            (500, own_words(500, "Internal Server Error: request aborted"), NetworkError),
            (500, b"<html>Internal Server Error</html>", NetworkError),
            (500, b'{"error": "upstream"}', NetworkError),
            (500, b"[]", NetworkError),
            (500, b"\xff", NetworkError),
            (500, b"", NetworkError),
            (500, own_words(502, "Bad Gateway"), NetworkError),
            (502, own_words(502, "Bad Gateway"), NetworkError),
            (502, b"<html>Bad Gateway</html>", NetworkError),
            (503, own_words(503, "Service Unavailable"), NetworkError),
            (504, b"", NetworkError),
            (400, b"[]", NetworkError),
            (401, b"<html>proxy: log in</html>", NetworkError),
            (403, b"<html>Forbidden</html>", NetworkError),
            (404, b"<html>Not Found</html>", NetworkError),
            (413, b"<html>Request Entity Too Large</html>", NetworkError),
        ],
    )
    async def test_of_a_server_in_trouble_only_its_own_plain_words_mean_that_it_was_not_done(
        self, status: int, body: bytes, expected: type[Exception]
    ) -> None:
        async def refuse(head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n%s" % (status, len(body), body))

        async with raw_server(refuse) as port, a_bot(f"http://127.0.0.1:{port}") as bot:
            with pytest.raises(expected, match=f"answered {status}$") as caught:
                await bot.get_me()
        assert type(caught.value) is expected

    async def test_the_facts_of_a_refusal(self, sandbox: Sandbox, qin: Person) -> None:
        async with a_bot(sandbox.url) as bot:
            await open_chat(bot, qin, sandbox)
            sandbox.faults.next("sendMessage", flood(7))
            with pytest.raises(RetryAfter) as flooded:
                await bot.send_message(qin.id, "a")
            assert flooded.value._retry_after == timedelta(seconds=7)
        body = b'{"ok": false, "parameters": {"migrate_to_chat_id": -100}}'

        async def migrate(head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.1 400 X\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))

        async with raw_server(migrate) as port, a_bot(f"http://127.0.0.1:{port}") as bot:
            with pytest.raises(ChatMigrated):
                await bot.get_me()

    async def test_a_redirect_is_not_followed(self) -> None:
        heads = []

        async def send_away(head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            heads.append(head)
            writer.write(b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n")

        async with raw_server(send_away) as port, a_bot(f"http://127.0.0.1:{port}") as bot:
            with pytest.raises(NetworkError, match="302"):
                await bot.get_me()
        assert len(heads) == 1


class TestTheCallNeverLeft:
    async def test_nobody_listens(self) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            port = taken.getsockname()[1]
        async with a_bot(f"http://127.0.0.1:{port}") as bot:
            with pytest.raises(NotSent) as caught:
                await bot.get_me()
        assert not isinstance(caught.value, TimedOut)

    async def test_no_such_host(self) -> None:
        async with a_bot("http://nowhere.invalid", Timeouts(connect=5)) as bot:
            with pytest.raises(NotSent):
                await bot.get_me()

    async def test_a_listener_that_never_greets(self) -> None:
        """TLS to a server that says nothing: the connect time-out counts."""
        with socket.create_server(("127.0.0.1", 0)) as mute:
            async with a_bot(f"https://127.0.0.1:{mute.getsockname()[1]}") as bot:
                with pytest.raises(NotSent) as caught:
                    await bot.get_me()
        assert isinstance(caught.value, TimedOut)

    async def test_all_connections_are_taken(self, sandbox: Sandbox) -> None:
        sandbox.faults.next("getMe", hang())
        async with a_bot(sandbox.url, connections=1) as bot:
            first = asyncio.create_task(bot.get_me())
            await asyncio.sleep(0)
            with pytest.raises(NotSent, match="Pool timeout") as caught:
                await bot.get_me()
            assert isinstance(caught.value, TimedOut)
            with pytest.raises(TimedOut):
                await first
            assert (await bot.get_me()).is_bot, "a place that was waited for in vain is not lost"


class TestTheCallMayHaveTakenEffect:
    @pytest.mark.parametrize(
        ("fault", "expected"),
        [
            (hang(after=True), TimedOut),
            (reset(after=True), NetworkError),
            (torn(), NetworkError),
            (server_error(), ServerTrouble),
        ],
        ids=["hang", "reset", "torn", "500"],
    )
    async def test_lost_answers(self, sandbox: Sandbox, qin: Person, fault: Fault, expected: type[Exception]) -> None:
        async with a_bot(sandbox.url) as bot:
            await open_chat(bot, qin, sandbox)
            sandbox.faults.next("sendMessage", fault)
            with pytest.raises(expected) as caught:
                await bot.send_message(qin.id, "a")
            assert type(caught.value) is expected
            assert (await bot.send_message(qin.id, "b")).text == "b", "the next call is not harmed"

    @pytest.mark.parametrize(
        ("answer", "expected"),
        [
            (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{", NetworkError),
            (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{", NetworkError),
            (b"SSH-2.0-not-http\r\n\r\n", NetworkError),
            (b"HTTP/1.1 200 OK\r\nContent-Le", NetworkError),
            (b"", NetworkError),
            (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", NetworkError),
            (b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnull", NetworkError),
        ],
        ids=["short body", "short chunk", "no http", "short head", "nothing", "no result", "no object"],
    )
    async def test_torn_answers(self, answer: bytes, expected: type[Exception]) -> None:
        async def tear(head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(answer)
            await writer.drain()
            writer.close()

        async with raw_server(tear) as port, a_bot(f"http://127.0.0.1:{port}") as bot:
            with pytest.raises(expected) as caught:
                await bot.get_me()
        assert type(caught.value) is expected

    async def test_an_upload_that_nobody_reads(self) -> None:
        async def stare(head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await asyncio.Event().wait()

        async with raw_server(stare) as port, a_bot(f"http://127.0.0.1:{port}") as bot:
            with pytest.raises(TimedOut) as caught:
                await bot.request.post(f"http://127.0.0.1:{port}/", an_upload(bytes(30_000_000)), read_timeout=None)
        assert not isinstance(caught.value, NotSent)

    async def test_a_slow_upload_may_take_longer_than_one_piece_may(self) -> None:
        async def read_slowly(head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            left = int(head.split(b"Content-Length: ")[1].split(b"\r\n")[0])
            while left:
                left -= len(await reader.read(2_000_000))
                await asyncio.sleep(0.002)
            writer.write(GOOD)

        async with raw_server(read_slowly) as port, a_bot(f"http://127.0.0.1:{port}") as bot:
            status, _ = await bot.request.do_request(
                f"http://127.0.0.1:{port}/", "POST", an_upload(bytes(20_000_000)), write_timeout=0.1
            )
        assert status == 200

    async def test_a_refusal_before_the_upload_ends(self) -> None:
        async def refuse_early(head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            body = b'{"ok": false, "description": "Request Entity Too Large"}'
            writer.write(b"HTTP/1.1 413 X\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
            await writer.drain()
            await asyncio.Event().wait()

        async with raw_server(refuse_early) as port, a_bot(f"http://127.0.0.1:{port}") as bot:
            with pytest.raises(NetworkError, match="Too Large"):
                await bot.request.post(f"http://127.0.0.1:{port}/", an_upload(bytes(30_000_000)))


class TestTime:
    async def test_a_long_poll_outlasts_the_usual_read_time(self, sandbox: Sandbox) -> None:
        async with a_bot(sandbox.url) as bot:
            assert await bot.get_updates(timeout=1) == ()

    async def test_none_waits_for_ever(self, sandbox: Sandbox) -> None:
        sandbox.faults.next("getMe", hang())
        async with a_bot(sandbox.url) as bot:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.6):
                    await bot.get_me(read_timeout=None)
            assert (await bot.get_me()).is_bot, "a call that was given up frees its place"


class TestSecrets:
    async def test_no_error_holds_the_token(self, sandbox: Sandbox, caplog: pytest.LogCaptureFixture) -> None:
        faults = [hang(), reset(), torn(), server_error(), server_error(502)]
        errors: list[BaseException] = []
        async with a_bot(sandbox.url) as bot:
            for fault in faults:
                sandbox.faults.next("getMe", fault)
                with pytest.raises(NetworkError) as caught:
                    await bot.get_me()
                errors.append(caught.value)
        with socket.create_server(("127.0.0.1", 0)) as mute:
            mute_port = mute.getsockname()[1]
            for nowhere in ("http://127.0.0.1:1", "http://", "http://no.invalid", f"https://127.0.0.1:{mute_port}"):
                async with a_bot(nowhere) as bot:
                    with pytest.raises(NetworkError) as caught:
                        await bot.get_me()
                    errors.append(caught.value)
        async with raw_server(hang_up) as port, a_bot(f"http://127.0.0.1:{port}") as bot:
            with pytest.raises(NetworkError) as caught:
                await bot.send_document(1, bytes(5_000_000))
            errors.append(caught.value)
        for error in errors:
            logging.getLogger("story").error("failed", exc_info=error)
        assert len(caplog.records) == len(errors)
        assert "SANDBOX-TOKEN" not in caplog.text

    async def test_a_torn_answer_is_not_logged(
        self, sandbox: Sandbox, qin: Person, caplog: pytest.LogCaptureFixture
    ) -> None:
        sandbox.faults.next("sendMessage", torn())
        async with a_bot(sandbox.url) as bot:
            await open_chat(bot, qin, sandbox)
            with pytest.raises(NetworkError):
                await bot.send_message(qin.id, "秦兰的卡")
        assert caplog.text == ""


class TestLife:
    async def test_before_and_after(self, sandbox: Sandbox) -> None:
        request = AiohttpRequest(1)
        with pytest.raises(RuntimeError, match="not initialized"):
            await request.do_request(sandbox.url, "GET")
        await request.shutdown()
        await request.initialize()
        await request.initialize()
        await request.shutdown()
        async with request:
            status, _ = await request.do_request(f"{sandbox.url}/bot{TOKEN}/getMe", "POST")
        assert status == 200


class TestTls:
    async def test_a_trusted_server(self, authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", str(authority.certificate))
        async with (
            raw_server(always_good, authority.server_context()) as port,
            a_bot(f"https://127.0.0.1:{port}") as bot,
        ):
            assert (await bot.request.do_request(f"https://127.0.0.1:{port}/", "GET"))[0] == 200

    async def test_a_stranger_with_a_certificate_of_its_own(self, authority: Authority) -> None:
        async with (
            raw_server(always_good, authority.server_context()) as port,
            a_bot(f"https://127.0.0.1:{port}") as bot,
        ):
            with pytest.raises(NotSent):
                await bot.get_me()


class TestProxy:
    async def test_a_plain_call_names_its_whole_address(self) -> None:
        heads = []

        async def answer(head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            heads.append(head)
            writer.write(GOOD)

        async with (
            raw_server(answer) as port,
            a_bot("http://telegram.invalid", proxy=f"http://ann:pw@127.0.0.1:{port}") as bot,
        ):
            await bot.request.do_request("http://telegram.invalid/x", "GET")
        assert heads[0].startswith(b"GET http://telegram.invalid/x HTTP/1.1\r\n")
        assert b"Proxy-Authorization: Basic YW5uOnB3\r\n" in heads[0]

    async def test_tls_goes_through_a_tunnel(self, authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", str(authority.certificate))
        heads = []
        async with raw_server(always_good, authority.server_context()) as target:

            async def tunnel(head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                heads.append(head)
                there, back = await asyncio.open_connection("127.0.0.1", target)
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                try:
                    await asyncio.gather(pump(reader, back), pump(there, writer))
                finally:
                    back.transport.abort()

            async with raw_server(tunnel) as port, a_bot("", proxy=f"http://127.0.0.1:{port}") as bot:
                status, _ = await bot.request.do_request(f"https://127.0.0.1:{target}/secret-path", "GET")
        assert status == 200
        assert heads[0].startswith(b"CONNECT 127.0.0.1:%d " % target)
        assert b"secret-path" not in heads[0]

    async def test_a_proxy_that_says_no(self) -> None:
        async def refuse(head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")

        async with (
            raw_server(refuse) as port,
            a_bot("https://telegram.invalid", proxy=f"http://127.0.0.1:{port}") as bot,
        ):
            with pytest.raises(NotSent, match="407") as caught:
                await bot.get_me()
        assert "SANDBOX-TOKEN" not in str(caught.value)

    async def test_other_kinds_are_refused_at_once(self) -> None:
        with pytest.raises(ValueError, match="http://"):
            AiohttpRequest(1, proxy="socks5://127.0.0.1:1080")


async def hang_up(head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readexactly(100_000)
    writer.transport.abort()


async def always_good(head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(GOOD)


async def pump(source: asyncio.StreamReader, drain: asyncio.StreamWriter) -> None:
    while piece := await source.read(65536):
        drain.write(piece)
    drain.close()


class Authority:
    """A certificate for 127.0.0.1 that vouches for itself."""

    def __init__(self, folder: Path) -> None:
        self.certificate, self._key = folder / "ca.pem", folder / "key.pem"
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
        now = datetime.now(UTC)
        signed = (
            x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
            .not_valid_before(now - timedelta(hours=1))
            .not_valid_after(now + timedelta(hours=1))
            .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, hashes.SHA256())
        )
        self.certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
        self._key.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )

    def server_context(self) -> ssl.SSLContext:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.certificate, self._key)
        return context


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)

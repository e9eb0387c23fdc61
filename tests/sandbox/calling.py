"""A bare Bot API client, so that the sandbox is seen as any client sees it; every call is held against the oracle."""

import asyncio
import io
import json
from collections.abc import Callable
from typing import Any

import aiohttp

from sandbox import Sandbox
from sandbox.errors import Json
from tests.sandbox.oracle import check_answer, check_call, check_update


class Refused(Exception):  # noqa: N818 - reads as a sentence: pytest.raises(Refused)
    def __init__(self, status: int, answer: Json) -> None:
        super().__init__(f"{status} {answer['description']}")
        self.status = status
        self.description: str = answer["description"]
        self.parameters: Json = answer.get("parameters", {})


class Caller:
    """`await call("sendMessage", chat_id=1, text="...")` gives the result or raises Refused."""

    def __init__(self, sandbox: Sandbox, http: aiohttp.ClientSession) -> None:
        self.sandbox = sandbox
        self.http = http

    def address(self, method: str, token: str | None = None) -> str:
        return f"{self.sandbox.url}/bot{token or self.sandbox.token}/{method}"

    async def __call__(self, method: str, **parameters: Any) -> Any:
        check_call(method, parameters)
        fields = {
            name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            for name, value in parameters.items()
        }
        result = await self.post(method, data=fields)
        check_answer(method, result)
        if method == "getUpdates":
            for update in result:
                check_update(update)
        return result

    async def send_file(self, method: str, name: str, content: bytes, **fields: str) -> Any:
        """A multipart upload; the method's last word is the field: sendDocument, document."""
        form = aiohttp.FormData(fields)
        form.add_field(method.removeprefix("send").lower(), io.BytesIO(content), filename=name)
        result = await self.post(method, data=form)
        check_answer(method, result)
        return result

    async def post(self, method: str, **request: Any) -> Any:
        async with self.http.post(self.address(method), **request) as response:
            answer = await response.json()
            if not answer["ok"]:
                assert answer["error_code"] == response.status
                raise Refused(response.status, answer)
            return answer["result"]


async def until(is_so: Callable[[], object]) -> None:
    """Wait for something that only the server's own loop brings about."""
    while not is_so():  # noqa: ASYNC110 - what is waited for announces itself to nobody
        await asyncio.sleep(0.001)

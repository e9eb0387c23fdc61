"""The phone page and the small JSON API under it; scripts in other processes may drive people through the same."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from aiohttp import web

from sandbox import hands
from sandbox.errors import ApiError, Json
from sandbox.faults import Fault
from sandbox.files import Upload
from sandbox.messages import Message
from sandbox.people import Person
from sandbox.profile import in_language
from sandbox.telegram import Account, Chat

if TYPE_CHECKING:
    from sandbox.server import Sandbox

PAGE = Path(__file__).parent / "page"
KEEP_ALIVE_S = 15


class Phone:
    def __init__(self, sandbox: "Sandbox") -> None:
        self.sandbox = sandbox
        self.telegram = sandbox.telegram

    def add_routes(self, app: web.Application) -> None:
        person = "/phone/people/{id:\\d+}"
        app.add_routes(
            [
                web.get("/", self.go_to_page),
                web.get("/phone", self.page),
                web.get("/phone/events", self.events),
                web.get("/phone/people", self.people),
                web.post("/phone/people", self.add_person),
                web.get(person, self.view),
                web.post(person + "/text", self.write),
                web.post(person + "/start", self.open_link),
                web.post(person + "/press", self.press),
                web.post(person + "/upload", self.upload),
                web.post(person + "/sample", self.upload_sample),
                web.post(person + "/block", self.block),
                web.post(person + "/unblock", self.unblock),
                web.post(person + "/language", self.choose_language),
                web.get("/phone/files/{file_id}", self.file),
                web.get("/phone/settled", self.settled),
                web.get("/phone/calls", self.calls),
                web.post("/phone/faults", self.add_fault),
                web.delete("/phone/faults", self.clear_faults),
                web.static("/phone/page", PAGE),
            ],
        )

    async def go_to_page(self, _: web.Request) -> web.StreamResponse:
        raise web.HTTPFound("/phone")

    async def page(self, _: web.Request) -> web.StreamResponse:
        return web.FileResponse(PAGE / "index.html", headers={"Cache-Control": "no-cache"})

    async def people(self, _: web.Request) -> web.Response:
        accounts = [_account(account) for account in self.telegram.accounts.values()]
        hints = [
            hint | {"files": [_short(Path(name)) for name in hint.get("files", [])]} for hint in self.sandbox.page_hint
        ]
        return web.json_response({"people": accounts, "hints": hints})

    async def add_person(self, http: web.Request) -> web.Response:
        body = await http.json()
        language_code = str(body.get("language_code", "zh-hans"))
        person = self.sandbox.person(str(body["name"]), language_code=language_code)
        return web.json_response(_account(person.account))

    async def view(self, http: web.Request) -> web.Response:
        """All that a phone shows which changed after revision `since`."""
        account = self._person(http).account
        return web.json_response(self._view(account, int(http.query.get("since", 0))))

    def _view(self, account: Account, since: int) -> Json:
        chat = self.telegram.chat_of(account)
        profile, language = self.telegram.profile, account.language_code
        return {
            "revision": self.telegram.revision,
            "person": _account(account),
            "bot": {
                "name": in_language(profile.names, language),
                "username": profile.username,
                "description": in_language(profile.descriptions, language),
            },
            "message_ids": list(chat.messages),
            "messages": [_message(message) for message in chat.messages.values() if message.revision > since],
            "keyboard": chat.keyboard,
            "commands": profile.commands_in_private(chat.chat_id, language),
            "activity": {"name": chat.activity, "seconds": max(chat.activity_until - self.telegram.clock(), 0)},
            "toasts": [
                {"text": toast.text, "is_alert": toast.is_alert} for toast in account.toasts if toast.revision > since
            ],
            "waiting_presses": sum(
                not query.is_answered and query.account is account for query in self.telegram.callbacks.values()
            ),
        }

    async def write(self, http: web.Request) -> web.Response:
        account = self._person(http).account
        text = str((await http.json())["text"])
        return self._done(lambda: hands.write(self.telegram, account, self._chat(account), text))

    async def open_link(self, http: web.Request) -> web.Response:
        account = self._person(http).account
        parameter = str((await http.json()).get("parameter", ""))
        return self._done(lambda: hands.open_link(self.telegram, account, parameter))

    async def press(self, http: web.Request) -> web.Response:
        account = self._person(http).account
        body = await http.json()
        message = self._chat(account).messages.get(int(body["message_id"]))
        if message is None:
            raise web.HTTPNotFound
        return self._done(lambda: hands.press(self.telegram, account, message, str(body["data"])))

    async def upload(self, http: web.Request) -> web.Response:
        account = self._person(http).account
        form = await http.post()
        part = form["file"]
        if not isinstance(part, web.FileField):
            raise web.HTTPBadRequest
        file = Upload(part.filename, part.file.read())
        kind, caption = str(form.get("kind", "document")), str(form.get("caption", ""))
        return self._done(
            lambda: hands.upload(self.telegram, account, file, kind=kind, caption=caption),
        )

    async def upload_sample(self, http: web.Request) -> web.Response:
        """Send one of the files that a page hint offers."""
        account = self._person(http).account
        name = (await http.json())["name"]
        offered = [Path(path) for hint in self.sandbox.page_hint for path in hint.get("files", [])]
        path = next((path for path in offered if _short(path) == name), None)
        if path is None:
            raise web.HTTPNotFound
        file = Upload(path.name, await asyncio.to_thread(path.read_bytes))
        return self._done(lambda: hands.upload(self.telegram, account, file, kind="document"))

    async def block(self, http: web.Request) -> web.Response:
        account = self._person(http).account
        return self._done(lambda: hands.block(self.telegram, account))

    async def unblock(self, http: web.Request) -> web.Response:
        account = self._person(http).account
        return self._done(lambda: hands.unblock(self.telegram, account))

    async def choose_language(self, http: web.Request) -> web.Response:
        account = self._person(http).account
        account.language_code = str((await http.json())["language_code"])
        self.telegram.touch(self._chat(account))
        return web.json_response({"ok": True})

    async def file(self, http: web.Request) -> web.Response:
        stored = self.telegram.files.by_id.get(http.match_info["file_id"])
        if stored is None:
            raise web.HTTPNotFound
        shown = "inline" if stored.kind == "photo" else "attachment"
        headers = {
            "Content-Disposition": f"{shown}; filename*=UTF-8''{quote(stored.name)}",
            "X-Content-Type-Options": "nosniff",
        }
        return web.Response(body=stored.content, content_type=stored.mime_type, headers=headers)

    async def events(self, http: web.Request) -> web.StreamResponse:
        """Server-sent events: {"changed": [chat ids]} whenever a phone has something new to draw."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-cache"})
        await response.prepare(http)
        seen = int(http.query.get("since", 0))
        while True:
            changed = [chat.chat_id for chat in self.telegram.chats.values() if chat.revision > seen]
            seen = self.telegram.revision
            await response.write(f"data: {json.dumps({'changed': changed})}\n\n".encode())
            await self._wait_for_change()

    async def _wait_for_change(self) -> None:
        self.telegram.changed.clear()
        try:
            await asyncio.wait_for(self.telegram.changed.wait(), KEEP_ALIVE_S)
        except TimeoutError:
            return
        await asyncio.sleep(0.02)  # one event for a burst of changes

    async def settled(self, http: web.Request) -> web.Response:
        try:
            await self.sandbox.settled(float(http.query.get("timeout", 10)))
        except TimeoutError as error:
            return web.json_response({"ok": False, "description": str(error)}, status=504)
        return web.json_response({"ok": True})

    async def calls(self, _: web.Request) -> web.Response:
        sends = [[send.time, send.chat_id, send.method] for send in self.sandbox.sends]
        return web.json_response({"calls": self.sandbox.calls, "sends": sends})

    async def add_fault(self, http: web.Request) -> web.Response:
        """{"method", "kind", "status"?, "seconds"?, "after"?, "count"? (absent: for ever), "chance"?}."""
        body = await http.json()
        fault = Fault(body["kind"], body.get("status", 0), body.get("seconds", 0), body.get("after", False))
        if "count" in body:
            self.sandbox.faults.next(body["method"], fault, count=body["count"])
        else:
            self.sandbox.faults.every(body["method"], fault, chance=body.get("chance", 1.0))
        return web.json_response({"ok": True})

    async def clear_faults(self, _: web.Request) -> web.Response:
        self.sandbox.faults.clear()
        return web.json_response({"ok": True})

    def _person(self, http: web.Request) -> Person:
        account = self.telegram.accounts.get(int(http.match_info["id"]))
        if account is None:
            raise web.HTTPNotFound
        return self.sandbox.person(account.name)

    def _chat(self, account: Account) -> Chat:
        return self.telegram.chat_of(account)

    def _done(self, act: Callable[[], None]) -> web.Response:
        try:
            act()
        except (ApiError, ValueError, PermissionError) as error:
            return web.json_response({"ok": False, "description": str(error)}, status=400)
        return web.json_response({"ok": True})


def _short(path: Path) -> str:
    """How a file that a hint offers is shown: with its folder, as clean and messy files share their names."""
    return f"{path.parent.name}/{path.name}"


def _account(account: Account) -> Json:
    return {
        "id": account.user_id,
        "name": account.name,
        "language_code": account.language_code,
        "has_blocked": account.has_blocked,
        "is_deactivated": account.is_deactivated,
    }


def _message(message: Message) -> Json:
    return {"raw": message.raw, "revision": message.revision}

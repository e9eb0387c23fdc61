"""A pretend Telegram that writes down all it was asked, and holds the bot to its word about updates."""

from __future__ import annotations

import random
import sqlite3
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from sandbox import Sandbox
from sandbox.calls import Arguments, Method, Request
from sandbox.files import StoredFile
from sandbox.messages import Message
from sandbox.telegram import Chat
from sandbox.updates import Update
from sandbox.webhook import SECRET_HEADER

QUEUED_MARKS = {
    "已登记到账": "contribution_recorded",
    "您的绑定刚刚换到": "moved_away",
    "您发得太快了": "slow_down",
    "You are faster than I am": "slow_down",
    "不能确定办成了没有": "could_not_finish",
    "we cannot be sure that step was done": "could_not_finish",
    "有一条通知停下来了": "notice_stands",
    "［通知": "notice",
    "（编号": "case_answer",
    "有人在等答复": "desk_news",
    "您手上的事，对方又说话了": "desk_news",
    "快到答复时间了": "desk_news",
    "过了答复时间，还没有人答复": "desk_news",
    "有人来办公室登记了": "change_for_payee",
    "换收款卡生效了": "change_for_payee",
    "（换收款卡，编号": "change_for_staff",
    "这次发放先停一下": "payout_withdrawn",
    "\n账户尾号": "payout_stage",
}
"""By what words a message is known to have come from the outbox."""
CARD = "card"
CARD_MARKS = ("正在发送……", "发完了。", "暂停了。", "取消了。", "正在收回……", "收回完了。")
"""A notice's card comes as an answer and then changes by itself."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A message of the bot as it came or was changed; `request_ids` are those of its buttons."""

    at: float
    message_id: int
    text: str
    request_ids: frozenset[str]
    is_edit: bool
    kind: str | None


class Moments:
    """Where the storm may strike: before and after the effect of each call."""

    BEFORE, AFTER = "before", "after"


WEBHOOK = "webhook"
"""A call in the other direction: Telegram brings an update."""
UNHEARD = 0.05
"""So many of the bot's answers to the webhook are lost on their way: the update comes again."""


class ChronicleSandbox(Sandbox):
    """`on_call(moment, method, kind)` is told of every call; `shown` keeps every message by chat.

    `under_way` counts the messages from the outbox that Telegram has been asked to send and has not answered yet.
    """

    def __init__(self, seed: int = 0) -> None:
        self.clock_ahead_s = 0.0
        self.under_way = 0
        self._random = random.Random(seed)
        super().__init__(clock=lambda: time.time() + self.clock_ahead_s)
        self.on_call: Callable[[str, str, str | None], None] = lambda *_: None
        self.shown: dict[int, list[Shown]] = defaultdict(list)
        self.editors: set[int] = set()
        """Chats in which a notice's words are a preview or a reply, not the notice."""
        self.expired: set[int] = set()
        self.confirmed: set[int] = set()
        self.lost: set[int] = set()
        """Updates that Telegram was told to forget before they were on the bot's disk."""
        self._database: sqlite3.Connection | None = None
        self._post, self._change = self.telegram.post, self.telegram.change
        self.telegram.post = self._write_post  # type: ignore[method-assign]
        self.telegram.change = self._write_change  # type: ignore[method-assign]
        self._keep = self.telegram.updates._keep
        self.telegram.updates._keep = self._watch_confirmed  # type: ignore[assignment, method-assign]
        self.telegram.webhook.first_pause_s = 0.05
        self._attempt = self.telegram.webhook._attempt
        self.telegram.webhook._attempt = self._bring  # type: ignore[method-assign]

    def watch(self, database: Path) -> None:
        """From now on compare what the bot confirms with what it has written down."""
        self._database = sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True, isolation_level=None)

    def interrupted(self) -> int:
        """How many messages deaths have left uncertain so far, as far as a start has noticed it."""
        assert self._database
        (number,) = self._database.execute("SELECT count(*) FROM outbox WHERE reason = 'interrupted'").fetchone()
        return int(number)

    def jump(self, seconds: float) -> None:
        """Turn Telegram's clock on: what it kept too long is gone."""
        before = {update.update_id for update in self.telegram.updates.pending}
        self.clock_ahead_s += seconds
        self.expired |= before - {update.update_id for update in self.telegram.updates.fresh()}

    async def _run(self, method: Method, arguments: Arguments) -> Any:
        kind = self._kind(arguments.get("chat_id"), arguments.get("text", ""))
        self.on_call(Moments.BEFORE, method.name, kind)
        result = await super()._run(method, arguments)
        if method.name != "getUpdates" or result:
            self.on_call(Moments.AFTER, method.name, kind)
        return result

    async def _weather(self, method: Method, request: Request, http: web.Request) -> Any:
        """All of a call, its troubles included; one that a dead process had open is over."""
        arguments = method.read(request)
        is_queued = self._kind(arguments.get("chat_id"), arguments.get("text", "")) not in {None, CARD}
        self.under_way += is_queued
        try:
            return await super()._weather(method, request, http)
        finally:
            self.under_way -= is_queued

    async def _bring(self, session: aiohttp.ClientSession, update: Update) -> float | None:
        """Take an update to the webhook, sometimes twice: the first answer was not heard."""
        webhook = self.telegram.webhook
        self.on_call(Moments.BEFORE, WEBHOOK, None)
        if self._random.random() < UNHEARD:
            with suppress(aiohttp.ClientError):
                await session.post(webhook.url, json=update.as_json(), headers={SECRET_HEADER: webhook.secret})
        pause_s = await self._attempt(session, update)
        if pause_s is None:
            self.on_call(Moments.AFTER, WEBHOOK, None)
        return pause_s

    def _kind(self, chat_id: object, text: str) -> str | None:
        if text.removeprefix("<b>").startswith(CARD_MARKS):
            return CARD
        found = next((kind for mark, kind in QUEUED_MARKS.items() if mark in text), None)
        return None if found == "notice" and chat_id in self.editors else found

    def _write_post(
        self,
        chat: Chat,
        sender: dict[str, Any],
        content: dict[str, Any],
        *,
        html: str = "",
        file: StoredFile | None = None,
    ) -> Message:
        message = self._post(chat, sender, content, html=html, file=file)
        self._note(chat, message, is_edit=False)
        return message

    def _write_change(self, chat: Chat, message: Message, raw: dict[str, Any]) -> None:
        self._change(chat, message, raw)
        self._note(chat, message, is_edit=True)

    def _note(self, chat: Chat, message: Message, *, is_edit: bool) -> None:
        if message.from_bot:
            ids = frozenset(request_id_of(button.data or "") for button in message.all_buttons())
            kind = self._kind(chat.chat_id, message.text)
            self.shown[chat.chat_id].append(
                Shown(time.monotonic(), message.message_id, message.text, ids, is_edit, kind)
            )

    def _watch_confirmed(self, kept: list[Update]) -> None:
        gone = {update.update_id for update in self.telegram.updates.pending} - {update.update_id for update in kept}
        self._keep(kept)
        if gone and self._database:
            marks = ",".join("?" * len(gone))
            rows = self._database.execute(f"SELECT update_id FROM inbox WHERE update_id IN ({marks})", list(gone))
            self.lost |= gone - {row[0] for row in rows}
            self.confirmed |= gone


def request_id_of(data: str) -> str:
    """The one-use id in a button's data: the fourth part. A button without one is known by all it says."""
    return ([*data.split(":"), "", "", ""])[3] or data

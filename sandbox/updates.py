"""The queue of updates a bot has not confirmed yet, and the one long poll that waits on it."""

import asyncio
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sandbox.errors import ApiError, Json, conflict

KEPT_S = 86_400
CALLBACK_KEPT_S = 150
LONGEST_POLL_S = 50
LEFT_OUT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
OTHER_POLL = "terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_SET = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"


@dataclass(frozen=True, slots=True)
class Update:
    update_id: int
    kind: str
    body: Json
    queue_id: int  # updates of one chat or user form one queue
    expires_at: float

    def as_json(self) -> Json:
        return {"update_id": self.update_id, self.kind: self.body}


class UpdateQueue:
    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.pending: list[Update] = []
        self.allowed: frozenset[str] = frozenset()
        self.next_id = int(clock())  # rises over restarts: a bot may remember the ids it has seen
        self.last_change = time.monotonic()
        self.arrived = asyncio.Event()
        self.conflict_pause_s = 3.0
        self._poll: asyncio.Future[None] | None = None
        self._next_quick_conflict = 0.0

    def allow(self, kinds: Iterable[str]) -> None:
        """Remember `allowed_updates`; an empty list is the default set."""
        self.allowed = frozenset(kinds)

    def put(self, kind: str, body: Json, queue_id: int) -> None:
        """Queue an update, unless the bot asked not to hear of its kind."""
        if kind not in self.allowed if self.allowed else kind in LEFT_OUT_BY_DEFAULT:
            return
        kept_s = CALLBACK_KEPT_S if kind == "callback_query" else KEPT_S
        self.pending.append(Update(self.next_id, kind, body, queue_id, self.clock() + kept_s))
        self.next_id += 1
        self.last_change = time.monotonic()
        self.arrived.set()
        self.release_poll()

    def fresh(self) -> list[Update]:
        """What still waits, the expired dropped."""
        now = self.clock()
        self.pending = [update for update in self.pending if update.expires_at > now]
        return self.pending

    def confirm(self, offset: int) -> None:
        """Forget everything before `offset`; a negative one keeps only that many of the newest."""
        waiting = self.fresh()
        if offset < 0:
            self._keep(waiting[offset:])
        elif offset > 0:
            self._keep([update for update in waiting if update.update_id >= offset])

    def remove(self, update: Update) -> None:
        self._keep([other for other in self.pending if other is not update])

    def clear(self) -> None:
        self._keep([])

    def _keep(self, updates: list[Update]) -> None:
        if len(updates) < len(self.pending):
            self.last_change = time.monotonic()
        self.pending = updates

    async def poll(self, offset: int, limit: int, timeout_s: float) -> list[Json]:
        """One getUpdates; it ends a poll that is still waiting."""
        self.end_poll(OTHER_POLL)
        self.confirm(offset)
        if not self.fresh() and timeout_s > 0:
            await self._wait(min(timeout_s, LONGEST_POLL_S))
        return [update.as_json() for update in self.fresh()[:limit]]

    def end_poll(self, reason: str) -> None:
        if self._poll is not None and not self.is_idle:
            self._poll.set_exception(conflict(reason))

    @property
    def is_idle(self) -> bool:
        """Nobody is waiting for updates."""
        return self._poll is None or self._poll.done()

    def release_poll(self) -> None:
        """Let a waiting poll return with what there is."""
        if self._poll is not None and not self.is_idle:
            self._poll.set_result(None)

    async def _wait(self, timeout_s: float) -> None:
        poll = self._poll = asyncio.get_running_loop().create_future()
        try:
            await asyncio.wait_for(poll, timeout_s)
        except TimeoutError:
            pass
        except ApiError:
            await self._delay_repeated_conflict()
            raise
        finally:
            if self._poll is poll:
                self._poll = None

    async def _delay_repeated_conflict(self) -> None:
        """The real server answers a conflict at once only if there was none in the last seconds."""
        if time.monotonic() < self._next_quick_conflict:
            await asyncio.sleep(self.conflict_pause_s)
        else:
            self._next_quick_conflict = time.monotonic() + self.conflict_pause_s

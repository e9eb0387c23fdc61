"""A bell that whoever queues a message rings, so that the one who delivers need not keep looking."""

from __future__ import annotations

import asyncio


class Bell:
    """Rung from any thread; heard on the event loop that listens. Nobody need listen."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self.is_answered = True
        """Whether the listener has nothing left to do, as far as it knows."""
        self._has_rung = False

    def listen(self) -> None:
        """From now on the running loop hears it."""
        self._loop = asyncio.get_running_loop()
        self.is_answered = False

    def leave(self) -> None:
        self._loop = None
        self.is_answered = True

    def ring(self) -> None:
        """Wake the listener. Inside a transaction is early enough: its next write stands behind this one."""
        self._has_rung = True
        loop = self._loop
        if loop is not None:
            self.is_answered = False
            loop.call_soon_threadsafe(self._rung.set)

    async def wait(self, timeout_s: float, *, at_rest: bool) -> None:
        """Return when it rings or rang since the last `wait`, or after `timeout_s` seconds."""
        self.is_answered = at_rest and not self._rung.is_set()
        try:
            await asyncio.wait_for(self._rung.wait(), timeout_s)
        except TimeoutError:
            pass
        else:
            self._rung.clear()

    def has_rung_since_asked(self) -> bool:
        """Whether it rang since this was asked last."""
        has_rung, self._has_rung = self._has_rung, False
        return has_rung

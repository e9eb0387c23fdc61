"""One small web server: `/health`, and `/telegram` for Telegram's webhook when that is switched on."""

from __future__ import annotations

import hmac
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Final

from aiohttp import web

from carefund_bot.errors import StartRefused
from carefund_bot.transport.inbox import Json
from carefund_bot.transport.malfunctions import place_of
from carefund_bot.web.health import Health

log = logging.getLogger(__name__)

SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
_LARGEST_UPDATE: Final = 4 * 1024 * 1024

Take = Callable[[Sequence[Json]], Awaitable[None]]


def build_app(look: Callable[[], Awaitable[Health]], *, take: Take | None = None, secret: str = "") -> web.Application:
    """The web application. With `take`, updates are accepted under `secret`; 200 is said once they are safe."""
    app = web.Application(client_max_size=_LARGEST_UPDATE)

    async def health(request: web.Request) -> web.Response:
        del request
        seen = await look()
        return web.json_response(seen.as_json(), status=200 if seen.is_well else 503)

    async def telegram(request: web.Request) -> web.Response:
        if take is None or not hmac.compare_digest(request.headers.get(SECRET_HEADER, "").encode(), secret.encode()):
            return web.Response(status=404)
        try:
            update = await request.json()
        except (json.JSONDecodeError, UnicodeDecodeError):
            return web.Response(status=400)
        if not isinstance(update, dict) or not isinstance(update.get("update_id"), int):
            return web.Response(status=400)
        try:
            await take([update])
        except Exception as error:  # noqa: BLE001 - a full disk must not end anything: Telegram brings it again
            log.error("webhook: %s", place_of(error))  # noqa: TRY400 - a message may quote people
            return web.Response(status=503)
        return web.Response()

    app.router.add_get("/health", health)
    app.router.add_post("/telegram", telegram)
    return app


@asynccontextmanager
async def served(app: web.Application, host: str, port: int) -> AsyncIterator[None]:
    """Listen inside this block; `StartRefused` if the port is taken."""
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError:
        await runner.cleanup()
        raise StartRefused(f"Port {port} is taken: set web.port to another one.") from None
    try:
        yield
    finally:
        await runner.cleanup()

"""Life of the bot: start, poll, deliver, drain, stop."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from telegram.error import InvalidToken, NetworkError, RetryAfter

from carefund_bot.clock import Clock, system_clock
from carefund_bot.errors import StartRefused
from carefund_bot.fund import Fund, open_fund
from carefund_bot.services.pulse import LOOK_EVERY_S
from carefund_bot.settings import Settings
from carefund_bot.transport.delivery import Delivery
from carefund_bot.transport.first_poll import ALLOWED_UPDATES
from carefund_bot.transport.inbox import Json
from carefund_bot.transport.intake import Intake
from carefund_bot.transport.malfunctions import place_of
from carefund_bot.transport.outcomes import seconds_of
from carefund_bot.transport.polling import Batch, Poller
from carefund_bot.transport.updates import read_update
from carefund_bot.transport.webhook import Webhook
from carefund_bot.web.health import look
from handlers.application import FundApplication, build_application, introduce
from handlers.context import House

if TYPE_CHECKING:
    from carefund_bot.understanding.reading import Understanding

log = logging.getLogger(__name__)

_SWITCH_WHILE_LOADING_S = 0.0001
_FIRST_PAUSE_S = 1.0
_LONGEST_PAUSE_S = 30.0
_MIND_EVERY_S = 60.0
_FORGET_EVERY_S = 3600.0
_LOOK_AT_CLOCK_EVERY_S = 1.0


Workers = dict[str, "asyncio.Task[None]"]


@dataclass(frozen=True, slots=True)
class Running:
    """A bot at work. None of its workers ends by itself, but `polling` if Telegram will not have us."""

    workers: Workers
    intake: Intake
    house: House

    def check_workers(self) -> None:
        """`StartRefused` if one has ended: a bot that works in part looks as if it worked."""
        for name in ended(self.workers):
            worker = self.workers[name]
            error = None if worker.cancelled() else worker.exception()
            if isinstance(error, StartRefused):
                raise error
            log.error("%s ended: %s", name, place_of(error))
            raise StartRefused(f"The bot's {name} ended by itself: start the bot again, and see the log for the place.")


async def learn_to_read(house: House) -> None:
    """Load what understands free words; until it is there, they are answered as well as can be without it."""
    try:
        house.understanding = await asyncio.to_thread(_load_understanding)
    except Exception as error:  # noqa: BLE001 - a broken installation: commands and buttons work all the same
        log.error("free words are not understood: %s", place_of(error))  # noqa: TRY400 - one line an event


def _load_understanding() -> Understanding:
    """While it loads, whoever is answered would wait for the interpreter's usual 5 ms at every step."""
    usual_s = sys.getswitchinterval()
    sys.setswitchinterval(_SWITCH_WHILE_LOADING_S)
    try:
        from carefund_bot.understanding.reading import Understanding  # noqa: PLC0415 - its tools take long to load

        return Understanding.load()
    finally:
        sys.setswitchinterval(usual_s)


def ended(workers: Workers) -> list[str]:
    """The names of those that work no more."""
    return [name for name, worker in workers.items() if worker.done()]


async def serve(
    settings: Settings, first_poll: Awaitable[Batch | None] | None = None, *, clock: Clock = system_clock
) -> None:
    """Serve until SIGTERM or SIGINT, then finish what has begun; `StartRefused` if Telegram will not have us.

    `first_poll` is one that is under way already.
    """
    stop, begun = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    async with open_fund(settings, clock=clock) as fund:
        life = asyncio.create_task(_live(fund, first_poll, begun, stop))
        stopped = asyncio.create_task(stop.wait())
        await asyncio.wait({life, stopped}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if not begun.is_set():
            life.cancel()  # still waiting for Telegram's first answer: there is nothing to finish
        with suppress(asyncio.CancelledError):
            await life


async def _live(
    fund: Fund, first_poll: Awaitable[Batch | None] | None, begun: asyncio.Event, stop: asyncio.Event
) -> None:
    async with serving(fund, first_poll, learn_to_read) as running:
        begun.set()
        log.info("serving; stop with Ctrl-C or SIGTERM")
        _calm_the_collector()
        stopped = asyncio.create_task(stop.wait())
        await asyncio.wait({stopped, *running.workers.values()}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        running.check_workers()
        log.info("stopping: finishing what has begun")


def _calm_the_collector() -> None:
    """What is here now stays; what an update leaves is looked through less often. A fifth less work per update."""
    gc.freeze()
    gc.set_threshold(20_000, 10, 5)


@asynccontextmanager
async def serving(
    fund: Fund,
    first_poll: Awaitable[Batch | None] | None = None,
    learn: Callable[[House], Awaitable[None]] | None = None,
) -> AsyncIterator[Running]:
    """The bot polls inside this block; leaving it stops polling, drains and closes.

    People are answered at once; notices wait until it has learned what there is to `learn`.
    """
    application = build_application(fund, fund.settings.telegram.read_token())
    intake = Intake(fund.ground, application.bot, partial(_process, application))
    per_second = fund.settings.telegram.messages_per_second
    delivery = Delivery(fund.delivering, fund.ground.bell, application.bot, per_second=per_second)
    source = _source(fund, application, intake, first_poll)
    try:
        await _until_answered(application.initialize)
        await intake.take_up()
        await _wake(fund)
        works = {
            "delivery": _learn_and_deliver(application.bot_data, learn, delivery),
            "polling": source.run(),
            "pulse": _regularly(fund.pulse.look, LOOK_EVERY_S),
            "inbox": _regularly(intake.inbox.forget_old, _FORGET_EVERY_S),
            "desk": _regularly(fund.minding.look, _MIND_EVERY_S),
            "notices": _regularly(fund.notice_clock.start_due, _LOOK_AT_CLOCK_EVERY_S),
            "cards": application.bot_data.cards.run(),
        }
        workers = {name: asyncio.create_task(work, name=name) for name, work in works.items()}
        introducing = asyncio.create_task(_introduce(application))
        try:
            async with _web_server(fund, intake, source, workers):
                yield Running(workers, intake, application.bot_data)
        finally:
            at_once = [task for name, task in workers.items() if name != "delivery"]
            for task in (*at_once, introducing):
                task.cancel()
            await asyncio.gather(*at_once, introducing, return_exceptions=True)
            delivery.stop()
            done = await asyncio.gather(
                intake.drain(fund.settings.telegram.drain_timeout_s),
                _end(workers["delivery"], fund.settings.telegram.drain_timeout_s),
            )
            if not all(done):
                log.warning("not all could be finished in time; the rest is done at the next start")
            await _see_to(fund.pulse.beat)
    finally:
        await application.shutdown()


async def _learn_and_deliver(
    house: House, learn: Callable[[House], Awaitable[None]] | None, delivery: Delivery
) -> None:
    """Whoever asks shares the processor with the loading for a second; not with a notice to thousands as well."""
    if learn is not None:
        await learn(house)
    await delivery.run()


async def _end(task: asyncio.Task[None], timeout_s: float) -> bool:
    """Wait for a task that was told to stop, at most so long."""
    _, late = await asyncio.wait({task}, timeout=timeout_s)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    return not late


async def _wake(fund: Fund) -> None:
    """See whether this database may speak by itself; say it if not."""
    woken = await fund.pulse.wake()
    if woken.is_copy:
        log.warning(
            "this database is not the one that ran last, but restored or copied: "
            "%d notices and %d messages wait for a person",
            woken.notices,
            woken.messages,
        )


async def _introduce(application: FundApplication) -> None:
    """Menus and descriptions; without them the bot answers all the same."""
    try:
        await _until_answered(partial(introduce, application))
    except Exception as error:  # noqa: BLE001 - what the library raises for a refusal
        log.error("menus: %s", place_of(error))  # noqa: TRY400 - a message may quote people


async def _regularly(look: Callable[[], Awaitable[object]], every_s: float) -> None:
    """Look after something again and again; what came due meanwhile is found at the first look."""
    while True:
        await _see_to(look)
        await asyncio.sleep(every_s)


async def _see_to(look: Callable[[], Awaitable[object]]) -> None:
    """Do it if it can be done; a full disk must end neither the looking nor the ending."""
    try:
        await look()
    except Exception as error:  # noqa: BLE001 - whatever it is
        log.error("%s: %s", look.__qualname__, place_of(error))  # noqa: TRY400 - a message may quote people


def _source(
    fund: Fund, application: FundApplication, intake: Intake, first_poll: Awaitable[Batch | None] | None
) -> Poller | Webhook:
    """Where updates come from: a long poll, or the webhook if one is set."""
    web_settings = fund.settings.web
    if web_settings.webhook_url:
        secret = web_settings.read_webhook_secret()
        return Webhook(application.bot, web_settings.webhook_url, secret, ALLOWED_UPDATES)
    return Poller(application.bot, intake.take, first_poll)


@asynccontextmanager
async def _web_server(fund: Fund, intake: Intake, source: Poller | Webhook, workers: Workers) -> AsyncIterator[None]:
    """Serve health, and the webhook if that is the source; nothing if no port is set."""
    settings = fund.settings.web
    if not settings.port:
        yield
        return
    from carefund_bot.web.app import build_app, served  # noqa: PLC0415 - who sets no port needs no web server in memory

    app = build_app(
        lambda: look(fund.ground, lambda: source.last_heard, ended(workers)),
        take=intake.take if isinstance(source, Webhook) else None,
        secret=settings.read_webhook_secret() if isinstance(source, Webhook) else "",
    )
    async with served(app, settings.host, settings.port):
        yield


async def _process(application: FundApplication, content: Json) -> None:
    await application.process_update(read_update(content, application.bot))


async def _until_answered(ask: Callable[[], Awaitable[None]]) -> None:
    """Ask Telegram something that the start needs, for as long as it takes."""
    pause_s = _FIRST_PAUSE_S
    while True:
        try:
            await ask()
        except InvalidToken:
            raise StartRefused("Telegram does not know this token: check telegram.token_file.") from None
        except RetryAfter as error:
            await asyncio.sleep(seconds_of(error))
        except NetworkError as error:
            log.warning("Telegram does not answer (%s), trying again in %.0f s", type(error).__name__, pause_s)
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, _LONGEST_PAUSE_S)
        else:
            return

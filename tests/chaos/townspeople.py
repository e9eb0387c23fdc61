"""People who read what stands on their screen and do what it asks, again if nothing happens, too often if hasty."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Iterator, Mapping
from itertools import count

from sandbox import Person, hands
from sandbox.messages import Button, Message
from tests.chaos.chronicle import CARD, ChronicleSandbox, Shown
from tests.chaos.ledger import Act, Ledger, Tap, is_acknowledged

PATIENCE_S = 0.4, 2.5
"""Somebody whose tap shows nothing taps again after so long; each time in vain teaches patience."""
MOST_PATIENT = 4
"""So many times as long at most."""
STILL_S = 0.1
"""When nothing more comes for so long, all has come."""
MOVES = 12
"""So many screens are enough to get somewhere."""
Do = Callable[[], None]
Answer = Callable[[Message, list[Button]], Do | None]


class Townsman:
    """A phone and its owner. `act` is repeated until the storm is over, and once more after it."""

    def __init__(self, sandbox: ChronicleSandbox, ledger: Ledger, phone: Person, seed: str) -> None:
        self.sandbox = sandbox
        self.ledger = ledger
        self.phone = phone
        self.random = random.Random(seed)
        self.acts_done = 0
        self._patience = 1.0

    async def live(self, is_over: Callable[[], bool]) -> None:
        while not is_over():
            await self.act()
            await asyncio.sleep(self.random.uniform(0, 0.1))
        await self.act()

    async def act(self) -> None:
        raise NotImplementedError

    def screen(self) -> Message | None:
        """The bot's newest answer, if it is still there."""
        answers = self._answers()
        return self.phone._chat.messages.get(answers[-1].message_id) if answers else None

    async def does(self, *acts: Do) -> bool:
        """Do something and wait for an answer as long as one is patient; more often than not, until all has come."""
        seen = self._heard()
        for act in acts:
            act()
        if not await self._hears_more_than(seen, self._patience * self.random.uniform(*PATIENCE_S)):
            self._patience = min(self._patience * 1.5, MOST_PATIENT)
            return False
        self._patience = 1.0
        while self.random.random() < 0.7 and await self._hears_more_than(self._heard(), STILL_S):
            pass
        return True

    def _heard(self) -> int:
        return len(self.sandbox.shown[self.phone.id])

    async def _hears_more_than(self, seen: int, within_s: float) -> bool:
        deadline = time.monotonic() + within_s
        while time.monotonic() < deadline:
            await asyncio.sleep(0.01)
            if any(shown.kind in (None, CARD) for shown in self.sandbox.shown[self.phone.id][seen:]):
                return True
        return False

    def says(self, text: str) -> Do:
        return lambda: hands.write(self.sandbox.telegram, self.phone.account, self.phone._chat, text)

    def taps(self, message: Message, button: Button) -> Do:
        return lambda: hands.press(self.sandbox.telegram, self.phone.account, message, button.data or "")

    async def pursue(self, act: Act, confirm: str, about: str, opening: str, answer: Answer) -> None:
        """Follow a conversation to its confirm button and press that until it shows that it was done."""
        tapped: list[Tap] = []
        await self.does(self.says(opening))
        while True:
            if any(self.sees_done(tap) for tap in tapped):
                return
            screen, buttons = self.looks()
            if screen and (button := starting(buttons, confirm)):
                tapped.append(await self._confirms(act, screen, button, about))
            elif screen and self.gives_up(screen):
                return
            elif screen and starting(buttons, "goon:") and (drop := starting(buttons, "cancel:")):
                await self.does(self.taps(screen, drop))  # something begun before still waits: it is in the way
            else:
                await self.does((screen and answer(screen, buttons)) or self.says(opening))

    async def sees_what_there_is(self, opening: Do, confirms: Mapping[str, Act], answer: Answer) -> bool:
        """Go on until something is done, which is true, or nothing comes, or there is nothing that one could do."""
        if not (await self.does(opening) or await self.does() or await self.does()):
            return False
        for _ in range(MOVES):
            screen, buttons = self.looks()
            confirm = next(
                ((act, found) for prefix, act in confirms.items() if (found := starting(buttons, prefix))), None
            )
            if screen and confirm:
                act, button = confirm
                if self.sees_done(await self._confirms(act, screen, button, self.about(act, button))):
                    return True
            elif do := screen and answer(screen, buttons):
                await self.does(do)
            else:
                return False
        return False

    def about(self, act: Act, button: Button) -> str:
        """What to remember of an act beside what stood on the screen."""
        del act
        return (button.data or "").split(":")[2]

    def looks(self) -> tuple[Message | None, list[Button]]:
        """The screen and what can be pressed on it."""
        screen = self.screen()
        return screen, list(screen.all_buttons()) if screen else []

    def sees_done(self, tap: Tap) -> bool:
        done = is_acknowledged(tap, self.sandbox.shown[self.phone.id])
        self.acts_done += done
        return done

    def gives_up(self, screen: Message) -> bool:
        """Whether there is no use in going on; the count tells whether that was right."""
        del screen
        return False

    async def _confirms(self, act: Act, screen: Message, button: Button, about: str) -> Tap:
        tap = self.ledger.tap(act, button.data or "", screen, about, time.monotonic())

        def press() -> None:
            tap.update_ids.append(self.sandbox.telegram.updates.next_id)
            self.taps(screen, button)()

        await self.does(*[press] * (2 if self.random.random() < 0.2 else 1))
        return tap

    def __repr__(self) -> str:
        return f"{self.phone.name}: {[shown.text for shown in self._answers()[-6:]]}"

    def _answers(self) -> list[Shown]:
        return [shown for shown in self.sandbox.shown[self.phone.id] if shown.kind is None]


def starting(buttons: list[Button], prefix: str) -> Button | None:
    return next((button for button in buttons if (button.data or "").startswith(prefix)), None)


def all_starting(buttons: list[Button], prefix: str) -> list[Button]:
    return [button for button in buttons if (button.data or "").startswith(prefix)]


class Member(Townsman):
    """Pledges in words and by buttons, and changes one's mind."""

    sums: Iterator[int] = count(100_001)
    """Fen; nobody promises the same sum twice, so that a pledge tells whose words made it."""
    _has_enough = False

    async def act(self) -> None:
        if self.acts_done % 3 == 2 or self._has_enough:
            self._has_enough = False
            await self.pursue(Act.CHANGE, "pledges:do:", "", "/pledges", self._choose_change)
        else:
            fen = next(self.sums)
            self._words = f"{fen / 100:.2f}元"
            await self.pursue(Act.PLEDGE, "pledge:confirm:", str(fen), "/pledge", self._answer)

    def _answer(self, screen: Message, buttons: list[Button]) -> Do | None:
        if starting(buttons, "pledge:times:"):
            return self._tap_or_say(screen, all_starting(buttons, "pledge:times:"), "6次")
        if starting(buttons, "pledge:rhythm:"):
            return self._tap_or_say(screen, all_starting(buttons, "pledge:rhythm:"), "每月")
        if starting(buttons, "pledge:other:") or starting(buttons, "pledge:back:sum"):
            return self.says(self._words)
        return None

    def _tap_or_say(self, screen: Message, buttons: list[Button], words: str) -> Do:
        return self.taps(screen, self.random.choice(buttons)) if self.random.random() < 0.6 else self.says(words)

    def gives_up(self, screen: Message) -> bool:
        self._has_enough = "您已经有 12 项认捐" in screen.text
        return self._has_enough or "我的认捐：0 份" in screen.text

    def _choose_change(self, screen: Message, buttons: list[Button]) -> Do | None:
        changes = all_starting(buttons, "pledges:ask:")
        if changes:
            return self.taps(screen, self.random.choice(changes))
        if not starting(buttons, "pledges:list"):
            shown = all_starting(buttons, "pledges:one:")
            return self.taps(screen, self.random.choice(shown)) if shown else None
        return None


class Mover(Townsman):
    """Takes a household to this chat with a code, from another chat that does the same."""

    codes: list[str]
    turn: asyncio.Lock
    """The two take turns: who is bound away while being bound cannot be told apart from who never was."""

    def gives_up(self, screen: Message) -> bool:
        return "这个绑定码用不了" in screen.text

    async def act(self) -> None:
        async with self.turn:
            await self._take_over(self.codes.pop())

    async def _take_over(self, code: str) -> None:
        opening = f"/start {code}" if self.random.random() < 0.5 else f"{code[:5]}-{code[5:].lower()}"
        await self.pursue(Act.LINK, "link:agree:", code, opening, lambda *_: None)


class Household(Townsman):
    """Asks where the money is."""

    async def act(self) -> None:
        while not await self.does(self.says(self.random.choice(("钱什么时候到", "没收到", "/payout", "你好")))):
            pass
        await asyncio.sleep(self.random.uniform(0, 0.5))


class Asker(Townsman):
    """A household with worries: brings them to the desk, closes and rates them, stops a change that it did not make."""

    numbers: Iterator[int] = count(1)

    async def act(self) -> None:
        chosen = self.random.random()
        if chosen < 0.35:
            await self._asks_in_words()
        elif chosen < 0.6:
            await self.sees_what_there_is(self.says("/problem"), {}, self._hands_over)
        elif not await self._stops_a_change():
            closing = {"cases:close:": Act.CLOSE}
            if await self.sees_what_there_is(self.says("/cases"), closing, self._opens_a_case):
                await self._rates()
        await asyncio.sleep(self.random.uniform(0.2, 1))

    async def _asks_in_words(self) -> None:
        """Each time in other words: what was said twice would be two matters."""
        await self.does(self.says("/ask"))
        screen = self.screen()
        if screen and "请把想问的写下来" in screen.text:
            words = f"问题{next(self.numbers)}"
            self.ledger.matters[self.phone.id].append(words)
            await self.does(self.says(words))

    def _hands_over(self, screen: Message, buttons: list[Button]) -> Do | None:
        pressed = all_starting(buttons, "problem:hand:")
        pressed += [button for button in all_starting(buttons, "problem:is:") if "new_card" in (button.data or "")]
        return self.taps(screen, pressed[0]) if pressed else None

    def _opens_a_case(self, screen: Message, buttons: list[Button]) -> Do | None:
        cases = all_starting(buttons, "cases:look:")
        return self.taps(screen, self.random.choice(cases)) if cases else None

    async def _rates(self) -> None:
        screen, buttons = self.looks()
        if screen and (stars := all_starting(buttons, "cases:rate:")):
            star = self.random.choice(stars)
            await self._confirms(Act.RATE, screen, star, self.about(Act.RATE, star))

    async def _stops_a_change(self) -> bool:
        """If there is word of one that is not in force yet."""
        for message in reversed(self.phone.chat):
            button = starting(list(message.all_buttons()), "stop:change:")
            if button and self.random.random() < 0.5:
                await self._confirms(Act.STOP, message, button, self.about(Act.STOP, button))
                return True
        return False


class Polyglot(Townsman):
    """Cannot decide on a language, and does not wait for answers."""

    opening: str = "/language"
    prefixes: tuple[str, ...] = ("settings:language:",)

    @property
    def chosen(self) -> dict[int, str]:
        return self.ledger.languages[self.phone.id]

    async def act(self) -> None:
        while not (screen := await self._question()):
            pass
        for _ in range(self.random.randint(2, 5)):
            button = self.random.choice(self._offered(screen))
            verb, argument = (button.data or "").split(":")[1:3]
            self.chosen[self.sandbox.telegram.updates.next_id] = self.choice(verb, argument)
            self.taps(screen, button)()
            await asyncio.sleep(self.random.choice((0, 0, 0.05, 0.2)))
        while not await self.does(self.says("/privacy")):
            pass
        await asyncio.sleep(self.random.uniform(0.5, 2))

    def choice(self, verb: str, argument: str) -> str:
        del verb
        return argument

    async def _question(self) -> Message | None:
        await self.does(self.says(self.opening))
        screen = self.screen()
        return screen if screen and self._offered(screen) else None

    def _offered(self, screen: Message) -> list[Button]:
        return [button for button in screen.all_buttons() if (button.data or "").startswith(self.prefixes)]


class Chooser(Polyglot):
    """Wants the notices about the fund, or not; presses what stands there, sometimes what stood there."""

    opening, prefixes = "通知设置", ("topics:on:fund_news", "topics:off:fund_news")

    @property
    def chosen(self) -> dict[int, str]:
        return self.ledger.topics[self.phone.id]

    def choice(self, verb: str, argument: str) -> str:
        del argument
        return verb


class Hasty(Townsman):
    """Sends far more than one can answer."""

    async def act(self) -> None:
        await self.does(*[self.says("/help")] * self.random.randint(1, 40))
        await asyncio.sleep(self.random.uniform(0.5, 2))

"""People who read what stands on their screen and do what it asks, again if nothing happens, too often if hasty."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Iterator
from itertools import count

from sandbox import Person, hands
from sandbox.messages import Button, Message
from tests.chaos.chronicle import CARD, ChronicleSandbox, Shown, request_id_of
from tests.chaos.ledger import Act, Ledger, Tap, is_acknowledged

PATIENCE_S = 0.4, 2.5
"""Somebody whose tap shows nothing taps again after so long."""
STILL_S = 0.1
"""When nothing more comes for so long, all has come."""
Do = Callable[[], None]


class Townsman:
    """A phone and its owner. `act` is repeated until the storm is over, and once more after it."""

    def __init__(self, sandbox: ChronicleSandbox, ledger: Ledger, phone: Person, seed: str) -> None:
        self.sandbox = sandbox
        self.ledger = ledger
        self.phone = phone
        self.random = random.Random(seed)
        self.acts_done = 0

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
        if not await self._hears_more_than(seen, self.random.uniform(*PATIENCE_S)):
            return False
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

    async def pursue(
        self, act: Act, confirm: str, about: str, opening: str, answer: Callable[[Message, list[Button]], Do | None]
    ) -> None:
        """Follow a conversation to its confirm button and press that until it shows that it was done."""
        tapped: list[Tap] = []
        await self.does(self.says(opening))
        while True:
            if any(is_acknowledged(tap, self.sandbox.shown[self.phone.id]) for tap in tapped):
                self.acts_done += 1
                return
            screen = self.screen()
            buttons = list(screen.all_buttons()) if screen else []
            if screen and (button := starting(buttons, confirm)):
                tapped.append(await self._confirms(act, screen, button, about))
            elif screen and self.gives_up(screen):
                return
            else:
                await self.does((screen and answer(screen, buttons)) or self.says(opening))

    def gives_up(self, screen: Message) -> bool:
        """Whether there is no use in going on; the count tells whether that was right."""
        del screen
        return False

    async def _confirms(self, act: Act, screen: Message, button: Button, about: str) -> Tap:
        request_id = request_id_of(button.data or "")
        tap = self.ledger.tap(act, request_id, screen, about, time.monotonic())

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

    async def act(self) -> None:
        if self.acts_done % 3 == 2:
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
        return "我的认捐：0 份" in screen.text

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


class Clerk(Townsman):
    """Writes down contributions, each of another sum."""

    sums: Iterator[int] = count(101)
    numbers: list[str]

    async def act(self) -> None:
        fen = next(self.sums)
        self._number, self._sum = self.random.choice(self.numbers), f"{fen / 100:.2f}"
        await self.pursue(Act.GIFT, "record:confirm:", str(fen), "/record", self._answer)

    def _answer(self, screen: Message, buttons: list[Button]) -> Do | None:
        for prefix in ("record:day:", "record:channel:"):
            if starting(buttons, prefix):
                return self.taps(screen, self.random.choice(all_starting(buttons, prefix)))
        if "请打党员编号" in screen.text:
            return self.says(self._number)
        if "请打金额" in screen.text:
            return self.says(self._sum)
        return None


class Editor(Townsman):
    """Sends notices to everybody of the city."""

    numbers: Iterator[int] = count(1)

    async def act(self) -> None:
        self._text = f"［通知{next(self.numbers)}］各位好，今年的关爱金七一前发放。"
        await self.pursue(Act.NOTICE, "notice:send:", self._text, "/notice", self._answer)
        await asyncio.sleep(self.random.uniform(0, 1))

    def _answer(self, screen: Message, buttons: list[Button]) -> Do | None:
        for prefix in ("notice:skip:", "notice:whom:everybody", "notice:place:"):
            if button := starting(buttons, prefix):
                return self.taps(screen, button)
        if "请把通知的中文写给我" in screen.text or starting(buttons, "notice:card:"):
            return self.says(self._text)
        return None


class Household(Townsman):
    """Asks where the money is."""

    async def act(self) -> None:
        while not await self.does(self.says(self.random.choice(("钱什么时候到", "没收到", "/payout", "你好")))):
            pass
        await asyncio.sleep(self.random.uniform(0, 0.5))


class Polyglot(Townsman):
    """Cannot decide on a language, and does not wait for answers."""

    async def act(self) -> None:
        while not (screen := await self._language_question()):
            pass
        chosen = self.ledger.languages.setdefault(self.phone.id, {})
        for _ in range(self.random.randint(2, 5)):
            button = self.random.choice(all_starting(list(screen.all_buttons()), "settings:language:"))
            chosen[self.sandbox.telegram.updates.next_id] = (button.data or "").split(":")[2]
            self.taps(screen, button)()
            await asyncio.sleep(self.random.choice((0, 0, 0.05, 0.2)))
        while not await self.does(self.says("/privacy")):
            pass
        await asyncio.sleep(self.random.uniform(0.5, 2))

    async def _language_question(self) -> Message | None:
        await self.does(self.says("/language"))
        screen = self.screen()
        return screen if screen and starting(list(screen.all_buttons()), "settings:language:") else None


class Hasty(Townsman):
    """Sends far more than one can answer."""

    async def act(self) -> None:
        await self.does(*[self.says("/help")] * self.random.randint(1, 40))
        await asyncio.sleep(self.random.uniform(0.5, 2))

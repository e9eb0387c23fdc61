"""The office's people: they record, import, answer, pay, and write notices; each step of a payout has other hands."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from itertools import count

from carefund_bot.clock import shanghai_time
from sandbox import hands
from sandbox.files import Upload
from sandbox.messages import Button, Message
from tests.chaos.chronicle import CARD
from tests.chaos.ledger import Act
from tests.chaos.townspeople import Do, Townsman, all_starting, starting

STEPS = ("notices:do:", "notices:ask:")


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
    """Sends notices to everybody of the city, and thinks better of some."""

    numbers: Iterator[int] = count(1)

    async def act(self) -> None:
        self._text = f"［通知{next(self.numbers)}］各位好，今年的关爱金七一前发放。"
        await self.pursue(Act.NOTICE, "notice:send:", self._text, "/notice", self._answer)
        if self.random.random() < 0.5:
            await self._moves_it()
        await asyncio.sleep(self.random.uniform(0, 1))

    async def _moves_it(self) -> None:
        """One step or two from the newest card, before it has got far."""
        for _ in range(self.random.randint(1, 2)):
            card = next((message for message in reversed(self.phone.chat) if self._is_card(message)), None)
            steps = [each for each in card.all_buttons() if (each.data or "").startswith(STEPS)] if card else []
            if card is None or not steps:
                return
            button = self.random.choice(steps)
            if (button.data or "").startswith("notices:ask:"):
                await self.sees_what_there_is(
                    self.taps(card, button), {"notices:do:": Act.NOTICE_STEP}, lambda *_: None
                )
            else:
                await self._confirms(Act.NOTICE_STEP, card, button, self.about(Act.NOTICE_STEP, button))

    def _is_card(self, message: Message) -> bool:
        shown = [each for each in self.sandbox.shown[self.phone.id] if each.message_id == message.message_id]
        return bool(shown) and shown[-1].kind == CARD

    def about(self, act: Act, button: Button) -> str:
        about = super().about(act, button)
        return about.partition("-")[2] if act is Act.NOTICE_STEP else about

    def _answer(self, screen: Message, buttons: list[Button]) -> Do | None:
        for prefix in ("notice:skip:", "notice:whom:everybody", "notice:place:"):
            if button := starting(buttons, prefix):
                return self.taps(screen, button)
        if "请把通知的中文写给我" in screen.text or starting(buttons, "notice:card:"):
            return self.says(self._text)
        return None


class ListClerk(Townsman):
    """Sends files: what branches have collected, sometimes the same file again; rolls, in which somebody has moved."""

    numbers: list[str]
    names: list[str]
    lists: Iterator[int] = count(1)
    _sent: bytes | None = None

    async def act(self) -> None:
        if self.random.random() < 0.6:
            if self._sent is None or self.random.random() < 0.7:
                self._sent = self._new_list()
            await self._sends(f"清单{next(self.lists)}.csv", self._sent, {"list:fits:": Act.LIST})
        else:
            await self._sends("名册.csv", self._new_roll(), {"roll:follow:": Act.ROLL})
        await asyncio.sleep(self.random.uniform(0, 0.5))

    async def _sends(self, name: str, content: bytes, confirms: dict[str, Act]) -> None:
        def send() -> None:
            hands.upload(self.sandbox.telegram, self.phone.account, Upload(name, content), kind="document")

        await self.sees_what_there_is(send, confirms, lambda *_: None)

    def _new_list(self) -> bytes:
        rows = ["党员编号,姓名,基金,党委,党支部,金额(元),捐款日期,方式"]
        day = (shanghai_time(self.sandbox.telegram.clock()) - timedelta(days=10)).date().isoformat()
        for place in self.random.sample(range(len(self.numbers)), 3):
            fen = self.random.randint(1_000, 99_999)
            number, name = self.numbers[place], self.names[place]
            rows.append(f"{number},{name},苏州市级,示例党委,第1党支部,{fen / 100:.2f},{day},现金")
        return "\n".join(rows).encode()

    def _new_roll(self) -> bytes:
        rows = ["党员编号,姓名,基金,区(市),党委,党支部,手机号"]
        for number, name in zip(self.numbers, self.names, strict=True):
            phone = f"195{self.random.randrange(100_000_000):08}"
            rows.append(f"{number},{name},苏州市级,吴中区,示例党委,第1党支部,{phone}")
        return "\n".join(rows).encode()


class DeskClerk(Townsman):
    """Takes questions in hand, answers or asks back, closes some, and registers the new cards that people show."""

    answers: Iterator[int] = count(1)

    async def act(self) -> None:
        await self.sees_what_there_is(self.says("/desk"), {"desk:claim:": Act.CLAIM}, self._opens_one)
        if self.random.random() < 0.8:
            confirms = {"desk:send:": Act.ANSWER, "change:hand:": Act.REGISTER}
            await self.sees_what_there_is(self.says("/desk"), confirms, self._works_on_an_own_one)
            await self._perhaps_closes_it()
        await asyncio.sleep(self.random.uniform(0, 0.5))

    def _opens_one(self, screen: Message, buttons: list[Button]) -> Do | None:
        waiting = [button for button in all_starting(buttons, "desk:look:") if not button.label.startswith("✍️")]
        return self.taps(screen, self.random.choice(waiting)) if waiting else None

    def _works_on_an_own_one(self, screen: Message, buttons: list[Button]) -> Do | None:
        if "请写下" in screen.text and "编号" in screen.text:
            return self.says(f"答复{next(self.answers)}：请放心。")
        if "最后 4 位" in screen.text:
            return self.says(f"{self.random.randrange(10_000):04}")
        for prefix in ("change:what:account", "change:seen:own"):
            if button := starting(buttons, prefix):
                return self.taps(screen, button)
        listed = all_starting(buttons, "desk:look:")
        own = [button for button in listed if button.label.startswith("✍️")]
        steps = [
            each for each in buttons if (each.data or "").startswith(("desk:write:", "desk:question:", "change:open:"))
        ]
        found = own or listed or steps
        return self.taps(screen, self.random.choice(found)) if found else None

    async def _perhaps_closes_it(self) -> None:
        screen, buttons = self.looks()
        if screen and (button := starting(buttons, "desk:close:")) and self.random.random() < 0.4:
            await self._confirms(Act.CLOSE, screen, button, self.about(Act.CLOSE, button))


class ChangeChecker(Townsman):
    """The second pair of eyes on a new account."""

    async def act(self) -> None:
        verb = "refuse" if self.random.random() < 0.3 else "approve"
        await self.sees_what_there_is(self.says("/changes"), {f"changes:{verb}:": Act.DECIDE}, self._opens_one)
        await asyncio.sleep(self.random.uniform(0.2, 1))

    def _opens_one(self, screen: Message, buttons: list[Button]) -> Do | None:
        waiting = all_starting(buttons, "changes:look:")
        return self.taps(screen, self.random.choice(waiting)) if waiting else None


class Payer(Townsman):
    """One of the hands of a payout: whatever this one may do next with a batch, or with a single payment."""

    openings: tuple[str, ...]
    payees: list[str]
    sums: Iterator[int] = count(128_001)

    async def act(self) -> None:
        self._sum = f"{next(self.sums) / 100:.2f}"
        confirms = {"newbatch:make:": Act.BATCH, "batches:do:": Act.BATCH, "payline:do:": Act.LINE}
        await self.sees_what_there_is(self.says(self.random.choice(self.openings)), confirms, self._answer)
        await asyncio.sleep(self.random.uniform(0, 0.5))

    def _answer(self, screen: Message, buttons: list[Button]) -> Do | None:
        if "每份多少钱" in screen.text:
            return self.says(self._sum)
        if "计划哪天前到账" in screen.text:
            return self.says(self._day())
        if "请打户编号" in screen.text:
            return self.says(self.random.choice(self.payees))
        for prefix in (
            "newbatch:programme:household",
            "payline:reason:",
            "payline:to:",
            "batches:ask:",
            "batches:look:",
        ):
            if found := all_starting(buttons, prefix):
                return self.taps(screen, self._most_likely(found))
        return None

    def _day(self) -> str:
        ahead = timedelta(days=self.random.randint(40, 300))
        return (shanghai_time(self.sandbox.telegram.clock()) + ahead).date().isoformat()

    def _most_likely(self, found: list[Button]) -> Button:
        """Most batches are sent back: a household has one living payment a year, and the storm is long."""
        back = [button for button in found if (button.data or "").endswith("-voided")]
        return self.random.choice(back if back and self.random.random() < 0.7 else found)

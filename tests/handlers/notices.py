"""Writing a notice on a phone, for the stories about what becomes of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from carefund_bot.access import Right, Role
from carefund_bot.fund import Fund
from sandbox import Person, Sandbox
from tests.cast import DAI, GUO, HE, JIANG, QIN, Cast, link

CITY_EDITOR = Right(Role.NOTICE_EDITOR, "city")
TEXT = "各位好，今年的关爱金七一前发放。\n请放心。"


async def link_all(sandbox: Sandbox, fund: Fund, cast: Cast) -> dict[str, Person]:
    """All of the cast, linked; 秦兰 is the head of household 郭明 too."""
    people = {name: sandbox.person(name) for name in ("秦兰", "何静", "蒋飞", "戴强")}
    await link(fund, people["秦兰"], "member", cast.members[QIN])
    await link(fund, people["秦兰"], "beneficiary", cast.beneficiaries[GUO])
    await link(fund, people["何静"], "member", cast.members[HE])
    await link(fund, people["蒋飞"], "beneficiary", cast.beneficiaries[JIANG])
    await link(fund, people["戴强"], "beneficiary", cast.beneficiaries[DAI])
    return people


async def write(editor: Person, *taps: str, text: str = TEXT, english: str | None = None) -> None:
    """From the key to the preview."""
    await editor.taps("发通知")
    await editor.says(text)
    if english is None:
        await editor.taps("不用英文")
    else:
        await editor.says(english)
    for tap in taps:
        await editor.taps(tap)


def copies(person: Person, words: str = "今年的关爱金") -> int:
    """How often a notice stands on a phone."""
    return sum(words in message.text for message in person.chat if message.from_bot)


def data_of(person: Person, label: str) -> str:
    """What the newest button with this label says when pressed."""
    for message in reversed(person.chat):
        for button in message.all_buttons():
            if label in button.label and button.data:
                return button.data
    raise LookupError(label)


async def until(is_so: Callable[[], bool]) -> None:
    """Return once it is so."""
    async with asyncio.timeout(10):
        while not is_so():  # noqa: ASYNC110 - a phone has no event
            await asyncio.sleep(0.02)

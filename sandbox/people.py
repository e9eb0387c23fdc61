"""People with phones, for tests: they say, tap and upload, and read what comes back."""

from collections.abc import Awaitable, Callable

from sandbox import hands
from sandbox.files import Upload
from sandbox.messages import Button, Message
from sandbox.telegram import Account, Chat, Telegram

Settled = Callable[[], Awaitable[None]]


class Person:
    """Every act waits until the bot has nothing left to do, and returns its messages that are new or edited since."""

    def __init__(self, telegram: Telegram, account: Account, settled: Settled) -> None:
        self._telegram = telegram
        self._settled = settled
        self.account = account
        self.clipboard = ""  # what a copy button put there
        self.opened_url = ""  # what a link button opened

    @property
    def id(self) -> int:
        return self.account.user_id

    @property
    def name(self) -> str:
        return self.account.name

    @property
    def language_code(self) -> str:
        return self.account.language_code

    @language_code.setter
    def language_code(self, language_code: str) -> None:
        self.account.language_code = language_code

    @property
    def chat(self) -> list[Message]:
        """What this phone shows, oldest first."""
        return list(self._chat.messages.values())

    @property
    def keyboard(self) -> list[list[str]]:
        """The reply keyboard on screen."""
        rows = (self._chat.keyboard or {}).get("keyboard", [])
        return [[button["text"] for button in row] for row in rows]

    @property
    def commands(self) -> list[str]:
        """The command menu, as names without a slash."""
        listed = self._telegram.profile.commands_in_private(self.id, self.language_code)
        return [command["command"] for command in listed]

    @property
    def toasts(self) -> list[str]:
        return [toast.text for toast in self.account.toasts]

    def last(self) -> Message:
        """The bot's newest message here; LookupError if it said nothing yet."""
        for message in reversed(self.chat):
            if message.from_bot:
                return message
        raise LookupError(f"the bot has said nothing to {self.name}")

    async def says(self, text: str) -> list[Message]:
        return await self._answers(lambda: hands.write(self._telegram, self.account, self._chat, text))

    async def replies(self, message: Message, text: str) -> list[Message]:
        """Answer one message of the chat, as the apps let one do."""
        return await self._answers(
            lambda: hands.write(self._telegram, self.account, self._chat, text, reply_to=message)
        )

    async def opens_link(self, start_parameter: str) -> list[Message]:
        """Press START behind t.me/bot?start=PARAMETER."""
        return await self._answers(lambda: hands.open_link(self._telegram, self.account, start_parameter))

    async def taps(self, button: str, *, message: Message | None = None) -> list[Message]:
        """Press the newest inline button whose label contains `button`, else that reply-keyboard button."""
        found = _find_button(button, [message] if message else list(reversed(self.chat)))
        if found is not None:
            return await self._press(*found)
        labels = [label for row in self.keyboard for label in row]
        for label in labels:
            if message is None and button in label:
                return await self.says(label)
        visible = [each.label for shown in self.chat for each in shown.all_buttons()]
        raise LookupError(f"no button {button!r} on the phone of {self.name}; visible: {[*visible, *labels]}")

    async def _press(self, message: Message, button: Button) -> list[Message]:
        if button.data is not None:
            return await self.taps_data(button.data, message=message)
        self.clipboard = button.copy_text or self.clipboard
        self.opened_url = button.url or self.opened_url
        return []

    async def taps_data(self, callback_data: str, *, message: Message) -> list[Message]:
        """Press a button by its data, even one that is no longer there."""
        return await self._answers(lambda: hands.press(self._telegram, self.account, message, callback_data))

    async def uploads(self, file_name: str, content: bytes, *, caption: str = "") -> list[Message]:
        return await self._uploads(Upload(file_name, content), "document", caption)

    async def sends_photo(self, content: bytes, caption: str = "") -> list[Message]:
        return await self._uploads(Upload("photo.jpg", content), "photo", caption)

    async def sends_voice(self) -> list[Message]:
        return await self._answers(lambda: hands.speak(self._telegram, self.account))

    async def _uploads(self, file: Upload, kind: str, caption: str) -> list[Message]:
        return await self._answers(
            lambda: hands.upload(self._telegram, self.account, file, kind=kind, caption=caption),
        )

    async def forwards(self, text: str) -> list[Message]:
        """Pass on what somebody else wrote, who lets nobody see the account."""
        return await self._answers(lambda: hands.forward(self._telegram, self.account, text))

    async def sends_sticker(self) -> list[Message]:
        return await self._answers(lambda: hands.send_sticker(self._telegram, self.account))

    async def shares_location(self) -> list[Message]:
        return await self._answers(lambda: hands.share_location(self._telegram, self.account))

    async def shares_contact(self, phone_number: str) -> list[Message]:
        return await self._answers(lambda: hands.share_contact(self._telegram, self.account, phone_number))

    async def edits(self, message: Message, text: str) -> list[Message]:
        return await self._answers(lambda: hands.edit(self._telegram, message, text))

    async def blocks(self) -> None:
        await self._answers(lambda: hands.block(self._telegram, self.account))

    async def unblocks(self) -> None:
        await self._answers(lambda: hands.unblock(self._telegram, self.account))

    def has_pressed_start(self) -> None:
        """As if long ago: the bot may write here, and is told nothing now."""
        self._chat.is_open = True

    def deactivate(self) -> None:
        """Delete this person's Telegram account."""
        self.account.is_deactivated = True

    @property
    def _chat(self) -> Chat:
        return self._telegram.chat_of(self.account)

    async def _answers(self, act: Callable[[], None]) -> list[Message]:
        return await answers(self._telegram, self._chat, act, self._settled)

    def __repr__(self) -> str:
        return f"<Person {self.name}>"


class Group:
    """A group chat with the bot in it."""

    def __init__(self, telegram: Telegram, chat: Chat, settled: Settled) -> None:
        self._telegram = telegram
        self._chat = chat
        self._settled = settled

    @property
    def id(self) -> int:
        return self._chat.chat_id

    @property
    def chat(self) -> list[Message]:
        return list(self._chat.messages.values())

    async def says(self, person: Person, text: str) -> list[Message]:
        """As in Person; plain words reach the bot only if it is an admin (privacy mode)."""
        act = lambda: hands.write(self._telegram, person.account, self._chat, text)  # noqa: E731 - one act, named
        return await answers(self._telegram, self._chat, act, self._settled)

    async def taps(self, person: Person, button: str) -> list[Message]:
        found = _find_button(button, list(reversed(self.chat)))
        if found is None or found[1].data is None:
            raise LookupError(f"no button {button!r} in {self._chat.title}")
        message, data = found[0], found[1].data
        act = lambda: hands.press(self._telegram, person.account, message, data)  # noqa: E731 - one act, named
        return await answers(self._telegram, self._chat, act, self._settled)


async def answers(telegram: Telegram, chat: Chat, act: Callable[[], None], settled: Settled) -> list[Message]:
    """Act, wait until all is quiet, and read what the bot wrote or changed in `chat` since."""
    before = telegram.revision
    act()
    await settled()
    return [message for message in chat.messages.values() if message.from_bot and message.revision > before]


def _find_button(label: str, messages: list[Message]) -> tuple[Message, Button] | None:
    """In the first message that has it; an exact label before one that only contains the words."""
    for message in messages:
        buttons = list(message.all_buttons())
        for fits in (lambda button: button.label == label, lambda button: label in button.label):
            if found := next(filter(fits, buttons), None):
                return message, found
    return None

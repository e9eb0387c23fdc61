"""What Telegram knows: accounts, chats, messages, and the bot's own profile. Nothing here speaks HTTP."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

from sandbox.errors import Json, bad_request, forbidden
from sandbox.files import FileStore, StoredFile
from sandbox.messages import Message
from sandbox.profile import Profile
from sandbox.updates import UpdateQueue
from sandbox.webhook import Webhook


@dataclass(frozen=True, slots=True)
class Toast:
    """What answerCallbackQuery showed on a phone."""

    text: str
    is_alert: bool
    revision: int


@dataclass(eq=False, slots=True)
class Account:
    """A human user."""

    user_id: int
    name: str
    language_code: str
    has_blocked: bool = False
    is_deactivated: bool = False
    toasts: list[Toast] = field(default_factory=list)

    def as_user(self) -> Json:
        user: Json = {"id": self.user_id, "is_bot": False, "first_name": self.name}
        return user | {"language_code": self.language_code} if self.language_code else user


@dataclass(eq=False, slots=True)
class Chat:
    chat_id: int
    kind: str  # "private" or "group"
    title: str
    members: list[int]
    messages: dict[int, Message] = field(default_factory=dict)
    last_message_id: int = 0
    keyboard: Json | None = None  # the reply keyboard on screen
    is_open: bool = False  # a bot cannot write first
    has_bot: bool = True
    bot_is_admin: bool = False
    activity: str = ""  # "typing" and the like
    activity_until: float = 0
    pinned: list[int] = field(default_factory=list)
    menu_button: Json | None = None
    revision: int = 0

    def as_chat(self) -> Json:
        name = {"first_name": self.title} if self.kind == "private" else {"title": self.title}
        return {"id": self.chat_id, "type": self.kind, **name}


@dataclass(eq=False, slots=True)
class CallbackQuery:
    account: Account
    asked_at: float
    is_answered: bool = False


class Telegram:
    """One bot and everyone it can meet."""

    def __init__(self, token: str, clock: Callable[[], float]) -> None:
        self.token = token
        self.clock = clock
        self.bot_id = int(token.partition(":")[0])
        self.profile = Profile(self.bot_id)
        self.accounts: dict[int, Account] = {}
        self.chats: dict[int, Chat] = {}
        self.files = FileStore()
        self.updates = UpdateQueue(clock)
        self.webhook = Webhook(self.updates)
        self.callbacks: dict[str, CallbackQuery] = {}
        self.callback_ids = count(int(clock() * 1_000_000))  # rises over restarts, as update ids do
        self.revision = 0
        self.changed = asyncio.Event()

    def now(self) -> int:
        return int(self.clock())

    def touch(self, chat: Chat) -> int:
        """Note that a phone showing `chat` has something new to draw; the new revision."""
        self.revision += 1
        chat.revision = self.revision
        self.changed.set()
        return self.revision

    def open_account(self, name: str, language_code: str, user_id: int | None = None) -> Account:
        user_id = user_id or 7_000_000_001 + len(self.accounts)
        account = Account(user_id, name, language_code)
        self.accounts[user_id] = account
        self.chats[user_id] = Chat(user_id, "private", name, [user_id])
        self.touch(self.chats[user_id])
        return account

    def open_group(self, title: str, members: list[int], *, bot_is_admin: bool) -> Chat:
        chat_id = -4_000_000_001 - sum(chat.kind == "group" for chat in self.chats.values())
        chat = Chat(chat_id, "group", title, members, is_open=True, bot_is_admin=bot_is_admin)
        self.chats[chat_id] = chat
        self.touch(chat)
        return chat

    def chat_of(self, account: Account) -> Chat:
        return self.chats[account.user_id]

    def reachable_chat(self, chat_id: int | str) -> Chat:
        """The chat, if the bot may write there now; else the refusal Telegram would give."""
        chat = self.known_chat(chat_id)
        if chat.kind == "private":
            account = self.accounts[chat.chat_id]
            if account.is_deactivated:
                raise forbidden("user is deactivated")
            if account.has_blocked:
                raise forbidden("bot was blocked by the user")
        elif not chat.has_bot:
            raise forbidden("bot was kicked from the group chat")
        return chat

    def known_chat(self, chat_id: int | str) -> Chat:
        chat = self.chats.get(int(chat_id)) if str(chat_id).lstrip("-").isdecimal() else None
        if chat is None or not chat.is_open:
            raise bad_request("chat not found")
        return chat

    def message(self, chat: Chat, message_id: int, to: str) -> Message:
        """The message a bot wants to `to` (edit, delete, copy ...)."""
        message = chat.messages.get(message_id)
        if message is None:
            raise bad_request(f"message to {to} not found")
        return message

    def post(
        self, chat: Chat, sender: Json, content: Json, *, html: str = "", file: StoredFile | None = None
    ) -> Message:
        """Put a new message into a chat."""
        chat.last_message_id += 1
        head = {"message_id": chat.last_message_id, "from": sender, "chat": chat.as_chat(), "date": self.now()}
        message = Message(head | content, html=html, file=file, revision=self.touch(chat))
        chat.messages[message.message_id] = message
        return message

    def change(self, chat: Chat, message: Message, raw: Json) -> None:
        """Edit in place."""
        message.raw = raw
        message.revision = self.touch(chat)

    def delete(self, chat: Chat, message: Message) -> None:
        del chat.messages[message.message_id]
        self.touch(chat)

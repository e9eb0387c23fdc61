"""What the bot says about itself: name, descriptions, commands, menu button, each where it may differ."""

from sandbox.errors import Json

Scope = tuple[object, ...]  # e.g. ("default",), ("chat", 42)


class Profile:
    def __init__(self, bot_id: int) -> None:
        self.bot_id = bot_id
        self.names: dict[str, str] = {"": "Sandbox"}  # texts by language code, "" for every other language
        self.descriptions: dict[str, str] = {}
        self.short_descriptions: dict[str, str] = {}
        self.commands: dict[tuple[Scope, str], list[Json]] = {}
        self.menu_button: Json = {"type": "commands"}
        self.username = "sandbox_bot"

    def as_user(self) -> Json:
        return {"id": self.bot_id, "is_bot": True, "first_name": self.names[""], "username": self.username}

    def commands_in_private(self, chat_id: int, language_code: str) -> list[Json]:
        """The menu a person sees: the narrowest scope wins, and in it the person's language before the rest."""
        for scope in (("chat", chat_id), ("all_private_chats",), ("default",)):
            for language in (language_code[:2], ""):
                if found := self.commands.get((scope, language)):
                    return found
        return []


def in_language(texts: dict[str, str], language_code: str) -> str:
    """The text for a language, else the one for all others."""
    return texts.get(language_code[:2]) or texts.get("", "")

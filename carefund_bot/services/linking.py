"""Binding a chat to a person by a one-time code, and letting go again (R12-R14)."""

from __future__ import annotations

import secrets
import sqlite3
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count
from typing import Final

from carefund_bot.access import Actor
from carefund_bot.domain.changes import HOUSEHOLDS_PER_PROXY
from carefund_bot.errors import CodeRefused, ProxyRefused, TooManyTries
from carefund_bot.services.ground import Ground
from carefund_bot.services.newcomers import arrive
from carefund_bot.services.offices import fund_of
from carefund_bot.services.telling import tell, tell_account
from carefund_bot.store import changes, people, proxies

CONSENT_VERSION: Final = "2026-11"
CONSENT_PURPOSE: Final = "service_by_telegram"
PROXY: Final = "proxy"
"""The kind of person that a mandate's code stands for; its id is the change's."""
CODE_LENGTH: Final = 10
_ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""No 0/O, 1/I/L: codes are read from paper. 31 signs, 10 places: 49 bits."""
_DAY_S: Final = 86_400


@dataclass(frozen=True, slots=True)
class Linked:
    """What a code bound: `member`, `beneficiary`, `staff` or `proxy`."""

    subject: str


def normal_code(text: str) -> str | None:
    """The code somebody typed, as it was printed; `None`: not a code at all.

    Case, width, blanks, dashes of any kind and Chinese words around it do not matter.
    """
    signs = [sign for sign in unicodedata.normalize("NFKC", text).upper() if sign.isascii() and sign.isalnum()]
    is_code = len(signs) == CODE_LENGTH and all(sign in _ALPHABET for sign in signs) and _has_digit(signs)
    return "".join(signs) if is_code else None


def new_code() -> str:
    """A fresh code. It always holds a digit, so that no word of ten letters is taken for one."""
    while True:
        code = "".join(secrets.choice(_ALPHABET) for _ in range(CODE_LENGTH))
        if _has_digit(code):
            return code


def _has_digit(signs: Iterable[str]) -> bool:
    return any(sign.isdecimal() for sign in signs)


class HandedOut:
    """How a one-time code looks to whom it is handed."""

    __slots__ = ()
    code: str

    @property
    def printed(self) -> str:
        """As it stands on paper: ABCD2-EFGH3."""
        half = len(self.code) // 2
        return f"{self.code[:half]}-{self.code[half:]}"

    def start_link(self, bot_name: str) -> str:
        return f"https://t.me/{bot_name}?start={self.code}"


class Linking:
    """Open to everybody who holds a code; wrong, used, expired and foreign codes are refused alike."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    async def look_at(self, actor: Actor, text: str) -> str:
        """The kind of person a good code stands for, before consent; counts a wrong one."""
        return (await self._checked(actor, text)).subject

    async def bound_by(self, actor: Actor, text: str) -> Linked | None:
        """What this very code has bound this chat to, and still does."""
        user_id, digest = _user(actor), self._digest(normal_code(text) or "")
        bound = await self._ground.db.read(lambda db: _bound_by(db, user_id, digest))
        return None if bound is None else Linked(bound)

    async def accept(self, actor: Actor, text: str) -> Linked:
        """Use the code, bind the chat and record the consent that was just given, all at once.

        The same account with the same code again gets the same answer: its tap may reach us twice.
        """
        user_id, now = _user(actor), self._ground.now()
        bound = await self.bound_by(actor, text)
        if bound is not None:
            return bound
        code = await self._checked(actor, text)

        if code.subject == PROXY:
            return await self._ground.db.write(lambda db: self._accept_proxy(db, actor, code))

        def write(db: sqlite3.Connection) -> Linked:
            if not people.use_code(db, code.id, now):
                raise CodeRefused
            for subject, subject_id in people.links_of(db, user_id):
                if subject == code.subject and subject_id != code.subject_id and subject != "beneficiary":
                    self._let_go_of(db, actor, subject, subject_id, now)  # one member and one clerk per chat
            former = people.bind(db, user_id, code.subject, code.subject_id, code.id, now)
            people.add_consent(db, code.subject, code.subject_id, CONSENT_PURPOSE, CONSENT_VERSION, "telegram", now)
            people.add_audit(db, actor, "linked", now, subject=code.subject, subject_id=code.subject_id)
            if former is not None:
                phone = self._ground.settings.fund(fund_of(db, code.subject, code.subject_id) or "city").office_phone
                tell_account(self._ground, db, f"moved-away:{code.id}", former, "moved_away", phone=phone)
            if code.subject == "staff":
                arrive(self._ground, db, code.id)
            return Linked(code.subject)

        return await self._ground.db.write(write)

    def _accept_proxy(self, db: sqlite3.Connection, actor: Actor, code: people.LiveCode) -> Linked:
        """A mandate's chat: never a colleague's, and for two households at most (R50). The household is told."""
        user_id, now = _user(actor), self._ground.now()
        mandate, row = proxies.find(db, code.subject_id), changes.find(db, code.subject_id)
        if mandate is None or row is None or mandate.is_ended or mandate.until_on < self._ground.today():
            raise CodeRefused
        if actor.staff_id is not None:
            raise ProxyRefused("staff")
        others = {each.beneficiary_id for each in proxies.of_chat(db, user_id)} - {mandate.beneficiary_id}
        if len(others) >= HOUSEHOLDS_PER_PROXY:
            raise ProxyRefused("too_many")
        if not proxies.use_code(db, code.id, now):
            raise CodeRefused
        proxies.bind(db, mandate.change_id, user_id, code.id, now)
        people.add_audit(db, actor, "proxy_linked", now, change_id=mandate.change_id, consent=CONSENT_VERSION)
        phone = self._ground.settings.fund(row.fund).office_phone
        tell(
            self._ground,
            db,
            f"proxy-linked:{code.id}",
            "beneficiary",
            mandate.beneficiary_id,
            "proxy_linked",
            change_id=mandate.change_id,
            until_on=mandate.until_on.isoformat(),
            phone=phone,
        )
        return Linked(PROXY)

    async def let_go(self, actor: Actor) -> None:
        """Unbind everything from this chat and forget it; the books stay (R16)."""
        user_id, now = _user(actor), self._ground.now()

        def write(db: sqlite3.Connection) -> None:
            for subject, subject_id in people.links_of(db, user_id):
                self._let_go_of(db, actor, subject, subject_id, now)
            people.forget_account(db, user_id)

        await self._ground.db.write(write)

    def _let_go_of(self, db: sqlite3.Connection, actor: Actor, subject: str, subject_id: int, now: int) -> None:
        """What a binding leaves when it ends: no consent, and a line in the record."""
        people.end_consents(db, subject, subject_id, "telegram", now)
        people.add_audit(db, actor, "unlinked", now, subject=subject, subject_id=subject_id)

    def add_code(
        self, db: sqlite3.Connection, actor: Actor, subject: str, subject_id: int, code: str, now: int
    ) -> None:
        """Write a code inside a transaction that is already open (a list of codes for an office); once, if repeated."""
        if self.holder_of(db, code) is not None:
            return
        expires_at = now + self._ground.settings.linking.code_days * _DAY_S
        people.add_code(db, self._digest(code), subject, subject_id, actor.staff_id, now, expires_at)

    def holder_of(self, db: sqlite3.Connection, code: str) -> int | None:
        """The row of the person whom a code was issued for, good or not."""
        return people.holder_of_code(db, self._digest(code))

    def add_proxy_code(self, db: sqlite3.Connection, actor: Actor, change_id: int, code: str, expires_at: int) -> None:
        """Write the code of a mandate inside a transaction that is already open; once, if repeated."""
        proxies.add_code(db, self._digest(code), change_id, actor.staff_id, self._ground.now(), expires_at)

    def code_of(self, occasion: str) -> str:
        """The code of an occasion: nobody without the key can tell it, and the same occasion has the same.

        It always holds a digit too.
        """
        number = int.from_bytes(self._ground.sealer.fingerprint("code-of", occasion))
        code = "".join(_ALPHABET[number // len(_ALPHABET) ** place % len(_ALPHABET)] for place in range(CODE_LENGTH))
        return code if _has_digit(code) else self.code_of(f"{occasion}:")

    def add_code_of(
        self, db: sqlite3.Connection, actor: Actor, subject: str, subject_id: int, occasion: str, now: int
    ) -> tuple[str, int]:
        """A code that is good now, and until when: the one of an occasion, its next one once that is used or over."""
        for turn in count():
            code = self.code_of(f"{occasion}:{turn}")
            self.add_code(db, actor, subject, subject_id, code, now)
            live = people.find_live_code(db, self._digest(code), now)
            if live is not None:
                return code, live.expires_at
        raise AssertionError("there is always a next one")

    async def _checked(self, actor: Actor, text: str) -> people.LiveCode:
        """The code's row if it is good; the try is counted if it is not, and refused unseen past the limits."""
        user_id, now, limits = _user(actor), self._ground.now(), self._ground.settings.linking
        since = now - limits.window_minutes * 60
        code = normal_code(text)

        def write(db: sqlite3.Connection) -> people.LiveCode | int | None:
            own, overall, oldest = people.count_failures(db, user_id, since)
            if own >= limits.tries_per_account:
                return oldest - since
            if own and overall >= limits.tries_overall:  # who has not failed may try once, whatever others do
                return limits.window_minutes * 60
            found = _live_code(db, self._digest(code), now) if code else None
            if found is None:
                people.add_failure(db, user_id, now, since - _DAY_S)
            return found

        outcome = await self._ground.db.write(write)
        if isinstance(outcome, int):
            raise TooManyTries(max(outcome, 1))
        if outcome is None:
            raise CodeRefused
        return outcome

    def _digest(self, code: str) -> bytes:
        return self._ground.sealer.fingerprint("link-code", code)


def _live_code(db: sqlite3.Connection, digest: bytes, now: int) -> people.LiveCode | None:
    """A good code of whatever kind; a mandate's stands for its change."""
    proxy = proxies.find_live_code(db, digest, now)
    if proxy is None:
        return people.find_live_code(db, digest, now)
    code_id, change_id, expires_at = proxy
    return people.LiveCode(code_id, PROXY, change_id, expires_at)


def _bound_by(db: sqlite3.Connection, user_id: int, digest: bytes) -> str | None:
    """What this very code has already bound this account to."""
    return PROXY if proxies.is_bound_by(db, user_id, digest) else people.subject_bound_by(db, user_id, digest)


def _user(actor: Actor) -> int:
    if actor.user_id is None:
        raise AssertionError("only a chat can be bound")
    return actor.user_id

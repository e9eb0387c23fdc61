"""What was not understood is kept to learn from: nobody's words by then, sealed, for a limited time."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from carefund_bot.access import Actor, Permission, require, require_for_whole
from carefund_bot.domain.nameless import GAP, nameless
from carefund_bot.services.ground import Ground
from carefund_bot.store import rolls, staffing, unclear
from carefund_bot.understanding.characters import simplified

KEPT_DAYS: Final = 60
_MOST_KEPT: Final = 2_000
_PLACE: Final = "unclear_text"
_FEWEST_SIGNS: Final = 2


@dataclass(frozen=True, slots=True)
class UnclearText:
    """One text as a reviewer gets it: `asker` is member, household or stranger; `guess` what it was nearest to."""

    text: str
    asker: str
    guess: str
    times: int


class Learning:
    """Noting is open to whoever writes to the bot; the list, which knows no fund, is for who sees all six's report."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    async def note_unclear(self, actor: Actor, words: str, guess: str, called: Collection[str] = ()) -> None:
        """Keep words without anybody in them. `called`: what the account calls itself; the roll's names are known.

        A name typed in traditional characters is the same name.
        """
        asker = "household" if actor.beneficiary_ids else "member" if actor.member_id is not None else "stranger"
        today = self._ground.today()

        def write(db: sqlite3.Connection) -> None:
            known = [simplified(name) for name in (*called, *self._own_names(db, actor))]
            text = nameless(simplified(words), known)
            if len(text.replace(GAP, "").strip()) < _FEWEST_SIGNS:
                return
            sealed = self._ground.sealer.seal(_PLACE, {"text": text})
            unclear.add(db, today, asker, guess, sealed, most=_MOST_KEPT)

        await self._ground.db.write(write)

    def _own_names(self, db: sqlite3.Connection, actor: Actor) -> list[str]:
        """Names and places on the speaker's own records."""
        found = []
        for own in actor.beneficiary_ids:
            if person := rolls.find_beneficiary(db, own):
                found += [self._name("beneficiary", person.sealed), person.town, person.community]
        if actor.member_id is not None and (member := rolls.find_member(db, actor.member_id)):
            found += [self._name("member", member.sealed), member.committee, member.branch]
        if actor.staff_id is not None:
            mine = (one.sealed for one in staffing.rights_held(db) if one.staff_id == actor.staff_id)
            found += [self._name("staff", sealed) for sealed in mine]
        return [name for name in found if name]

    def _name(self, place: str, sealed: bytes) -> str:
        return str(self._ground.sealer.open(place, sealed)["name"])

    async def unclear(self, actor: Actor) -> list[UnclearText]:
        """All that is kept now, the most frequent first; in no order that tells who came after whom."""
        require(actor, Permission.SEE_DESK_REPORT)
        require_for_whole(actor, Permission.SEE_DESK_REPORT, None)
        first = oldest_kept(self._ground)
        rows = await self._ground.db.read(lambda db: unclear.since(db, first))
        counted = Counter(
            (str(self._ground.sealer.open(_PLACE, sealed)["text"]), asker, guess) for asker, guess, sealed in rows
        )
        found = [UnclearText(*what, times) for what, times in counted.items()]
        return sorted(found, key=lambda one: (-one.times, one.text))


def oldest_kept(ground: Ground) -> date:
    """The first day whose texts are still kept."""
    return ground.today() - timedelta(days=KEPT_DAYS)

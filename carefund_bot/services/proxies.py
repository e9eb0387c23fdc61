"""Proxies (R50): the code that binds one's chat, and the ends of a mandate: by the household, the office, the time."""

from __future__ import annotations

import sqlite3
from typing import Final

from carefund_bot.access import NO_BRANCH, Actor, Permission, require
from carefund_bot.clock import shanghai_day
from carefund_bot.domain.changes import Change, What
from carefund_bot.domain.people import mask_name
from carefund_bot.errors import NotAllowed, Overtaken, OwnHousehold
from carefund_bot.services.changing import read_change
from carefund_bot.services.codes import IssuedCode
from carefund_bot.services.ground import Ground
from carefund_bot.services.linking import Linking
from carefund_bot.services.own_matters import is_own_household
from carefund_bot.services.telling import tell, tell_account
from carefund_bot.store import changes, people, proxies
from carefund_bot.store.changes import ChangeRow
from carefund_bot.store.proxies import Mandate

_DAY_S: Final = 86_400


class Proxies:
    """A mandate opens nothing before it is in force, and nothing after its last day."""

    def __init__(self, ground: Ground, linking: Linking) -> None:
        self._ground = ground
        self._linking = linking

    async def issue_code(self, actor: Actor, request_id: str, change_id: int) -> IssuedCode:
        """The proxy's own one-time code; the same request again is the same code. `Overtaken` unless it is in force."""
        require(actor, Permission.ISSUE_CODES)
        now, code = self._ground.now(), self._linking.code_of(f"{request_id}:proxy:{change_id}")
        expires_at = now + self._ground.settings.linking.code_days * _DAY_S

        def write(db: sqlite3.Connection) -> IssuedCode:
            row, mandate = _found(db, change_id)
            _require_for(db, actor, Permission.ISSUE_CODES, row)
            if mandate.state != "in_force" or mandate.is_ended or mandate.until_on < self._ground.today():
                raise Overtaken(mandate.state or "proposed")
            self._linking.add_proxy_code(db, actor, change_id, code, expires_at)
            people.add_audit(db, actor, "proxy_code_issued", now, change_id=change_id)
            name, _, _ = read_change(self._ground, row).detail.text.partition("，")
            return IssuedCode(change_id, row.number, mask_name(name), "", code, shanghai_day(expires_at))

        return await self._ground.db.write(write)

    async def end(self, actor: Actor, request_id: str, change_id: int) -> Change:
        """The household takes its word back, with one tap and at any time; a second tap changes nothing."""
        require(actor, Permission.SEE_OWN_AID)

        def write(db: sqlite3.Connection) -> Change:
            row, mandate = _found(db, change_id)
            if row.beneficiary_id not in actor.beneficiary_ids:
                raise NotAllowed
            return self._end(db, request_id, row, mandate, "household", None)

        return await self._ground.db.write(write)

    async def end_for_household(self, actor: Actor, request_id: str, change_id: int) -> Change:
        """The office ends it, for a household that called or came."""
        require(actor, Permission.ANSWER_CASES)

        def write(db: sqlite3.Connection) -> Change:
            row, mandate = _found(db, change_id)
            _require_for(db, actor, Permission.ANSWER_CASES, row)
            if actor.staff_id is None:
                raise NotAllowed
            return self._end(db, request_id, row, mandate, "office", actor.staff_id)

        return await self._ground.db.write(write)

    def _end(
        self,
        db: sqlite3.Connection,
        request_id: str,
        row: ChangeRow,
        mandate: Mandate,
        ended_by: str,
        staff_id: int | None,
    ) -> Change:
        if mandate.state != "in_force":
            raise Overtaken(mandate.state or "proposed")
        if not mandate.is_ended:
            end_mandate(self._ground, db, request_id, row, mandate, ended_by, staff_id)
        return read_change(self._ground, row)


def end_mandate(
    ground: Ground,
    db: sqlite3.Connection,
    request_id: str,
    row: ChangeRow,
    mandate: Mandate,
    ended_by: str,
    staff_id: int | None,
) -> None:
    """Close it and say so: to the proxy, to the household unless it did it itself, to the clerk who saw the papers."""
    proxies.end(db, request_id, mandate.change_id, ended_by, staff_id, ground.now())
    phone = ground.settings.fund(row.fund).office_phone
    reference, facts = f"proxy-ended:{mandate.change_id}", {"ended_by": ended_by, "phone": phone}
    if mandate.user_id is not None:
        tell_account(ground, db, f"{reference}:proxy", mandate.user_id, "proxy_ended", reader="proxy", **facts)
    if ended_by != "household":
        tell(
            ground, db, f"{reference}:payee", "beneficiary", row.beneficiary_id, "proxy_ended", reader="payee", **facts
        )
    else:
        tell(ground, db, f"{reference}:staff", "staff", row.staff_id, "proxy_ended", reader="staff", **facts)


def end_what_is_over(ground: Ground, db: sqlite3.Connection) -> int:
    """Mandates whose last day is past end by themselves; how many that were."""
    past = proxies.over(db, ground.today())
    for mandate in past:
        row = changes.find(db, mandate.change_id)
        if row is not None:
            end_mandate(ground, db, f"over:{mandate.change_id}", row, mandate, "time", None)
    return len(past)


def _require_for(db: sqlite3.Connection, actor: Actor, permission: Permission, row: ChangeRow) -> None:
    """`NotAllowed` out of scope; `OwnHousehold` where a colleague must (R42)."""
    require(actor, permission, fund=row.fund, area=row.area, branch_id=NO_BRANCH)
    if is_own_household(db, actor, row.beneficiary_id):
        raise OwnHousehold


def _found(db: sqlite3.Connection, change_id: int) -> tuple[ChangeRow, Mandate]:
    """A proxy's change with its mandate; another kind, and none at all, are the same refusal."""
    row, mandate = changes.find(db, change_id), proxies.find(db, change_id)
    if row is None or mandate is None or row.what != What.PROXY:
        raise NotAllowed
    return row, mandate

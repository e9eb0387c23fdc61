"""The bot, but for one thing: a confirmed pledge is shown and not written down."""

from __future__ import annotations

import sqlite3

from bot import main
from carefund_bot.access import Actor, Permission, require
from carefund_bot.domain import pledges
from carefund_bot.domain.pledges import Pledge, PledgeState, Terms
from carefund_bot.services.pledging import Pledging, own_member, read_book
from carefund_bot.store import rolls


async def show_only(
    self: Pledging,
    actor: Actor,
    request_id: str,  # noqa: ARG001 - as the method it stands in for
    terms: Terms,
    *,
    replaces_id: int | None = None,  # noqa: ARG001 - as above
) -> PledgeState:
    """What `Pledging.make` reads and gives back, without the transaction in between."""
    require(actor, Permission.MAKE_PLEDGE)
    member_id, today = own_member(actor), self._ground.today()

    def read(db: sqlite3.Connection) -> PledgeState:
        member = rolls.find_member(db, member_id)
        assert member is not None
        pledge = Pledge(0, member_id, member.fund, terms, today, (today, self._ground.now()))
        return pledges.state(pledge, read_book(db, member_id, today).allocation, today)

    return await self._ground.db.read(read)


if __name__ == "__main__":
    Pledging.make = show_only  # type: ignore[method-assign]
    main()

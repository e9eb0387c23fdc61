"""Every way the fund says no, as one tree.

A refusal carries facts, never words: `handlers/refusals.py` asks `texts/refusals.py` for the sentence.
"Nothing found" is `None`, not an error.
"""

from __future__ import annotations

from datetime import date


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not a malfunction
    """Something was asked that will not be done; nothing was changed."""


class NotAllowed(Refused):
    """The speaker has no right to this, or it does not exist: the two are told apart by nobody."""


class CodeRefused(Refused):
    """A one-time code that is wrong, used, expired or foreign: the same words for all four."""


class TooManyTries(Refused):
    """Too many wrong codes; `retry_after_s` seconds until the next try."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(retry_after_s)
        self.retry_after_s = retry_after_s


class StaleButton(Refused):
    """A button of a step that is over."""


class Overtaken(Refused):
    """Somebody else changed the same thing first; `state` is what it is now."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


class SameHands(Refused):
    """The speaker did the step before; the next one is somebody else's."""


class OwnRelease(SameHands):
    """The speaker handed this money to the bank; what came of it is another colleague's to record (R41)."""


class OwnCode(SameHands):
    """The speaker's chat was bound a few days ago by a code of the colleague whose doing is to be confirmed."""


class OwnHousehold(SameHands):
    """It concerns the speaker's own household, or one they stand for; it is a colleague's to do (R42)."""


class RollBehind(Refused):
    """The household's new account is approved, the roll still has the old one: the roll comes first (R49)."""


class TooEarly(Refused):
    """Money is not handed to the bank before `from_day`: its own day is too far off."""

    def __init__(self, from_day: date) -> None:
        super().__init__(from_day)
        self.from_day = from_day


class TotalDiffers(Refused):
    """The announced total of a list is not the sum of its rows; both in fen."""

    def __init__(self, announced_fen: int, counted_fen: int) -> None:
        super().__init__(announced_fen, counted_fen)
        self.announced_fen = announced_fen
        self.counted_fen = counted_fen


class BadAnswer(Refused):
    """A typed answer that was not understood; `reason` picks the sentence and its example."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class PrivateNumber(Refused):
    """An identity or card number in words that would have been kept (R10)."""


class ProxyRefused(Refused):
    """Somebody who may be nobody's proxy: `reason` is `too_many` households already, or `staff` (R50)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotOnRoll(Refused):
    """The member left the roll on a day; `office_phone` is where to ask."""

    def __init__(self, left_on: date, office_phone: str) -> None:
        super().__init__(left_on, office_phone)
        self.left_on = left_on
        self.office_phone = office_phone


class TooManyCases(Refused):
    """Somebody has so many open cases that another one would help nobody."""


class TooManyPledges(Refused):
    """A member keeps `most` pledges already; one of them can be changed or ended."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most


class StartRefused(Exception):  # noqa: N818 - see Refused
    """The bot will not start; the message is one sentence for the operator."""

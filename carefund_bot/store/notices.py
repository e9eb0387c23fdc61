"""Notices, to whom each goes, and how far it has got."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from carefund_bot.domain.notices import Attachment, AttachmentKind, Audience, Branch, Condition, Place, Reader, Topic
from carefund_bot.domain.outgoing import Fault, Unfit
from carefund_bot.store.notice_conditions import beneficiary_meets, member_meets


def _linked(which: str = "TRUE") -> str:
    """The account of everybody who is on the roll and in the audience, once for each person it stands for."""
    return f"""
    SELECT link.user_id, link.subject, link.subject_id
      FROM link
      JOIN member_version AS version ON version.member_id = link.subject_id AND version.import_id = (
            SELECT max(other.import_id)
              FROM member_version AS other
              JOIN roll_import ON roll_import.id = other.import_id
             WHERE other.member_id = link.subject_id AND roll_import.state = 'applied')
      JOIN party_branch AS branch ON branch.id = version.branch_id
     WHERE {which} AND link.subject = 'member' AND :member AND version.standing = 'on_roll'
       AND coalesce(version.fund = :fund, :fund IS NULL) AND coalesce(branch.area = :area, :area IS NULL)
       AND coalesce(branch.id = :branch_id, :branch_id IS NULL) AND {member_meets("link.subject_id")}
     UNION ALL
    SELECT link.user_id, link.subject, link.subject_id
      FROM link
      JOIN beneficiary ON beneficiary.id = link.subject_id
      JOIN beneficiary_version AS version ON version.beneficiary_id = link.subject_id AND version.import_id = (
            SELECT max(other.import_id)
              FROM beneficiary_version AS other
              JOIN roll_import ON roll_import.id = other.import_id
             WHERE other.beneficiary_id = link.subject_id AND roll_import.state = 'applied')
     WHERE {which} AND link.subject = 'beneficiary' AND iif(beneficiary.kind = 'household', :household, :student)
       AND version.standing = 'on_roll' AND :branch_id IS NULL
       AND coalesce(version.fund = :fund, :fund IS NULL) AND coalesce(version.area = :area, :area IS NULL)
       AND {beneficiary_meets("link.subject_id")}
    """  # noqa: S608 - joined from this house's own constants


_LINKED = _linked()
_OF_ONE_ACCOUNT = _linked("link.user_id = :user_id")

_MEMBERS_ON_ROLL = f"""
    SELECT count(*)
      FROM (SELECT max(version.import_id), version.member_id, version.standing, version.fund,
                   version.branch_id -- of that newest version
              FROM member_version AS version
              JOIN roll_import ON roll_import.id = version.import_id AND roll_import.state = 'applied'
             GROUP BY version.member_id) AS newest
      JOIN party_branch AS branch ON branch.id = newest.branch_id
     WHERE newest.standing = 'on_roll'
       AND coalesce(newest.fund = :fund, :fund IS NULL) AND coalesce(branch.area = :area, :area IS NULL)
       AND coalesce(branch.id = :branch_id, :branch_id IS NULL) AND {member_meets("newest.member_id")}
"""  # noqa: S608 - joined from this house's own constants

_BENEFICIARIES_ON_ROLL = f"""
    SELECT count(*)
      FROM (SELECT max(version.import_id), version.beneficiary_id, version.standing, version.fund, version.area
              FROM beneficiary_version AS version
              JOIN roll_import ON roll_import.id = version.import_id AND roll_import.state = 'applied'
             GROUP BY version.beneficiary_id) AS newest
      JOIN beneficiary ON beneficiary.id = newest.beneficiary_id
     WHERE newest.standing = 'on_roll' AND iif(beneficiary.kind = 'household', :household, :student)
       AND :branch_id IS NULL
       AND coalesce(newest.fund = :fund, :fund IS NULL) AND coalesce(newest.area = :area, :area IS NULL)
       AND {beneficiary_meets("newest.beneficiary_id")}
"""  # noqa: S608 - joined from this house's own constants


_OPTED_OUT = "EXISTS (SELECT 1 FROM topic_off WHERE topic_off.user_id = account.user_id AND topic = :topic)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What an editor wrote, to whom; the texts are Telegram's HTML. All of it is what a second person confirms."""

    audience: Audience
    text_zh: str
    text_en: str | None
    topic: Topic = Topic.GENERAL
    attachment: Attachment | None = None
    due_at: int | None = None
    overruled: tuple[Fault, ...] = ()

    def audience_json(self) -> str:
        place = self.audience.place
        written = {
            "readers": self.audience.readers,
            "fund": place.fund,
            "area": place.area,
            "branch_id": place.branch_id,
            "condition": self.audience.condition,
        }
        return json.dumps(written, ensure_ascii=False)

    def attachment_json(self) -> str | None:
        return None if self.attachment is None else json.dumps([self.attachment.kind, self.attachment.file_id])

    def overruled_json(self) -> str:
        return json.dumps([[fault.unfit, fault.line] for fault in self.overruled])

    def digest(self) -> bytes:
        """SHA-256 over every part of it."""
        parts = (
            self.audience_json(),
            self.text_zh,
            self.text_en,
            self.topic,
            self.attachment_json(),
            self.due_at,
            self.overruled_json(),
        )
        return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).digest()


@dataclass(frozen=True, slots=True)
class Notice:
    """What was written down when it was composed, by whom, and how many copies that person may send alone.

    `goes_at`, `expires_at`: by the newest time it was given, in Unix seconds; `None` if it has none.
    """

    id: int
    content: Content
    staff_id: int | None
    composed_at: int
    goes_at: int | None
    expires_at: int | None
    alone_at_most: int
    digest: bytes

    @property
    def audience(self) -> Audience:
        return self.content.audience


def count_accounts(db: sqlite3.Connection, audience: Audience, topic: Topic, at: int) -> tuple[int, int, int, int]:
    """Accounts that can be written to, that cannot, that do not want the topic, and the people these stand for."""
    row: tuple[int, int, int, int] = db.execute(
        f"""
        SELECT count(DISTINCT user_id) FILTER (WHERE reachability = 'reachable' AND NOT is_off),
               count(DISTINCT user_id) FILTER (WHERE reachability <> 'reachable'),
               count(DISTINCT user_id) FILTER (WHERE reachability = 'reachable' AND is_off),
               count(*)
          FROM (SELECT user_id, reachability, {_OPTED_OUT} AS is_off FROM ({_LINKED}) JOIN account USING (user_id))
        """,  # noqa: S608 - joined from constants of this file
        audience_parameters(audience, at) | {"topic": topic},
    ).fetchone()
    return row


def count_on_roll(db: sqlite3.Connection, audience: Audience, at: int) -> int:
    """People on the roll in an audience, linked or not."""
    parameters = audience_parameters(audience, at)
    queries = [_MEMBERS_ON_ROLL] if parameters["member"] else []
    if parameters["household"] or parameters["student"]:
        queries.append(_BENEFICIARIES_ON_ROLL)
    return sum(db.execute(query, parameters).fetchone()[0] for query in queries)


def add(
    db: sqlite3.Connection,
    request_id: str,
    content: Content,
    staff_id: int | None,
    at: int,
    *,
    alone_at_most: int,
    expires_at: int | None = None,
) -> int:
    (notice_id,) = db.execute(
        """
        INSERT INTO notice (request_id, fund, audience, text_zh, text_en, topic, attachment, due_at, expires_at,
                            overruled, alone_at_most, digest, staff_id, composed_at)
        VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)
        RETURNING id
        """,
        (
            request_id,
            content.audience.place.fund,
            content.audience_json(),
            content.text_zh,
            content.text_en,
            content.topic,
            content.attachment_json(),
            content.due_at,
            expires_at,
            content.overruled_json(),
            alone_at_most,
            content.digest(),
            staff_id,
            at,
        ),
    ).fetchone()
    return int(notice_id)


def freeze_recipients(db: sqlite3.Connection, notice: Notice, at: int, at_most: int | None) -> int | None:
    """One row for each account that can be written to now and wants the topic; how many.

    None, and no row at all, if they are more than `at_most`: to count them before takes half as long as to write them.
    """
    db.execute("SAVEPOINT recipients")
    frozen = db.execute(
        f"""
        INSERT INTO outbox (reference, user_id, kind, notice_id, lane, facts, queued_at, changed_at)
        SELECT 'notice:' || :notice_id || ':' || user_id, user_id, 'notice', :notice_id, 2, x'', :at, :at
          FROM (SELECT DISTINCT user_id FROM ({_LINKED}))
          JOIN account USING (user_id)
         WHERE reachability = 'reachable' AND NOT {_OPTED_OUT}
        """,  # noqa: S608 - joined from constants of this file
        audience_parameters(notice.audience, at) | {"notice_id": notice.id, "topic": notice.content.topic, "at": at},
    ).rowcount
    is_too_many = at_most is not None and frozen > at_most
    if is_too_many:
        db.execute("ROLLBACK TO recipients")
    db.execute("RELEASE recipients")
    return None if is_too_many else frozen


GOES_AT = """
    coalesce((SELECT due_at FROM notice_event
               WHERE notice_id = notice.id AND notice_event.due_at IS NOT NULL
               ORDER BY id DESC LIMIT 1), notice.due_at)
"""
"""When a row of `notice` goes: what its card shows and the clock starts it by."""

_NOTICE = f"""
    SELECT id, audience, text_zh, text_en, topic, attachment, due_at, overruled, staff_id, composed_at, goes_at,
           expires_at + (goes_at - due_at), alone_at_most, digest
      FROM (SELECT *, {GOES_AT} AS goes_at FROM notice)
"""  # noqa: S608 - a constant of this file


def find(db: sqlite3.Connection, notice_id: int) -> Notice | None:
    row = db.execute(f"{_NOTICE} WHERE id = ?", (notice_id,)).fetchone()
    return row and _notice(*row)


def id_of_request(db: sqlite3.Connection, request_id: str) -> int | None:
    row: tuple[int] | None = db.execute("SELECT id FROM notice WHERE request_id = ?", (request_id,)).fetchone()
    return row[0] if row else None


def meant_for(db: sqlite3.Connection, user_id: int, audience: Audience, at: int) -> list[tuple[str, int]]:
    """Whom of those that an account stands for (subject, id) an audience takes in."""
    rows = db.execute(
        f"SELECT subject, subject_id FROM ({_OF_ONE_ACCOUNT})",  # noqa: S608 - a constant of this file
        audience_parameters(audience, at) | {"user_id": user_id},
    )
    return rows.fetchall()


def newest(db: sqlite3.Connection, before_id: int | None = None) -> Iterator[Notice]:
    """All, or all before one, newest first."""
    rows = db.execute(f"{_NOTICE} WHERE coalesce(id < :before, TRUE) ORDER BY id DESC", {"before": before_id})
    return (_notice(*row) for row in rows)


def tally(db: sqlite3.Connection, notice_id: int) -> dict[str, int]:
    """How many copies of a notice are in each state; one taken back is `recalled`."""
    rows = db.execute(
        """
        SELECT iif(recall = 'done', 'recalled', state), count(*)
          FROM outbox WHERE notice_id = ?
         GROUP BY 1
        """,
        (notice_id,),
    )
    return dict(rows.fetchall())


def has_waiting(db: sqlite3.Connection, notice_id: int) -> bool:
    """Whether a copy of a notice has still to go."""
    found = db.execute(
        "SELECT 1 FROM outbox WHERE notice_id = ? AND state IN ('pending', 'sending') LIMIT 1", (notice_id,)
    ).fetchone()
    return found is not None


def find_branch(db: sqlite3.Connection, branch_id: int) -> Branch | None:
    row = db.execute("SELECT id, fund, area, committee, name FROM party_branch WHERE id = ?", (branch_id,)).fetchone()
    return row and Branch(*row)


def branches_named(db: sqlite3.Connection, fund: str, words: str, limit: int) -> list[Branch]:
    """Branches of a fund whose committee and name together hold these words."""
    rows = db.execute(
        """
        SELECT id, fund, area, committee, name
          FROM party_branch
         WHERE fund = ? AND instr(committee || name, ?)
         ORDER BY committee, name
         LIMIT ?
        """,
        (fund, words, limit),
    )
    return [Branch(*row) for row in rows]


def _notice(
    notice_id: int,
    audience: str,
    text_zh: str,
    text_en: str | None,
    topic: str,
    attachment: str | None,
    due_at: int | None,
    overruled: str,
    *rest: Any,
) -> Notice:
    written = json.loads(audience)
    place = Place(written["fund"], written["area"], written["branch_id"])
    readers, condition = tuple(Reader(reader) for reader in written["readers"]), written.get("condition")
    content = Content(
        audience=Audience(readers, place, condition and Condition(condition)),
        text_zh=text_zh,
        text_en=text_en,
        topic=Topic(topic),
        attachment=attachment_of(attachment),
        due_at=due_at,
        overruled=tuple(Fault(Unfit(unfit), line) for unfit, line in json.loads(overruled)),
    )
    return Notice(notice_id, content, *rest)


def attachment_of(written: str | None) -> Attachment | None:
    if written is None:
        return None
    kind, file_id = json.loads(written)
    return Attachment(AttachmentKind(kind), file_id)


def audience_parameters(audience: Audience, at: int) -> dict[str, object]:
    """What the queries above ask by; a condition is looked at as things stood at an instant."""
    place = audience.place
    roles = {str(reader): reader in audience.readers for reader in Reader}
    return {
        "fund": place.fund,
        "area": place.area,
        "branch_id": place.branch_id,
        "condition": audience.condition,
        "as_of": at,
        **roles,
    }

"""Who may do what: one table from role to permission, and the question every service asks first."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from carefund_bot.errors import NotAllowed


class Permission(StrEnum):
    MAKE_PLEDGE = "make_pledge"
    SEE_OWN_GIVING = "see_own_giving"
    SEE_OWN_AID = "see_own_aid"
    READ_NOTICES = "read_notices"
    SEE_AID_AS_PROXY = "see_aid_as_proxy"
    IMPORT_MEMBERS = "import_members"
    IMPORT_BENEFICIARIES = "import_beneficiaries"
    ISSUE_CODES = "issue_codes"
    RECORD_MONEY = "record_money"
    PREPARE_PAYOUT = "prepare_payout"
    CHECK_PAYOUT = "check_payout"
    RELEASE_PAYOUT = "release_payout"
    RECORD_PAYOUT_RESULT = "record_payout_result"
    SEE_PAYOUTS = "see_payouts"
    COMPOSE_NOTICE = "compose_notice"
    SEE_FIGURES = "see_figures"
    SEE_BOOKS = "see_books"
    READ_COMPLAINTS = "read_complaints"
    SEE_DESK = "see_desk"
    ANSWER_CASES = "answer_cases"
    SEE_DESK_REPORT = "see_desk_report"
    KEEP_FAQ = "keep_faq"
    APPROVE_CHANGES = "approve_changes"
    MANAGE_STAFF = "manage_staff"
    CONFIRM_STAFF = "confirm_staff"


class Role(StrEnum):
    MEMBER = "member"
    HOUSEHOLD = "household"
    PROXY = "proxy"
    MAKER = "maker"
    CHECKER = "checker"
    RELEASER = "releaser"
    NOTICE_EDITOR = "notice_editor"
    AUDITOR = "auditor"
    DISCIPLINE = "discipline"
    ADMINISTRATOR = "administrator"
    COLLECTOR = "collector"


PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.MEMBER: frozenset({Permission.MAKE_PLEDGE, Permission.SEE_OWN_GIVING, Permission.READ_NOTICES}),
    Role.HOUSEHOLD: frozenset({Permission.SEE_OWN_AID, Permission.READ_NOTICES}),
    Role.PROXY: frozenset({Permission.SEE_AID_AS_PROXY}),
    Role.MAKER: frozenset(
        {
            Permission.IMPORT_MEMBERS,
            Permission.IMPORT_BENEFICIARIES,
            Permission.ISSUE_CODES,
            Permission.RECORD_MONEY,
            Permission.PREPARE_PAYOUT,
            Permission.RECORD_PAYOUT_RESULT,
            Permission.SEE_PAYOUTS,
            Permission.SEE_FIGURES,
            Permission.SEE_DESK,
            Permission.ANSWER_CASES,
        }
    ),
    Role.CHECKER: frozenset(
        {Permission.CHECK_PAYOUT, Permission.SEE_PAYOUTS, Permission.SEE_FIGURES, Permission.APPROVE_CHANGES}
    ),
    Role.RELEASER: frozenset({Permission.RELEASE_PAYOUT, Permission.SEE_PAYOUTS, Permission.SEE_FIGURES}),
    Role.NOTICE_EDITOR: frozenset({Permission.COMPOSE_NOTICE, Permission.SEE_FIGURES, Permission.KEEP_FAQ}),
    Role.AUDITOR: frozenset(
        {Permission.SEE_FIGURES, Permission.SEE_PAYOUTS, Permission.SEE_BOOKS, Permission.CONFIRM_STAFF}
    ),
    Role.DISCIPLINE: frozenset(
        {
            Permission.SEE_FIGURES,
            Permission.SEE_PAYOUTS,
            Permission.SEE_BOOKS,
            Permission.SEE_DESK,
            Permission.READ_COMPLAINTS,
        }
    ),
    Role.ADMINISTRATOR: frozenset(
        {
            Permission.MANAGE_STAFF,
            Permission.CONFIRM_STAFF,
            Permission.ISSUE_CODES,
            Permission.SEE_FIGURES,
            Permission.SEE_DESK,
            Permission.ANSWER_CASES,
            Permission.SEE_DESK_REPORT,
        }
    ),
    Role.COLLECTOR: frozenset({Permission.RECORD_MONEY}),
}

NO_BRANCH = 0
"""Of what is no branch's business, a household, a case or a whole roll: a right inside a branch does not reach it."""

STAFF_ROLES = tuple(role for role in Role if role not in (Role.MEMBER, Role.HOUSEHOLD, Role.PROXY))


@dataclass(frozen=True, slots=True)
class Right:
    """One role inside one scope; `None` leaves that side of the scope open."""

    role: Role
    fund: str | None = None
    area: str | None = None
    branch_id: int | None = None

    def covers(self, fund: str | None, area: str | None, branch_id: int | None) -> bool:
        """True if nothing in this scope speaks against the place asked about; an unnamed place is inside."""
        return (
            (self.fund is None or fund is None or self.fund == fund)
            and (self.area is None or area is None or self.area == area)
            and (self.branch_id is None or branch_id is None or self.branch_id == branch_id)
        )

    def takes_in(self, other: Right) -> bool:
        """Whether another right lies wholly inside this one's scope: an open side needs an open side."""
        return (
            self.fund in (None, other.fund)
            and self.area in (None, other.area)
            and self.branch_id in (None, other.branch_id)
        )


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is speaking: what a Telegram account is bound to. A stranger has neither bindings nor rights."""

    user_id: int | None = None
    member_id: int | None = None
    beneficiary_ids: tuple[int, ...] = ()
    staff_id: int | None = None
    staff_rights: tuple[Right, ...] = ()
    operator: bool = False
    proxy_ids: tuple[int, ...] = ()
    """Mandates bound to this chat; whether they hold today is asked where they are used."""

    @property
    def subjects(self) -> frozenset[tuple[str, int]]:
        """The people that this chat is bound to, as kind and row: a member, a clerk, households and students.

        A chat that waits for a second person is not yet the clerk's.
        """
        one_each = {("member", self.member_id), ("staff", None if self.is_newcomer else self.staff_id)}
        found = {(subject, own_id) for subject, own_id in one_each if own_id is not None}
        return frozenset(found | {("beneficiary", own_id) for own_id in self.beneficiary_ids})

    @property
    def rights(self) -> tuple[Right, ...]:
        own = [Right(Role.MEMBER)] if self.member_id is not None else []
        if self.beneficiary_ids:
            own.append(Right(Role.HOUSEHOLD))
        if self.proxy_ids and self.staff_id is None:  # staff are never proxies (R50)
            own.append(Right(Role.PROXY))
        return (*own, *self.staff_rights)

    def may(
        self,
        permission: Permission,
        *,
        fund: str | None = None,
        area: str | None = None,
        branch_id: int | None = None,
    ) -> bool:
        return self.operator or any(
            permission in PERMISSIONS[right.role] and right.covers(fund, area, branch_id) for right in self.rights
        )

    def scope(self, permission: Permission) -> tuple[Right, ...]:
        """The rights that give a permission, to narrow a list; the operator's is everything."""
        if self.operator:
            return (Right(Role.ADMINISTRATOR),)
        return tuple(right for right in self.rights if permission in PERMISSIONS[right.role])

    def reaches(self, permission: Permission, other: Right) -> bool:
        """Whether one of the rights that give a permission takes in another right's whole scope."""
        return any(own.takes_in(other) for own in self.scope(permission))

    def may_for_whole(self, permission: Permission, fund: str | None) -> bool:
        """Whether a right reaches over a whole fund, or over all six (`None`); one for an area or a branch does not."""
        return any(
            right.area is None and right.branch_id is None and right.fund in (None, fund)
            for right in self.scope(permission)
        )

    @property
    def is_newcomer(self) -> bool:
        """A colleague whose chat waits for a second person: nothing is open to it yet."""
        return self.staff_id is not None and not self.staff_rights

    @property
    def is_stranger(self) -> bool:
        return not self.operator and not self.rights and self.staff_id is None


OPERATOR = Actor(operator=True)
"""Whoever holds the machine: the command line. Its acts are recorded as the operator's."""


def require(
    actor: Actor,
    permission: Permission,
    *,
    fund: str | None = None,
    area: str | None = None,
    branch_id: int | None = None,
) -> None:
    """Raise `NotAllowed` unless one of the actor's rights gives the permission in that place."""
    if not actor.may(permission, fund=fund, area=area, branch_id=branch_id):
        raise NotAllowed


def require_for_whole(actor: Actor, permission: Permission, fund: str | None) -> None:
    """Raise `NotAllowed` unless one of the actor's rights reaches over the whole fund, or over all six (`None`)."""
    if not actor.may_for_whole(permission, fund):
        raise NotAllowed

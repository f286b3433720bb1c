"""Who may do what: the whole policy on one page."""

from __future__ import annotations

from enum import StrEnum

from quiz.refusal_words import N_


class Role(StrEnum):
    """A part that a person plays; one person may play several."""

    PARTICIPANT = "participant"
    COORDINATOR = "coordinator"
    ORGANISER = "organiser"
    INSPECTOR = "inspector"
    ADMIN = "admin"


ROLE_WORDS = {
    Role.PARTICIPANT: N_("Người dự thi"),
    Role.COORDINATOR: N_("Đầu mối cơ quan"),
    Role.ORGANISER: N_("Ban Tổ chức"),
    Role.INSPECTOR: N_("Giám sát"),
    Role.ADMIN: N_("Quản trị"),
}
"""What people call the roles."""


class Permission(StrEnum):
    """What an endpoint asks for."""

    KEEP_OWN_ACCOUNT = "keep_own_account"
    TAKE_QUIZ = "take_quiz"
    SEE_AGENCY = "see_agency"
    PRINT_ACTIVATION_SLIPS = "print_activation_slips"
    KEEP_OWN_AGENCY = "keep_own_agency"
    SEND_REMINDERS = "send_reminders"
    SEE_RESULTS = "see_results"
    PUBLISH_RESULTS = "publish_results"
    KEEP_ROSTER = "keep_roster"
    KEEP_CONTEST = "keep_contest"
    DECIDE_INCIDENTS = "decide_incidents"
    DECIDE_RESULTS = "decide_results"
    ANSWER_APPEALS = "answer_appeals"
    KEEP_BANK = "keep_bank"
    KEEP_MAIL = "keep_mail"
    KEEP_PERSONAL_DATA = "keep_personal_data"
    READ_AUDIT_LOG = "read_audit_log"
    OPEN_RECORDS = "open_records"


PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.PARTICIPANT: frozenset({Permission.KEEP_OWN_ACCOUNT, Permission.TAKE_QUIZ}),
    Role.COORDINATOR: frozenset(
        {
            Permission.KEEP_OWN_ACCOUNT,
            Permission.SEE_AGENCY,
            Permission.PRINT_ACTIVATION_SLIPS,
            Permission.KEEP_OWN_AGENCY,
            Permission.SEND_REMINDERS,
        }
    ),
    Role.ORGANISER: frozenset(
        {
            Permission.KEEP_OWN_ACCOUNT,
            Permission.SEE_AGENCY,
            Permission.PRINT_ACTIVATION_SLIPS,
            Permission.KEEP_OWN_AGENCY,
            Permission.SEND_REMINDERS,
            Permission.SEE_RESULTS,
            Permission.PUBLISH_RESULTS,
            Permission.KEEP_ROSTER,
            Permission.KEEP_CONTEST,
            Permission.DECIDE_INCIDENTS,
            Permission.DECIDE_RESULTS,
            Permission.ANSWER_APPEALS,
            Permission.KEEP_BANK,
            Permission.KEEP_MAIL,
            Permission.KEEP_PERSONAL_DATA,
        }
    ),
    Role.INSPECTOR: frozenset(
        {
            Permission.KEEP_OWN_ACCOUNT,
            Permission.SEE_RESULTS,
            Permission.READ_AUDIT_LOG,
            Permission.OPEN_RECORDS,
        }
    ),
    Role.ADMIN: frozenset(
        {
            Permission.KEEP_OWN_ACCOUNT,
            Permission.KEEP_OWN_AGENCY,
            Permission.KEEP_ROSTER,
            Permission.KEEP_MAIL,
            Permission.KEEP_PERSONAL_DATA,
            Permission.READ_AUDIT_LOG,
        }
    ),
}

STAFF_PERMISSIONS = frozenset(Permission) - {Permission.KEEP_OWN_ACCOUNT, Permission.TAKE_QUIZ}
"""A change made under one of these must leave an audit row in the same transaction."""

SEES_ALL_AGENCIES = frozenset({Role.ORGANISER, Role.ADMIN})
"""Roles whose agency scope is the whole contest; a coordinator sees own agency and all below it."""

BARRED_ROLES = frozenset({Role.ORGANISER, Role.INSPECTOR, Role.ADMIN})
"""Roles that see what participants may not, and so never take part themselves."""


def permissions_of(roles: frozenset[Role]) -> frozenset[Permission]:
    """Everything that a person with these roles may do."""
    return frozenset().union(*(PERMISSIONS[role] for role in roles))

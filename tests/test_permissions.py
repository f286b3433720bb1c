"""Who may do what, written out a second time: the table of the product must be this one."""

from __future__ import annotations

from itertools import combinations

import pytest

from quiz.permissions import (
    BARRED_ROLES,
    PERMISSIONS,
    SEES_ALL_AGENCIES,
    STAFF_PERMISSIONS,
    Permission,
    Role,
    permissions_of,
)

ROLES = "participant coordinator organiser inspector admin".split()
EXPECTED = {
    # permission             participant coordinator organiser inspector admin
    "keep_own_account": "        yes         yes        yes       yes    yes",
    "take_quiz": "               yes         no         no        no     no",
    "see_agency": "              no          yes        yes       no     no",
    "print_activation_slips": "  no          yes        yes       no     no",
    "keep_own_agency": "         no          yes        yes       no     yes",
    "send_reminders": "          no          yes        yes       no     no",
    "see_results": "             no          no         yes       yes    no",
    "publish_results": "         no          no         yes       no     no",
    "keep_roster": "             no          no         yes       no     yes",
    "keep_contest": "            no          no         yes       no     no",
    "decide_incidents": "        no          no         yes       no     no",
    "decide_results": "          no          no         yes       no     no",
    "answer_appeals": "          no          no         yes       no     no",
    "keep_bank": "               no          no         yes       no     no",
    "keep_mail": "               no          no         yes       no     yes",
    "keep_personal_data": "      no          no         yes       no     yes",
    "read_audit_log": "          no          no         no        yes    yes",
    "open_records": "            no          no         no        yes    no",
}


def test_the_table_names_every_role_and_permission() -> None:
    assert list(Role) == ROLES
    assert list(Permission) == list(EXPECTED)
    assert set(PERMISSIONS) == set(Role)
    assert {len(row.split()) for row in EXPECTED.values()} == {len(ROLES)}


@pytest.mark.parametrize("permission", EXPECTED)
def test_roles_have_exactly_their_permissions(permission: str) -> None:
    granted = ["yes" if permission in PERMISSIONS[Role(role)] else "no" for role in ROLES]
    assert dict(zip(ROLES, granted, strict=True)) == dict(zip(ROLES, EXPECTED[permission].split(), strict=True))


def test_nobody_may_do_nothing() -> None:
    assert permissions_of(frozenset()) == frozenset()


@pytest.mark.parametrize("role", Role)
def test_one_role_gives_its_own_permissions(role: Role) -> None:
    assert permissions_of(frozenset({role})) == PERMISSIONS[role]


@pytest.mark.parametrize(("one", "other"), list(combinations(Role, 2)))
def test_several_roles_give_the_permissions_of_each(one: Role, other: Role) -> None:
    assert permissions_of(frozenset({one, other})) == PERMISSIONS[one] | PERMISSIONS[other]


def test_staff_permissions_are_all_but_those_over_oneself() -> None:
    assert {str(permission) for permission in STAFF_PERMISSIONS} == set(EXPECTED) - {"keep_own_account", "take_quiz"}


def test_roles_that_see_all_agencies() -> None:
    assert {"organiser", "admin"} == SEES_ALL_AGENCIES


def test_roles_that_see_what_participants_may_not_never_take_part() -> None:
    assert {"organiser", "inspector", "admin"} == BARRED_ROLES
    sees_more = {Permission.SEE_RESULTS, Permission.READ_AUDIT_LOG, Permission.KEEP_CONTEST, Permission.PUBLISH_RESULTS}
    assert {role for role in Role if PERMISSIONS[role] & sees_more} == BARRED_ROLES

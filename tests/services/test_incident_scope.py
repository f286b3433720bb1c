"""Named sets: agencies with or without those below, people from a pasted list, a division."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from quiz.errors import Refused
from quiz.services import contests, incident_scope
from quiz.services.incident_scope import MOST_PEOPLE, Scope
from tests import makers

DIVISIONS = "divisions: [{code: can-bo, name: Cán bộ}, {code: nguoi-dan, name: Người dân}]\n"


@pytest.fixture
def ids(session: Session) -> dict[str, int]:
    """A department with a section and an office below that, a stranger, and two people."""
    makers.load_contest(makers.CONTEST + DIVISIONS)
    ids = {code: makers.add_agency(code, parent=parent) for code, parent in (("SYT", ""), ("BV", "SYT"), ("K", "BV"))}
    ids["CT"] = makers.add_agency("CT")
    ids["A1"] = makers.add_person("A1", ids["BV"], "Trần Thị Hoa", activated=False)
    ids["Đ2"] = makers.add_person("Đ2", ids["CT"], "Lê Văn Tám", activated=False)
    return ids


def refused(act: object) -> Refused:
    """How it is refused."""
    with pytest.raises(Refused) as caught:
        act()  # type: ignore[operator]
    return caught.value


def test_a_pasted_list_is_read_as_people_type_codes_and_nobody_counts_twice(
    session: Session, ids: dict[str, int]
) -> None:
    pasted = " a1 \r\n\r\nđ2\t\nA1\n\n"
    assert incident_scope.people_on_list(session, pasted) == {ids["A1"], ids["Đ2"]}
    assert incident_scope.people_on_list(session, " \n ") == frozenset()


def test_codes_that_nobody_has_are_refused_by_name_and_line(session: Session, ids: dict[str, int]) -> None:
    refusal = refused(lambda: incident_scope.people_on_list(session, "A1\nA 9\n\nX-7\nđ2\nX-7"))
    assert (refusal.code, refusal.facts) == ("people_unknown", {"lines": "2 (A 9), 4 (X-7), 6 (X-7)"})


def test_a_list_has_an_end(session: Session, ids: dict[str, int]) -> None:
    for count, code in ((MOST_PEOPLE, "people_unknown"), (MOST_PEOPLE + 1, "people_too_many")):
        pasted = "\n".join(f"Z{number}" for number in range(count))
        assert refused(lambda pasted=pasted: incident_scope.people_on_list(session, pasted)).code == code


@pytest.mark.parametrize(
    ("scope", "code"),
    [
        (Scope(agencies=frozenset({999})), "agency_missing"),
        (Scope(people=frozenset({999})), "person_missing"),
        (Scope(division="khac"), "division_missing"),
    ],
)
def test_what_does_not_exist_is_nobody(session: Session, ids: dict[str, int], scope: Scope, code: str) -> None:
    rules = contests.get_current(session).rules
    assert refused(lambda: incident_scope.check(session, rules, scope)).code == code
    incident_scope.check(session, rules, Scope(agencies=frozenset({ids["CT"]}), division="can-bo"))

"""What live figures a prediction hides: those of an open week, from who may take part and sees more than a tenth."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from quiz.models.people import DbPerson
from quiz.permissions import Role
from quiz.services import contests, prediction_secrecy, transaction
from quiz.services.contests import StoredWeek
from tests import makers

COORDINATOR = frozenset({Role.PARTICIPANT, Role.COORDINATOR})
DAY = makers.WEEK_1 + timedelta(hours=2)
GRACE = timedelta(seconds=5)
DIVISIONS = """
divisions:
  - {code: can-bo, name: Cán bộ}
  - {code: nguoi-dan, name: Người dân}
"""


def rules(target: str = "people", of: str = "all", more: str = "") -> str:
    """The usual contest with a prediction of this."""
    asked = f"prediction: {{text: Bao nhiêu?, target: {target}, of: {of}}}\n"
    return makers.CONTEST + asked + "ranking: [score, prediction, lot]\n" + more


def town(text: str, *sizes: int) -> tuple[StoredWeek, list[int]]:
    """Agencies of these sizes, on the roster before the first week; the week and their ids."""
    makers.load_contest(text)
    agencies = [makers.add_agency(f"H{place}") for place in range(len(sizes))]
    for place, size in enumerate(sizes):
        for number in range(size):
            makers.add_person(f"P{place}-{number}", agencies[place], activated=False)
    with transaction() as session:
        contests.freeze_due_weeks(session, makers.WEEK_1)
        return makers.week(session), agencies


@pytest.mark.parametrize("target", ["people", "attempts"])
def test_more_than_a_tenth_of_the_people_hides_the_figures(session: Session, target: str) -> None:
    week, (large, small, tiny, other) = town(rules(target), 3, 2, 1, 24)
    hides = [
        prediction_secrecy.hides(session, week, COORDINATOR, scope, DAY)
        for scope in (set(), {tiny}, {large}, {small, tiny}, {large, tiny}, {other}, {large, small, tiny, other})
    ]
    assert hides == [False, False, False, False, True, True, True]


@pytest.mark.parametrize("text", [makers.CONTEST, rules("people_all_right")], ids=["none", "all right"])
def test_nothing_is_hidden_where_nothing_can_be_read_off(session: Session, text: str) -> None:
    week, agencies = town(text, 1)
    assert not prediction_secrecy.hides(session, week, COORDINATOR, agencies, DAY)


def test_the_figures_are_hidden_until_the_last_message_could_come(session: Session) -> None:
    week, agencies = town(rules(), 1)
    moments = (DAY, makers.WEEK_1_ENDS, makers.WEEK_1_ENDS + GRACE, makers.WEEK_1_ENDS + GRACE + timedelta.resolution)
    hides = [prediction_secrecy.hides(session, week, COORDINATOR, agencies, now) for now in moments]
    assert hides == [True, True, True, False]


@pytest.mark.parametrize("role", [Role.ORGANISER, Role.INSPECTOR, Role.ADMIN])
def test_who_is_barred_by_role_sees_everything(session: Session, role: Role) -> None:
    week, agencies = town(rules(), 1)
    assert not prediction_secrecy.hides(session, week, COORDINATOR | {role}, agencies, DAY)


def test_part_of_a_small_division_hides_the_figures_where_divisions_are_predicted(session: Session) -> None:
    week, (officials, citizens) = town(rules("people", "division", DIVISIONS), 20, 2)
    with transaction() as writing:
        of_two = writing.query(DbPerson.id).filter_by(agency_id=citizens).subquery()
        writing.execute(update(DbPerson).where(DbPerson.id.in_(of_two.select())).values(division="nguoi-dan"))
    assert prediction_secrecy.hides(session, week, COORDINATOR, {citizens}, DAY)
    assert prediction_secrecy.hides(session, week, COORDINATOR, {officials}, DAY)


def test_a_small_part_of_all_is_visible_where_all_are_predicted_together(session: Session) -> None:
    week, (officials, citizens) = town(rules("people", "all", DIVISIONS), 20, 2)
    with transaction() as writing:
        of_two = writing.query(DbPerson.id).filter_by(agency_id=citizens).subquery()
        writing.execute(update(DbPerson).where(DbPerson.id.in_(of_two.select())).values(division="nguoi-dan"))
    assert not prediction_secrecy.hides(session, week, COORDINATOR, {citizens}, DAY)
    assert prediction_secrecy.hides(session, week, COORDINATOR, {officials}, DAY)


def test_people_of_an_unknown_division_count_in_the_first(session: Session) -> None:
    week, (first, second) = town(rules("people", "division", DIVISIONS), 1, 10)
    assert not prediction_secrecy.hides(session, week, COORDINATOR, {first}, DAY)
    with transaction() as writing:
        writing.execute(update(DbPerson).where(DbPerson.agency_id == second).values(division="cu"))
    assert not prediction_secrecy.hides(session, week, COORDINATOR, {first}, DAY)
    with transaction() as writing:
        writing.execute(update(DbPerson).where(DbPerson.agency_id == second).values(division="nguoi-dan"))
    assert prediction_secrecy.hides(session, week, COORDINATOR, {first}, DAY)


def test_who_registers_during_the_week_is_counted_too(session: Session) -> None:
    makers.load_contest(rules(more="registration: open\n"))
    agency = makers.add_agency("H0")
    makers.add_person("P0", agency, activated=False, now=makers.WEEK_1 + timedelta(hours=1))
    week = makers.week(session)
    assert prediction_secrecy.hides(session, week, COORDINATOR, [agency], DAY)

"""One person as their coordinator sees them: facts, history, and a form for everything that may be done."""

from __future__ import annotations

from flask import g, render_template
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session

from quiz.permissions import SEES_ALL_AGENCIES
from quiz.services import (
    accounts,
    agencies,
    contests,
    exemptions,
    reading,
    roster_calendar,
    roster_care,
    roster_moves,
)
from quiz.services.roster_care import Listed
from quiz.web.access import visitor
from quiz.web.roster_care_forms import DetailsForm, ExemptionForm, LeavingForm, MoveForm


def person_page(agency_id: int, person_id: int, bound: FlaskForm | None = None, problem: str = "") -> str:
    """The page; `bound` is the form that was sent and could not be taken, with `problem` where no field is at fault.

    Raises Refused: agency_missing, person_missing.
    """
    session = reading()
    agency = accounts.get_agency(session, visitor(), agency_id)
    person = roster_care.get(session, agency_id, person_id, g.now)
    has_role = roster_care.holds_role(session, person_id)
    contest = contests.find_current(session)
    has_divisions = contest is not None and contest.rules.divisions
    return render_template(
        "agency/person.html",
        agency=agency,
        person=person,
        division=contest.rules.division(person.division).name if contest and has_divisions else "",
        is_fixed=has_role and visitor().roles.isdisjoint(SEES_ALL_AGENCIES),
        exemptions=exemptions.of_person(session, person_id),
        move=roster_moves.open_of_person(session, person_id),
        calendar=roster_calendar.get(session, g.now),
        problem=problem,
        **_forms(session, person, agency_id, bound),
    )


def move_form(session: Session, agency_id: int, sent: bool = False) -> MoveForm:
    """The form with every other agency to choose from; `sent` reads what came with the request."""
    form = MoveForm(prefix="chuyen-") if sent else MoveForm(prefix="chuyen-", formdata=None)
    form.receiver.choices = [(str(id_), name) for id_, name in agencies.names(session) if id_ != agency_id]
    return form


def _forms(session: Session, person: Listed, agency_id: int, bound: FlaskForm | None) -> dict[str, FlaskForm]:
    details = DetailsForm(formdata=None, name=person.name, position=person.position, email=person.email)
    first = roster_calendar.get(session, g.now).day_for(g.now)
    exempt = ExemptionForm(prefix="mien-", formdata=None, first=first)
    leaving = LeavingForm(prefix="thoi-", formdata=None, first=first)
    move = move_form(session, agency_id)
    move.first.data = first
    forms = {"details": details, "exempt": exempt, "leaving": leaving, "move_form": move}
    return {name: bound if bound and type(bound) is type(form) else form for name, form in forms.items()}

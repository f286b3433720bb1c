"""The participation report of an agency and those below it: gathered for whoever asks, and made as .xlsx or .docx.

It says what the agency's page shows to that person at that moment, and no more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum

from quiz.contest.schedule import Phase
from quiz.errors import Refused
from quiz.exports.agency_report import OVERALL, Absentee, AgencyReport, Line
from quiz.exports.agency_report_docx import document
from quiz.exports.agency_report_xlsx import workbook
from quiz.exports.printable import file_name
from quiz.models.people import DbAgency
from quiz.services import (
    Actor,
    Transaction,
    accounts,
    agencies,
    audit,
    contests,
    documents,
    prediction_secrecy,
    turnout,
)
from quiz.services.accounts import Person
from quiz.services.contests import StoredWeek
from quiz.services.documents import File, Kind, Work
from quiz.services.turnout import AgencyTurnout


class Form(StrEnum):
    """As what kind of file."""

    XLSX = "xlsx"
    DOCX = "docx"


MIMETYPES = {
    Form.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Form.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
WRITERS: dict[Form, Callable[[AgencyReport], bytes]] = {Form.XLSX: workbook, Form.DOCX: document}


def ask(session: Transaction, agency_id: int, form: Form, person: Person, actor: Actor, now: datetime) -> int:
    """Have the report made; the document's id. Raises Refused: agency_missing, contest_missing, nothing_to_report."""
    agency = accounts.get_agency(session, person, agency_id)
    _shown_weeks(session, person, now)
    audit.record(session, audit.Act.ASK_AGENCY_REPORT, actor, now, agency=agency.code, form=form)
    return documents.ask(session, Kind.AGENCY_REPORT, {"agency": agency.id, "form": form}, person.id, now)


def make(session: Transaction, work: Work) -> File:
    """The report as the person who asked may see it when it is made; raises Refused where they may not any more."""
    person = accounts.find(session, work.asked_by)
    if person is None or Kind.AGENCY_REPORT.permission not in person.permissions:
        raise Refused("agency_missing")
    form = Form(str(work.facts["form"]))
    report = gather(session, person, int(str(work.facts["agency"])), work.now, work.tell)
    name = file_name(f"{report.title} {report.made_at.astimezone(report.zone):%d-%m-%Y}", form)
    return File(name=name, mimetype=MIMETYPES[form], content=WRITERS[form](report))


def gather(
    session: Transaction, person: Person, agency_id: int, now: datetime, tell: documents.Tell = lambda _done, _of: None
) -> AgencyReport:
    """Everything that the report says. Raises Refused: agency_missing, contest_missing, nothing_to_report."""
    agency = accounts.get_agency(session, person, agency_id)
    below = agencies.with_those_below(session, [agency.id]) - {agency.id}
    family = (agency, *(each for each in accounts.agencies_of(session, person) if each.id in below))
    shown, hidden = _shown_weeks(session, person, now)
    lines: list[Line] = []
    for done, week in enumerate(shown):
        tell(done, len(shown) + 1)
        lines += _lines(week.name, turnout.of_week(session, week, now), family)
    lines += _lines(OVERALL, turnout.over_contest(session, shown, now), family)
    tell(len(shown), len(shown) + 1)
    above = session.get(DbAgency, agency.parent_id) if agency.parent_id else None
    rules = shown[-1].contest.rules
    return AgencyReport(
        contest=rules.title,
        plan=rules.plan,
        agency=agency.name,
        above=above.name if above else "",
        made_at=now,
        zone=rules.zone,
        own=tuple(line for line in lines if line.code == agency.code),
        lines=tuple(lines),
        absent_in=shown[-1].name,
        absentees=_absentees(session, family, shown[-1], now),
        hidden=tuple(week.name for week in hidden),
    )


def _shown_weeks(
    session: Transaction, person: Person, now: datetime
) -> tuple[tuple[StoredWeek, ...], tuple[StoredWeek, ...]]:
    """The weeks that have opened: those whose figures the person may see, and those they may not see yet."""
    contest = contests.get_current(session)
    opened = [
        week
        for week in contests.weeks(session, contest)
        if week.frozen_at is not None and week.week.phase_at(now) is not Phase.TO_COME
    ]
    seen = {each.id for each in accounts.agencies_of(session, person)}
    hidden = tuple(week for week in opened if prediction_secrecy.hides(session, week, person.roles, seen, now))
    shown = tuple(week for week in opened if week not in hidden)
    if not shown:
        raise Refused("nothing_to_report")
    return shown, hidden


def _lines(period: str, rows: Sequence[AgencyTurnout], family: Sequence[DbAgency]) -> list[Line]:
    """The lines of these agencies, as far as they have figures, in their order."""
    found = {row.agency_id: row for row in rows}
    names = {agency.id: agency.name for agency in family}
    return [
        Line(
            period=period,
            code=agency.code,
            agency=agency.name,
            above=names.get(agency.parent_id or 0, ""),
            turnout=found[agency.id].turnout,
            threshold=found[agency.id].threshold,
        )
        for agency in family
        if agency.id in found
    ]


def _absentees(
    session: Transaction, family: Sequence[DbAgency], week: StoredWeek, now: datetime
) -> tuple[Absentee, ...]:
    people = turnout.missing_people(session, [agency.id for agency in family], week, now)
    return tuple(
        Absentee(
            name=person.name,
            position=person.position,
            agency=person.agency,
            account="Đã kích hoạt" if person.is_activated else "Chưa kích hoạt",
            groups="; ".join(person.groups),
        )
        for person in people
    )

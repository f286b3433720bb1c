"""Participation reports: the asker's agencies and nobody else's, and no figure that its page would hide."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from quiz.models.audit import DbAuditEntry
from quiz.models.people import DbAgency, DbRoleGrant
from quiz.permissions import Role
from quiz.services import Actor, accounts, agency_reports, contests, documents, transaction
from quiz.services.accounts import Person
from quiz.services.agency_reports import Form
from quiz.services.document_makers import MAKERS
from quiz.services.documents import Kind, State
from tests import makers
from tests.kept import kept
from tests.services.results_scene import CLOSED, DAY, DAY_2, MINUTE, refused

PREDICTS = makers.CONTEST + (
    "prediction: {text: Bao nhiêu?, target: people, of: all}\nranking: [score, prediction, lot]\n"
)


@pytest.fixture
def people(session: Session) -> dict[str, int]:
    """S with S1 and, below that, S2; T is a stranger. Week 2 is open: A sat in both weeks, C in the second."""
    return lay_out()


@kept
def lay_out(contest: str = makers.CONTEST) -> dict[str, int]:
    """The same under any rules; ids of people and agencies."""
    makers.load_contest(contest)
    ids = {"S": makers.add_agency("S", "Sở Nội vụ")}
    ids["S1"] = makers.add_agency("S1", "Chi cục Văn thư", parent="S")
    ids["S2"] = makers.add_agency("S2", "Trung tâm Lưu trữ", parent="S1")
    ids["T"] = makers.add_agency("T", "Cục Thuế", kind="central")
    named = (("A", "S", "Lê Thị Ánh"), ("B", "S", "Trần Văn Ước"), ("C", "S2", "Vũ Đức Ân"), ("D", "T", "Bùi An"))
    for code, agency, name in named:
        ids[code] = makers.add_person(code, ids[agency], name, activated=code == "B")
    ids["DM"] = makers.add_person("DM", ids["S"], "Đỗ Văn Đầu", [Role.COORDINATOR], activated=False)
    ids["TC"] = makers.add_person("TC", ids["T"], "Tô Chức", [Role.ORGANISER], activated=False)
    with transaction() as session:
        contests.freeze_due_weeks(session, DAY_2)
    makers.sit(ids["A"], DAY)
    makers.sit(ids["A"], DAY_2, number=2)
    makers.sit(ids["C"], DAY_2, number=2)
    return ids


def person(session: Session, id_: int) -> Person:
    """Somebody as the page knows them."""
    session.rollback()
    found = accounts.find(session, id_)
    assert found
    return found


def ask(session: Session, asker: Person, agency: int, form: Form = Form.XLSX, now: datetime = DAY_2 + MINUTE) -> int:
    """Ask as the page does."""
    session.rollback()
    with transaction(Actor(asker.id)) as writing:
        return agency_reports.ask(writing, agency, form, asker, Actor(asker.id), now)


def lines(report: object, period: str) -> list[tuple[object, ...]]:
    """The lines of one period."""
    found: Sequence[agency_reports.Line] = report.lines  # type: ignore[attr-defined]
    return [
        (line.agency, line.above, line.turnout.people, line.turnout.base, line.verdict)
        for line in found
        if line.period == period
    ]


def test_a_report_holds_the_agency_and_all_below_it(session: Session, people: dict[str, int]) -> None:
    report = agency_reports.gather(session, person(session, people["DM"]), people["S"], DAY_2 + MINUTE)
    assert lines(report, "Tuần 1") == [
        ("Sở Nội vụ", "", 1, 4, "Còn thiếu 2 người"),
        ("Chi cục Văn thư", "Sở Nội vụ", 0, 1, "Còn thiếu 1 người"),
        ("Trung tâm Lưu trữ", "Chi cục Văn thư", 0, 1, "Còn thiếu 1 người"),
    ]
    assert [line[2:] for line in lines(report, "Cả hội thi")] == [(2, 4, "Còn thiếu 1 người"), *[(1, 1, "Đạt")] * 2]
    assert [line.period for line in report.own] == ["Tuần 1", "Tuần 2", "Cả hội thi"]
    assert (report.agency, report.above, report.absent_in, report.hidden) == ("Sở Nội vụ", "", "Tuần 2", ())
    assert [(one.name, one.agency, one.account) for one in report.absentees] == [
        ("Đỗ Văn Đầu", "Sở Nội vụ", "Chưa kích hoạt"),
        ("Trần Văn Ước", "Sở Nội vụ", "Đã kích hoạt"),
    ]


def test_an_agency_below_another_is_reported_with_its_superior_named(session: Session, people: dict[str, int]) -> None:
    report = agency_reports.gather(session, person(session, people["DM"]), people["S1"], DAY_2 + MINUTE)
    assert [line[:2] for line in lines(report, "Tuần 2")] == [
        ("Chi cục Văn thư", ""),
        ("Trung tâm Lưu trữ", "Chi cục Văn thư"),
    ]
    assert (report.above, report.absentees) == ("Sở Nội vụ", ())


def test_nobody_reports_on_agencies_of_others(session: Session, people: dict[str, int]) -> None:
    asker = person(session, people["DM"])
    for agency in (people["T"], 999):
        assert refused(lambda agency=agency: ask(session, asker, agency)) == "agency_missing"
    assert documents.own(session, asker) == ()
    ask(session, person(session, people["TC"]), people["S"])


def test_before_any_week_has_opened_there_is_nothing_to_report(session: Session, people: dict[str, int]) -> None:
    asker = person(session, people["DM"])
    early = makers.WEEK_1 - MINUTE
    assert refused(lambda: ask(session, asker, people["S"], now=early)) == "nothing_to_report"


def test_figures_that_a_prediction_hides_are_not_in_the_report_either(session: Session) -> None:
    ids = lay_out(PREDICTS)
    report = agency_reports.gather(session, person(session, ids["DM"]), ids["S"], DAY_2 + MINUTE)
    assert (report.hidden, report.absent_in) == (("Tuần 2",), "Tuần 1")
    assert [line.period for line in report.own] == ["Tuần 1", "Cả hội thi"]
    assert report.own[-1].turnout.people == 1
    assert [one.name for one in report.absentees] == ["Vũ Đức Ân", "Đỗ Văn Đầu", "Trần Văn Ước"]
    later = makers.WEEK_2_ENDS + MINUTE
    assert agency_reports.gather(session, person(session, ids["DM"]), ids["S"], later).hidden == ()
    assert agency_reports.gather(session, person(session, ids["TC"]), ids["S"], DAY_2 + MINUTE).hidden == ()
    first = DAY + timedelta(hours=1)
    assert refused(lambda: ask(session, person(session, ids["DM"]), ids["S"], now=first)) == "nothing_to_report"


@pytest.mark.parametrize("form", Form)
def test_a_report_is_asked_for_noted_and_made(session: Session, people: dict[str, int], form: Form) -> None:
    asker = person(session, people["DM"])
    made = ask(session, asker, people["S"], form)
    assert documents.make_waiting(MAKERS, lambda: DAY_2 + MINUTE) == 1
    session.rollback()
    found = documents.file(session, made, asker)
    assert found.name == f"Báo cáo tham gia của Sở Nội vụ 14-10-2024.{form}"
    assert found.content.startswith(b"PK")
    assert documents.get(session, made, asker).percent == 66
    entry = session.scalars(select(DbAuditEntry).where(DbAuditEntry.act == "ask_agency_report")).one()
    assert (entry.actor_id, entry.facts) == (asker.id, f'{{"agency": "S", "form": "{form}"}}')


@pytest.mark.parametrize("change", ["role", "agency"])
def test_who_may_not_see_it_any_more_gets_no_report(session: Session, people: dict[str, int], change: str) -> None:
    asker = person(session, people["DM"])
    made = ask(session, asker, people["S"], now=CLOSED)
    with transaction() as writing:
        if change == "role":
            writing.execute(delete(DbRoleGrant).where(DbRoleGrant.person_id == asker.id))
        else:
            writing.execute(update(DbAgency).where(DbAgency.id == people["S1"]).values(parent_id=None))
            writing.execute(
                update(makers.DbPerson).where(makers.DbPerson.id == asker.id).values(agency_id=people["S1"])
            )
    assert documents.make_waiting(MAKERS, lambda: CLOSED) == 0
    session.rollback()
    assert documents.get(session, made, asker).state is State.FAILED


def test_every_kind_has_its_maker() -> None:
    assert set(MAKERS) == set(Kind)

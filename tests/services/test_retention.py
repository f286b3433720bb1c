"""What is kept no longer: nothing before its time, everything after it, an entry of the log, and the outlook before."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quiz.models.attempts import DbAttempt
from quiz.models.audit import DbAuditEntry
from quiz.models.documents import DbDocument
from quiz.models.mail import DbLetter
from quiz.models.people import DbExemption, DbPerson, DbRegistration, DbRosterImport
from quiz.models.personal_data import DbErasure
from quiz.models.reviews import DbSignals, DbStrike
from quiz.permissions import Role
from quiz.personal_data import periods
from quiz.services import outbox, retention, transaction
from quiz.services.outbox import Letter
from tests import makers
from tests.services import appeals_scene
from tests.services import results_scene as scene

DAY = timedelta(days=1)
NOW = datetime(2025, 3, 1, 19, 30, tzinfo=UTC)  # 2:30 at night in Hải Phòng
TWO_YEARS_LATER = datetime(2026, 10, 18, 10, 0, tzinfo=UTC)
"""24 months after the last week of the contest closed."""


def run(now: datetime, codes: str = "DX") -> int:
    numbers = iter(range(1000))
    return retention.run(now, lambda: f"{codes}{now:%Y%m%d%H}{next(numbers)}")


def log(session: Session) -> list[dict[str, int]]:
    session.rollback()
    facts = session.scalars(select(DbAuditEntry.facts).where(DbAuditEntry.act == "delete_expired"))
    return [json.loads(text) for text in facts]


def count(session: Session, table: type) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(table)) or 0


def outlook(session: Session, now: datetime, words: str) -> tuple[int, datetime | None]:
    session.rollback()
    [found] = [one for one in retention.outlook(session, now) if words in one.words]
    return found.due, found.next_at


@pytest.mark.parametrize(("hour", "is_time"), [(18, False), (19, True), (20, False)])
def test_the_hour_is_that_after_two_at_night(hour: int, is_time: bool) -> None:
    assert retention.is_time(datetime(2025, 3, 1, hour, 15, tzinfo=UTC)) is is_time


def test_old_rows_go_on_their_day_and_not_before(session: Session) -> None:
    makers.load_contest()
    organiser = scene.add_organiser().id
    letter = Letter(
        key="k",
        kind=outbox.Kind.DIGEST,
        person_id=organiser or 0,
        address="a@example.vn",
        subject="s",
        text="t",
        html="",
        unsubscribe_url="https://x",
        expires_at=NOW,
    )
    with transaction() as writing:
        outbox.write(writing, [letter], "x.vn", NOW)
        writing.scalars(select(DbLetter)).one().state = outbox.State.SENT
        writing.add(DbRosterImport(filename="a", uploaded_by=organiser, uploaded_at=NOW, state="done", finished_at=NOW))
        writing.add(
            DbDocument(kind="certificate", facts="{}", asked_by=organiser, asked_at=NOW + DAY, state="forgotten")
        )
    for table, due, words in (
        (DbRosterImport, NOW + periods.ROSTER_FILES, "danh sách đã tải lên"),
        (DbLetter, NOW + periods.LETTERS, "gửi thư"),
        (DbDocument, NOW + DAY + periods.DOCUMENTS, "lập tài liệu"),
    ):
        assert outlook(session, due - DAY, words) == (0, due)
        run(due - timedelta(seconds=1))
        assert count(session, table) == 1
        assert outlook(session, due, words)[0] == 1
        run(due)
        assert count(session, table) == 0
    assert sum(entry["deleted"] for entry in log(session)) == 3


def test_a_letter_that_still_waits_is_never_deleted(session: Session) -> None:
    makers.load_contest()
    person = scene.add_organiser().id or 0
    letter = Letter(
        key="k",
        kind=outbox.Kind.DIGEST,
        person_id=person,
        address="a@example.vn",
        subject="s",
        text="t",
        html="",
        unsubscribe_url="https://x",
        expires_at=NOW,
    )
    with transaction() as writing:
        outbox.write(writing, [letter], "x.vn", NOW)
    assert run(NOW + 400 * DAY) == 0
    assert count(session, DbLetter) == 1


def test_texts_that_only_the_contest_needed_go_with_its_time(session: Session) -> None:
    people, codes, organiser = appeals_scene.lay_out()
    appeals_scene.publish(session, organiser)
    appeals_scene.answer([appeals_scene.send(people["A"], codes["A"])], organiser)
    week = makers.week(session).id
    with transaction() as writing:
        writing.add(DbExemption(person_id=people["B"], reason="Nằm viện", since=makers.BEFORE, until=scene.DAY))
        writing.add(DbSignals(week_id=week, marked_at=NOW, body='{"rates": {}, "people": {"1": []}}'))
        writing.add(
            DbStrike(
                week_id=week,
                person_id=people["B"],
                whole_contest=False,
                reason="Thi hộ",
                evidence="Camera",
                struck_by=organiser.id,
                struck_at=NOW,
            )
        )
    assert outlook(session, NOW, "phản ánh") == (0, TWO_YEARS_LATER)
    assert run(TWO_YEARS_LATER - timedelta(seconds=1)) == 0
    assert run(TWO_YEARS_LATER) == 4
    strike = session.execute(select(DbStrike.reason, DbStrike.evidence, DbStrike.undo_reason)).one()
    assert tuple(strike) == ("(đã xóa)", "(đã xóa)", "(đã xóa)")
    assert session.scalars(select(DbExemption.reason)).one() == "(đã xóa)"
    assert session.scalars(select(DbSignals.body)).one() == '{"rates": {}, "people": {}}'
    assert run(TWO_YEARS_LATER + DAY) == 0, "once is enough"
    assert log(session) == [{"deleted": 4, "people": 0}]


def test_leavers_are_erased_after_a_year_unless_they_decided_something(session: Session) -> None:
    makers.load_contest()
    agency = makers.add_agency("H1")
    gone, still, decided = (
        makers.add_person("R-1", agency, "Lê Đã Đi", activated=False),
        makers.add_person("R-2", agency, "Lê Còn Đây", activated=False),
        makers.add_person("R-3", agency, "Lê Quyết Định", roles=[Role.ORGANISER], activated=False),
    )
    code = makers.sit(gone, scene.DAY)
    with transaction() as writing:
        for person in (gone, decided):
            writing.get_one(DbPerson, person).left_at = NOW
    due = NOW + periods.LEAVERS
    assert outlook(session, due - DAY, "rời danh sách") == (0, due)
    assert run(due - timedelta(seconds=1)) == 0
    assert run(due) == 0, "week 1 was never published, and the contest is kept for two years"
    assert run(TWO_YEARS_LATER) == 1
    names = dict(session.execute(select(DbPerson.id, DbPerson.name)).all())
    assert names == {gone: "Người đã xóa thông tin", still: "Lê Còn Đây", decided: "Lê Quyết Định"}
    assert session.get_one(DbErasure, gone).erased_by is None
    assert session.get_one(DbAttempt, code).person_id == gone
    assert run(TWO_YEARS_LATER + DAY) == 0
    assert log(session) == [{"deleted": 0, "people": 1}]


def test_people_who_registered_are_erased_with_their_contest(session: Session) -> None:
    makers.open_registration()
    person = makers.register(makers.add_agency("H1"))
    assert run(TWO_YEARS_LATER - timedelta(seconds=1)) == 0
    assert run(TWO_YEARS_LATER) == 1
    session.rollback()
    assert count(session, DbRegistration) == 0
    assert session.get_one(DbPerson, person).name == "Người đã xóa thông tin"


def test_a_few_people_at_a_time(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quiz.services.retention_people.AT_ONCE", 2)
    makers.load_contest()
    agency = makers.add_agency("H1")
    people = [makers.add_person(f"R-{n}", agency, activated=False) for n in range(3)]
    with transaction() as writing:
        for person in people:
            writing.get_one(DbPerson, person).left_at = NOW
    later = NOW + periods.LEAVERS
    assert [run(later, "A"), run(later, "B"), run(later, "C")] == [2, 1, 0]

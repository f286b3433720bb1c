"""An uploaded roster from waiting to done: each step once, whoever and however many work on it."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from quiz.errors import Refused
from quiz.models import db
from quiz.models.audit import DbAuditEntry
from quiz.models.people import DbAgency, DbPerson, DbRosterImport
from quiz.services import Actor, roster, roster_file, roster_imports, transaction
from quiz.services.roster_imports import RosterImport, State

NOW = datetime(2024, 9, 30, 2, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
TITLES = "Mã cán bộ;Họ và tên;Mã cơ quan"
GOOD = f"{TITLES}\nBTC1;Ban Tổ Chức;H1\nA1;Lê Văn Tám;H1\n".encode()
FAULTY = f"{TITLES}\nA1;;H1\n".encode()


@pytest.fixture
def organiser(session: Session) -> Actor:
    """Somebody on the roster who may upload."""
    with transaction() as writing:
        agency = DbAgency(code="H1", name="Sở Nội vụ", sort_key="x", kind="city")
        writing.add(agency)
        writing.flush()
        person = DbPerson(
            staff_code="BTC1", name="Ban Tổ Chức", name_key="x", agency_id=agency.id, listed_at=NOW - timedelta(days=1)
        )
        writing.add(person)
        writing.flush()
    return Actor(person.id)


def upload(organiser: Actor, data: bytes = GOOD, filename: str = "ds.csv") -> int:
    """Upload as the page does."""
    with transaction(organiser) as session:
        return roster_imports.upload(session, filename, data, organiser, NOW)


def confirm(organiser: Actor, import_id: int, shown: str | None = None) -> None:
    """Confirm as the page does, by default what it shows now."""
    with transaction(organiser) as session:
        digest = shown or roster_imports.get(session, import_id).report.digest
        roster_imports.confirm(session, import_id, digest, organiser, NOW)


def seen(session: Session, import_id: int) -> RosterImport:
    """The import as the page shows it now."""
    session.rollback()
    return roster_imports.get(session, import_id)


def content(session: Session, import_id: int) -> bytes | None:
    """The bytes still kept."""
    session.rollback()
    return session.scalar(select(DbRosterImport.content).where(DbRosterImport.id == import_id))


def acts(session: Session) -> list[str]:
    """What the audit log says, oldest first."""
    session.rollback()
    return list(session.scalars(select(DbAuditEntry.act).order_by(DbAuditEntry.id)))


def test_a_file_is_read_shown_confirmed_and_applied(session: Session, organiser: Actor) -> None:
    import_id = upload(organiser)
    assert seen(session, import_id).state is State.WAITING
    assert roster_imports.read_waiting(NOW) == 1
    shown = seen(session, import_id)
    assert (shown.state, shown.uploader, shown.report.added.count) == (State.READY, "Ban Tổ Chức", 1)
    assert [(line.code, line.name, line.words) for line in shown.report.added.first] == [("A1", "Lê Văn Tám", "H1")]
    confirm(organiser, import_id)
    assert seen(session, import_id).state is State.APPLYING
    assert roster_imports.apply_confirmed(LATER) == 1
    done = seen(session, import_id)
    assert (done.state, done.finished_at, content(session, import_id)) == (State.DONE, LATER, None)
    assert (done.done, done.total) == (0 if db.engine.dialect.name == "sqlite" else 1, 1)
    assert session.scalar(select(DbPerson.listed_at).where(DbPerson.staff_code == "A1")) == LATER
    assert acts(session) == ["upload_roster", "confirm_roster", "import_roster"]
    actors = session.scalars(select(DbAuditEntry.actor_id).distinct()).all()
    assert actors == [organiser.id]


def test_every_step_done_twice_is_done_once(session: Session, organiser: Actor) -> None:
    import_id = upload(organiser)
    assert (roster_imports.read_waiting(NOW), roster_imports.read_waiting(NOW)) == (1, 0)
    confirm(organiser, import_id)
    with pytest.raises(Refused) as refusal:
        confirm(organiser, import_id)
    assert refusal.value.code == "roster_import_moved_on"
    assert (roster_imports.apply_confirmed(LATER), roster_imports.apply_confirmed(LATER)) == (1, 0)
    assert acts(session).count("import_roster") == 1


def test_a_faulty_file_says_why_and_is_not_kept(session: Session, organiser: Actor) -> None:
    import_id = upload(organiser, FAULTY)
    roster_imports.read_waiting(NOW)
    shown = seen(session, import_id)
    assert (shown.state, content(session, import_id)) == (State.FAULTY, None)
    assert [str(fault) for fault in shown.report.faults] == [
        "dòng 2, cột “Họ và tên”: để trống; hãy ghi đủ, hoặc xóa cả dòng"
    ]
    with pytest.raises(Refused) as refusal:
        confirm(organiser, import_id, "anything")
    assert refusal.value.code == "roster_import_moved_on"


def test_a_file_that_is_no_roster_is_faulty_too(session: Session, organiser: Actor) -> None:
    import_id = upload(organiser, b"a;b\n1;2\n")
    roster_imports.read_waiting(NOW)
    shown = seen(session, import_id)
    assert (shown.state, shown.report.fault_count) == (State.FAULTY, 1)


@pytest.mark.parametrize(("data", "filename"), [(b"", "a.csv"), (b"x", "a.pdf"), (b"x", "a.xlsx")])
def test_what_can_be_seen_at_once_is_refused_at_upload(
    session: Session, organiser: Actor, data: bytes, filename: str
) -> None:
    with pytest.raises(Refused) as refusal:
        upload(organiser, data, filename)
    assert refusal.value.code == "roster_file_refused"
    assert session.scalar(select(func.count()).select_from(DbRosterImport)) == 0


def test_file_names_are_made_harmless(session: Session, organiser: Actor) -> None:
    import_id = upload(organiser, filename="..\\..\\tmp/Danh\x1b sách " + "x" * 300 + ".csv")
    name = seen(session, import_id).filename
    assert name.startswith("Danh sách")
    assert name.endswith("x.csv")
    assert len(name) <= 200


def test_a_dropped_file_is_gone(session: Session, organiser: Actor) -> None:
    import_id = upload(organiser)
    roster_imports.read_waiting(NOW)
    with transaction(organiser) as writing:
        roster_imports.drop(writing, import_id, organiser, LATER)
    assert (seen(session, import_id).state, content(session, import_id)) == (State.DROPPED, None)
    with pytest.raises(Refused) as refusal, transaction(organiser) as writing:
        roster_imports.drop(writing, import_id, organiser, LATER)
    assert refusal.value.code == "roster_import_moved_on"
    assert acts(session) == ["upload_roster", "drop_roster"]


def test_only_what_was_shown_can_be_confirmed(session: Session, organiser: Actor) -> None:
    import_id = upload(organiser)
    roster_imports.read_waiting(NOW)
    with pytest.raises(Refused) as refusal:
        confirm(organiser, import_id, "what an older page showed")
    assert refusal.value.code == "roster_changed"
    assert seen(session, import_id).state is State.READY


def test_a_roster_that_changed_meanwhile_brings_a_new_dry_run(session: Session, organiser: Actor) -> None:
    import_id = upload(organiser)
    roster_imports.read_waiting(NOW)
    confirm(organiser, import_id)
    with transaction() as writing:
        writing.execute(update(DbPerson).where(DbPerson.staff_code == "BTC1").values(name="Tên Khác"))
    assert roster_imports.apply_confirmed(LATER) == 0
    assert seen(session, import_id).state is State.WAITING
    roster_imports.read_waiting(LATER)
    shown = seen(session, import_id)
    assert (shown.state, shown.report.again, shown.report.changed.count) == (State.READY, True, 1)
    confirm(organiser, import_id)
    assert roster_imports.apply_confirmed(LATER) == 1


def test_a_worker_that_dies_half_way_leaves_the_work_for_another(
    session: Session, organiser: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_id = upload(organiser)
    roster_imports.read_waiting(NOW)
    confirm(organiser, import_id)

    def die(*_args: object, **_facts: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(roster.audit, "record", die)
        with pytest.raises(SystemExit):
            roster_imports.apply_confirmed(NOW)
    assert session.scalar(select(func.count()).select_from(DbPerson)) == 1
    assert seen(session, import_id).state is State.APPLYING
    assert roster_imports.apply_confirmed(LATER) == 1


def test_three_workers_at_once_apply_once(app: Flask, session: Session, organiser: Actor) -> None:
    import_id = upload(organiser)
    start, counts = threading.Barrier(3), list[int]()

    def work() -> None:
        with app.app_context():
            start.wait()
            try:
                counts.append(roster_imports.read_waiting(NOW))
            except OperationalError:  # SQLite: another worker is writing; the next tick tries again
                counts.append(0)
            finally:
                db.session.remove()

    def apply() -> None:
        with app.app_context():
            start.wait()
            try:
                counts.append(roster_imports.apply_confirmed(LATER))
            finally:
                db.session.remove()

    for target, after in ((work, State.READY), (apply, State.DONE)):
        counts.clear()
        threads = [threading.Thread(target=target) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sum(counts) == 1
        assert seen(session, import_id).state is after
        if after is State.READY:
            confirm(organiser, import_id)
    assert acts(session).count("import_roster") == 1


def test_progress_is_kept_while_reading(session: Session, organiser: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roster_file, "STEP", 1)
    import_id = upload(organiser)
    told: list[tuple[int, int]] = []
    tell = roster_imports._tell
    monkeypatch.setattr(roster_imports, "_tell", lambda *facts: (tell(*facts), told.append(facts[1:])))
    roster_imports.read_waiting(NOW)
    assert told == [(1, 3), (2, 3)]
    shown = seen(session, import_id)
    assert (shown.done, shown.total, shown.percent) == (2, 3, 66)


def test_a_report_keeps_the_first_hundred_and_the_count_of_all(session: Session, organiser: Actor) -> None:
    rows = "".join(f"C{number};Lê Văn Tám;H1\n" for number in range(250))
    import_id = upload(organiser, f"{TITLES}\n{rows}".encode())
    roster_imports.read_waiting(NOW)
    report = seen(session, import_id).report
    assert (report.added.count, len(report.added.first)) == (250, 100)
    assert (report.leaving.count, report.leaving.first[0].name) == (1, "Ban Tổ Chức")
    assert len(json.dumps(report.digest)) == 66


def test_an_unknown_import_is_missing(session: Session) -> None:
    with pytest.raises(Refused) as refusal:
        roster_imports.get(session, 99)
    assert refusal.value.code == "roster_import_missing"


def test_imports_are_listed_newest_first(session: Session, organiser: Actor) -> None:
    upload(organiser)
    upload(organiser, filename="b.csv")
    assert [each.filename for each in roster_imports.latest(session)] == ["b.csv", "ds.csv"]

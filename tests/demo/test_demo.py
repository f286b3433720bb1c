"""The demo: the contest of 2024 moved to today, made-up people that are always the same, never on real data."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from quiz.app import create_app
from quiz.cli import upgrade_database
from quiz.config import ROOT, Config
from quiz.contest.schedule import Phase, problems_before_opening
from quiz.contest.schedule_files import parse_contest
from quiz.demo import load, people
from quiz.errors import Refused
from quiz.key_file import KeyFile
from quiz.models import Base, db
from quiz.models.attempts import DbAttempt
from quiz.models.audit import DbAuditEntry
from quiz.models.contests import DbBarred, DbContest, DbInstallation, DbWeek
from quiz.models.people import DbAgency, DbPerson, DbRoleGrant
from quiz.permissions import Role
from quiz.questions.bank_file import parse_bank
from quiz.services import (
    accounts,
    bundles,
    commitment_making,
    contests,
    passwords,
    publishing,
    results,
    sealing,
    transaction,
    turnout,
)
from tests import makers
from tests.conftest import SECRET

NOW = datetime(2026, 11, 18, 3, 0, tzinfo=UTC)
MOMENTS = {
    "Wednesday morning": NOW,
    "late evening in UTC, next day in Hải Phòng": datetime(2026, 11, 18, 22, 30, tzinfo=UTC),
    "last millisecond of a local day": datetime(2026, 11, 18, 16, 59, 59, 999_000, tzinfo=UTC),
    "midnight in Hải Phòng": datetime(2026, 11, 18, 17, 0, tzinfo=UTC),
    "Saturday": datetime(2026, 11, 21, 5, 0, tzinfo=UTC),
    "Sunday night": datetime(2026, 11, 22, 16, 0, tzinfo=UTC),
    "Monday just begun": datetime(2026, 11, 22, 17, 0, tzinfo=UTC),
    "end of February of a leap year": datetime(2028, 2, 29, 12, 0, tzinfo=UTC),
    "New Year": datetime(2026, 12, 31, 18, 0, tzinfo=UTC),
}
SIZES = {"SNV": 6, "BTDKT": 4, "SCT": 8, "SYT": 6, "BVVT": 8, "STTTT": 4, "TTTP": 4, "TAND": 8}


@pytest.mark.parametrize("when", MOMENTS)
def test_week_3_is_open_whenever_the_demo_is_made(when: str) -> None:
    rules = parse_contest(load.moved_to(MOMENTS[when]))
    assert [week.phase_at(MOMENTS[when]) for week in rules.weeks] == [
        Phase.CLOSED,
        Phase.CLOSED,
        Phase.OPEN,
        Phase.TO_COME,
    ]
    opened = MOMENTS[when] - rules.weeks[2].opens_at
    assert timedelta(days=2) <= opened < timedelta(days=3)


def test_the_moved_contest_is_that_of_2024_but_for_its_days() -> None:
    original = (ROOT / "schedules" / "hai-phong-2024.yaml").read_bytes()
    moved = load.moved_to(datetime(2024, 10, 23, 5, 0, tzinfo=UTC))
    assert moved.replace(b"\n    paper: {bank: tuan-1-2}", b"") == original
    before, after = parse_contest(original), parse_contest(load.moved_to(NOW))
    lengths = [[(w.closes_at - w.opens_at, w.opens_at.time()) for w in rules.weeks] for rules in (before, after)]
    assert lengths[0] == lengths[1]
    assert (before.title, before.paper, before.prizes, before.barred) == (
        after.title,
        after.paper,
        after.prizes,
        after.barred,
    )


@pytest.mark.parametrize("when", MOMENTS)
def test_the_bank_fills_the_papers_whenever_the_demo_is_made(when: str) -> None:
    loaded = {name: parse_bank(source) for name, source in load.banks().items()}
    assert problems_before_opening(parse_contest(load.moved_to(MOMENTS[when])), loaded) == ()


# People


def test_the_people_are_always_the_same_and_all_different() -> None:
    made, again = list(people.people()), list(people.people())
    assert made == again
    assert [person.number for person in made] == list(range(1, len(made) + 1))
    for unique in (lambda p: p.staff_code, lambda p: p.email):
        assert len({unique(person) for person in made}) == len(made)
    assert (made[0].staff_code, made[0].name, made[0].position) == ("HP00001", "Lưu Thị Mai", "Thủ trưởng cơ quan")


def test_the_people_fill_the_agencies_as_the_list_says() -> None:
    wanted = {row["Mã cơ quan"]: int(row["people"]) for row in people.agency_rows()}
    made = dict.fromkeys(wanted, 0)
    for person in people.people():
        made[person.agency_code] += 1
    assert made == wanted
    assert len({row["Tên cơ quan"] for row in people.agency_rows()}) == len(wanted)
    parents = {row["Mã cơ quan cấp trên"] for row in people.agency_rows()}
    assert parents <= {*wanted, ""}


def test_the_sign_ins_are_people_of_their_agencies_three_of_whom_can_decide_together() -> None:
    agencies = {person.staff_code: person.agency_code for person in people.people()}
    assert [(agencies[account.staff_code], account.role) for account in load.sign_ins()] == [
        ("SCT", Role.PARTICIPANT),
        ("SYT", Role.COORDINATOR),
        ("SNV", Role.ORGANISER),
        ("SNV", Role.ORGANISER),
        ("SNV", Role.ORGANISER),
        ("TTTP", Role.INSPECTOR),
        ("STTTT", Role.ADMIN),
    ]


def test_those_barred_belong_to_groups_of_the_contest() -> None:
    groups = {group.code for group in parse_contest(load.moved_to(NOW)).barred}
    barred = [person.barred for person in people.people() if person.barred]
    assert len(barred) == 6
    assert set(barred) <= groups


# The whole demo, on a few agencies


@pytest.fixture(scope="module")
def small_agencies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A few agencies with a few people each, in the place of all."""
    rows = [
        row | {"people": str(SIZES[row["Mã cơ quan"]])} for row in people.agency_rows() if row["Mã cơ quan"] in SIZES
    ]
    path = tmp_path_factory.mktemp("demo") / "agencies.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(people, "AGENCIES", path)
        yield


def make_app(folder: Path) -> Flask:
    """An application on a new SQLite file."""
    app = create_app(Config(database_url=f"sqlite:///{folder / 'demo.sqlite3'}", secret_key=SECRET, testing=True))
    with app.app_context():
        upgrade_database()
    return app


@pytest.fixture(scope="module")
def demo(small_agencies: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The demo as it stands at NOW; tests only read it."""
    app = make_app(tmp_path_factory.mktemp("demo"))
    with app.app_context():
        sealer = KeyFile(tmp_path_factory.mktemp("key") / "seal-key")
        app.config["SEALER"] = sealer
        app.config["DEMO_UNTIL"] = load.load(NOW, sealer, lambda *_: None)
        db.session.remove()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def context(demo: Flask) -> Iterator[None]:
    """A look into the demo."""
    with demo.app_context():
        yield
        db.session.remove()


def count(table: type[Base]) -> int:
    """How many rows a table has."""
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_the_demo_has_the_agencies_and_people(context: None) -> None:
    assert (count(DbAgency), count(DbPerson)) == (len(SIZES), sum(SIZES.values()))
    assert db.session.scalars(select(DbInstallation.kind)).all() == ["demo"]
    parent = db.session.scalars(
        select(DbAgency.code).where(
            DbAgency.id == select(DbAgency.parent_id).where(DbAgency.code == "BVVT").scalar_subquery()
        )
    ).one()
    assert parent == "SYT"


def test_two_weeks_are_published_and_the_third_is_under_way(context: None) -> None:
    session = db.session()
    contest = contests.get_current(session)
    found = [publishing.find_latest(session, contest, number) for number in (1, 2, 3, 4)]
    assert [made.number if made else None for made in found] == [1, 1, None, None]
    attempts = dict.fromkeys((1, 2, 3, 4), 0)
    for week in contests.weeks(session, contest):
        attempts[week.week.number] = results.count_attempts(session, week)
    assert [made and made.attempts for made in found] == [attempts[1], attempts[2], None, None]
    assert [number for number, some in attempts.items() if some] == [1, 2, 3]
    assert [week.marked_at is not None for week in contests.weeks(session, contest)] == [True, True, False, False]


def test_the_winners_are_six_different_people_who_may_win(context: None) -> None:
    session = db.session()
    contest = contests.get_current(session)
    barred = set(session.scalars(select(DbBarred.person_id))) | set(session.scalars(select(DbRoleGrant.person_id)))
    for number in (1, 2):
        winners = results.provisional(session, contests.get_week(session, contest, number)).winners
        assert [winner.prize for winner in winners] == ["Giải Nhất", *["Giải Nhì"] * 2, *["Giải Ba"] * 3]
        ids = {winner.ranked.standing.result.person for winner in winners}
        assert (len(ids), ids & barred) == (6, set())
        published = publishing.find_latest(session, contest, number)
        assert published is not None
        assert [w.name for w in published.winners] == [winner.ranked.name for winner in winners]


def test_nobody_sat_in_the_future_or_outside_a_week(context: None) -> None:
    rows = db.session.execute(
        select(DbAttempt.started_at, DbAttempt.handed_in_at, DbWeek.opens_at, DbWeek.closes_at).join(
            DbWeek, DbWeek.id == DbAttempt.week_id
        )
    ).all()
    assert len(rows) > sum(SIZES.values()) / 2
    assert [row for row in rows if not row.opens_at <= row.started_at < min(row.closes_at, NOW)] == []
    assert [row for row in rows if row.handed_in_at and row.handed_in_at > min(row.closes_at, NOW)] == []


def test_the_figures_of_the_demo_are_possible_and_differ(context: None) -> None:
    session = db.session()
    rows = turnout.over_contest(session, contests.weeks(session, contests.get_current(session)), NOW)
    assert {row.code: row.own.headcount for row in rows} == SIZES
    assert len({row.turnout.rate for row in rows}) > 2


def test_every_sign_in_works_and_has_its_role(context: None) -> None:
    session = db.session()
    for account in load.sign_ins():
        candidate = accounts.find_candidate(session, account.staff_code, "192.0.2.1", NOW)
        assert passwords.is_right(load.PASSWORD, candidate.password_hash)
        person = accounts.find(session, candidate.person_id or 0)
        assert person is not None
        assert person.roles == {Role.PARTICIPANT, account.role}


def test_the_participant_shown_has_not_sat_the_open_week(context: None) -> None:
    shown = load.sign_ins()[0].staff_code
    sat = db.session.scalars(
        select(DbWeek.number)
        .join(DbAttempt, DbAttempt.week_id == DbWeek.id)
        .join(DbPerson, DbPerson.id == DbAttempt.person_id)
        .where(DbPerson.staff_code == shown)
    ).all()
    assert 3 not in sat


def test_everything_the_demo_did_is_in_the_log(context: None) -> None:
    acts = db.session.scalars(select(DbAuditEntry.act)).all()
    assert {act: acts.count(act) for act in set(acts)} == {
        "load_contest": 1,
        "load_bank": 2,
        "make_commitment": 3,
        "seal_keys": 1,
        "import_roster": 2,
        "grant_role": 6,
        "mark_week": 2,
        "publish_results": 2,
    }


def test_only_the_keys_of_the_open_week_are_sealed(context: None) -> None:
    session = db.session()
    weeks = contests.weeks(session, contests.get_current(session))
    assert [week.keys_sealed for week in weeks[:3]] == [False, False, True]


def test_all_that_ended_is_sealed_in_several_batches_the_last_of_closed_weeks_being_final(context: None) -> None:
    session = db.session()
    for week in contests.weeks(session, contests.get_current(session))[:3]:
        last, is_closed = sealing.newest(session, week.id), week.week.number < load.OPEN_WEEK
        assert last
        assert (last.is_final, last.number >= 2) == (is_closed, is_closed)
        left = sealing.unsealed(session, week.id)
        assert left == []


def test_the_closed_weeks_have_their_bundles_as_soon_as_the_scheduler_turns(demo: Flask, tmp_path: Path) -> None:
    copy = Config(database_url=f"sqlite:///{tmp_path / 'demo.sqlite3'}", secret_key=SECRET, testing=True)
    with demo.app_context():
        loaded = str(db.engine.url.database)
    with sqlite3.connect(loaded) as source, sqlite3.connect(tmp_path / "demo.sqlite3") as other:
        source.backup(other)
    with create_app(copy).app_context():
        with transaction() as session:
            commitment_making.open_secrets(session, demo.config["SEALER"], NOW)
        assert bundles.make_missing(lambda: NOW) == 2
        db.session.remove()
        db.engine.dispose()


def test_loading_tells_when_the_open_week_closes(demo: Flask, context: None) -> None:
    third = contests.get_current(db.session()).rules.weeks[2]
    assert demo.config["DEMO_UNTIL"] == third.closes_at > NOW


# Never on real data


@pytest.mark.parametrize("use", ["person", "contest"])
def test_the_demo_refuses_a_database_in_use(small_agencies: None, tmp_path: Path, use: str) -> None:
    app = make_app(tmp_path)
    with app.app_context():
        if use == "person":
            makers.add_person("A1", makers.add_agency(), activated=False)
        else:
            makers.load_contest()
        before = [count(table) for table in (DbPerson, DbContest, DbAttempt, DbAuditEntry)]
        with pytest.raises(Refused) as caught:
            load.load(NOW, makers.sealer(), lambda *_: None)
        assert caught.value.code == "not_a_demo"
        db.session.rollback()
        assert [count(table) for table in (DbPerson, DbContest, DbAttempt, DbAuditEntry)] == before
        assert count(DbInstallation) == 0
        db.session.remove()
        db.engine.dispose()

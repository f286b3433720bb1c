"""Participation: people and never attempts, over the denominators of the opening, so that no rate exceeds 100%."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

import pytest
from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from quiz.models import db
from quiz.models.attempts import DbAttempt
from quiz.models.contests import DbHeadcount, DbWeek
from quiz.models.decisions import DbIncident
from quiz.models.people import DbAgency, DbExemption, DbMembership, DbPerson, DbPersonGroup
from quiz.questions.numbers import ticket
from quiz.scoring.participation import Turnout
from quiz.services import attempts, contests, transaction, turnout
from quiz.services.contests import StoredWeek
from quiz.vietnamese import exact_percent
from tests import makers
from tests.kept import kept
from tests.web.scenes import statements

MS = timedelta(milliseconds=1)
MINUTE = timedelta(minutes=1)
DAY = makers.WEEK_1 + timedelta(hours=2)
DAY_2 = DAY + timedelta(days=7)
CLOSED = makers.WEEK_1_ENDS + MINUTE
CLOSED_2 = makers.WEEK_2_ENDS + MINUTE


@dataclass(frozen=True)
class Town:
    """H1 of the city with four people, H2 central with two; ids by code. The noise sits whenever it can."""

    agencies: dict[str, int]
    people: dict[str, int]


@pytest.fixture
@kept
def town(session: Session) -> Town:
    """Nobody has sat in week 1, except for the noise in H2."""
    makers.load_contest()
    agencies = {"H1": makers.add_agency("H1"), "H2": makers.add_agency("H2", kind="central")}
    names = {"A": "Trần Văn Ước", "B": "Lê Thị Ánh", "C": "Vũ Đức Ân", "D": "Bùi Thị Anh"}
    people = {code: makers.add_person(code, agencies["H1"], name, activated=code < "C") for code, name in names.items()}
    people |= {code: makers.add_person(code, agencies["H2"], activated=False) for code in ("NOISE", "QUIET")}
    makers.sit(people["NOISE"], makers.WEEK_1)
    makers.sit(people["NOISE"], makers.WEEK_2, number=2)
    return Town(agencies, people)


def figures(session: Session, now: datetime, number: int = 1) -> dict[str, tuple[int, int, int]]:
    """Headcount, exempt and people of each agency in one week."""
    session.rollback()
    rows = turnout.of_week(session, makers.week(session, number), now)
    return {row.code: (row.turnout.headcount, row.turnout.exempt, row.turnout.people) for row in rows}


def over_contest(session: Session, now: datetime) -> dict[str, tuple[int, int, int]]:
    """The same over the contest so far."""
    session.rollback()
    weeks = contests.weeks(session, contests.get_current(session))
    rows = turnout.over_contest(session, weeks, now)
    return {row.code: (row.turnout.headcount, row.turnout.exempt, row.turnout.people) for row in rows}


def exempt(person: int, since: datetime, until: datetime | None = None) -> None:
    """Put an exemption on record."""
    with transaction() as session:
        session.add(DbExemption(person_id=person, reason="Nghỉ thai sản", since=since, until=until))


def move(person: int, agency: int | None, now: datetime) -> None:
    """Move somebody to another agency, or out of all, as a roster does."""
    with transaction() as session:
        held = session.scalars(
            select(DbMembership).where(DbMembership.person_id == person, DbMembership.until.is_(None))
        ).one()
        held.until = now
        row = session.get_one(DbPerson, person)
        if agency is None:
            row.left_at = now
        else:
            row.agency_id = agency
            session.add(DbMembership(person_id=person, agency_id=agency, since=now))


def missing(session: Session, town: Town, *codes: str, now: datetime = CLOSED) -> list[str]:
    """The names of those missing in week 1 in these agencies, in the order shown."""
    session.rollback()
    ids = [town.agencies[code] for code in codes]
    return [person.name for person in turnout.missing_people(session, ids, makers.week(session), now)]


def test_people_are_counted_and_not_attempts(session: Session) -> None:
    makers.load_contest(makers.CONTEST + "attempts: {per_week: 3, counts: best}\n")
    agency = makers.add_agency("H1")
    first, _ = (makers.add_person(code, agency, activated=False) for code in "AB")
    for place in range(3):
        makers.sit(first, DAY + place * 20 * MINUTE, attempt_code=makers.code(place))
    assert figures(session, CLOSED) == {"H1": (2, 0, 1)}
    assert over_contest(session, CLOSED) == {"H1": (2, 0, 1)}


def test_an_attempt_counts_when_it_has_ended_whether_or_not_a_job_ran(session: Session, town: Town) -> None:
    with transaction() as writing:
        makers.start(writing, town.people["A"], makers.week(writing), DAY, makers.code(1))
    ends = DAY + timedelta(minutes=10, seconds=5)
    assert [figures(session, now)["H1"] for now in (DAY, ends, ends + MS)] == [(4, 0, 0), (4, 0, 0), (4, 0, 1)]
    with transaction() as writing:
        attempts.close_overdue(writing, ends + MS)
    assert figures(session, ends + MS)["H1"] == (4, 0, 1)


def test_a_week_counts_its_own_sittings_only(session: Session, town: Town) -> None:
    makers.sit(town.people["A"], DAY_2, number=2)
    assert figures(session, CLOSED_2, 1) == {"H1": (4, 0, 0), "H2": (2, 0, 1)}
    assert figures(session, CLOSED_2, 2) == {"H1": (4, 0, 1), "H2": (2, 0, 1)}


def test_over_the_contest_people_count_once_in_whichever_week(session: Session, town: Town) -> None:
    makers.sit(town.people["A"], DAY)
    makers.sit(town.people["A"], DAY_2, number=2)
    makers.sit(town.people["B"], DAY_2, number=2)
    assert over_contest(session, makers.BEFORE) == {}
    assert over_contest(session, CLOSED) == {"H1": (4, 0, 1), "H2": (2, 0, 1)}
    assert over_contest(session, CLOSED_2) == {"H1": (4, 0, 2), "H2": (2, 0, 1)}


def test_somebody_exempt_leaves_the_denominator_unless_they_take_part(session: Session, town: Town) -> None:
    exempt(town.people["A"], makers.BEFORE)
    assert figures(session, CLOSED)["H1"] == (4, 1, 0)
    makers.sit(town.people["A"], DAY)
    assert figures(session, CLOSED)["H1"] == (4, 0, 1)


def test_an_exemption_holds_if_it_holds_at_the_opening(session: Session, town: Town) -> None:
    exempt(town.people["A"], makers.BEFORE, makers.WEEK_1)  # ended at the very moment
    exempt(town.people["B"], makers.BEFORE, makers.WEEK_1 + MS)
    exempt(town.people["C"], makers.WEEK_1)
    exempt(town.people["C"], makers.BEFORE)  # twice on record is once
    exempt(town.people["D"], makers.WEEK_1 + MS)
    assert figures(session, CLOSED)["H1"] == (4, 2, 0)


def test_a_mover_counts_in_the_agency_at_the_opening(session: Session, town: Town) -> None:
    move(town.people["A"], town.agencies["H2"], makers.WEEK_1 + MS)
    makers.sit(town.people["A"], DAY)
    assert figures(session, CLOSED) == {"H1": (4, 0, 1), "H2": (2, 0, 1)}


def test_a_mover_counts_once_over_the_contest_where_the_last_opening_found_them(session: Session) -> None:
    makers.load_contest()
    agencies = [makers.add_agency(code) for code in ("H1", "H2")]
    people = [makers.add_person(f"P{place}", agencies[0], activated=False) for place in range(2)]
    makers.sit(people[0], DAY)
    move(people[0], agencies[1], CLOSED)
    with transaction() as writing:
        contests.freeze_due_weeks(writing, makers.WEEK_2)
    assert over_contest(session, CLOSED_2) == {"H1": (1, 0, 0), "H2": (1, 0, 1)}


def test_somebody_added_after_the_opening_is_not_counted_in_that_week(session: Session, town: Town) -> None:
    new = makers.add_person("NEW", town.agencies["H1"], now=makers.WEEK_1 + MS, activated=False)
    makers.sit(new, DAY)
    assert figures(session, CLOSED)["H1"] == (4, 0, 0)


def test_a_leaver_stays_counted_in_the_week_that_had_opened(session: Session, town: Town) -> None:
    makers.sit(town.people["A"], DAY)
    move(town.people["A"], None, DAY + timedelta(days=1))
    assert figures(session, CLOSED)["H1"] == (4, 0, 1)


def test_thresholds_and_the_number_missing_go_by_the_kind_of_agency(session: Session, town: Town) -> None:
    for code in "AB":
        makers.sit(town.people[code], DAY)
    rows = {row.code: row for row in turnout.of_week(session, makers.week(session), CLOSED)}
    told = {c: (str(r.threshold), str(r.turnout.rate), r.reaches, r.missing) for c, r in rows.items()}
    assert told == {"H1": ("7/10", "1/2", False, 1), "H2": ("1/2", "1/2", True, 0)}
    assert turnout.total(list(rows.values())) == Turnout(headcount=6, exempt=0, people=3)


def test_agencies_come_in_vietnamese_order(session: Session) -> None:
    makers.load_contest()
    for place, name in enumerate(["Ủy ban", "Đài", "Sở Y tế", "Dân vận", "Sở Nội vụ", "Ban Thi đua"]):
        makers.add_agency(f"H{place}", name)
    with transaction() as writing:
        contests.freeze_due_weeks(writing, makers.WEEK_1)
    names = [row.name for row in turnout.of_week(session, makers.week(session), CLOSED)]
    assert names == ["Ban Thi đua", "Dân vận", "Đài", "Sở Nội vụ", "Sở Y tế", "Ủy ban"]


# Agencies below agencies, thresholds by size, compulsory groups


def below(rules: str) -> str:
    """The usual contest with other rules of participation."""
    return makers.CONTEST.replace("  thresholds: {city: 70, central: 50}\n", rules)


SUM = "  thresholds: {city: [{below: 4, percent: 50}, {percent: 30}]}\n"


@pytest.fixture
def tree(session: Session) -> dict[str, int]:
    """Ủy ban with one person, Sở below it with two, Phòng below that with three; ids of agencies and people."""
    return plant(SUM)


def plant(rules: str) -> dict[str, int]:
    makers.load_contest(below(rules))
    ids = {"UB": makers.add_agency("UB", "Ủy ban")}
    ids["SO"] = makers.add_agency("SO", "Sở", parent="UB")
    ids["PH"] = makers.add_agency("PH", "Phòng", parent="SO")
    ids["KH"] = makers.add_agency("KH", "Khác")
    for size, code in ((1, "UB"), (2, "SO"), (3, "PH"), (1, "KH")):
        ids |= {f"{code}{n}": makers.add_person(f"{code}{n}", ids[code], activated=False) for n in range(size)}
    return ids


def told(rows: Sequence[turnout.AgencyTurnout]) -> dict[str, tuple[str, str, str]]:
    """Of each agency: own people and base, those it answers for, and the threshold."""
    return {
        row.code: (
            f"{row.own.people}/{row.own.base}",
            f"{row.turnout.people}/{row.turnout.base}",
            exact_percent(row.threshold),
        )
        for row in rows
    }


def test_an_agency_answers_for_all_below_it_and_the_total_counts_everybody_once(
    session: Session, tree: dict[str, int]
) -> None:
    for code in ("UB0", "PH0", "PH1"):
        makers.sit(tree[code], DAY)
    rows = turnout.of_week(session, makers.week(session), CLOSED)
    assert told(rows) == {
        "UB": ("1/1", "3/6", "30%"),
        "SO": ("0/2", "2/5", "30%"),
        "PH": ("2/3", "2/3", "50%"),
        "KH": ("0/1", "0/1", "50%"),
    }
    assert turnout.total(rows) == Turnout(headcount=7, exempt=0, people=3)
    assert {row.code: row.parent_id for row in rows} == {
        "UB": None,
        "SO": tree["UB"],
        "PH": tree["SO"],
        "KH": None,
    }


def test_over_the_contest_those_below_are_counted_once_too(session: Session, tree: dict[str, int]) -> None:
    makers.sit(tree["PH0"], DAY)
    makers.sit(tree["PH0"], DAY_2, number=2)
    makers.sit(tree["SO1"], DAY_2, number=2)
    rows = turnout.over_contest(session, contests.weeks(session, contests.get_current(session)), CLOSED_2)
    assert {code: figures[1] for code, figures in told(rows).items()} == {
        "UB": "2/6",
        "SO": "2/5",
        "PH": "1/3",
        "KH": "0/1",
    }


def test_agencies_stand_apart_where_the_rules_say_so(session: Session) -> None:
    ids = plant("  children: apart\n" + SUM)
    makers.sit(ids["PH0"], DAY)
    rows = turnout.of_week(session, makers.week(session), CLOSED)
    assert {code: figures[1:] for code, figures in told(rows).items()} == {
        "UB": ("0/1", "50%"),
        "SO": ("0/2", "50%"),
        "PH": ("1/3", "50%"),
        "KH": ("0/1", "50%"),
    }


def test_those_below_an_agency_that_came_later_count_above_it(session: Session, tree: dict[str, int]) -> None:
    with transaction() as writing:
        contests.freeze_due_weeks(writing, makers.WEEK_1)
    between = makers.add_agency("GIUA", "Chi cục", parent="UB")
    with transaction() as writing:
        writing.get_one(DbAgency, tree["SO"]).parent_id = between
    makers.sit(tree["PH0"], DAY)
    rows = told(turnout.of_week(session, makers.week(session), CLOSED))
    assert "GIUA" not in rows
    assert rows["UB"][1] == "1/6"


WITH_GROUPS = (
    SUM
    + """  groups:
    - {code: lanh-dao, name: Lãnh đạo, least: 1}
    - {code: mot-cua, name: Một cửa, percent: 100}
"""
)


def put_in_group(group: str, *people: int) -> None:
    with transaction() as session:
        session.add_all(DbPersonGroup(person_id=person, group_code=group) for person in people)


def of_groups(rows: Sequence[turnout.AgencyTurnout]) -> dict[str, list[str]]:
    """Of each agency, group by group: those taking part, the members, how many are missing."""
    return {row.code: [f"{one.took_part}/{one.members}-{one.missing}" for one in row.groups] for row in rows}


def test_compulsory_groups_are_counted_by_agency_with_those_below(session: Session) -> None:
    ids = plant(WITH_GROUPS)
    put_in_group("lanh-dao", ids["UB0"], ids["SO0"])
    put_in_group("mot-cua", ids["SO0"], ids["PH0"], ids["PH1"])
    put_in_group("nhom-khac", ids["KH0"])
    for code in ("SO0", "PH1", "PH2"):
        makers.sit(ids[code], DAY)
    rows = turnout.of_week(session, makers.week(session), CLOSED)
    assert of_groups(rows) == {
        "UB": ["1/2-0", "2/3-1"],
        "SO": ["1/1-0", "2/3-1"],
        "PH": ["0/0-0", "1/2-1"],
        "KH": ["0/0-0", "0/0-0"],
    }
    assert [one.group.name for one in rows[0].groups] == ["Lãnh đạo", "Một cửa"]


def test_compulsory_groups_over_the_contest_count_people_once(session: Session) -> None:
    ids = plant(WITH_GROUPS)
    put_in_group("mot-cua", ids["PH0"], ids["PH1"], ids["PH2"])
    makers.sit(ids["PH0"], DAY)
    makers.sit(ids["PH0"], DAY_2, number=2)
    makers.sit(ids["PH1"], DAY_2, number=2)
    rows = turnout.over_contest(session, contests.weeks(session, contests.get_current(session)), CLOSED_2)
    assert of_groups(rows)["PH"][1] == "2/3-1"


def test_somebody_exempt_is_no_member_of_a_group_unless_they_take_part(session: Session) -> None:
    ids = plant(WITH_GROUPS)
    put_in_group("mot-cua", ids["PH0"], ids["PH1"])
    exempt(ids["PH0"], makers.BEFORE)
    assert of_groups(turnout.of_week(session, frozen_week(), CLOSED))["PH"][1] == "0/1-1"
    makers.sit(ids["PH0"], DAY)
    assert of_groups(turnout.of_week(session, makers.week(session), CLOSED))["PH"][1] == "1/2-1"


def frozen_week() -> StoredWeek:
    with transaction() as writing:
        contests.freeze_due_weeks(writing, makers.WEEK_1)
        return makers.week(writing)


def test_without_groups_in_the_rules_nobody_is_held_to_any(session: Session, tree: dict[str, int]) -> None:
    put_in_group("mot-cua", tree["PH0"])
    assert {row.groups for row in turnout.of_week(session, frozen_week(), CLOSED)} == {()}
    assert {one.groups for one in turnout.missing_people(session, [tree["PH"]], frozen_week(), CLOSED)} == {()}


def test_the_missing_are_told_with_their_groups(session: Session) -> None:
    ids = plant(WITH_GROUPS)
    put_in_group("mot-cua", ids["PH0"], ids["PH1"])
    put_in_group("lanh-dao", ids["PH1"])
    missing = turnout.missing_people(session, [ids["PH"]], frozen_week(), CLOSED)
    assert {one.person_id: one.groups for one in missing} == {
        ids["PH0"]: ("Một cửa",),
        ids["PH1"]: ("Lãnh đạo", "Một cửa"),
        ids["PH2"]: (),
    }


def test_the_number_of_queries_does_not_grow_with_the_agencies(app: Flask) -> None:
    with app.app_context():
        plant(WITH_GROUPS)
        frozen_week()

    def sent() -> int:
        with statements(app) as noted, app.app_context():
            week = makers.week(db.session())
            assert turnout.of_week(db.session(), week, CLOSED)
            assert turnout.over_contest(db.session(), [week], CLOSED)
            return len(noted)

    few = sent()
    with app.app_context():
        for number in range(20):
            agency = makers.add_agency(f"A{number}", parent="SO")
            put_in_group("mot-cua", makers.add_person(f"P{number}", agency, activated=False))
        with transaction() as writing:
            writing.execute(delete(DbHeadcount))
            writing.execute(update(DbWeek).values(frozen_at=None))
        frozen_week()
        assert len(turnout.of_week(db.session(), makers.week(db.session()), CLOSED)) == 24
    assert sent() == few


# What does not count


def test_the_practice_round_never_counts(session: Session) -> None:
    practice = "practice: {opens: 2024-10-01 08:00, closes: 2024-10-04 17:00}\n"
    makers.load_contest(makers.CONTEST + practice)
    agency = makers.add_agency("H1")
    person, _ = (makers.add_person(code, agency, activated=False) for code in "AB")
    opened = makers.WEEK_1 - timedelta(days=6) + timedelta(hours=1)
    makers.sit(person, opened, number=0)
    contest = contests.get_current(session)
    assert turnout.of_week(session, makers.week(session, 0), opened + MINUTE) == ()
    assert turnout.over_contest(session, contests.rounds(session, contest), opened + MINUTE) == ()
    frozen_week()
    assert figures(session, CLOSED) == {"H1": (2, 0, 0)}
    rows = turnout.over_contest(session, contests.rounds(session, contest), CLOSED)
    assert [(row.code, row.turnout.people) for row in rows] == [("H1", 0)]


def test_an_attempt_set_aside_by_an_incident_does_not_count(session: Session, town: Town) -> None:
    set_aside = makers.sit(town.people["A"], DAY)
    makers.sit(town.people["B"], DAY)
    with transaction() as writing:
        incident = DbIncident(
            week_id=makers.week(writing).id,
            kind="resit",
            began_at=DAY,
            ended_at=DAY + MINUTE,
            decision_number="12/QĐ-BTC",
            reason="Mất điện",
            proposed_by=town.people["C"],
            proposed_at=CLOSED,
        )
        writing.add(incident)
        writing.flush()
        writing.get_one(DbAttempt, set_aside).annulled_by = incident.id
    assert figures(session, CLOSED)["H1"] == (4, 0, 1)
    assert "Trần Văn Ước" in missing(session, town, "H1")


# Who is missing


def test_the_missing_are_listed_by_given_name(session: Session, town: Town) -> None:
    assert missing(session, town, "H1") == ["Bùi Thị Anh", "Lê Thị Ánh", "Vũ Đức Ân", "Trần Văn Ước"]
    people = turnout.missing_people(session, [town.agencies["H1"]], makers.week(session), CLOSED)
    assert [person.is_activated for person in people] == [False, True, False, True]
    assert {(person.position, person.agency) for person in people} == {("Chuyên viên", "Cơ quan H1")}


def test_the_missing_are_those_of_the_agencies_asked_for(session: Session, town: Town) -> None:
    assert missing(session, town, "H2") == ["Nguyễn Thị Hương"]
    assert len(missing(session, town, "H1", "H2")) == 5
    assert missing(session, town) == []


@pytest.mark.parametrize(
    "excuse",
    [
        lambda person: makers.sit(person, DAY),
        lambda person: exempt(person, makers.BEFORE),
        lambda person: move(person, None, makers.WEEK_1 + MS),
        lambda person: move(person, None, makers.WEEK_1 - MS),
    ],
    ids=["sat", "exempt", "left", "left before"],
)
def test_nobody_is_missing_who_sat_is_exempt_or_has_left(
    session: Session, town: Town, excuse: Callable[[int], object]
) -> None:
    excuse(town.people["B"])
    assert missing(session, town, "H1") == ["Bùi Thị Anh", "Vũ Đức Ân", "Trần Văn Ước"]


def test_a_mover_is_missing_where_they_are_counted(session: Session, town: Town) -> None:
    move(town.people["A"], town.agencies["H2"], makers.WEEK_1 + MS)
    assert missing(session, town, "H1").count("Trần Văn Ước") == 1
    assert missing(session, town, "H2") == ["Nguyễn Thị Hương"]


def test_the_missing_and_those_counted_add_up_to_the_roster(session: Session, town: Town) -> None:
    makers.sit(town.people["A"], DAY)
    exempt(town.people["B"], makers.BEFORE)
    for code, (headcount, exempted, people) in figures(session, CLOSED).items():
        assert len(missing(session, town, code)) == headcount - exempted - people


# Whatever the roster


def test_no_rate_exceeds_one_whatever_happens_to_the_roster(session: Session) -> None:
    """Forty people who are listed, moved, exempted, taken off and sit at moments drawn from a seed."""
    makers.load_contest()
    agencies = [makers.add_agency(f"H{place}", headcount=place * 4 or None) for place in range(4)]

    def drawn(below: int, *about: object) -> int:
        return int.from_bytes(ticket(b"roster", *map(str, about))[:4]) % below

    def moment(*about: object) -> datetime:
        return makers.WEEK_1 - timedelta(days=7) + timedelta(hours=drawn(24 * 21, *about))

    with transaction() as writing:
        for place in range(40):
            person = DbPerson(
                staff_code=f"P{place}",
                name="Vũ An",
                name_key="",
                agency_id=agencies[drawn(4, "home", place)],
                listed_at=makers.BEFORE,
            )
            writing.add(person)
            writing.flush()
            joined, moved, left = sorted(moment(word, place) for word in ("one", "two", "three"))
            there = agencies[drawn(4, "next", place)]
            writing.add(DbMembership(person_id=person.id, agency_id=person.agency_id, since=joined, until=moved))
            until = left if drawn(3, "leaves", place) == 0 else None
            writing.add(DbMembership(person_id=person.id, agency_id=there, since=moved, until=until))
            if drawn(3, "exempt", place) == 0:
                writing.add(DbExemption(person_id=person.id, reason="", since=joined, until=None))
    with transaction() as writing:
        contests.freeze_due_weeks(writing, makers.WEEK_2_ENDS)
        for number, opens in ((1, makers.WEEK_1), (2, makers.WEEK_2)):
            for person_id in writing.scalars(select(DbPerson.id)):
                if drawn(3, "sits", number, person_id):
                    add_ended(writing, makers.week(writing, number).id, person_id, opens)
    for rows in (
        turnout.of_week(session, makers.week(session, 1), CLOSED_2),
        turnout.of_week(session, makers.week(session, 2), CLOSED_2),
        turnout.over_contest(session, contests.weeks(session, contests.get_current(session)), CLOSED_2),
    ):
        assert len(rows) == 4
        assert [row.code for row in rows if not 0 <= (row.turnout.rate or Fraction(0)) <= 1] == []
        assert 0 < turnout.total(rows).people <= session.query(DbPerson).count()
    assert session.query(DbAgency).count() == 4


def add_ended(session: Session, week_id: int, person_id: int, opens: datetime) -> None:
    """An attempt handed in, without drawing its paper."""
    session.add(
        DbAttempt(
            code=makers.code(1000 * week_id + person_id),
            week_id=week_id,
            person_id=person_id,
            number=1,
            questions=5,
            started_at=opens,
            deadline_at=opens + MINUTE,
            accept_until=opens + MINUTE,
            handed_in_at=opens + MINUTE,
            entry_id=person_id,
            registered_at=opens,
        )
    )


# Where people enter by themselves


def test_whoever_registers_while_the_week_is_open_counts_at_once_over_the_declared_total(session: Session) -> None:
    makers.open_registration()
    declared, silent = makers.add_agency("H1", headcount=10), makers.add_agency("H2")
    early, late = makers.register(declared, 1), makers.register(declared, 2, DAY)
    makers.sit(early, DAY + MINUTE)
    makers.sit(late, DAY + MINUTE)
    makers.sit(makers.register(silent, 3, DAY), DAY + MINUTE)
    makers.register(silent, 4, DAY + 20 * MINUTE)
    assert figures(session, DAY + 10 * MINUTE) == {"H1": (10, 0, 2), "H2": (1, 0, 1)}
    assert figures(session, CLOSED) == {"H1": (10, 0, 2), "H2": (2, 0, 1)}
    missing = turnout.missing_people(session, (declared, silent), makers.week(session), CLOSED)
    assert [each.agency for each in missing] == ["Cơ quan H2"]


def test_whoever_registers_after_the_week_changes_nothing_about_it(session: Session) -> None:
    makers.open_registration()
    agency = makers.add_agency("H1")
    makers.sit(makers.register(agency, 1, DAY), DAY + MINUTE)
    makers.register(agency, 2, CLOSED)
    assert figures(session, CLOSED_2) == {"H1": (1, 0, 1)}


def test_more_people_than_declared_make_no_impossible_rate(session: Session) -> None:
    makers.open_registration()
    agency = makers.add_agency("H1", headcount=1)
    for number in (1, 2, 3):
        makers.sit(makers.register(agency, number, DAY), DAY + MINUTE)
    assert figures(session, CLOSED) == {"H1": (3, 0, 3)}

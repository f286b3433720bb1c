"""Marking and ranking a closed week: once, the same however it came about, passing over those who may not win."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from quiz import jobs
from quiz.errors import Refused
from quiz.models.attempts import DbAttempt
from quiz.models.audit import DbAuditEntry
from quiz.models.contests import DbBarred, DbWeek
from quiz.models.people import DbPerson, DbRoleGrant
from quiz.models.results import DbStanding
from quiz.permissions import Role
from quiz.services import attempts, marking, results, transaction
from quiz.services.results import Provisional
from tests import makers

MS = timedelta(milliseconds=1)
MINUTE = timedelta(minutes=1)
GRACE = timedelta(seconds=5)
DAY = makers.WEEK_1 + timedelta(hours=2)
CLOSED = makers.WEEK_1_ENDS + GRACE + MS


@pytest.fixture
def people(session: Session) -> dict[str, int]:
    """Nine people of two agencies by their staff codes; the last sits in week 2 only, all right and fastest of all."""
    makers.load_contest()
    first, second = makers.add_agency("H1"), makers.add_agency("H2")
    made = {
        code: makers.add_person(code, second if code > "F" else first, f"Lê Thị {code}", activated=False)
        for code in "ABCDEFGHZ"
    }
    makers.sit(made["Z"], makers.WEEK_2, lasts=MS, number=2)
    return made


@pytest.fixture
def sat(people: dict[str, int]) -> dict[str, int]:
    """A week in which every step of the chain decides something; see `ORDER`."""
    sittings = {
        "A": (3 * MINUTE, 5, DAY),
        "B": (3 * MINUTE + 412 * MS, 5, DAY + MINUTE),  # same whole seconds as A, handed in later
        "C": (3 * MINUTE + timedelta(seconds=1), 5, DAY - MINUTE),
        "D": (MINUTE, 4, DAY),
        "E": (MINUTE, 4, DAY),  # equal to D in everything: the lot decides
        "F": (9 * MINUTE, 3, DAY),
        "G": (2 * MINUTE, 1, DAY),
        "H": (MS, 0, DAY),
    }
    for code, (lasts, right, begins) in sittings.items():
        makers.sit(people[code], begins, lasts, right)
    return people


ORDER = ("A", "B", "C", "D", "E", "F", "G", "H")


def mark(now: datetime = CLOSED) -> int:
    """Mark week 1 as an organiser does."""
    with transaction(makers.CONSOLE) as session:
        return marking.mark_week(session, makers.week(session), now, makers.CONSOLE)


def standings(session: Session, number: int = 1) -> list[tuple[int, int, str, str]]:
    """Place, rank, staff code and the step that decided, in order."""
    session.rollback()
    rows = session.execute(
        select(DbStanding.place, DbStanding.rank, DbPerson.staff_code, DbStanding.decided_by)
        .join(DbPerson, DbPerson.id == DbStanding.person_id)
        .where(DbStanding.week_id == makers.week(session, number).id)
        .order_by(DbStanding.place)
    )
    return [tuple(row) for row in rows]  # type: ignore[misc]


def shown(session: Session) -> Provisional:
    """What the organiser sees now."""
    session.rollback()
    return results.provisional(session, makers.week(session))


def winners(session: Session) -> list[tuple[str, int, str]]:
    """Prize, rank and the last letter of the name, which is the staff code."""
    return [(w.prize, w.ranked.standing.rank, w.ranked.name[-1]) for w in shown(session).winners]


def bar(person: int, session: Session, group: str = "ban-to-chuc") -> None:
    """Put somebody on the contest's barred list."""
    contest = makers.week(session).contest.id
    with transaction() as writing:
        writing.add(DbBarred(contest_id=contest, person_id=person, group_code=group))


def refused(act: Callable[[], object]) -> str:
    """The code of the refusal of an act that must be refused."""
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.code


def test_marking_before_the_week_and_its_grace_are_over_is_refused(session: Session, sat: dict[str, int]) -> None:
    for now in (DAY, makers.WEEK_1_ENDS - MS, makers.WEEK_1_ENDS, makers.WEEK_1_ENDS + GRACE):
        assert refused(lambda now=now: mark(now)) == "not_closed"
    assert refused(lambda: shown(session)) == "not_marked"
    assert standings(session) == []
    assert mark(CLOSED) == 8


def test_marking_counts_the_right_answers_of_the_week_only(session: Session, sat: dict[str, int]) -> None:
    mark()
    session.rollback()
    rows = session.execute(
        select(DbPerson.staff_code, DbAttempt.score).join(DbAttempt, DbAttempt.person_id == DbPerson.id)
    )
    assert {row.staff_code: row.score for row in rows} == {
        "A": 5,
        "B": 5,
        "C": 5,
        "D": 4,
        "E": 4,
        "F": 3,
        "G": 1,
        "H": 0,
        "Z": None,
    }


def test_ranking_goes_down_the_chain_and_says_what_decided(session: Session, sat: dict[str, int]) -> None:
    mark()
    found = standings(session)
    lots = tuple(code for _, _, code, _ in found[3:5])
    assert sorted(lots) == ["D", "E"]
    assert found == [
        (1, 1, "A", "hand_in_moment"),
        (2, 2, "B", "time_taken"),
        (3, 3, "C", "score"),
        (4, 4, lots[0], "lot"),
        (5, 4, lots[1], "score"),
        (6, 6, "F", "score"),
        (7, 7, "G", "score"),
        (8, 8, "H", ""),
    ]


def test_every_winner_can_say_why(session: Session, sat: dict[str, int]) -> None:
    mark()
    first = shown(session).winners[0]
    assert first.why == (
        "cùng 5/5 câu đúng và cùng 3 phút 00 giây, nộp bài sớm hơn hạng 2 "
        "(10:03:00,000 ngày 07/10 so với 10:04:00,412 ngày 07/10)"
    )
    assert first.why_in_public == "cùng 5/5 câu đúng và cùng 3 phút 00 giây, nộp bài sớm hơn hạng 2"


def test_prizes_go_to_the_first_six_and_never_to_nobody_right(session: Session, people: dict[str, int]) -> None:
    for place, code in enumerate("ABCD"):
        makers.sit(people[code], DAY, (place + 1) * MINUTE, right=5 - place)
    makers.sit(people["E"], DAY, right=0)
    mark()
    assert winners(session) == [
        ("Giải Nhất", 1, "A"),
        ("Giải Nhì", 2, "B"),
        ("Giải Nhì", 3, "C"),
        ("Giải Ba", 4, "D"),
    ]


def test_somebody_barred_after_sitting_is_struck_and_the_next_moves_up(session: Session, sat: dict[str, int]) -> None:
    mark()
    before = winners(session)
    bar(sat["B"], session)
    after = winners(session)
    assert [code for _, _, code in before] == [code for _, _, code, _ in standings(session)[:6]]
    assert [code for _, _, code in after] == [code for _, _, code, _ in standings(session)[:7] if code != "B"]
    assert after[:2] == [("Giải Nhất", 1, "A"), ("Giải Nhì", 3, "C")]
    top = {person.name[-1]: person.struck for person in shown(session).divisions[0].top}
    assert top == {code: "Thành viên Ban Tổ chức" if code == "B" else None for code in ORDER}
    assert shown(session).winners[0].why_in_public == (
        "cùng 5/5 câu đúng, làm bài nhanh hơn hạng 3 là 1 giây (3 phút 00 giây so với 3 phút 01 giây)"
    )


def test_somebody_who_became_staff_after_sitting_is_struck(session: Session, sat: dict[str, int]) -> None:
    mark()
    with transaction() as writing:
        writing.add(DbRoleGrant(person_id=sat["A"], role=Role.INSPECTOR))
        writing.add(DbRoleGrant(person_id=sat["B"], role=Role.COORDINATOR))
    assert winners(session)[0] == ("Giải Nhất", 2, "B")


def test_marking_twice_is_once(session: Session, sat: dict[str, int]) -> None:
    assert mark() == 8
    before = standings(session)
    with transaction() as writing:
        assert marking.mark_due_weeks(writing, CLOSED + MINUTE) == 0
        assert marking.mark_week(writing, makers.week(writing), CLOSED + MINUTE) == 0
    assert standings(session) == before
    assert session.scalars(select(DbAuditEntry.act)).all().count("mark_week") == 1
    assert makers.week(session).marked_at == CLOSED


def test_marking_by_the_job_at_any_time_equals_marking_on_demand(
    app: Flask, session: Session, sat: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    agency = session.get_one(DbPerson, sat["A"]).agency_id
    late = makers.add_person("Y", agency, "Lê Thị Y", activated=False)
    with transaction() as writing:  # left to run out; no job has ever run
        attempts.start(writing, late, makers.week(writing), DAY, makers.code(77))
    assert mark() == 9
    on_demand = standings(session)
    with transaction() as writing:
        writing.execute(delete(DbStanding))
        writing.get_one(DbWeek, makers.week(writing).id).marked_at = None
        row = writing.get_one(DbAttempt, makers.code(77))
        row.handed_in_at, row.ended_by = None, None
    monkeypatch.setattr("quiz.clock.now", lambda: makers.WEEK_2_ENDS + timedelta(days=30))
    for job in jobs.JOBS:
        job()
    assert standings(session) == on_demand
    assert [code for _, _, code, _ in on_demand].count("Y") == 1
    assert session.get_one(DbAttempt, makers.code(77)).handed_in_at == DAY + 10 * MINUTE


def test_a_week_that_nobody_sat_is_marked_and_has_no_winners(session: Session, people: dict[str, int]) -> None:
    assert mark() == 0
    assert (standings(session), winners(session), results.score_bands(session, makers.week(session), "")) == (
        [],
        [],
        {},
    )
    assert makers.week(session).marked_at == CLOSED


def test_a_week_due_is_marked_only_after_its_grace(session: Session, sat: dict[str, int]) -> None:
    for now, marked in (
        (makers.WEEK_1_ENDS + GRACE, 0),
        (CLOSED, 1),
        (CLOSED, 0),
        (makers.WEEK_2_ENDS + GRACE + MS, 1),
    ):
        with transaction() as writing:
            assert marking.mark_due_weeks(writing, now) == marked
    assert [code for _, _, code, _ in standings(session, 2)] == ["Z"]


def test_the_best_of_three_tries_counts_and_people_are_counted_once(session: Session) -> None:
    makers.load_contest(makers.CONTEST + "attempts: {per_week: 3, counts: best}\n")
    agency = makers.add_agency()
    for code, rights in (("A", (2, 5, 4)), ("B", (3,))):
        person = makers.add_person(code, agency, f"Lê Thị {code}", activated=False)
        for place, right in enumerate(rights):
            code_ = makers.code(10 * person + place)
            makers.sit(person, DAY + place * 20 * MINUTE, right=right, attempt_code=code_)
    assert mark() == 4
    assert [(place, code) for place, _, code, _ in standings(session)] == [(1, "A"), (2, "B")]
    week = makers.week(session)
    assert (results.count_attempts(session, week), results.count_ranked(session, week, "")) == (4, 2)
    assert results.score_bands(session, week, "") == {5: 1, 3: 1}


def test_bands_and_own_rank_add_up(session: Session, sat: dict[str, int]) -> None:
    week = makers.week(session)
    assert (results.score_bands(session, week, ""), results.standing_of(session, week, sat["A"])) == ({}, None)
    mark()
    week = makers.week(session)
    assert results.score_bands(session, week, "") == {5: 3, 4: 2, 3: 1, 1: 1, 0: 1}
    assert [results.standing_of(session, week, sat[code]) for code in "ACDEHZ"] == [
        (1, 8),
        (3, 8),
        (4, 8),
        (4, 8),
        (8, 8),
        None,
    ]


def test_the_grace_is_never_part_of_the_time_ranked(session: Session, people: dict[str, int]) -> None:
    makers.sit(people["A"], DAY, 10 * MINUTE + GRACE)
    makers.sit(people["B"], DAY - MINUTE, 10 * MINUTE)
    mark()
    assert [(rank, code, by) for _, rank, code, by in standings(session)] == [(1, "B", "hand_in_moment"), (2, "A", "")]
    times = [person.standing.result.time_taken for person in shown(session).divisions[0].top]
    assert times == [10 * MINUTE] * 2


def test_marking_tells_how_far_it_is(session: Session, sat: dict[str, int]) -> None:
    told: list[tuple[int, int]] = []
    with transaction() as writing:
        marking.mark_week(
            writing, makers.week(writing), CLOSED, progress=lambda done, total: told.append((done, total))
        )
    assert told[-1] == (8, 8)
